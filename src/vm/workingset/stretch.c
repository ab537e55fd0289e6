#include "vm/workingset/stretch.h"

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
    else if (wm_space_first_in(wm_book(), out->range, true, &next))
        out->range.end = next.extent.start > addr ? next.extent.start : addr;
    return wm_range_bytes(out->range) == 0 ? WM_LOCK_NO_ACCESS : WM_OK;
}

static void visit_runs(struct wm_stretch *s, bool locked, wm_run_visitor *visit)
{
    for (struct wm_run_walk w = wm_runs_of(wm_book(), &s->found.extent, s->range); wm_run_next(&w);)
        if (((w.run.state & WM_PAGE_LOCKED) != 0) == locked && (w.run.state & WM_PAGE_PROTECT))
            visit(&s->found, w.run);
}

void wm_stretch_runs(struct wm_range r, bool locked, wm_run_visitor *visit)
{
    struct wm_stretch stretch;

    for (uintptr_t addr = r.start; addr < r.end && wm_ok(wm_stretch_at(addr, r.end, &stretch));
         addr = stretch.range.end)
        if (stretch.ours)
            visit_runs(&stretch, locked, visit);
}
