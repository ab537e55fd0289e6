/*
 * memorychange.c: GlobalReAlloc and LocalReAlloc: other sizes and attributes (movable.h).
 *
 * What happens depends on what the memory is (fixed, movable, locked, discarded) and on the flags, and was
 * observed for every combination (O263 to O272). Three things hold in all of them: a handle stays the same,
 * but for fixed memory, whose handle is its address; locked memory moves only where the flags allow it; what
 * fails leaves the memory as it was (D10.3e).
 *
 * Movable memory is claimed while it changes, so that nobody locks an address that is about to go, and the
 * new word is stored once, at the end.
 */
#include "heap/movable.h"

/* --- movable memory: a slot that is claimed, and the word that it is to have --- */

static uint64_t refilled(uint64_t word, uintptr_t at)
{
    return wm_slot_word(at, word & WM_SLOT_META);
}

static wm_status empty(uint64_t *word, const struct wm_memory_change *change)
{
    uintptr_t at = wm_slot_block(*word);

    if (!change->may_move)
        return WM_MEMORY_EMPTY;
    if (wm_locks_in(*word) > 0)
        return WM_MEMORY_LOCKED;
    *word &= WM_SLOT_META;
    return at != 0 ? wm_memory_return(at) : WM_OK;
}

static wm_status refill(uint64_t *word, uint32_t slot, const struct wm_memory_change *change)
{
    uintptr_t at;
    wm_status st = wm_memory_obtain(slot, change->bytes, change->zero, &at);

    if (wm_ok(st))
        *word = refilled(*word, at);
    return st;
}

static wm_status resize(uint64_t *word, const struct wm_memory_change *change)
{
    bool is_held = wm_locks_in(*word) > 0 && !change->may_move;
    struct wm_block block;
    wm_status st;

    if (!wm_block_read(wm_slot_block(*word), &block))
        return WM_HEAP_BLOCK;
    st = wm_block_resize(&wm_process_heap, &block, change->bytes, change->zero,
                         is_held ? WM_STAYS : WM_MOVES_TO_GROW);
    wm_memory_is_held(&block);
    *word = refilled(*word, block.at);
    return st;
}

static wm_status change_claimed(uint64_t *word, uint32_t slot, const struct wm_memory_change *change)
{
    if (change->attributes) {
        *word |= change->told;
        return WM_OK;
    }
    if (change->bytes == 0)
        return empty(word, change);
    return wm_slot_block(*word) == 0 ? refill(word, slot, change) : resize(word, change);
}

static wm_status change_movable(uintptr_t handle, const struct wm_memory_change *change)
{
    uint64_t *slot, word;
    wm_status st = wm_movable_claim(handle, &slot, &word);

    if (!wm_ok(st))
        return st;
    st = change_claimed(&word, wm_movable_slot(handle), change);
    WM_STORE(*slot, word);
    return st;
}

/* --- fixed memory --- */

/* The block stays where it is: only the header and the new slot speak of it from now on. */
static uintptr_t move_to_handle(struct wm_block *block, uint64_t *slot, uint64_t meta)
{
    block->table = WM_HEAP_MOVABLE;
    wm_block_write(block);
    wm_memory_is_held(block);
    WM_STORE(*slot, wm_slot_word(block->at, meta));
    return wm_movable_of(block->slot, meta);
}

static wm_status make_movable(uintptr_t *handle, uint32_t told)
{
    struct wm_found_block found;
    uint64_t *slot, generation, word;
    struct wm_block block;

    if (!wm_heap_find(&wm_process_heap, *handle, &found) || found.block.table == WM_HEAP_MOVABLE)
        return WM_MEMORY_HANDLE;
    block = found.block;
    slot = wm_movable_take(&block.slot, &generation);
    if (slot == NULL)
        return WM_HEAP_MEMORY;
    word = found.word;
    if ((word & WM_SLOT_BUSY) || !wm_swap(found.slot, &word, WM_SLOT_SPARE)) {
        wm_movable_drop(slot, block.slot, generation);
        return WM_MEMORY_HANDLE;
    }
    *handle = move_to_handle(&block, slot, told | generation);
    wm_heap_give_slot(&wm_process_heap, found.block.table, found.slot, found.block.slot);
    return WM_OK;
}

static wm_status change_fixed(uintptr_t *handle, const struct wm_memory_change *change)
{
    struct wm_seen_block seen;

    if (!change->attributes)
        return wm_memory_of_heap(wm_heap_resize(&wm_process_heap, handle, change->bytes, change->zero,
                                                change->may_move ? WM_MOVES_TO_GROW : WM_STAYS));
    if (change->movable)
        return make_movable(handle, change->told);
    return wm_memory_see_fixed(*handle, &seen) ? WM_OK : WM_MEMORY_HANDLE;
}

wm_status wm_memory_change(uintptr_t *handle, const struct wm_memory_change *change)
{
    struct wm_heap *heap;
    wm_status st = wm_busy_is_inside() ? WM_REENTERED : wm_heap_process(&heap);

    if (!wm_ok(st))
        return st;
    wm_heap_pass(heap);
    return wm_movable_is_handle(*handle) ? change_movable(*handle, change) : change_fixed(handle, change);
}
