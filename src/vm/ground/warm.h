/*
 * warm.h: memory that was given back a moment ago, kept for whoever wants the same again.
 *
 * Mapping and unmapping take the kernel's lock on the whole address space; guard markers
 * (MADV_GUARD_INSTALL) drop contents and access without it, for a third of the price, and two threads do
 * not meet. So short stretches of read/write memory stay mapped under markers: pages that are decommitted
 * (WM_PAGE_WARM) and open ground that is released (WM_GROUND_WARM). What is kept is not given back to the
 * kernel's count of promises, so it is bounded; and it goes when the kernel refuses somebody else.
 *
 * Ground of which all pages were there keeps them, where that is what the last releases were like, and is closed by a
 * protection (WM_GROUND_FULL): to clear a page costs a twentieth of bringing in another one.
 *
 *   home.warm_bytes is the sum over both kinds, home.warm_pages of the decommitted pages alone
 *
 * All functions are called with the lock held.
 */
#ifndef WM_VM_WARM_H
#define WM_VM_WARM_H

#include "core/space.h"

/* Memory without further wishes, and of a length that is kept. */
bool wm_warm_is_plain(const struct wm_extent *e, size_t bytes);

/*
 * Mark what is all committed read/write, if it may be kept. True: done, and counted. The extent has been found by
 * wm_home_find, and the book made ready, since the lock may be dropped (WM_HOME_CLAIM_MARKERS).
 */
bool wm_warm_keep_ground(const struct wm_found *found, enum wm_ground *ground);
bool wm_warm_keep_pages(const struct wm_found *found, struct wm_range r);

/* May so much be kept beside what is? More than a little only where nobody keeps count of promises. */
bool wm_warm_has_room(size_t bytes);

/* Pages that are in this state from now on: kept or shielded, if that says WARM or DENSE. */
void wm_warm_count(struct wm_range r, uint16_t state);

/* Pages of an extent that are so no longer, whatever becomes of them: to be called before. */
void wm_warm_uncount(const struct wm_extent *e, struct wm_range r);

/* Free warm ground for e, which is to be read/write at once: unmarked and carved. False: there is none. */
bool wm_warm_reuse(struct wm_extent *e);

/* Unmaps free warm ground; false if the kernel cannot. */
bool wm_warm_cool(struct wm_found found);

/*
 * Gives back what is kept, because the kernel has refused somebody: free ground, and where promises are counted
 * decommitted pages as well. False: there was none. True: what was known of pages before is not known any more.
 */
bool wm_warm_cool_all(void);

#endif
