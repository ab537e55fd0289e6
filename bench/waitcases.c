/*
 * waitcases.c: events, mutexes and semaphores that nobody else wants, and an event by which two threads take turns.
 *
 * Before there has been a second thread libc leaves the atomic instructions out; nobody makes an event then. So there has
 * been one in either program.
 */
#include <pthread.h>

#include "bench.h"
#include "waits.h"

enum { ALONE = 10000, PASSES = 4000 };

static void *do_nothing(void *unused)
{
    return unused;
}

static bool make(void)
{
    pthread_t second;

    make_waits();
    return pthread_create(&second, NULL, do_nothing, NULL) == 0 && pthread_join(second, NULL) == 0;
}

bool event_alone(struct bench *b)
{
    if (!make())
        return false;
    MEASURE(b, ALONE)
    {
        set_event(0);
        wait_event(0);
    }
    return true;
}

bool mutex_alone(struct bench *b)
{
    if (!make())
        return false;
    MEASURE(b, ALONE)
    {
        take_mutex();
        give_mutex();
    }
    return true;
}

bool semaphore_alone(struct bench *b)
{
    if (!make())
        return false;
    MEASURE(b, ALONE)
    {
        give_one();
        take_one();
    }
    return true;
}

static void pass_by_event(void *mine, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (mine != NULL)
            wait_event(1);
        set_event(mine == NULL);
        if (mine == NULL)
            wait_event(0);
    }
}

bool event_pass(struct bench *b)
{
    static int there;

    make_waits();
    return bench_pair(b, PASSES, pass_by_event, NULL, &there);
}
