/*
 * lockcases.c: locks, by one thread that nobody disturbs, and by several that all want one.
 *
 * Where several do, each counts under the lock and does a little beside it: what is measured is how much gets done, which
 * depends on who sleeps and who is woken, so it varies much more than anything else here.
 */
#include <pthread.h>

#include "bench.h"
#include "locks.h"

enum { ALONE = 10000, TOGETHER = 20000, PASSES = 4000, CROWD_MAX = 4, BESIDE = 20 };

static uint64_t counted;

/* --- alone --- */

bool section_alone(struct bench *b)
{
    MEASURE(b, ALONE)
    {
        enter_section();
        counted++;
        leave_section();
    }
    return true;
}

bool slim_alone(struct bench *b)
{
    MEASURE(b, ALONE)
    {
        have_alone();
        counted++;
        had_alone();
    }
    return true;
}

bool shared_alone(struct bench *b)
{
    MEASURE(b, ALONE)
    {
        read_begin();
        read_end();
    }
    return true;
}

bool exclusive_alone(struct bench *b)
{
    MEASURE(b, ALONE)
    {
        write_begin();
        counted++;
        write_end();
    }
    return true;
}

bool wake_nobody(struct bench *b)
{
    MEASURE(b, ALONE)
    wake_for_turn();
    return true;
}

bool once_done(struct bench *b)
{
    do_once();
    MEASURE(b, ALONE)
    do_once();
    return true;
}

/* --- together --- */

static void beside(void)
{
    for (volatile int i = 0; i < BESIDE; i++)
        ;
}

static void section_often(void *unused, size_t count)
{
    (void)unused;
    for (size_t i = 0; i < count; i++) {
        enter_section();
        counted++;
        leave_section();
        beside();
    }
}

static void slim_often(void *unused, size_t count)
{
    (void)unused;
    for (size_t i = 0; i < count; i++) {
        have_alone();
        counted++;
        had_alone();
        beside();
    }
}

static void shared_often(void *unused, size_t count)
{
    (void)unused;
    for (size_t i = 0; i < count; i++) {
        read_begin();
        read_end();
        beside();
    }
}

static void mixed_often(void *unused, size_t count)
{
    (void)unused;
    for (size_t i = 0; i < count; i++) {
        if (i % 10 == 0) {
            write_begin();
            counted++;
            write_end();
        } else {
            read_begin();
            read_end();
        }
        beside();
    }
}

static pthread_barrier_t start_line;
static bench_work *crowd_work;

static void *one_of_them(void *unused)
{
    pthread_barrier_wait(&start_line);
    crowd_work(unused, TOGETHER);
    return unused;
}

/* So many threads at once; per operation of any of them. */
static bool crowd(struct bench *b, unsigned threads, bench_work *work)
{
    pthread_t others[CROWD_MAX];

    crowd_work = work;
    while (bench_next(b, threads * (size_t)TOGETHER)) {
        pthread_barrier_init(&start_line, NULL, threads);
        for (unsigned i = 1; i < threads; i++)
            if (pthread_create(&others[i], NULL, one_of_them, NULL) != 0)
                return false;
        one_of_them(NULL);
        for (unsigned i = 1; i < threads; i++)
            pthread_join(others[i], NULL);
        pthread_barrier_destroy(&start_line);
    }
    return true;
}

bool section_2(struct bench *b)
{
    return crowd(b, 2, section_often);
}

bool section_4(struct bench *b)
{
    return crowd(b, 4, section_often);
}

bool slim_2(struct bench *b)
{
    return crowd(b, 2, slim_often);
}

bool slim_4(struct bench *b)
{
    return crowd(b, 4, slim_often);
}

bool shared_2(struct bench *b)
{
    return crowd(b, 2, shared_often);
}

bool shared_4(struct bench *b)
{
    return crowd(b, 4, shared_often);
}

bool mixed_2(struct bench *b)
{
    return crowd(b, 2, mixed_often);
}

bool mixed_4(struct bench *b)
{
    return crowd(b, 4, mixed_often);
}

/* --- to and fro --- */

static uint32_t turn_of[16]; /* a line of its own */

static void pass_by_condition(void *mine, size_t count)
{
    uint32_t me = mine != NULL;

    for (size_t i = 0; i < count; i++) {
        have_alone();
        while (turn_of[0] != me)
            sleep_for_turn();
        turn_of[0] = !me;
        had_alone();
        wake_for_turn();
    }
}

bool condition_pass(struct bench *b)
{
    return bench_pair(b, PASSES, pass_by_condition, NULL, turn_of);
}

static void pass_by_word(void *mine, size_t count)
{
    uint32_t me = mine != NULL;

    for (size_t i = 0; i < count; i++) {
        while (__atomic_load_n(&turn_of[0], __ATOMIC_SEQ_CST) != me)
            sleep_while(&turn_of[0], !me);
        __atomic_store_n(&turn_of[0], !me, __ATOMIC_SEQ_CST);
        wake_word(&turn_of[0]);
    }
}

bool address_pass(struct bench *b)
{
    return bench_pair(b, PASSES, pass_by_word, NULL, turn_of);
}
