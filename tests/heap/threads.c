/* Threads that change one heap find each block as it was left, and nobody who looks on sees anything that never was. */
#include "heap.h"

#include <pthread.h>
#include <sched.h>

#include "base/atomic.h"

enum { THREADS = 3, BOXES = 64, KEPT = 100 };

static const double duration = 2;

static HANDLE heap;
static bool stop;
static const char *wrong; /* what was seen that may not be */

static bool holds(const char *what, bool condition)
{
    if (!condition)
        WM_STORE(wrong, what);
    return condition;
}

static bool goes_on(void)
{
    return !WM_LOAD(stop) && WM_LOAD(wrong) == NULL;
}

struct worker {
    pthread_t thread;
    struct dice dice;
    unsigned long rounds;
};

static void run_workers(struct worker *workers, unsigned count, void *(*run)(void *))
{
    for (unsigned i = 0; i < count; i++) {
        workers[i] = (struct worker){.dice = {i}};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, run, &workers[i]), 0);
    }
}

static unsigned long join_workers(const struct worker *workers, unsigned count)
{
    unsigned long rounds = 0;

    for (unsigned i = 0; i < count; i++) {
        pthread_join(workers[i].thread, NULL);
        rounds += workers[i].rounds;
    }
    if (wrong != NULL)
        fail_msg("%s", wrong);
    return rounds;
}

static void end_after(double time)
{
    double end = seconds() + time;

    while (goes_on() && seconds() < end)
        usleep(10000);
    WM_STORE(stop, true);
}

/* --- blocks that are passed on --- */

static struct held *boxes[BOXES]; /* each is in its own block's first bytes */

/* The block says itself what it holds, so that one word passes it on. */
static struct held *new_block(struct worker *w)
{
    size_t bytes = sizeof(struct held) + roll_size(&w->dice);
    struct held *block = HeapAlloc(heap, 0, bytes);

    if (!holds("no memory", block != NULL))
        return NULL;
    *block = (struct held){.at = (uint8_t *)(block + 1), .bytes = bytes - sizeof *block};
    write_held(block, roll(&w->dice));
    return block;
}

static bool is_good(const struct held *block)
{
    return holds("another size", HeapSize(heap, 0, block) == block->bytes + sizeof *block) &&
           holds("other contents", block->at == (const uint8_t *)(block + 1) && is_held(block)) &&
           holds("not valid", HeapValidate(heap, 0, block));
}

static struct held *resized(struct worker *w, struct held *block)
{
    struct held before = *block;
    size_t bytes = roll_size(&w->dice);
    struct held *moved = HeapReAlloc(heap, 0, block, sizeof *block + bytes);

    if (!holds("no memory", moved != NULL) ||
        !holds("contents lost", has_stamp((uint8_t *)(moved + 1), bytes, before.bytes, before.stamp)))
        return moved;
    moved->at = (uint8_t *)(moved + 1);
    moved->bytes = bytes;
    write_held(moved, before.stamp + 1);
    return moved;
}

static void drop(struct held *block)
{
    if (block != NULL && is_good(block))
        holds("not freed", HeapFree(heap, 0, block));
}

static void pass_on(struct worker *w, struct held *block)
{
    drop(__atomic_exchange_n(&boxes[below(&w->dice, BOXES)], block, __ATOMIC_ACQ_REL));
}

static void *use_blocks(void *argument)
{
    struct held *kept[KEPT] = {0};
    struct worker *w = argument;

    for (; goes_on(); w->rounds++) {
        struct held **one = &kept[below(&w->dice, KEPT)];

        if (*one == NULL)
            *one = new_block(w);
        else if (below(&w->dice, 3) == 0)
            *one = resized(w, *one);
        else if (is_good(*one)) {
            pass_on(w, *one);
            *one = NULL;
        }
    }
    for (int i = 0; i < KEPT && WM_LOAD(wrong) == NULL; i++)
        drop(kept[i]);
    return NULL;
}

/* --- those who look on --- */

static unsigned long walked;

static void walk(void)
{
    PROCESS_HEAP_ENTRY entry = {0};
    uintptr_t last = 0;

    for (; HeapWalk(heap, &entry); walked++) {
        if (!(entry.wFlags & PROCESS_HEAP_ENTRY_BUSY))
            continue;
        holds("blocks out of order", (uintptr_t)entry.lpData > last);
        last = (uintptr_t)entry.lpData;
    }
    holds("another end of a walk", GetLastError() == ERROR_NO_MORE_ITEMS);
}

static void *look_on(void *argument)
{
    HEAP_SUMMARY sums = {.cb = sizeof sums};
    struct worker *w = argument;

    for (; goes_on(); w->rounds++) {
        walk();
        for (int i = 0; i < 20; i++) {
            holds("a heap that is not valid", HeapValidate(heap, 0, NULL));
            holds("no sum", HeapSummary(heap, 0, &sums));
            holds("a sum that cannot be", sums.cbAllocated <= (size_t)(THREADS * KEPT + BOXES) * 3 * MiB);
        }
    }
    return NULL;
}

static void empty_boxes(void)
{
    for (int i = 0; i < BOXES; i++) {
        drop(boxes[i]);
        boxes[i] = NULL;
    }
}

static void expect_live(size_t blocks, size_t bytes)
{
    HEAP_SUMMARY sums = {.cb = sizeof sums};
    PROCESS_HEAP_ENTRY entry = {0};
    size_t found = 0;

    while (HeapWalk(heap, &entry))
        found += (entry.wFlags & PROCESS_HEAP_ENTRY_BUSY) != 0;
    assert_int_equal(found, blocks);
    assert_true(HeapSummary(heap, 0, &sums));
    assert_int_equal(sums.cbAllocated, bytes);
}

static size_t in_boxes(size_t *bytes)
{
    size_t blocks = 0;

    *bytes = 0;
    for (int i = 0; i < BOXES; i++)
        if (boxes[i] != NULL) {
            blocks++;
            *bytes += boxes[i]->bytes + sizeof *boxes[i];
        }
    return blocks;
}

static void use_one_heap(DWORD options)
{
    struct worker workers[THREADS], onlookers[2];
    unsigned long rounds, looks;
    size_t blocks, bytes;

    heap = HeapCreate(options, 0, 0);
    stop = false;
    run_workers(workers, THREADS, use_blocks);
    run_workers(onlookers, 2, look_on);
    end_after(duration);
    looks = join_workers(onlookers, 2);
    rounds = join_workers(workers, THREADS);
    print_message("%lu changes, %lu times looked on, %lu entries walked\n", rounds, looks, walked);
    blocks = in_boxes(&bytes);
    expect_live(blocks, bytes);
    empty_boxes();
    expect_live(0, 0);
    assert_null(wrong);
    assert_true(HeapDestroy(heap));
}

static void threads_share_a_heap(void **state)
{
    (void)state;
    use_one_heap(0);
}

static void threads_share_an_executable_heap(void **state)
{
    (void)state;
    use_one_heap(HEAP_CREATE_ENABLE_EXECUTE);
}

/* Next to no memory, again and again the same: a look that is interrupted finds another block where the first was. */
static void *use_one_block(void *argument)
{
    struct worker *w = argument;

    for (; goes_on(); w->rounds++) {
        void *block = HeapAlloc(heap, 0, 100);

        if (w->rounds % 2 == 0)
            block = HeapReAlloc(heap, 0, block, 90 + w->rounds % 20);
        holds("not freed", HeapFree(heap, 0, block));
    }
    return NULL;
}

static void a_block_that_comes_and_goes_is_never_broken(void **state)
{
    struct worker workers[2], onlookers[2];
    unsigned long rounds, looks;

    (void)state;
    heap = HeapCreate(0, 0, 0);
    run_workers(workers, 2, use_one_block);
    run_workers(onlookers, 2, look_on);
    end_after(duration);
    looks = join_workers(onlookers, 2);
    rounds = join_workers(workers, 2);
    print_message("%lu changes, %lu times looked on\n", rounds, looks);
    expect_live(0, 0);
}

/* --- locks of the whole heap --- */

static unsigned long guarded[2]; /* each equal to the other for whoever has the lock */

static void *lock_heap(void *argument)
{
    struct worker *w = argument;

    for (; goes_on(); w->rounds++) {
        bool twice = below(&w->dice, 2) == 0;

        HeapLock(heap);
        if (twice)
            HeapLock(heap);
        holds("two owners", guarded[0] == guarded[1]);
        guarded[0]++;
        HeapFree(heap, 0, HeapAlloc(heap, 0, 10));
        guarded[1]++;
        holds("an unlock too many", HeapUnlock(heap) && (!twice || HeapUnlock(heap)));
    }
    return NULL;
}

static void one_thread_at_a_time_has_the_lock(void **state)
{
    struct worker workers[THREADS];

    (void)state;
    heap = HeapCreate(0, 0, 0);
    run_workers(workers, THREADS, lock_heap);
    end_after(1);
    assert_true(join_workers(workers, THREADS) > 100);
    assert_false(HeapUnlock(heap));
}

/* --- handles that threads share --- */

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
        cmocka_unit_test(threads_share_a_heap),
        cmocka_unit_test(threads_share_an_executable_heap),
        cmocka_unit_test(a_block_that_comes_and_goes_is_never_broken),
        cmocka_unit_test(one_thread_at_a_time_has_the_lock),
        cmocka_unit_test(threads_share_handles),
        cmocka_unit_test(handles_go_while_others_use_them),
        cmocka_unit_test(one_of_two_frees_succeeds),
    };

    return RUN_HEAP(tests);
}
