/* watched.h: what is asked of a watched allocation; for all who answer (watch.h, soft.h). */
#ifndef WM_VM_WATCHED_H
#define WM_VM_WATCHED_H

#include "core/space.h"
#include "kern/pages/pagestate.h"

static inline bool wm_is_watched(const struct wm_extent *e)
{
    return e->kind == WM_PRIVATE && (e->traits & WM_TRAIT_WATCHED) != 0;
}

/* What counts as written in a range whose pages are all committed, as far as it fits. */
struct wm_written {
    struct wm_range range;
    bool reset;
    bool gathered; /* see soft.h: this has been done, and bits are those of later writes */
    size_t most;   /* pages, 0: no limit */
    struct wm_page_run *runs;
    size_t capacity; /* of runs; 0: only reset */
    size_t count;
    uintptr_t stopped;
};

#endif
