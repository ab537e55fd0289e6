/*
 * crowd.c: whether a hole may be made (crowd.h).
 *
 * How many mappings there are, only the kernel knows, and counting them takes it a microsecond for each. So they are
 * counted once for so many holes, and no further than to the half of what may be; between two counts there can be twice as
 * many more, which leaves a third of the table to everybody else.
 */
#include "vm/ground/crowd.h"

#include "core/pages.h"
#include "kern/map/mapping.h"
#include "kern/system/system.h"
#include "vm/book/home.h"

uint32_t wm_crowd_least = 8192, wm_crowd_every = 4096;

/* Read/write below, whatever it is to the program: with such a neighbour, memory that was in use is one mapping. */
static bool is_open_at(uintptr_t addr)
{
    struct wm_found found;

    if (!wm_space_at(wm_book(), addr, &found) || addr >= wm_extent_range(&found.extent).end)
        return false;
    if (found.extent.kind == WM_FREE)
        return wm_extent_is_given_up(&found.extent) || found.extent.ground == WM_GROUND_WARM;
    return found.extent.kind == WM_PRIVATE &&
           wm_page_below(wm_pages_at(wm_book(), &found.extent, addr).state) == WM_BELOW_READWRITE;
}

bool wm_crowd_is_around(struct wm_range r)
{
    return is_open_at(r.start - 1) && is_open_at(r.end);
}

static bool is_crowded(void)
{
    struct wm_crowd *crowd = &wm_home.crowd;
    size_t half;

    if (++crowd->asked < wm_crowd_every)
        return crowd->is;
    crowd->asked = 0;
    half = wm_kern_max_maps() / 2;
    crowd->is = wm_kern_count_vmas(half) >= half;
    return crowd->is;
}

bool wm_crowd_bars(struct wm_range r)
{
    const struct wm_pool *extents = &wm_book()->extents;

    return extents->used - extents->free_count > wm_crowd_least && wm_crowd_is_around(r) && is_crowded();
}
