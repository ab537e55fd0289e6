#include "vm/pages/stretch.h"

#include "vm/book/home.h"

wm_status wm_stretch_at(uintptr_t addr, uintptr_t end, struct wm_stretch *out)
{
    struct wm_found next;
    wm_status st = wm_home_find(addr, &out->found, &out->ours);

    out->range = (struct wm_range){addr, end};
    if (!wm_ok(st))
        return st;
    if (out->ours)
        out->range = wm_range_cut(out->range, wm_extent_range(&out->found.extent));
    else if (wm_space_first_in(&wm_home.space, out->range, true, &next))
        out->range.end = next.extent.start > addr ? next.extent.start : addr;
    return wm_range_bytes(out->range) == 0 ? WM_LOCK_NO_ACCESS : WM_OK;
}

void wm_stretch_runs(struct wm_range r, bool locked, void (*visit)(struct wm_found *found, struct wm_run run))
{
    struct wm_stretch stretch;
    struct wm_run run;

    for (uintptr_t addr = r.start; addr < r.end && wm_ok(wm_stretch_at(addr, r.end, &stretch));
         addr = stretch.range.end)
        for (uintptr_t at = addr; stretch.ours && at < stretch.range.end; at = run.range.end) {
            run = wm_pages_in(&wm_home.space, &stretch.found.extent, stretch.range, at);
            if (((run.state & WM_PAGE_LOCKED) != 0) == locked && (run.state & WM_PAGE_PROTECT))
                visit(&stretch.found, run);
        }
}
