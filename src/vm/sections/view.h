/* view.h: views of sections, for the rest of vm. */
#ifndef WM_VM_VIEW_H
#define WM_VM_VIEW_H

#include "core/space.h"
#include "vm/ops.h"

/* Gives pages of a view another protection, if it asks for no more than the view was mapped with. */
wm_status wm_view_protect(struct wm_found *found, struct wm_range range, uint16_t protect);

/* What committing means in a view: pages of memory get the protection, those of a file were and are committed. */
wm_status wm_view_commit(struct wm_found *found, struct wm_range range, uint16_t protect);

#endif
