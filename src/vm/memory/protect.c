/*
 * protect.c: changing protections, of our memory and of what others mapped.
 *
 * The old protection is half of what is asked for. It is that of the first page of the range (O57), with
 * what belongs to the whole allocation (PAGE_NOCACHE, O27), and of a page that was copied on write it is
 * the one of the copy (O197, O275), which only the kernel knows. It must be found out before the pages
 * change.
 *
 * Of our memory a call changes one allocation (O55); a range that is ours in part is refused. What others
 * mapped can be changed as well, across their mappings, but for PAGE_GUARD (foreign.c).
 */
#include <errno.h>

#include "base/tracepoint.h"
#include "core/pages.h"
#include "vm/access.h"
#include "vm/book/home.h"
#include "vm/errno_status.h"
#include "vm/ground/apart.h"
#include "vm/ground/large.h"
#include "vm/ground/warm.h"
#include "vm/memory/foreign.h"
#include "vm/pages/dense.h"
#include "vm/pages/pages_kern.h"
#include "vm/pages/shield.h"
#include "vm/sections/piecewise.h"
#include "vm/sections/view_pages.h"
#include "vm/watch/watch.h"

/* *state becomes what is to be recorded. */
static wm_status protect_pages(struct wm_found *found, struct wm_range r, uint16_t *state)
{
    int error;

    if (wm_shield_cover(found, r, state, false))
        return WM_OK;
    error = wm_pages_kern_set(found, r, *state);
    if (error == -ENOMEM && wm_shield_cover(found, r, state, true))
        return WM_OK;
    if (error == -ENOMEM && wm_dense_relieve(found, r))
        error = wm_pages_kern_set(found, r, *state);
    return wm_from_errno(WM_OP_PROTECT, error);
}

/*
 * What a watched page was written before stays told, though it is decommitted later (O124): so that is
 * noted whether the protection changes or not. Locked and offered pages stay what they are
 * (WM_PAGE_STICKY).
 */
static wm_status protect_private(struct wm_found *found, struct wm_range r, struct wm_run run,
                                 uint16_t protect)
{
    bool alike = wm_range_holds(run.range, r);
    wm_status st;

    if (wm_is_copy(protect))
        return WM_PROTECT_NOT_HERE;
    if (wm_is_watched(&found->extent))
        wm_watch_latch(found, r);
    if (wm_is_large(&found->extent))
        return wm_large_protect(&run, protect, WM_PROTECT_LARGE);
    if ((run.state & WM_PAGE_VISIBLE) == protect && alike)
        return WM_OK;
    if (alike ? !wm_space_ready(wm_book(), 0, WM_PAGES_RUNS) : !wm_pages_ready(wm_book(), &found->extent, r))
        return WM_BOOK_MEMORY;
    st = protect_pages(found, r, &protect);
    if (!wm_ok(st))
        return st;
    wm_warm_uncount(&found->extent, r);
    wm_warm_count(r, protect);
    WM_SPACE_CHANGES(wm_book()) {
        if (alike)
            wm_pages_set(wm_book(), found, r, (run.state & WM_PAGE_STICKY) | protect);
        else
            wm_pages_change(wm_book(), found, r, WM_PAGE_STICKY, protect);
    }
    if (alike && !wm_page_is_shielded(protect))
        wm_apart_note(found, r);
    return WM_OK;
}

/* The first of its pages that are alike; mostly these are all, and nothing of it is looked up again. */
static wm_status check_committed(struct wm_found *found, struct wm_range range, struct wm_run *first)
{
    wm_status st = WM_OK;

    if (!wm_range_holds(wm_extent_range(&found->extent), range))
        return WM_NOT_COMMITTED;
    if (wm_extent_is_partial(&found->extent))
        st = wm_view_settle(found, range);
    if (!wm_ok(st))
        return st;
    *first = wm_pages_in(wm_book(), &found->extent, range, range.start);
    if ((first->state & WM_PAGE_PROTECT) == 0)
        return WM_NOT_COMMITTED;
    return wm_range_holds(first->range, range) || wm_pages_committed(wm_book(), &found->extent, range)
               ? WM_OK
               : WM_NOT_COMMITTED;
}

static wm_status protect_ours(struct wm_found *found, struct wm_protect_req *req)
{
    uint16_t protect = req->protect & WM_PAGE_VISIBLE, first;
    struct wm_region region = {0};
    struct wm_run run = {0};
    wm_status st = check_committed(found, req->at, &run);

    if (!wm_ok(st))
        return st;
    first = run.state & WM_PAGE_VISIBLE;
    if (wm_is_copy(first) && wm_ok(wm_op_query(req->at.start, &region)))
        first = region.protect & WM_PAGE_VISIBLE;
    st = found->extent.kind == WM_VIEW ? wm_view_protect(found, req->at, protect)
                                       : protect_private(found, req->at, run, protect);
    if (wm_ok(st))
        req->old = first | (found->extent.alloc_protect & WM_ATTRIBUTES);
    return st;
}

static wm_status protect_found(struct wm_protect_req *req)
{
    struct wm_found found;
    bool exists;
    wm_status st = wm_home_find(req->at.start, &found, &exists);

    if (!wm_ok(st))
        return st;
    if (exists)
        return protect_ours(&found, req);
    return wm_space_first_in(wm_book(), req->at, true, &found) ? WM_NOT_COMMITTED : wm_foreign_protect(req);
}

wm_status wm_op_protect(struct wm_protect_req *req)
{
    wm_status st;

    WM_AT_HOME(st) {
        wm_shield_keep();
        st = protect_found(req);
    }
    WM_TRACE_PAGES(protect, req->at, req->protect, st);
    return st;
}
