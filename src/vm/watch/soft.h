/*
 * soft.h: what is known of BLIND allocations (watch.h) by the kernel's soft-dirty bits.
 *
 *   a page counts as written if it is marked (WM_MARK_WRITTEN), or is there and has its bit
 *   bits are cleared of the whole process at once, by wm_soft_gather alone; it marks first what has them in every allocation
 *   that goes by them. So a mark goes only with the page or with a reset, and a bit only where there is a mark instead
 *   an allocation that goes by them has a table of marks
 *
 * All functions are called with the lock held.
 */
#ifndef WM_VM_SOFT_H
#define WM_VM_SOFT_H

#include "vm/watch/watched.h"

/* Do bits tell of it? Else, if it is BLIND, nobody does. */
static inline bool wm_soft_tells(const struct wm_extent *e)
{
    return (e->traits & (WM_TRAIT_BLIND | WM_TRAIT_SPARSE)) == WM_TRAIT_BLIND;
}

/* Pages that are about to be committed: nobody has written to them. */
void wm_soft_start(const struct wm_extent *e, struct wm_range r);

/* Nobody knows what became of pages that are there: they count as written. */
void wm_soft_doubt(const struct wm_extent *e, struct wm_range r);

/* Has some page its bit? True also where nobody can tell. */
bool wm_soft_has_bits(struct wm_range r);

/*
 * Marks what has its bit, everywhere, and clears all bits; a write meanwhile is marked, or has its bit afterwards. May drop the
 * lock at its beginning: extents that the caller knows are to be read anew. False: bits are as they were, and pages that have
 * theirs will be told again.
 */
bool wm_soft_gather(void);

/* Answers as wm_watch_scan does. With a reset the marks of what is told go; unless `gathered`, what has its bit is marked before. */
void wm_soft_scan(const struct wm_found *found, struct wm_written *w);

#endif
