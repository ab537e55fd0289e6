/*
 * physical.h: MEM_PHYSICAL allocations (windows) as the other operations meet them.
 *
 * A window's pages are reserved for good, by the book: no operation on page states applies to them. What
 * they show is the frames' business (core/frames.h).
 *
 * Locks: the book's first, then wm_home.frame_lock; the book's may be dropped while the other is held,
 * and is not taken again until that is dropped.
 */
#ifndef WM_VM_PHYSICAL_H
#define WM_VM_PHYSICAL_H

#include "base/status.h"
#include "core/space.h"

/* Makes a window of what was just reserved, or gives it back. */
wm_status wm_physical_furnish(uintptr_t start);

/* Releases a window; its frames are parked. */
wm_status wm_physical_vacate(struct wm_found found);

/* The slot of a page where a frame lies: some window's. With the book's lock. */
uint32_t *wm_physical_slot_at(uintptr_t at);

/*
 * For a fault: does a frame lie at this address of a window and can be touched, so that whoever did was just
 * too early and may try again? Waits for changes under way. False if this thread is making one.
 */
bool wm_physical_reachable(uintptr_t addr, bool write);

#endif
