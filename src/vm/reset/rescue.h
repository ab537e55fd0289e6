/*
 * rescue.h: pages whose contents the kernel may drop at any moment, and what is left of them later.
 *
 * note says which pages hold data (WM_MARK_RESET) before the kernel is given the licence to drop them;
 * rescue takes the licence back. What is then still marked is lost. Both need the extent for themselves:
 * the lock, or a claim.
 */
#ifndef WM_VM_RESCUE_H
#define WM_VM_RESCUE_H

#include "core/pages.h"

/* The table of marks must be there. False: it cannot be told what is lost later, so nothing may be. */
bool wm_rescue_note(const struct wm_extent *e, struct wm_range r);

/*
 * Of a run that is mapped as its state says. Marks stay on what is lost, or cannot be proven not to be.
 * Where the claim dropped the lock, pages may be touched.
 */
void wm_rescue(const struct wm_extent *e, struct wm_run run);

#endif
