/* reset.h: MEM_RESET and its undoing, inside an extent that was found. */
#ifndef WM_VM_RESET_H
#define WM_VM_RESET_H

#include "base/status.h"
#include "core/space.h"

/* The contents of the committed pages may go. Only a wrong range fails. */
wm_status wm_reset(struct wm_found *found, struct wm_range r);

/* They may not any longer; WM_CONTENTS_LOST if some are gone, or may be. */
wm_status wm_reset_undo(struct wm_found *found, struct wm_range r);

/*
 * For whoever locks pages in memory: before the kernel fills up what it had dropped, notes what is lost. A
 * later wm_reset_undo trusts that.
 */
void wm_reset_settle(struct wm_found *found, struct wm_range r);

#endif
