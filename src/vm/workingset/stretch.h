/*
 * stretch.h: going through a range that may hold memory of ours and of others.
 *
 * A stretch is a part of an extent of ours, or what lies between two. With the lock held.
 */
#ifndef WM_VM_STRETCH_H
#define WM_VM_STRETCH_H

#include "base/status.h"
#include "core/pages.h"

struct wm_stretch {
    struct wm_range range;
    struct wm_found found; /* of ours */
    bool ours;
};

/* From addr on, at most up to end. */
wm_status wm_stretch_at(uintptr_t addr, uintptr_t end, struct wm_stretch *out);

/* Calls visit for the runs of our own stretches that are locked, or for those that are not. */
typedef void wm_run_visitor(struct wm_found *found, struct wm_run run);
void wm_stretch_runs(struct wm_range r, bool locked, wm_run_visitor *visit);

#endif
