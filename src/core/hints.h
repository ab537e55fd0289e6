/*
 * hints.h: where an address was found before.
 *
 * One index for each granule, as far as the table reaches, so that a query of known memory needs no
 * descent; the table grows with the number of extents. A hint may be stale or somebody else's: it is right if and only if the extent it names is in
 * the book and holds the address, because extents do not overlap. Extents that leave the book are left
 * with no bytes (wm_hints_void), so that nothing lies in them.
 */
#ifndef WM_CORE_HINTS_H
#define WM_CORE_HINTS_H

#include "core/space.h"

/*
 * Neighbours stay neighbours; what lies 64 GiB apart, as arenas do, is shifted by an odd amount. The mask is read first: by
 * then the table that it belongs to is there, or a larger one.
 */
static inline uint32_t *wm_hints_slot(const struct wm_space *space, uintptr_t addr)
{
    uintptr_t granule = addr / WM_GRANULE;
    uint32_t mask = WM_LOAD(space->hint_mask);

    return &WM_LOAD(space->hints)[(granule + (granule >> 20) * 40503) & mask];
}

static inline void wm_hints_note(const struct wm_space *space, uintptr_t addr, uint32_t index)
{
    __atomic_store_n(wm_hints_slot(space, addr), index, __ATOMIC_RELAXED);
}

/* The extent that holds addr (its slack does not count), if the hint is right. */
static inline bool wm_hints_find(const struct wm_space *space, uintptr_t addr, uint32_t *index,
                                 struct wm_extent *e)
{
    *index = __atomic_load_n(wm_hints_slot(space, addr), __ATOMIC_RELAXED);
    if (*index == 0 || !wm_pool_has(&space->extents, *index))
        return false;
    *e = wm_extent_load(wm_pool_at(&space->extents, *index));
    return addr - e->start < e->bytes;
}

static inline void wm_hints_void(const struct wm_space *space, uint32_t index)
{
    static const struct wm_extent nothing = {.bytes = 0};

    wm_extent_store(wm_pool_at(&space->extents, index), &nothing);
}

/* Twice as many words, if there is memory for them (hints.c). */
void wm_hints_grow(struct wm_space *space);

#endif
