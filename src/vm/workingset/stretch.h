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
    uintptr_t end; /* of the whole range */
};

/*
 * A walk over the stretches of a range, in order:
 *
 *   struct wm_stretch s = wm_stretches_of(r);
 *   while (wm_ok(st) && wm_stretch_next(&s, &st))
 *       ... s.range, s.found ...
 *
 * A step may drop the lock while it waits for somebody who is changing the next extent.
 */
static inline struct wm_stretch wm_stretches_of(struct wm_range r)
{
    return (struct wm_stretch){.range = {r.start, r.start}, .end = r.end};
}

/* False: it is at the end, or cannot go on, and then st becomes why. */
bool wm_stretch_next(struct wm_stretch *s, wm_status *st);

/* Calls visit for the runs of our own stretches that are locked, or for those that are not. */
typedef void wm_run_visitor(struct wm_found *found, struct wm_run run);
void wm_stretch_runs(struct wm_range r, bool locked, wm_run_visitor *visit);

#endif
