/*
 * target.h: an operation where it is wanted, in the calling process or in another one.
 *
 * The requests are those of vm/ops.h. Results are written on success only.
 */
#ifndef WM_REMOTE_TARGET_H
#define WM_REMOTE_TARGET_H

#include "vm/ops.h"
#include "vm/processes/process.h"

wm_status wm_on_alloc(const struct wm_target *target, struct wm_alloc_req *req);
wm_status wm_on_free(const struct wm_target *target, const struct wm_free_req *req);
wm_status wm_on_protect(const struct wm_target *target, struct wm_protect_req *req);
wm_status wm_on_map_view(const struct wm_target *target, struct wm_view_req *req);
wm_status wm_on_unmap_view(const struct wm_target *target, uintptr_t addr, bool preserve);
wm_status wm_on_unlock(const struct wm_target *target, struct wm_range r);
wm_status wm_on_pages(const struct wm_target *target, struct wm_page_info *pages, size_t count);
wm_status wm_on_working_set(const struct wm_target *target, struct wm_workingset *out);
wm_status wm_on_set_working_set(const struct wm_target *target, const struct wm_workingset *wanted,
                                unsigned changes);
wm_status wm_on_empty_working_set(const struct wm_target *target);

/* Of another process: what a read has met there is a guard page no more. */
wm_status wm_on_lift_guard(const struct wm_target *target, uintptr_t addr);

#endif
