/*
 * handletable.c: handles of movable memory: finding one, and using its slot again (handletable.h).
 *
 * A slot's word is all that is known of the memory, and changes in one step. Whoever changes size or address
 * claims the slot first (WM_SLOT_BUSY); others wait for him, since a copy is being made, but not for ever: in
 * the child of a fork the thread that claimed it does not exist any more.
 *
 * A slot that is given back keeps its generation. Its next use has the next one, of 128, so an old handle is
 * an error for the next 127 uses and then might be mistaken (L100).
 */
#include "heap/handletable.h"

#include "heap/store.h"
#include "kern/patience.h"

enum { BUSY_FOR = 2000000000 /* nanoseconds; 1 GiB is copied in less */ };

wm_status wm_movable_find(uintptr_t handle, uint64_t **slot, uint64_t *word)
{
    struct wm_patience patience = wm_patience_for(BUSY_FOR);

    while (wm_movable_see(handle, slot, word) && *word != 0 && !(*word & WM_SLOT_SPARE)) {
        if (!(*word & WM_SLOT_BUSY))
            return WM_OK;
        if (!wm_patience_nap(&patience))
            return WM_MEMORY_BUSY;
    }
    return WM_MEMORY_HANDLE;
}

wm_status wm_movable_claim(uintptr_t handle, uint64_t **slot, uint64_t *word)
{
    wm_status st;

    do {
        st = wm_movable_find(handle, slot, word);
        if (!wm_ok(st))
            return st;
    } while (!wm_swap(*slot, word, *word | WM_SLOT_BUSY));
    return WM_OK;
}

uint64_t *wm_movable_take(uint32_t *index, uint64_t *generation)
{
    uint64_t *slot = wm_store_take(WM_STORE_MOVABLE, wm_movable_table(), index);

    if (slot != NULL)
        *generation = wm_movable_generation_after(WM_LOAD(*slot));
    return slot;
}

void wm_movable_drop(uint64_t *slot, uint32_t index, uint64_t word)
{
    WM_STORE(*slot, (word & WM_SLOT_GENERATIONS) | WM_SLOT_SPARE);
    wm_store_give(WM_STORE_MOVABLE, wm_movable_table(), (struct wm_spare_slot){slot, index});
}
