/*
 * movable.h: Global and Local memory.
 *
 * Fixed memory is a block of the process's heap, and its handle the block's address. Movable memory is a block that a
 * handle stands for (handletable.h).
 */
#ifndef WM_HEAP_MOVABLE_H
#define WM_HEAP_MOVABLE_H

#include "heap/atonce.h"
#include "heap/handletable.h"

struct wm_memory_state {
    size_t bytes;
    unsigned locks; /* 255 is as many as can be counted: further ones are granted and forgotten */
    bool discarded;
    uint32_t told; /* WM_SLOT_DISCARDABLE, WM_SLOT_SHARED */
};

/* How memory is to change. */
struct wm_memory_change {
    size_t bytes;
    bool may_move;   /* though it is fixed or locked; 0 bytes then discard movable memory */
    bool zero;       /* what is added */
    bool attributes; /* only these: */
    bool movable;    /* fixed memory becomes movable */
    uint32_t told;   /* what movable memory tells of itself beside what it tells already */
};

wm_status wm_memory_fixed(size_t bytes, bool zero, uintptr_t *out);
wm_status wm_memory_movable(size_t bytes, bool zero, uint32_t told, uintptr_t *out);
wm_status wm_memory_free(uintptr_t handle);
wm_status wm_memory_change(uintptr_t *handle, const struct wm_memory_change *change); /* memorychange.c */
wm_status wm_memory_state(uintptr_t handle, struct wm_memory_state *out);
wm_status wm_memory_size(uintptr_t handle, size_t *bytes);

/* The address that a handle stands for; it stays as long as somebody has it locked. */
wm_status wm_memory_lock(uintptr_t handle, uintptr_t *out);

/* Of movable memory. left: the locks that remain. */
wm_status wm_memory_unlock(uintptr_t handle, unsigned *left);

/* The handle to an address. */
wm_status wm_memory_handle(uintptr_t at, uintptr_t *handle);

/* Has it the shape of an address, as fixed memory's handle, and can nothing be read there? */
bool wm_memory_is_wild(uintptr_t handle);

/* --- at once (wm_heap_is_quick); false: look in the ordinary way --- */

/* In use, and nobody is changing it. It may have no contents. */
static inline bool wm_memory_is_idle(uint64_t word)
{
    return (word & (WM_SLOT_SPARE | WM_SLOT_BUSY)) == 0;
}

/*
 * With one thread a signal handler is all that can come between look and count, and cannot lock a hundred times: so it is
 * enough that the count is one instruction. A slot that was never used has no address.
 */
static inline __attribute__((always_inline)) bool wm_memory_lock_at_once(uintptr_t handle, uintptr_t *out)
{
    struct wm_seen_block seen;
    uint64_t *slot, word;

    *out = handle;
    if (!wm_movable_is_handle(handle))
        return wm_heap_see_at_once(&wm_process_heap, handle, &seen);
    if (!wm_movable_see(handle, &slot, &word) || !wm_memory_is_idle(word) || (int8_t)word < 0)
        return false;
    *out = wm_slot_address(word);
    if (*out == 0)
        return false;
    if (!WM_THREAD_ALONE)
        return wm_swap(slot, &word, word + WM_SLOT_LOCK);
    wm_machine_step(slot);
    return true;
}

/* The same with fewer locks than a hundred, and not for fixed memory. */
static inline __attribute__((always_inline)) bool wm_memory_unlock_at_once(uintptr_t handle, unsigned *left)
{
    uint64_t *slot, word;

    if (!wm_movable_is_handle(handle) || !wm_movable_see(handle, &slot, &word) || !wm_memory_is_idle(word) ||
        (int8_t)word <= 0)
        return false;
    *left = (uint8_t)word - 1;
    return wm_swap(slot, &word, word - WM_SLOT_LOCK);
}

/* A block that goes while it is looked at: then its slot has changed. */
static inline __attribute__((always_inline)) bool wm_memory_size_at_once(uintptr_t handle, size_t *bytes)
{
    struct wm_seen_block seen;

    if (wm_movable_is_handle(handle)) {
        if (!wm_movable_see(handle, &seen.slot, &seen.word) || !wm_memory_is_idle(seen.word))
            return false;
        if (wm_slot_address(seen.word) == 0)
            return false;
        seen.header.low = wm_try_word_at_once(wm_slot_address(seen.word) - WM_BLOCK_HEADER);
        if (WM_LOAD(*seen.slot) != seen.word)
            return false;
    } else if (!wm_heap_see_at_once(&wm_process_heap, handle, &seen)) {
        return false;
    }
    *bytes = wm_header_bytes(seen.header);
    return true;
}

/* Leak checkers are told of each block: not at once then. */
extern void __lsan_ignore_object(const void *start) __attribute__((weak));

/* The gate is open. Movable memory with some bytes, less than WM_GRANULE; told as for wm_memory_movable. 0: not at once. */
static inline __attribute__((always_inline)) uintptr_t wm_memory_alloc_at_once(size_t bytes, bool zero,
                                                                               uint32_t told)
{
    struct wm_block block = {.bytes = bytes, .lead = WM_BLOCK_HEADER, .table = WM_HEAP_MOVABLE};
    struct wm_spare_slot spare;
    uint64_t generation;
    void *start = NULL;

    if (__builtin_expect(wm_busy_is_inside() || __lsan_ignore_object != NULL, false))
        return 0;
    wm_busy_inside_begin();
    if (__builtin_expect(wm_store_has_some(wm_store_mine(), WM_STORE_MOVABLE), true))
        start = __builtin_expect(zero, false) ? calloc(1, bytes + WM_BLOCK_HEADER)
                                              : malloc(bytes + WM_BLOCK_HEADER);
    if (__builtin_expect(start == NULL, false))
        return wm_block_not_at_once(0);
    WM_FORGET();
    spare = wm_store_pop(wm_store_mine(), WM_STORE_MOVABLE);
    generation = wm_movable_generation_after(WM_LOAD(*spare.slot));
    block.at = (uintptr_t)start + WM_BLOCK_HEADER;
    block.slot = spare.index;
    wm_block_write(&block);
    WM_STORE(*spare.slot, wm_slot_word(block.at, told | generation));
    if (wm_busy_inside_is_over())
        return wm_block_told(wm_movable_of(spare.index, generation));
    return wm_movable_of(spare.index, generation);
}

/* The gate is open. False: not at once; handle is as it was. */
static inline __attribute__((always_inline)) bool wm_memory_free_at_once(uintptr_t *handle)
{
    const uint64_t kind = WM_BLOCK_HEADER / WM_HEADER_STEP << WM_HEADER_LEAD | WM_HEAP_MOVABLE;
    struct wm_spare_slot spare;
    struct wm_store *mine;
    struct wm_pair header;
    uint64_t word;
    uintptr_t at;

    if (__builtin_expect(wm_busy_is_inside() || !wm_movable_see(*handle, &spare.slot, &word) ||
                             !wm_memory_is_idle(word) || wm_slot_address(word) == 0,
                         false))
        return false;
    at = wm_slot_address(word);
    header = wm_try_at_once(at - WM_BLOCK_HEADER);
    if (__builtin_expect((header.low & WM_HEADER_HALF) != kind || !wm_header_fits(at, header), false))
        return false;
    spare.index = wm_movable_slot(*handle);
    wm_busy_inside_begin();
    mine = wm_store_mine();
    if (__builtin_expect(
            !wm_store_has_room(mine, WM_STORE_MOVABLE) ||
                !wm_slot_end_at_once(spare.slot, word, (word & WM_SLOT_GENERATIONS) | WM_SLOT_SPARE),
            false)) {
        *handle = wm_block_not_at_once(*handle);
        return false;
    }
    wm_store_push(mine, WM_STORE_MOVABLE, spare);
    free((void *)(at - WM_BLOCK_HEADER));
    wm_busy_inside_end();
    return true;
}

/* --- for both files --- */

/* A block for a slot that is the caller's. */
wm_status wm_memory_obtain(uint32_t slot, size_t bytes, bool zero, uintptr_t *at);

/* Of a slot that the caller has claimed. */
wm_status wm_memory_return(uintptr_t at);

/* A handle is no address: to a leak checker nobody has the block. Where one runs, it is told. */
void wm_memory_is_held(const struct wm_block *block);

/* Before the process has its heap, nothing is to be found and nothing may be tried. */
static inline bool wm_memory_see_fixed(uintptr_t at, struct wm_seen_block *out)
{
    return WM_LOAD(wm_process_heap.handle) != 0 && wm_heap_see(&wm_process_heap, at, out);
}

static inline wm_status wm_memory_of_heap(wm_status st)
{
    return st == WM_HEAP_BLOCK || st == WM_HEAP_MOVABLE_BLOCK ? WM_MEMORY_HANDLE : st;
}

#endif
