/* Spare slots that threads keep (store.h): nobody has another one's, and none are lost with a thread, however it ends. */
#include "workers.h"

#include <signal.h>
#include <sys/syscall.h>
#include <time.h>

#include "heap/movable.h"
#include "heap/store.h"
#include "kern/threads/ownthreads.h"

enum { FEW = 40, SEVERAL = 5, ENDS = SANITIZED ? 100 : 400 };

static uint32_t slots_made(unsigned table)
{
    return WM_LOAD(wm_process_heap.tables[table].made);
}

/* --- threads that end --- */

static bool uses_some(void)
{
    HGLOBAL handles[SEVERAL];
    void *blocks[FEW];
    bool good = true;

    for (int i = 0; i < FEW; i++)
        good &= (blocks[i] = HeapAlloc(GetProcessHeap(), 0, 100)) != NULL;
    for (int i = 0; i < SEVERAL; i++)
        good &= (handles[i] = GlobalAlloc(GMEM_MOVEABLE, 100)) != NULL;
    for (int i = 0; i < FEW; i++)
        good &= HeapFree(GetProcessHeap(), 0, blocks[i]);
    for (int i = 0; i < SEVERAL; i++)
        good &= GlobalFree(handles[i]) == NULL;
    return holds("no memory", good) && holds("no store", wm_store_mine() != NULL);
}

static void *use_and_return(void *argument)
{
    uses_some();
    return argument;
}

/* By a system call: nobody hears of it. */
static void *use_and_vanish(void *argument)
{
    uses_some();
    syscall(SYS_exit, 0);
    return argument;
}

static void end_one(void *(*run)(void *))
{
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, run, NULL), 0);
    pthread_join(thread, NULL);
    assert_null(wrong);
}

static void expect_few_slots(void *(*run)(void *))
{
    for (int i = 0; i < ENDS; i++)
        end_one(run);
    assert_in_range(slots_made(WM_HEAP_STORED), FEW, 10 * FEW);
    assert_in_range(slots_made(WM_HEAP_MOVABLE), SEVERAL, 10 * FEW);
}

static void a_thread_that_ends_leaves_its_slots_to_the_next(void **state)
{
    (void)state;
    expect_few_slots(use_and_return);
}

/* The sanitizers have no threads that end without their knowledge. */
static void so_does_one_that_vanishes(void **state)
{
    (void)state;
    if (SANITIZED)
        skip();
    expect_few_slots(use_and_vanish);
}

/* Behind its last acts a thread can allocate all the same, without a store. */
static pthread_key_t late;
static bool was_late;

static void be_late(void *round)
{
    void *block = HeapAlloc(GetProcessHeap(), 0, 10);

    was_late = holds("no memory", block != NULL && HeapFree(GetProcessHeap(), 0, block));
    if ((uintptr_t)round < WM_LAST_ROUND)
        pthread_setspecific(late, (void *)((uintptr_t)round + 1));
}

static void *come_late(void *argument)
{
    uses_some();
    pthread_setspecific(late, (void *)1);
    return argument;
}

static void a_thread_can_allocate_until_its_end(void **state)
{
    (void)state;
    assert_int_equal(pthread_key_create(&late, be_late), 0);
    for (int i = 0; i < 20; i++)
        end_one(come_late);
    assert_true(was_late);
    assert_in_range(slots_made(WM_HEAP_STORED), FEW, 10 * FEW);
}

/* --- threads that pass on what they have --- */

enum { BOXES = 256 };

/* What lies in a box is somebody's who takes it out. A handle is told by its bits. */
static void *boxes[BOXES];

static bool is_good_block(const uint64_t *block)
{
    return holds("another size", HeapSize(GetProcessHeap(), 0, block) == block[0]) &&
           holds("other contents", block[1] == ~(uint64_t)(uintptr_t)block);
}

static bool is_good_handle(HGLOBAL handle)
{
    const uint64_t *memory = GlobalLock(handle);
    bool good = holds("no memory behind the handle", memory != NULL) &&
                holds("another size of it", GlobalSize(handle) == memory[0]) &&
                holds("another one's memory", memory[1] == (uintptr_t)handle);

    GlobalUnlock(handle);
    return good;
}

static void *new_block(size_t bytes)
{
    uint64_t *block = HeapAlloc(GetProcessHeap(), 0, bytes);

    if (!holds("no memory", block != NULL))
        return NULL;
    block[0] = bytes;
    block[1] = ~(uint64_t)(uintptr_t)block;
    return block;
}

static HGLOBAL new_handle(size_t bytes)
{
    HGLOBAL handle = GlobalAlloc(GMEM_MOVEABLE, bytes);
    uint64_t *memory = GlobalLock(handle);

    if (!holds("no memory", memory != NULL))
        return NULL;
    memory[0] = bytes;
    memory[1] = (uintptr_t)handle;
    GlobalUnlock(handle);
    return handle;
}

static void drop(void *one)
{
    if (one == NULL)
        return;
    if (wm_movable_is_handle((uintptr_t)one))
        holds("a handle is not freed", is_good_handle(one) && GlobalFree(one) == NULL);
    else
        holds("a block is not freed", is_good_block(one) && HeapFree(GetProcessHeap(), 0, one));
}

/* Now and then many at once, so that stores run full and empty. */
static void *pass_on(void *argument)
{
    struct worker *w = argument;

    for (; goes_on(); w->rounds++) {
        size_t bytes = 16 + below(&w->dice, 500);
        void *mine = below(&w->dice, 3) == 0 ? new_handle(bytes) : new_block(bytes);

        drop(__atomic_exchange_n(&boxes[below(&w->dice, BOXES)], mine, __ATOMIC_ACQ_REL));
        for (int i = 0; w->rounds % 1000 < 2 && i < BOXES; i++)
            drop(__atomic_exchange_n(&boxes[i], NULL, __ATOMIC_ACQ_REL));
    }
    return NULL;
}

static void no_slot_is_had_twice(void **state)
{
    struct worker workers[THREADS], onlooker;

    (void)state;
    heap = GetProcessHeap();
    run_workers(workers, THREADS, pass_on);
    run_workers(&onlooker, 1, look_on);
    end_after(duration);
    print_message("%lu passed on\n", join_workers(workers, THREADS));
    join_workers(&onlooker, 1);
    for (int i = 0; i < BOXES; i++)
        drop(boxes[i]);
    assert_null(wrong);
    expect_live(0, 0);
    assert_in_range(slots_made(WM_HEAP_STORED), 1, BOXES + 20 * WM_STORE_MOST);
    assert_in_range(slots_made(WM_HEAP_MOVABLE), 1, BOXES + 20 * WM_STORE_MOST);
}

/* --- the same freed at the same time --- */

static void *offered;
static double offered_at; /* both begin then */
static unsigned offer, answers, wins;

static void free_what_is_offered_now(void)
{
    void *one = offered;
    double at = offered_at;
    bool mine;

    while (seconds() < at)
        ;
    mine =
        wm_movable_is_handle((uintptr_t)one) ? GlobalFree(one) == NULL : HeapFree(GetProcessHeap(), 0, one);
    __atomic_add_fetch(&wins, mine, __ATOMIC_RELAXED);
    __atomic_add_fetch(&answers, 1, __ATOMIC_RELEASE);
}

static void *free_what_is_offered(void *argument)
{
    struct worker *w = argument;

    for (unsigned seen = 0; goes_on(); w->rounds++)
        if (WM_LOAD(offer) != seen) {
            seen++;
            free_what_is_offered_now();
        }
    return NULL;
}

static void of_two_who_free_one_wins(void **state)
{
    enum { OFFERS = SANITIZED ? 5000 : 100000 };
    double end = seconds() + 4;
    struct worker other;

    (void)state;
    run_workers(&other, 1, free_what_is_offered);
    for (unsigned i = 0; i < OFFERS && goes_on() && seconds() < end; i++) {
        answers = wins = 0;
        offered = i % 2 ? new_handle(64) : new_block(64);
        offered_at = seconds() + 1e-6;
        WM_STORE(offer, i + 1);
        free_what_is_offered_now();
        while (WM_LOAD(answers) < 2 && seconds() < end + 10)
            sched_yield();
        holds("not one winner", WM_LOAD(wins) == 1);
    }
    WM_STORE(stop, true);
    join_workers(&other, 1);
}

/* --- signal handlers, and no other thread --- */

static void *volatile victim; /* the interrupted code frees it just now */
static volatile unsigned interruptions, refusals, freed_by_handler;

static void take_and_drop(void)
{
    void *block = HeapAlloc(GetProcessHeap(), 0, 40);
    HGLOBAL handle = GlobalAlloc(GMEM_MOVEABLE, 40);

    if (block == NULL)
        refusals += holds("another error", GetLastError() == ERROR_NOT_ENOUGH_MEMORY);
    else
        holds("not freed", HeapFree(GetProcessHeap(), 0, block));
    if (handle != NULL)
        holds("the handle not freed", GlobalFree(handle) == NULL);
}

static void interrupt(int number)
{
    DWORD error = GetLastError();
    void *one = victim;

    (void)number;
    if (++interruptions % 2 == 0)
        take_and_drop();
    else if (one != NULL && wm_movable_is_handle((uintptr_t)one))
        freed_by_handler += GlobalFree(one) == NULL;
    else if (one != NULL)
        freed_by_handler += HeapFree(GetProcessHeap(), 0, one) != 0;
    SetLastError(error);
}

/* Not so often that nothing is done in between. */
static timer_t interrupt_often(void)
{
    enum { EVERY = SANITIZED ? 500000 : 30000 /* nanoseconds */ };
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = SA_RESTART};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    struct itimerspec often = {{0, EVERY}, {0, EVERY}};
    timer_t timer;

    sigaction(SIGUSR1, &action, NULL);
    assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
    assert_int_equal(timer_settime(timer, 0, &often, NULL), 0);
    return timer;
}

/* A handler that finds its own thread inside is refused; it, or the thread, frees the block, and not both. */
static void free_victim(void *one)
{
    unsigned before = freed_by_handler;
    bool mine;

    victim = one;
    mine =
        wm_movable_is_handle((uintptr_t)one) ? GlobalFree(one) == NULL : HeapFree(GetProcessHeap(), 0, one);
    victim = NULL;
    holds("not one winner", mine + (freed_by_handler - before) == 1);
}

static void take_and_free_some(struct dice *dice)
{
    void *kept[WM_STORE_MOST];
    unsigned count = 1 + below(dice, WM_STORE_MOST);

    for (unsigned i = 0; i < count && wrong == NULL; i++)
        kept[i] = below(dice, 2) == 0 ? new_block(64) : new_handle(64);
    for (unsigned i = 0; i < count && wrong == NULL; i++)
        if (wm_movable_is_handle((uintptr_t)kept[i]) ? is_good_handle(kept[i]) : is_good_block(kept[i]))
            free_victim(kept[i]);
}

static void handlers_come_at_any_time(void **state)
{
    HANDLE process = GetProcessHeap(); /* there is one: a handler that interrupts its birth has none */
    double end = seconds() + 2 * duration;
    struct dice dice = {5};
    timer_t timer;

    (void)state;
    if (THREAD_SANITIZED)
        skip(); /* what is interrupted may be the sanitizer itself */
    assert_non_null(process);
    timer = interrupt_often();
    while (wrong == NULL && seconds() < end)
        take_and_free_some(&dice);
    timer_delete(timer);
    if (wrong != NULL)
        fail_msg("%s", wrong);
    print_message("%u interruptions, %u refused, %u victims\n", interruptions, refusals, freed_by_handler);
    heap = process;
    expect_live(0, 0);
    assert_in_range(slots_made(WM_HEAP_STORED), 1, 20 * WM_STORE_MOST);
    assert_in_range(slots_made(WM_HEAP_MOVABLE), 1, 20 * WM_STORE_MOST);
}

/* --- HeapLock of the process's heap --- */

static bool came_in;

static void *come_in(void *argument)
{
    HeapFree(GetProcessHeap(), 0, argument);
    WM_STORE(came_in, true);
    return HeapAlloc(GetProcessHeap(), 0, 10);
}

static void a_locked_heap_has_its_gate_closed(void **state)
{
    void *block = HeapAlloc(GetProcessHeap(), 0, 10), *result;
    uintptr_t handle = (uintptr_t)GetProcessHeap();
    pthread_t thread;

    (void)state;
    assert_true(wm_heap_gate == handle);
    for (int i = 0; i < 3; i++) {
        assert_true(HeapLock(GetProcessHeap()) && HeapLock(GetProcessHeap()));
        WM_STORE(came_in, false);
        assert_int_equal(pthread_create(&thread, NULL, come_in, block), 0);
        assert_true(HeapUnlock(GetProcessHeap()));
        usleep(30000);
        assert_false(WM_LOAD(came_in));
        assert_true(HeapUnlock(GetProcessHeap()));
        pthread_join(thread, &result);
        assert_true(came_in && result != NULL);
        assert_true(wm_heap_gate == handle);
        block = result;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_that_ends_leaves_its_slots_to_the_next),
        cmocka_unit_test(so_does_one_that_vanishes),
        cmocka_unit_test(a_thread_can_allocate_until_its_end),
        cmocka_unit_test(no_slot_is_had_twice),
        cmocka_unit_test(of_two_who_free_one_wins),
        cmocka_unit_test(handlers_come_at_any_time),
        cmocka_unit_test(a_locked_heap_has_its_gate_closed),
    };

    return RUN_HEAP(tests);
}
