/* regions.h: what lies at an address, in whichever process. */
#ifndef WM_REMOTE_REGIONS_H
#define WM_REMOTE_REGIONS_H

#include "vm/ops.h"
#include "vm/processes/process.h"

/* As wm_op_query, wm_op_committed and wm_op_mapped_name. */
wm_status wm_remote_query(const struct wm_target *target, uintptr_t addr, struct wm_region *out);
wm_status wm_remote_committed(const struct wm_target *target, const struct wm_region *region, size_t *out);
wm_status wm_remote_mapped_name(const struct wm_target *target, uintptr_t addr, char *name, size_t bytes);

#endif
