/*
 * offer.c: memory that is lent to the system, taken back, or emptied.
 *
 * Offered pages are inaccessible (D9.3c), so that nobody can bring back as zeros what was dropped; their
 * protection stays in the book and can be changed there (L24). Priorities are checked and forgotten: Linux
 * drops in an order of its own.
 *
 *   an offered page has no access in the kernel, whatever becomes of its protection meanwhile
 *   a page is given away (MADV_FREE) after what is in it has been noted, and only if it could be noted
 *   what cannot be given away is offered all the same, and whole when it is reclaimed
 *
 * Discarding is simpler: contents go at once, and nobody is told what they were.
 */
#include "kern/map/mapping.h"
#include "kern/pages/pagestate.h"
#include "vm/access.h"
#include "vm/book/home.h"
#include "vm/book/locked.h"
#include "vm/book/marks.h"
#include "vm/errno_status.h"
#include "vm/pages/pages_kern.h"
#include "vm/pages/shield.h"
#include "vm/ops.h"
#include "vm/reset/rescue.h"

static wm_status check(const struct wm_found *found, struct wm_range r)
{
    const struct wm_extent *e = &found->extent;

    if (e->kind == WM_VIEW || (e->traits & (WM_TRAIT_LARGE | WM_TRAIT_PHYSICAL)))
        return WM_OFFER_KIND;
    if (e->kind != WM_PRIVATE || !wm_range_holds(wm_extent_range(e), r) ||
        !wm_pages_committed(wm_book(), e, r))
        return WM_NOT_COMMITTED;
    return WM_OK;
}

typedef wm_status operation(struct wm_found *found, struct wm_range r);

static wm_status inside(struct wm_range r, operation *run)
{
    struct wm_found found;
    bool exists;
    wm_status st;

    WM_AT_HOME(st) {
        st = wm_home_find(r.start, &found, &exists);
        if (wm_ok(st))
            st = exists ? check(&found, r) : WM_NOT_COMMITTED;
        if (wm_ok(st))
            st = run(&found, r);
    }
    return st;
}

static bool ready(struct wm_found *found, struct wm_range r)
{
    return wm_marks_ready(found) && wm_pages_ready(wm_book(), &found->extent, r);
}

static void record(struct wm_found *found, struct wm_range r, uint16_t keep, uint16_t set)
{
    WM_SPACE_CHANGES(wm_book())
        wm_pages_change(wm_book(), found, r, keep, set);
}

/* Gives the pages the access that they will have when their states have become state & keep | set. */
static int map_as(const struct wm_found *found, struct wm_range r, uint16_t keep, uint16_t set)
{
    struct wm_run_walk w = wm_runs_of(wm_book(), &found->extent, r);
    int access, error = 0;

    while (error == 0 && wm_run_next(&w)) {
        access = wm_access_of((w.run.state & keep) | set);
        if (access != wm_access_of(w.run.state))
            error = wm_kern_protect(w.run.range, access);
    }
    return error;
}

static wm_status prepare(struct wm_found *found, struct wm_range r, uint16_t keep, uint16_t set)
{
    int error;

    if (!ready(found, r))
        return WM_BOOK_MEMORY;
    error = map_as(found, r, keep, set);
    if (error != 0)
        wm_pages_kern_put_back(&found->extent, r);
    return wm_from_errno(WM_OP_PROTECT, error);
}

/* --- offering --- */

enum { TAKEN = 0xffff & ~WM_PAGE_OFFERED, UNLOCKED = 0xffff & ~WM_PAGE_LOCKED };

/* Watched pages keep their contents: dropped ones would read as written, and so would those that are rescued. */
static void offer_run(const struct wm_found *found, struct wm_run run)
{
    if (run.state & WM_PAGE_OFFERED)
        return;
    wm_locked_uncount(&found->extent, run.range);
    WM_HOME_CLAIM(found, wm_range_bytes(run.range)) {
        if (run.state & WM_PAGE_LOCKED)
            wm_kern_unlock_pages(run.range);
        if (found->extent.traits == 0 && wm_rescue_note(&found->extent, run.range))
            wm_kern_free_lazily(run.range);
    }
}

static wm_status offer(struct wm_found *found, struct wm_range r)
{
    wm_status st = wm_shield_settle(found, r, WM_OP_PROTECT);

    if (wm_ok(st))
        st = prepare(found, r, UNLOCKED, WM_PAGE_OFFERED);
    if (!wm_ok(st))
        return st;
    for (struct wm_run_walk w = wm_runs_of(wm_book(), &found->extent, r); wm_run_next(&w);)
        offer_run(found, w.run);
    record(found, r, UNLOCKED, WM_PAGE_OFFERED);
    return WM_OK;
}

wm_status wm_op_offer(struct wm_range r)
{
    return inside(r, offer);
}

/* --- reclaiming --- */

/* Returns whether all of its contents are still there. */
static bool reclaim_run(const struct wm_found *found, struct wm_run run)
{
    struct wm_range lost;
    bool whole;

    run.state &= TAKEN;
    WM_HOME_CLAIM(found, SIZE_MAX) /* pinning takes long, and touching wants no lock */
        wm_rescue(&found->extent, run);
    whole = !wm_marks_first(&found->extent, WM_MARK_RESET, run.range, &lost);
    wm_marks_clear(&found->extent, WM_MARK_RESET, run.range);
    return whole;
}

/* Access comes first, because it is what can fail; a program that writes before it is told has written. */
static wm_status reclaim(struct wm_found *found, struct wm_range r)
{
    wm_status st = prepare(found, r, TAKEN, 0);

    if (!wm_ok(st))
        return st;
    for (struct wm_run_walk w = wm_runs_of(wm_book(), &found->extent, r); wm_run_next(&w);)
        if ((w.run.state & WM_PAGE_OFFERED) && !reclaim_run(found, w.run))
            st = WM_CONTENTS_LOST;
    record(found, r, TAKEN, 0);
    return st;
}

wm_status wm_op_reclaim(struct wm_range r)
{
    return inside(r, reclaim);
}

/* --- discarding --- */

static wm_status check_discard(const struct wm_found *found, struct wm_range r)
{
    for (struct wm_run_walk w = wm_runs_of(wm_book(), &found->extent, r); wm_run_next(&w);)
        if ((w.run.state & ~WM_PAGE_LOCKED) != WM_READWRITE)
            return WM_DISCARD_PROTECT;
    return WM_OK;
}

/*
 * Locked pages stay what they are, which is one way of being undefined. So do watched ones: a page that was
 * dropped reads as written, until the write watch arms it again.
 */
static void discard_run(const struct wm_found *found, struct wm_run run)
{
    if ((run.state & WM_PAGE_LOCKED) || (found->extent.traits & WM_TRAIT_WATCHED))
        return;
    WM_HOME_CLAIM(found, wm_range_bytes(run.range))
        wm_kern_drop(run.range);
}

/* Marks stay: what was reset and then discarded cannot be undone. */
static wm_status discard(struct wm_found *found, struct wm_range r)
{
    wm_status st = check_discard(found, r);

    if (!wm_ok(st))
        return st;
    for (struct wm_run_walk w = wm_runs_of(wm_book(), &found->extent, r); wm_run_next(&w);)
        discard_run(found, w.run);
    return WM_OK;
}

wm_status wm_op_discard(struct wm_range r)
{
    return inside(r, discard);
}
