/*
 * atonce.h: the ordinary block of the process's heap, without a call but malloc's.
 *
 * The gate is open (heap.h); the block is not large; the thread has a store with a slot, or with room for one; and what is
 * to be freed is what it seems. Whatever is otherwise, for whatever reason, is left as it was and found out again in the
 * ordinary way (heap.c), which knows the reason.
 *
 * From taking the slot's word on to entering the slot in the store the thread is inside: no handler comes between.
 */
#ifndef WM_HEAP_ATONCE_H
#define WM_HEAP_ATONCE_H

#include "heap/heap.h"
#include "heap/store.h"

/* May be asked of any handle. */
static inline __attribute__((always_inline)) bool wm_heap_gate_is_open(uintptr_t handle)
{
    return __builtin_expect(handle == WM_LOAD(wm_heap_gate), true);
}

/* Nothing has been done. Both are handed what the caller has, so that he need not keep it. */
static __attribute__((noinline, cold, unused)) uintptr_t wm_block_not_at_once(uintptr_t kept)
{
    wm_busy_inside_end();
    return kept;
}

static __attribute__((noinline, cold, unused)) uintptr_t wm_block_told(uintptr_t kept)
{
    wm_busy_tell();
    return kept;
}

/* From here on, the compiler is not to know what it knew of the store: to read it again costs less than to keep it. */
#define WM_FORGET() __asm__ volatile("" ::: "memory")

/* The gate is open. Less than WM_BLOCK_LARGE. False: not at once; bytes is as it was. */
static inline __attribute__((always_inline)) bool wm_block_alloc_at_once(size_t *bytes, bool zero, void **out)
{
    struct wm_block block = {.bytes = *bytes, .lead = WM_BLOCK_HEADER, .table = WM_HEAP_STORED};
    struct wm_spare_slot spare;
    void *start = NULL;

    if (__builtin_expect(wm_busy_is_inside(), false))
        return false;
    wm_busy_inside_begin();
    if (__builtin_expect(wm_store_has_some(wm_store_mine(), WM_STORE_FIXED), true))
        start = zero ? calloc(1, *bytes + WM_BLOCK_HEADER) : malloc(*bytes + WM_BLOCK_HEADER);
    if (__builtin_expect(start == NULL, false)) {
        *bytes = wm_block_not_at_once(*bytes);
        return false;
    }
    WM_FORGET();
    spare = wm_store_pop(wm_store_mine(), WM_STORE_FIXED);
    block.at = (uintptr_t)start + WM_BLOCK_HEADER;
    block.slot = spare.index;
    wm_block_write(&block);
    WM_STORE(*spare.slot, wm_slot_word(block.at, 0));
    if (wm_busy_inside_is_over())
        block.at = wm_block_told(block.at);
    *out = (void *)block.at;
    return true;
}

/*
 * Inside, of a slot that stands for a block which nobody is changing: true, it is the caller's. With one thread alone
 * whoever might come between look and store is a signal handler, and that is refused.
 */
static inline __attribute__((always_inline)) bool wm_slot_end_at_once(uint64_t *slot, uint64_t word,
                                                                      uint64_t spare)
{
    if (!__builtin_expect(WM_THREAD_ALONE, true))
        return wm_swap(slot, &word, spare);
    if (__builtin_expect(WM_LOAD(*slot) != word, false))
        return false;
    WM_STORE(*slot, spare);
    return true;
}

/* The gate is open. False: not at once; at is as it was. */
static inline __attribute__((always_inline)) bool wm_block_free_at_once(uintptr_t *at)
{
    const uint64_t kind = WM_BLOCK_HEADER / WM_HEADER_STEP << WM_HEADER_LEAD | WM_HEAP_STORED;
    struct wm_spare_slot spare;
    struct wm_store *mine;
    struct wm_pair header;

    if (__builtin_expect(*at % WM_BLOCK_ALIGNMENT != 0 || wm_busy_is_inside(), false))
        return false;
    header = wm_try_at_once(*at - WM_BLOCK_HEADER);
    spare.index = (uint32_t)header.high;
    if (__builtin_expect((header.low & WM_HEADER_HALF) != kind || !wm_header_fits(*at, header), false) ||
        __builtin_expect(!wm_slots_find(&wm_process_heap.tables[WM_HEAP_STORED], spare.index, &spare.slot),
                         false))
        return false;
    wm_busy_inside_begin();
    mine = wm_store_mine();
    if (__builtin_expect(!wm_store_has_room(mine, WM_STORE_FIXED) ||
                             !wm_slot_end_at_once(spare.slot, wm_slot_word(*at, 0), WM_SLOT_SPARE),
                         false)) {
        *at = wm_block_not_at_once(*at);
        return false;
    }
    wm_store_push(mine, WM_STORE_FIXED, spare);
    free((void *)(*at - WM_BLOCK_HEADER));
    wm_busy_inside_end();
    return true;
}

#endif
