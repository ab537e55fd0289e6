/*
 * pages_kern.c: the kernel's protections follow the states of private pages (pages_kern.h).
 *
 *   a page allows what its state says, or less while home.unsettled is set; never more
 *   the book changes after the kernel has done all of it: until then it says what to put back
 *
 * mprotect over several mappings that is refused has changed the ones before (pinned:
 * fulltable.mprotect_stops_half_way), and where the table of mappings is full, changing back may need more
 * than there is. What is done about it, and how far away the worst case is, tells
 * docs/design/full-table.md.
 *
 * Not every difference in state is one for the kernel: PAGE_NOACCESS and reserved are the same to it, and
 * so are PAGE_EXECUTE and PAGE_EXECUTE_READ. What is the same costs no call and splits no mapping.
 */
#include "vm/pages/pages_kern.h"

#include <errno.h>

#include "core/pages.h"
#include "kern/map/mapping.h"
#include "kern/pages/pagestate.h"
#include "vm/access.h"
#include "vm/book/home.h"
#include "vm/ground/spare.h"
#include "vm/pages/shield.h"

/* What is kept in the page table, and not by a mapping. */
static bool is_covered(uint16_t state)
{
    return (state & (WM_PAGE_MARKED | WM_PAGE_DENSE)) != 0;
}

/*
 * Marked pages fault whatever their mapping allows; warm and dense ones are to be read/write below. The markers and shields
 * come first, for they need no mapping; and without its shield no page becomes read/write below.
 */
static int allow_again(struct wm_run run, enum wm_spare_for purpose)
{
    bool shielded = wm_page_is_shielded(run.state);
    int error = shielded                     ? wm_kern_shield(run.range)
                : run.state & WM_PAGE_MARKED ? wm_kern_mark(run.range)
                                             : 0;

    if (shielded && error != 0)
        return error;
    if (run.state & (WM_PAGE_WARM | WM_PAGE_DENSE))
        return wm_spare_protect(run.range, WM_ACCESS_READ | WM_ACCESS_WRITE, purpose);
    if ((run.state & WM_PAGE_MARKED) && error == 0)
        return 0;
    return wm_spare_protect(run.range, wm_access_of(run.state), purpose);
}

/* Differences that the kernel does not know split no mapping: it may have no other. */
static bool is_alike(uint16_t a, uint16_t b)
{
    return wm_access_of(a) == wm_access_of(b) && !is_covered(a | b);
}

/* The first run of a range and what is alike behind it. */
static struct wm_run alike_in(const struct wm_extent *e, struct wm_range range)
{
    struct wm_run_walk w = wm_runs_of(wm_book(), e, range);
    struct wm_run run;

    wm_run_next(&w);
    run = w.run;
    while (wm_run_next(&w) && is_alike(run.state, w.run.state))
        run.range.end = w.run.range.end;
    return run;
}

/* Closed, where it cannot be as it was; with all of the range, where it cannot be closed alone. */
static void close_run(struct wm_run run, struct wm_range range)
{
    if (wm_spare_protect(run.range, WM_ACCESS_NONE, WM_SPARE_UNDO) != 0)
        wm_kern_protect(range, WM_ACCESS_NONE);
    wm_home.unsettled = true;
}

void wm_pages_kern_put_back(const struct wm_extent *e, struct wm_range range)
{
    struct wm_range left = range;
    struct wm_run run;

    for (; left.start < left.end; left.start = run.range.end) {
        run = alike_in(e, left);
        if (allow_again(run, WM_SPARE_UNDO) != 0)
            close_run(run, range);
    }
}

/* Markers and shields go. */
static int uncover(const struct wm_extent *e, struct wm_range range)
{
    struct wm_run_walk w = wm_runs_of(wm_book(), e, range);
    int error = 0;

    while (error == 0 && wm_run_next(&w))
        if (w.run.state & WM_PAGE_MARKED)
            error = wm_kern_unmark(w.run.range);
    return error != 0 ? error : wm_shield_lift(e, range);
}

static int set_uniform(const struct wm_found *found, struct wm_range range, int access)
{
    int error = 0;

    WM_HOME_CLAIM(found, wm_range_bytes(range))
        error = wm_kern_protect(range, access);
    if (error != 0)
        wm_pages_kern_put_back(&found->extent, range);
    return error;
}

/*
 * What is offered stays out of reach whatever its protection becomes (L24), also when all of a mixed range
 * has just been opened: it is closed again, since opening around it would take a call for each run.
 */
static int close_offered(const struct wm_extent *e, struct wm_range range)
{
    struct wm_run_walk w = wm_runs_of(wm_book(), e, range);
    int error = 0;

    while (error == 0 && wm_run_next(&w))
        if (w.run.state & WM_PAGE_OFFERED)
            error = wm_kern_protect(w.run.range, WM_ACCESS_NONE);
    return error;
}

static int set_mixed(const struct wm_found *found, struct wm_range range, int access)
{
    struct wm_run last = wm_pages_in(wm_book(), &found->extent, range, range.end - 1);
    int error = wm_kern_protect(last.range, access);

    if (error == 0 && !wm_range_holds(last.range, range))
        error = wm_kern_protect(range, access);
    if (error == 0)
        error = uncover(&found->extent, range);
    if (error == 0)
        error = close_offered(&found->extent, range);
    if (error != 0)
        wm_pages_kern_put_back(&found->extent, range);
    return error;
}

/* What is committed read/write already does not mind: nothing but markers and shields stands in the way. */
static bool is_open(const struct wm_extent *e, struct wm_range range)
{
    return wm_pages_readwrite_below(wm_book(), e, range, WM_PAGE_LOCKED);
}

static int unmark_one(const struct wm_found *found, struct wm_range range)
{
    int error = 0;

    WM_HOME_CLAIM_MARKERS(found)
        error = wm_kern_unmark(range);
    return error;
}

/*
 * Of several runs without a claim, for that promises room in the book for the change of one; nor where shields go, for the
 * descriptor behind them is guarded by the lock.
 */
static int unmark_all(const struct wm_found *found, struct wm_run run, struct wm_range range)
{
    int error = !wm_range_holds(run.range, range) ? wm_kern_unmark(range)
                : run.state & WM_PAGE_MARKED      ? unmark_one(found, range)
                                                  : 0;

    if (error == 0)
        error = wm_shield_lift(&found->extent, range);
    if (error != 0)
        wm_pages_kern_put_back(&found->extent, range);
    return error;
}

/*
 * Warm and dense pages are read/write below their markers, so committing them as that takes the markers away and
 * does nothing else. That is why they are kept.
 */
int wm_pages_kern_set(const struct wm_found *found, struct wm_range range, uint16_t state)
{
    struct wm_run run = wm_pages_in(wm_book(), &found->extent, range, range.start);
    int access = wm_access_of(state | (run.state & WM_PAGE_STICKY)), old = wm_access_of(run.state);
    bool alike = wm_range_holds(run.range, range);

    if (state == WM_READWRITE && (!alike || is_covered(run.state)) && is_open(&found->extent, range))
        return unmark_all(found, run, range);
    if (!alike || is_covered(run.state))
        return set_mixed(found, range, wm_access_of(state));
    /* Reserved pages are mapped without access: committing them as PAGE_NOACCESS changes nothing. */
    return access == old ? 0 : set_uniform(found, range, access);
}

/*
 * Not of views: whether a page of one is mapped privately is not a matter of protections
 * (vm/sections/view_pages.c).
 */
static bool may_be_mended(const struct wm_extent *e, struct wm_run run)
{
    return e->kind == WM_PRIVATE && (e->traits & ~WM_TRAIT_WATCHED) == 0 &&
           (run.state & WM_PAGE_PROTECT) != 0;
}

/* A shield may be left of an attempt that failed. */
static bool lift_left_over(struct wm_run run)
{
    int error =
        WM_LOAD(wm_home.dense.shields) && !wm_page_is_shielded(run.state) ? wm_kern_unshield(run.range) : 0;

    return error == 0 || error == -ENOENT; /* not all of it was ever shielded */
}

bool wm_pages_kern_mend(uintptr_t addr)
{
    struct wm_found found;
    struct wm_run run;
    wm_status st;
    bool exists;

    WM_AT_HOME(st) {
        if (!wm_ok(wm_home_find(addr, &found, &exists)) || !exists)
            return false;
        run = wm_pages_at(wm_book(), &found.extent, addr);
        return may_be_mended(&found.extent, run) && lift_left_over(run) &&
               allow_again(run, WM_SPARE_RELIEF) == 0;
    }
    return false;
}
