/*
 * pin.h: VirtualLock: pages that stay in memory.
 *
 * Locked pages carry WM_PAGE_LOCKED. They count against the minimum working set, as on Windows, and
 * against RLIMIT_MEMLOCK. A decommit or a release unlocks.
 *
 *   home.locked_pages is how many pages of the book carry the bit
 */
#ifndef WM_VM_PIN_H
#define WM_VM_PIN_H

#include "core/space.h"

/* Pages that are about to lose their memory, whatever becomes of them. With the lock held. */
void wm_pin_uncount(const struct wm_extent *e, struct wm_range r);

#endif
