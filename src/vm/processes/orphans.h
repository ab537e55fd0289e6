/*
 * orphans.h: children that this process has started and has no handles to any more.
 *
 * Linux keeps what is left of a child that has ended until its parent has waited for it. As long as there is a handle it
 * is kept, since it tells how the child ended. Whoever is left alone before is waited for whenever somebody comes by.
 */
#ifndef WM_VM_ORPHANS_H
#define WM_VM_ORPHANS_H

#include "kern/process/peer.h"

/* The last handle is closed. Takes over what is open of it. */
void wm_orphan_leave(struct wm_peer *child);

/* Those who have ended by now are waited for. */
void wm_orphans_sweep(void);

#endif
