/* Threads that use, change and free the same handles: each call does one thing or the other, and never half of it. */
#include "workers.h"

/* --- handles that stay --- */

enum { HANDLES = 8, SIZES = 6 };

static const size_t sizes[SIZES] = {64, 80, 3000, 9000, 200000, MiB + 5};
static HGLOBAL shared[HANDLES];

static bool is_a_size(size_t bytes)
{
    for (int i = 0; i < SIZES; i++)
        if (sizes[i] == bytes)
            return true;
    return false;
}

/* The first eight bytes tell the number of the handle. */
static void look_into(HGLOBAL handle, uint64_t number)
{
    uint64_t *at = GlobalLock(handle);

    if (!holds("not locked", at != NULL))
        return;
    holds("contents of another", WM_LOAD(*at) == number);
    holds("moved while it was locked", GlobalLock(handle) == at);
    holds("not locked twice", GlobalUnlock(handle));
    GlobalUnlock(handle);
}

static void resize(struct worker *w, HGLOBAL handle)
{
    HGLOBAL result = GlobalReAlloc(handle, sizes[below(&w->dice, SIZES)], 0);

    holds("another handle", result == NULL || result == handle);
    holds("another error", result != NULL || GetLastError() == ERROR_NOT_ENOUGH_MEMORY); /* it was locked */
}

static void *use_handles(void *argument)
{
    struct worker *w = argument;

    for (; goes_on(); w->rounds++) {
        unsigned number = below(&w->dice, HANDLES);
        HGLOBAL handle = shared[number];

        switch (below(&w->dice, 4)) {
        case 0: resize(w, handle); break;
        case 1: holds("another size", is_a_size(GlobalSize(handle))); break;
        case 2: holds("flags", (GlobalFlags(handle) & ~GMEM_LOCKCOUNT) == 0); break;
        default: look_into(handle, number);
        }
    }
    return NULL;
}

static void threads_share_handles(void **state)
{
    struct worker workers[THREADS], onlooker;
    unsigned long rounds;

    (void)state;
    heap = GetProcessHeap();
    for (uint64_t i = 0; i < HANDLES; i++) {
        shared[i] = GlobalAlloc(GMEM_MOVEABLE, sizes[0]);
        *(uint64_t *)GlobalLock(shared[i]) = i;
        GlobalUnlock(shared[i]);
    }
    run_workers(workers, THREADS, use_handles);
    run_workers(&onlooker, 1, look_on);
    end_after(duration);
    join_workers(&onlooker, 1);
    rounds = join_workers(workers, THREADS);
    print_message("%lu uses\n", rounds);
    for (int i = 0; i < HANDLES; i++) {
        assert_int_equal(GlobalFlags(shared[i]), 0);
        look_into(shared[i], (uint64_t)i);
        assert_null(GlobalFree(shared[i]));
    }
    assert_null(wrong);
    expect_live(0, 0);
}

/* --- handles that come and go --- */

static unsigned long made, freed;

/* Whoever takes a handle out of its place may free it; to all others it may be gone at any time. */
static void take_and_replace(HGLOBAL *place)
{
    HGLOBAL old = __atomic_exchange_n(place, NULL, __ATOMIC_ACQ_REL), new;

    if (old == NULL)
        return;
    if (holds("not freed", GlobalFree(old) == NULL))
        __atomic_add_fetch(&freed, 1, __ATOMIC_RELAXED);
    new = GlobalAlloc(GMEM_MOVEABLE, sizes[0]);
    if (holds("no memory", new != NULL))
        __atomic_add_fetch(&made, 1, __ATOMIC_RELAXED);
    WM_STORE(*place, new);
}

static bool is_gone(void)
{
    return GetLastError() == ERROR_INVALID_HANDLE;
}

static void use_while_there(struct worker *w, HGLOBAL handle)
{
    size_t bytes = GlobalSize(handle);

    holds("another size", bytes != 0 ? is_a_size(bytes) : is_gone());
    holds("another handle",
          GlobalReAlloc(handle, sizes[below(&w->dice, 4)], GMEM_MOVEABLE) == handle || is_gone());
    if (GlobalLock(handle) == NULL)
        holds("not locked", is_gone());
    else if (!GlobalUnlock(handle)) /* the number of a handle comes again after 256 uses */
        holds("not unlocked", is_gone() || GetLastError() == NO_ERROR || GetLastError() == ERROR_NOT_LOCKED);
}

static void *replace_handles(void *argument)
{
    struct worker *w = argument;

    for (; goes_on(); w->rounds++) {
        HGLOBAL *place = &shared[below(&w->dice, HANDLES)], handle = WM_LOAD(*place);

        if (below(&w->dice, 4) == 0)
            take_and_replace(place);
        else if (handle != NULL)
            use_while_there(w, handle);
    }
    return NULL;
}

static void handles_go_while_others_use_them(void **state)
{
    struct worker workers[THREADS];

    (void)state;
    heap = GetProcessHeap();
    for (int i = 0; i < HANDLES; i++, made++)
        shared[i] = GlobalAlloc(GMEM_MOVEABLE, sizes[0]);
    run_workers(workers, THREADS, replace_handles);
    end_after(duration);
    join_workers(workers, THREADS);
    print_message("%lu handles made, %lu freed\n", made, freed);
    assert_int_equal(made - freed, HANDLES);
    for (int i = 0; i < HANDLES; i++)
        assert_null(GlobalFree(shared[i]));
    expect_live(0, 0);
}

/* --- two that free the same --- */

static void *offered_block, *offered_handle;
static unsigned long round_now, blocks_freed, handles_freed, done;

static void *free_what_is_offered(void *argument)
{
    struct worker *w = argument;

    for (unsigned long round = 1; goes_on(); round++) {
        while (goes_on() && WM_LOAD(round_now) < round)
            sched_yield();
        if (!goes_on())
            break;
        if (HeapFree(heap, 0, offered_block))
            __atomic_add_fetch(&blocks_freed, 1, __ATOMIC_RELAXED);
        if (GlobalFree(offered_handle) == NULL)
            __atomic_add_fetch(&handles_freed, 1, __ATOMIC_RELAXED);
        w->rounds++;
        __atomic_add_fetch(&done, 1, __ATOMIC_ACQ_REL);
    }
    return NULL;
}

static void one_of_two_frees_succeeds(void **state)
{
    double end = seconds() + duration;
    struct worker workers[2];
    unsigned long rounds = 0;

    (void)state;
    heap = HeapCreate(0, 0, 0);
    run_workers(workers, 2, free_what_is_offered);
    while (seconds() < end && goes_on()) {
        offered_block = HeapAlloc(heap, 0, 100);
        offered_handle = GlobalAlloc(GMEM_MOVEABLE, 100);
        WM_STORE(round_now, ++rounds);
        while (WM_LOAD(done) < 2 * rounds && seconds() < end + 10)
            sched_yield();
        holds("blocks freed otherwise than once", blocks_freed == rounds);
        holds("handles freed otherwise than once", handles_freed == rounds);
    }
    WM_STORE(stop, true);
    join_workers(workers, 2);
    print_message("%lu rounds\n", rounds);
    expect_live(0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_share_handles),
        cmocka_unit_test(handles_go_while_others_use_them),
        cmocka_unit_test(one_of_two_frees_succeeds),
    };

    return RUN_HEAP(tests);
}
