/*
 * vacate.h: the end of an extent.
 *
 * All functions are called with the lock held; wm_place_vacate may drop it over a system call.
 */
#ifndef WM_VM_VACATE_H
#define WM_VM_VACATE_H

#include "base/status.h"
#include "core/space.h"

/* Takes an extent out of the book that has nothing under it. */
void wm_place_drop(struct wm_found found);

/*
 * Takes what lies under an extent away, and the extent out of the book. Where the table of mappings is
 * so full that this would need a mapping that there is not, what has no access becomes an arena's ground;
 * other pages get guard markers, and their addresses are given up (givenup.h).
 */
wm_status wm_place_vacate(struct wm_found found);

/* Was nothing ever under it but addresses? */
static inline bool wm_place_is_bare(const struct wm_extent *e)
{
    return e->kind != WM_VIEW && e->state == 0 && (e->flags & WM_EXTENT_MIXED) == 0 && e->traits == 0;
}

#endif
