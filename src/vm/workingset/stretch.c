/*
 * stretch.c: a range cut into what is ours and what is not (stretch.h). An extent that somebody is changing
 * is waited for, with the lock dropped: so a walk sees each stretch as it is when it comes there.
 */
#include "vm/workingset/stretch.h"

#include "vm/book/home.h"

bool wm_stretch_next(struct wm_stretch *s, wm_status *st)
{
    uintptr_t addr = s->range.end;
    struct wm_found next;

    if (addr >= s->end)
        return false;
    s->range = (struct wm_range){addr, s->end};
    *st = wm_home_find(addr, &s->found, &s->ours);
    if (!wm_ok(*st))
        return false;
    if (s->ours)
        s->range = wm_range_cut(s->range, wm_extent_range(&s->found.extent));
    else if (wm_space_first_in(wm_book(), s->range, true, &next))
        s->range.end = next.extent.start > addr ? next.extent.start : addr;
    if (wm_range_bytes(s->range) == 0)
        *st = WM_LOCK_NO_ACCESS;
    return wm_ok(*st);
}

static void visit_runs(struct wm_stretch *s, bool locked, wm_run_visitor *visit)
{
    for (struct wm_run_walk w = wm_runs_of(wm_book(), &s->found.extent, s->range); wm_run_next(&w);)
        if (((w.run.state & WM_PAGE_LOCKED) != 0) == locked && (w.run.state & WM_PAGE_PROTECT))
            visit(&s->found, w.run);
}

void wm_stretch_runs(struct wm_range r, bool locked, wm_run_visitor *visit)
{
    struct wm_stretch s = wm_stretches_of(r);
    wm_status st;

    while (wm_stretch_next(&s, &st))
        if (s.ours)
            visit_runs(&s, locked, visit);
}
