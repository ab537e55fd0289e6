/*
 * handletable.h: handles of movable memory.
 *
 * A handle is the number of a slot, in a table of their own (slots.h), and a generation. The slot stands for the memory: so
 * the block may move or go while the handle stays the same. The generation counts the uses of the slot: so the handle of
 * memory that was freed is not taken for that of the memory which has the slot now. The slot's word holds the block's
 * address, the locks and the generation. Generations go from 128 to 255 and round again; a slot that was never used says
 * 0, which is none of them.
 *
 *   generation << 36 | slot << 4 | 8
 */
#ifndef WM_HEAP_HANDLETABLE_H
#define WM_HEAP_HANDLETABLE_H

#include "heap/heap.h"

enum {
    WM_HANDLE_KIND = 8, /* the low four bits: no address of a block has these */
    WM_HANDLE_KIND_MASK = 15,
    WM_HANDLE_SLOT_SHIFT = 4,
    WM_HANDLE_GENERATION_SHIFT = 36,
    WM_GENERATION_FIRST = 128,
    WM_LOCKS_MOST = 255
};

static inline bool wm_movable_is_handle(uintptr_t handle)
{
    return ((handle - WM_HANDLE_KIND) & WM_HANDLE_KIND_MASK) == 0;
}

static inline uint32_t wm_movable_slot(uintptr_t handle)
{
    return (uint32_t)(handle >> WM_HANDLE_SLOT_SHIFT);
}

static inline struct wm_slots *wm_movable_table(void)
{
    struct wm_slots *table = &wm_process_heap.tables[WM_HEAP_MOVABLE];

    __asm__("" : "+r"(table)); /* or the compiler makes an address for each part of it */
    return table;
}

static inline unsigned wm_locks_in(uint64_t word)
{
    return (word & WM_SLOT_LOCKS) / WM_SLOT_LOCK;
}

/* What a handle says above its slot. */
static inline uintptr_t wm_movable_upper(uint64_t word)
{
    return (word & WM_SLOT_GENERATIONS) / WM_SLOT_GENERATION;
}

static inline uintptr_t wm_movable_of(uint32_t slot, uint64_t word)
{
    uintptr_t both = wm_movable_upper(word) << (WM_HANDLE_GENERATION_SHIFT - WM_HANDLE_SLOT_SHIFT) | slot;

    return both << WM_HANDLE_SLOT_SHIFT | WM_HANDLE_KIND;
}

static inline uint64_t wm_movable_generation_after(uint64_t word)
{
    return ((word + WM_SLOT_GENERATION) & WM_SLOT_GENERATIONS) | WM_GENERATION_FIRST * WM_SLOT_GENERATION;
}

/* Whether the word of the handle's slot is about this use of it. It may be spare again. */
static inline bool wm_movable_is_about(uintptr_t handle, uint64_t word)
{
    return handle >> WM_HANDLE_GENERATION_SHIFT == wm_movable_upper(word);
}

/* The slot and its word, whoever is changing the memory. False: there is no such handle. */
static inline __attribute__((always_inline)) bool wm_movable_see(uintptr_t handle, uint64_t **slot,
                                                                 uint64_t *word)
{
    if (!wm_slots_find(wm_movable_table(), wm_movable_slot(handle), slot))
        return false;
    *word = WM_LOAD(**slot);
    return wm_movable_is_about(handle, *word);
}

/* The same, when nobody is changing it. Waits, but not for ever. */
wm_status wm_movable_find(uintptr_t handle, uint64_t **slot, uint64_t *word);

/* From now on others wait, until another word is stored. */
wm_status wm_movable_claim(uintptr_t handle, uint64_t **slot, uint64_t *word);

/* A new handle's slot, and what its word has to say beside all else. */
uint64_t *wm_movable_take(uint32_t *index, uint64_t *generation);

/* The handle is no more; word is what its slot said. */
void wm_movable_drop(uint64_t *slot, uint32_t index, uint64_t word);

#endif
