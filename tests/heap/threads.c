/* Threads that change one heap find each block as it was left, and nobody who looks on sees anything that never was. */
#include "workers.h"

#include "heap/heap.h"

enum { BOXES = 64, KEPT = 100 };

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

static void empty_boxes(void)
{
    for (int i = 0; i < BOXES; i++) {
        drop(boxes[i]);
        boxes[i] = NULL;
    }
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

/* --- a maximum --- */

enum { MAXIMUM = 256 * KiB, MOST_BYTES = 20000 };

/* What is there never exceeds the maximum, and what is not there is to be had again. */
static void change_bounded(struct worker *w, struct held *held)
{
    size_t bytes = below(&w->dice, MOST_BYTES);
    uint8_t *at = held->at == NULL ? HeapAlloc(heap, 0, bytes) : HeapReAlloc(heap, 0, held->at, bytes);

    if (at == NULL) {
        holds("shrinking fails", held->at == NULL || bytes > held->bytes);
        holds("another error", GetLastError() == ERROR_NOT_ENOUGH_MEMORY);
        holds("not freed", HeapFree(heap, 0, held->at));
        *held = (struct held){0};
        return;
    }
    *held = (struct held){.at = at, .bytes = bytes};
}

static void *use_bounded(void *argument)
{
    struct held kept[KEPT] = {{0}};
    struct worker *w = argument;

    for (; goes_on(); w->rounds++)
        change_bounded(w, &kept[below(&w->dice, KEPT)]);
    for (int i = 0; i < KEPT; i++)
        HeapFree(heap, 0, kept[i].at);
    return NULL;
}

static void a_maximum_is_neither_exceeded_nor_lost(void **state)
{
    struct worker workers[THREADS];

    (void)state;
    heap = HeapCreate(0, 0, MAXIMUM);
    run_workers(workers, THREADS, use_bounded);
    for (int i = 0; i < 500 && goes_on(); i++, usleep(1000)) {
        HEAP_SUMMARY sums = {.cb = sizeof sums};

        holds("more than the maximum", WM_LOAD(wm_heap_of((uintptr_t)heap)->used) <= MAXIMUM);
        holds("no sum", HeapSummary(heap, 0, &sums));
    }
    WM_STORE(stop, true);
    print_message("%lu changes\n", join_workers(workers, THREADS));
    expect_live(0, 0);
    assert_int_equal(wm_heap_of((uintptr_t)heap)->used, 0);
    assert_true(HeapDestroy(heap));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_share_a_heap),
        cmocka_unit_test(threads_share_an_executable_heap),
        cmocka_unit_test(a_block_that_comes_and_goes_is_never_broken),
        cmocka_unit_test(a_maximum_is_neither_exceeded_nor_lost),
        cmocka_unit_test(one_thread_at_a_time_has_the_lock),
    };

    return RUN_HEAP(tests);
}
