/*
 * locked.c: the count of locked pages follows the bit of the runs (locked.h). Whoever takes the memory of
 * pages away calls this before the book changes, while the runs still say which of them were locked.
 */
#include "vm/book/locked.h"

#include "core/pages.h"
#include "vm/book/home.h"

size_t wm_locked_in(const struct wm_extent *e, struct wm_range r)
{
    size_t pages = 0;

    for (struct wm_run_walk w = wm_runs_of(wm_book(), e, r); wm_run_next(&w);)
        if (w.run.state & WM_PAGE_LOCKED)
            pages += wm_range_bytes(w.run.range) / WM_PAGE;
    return pages;
}

/* Mostly there are none: whoever frees memory does not pay for a walk. */
void wm_locked_uncount(const struct wm_extent *e, struct wm_range r)
{
    if (wm_home.locked_pages > 0)
        wm_home.locked_pages -= wm_locked_in(e, r);
}
