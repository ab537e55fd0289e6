/*
 * hints.c: a table of hints that grows with the book (hints.h).
 *
 * In a table of twice the size an address has the place that it had, or the one half of the table further on. So both halves
 * begin as copies of the smaller table, and every hint is found where it will be looked for. The other copy of it is stale,
 * which is nothing new to those who read hints.
 *
 * Readers have no lock: a table that was in use is never given back, and the mask grows after the table has.
 */
#include "core/hints.h"

static void copy(uint32_t *to, const uint32_t *from, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        __atomic_store_n(&to[i], __atomic_load_n(&from[i], __ATOMIC_RELAXED), __ATOMIC_RELAXED);
}

/* The smaller table is the first half of the larger one, or the one that the book began with. */
void wm_hints_grow(struct wm_space *space)
{
    uint32_t count = space->hint_mask + 1, *table = (uint32_t *)space->more_hints.items;

    if (count > space->more_hints.max / 2 || !wm_pool_reserve(&space->more_hints, 2 * count - 1))
        return;
    if (table != space->hints)
        copy(table, space->hints, count);
    copy(table + count, table, count);
    WM_STORE(space->hints, table);
    WM_STORE(space->hint_mask, 2 * count - 1);
}
