/*
 * locked.h: how many pages of the book VirtualLock keeps in memory.
 *
 * Locked pages carry WM_PAGE_LOCKED. They count against the minimum working set, as on Windows, and against
 * RLIMIT_MEMLOCK. A decommit or a release unlocks: whoever takes the memory of pages away takes them out of the count.
 *
 *   home.locked_pages is how many pages of the book carry the bit
 *
 * All functions are called with the lock held.
 */
#ifndef WM_VM_LOCKED_H
#define WM_VM_LOCKED_H

#include "core/space.h"

/* Of r. */
size_t wm_locked_in(const struct wm_extent *e, struct wm_range r);

/* Pages that are about to lose their memory, whatever becomes of them. */
void wm_locked_uncount(const struct wm_extent *e, struct wm_range r);

#endif
