/*
 * reset.c: contents that the program does not need for now, and perhaps again.
 *
 * Old contents or zeros are both right after a reset (O36), so whatever stands in its way (locked pages,
 * shared ones, no table of marks) makes it do nothing, and its undoing succeed. So does a write watch:
 * pages that are dropped would read as written, and so would those that are rescued.
 *
 * Undoing is the hard half: success says that all of the range is as it was (S40), while the kernel drops
 * pages without telling anybody (pinned: pages.what_may_go_goes_without_a_word). How a page is proven to be
 * whole is rescue.c's; here a page counts as lost until that has been done.
 */
#include "vm/reset/reset.h"

#include "kern/pages/pagestate.h"
#include "vm/book/home.h"
#include "vm/book/marks.h"
#include "vm/pages/shield.h"
#include "vm/reset/rescue.h"

static wm_status check_range(const struct wm_found *found, struct wm_range r)
{
    if (found->extent.kind == WM_PLACEHOLDER || !wm_range_holds(wm_extent_range(&found->extent), r))
        return WM_NOT_RESERVED;
    return WM_OK;
}

static bool is_committed(struct wm_run run)
{
    return (run.state & WM_PAGE_PROTECT) != 0;
}

static void reset_run(const struct wm_found *found, struct wm_run run)
{
    if (!is_committed(run) || (run.state & WM_PAGE_STICKY))
        return;
    WM_HOME_CLAIM(found, wm_range_bytes(run.range))
        if (wm_rescue_note(&found->extent, run.range))
            wm_kern_free_lazily(run.range);
}

wm_status wm_reset(struct wm_found *found, struct wm_range r)
{
    wm_status st = check_range(found, r);

    if (wm_ok(st) && found->extent.kind == WM_VIEW && (found->extent.traits & WM_TRAIT_FILE))
        return WM_VIEW_OF_FILE;
    if (!wm_ok(st) || found->extent.kind != WM_PRIVATE || found->extent.traits != 0 ||
        !wm_marks_ready(found) || !wm_ok(wm_shield_settle(found, r, WM_OP_PROTECT)))
        return st;
    for (struct wm_run_walk w = wm_runs_of(wm_book(), &found->extent, r); wm_run_next(&w);)
        reset_run(found, w.run);
    return WM_OK;
}

/* Locked pages were settled before they were locked. Is the run whole? */
static bool undo_run(const struct wm_found *found, struct wm_run run)
{
    struct wm_range lost;

    if (!wm_marks_first(&found->extent, WM_MARK_RESET, run.range, &lost))
        return true;
    if ((run.state & WM_PAGE_LOCKED) == 0)
        WM_HOME_CLAIM(found, SIZE_MAX) /* pinning takes long, and touching wants no lock */
            wm_rescue(&found->extent, run);
    return !wm_marks_first(&found->extent, WM_MARK_RESET, run.range, &lost);
}

/* Offered pages are passed over (L27): what has become of them reclaiming tells. */
static bool is_to_be_undone(struct wm_run run)
{
    return is_committed(run) && (run.state & WM_PAGE_OFFERED) == 0;
}

wm_status wm_reset_undo(struct wm_found *found, struct wm_range r)
{
    wm_status st = check_range(found, r);

    if (!wm_ok(st))
        return st;
    for (struct wm_run_walk w = wm_runs_of(wm_book(), &found->extent, r); wm_run_next(&w);) {
        if (!is_to_be_undone(w.run))
            continue;
        if (!undo_run(found, w.run))
            st = WM_CONTENTS_LOST;
        wm_marks_clear(&found->extent, WM_MARK_RESET, w.run.range);
    }
    return st;
}

void wm_reset_settle(struct wm_found *found, struct wm_range r)
{
    for (struct wm_run_walk w = wm_runs_of(wm_book(), &found->extent, r); wm_run_next(&w);)
        if (is_to_be_undone(w.run))
            undo_run(found, w.run);
}
