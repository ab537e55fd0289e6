/*
 * churn.c: when a stretch is opened as a whole, and how (churn.h).
 *
 * Measured (Linux 6.18): opening 2 MiB takes 16 us, nearly all of it the 512 markers; committing and decommitting
 * 64 KiB takes 1.8 us by markers, and 3.3 to 5 us by mprotect and a new mapping, the more the more mappings there
 * are. So a stretch has to be met five to ten times. That cannot be known beforehand; what it may cost in vain is
 * bounded instead, by what may be kept.
 *
 * What was opened in vain is given back, for its promise, unless the table of mappings is full.
 */
#include "vm/ground/churn.h"

#include "core/pages.h"
#include "kern/map/mapping.h"
#include "kern/pages/pagestate.h"
#include "vm/access.h"
#include "vm/book/home.h"
#include "vm/ground/opening.h"
#include "vm/ground/warm.h"

/*
 * The pages of one page table. And so much must have been decommitted and not been used again: a program that comes
 * back to the same places never has.
 */
#define STRETCH ((size_t)1 << 21)

size_t wm_churn_least = STRETCH / WM_PAGE;

/* In which r is to be committed: one, or two, as far as they are the extent's. */
static struct wm_range stretch_of(const struct wm_extent *e, struct wm_range r)
{
    struct wm_range all = {wm_down(r.start, STRETCH), wm_up(r.end, STRETCH)};

    return wm_range_cut(all, wm_extent_range(e));
}

/* All of it, and nothing was ever done to it. */
static bool is_reserved(const struct wm_extent *e, struct wm_range r)
{
    struct wm_run run = wm_pages_in(wm_book(), e, r, r.start);

    return run.state == 0 && wm_range_holds(run.range, r);
}

/* How much is reserved, and not warm; 0: there is memory of other kinds. */
static size_t reserved_in(const struct wm_extent *e, struct wm_range all)
{
    size_t bytes = 0;

    for (struct wm_run_walk w = wm_runs_of(wm_book(), e, all); wm_run_next(&w);)
        if (w.run.state == 0)
            bytes += wm_range_bytes(w.run.range);
        else if (w.run.state != WM_READWRITE && !(w.run.state & WM_PAGE_WARM))
            return 0;
    return bytes;
}

static bool is_worth_it(const struct wm_extent *e, struct wm_range all, struct wm_range r)
{
    size_t bytes = wm_range_bytes(r), reserved;

    if (wm_home.warm_pages < wm_churn_least || !wm_warm_is_plain(e, bytes) || !is_reserved(e, r) ||
        !wm_kern_has_markers())
        return false;
    reserved = reserved_in(e, all);
    return reserved >= 2 * bytes && wm_warm_has_room(reserved);
}

/* Their promise with them, where it was made already. At the full table of mappings the markers must do. */
static void give_back(struct wm_found *found, struct wm_range all)
{
    for (struct wm_run_walk w = wm_runs_of(wm_book(), &found->extent, all); wm_run_next(&w);)
        if (w.run.state == WM_PAGE_MARKED && wm_kern_discard(w.run.range) == 0)
            WM_SPACE_CHANGES(wm_book())
                wm_pages_set(wm_book(), found, w.run.range, 0);
}

bool wm_churn_prepare(struct wm_found *found, struct wm_range r)
{
    struct wm_range all = stretch_of(&found->extent, r);

    if (!is_worth_it(&found->extent, all, r))
        return false;
    if (wm_opening_make(found, all, WM_PAGE_WARM, WM_OPENING_KEEPS_SPARE))
        return true;
    give_back(found, all);
    return false;
}
