/*
 * heap.c: blocks: allocating, freeing, other sizes (heap.h).
 *
 *   a block is there if and only if its slot names it: so storing the slot publishes it, and taking the slot ends it
 *   a block whose slot is busy is one thread's to change; others may look at it and neither free nor resize it
 *   heap->used, where there is a maximum, is what blocks have been charged and not been given back yet
 *
 * The order of steps is what keeps this true without a lock. Allocating: memory, header, slot. Freeing: slot,
 * then memory; of several threads that free the same block one wins the exchange of the slot's word and the
 * others are told (87). A thread that vanishes in between, in the child of a fork, leaves a slot and a block
 * that nobody uses.
 *
 * malloc decides where blocks lie, and must not be entered twice by one thread (inside.h). It does not say
 * what lies behind a block: so a block shrinks in place and keeps what it gave up (the slack), grows back
 * into that, and grows in place no other way.
 */
#include "heap/heap.h"

#include <stdlib.h>
#include <string.h>

#include "heap/codeheap.h"
#include "heap/store.h"
#include "kern/pages/pagestate.h"

enum {
    WORTH_RETURNING = 4096, /* bytes: less than this a block keeps when it shrinks */
    LOST_OF_MAXIMUM = 0x800 /* a heap's own part: between 0x600 and 0xC00 bytes on Windows */
};

/* --- where the memory comes from --- */

static void *obtain(struct wm_heap *heap, size_t bytes, bool zero)
{
    if (heap->code != NULL)
        return wm_code_alloc(heap->code, bytes, zero);
    return wm_malloc(bytes, zero);
}

static void give_back(struct wm_heap *heap, void *start)
{
    if (heap->code != NULL)
        wm_code_free(heap->code, start);
    else
        wm_mfree(start);
}

/* --- a heap with a maximum --- */

static size_t charge_of(size_t bytes)
{
    return wm_up(bytes, WM_BLOCK_ALIGNMENT) + WM_BLOCK_HEADER;
}

/* Takes the difference from what is left of the maximum. */
static wm_status recharge(struct wm_heap *heap, size_t before, size_t after)
{
    size_t used = WM_LOAD(heap->used);

    if (heap->nature.maximum == 0)
        return WM_OK;
    do
        if (after > before && used - before + after + LOST_OF_MAXIMUM > heap->nature.maximum)
            return WM_HEAP_FULL;
    while (!__atomic_compare_exchange_n(&heap->used, &used, used - before + after, true, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED));
    return WM_OK;
}

static wm_status charge(struct wm_heap *heap, size_t bytes)
{
    bool too_large = heap->nature.maximum != 0 && bytes >= WM_BLOCK_LARGE - WM_BLOCK_HEADER;

    return too_large ? WM_HEAP_TOO_LARGE : recharge(heap, 0, charge_of(bytes));
}

static void discharge(struct wm_heap *heap, size_t bytes)
{
    recharge(heap, charge_of(bytes), 0);
}

/* --- blocks without a slot --- */

wm_status wm_block_obtain(struct wm_heap *heap, size_t bytes, bool zero, struct wm_block *out)
{
    wm_status st = bytes > WM_BLOCK_MOST ? WM_HEAP_TOO_LARGE : charge(heap, bytes);
    uintptr_t start;

    if (!wm_ok(st))
        return st;
    start = (uintptr_t)obtain(heap, bytes + wm_block_added(bytes), zero);
    if (start == 0) {
        discharge(heap, bytes);
        return WM_HEAP_MEMORY;
    }
    out->lead = wm_block_lead(start, bytes);
    out->at = start + out->lead;
    out->bytes = bytes;
    out->slack = 0;
    return WM_OK;
}

void wm_block_return(struct wm_heap *heap, const struct wm_block *block)
{
    discharge(heap, block->bytes);
    give_back(heap, (void *)wm_block_start(block));
}

/* --- other sizes --- */

/* malloc keeps what a block gives up where it is; if that is much, its pages go. They come back as zeros. */
static void give_up_pages(uintptr_t at, size_t before, size_t after)
{
    struct wm_range pages = {wm_up(at + after, WM_PAGE), wm_down(at + before, WM_PAGE)};

    if (before > after && before - after >= WM_GRANULE)
        wm_kern_drop(pages);
}

/* A large block does not grow into what it gave up: on Windows that is gone. */
static wm_status resize_here(struct wm_heap *heap, struct wm_block *block, size_t bytes)
{
    size_t capacity = wm_block_capacity(block);
    wm_status st = recharge(heap, charge_of(block->bytes), charge_of(bytes));

    if (!wm_ok(st))
        return st;
    give_up_pages(block->at, block->bytes, bytes);
    block->slack = capacity >= WM_BLOCK_LARGE ? 0 : capacity - bytes;
    block->bytes = bytes;
    wm_block_write(block);
    return WM_OK;
}

static wm_status resize_by_copying(struct wm_heap *heap, struct wm_block *block, size_t bytes)
{
    struct wm_block other = *block;
    wm_status st = wm_block_obtain(heap, bytes, false, &other);

    if (!wm_ok(st))
        return st;
    memcpy((void *)other.at, (const void *)block->at, block->bytes < bytes ? block->bytes : bytes);
    wm_block_write(&other);
    wm_block_return(heap, block);
    *block = other;
    return WM_OK;
}

/* Where malloc has moved it, a large block's alignment may be lost. */
static void settle(struct wm_block *block, uintptr_t start, size_t bytes)
{
    size_t lead = bytes >= WM_BLOCK_LARGE ? wm_block_lead(start, bytes) : block->lead;

    if (lead != block->lead)
        memmove((void *)(start + lead), (const void *)(start + block->lead),
                block->bytes < bytes ? block->bytes : bytes);
    block->lead = lead;
    block->at = start + lead;
    block->bytes = bytes;
    block->slack = 0;
    wm_block_write(block);
}

static wm_status resize_by_malloc(struct wm_block *block, size_t bytes)
{
    size_t added = wm_block_added(bytes) > block->lead ? wm_block_added(bytes) : block->lead;
    void *start = wm_realloc((void *)wm_block_start(block), bytes + added);

    if (start == NULL)
        return WM_HEAP_MEMORY;
    settle(block, (uintptr_t)start, bytes);
    return WM_OK;
}

static bool is_to_stay(const struct wm_block *block, size_t bytes, enum wm_moves moves)
{
    return moves == WM_STAYS || (moves == WM_MOVES_TO_GROW && bytes <= block->bytes);
}

/* It has room where it is, and nothing is gained by moving. */
static bool stays(const struct wm_block *block, size_t bytes, bool is_to)
{
    size_t capacity = wm_block_capacity(block);

    return bytes <= capacity && (is_to || bytes >= block->bytes || capacity - bytes < WORTH_RETURNING);
}

static wm_status resize_elsewhere(struct wm_heap *heap, struct wm_block *block, size_t bytes)
{
    bool becomes_large = bytes >= WM_BLOCK_LARGE && block->bytes < WM_BLOCK_LARGE;

    if (heap->code != NULL || heap->nature.maximum != 0 || becomes_large)
        return resize_by_copying(heap, block, bytes);
    return resize_by_malloc(block, bytes);
}

wm_status wm_block_resize(struct wm_heap *heap, struct wm_block *block, size_t bytes, bool zero,
                          enum wm_moves moves)
{
    size_t before = block->bytes;
    bool here = is_to_stay(block, bytes, moves);
    wm_status st;

    if (bytes > WM_BLOCK_MOST)
        return WM_HEAP_TOO_LARGE;
    if (stays(block, bytes, here))
        st = resize_here(heap, block, bytes);
    else
        st = here ? WM_HEAP_IN_PLACE : resize_elsewhere(heap, block, bytes);
    if (!wm_ok(st) && bytes <= wm_block_capacity(block)) /* it has room where it is */
        st = resize_here(heap, block, bytes);
    if (wm_ok(st) && zero && bytes > before)
        memset((void *)(block->at + before), 0, bytes - before);
    return st;
}

/* --- blocks with a slot --- */

/* Threads take turns, so that those which run at the same time have tables of their own, as far as there are enough. */
static unsigned shard(void)
{
    static uint32_t turns;
    static __thread uint32_t mine __attribute__((tls_model("initial-exec")));

    if (__builtin_expect(mine == 0, false))
        mine = __atomic_fetch_add(&turns, 1, __ATOMIC_RELAXED) % WM_HEAP_SHARDS + 1;
    return mine - 1;
}

static uint64_t *take_slot(struct wm_heap *heap, struct wm_block *block)
{
    block->table = heap->stored ? WM_HEAP_STORED : (uint8_t)shard();
    if (heap->stored)
        return wm_store_take(WM_STORE_FIXED, &heap->tables[WM_HEAP_STORED], &block->slot);
    return wm_slots_take(&heap->tables[block->table], &block->slot);
}

void wm_heap_give_slot(struct wm_heap *heap, unsigned table, uint64_t *slot, uint32_t index)
{
    if (heap->stored && table == WM_HEAP_STORED)
        wm_store_give(WM_STORE_FIXED, &heap->tables[table], (struct wm_spare_slot){slot, index});
    else
        wm_slots_give(&heap->tables[table], slot, index, 0);
}

/* A block with a slot, which is published last. */
static wm_status enter(struct wm_heap *heap, struct wm_block *block, uintptr_t *out)
{
    uint64_t *slot = take_slot(heap, block);

    if (__builtin_expect(slot == NULL, false)) {
        wm_block_return(heap, block);
        return WM_HEAP_MEMORY;
    }
    wm_block_write(block);
    WM_STORE(*slot, wm_slot_word(block->at, 0));
    *out = block->at;
    return WM_OK;
}

static __attribute__((noinline)) wm_status alloc_carefully(struct wm_heap *heap, size_t bytes, bool zero,
                                                           uintptr_t *out)
{
    struct wm_block block;
    wm_status st = wm_block_obtain(heap, bytes, zero, &block);

    return wm_ok(st) ? enter(heap, &block, out) : st;
}

wm_status wm_heap_alloc(struct wm_heap *heap, size_t bytes, bool zero, uintptr_t *out)
{
    struct wm_block block;

    if (!heap->plain || bytes >= WM_BLOCK_LARGE)
        return alloc_carefully(heap, bytes, zero, out);
    return wm_block_obtain_plainly(bytes, zero, &block) ? enter(heap, &block, out) : WM_HEAP_MEMORY;
}

static bool find_once(const struct wm_heap *heap, uintptr_t at, struct wm_found_block *out)
{
    struct wm_seen_block seen;

    if (!wm_heap_see(heap, at, &seen) || !wm_header_is_sound(at, seen.header))
        return false;
    *out = (struct wm_found_block){wm_header_block(at, seen.header), seen.slot, seen.word};
    return true;
}

/* A block whose size another thread is changing where it is, is there all the time, and half a header is not the end. */
bool wm_heap_find(const struct wm_heap *heap, uintptr_t at, struct wm_found_block *out)
{
    enum { LOOKS = 4 };

    for (unsigned i = 0; i < LOOKS; i++)
        if (find_once(heap, at, out))
            return true;
    return false;
}

/* The one thread that succeeds may change the block; to all others it is gone. */
static bool claim(uint64_t *slot, uint64_t word, uint64_t as)
{
    return (word & WM_SLOT_BUSY) == 0 && wm_swap(slot, &word, as);
}

static wm_status find_own(const struct wm_heap *heap, uintptr_t at, struct wm_found_block *out)
{
    if (!wm_heap_find(heap, at, out))
        return WM_HEAP_BLOCK;
    return out->block.table == WM_HEAP_MOVABLE ? WM_HEAP_MOVABLE_BLOCK : WM_OK;
}

/* The ordinary case needs nothing of the block but its lead; all others, and what is wrong, are found out again. */
static __attribute__((noinline)) wm_status free_carefully(struct wm_heap *heap, uintptr_t at)
{
    struct wm_found_block found;
    wm_status st = find_own(heap, at, &found);

    if (!wm_ok(st))
        return st;
    if (!claim(found.slot, found.word, WM_SLOT_SPARE))
        return WM_HEAP_BLOCK;
    wm_heap_give_slot(heap, found.block.table, found.slot, found.block.slot);
    wm_block_return(heap, &found.block);
    return WM_OK;
}

wm_status wm_heap_free(struct wm_heap *heap, uintptr_t at)
{
    struct wm_seen_block seen;
    uint64_t table;

    if (__builtin_expect(wm_busy_is_inside(), false))
        return WM_REENTERED;
    if (!heap->plain || !wm_heap_see(heap, at, &seen) || !wm_header_is_sound(at, seen.header))
        return free_carefully(heap, at);
    table = wm_header_table(seen.header);
    if (table == WM_HEAP_MOVABLE || !claim(seen.slot, seen.word, WM_SLOT_SPARE))
        return free_carefully(heap, at);
    wm_heap_give_slot(heap, (unsigned)table, seen.slot, (uint32_t)seen.header.high);
    wm_mfree((void *)(at - wm_header_lead(seen.header)));
    return WM_OK;
}

wm_status wm_heap_resize(struct wm_heap *heap, uintptr_t *at, size_t bytes, bool zero, enum wm_moves moves)
{
    struct wm_found_block found;
    wm_status st = wm_busy_is_inside() ? WM_REENTERED : find_own(heap, *at, &found);

    if (!wm_ok(st))
        return st;
    if (!claim(found.slot, found.word, found.word | WM_SLOT_BUSY))
        return WM_HEAP_BLOCK;
    st = wm_block_resize(heap, &found.block, bytes, zero, moves);
    WM_STORE(*found.slot, wm_slot_word(found.block.at, 0));
    *at = found.block.at;
    return st;
}
