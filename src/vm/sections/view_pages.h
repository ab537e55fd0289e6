/* view_pages.h: protections inside a view. */
#ifndef WM_VM_VIEW_PAGES_H
#define WM_VM_VIEW_PAGES_H

#include "core/space.h"
#include "vm/ops.h"

/* Gives pages of a view another protection, if it asks for no more than the view was mapped with. */
wm_status wm_view_protect(struct wm_found *found, struct wm_range range, uint16_t protect);

#endif
