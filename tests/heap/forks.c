/* A child has the heaps of its parent, can use all of them, and has the locks of the thread that forked alone. */
#include "heap.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/atomic.h"
#include "heap/movable.h"

enum {
    FORKS = SANITIZED ? 40 : 200,
    THREADS = 2,
    CHILD_SECONDS = SANITIZED ? 30 : 10,
    HEAPS = 3,
    KEPT = 20,
    MOST_SECONDS = SANITIZED ? 20 : 7
};

static HANDLE heaps[HEAPS]; /* the process's, a private one, an executable one */
static bool stop;

/* --- children --- */

/* False: something does not work. */
typedef bool child_fn(void *arg);

static void expect_child(child_fn *run, void *arg)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        alarm(CHILD_SECONDS);
        _exit(run(arg) ? 0 : 1);
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static bool walks(HANDLE heap)
{
    PROCESS_HEAP_ENTRY entry = {0};
    unsigned left = 1000000;

    while (left > 0 && HeapWalk(heap, &entry))
        left--;
    return GetLastError() == ERROR_NO_MORE_ITEMS;
}

static bool replace(HANDLE heap, struct dice *dice, struct held *held)
{
    if (held->at != NULL && (!is_held(held) || !HeapFree(heap, 0, held->at)))
        return false;
    held->bytes = below(dice, 3000);
    held->at = HeapAlloc(heap, 0, held->bytes);
    if (held->at == NULL)
        return false;
    write_held(held, roll(dice));
    return HeapSize(heap, 0, held->at) == held->bytes;
}

static bool uses(HANDLE heap)
{
    struct dice dice = {(uint64_t)getpid()};
    struct held held[KEPT] = {0};

    for (int i = 0; i < 200; i++)
        if (!replace(heap, &dice, &held[below(&dice, KEPT)]))
            return false;
    for (int i = 0; i < KEPT; i++)
        if (held[i].at != NULL && (!is_held(&held[i]) || !HeapFree(heap, 0, held[i].at)))
            return false;
    return true;
}

static bool locks(HANDLE heap)
{
    return HeapLock(heap) && HeapLock(heap) && HeapUnlock(heap) && HeapUnlock(heap) && !HeapUnlock(heap) &&
           GetLastError() == ERROR_NOT_OWNER;
}

static bool looks(HANDLE heap)
{
    HEAP_SUMMARY sums = {.cb = sizeof sums};

    return HeapValidate(heap, 0, NULL) && walks(heap) && HeapSummary(heap, 0, &sums);
}

static bool uses_movable(void)
{
    HGLOBAL handle = GlobalAlloc(GMEM_MOVEABLE, 100);
    void *at = GlobalLock(handle);
    bool fine = at != NULL && GlobalHandle(at) == handle && !GlobalUnlock(handle);

    return fine && GlobalReAlloc(handle, 5000, 0) == handle && GlobalFree(handle) == NULL;
}

static bool all_can_be_used(void)
{
    HANDLE handles[HEAPS + 1];

    for (int i = 0; i < HEAPS; i++)
        if (!uses(heaps[i]) || !locks(heaps[i]))
            return false;
    return GetProcessHeaps(HEAPS + 1, handles) == HEAPS && memcmp(handles, heaps, sizeof heaps) == 0 &&
           uses_movable();
}

static bool everything_works(void)
{
    return all_can_be_used() && looks(heaps[0]) && looks(heaps[1]) && looks(heaps[2]);
}

static bool heaps_can_go(void)
{
    for (int i = 1; i < HEAPS; i++)
        if (!HeapDestroy(heaps[i]) || HeapAlloc(heaps[i], 0, 1) != NULL)
            return false;
    return GetProcessHeaps(0, NULL) == 1 && uses(heaps[0]);
}

/* The sanitizers' are not made for it: seen in both, a child waited for a lock of malloc's that no thread of its holds. */
static void need_malloc_that_forks(void)
{
    if (SANITIZED) {
        print_message("skipped: the sanitizer's malloc cannot fork while threads are in it\n");
        skip();
    }
}

static int make_heaps(void **state)
{
    (void)state;
    heaps[0] = GetProcessHeap();
    heaps[1] = HeapCreate(0, 0, 0);
    heaps[2] = HeapCreate(HEAP_CREATE_ENABLE_EXECUTE, 0, 0);
    return heaps[0] == NULL || heaps[1] == NULL || heaps[2] == NULL;
}

/* --- locks --- */

static int turn; /* of the other thread and this one */

static void await_turn(int number)
{
    while (WM_LOAD(turn) != number)
        usleep(100);
}

static void *hold_all(void *unused)
{
    for (int i = 0; i < HEAPS; i++)
        HeapLock(heaps[i]);
    WM_STORE(turn, 1);
    await_turn(2);
    for (int i = 0; i < HEAPS; i++)
        HeapUnlock(heaps[i]);
    return unused;
}

static bool nothing_is_locked(void *unused)
{
    (void)unused;
    for (int i = 0; i < HEAPS; i++)
        if (HeapUnlock(heaps[i]))
            return false;
    return everything_works() && heaps_can_go();
}

static void locks_of_another_thread_are_gone(void **state)
{
    pthread_t thread;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, hold_all, NULL), 0);
    await_turn(1);
    for (int i = 0; i < 10; i++)
        expect_child(nothing_is_locked, NULL);
    assert_false(HeapUnlock(heaps[1]));
    WM_STORE(turn, 2);
    pthread_join(thread, NULL);
    assert_true(everything_works());
}

/* Somebody waits for the lock when it is forked; in the child nobody does. */
static void *allocate_once(void *heap)
{
    return HeapAlloc(heap, 0, 10);
}

static bool is_locked_twice(void *unused)
{
    HANDLE heap = heaps[1];

    (void)unused;
    return uses(heap) && looks(heap) && HeapUnlock(heap) && HeapUnlock(heap) && !HeapUnlock(heap) &&
           everything_works();
}

static void own_locks_stay(void **state)
{
    pthread_t thread;
    void *block;

    (void)state;
    assert_true(HeapLock(heaps[1]) && HeapLock(heaps[1]));
    expect_child(is_locked_twice, NULL);
    assert_int_equal(pthread_create(&thread, NULL, allocate_once, heaps[1]), 0);
    usleep(20000);
    expect_child(is_locked_twice, NULL);
    assert_true(HeapUnlock(heaps[1]) && HeapUnlock(heaps[1]));
    pthread_join(thread, &block);
    assert_non_null(block);
    assert_true(everything_works());
}

/* --- in the middle of everything --- */

struct worker {
    pthread_t thread;
    struct dice dice;
    struct held held[HEAPS][KEPT];
    HGLOBAL handle;
    bool wrong;
};

static bool change(struct worker *w, unsigned which)
{
    struct held *held = &w->held[which][below(&w->dice, KEPT)];
    size_t bytes = roll_size(&w->dice), before = held->bytes;
    uint8_t *at;

    if (held->at == NULL || below(&w->dice, 2) == 0)
        return replace(heaps[which], &w->dice, held);
    at = HeapReAlloc(heaps[which], 0, held->at, bytes);
    if (at == NULL || !has_stamp(at, bytes, before, held->stamp))
        return false;
    held->at = at;
    held->bytes = bytes;
    write_held(held, roll(&w->dice));
    return true;
}

static bool change_movable(struct worker *w)
{
    HGLOBAL handle = GlobalReAlloc(w->handle, 1 + roll_size(&w->dice), 0);

    if (handle != w->handle || GlobalFree(handle) != NULL)
        return false;
    w->handle = GlobalAlloc(GMEM_MOVEABLE, 1 + roll_size(&w->dice));
    return w->handle != NULL;
}

static void *work(void *argument)
{
    struct worker *w = argument;

    w->handle = GlobalAlloc(GMEM_MOVEABLE, 100);
    while (!WM_LOAD(stop) && !w->wrong)
        w->wrong = !change(w, below(&w->dice, HEAPS)) || !change_movable(w);
    return NULL;
}

/* These have what the threads that were left behind kept for themselves. */
static void *use_all(void *fine)
{
    WM_STORE(*(bool *)fine, uses(heaps[0]) && uses(heaps[1]) && uses_movable());
    return NULL;
}

static bool new_threads_can_use_all(void)
{
    pthread_t threads[THREADS + 1];
    bool fine[THREADS + 1] = {false}, all = true;

    for (unsigned i = 0; i < THREADS + 1; i++)
        if (pthread_create(&threads[i], NULL, use_all, &fine[i]) != 0)
            return false;
    for (unsigned i = 0; i < THREADS + 1; i++) {
        pthread_join(threads[i], NULL);
        all &= fine[i];
    }
    return all;
}

/* Every other child ends its heaps while half of what was done to them is not done. To look takes longer then. */
static bool lives_on(void *argument)
{
    uintptr_t number = (uintptr_t)argument;

    return all_can_be_used() && (number % 3 != 0 || new_threads_can_use_all()) &&
           (number % 5 != 0 || looks(heaps[number % HEAPS])) && (number % 2 == 0 || heaps_can_go());
}

static void children_of_busy_threads(void **state)
{
    static struct worker workers[THREADS];
    double end = seconds() + MOST_SECONDS;
    uintptr_t forks = 0;

    (void)state;
    need_malloc_that_forks();
    for (unsigned i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.dice = {i}};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (; forks < FORKS && seconds() < end; forks++)
        expect_child(lives_on, (void *)forks);
    WM_STORE(stop, true);
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(workers[i].thread, NULL);
    for (unsigned i = 0; i < THREADS; i++)
        assert_false(workers[i].wrong);
    print_message("%u forks\n", (unsigned)forks);
    assert_true(everything_works());
    assert_true(forks >= 10);
}

/* A heap is made and ended by others while it is forked. */
static void *make_and_end(void *wrong)
{
    while (!WM_LOAD(stop)) {
        HANDLE heap = HeapCreate(HEAP_CREATE_ENABLE_EXECUTE, 0, 0);

        if (heap == NULL || HeapAlloc(heap, 0, 100) == NULL || !HeapDestroy(heap))
            WM_STORE(*(bool *)wrong, true);
    }
    return NULL;
}

static bool can_make_heaps(void *unused)
{
    HANDLE heap = HeapCreate(0, 0, 0), handles[64];
    DWORD count = GetProcessHeaps(64, handles);

    (void)unused;
    for (DWORD i = 0; i < count; i++)
        if (!HeapValidate(handles[i], 0, NULL) || !uses(handles[i]))
            return false;
    return heap != NULL && uses(heap) && HeapDestroy(heap) && GetProcessHeaps(0, NULL) == count - 1;
}

static void children_of_threads_that_make_heaps(void **state)
{
    double end = seconds() + MOST_SECONDS;
    pthread_t threads[THREADS];
    bool wrong = false;

    (void)state;
    need_malloc_that_forks();
    for (unsigned i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, make_and_end, &wrong), 0);
    for (unsigned i = 0; i < FORKS / 4 && seconds() < end; i++)
        expect_child(can_make_heaps, NULL);
    WM_STORE(stop, true);
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_false(wrong);
    assert_true(everything_works());
}

/* A thread that a fork leaves behind can have made a slot and not have taken it: then nobody has. */
static void a_slot_that_is_half_made_is_no_handle(void **state)
{
    struct wm_slots *movables = &wm_process_heap.tables[WM_HEAP_MOVABLE];
    HGLOBAL before = GlobalAlloc(GMEM_MOVEABLE, 10);
    HGLOBAL wild = (HGLOBAL)wm_movable_of(wm_slot_index(movables->made++), 0);

    (void)state;
    assert_null(GlobalLock(wild));
    assert_int_equal(GetLastError(), ERROR_INVALID_HANDLE);
    assert_null(GlobalReAlloc(wild, 100, GMEM_MOVEABLE));
    assert_int_equal(GlobalFlags(wild), GMEM_INVALID_HANDLE);
    assert_ptr_equal(GlobalFree(wild), wild);
    assert_null(GlobalFree(before));
    assert_true(uses_movable() && looks(heaps[0]));
}

/* As a fork leaves a block that another thread was resizing. It may be freed already; so it is freed here. */
static void a_block_that_stays_busy_is_left_behind(void **state)
{
    struct wm_heap *heap = wm_heap_of((uintptr_t)heaps[1]);
    struct wm_found_block found;
    void *block = HeapAlloc(heaps[1], 0, 100);

    (void)state;
    assert_true(wm_heap_find(heap, (uintptr_t)block, &found));
    *found.slot |= WM_SLOT_BUSY;
    assert_false(HeapFree(heaps[1], 0, block));
    assert_null(HeapReAlloc(heaps[1], 0, block, 10));
    assert_true(uses(heaps[1]) && looks(heaps[1]));
    assert_true(HeapDestroy(heaps[1]));
    free((void *)wm_block_start(&found.block));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(locks_of_another_thread_are_gone, make_heaps),
        cmocka_unit_test_setup(own_locks_stay, make_heaps),
        cmocka_unit_test_setup(children_of_busy_threads, make_heaps),
        cmocka_unit_test_setup(children_of_threads_that_make_heaps, make_heaps),
        cmocka_unit_test_setup(a_slot_that_is_half_made_is_no_handle, make_heaps),
        cmocka_unit_test_setup(a_block_that_stays_busy_is_left_behind, make_heaps),
    };

    return RUN_HEAP(tests);
}
