/*
 * guard.h: guard pages.
 *
 * A guard page is a committed page that the kernel maps without access until somebody touches it
 * (WM_PAGE_GUARD). Whoever finds the bit under the lock and takes it away is the one who gets the
 * exception; all others find an ordinary page and try again.
 */
#ifndef WM_VM_GUARD_H
#define WM_VM_GUARD_H

#include "core/space.h"
#include "vm/ops.h"

/*
 * Before pages are guarded or shielded by somebody who cannot see to it himself: set by whoever handles faults; NULL: nobody
 * does. It may be called with the lock held.
 */
extern wm_status (*wm_guard_catch_faults)(void);

/* The page at addr loses its guard and gets its protection. With the lock held. */
wm_status wm_guard_lift(struct wm_found *found, uintptr_t addr);

#endif
