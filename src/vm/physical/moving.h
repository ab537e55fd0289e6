/*
 * moving.h: frames as private pages that the kernel moves between slot and window (kern/pages/uffd_move.c).
 *
 * The kernel moves pages between ranges that are registered with one descriptor, and forgets all of them when
 * the program closes it; the pages stay where they are. Used by the parking area alone, with frames locked.
 */
#ifndef WM_VM_MOVING_H
#define WM_VM_MOVING_H

#include "base/range.h"
#include "base/status.h"

/* Fails where the kernel does not move pages, or there is no descriptor for it. */
int wm_moving_open(void);

/* False if the program closed it: the number may be that of another one by now. */
bool wm_moving_is_open(void);

/* If it is open. */
void wm_moving_close(void);

/* Opens another descriptor, for the slots and all windows. With the book's lock. */
wm_status wm_moving_renew(struct wm_range slots);

/* Registers pages. */
int wm_moving_admit(struct wm_range r);

/* Before anything is filled. Stays, whatever becomes of the descriptor. */
int wm_moving_make_zeros(void);

/* Puts zeroed pages where none are: *filled bytes of them, from the first on, if it fails. */
int wm_moving_fill(struct wm_range r, size_t *filled);

/* *done pages, from the first on, if it fails. */
int wm_moving_move(struct wm_range from, uintptr_t to, uint32_t *done);

#endif
