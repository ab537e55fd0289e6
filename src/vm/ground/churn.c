/*
 * churn.c: when a stretch is opened as a whole, and how (churn.h).
 *
 * Measured (Linux 6.18): opening 2 MiB takes 16 us, nearly all of it the 512 markers; committing and decommitting
 * 64 KiB takes 1.8 us by markers, and 3.3 to 5 us by mprotect and a new mapping, the more the more mappings there
 * are. So a stretch has to be met five to ten times. That cannot be known beforehand; what it may cost in vain is
 * bounded instead, by what may be kept.
 *
 *   the pages of a stretch around what is committed are WARM, and counted as such (warm.h)
 *   markers come before the access below them, and go again where that cannot be given
 */
#include "vm/ground/churn.h"

#include "core/pages.h"
#include "kern/map/mapping.h"
#include "kern/pages/pagestate.h"
#include "vm/access.h"
#include "vm/book/home.h"
#include "vm/ground/warm.h"

/*
 * The pages of one page table. And so much must have been decommitted and not been used again: a program that comes
 * back to the same places never has.
 */
#define STRETCH ((size_t)1 << 21)

size_t wm_churn_least = STRETCH / WM_PAGE;

/* The stretch in which r is to be committed, or two, as far as they are the extent's; what lies before r, and behind. */
struct opening {
    struct wm_range all, side[2];
};

static struct opening opening_of(const struct wm_extent *e, struct wm_range r)
{
    struct wm_range all = {wm_down(r.start, STRETCH), wm_up(r.end, STRETCH)};

    all = wm_range_cut(all, wm_extent_range(e));
    return (struct opening){all, {{all.start, r.start}, {r.end, all.end}}};
}

/* All of it, and nothing was ever done to it. */
static bool is_reserved(const struct wm_extent *e, struct wm_range r)
{
    struct wm_run run = wm_pages_in(wm_book(), e, r, r.start);

    return run.state == 0 && wm_range_holds(run.range, r);
}

/* Adds what is reserved in one side, and not warm. False: there is memory of other kinds in it. */
static bool reserved_in(const struct wm_extent *e, struct wm_range side, size_t *bytes)
{
    for (struct wm_run_walk w = wm_runs_of(wm_book(), e, side); wm_run_next(&w);)
        if (w.run.state == 0)
            *bytes += wm_range_bytes(w.run.range);
        else if (w.run.state != WM_READWRITE && !(w.run.state & WM_PAGE_WARM))
            return false;
    return true;
}

static bool is_worth_it(const struct wm_extent *e, const struct opening *o, struct wm_range r)
{
    size_t bytes = wm_range_bytes(r), more = 0;

    if (wm_home.warm_pages < wm_churn_least || !wm_warm_is_plain(e, bytes) || !is_reserved(e, r) ||
        !wm_kern_has_markers())
        return false;
    return reserved_in(e, o->side[0], &more) && reserved_in(e, o->side[1], &more) && more >= bytes &&
           wm_warm_has_room(more);
}

static int mark(const struct wm_extent *e, struct wm_range side)
{
    int error = 0;

    for (struct wm_run_walk w = wm_runs_of(wm_book(), e, side); error == 0 && wm_run_next(&w);)
        if (w.run.state == 0)
            error = wm_kern_mark(w.run.range);
    return error;
}

static int open_up(const struct wm_extent *e, const struct opening *o)
{
    int error = mark(e, o->side[0]);

    if (error == 0)
        error = mark(e, o->side[1]);
    return error != 0 ? error : wm_kern_protect(o->all, WM_ACCESS_READ | WM_ACCESS_WRITE);
}

static void keep_side(struct wm_found *found, struct wm_range side)
{
    for (struct wm_run_walk w = wm_runs_of(wm_book(), &found->extent, side); wm_run_next(&w);)
        if (w.run.state == 0) {
            wm_warm_count_pages(w.run.range);
            wm_pages_set(wm_book(), found, w.run.range, WM_PAGE_MARKED | WM_PAGE_WARM);
        }
}

/* Some of it may have markers, some access: mprotect stops half-way. At the full table of mappings markers must do. */
static void close_again(struct wm_found *found, const struct opening *o)
{
    for (struct wm_run_walk w = wm_runs_of(wm_book(), &found->extent, o->all); wm_run_next(&w);) {
        if (w.run.state != 0 || wm_kern_discard(w.run.range) == 0)
            continue;
        wm_kern_mark(w.run.range);
        WM_SPACE_CHANGES(wm_book())
            wm_pages_set(wm_book(), found, w.run.range, WM_PAGE_MARKED);
    }
}

bool wm_churn_commit(struct wm_found *found, struct wm_range r)
{
    struct opening o = opening_of(&found->extent, r);

    if (!is_worth_it(&found->extent, &o, r) || !wm_pages_ready(wm_book(), &found->extent, o.all))
        return false;
    if (open_up(&found->extent, &o) != 0) {
        close_again(found, &o);
        return false;
    }
    WM_SPACE_CHANGES(wm_book()) {
        keep_side(found, o.side[0]);
        keep_side(found, o.side[1]);
        wm_pages_set(wm_book(), found, r, WM_READWRITE);
    }
    return true;
}
