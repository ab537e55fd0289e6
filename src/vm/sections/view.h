/* view.h: views of sections, for the rest of vm. */
#ifndef WM_VM_VIEW_H
#define WM_VM_VIEW_H

#include "core/space.h"
#include "vm/ops.h"

struct wm_section;

/* Gives pages of a view another protection, if it asks for no more than the view was mapped with. */
wm_status wm_view_protect(struct wm_found *found, struct wm_range range, uint16_t protect);

/* Maps a view, which takes over one reference to the section if that succeeds. */
wm_status wm_view_map(struct wm_view_req *req, const struct wm_section *section, uint32_t index);

/* Of the section that the request brings with it (offered.c). */
wm_status wm_view_map_offered(struct wm_view_req *req);

#endif
