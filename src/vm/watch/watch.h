/*
 * watch.h: which pages of a MEM_WRITE_WATCH allocation were written.
 *
 * The kernel keeps one bit a page for pages that are committed (kern.h, wm_kern_watch). It forgets them
 * with the mapping, which is what a decommit is to do; but a page that was dirty when VirtualProtect
 * passed over it stays reported even then, so such pages are noted in our own marks ("latched").
 *
 *   every committed page of a watched allocation is registered and reads as unwritten until it is
 *   written, unless the allocation is BLIND: userfaultfd does not tell. Then soft-dirty bits do (soft.h); where there
 *   are none either, or no memory for marks, it is SPARSE as well, and every page that is there counts as written, reset
 *   or not. A written page is never missed.
 *   SPARSE alone: some pages were committed without being protected one by one, because they were too many:
 *   untouched ones read as written there, so that only pages that are there count, less those that were only
 *   read as far as the kernel tells them.
 *
 * All functions are called with the lock held.
 */
#ifndef WM_VM_WATCH_H
#define WM_VM_WATCH_H

#include "vm/watch/watched.h"

/* A new allocation, all of it committed, that nobody else can reach yet: unwritten from now on. */
void wm_watch_start(struct wm_found *found);

/* The same, before they are committed, for those pages of r that are not committed yet. */
void wm_watch_start_reserved(struct wm_found *found, struct wm_range r);

/* VirtualProtect passes over r: what is written by now stays reported until it is reset. */
void wm_watch_latch(struct wm_found *found, struct wm_range r);

/* False: the kernel has forgotten what it watched, see wm_watch_repair. Else it may say too much, but never fails. */
bool wm_watch_scan(struct wm_found *found, struct wm_written *w);

/* Where that does not help either: all of it. */
void wm_watch_say_all(struct wm_written *w);

/*
 * Everything is watched again, and what may have been written meanwhile is latched. Extents that the caller knows
 * are to be read anew.
 */
void wm_watch_repair(void);

#endif
