/*
 * pin.c: VirtualLock and VirtualUnlock, for our memory and for what others mapped.
 *
 * Locks are not counted (D7.12b): a page of ours is locked or not, and the book says so; of others' memory
 * the kernel is asked. A range may lie in several allocations and beside them (L109), and all of it is
 * locked or nothing.
 *
 * Two limits bound it, and both are the same error: Windows's minimum working set (D7.12d), which is kept
 * here, and RLIMIT_MEMLOCK (L111), which the kernel keeps.
 *
 * What was reset is settled before it is locked: the kernel fills up what it has dropped, and then nothing
 * would tell any longer that it was lost.
 */
#include "core/pages.h"
#include "kern/pages/pagestate.h"
#include "vm/access.h"
#include "vm/book/home.h"
#include "vm/book/land.h"
#include "vm/book/locked.h"
#include "vm/errno_status.h"
#include "vm/ops.h"
#include "vm/pages/guard.h"
#include "vm/pages/shield.h"
#include "vm/workingset/pin_kern.h"
#include "vm/workingset/stretch.h"
#include "vm/reset/reset.h"
#include "vm/sections/piecewise.h"
#include "vm/workingset/workingset.h"

/* What Windows keeps back of the minimum working set for faults. */
enum { FLUID_PAGES = 8 };

/* The first page that cannot be touched decides; a guard goes by being met, and so comes what was committed elsewhere. */
static wm_status check_ours(struct wm_stretch *stretch)
{
    struct wm_run_walk w;
    wm_status st = WM_OK;

    if (wm_extent_is_partial(&stretch->found.extent))
        st = wm_view_settle(&stretch->found, stretch->range);
    if (!wm_ok(st))
        return st == WM_NOT_COMMITTED ? WM_LOCK_NO_ACCESS : st;
    w = wm_runs_of(wm_book(), &stretch->found.extent, stretch->range);
    while (wm_run_next(&w)) {
        if (w.run.state & WM_PAGE_GUARD) {
            st = wm_guard_lift(&stretch->found, w.run.range.start);
            return wm_ok(st) ? WM_LOCK_GUARD : st;
        }
        if (wm_access_of(w.run.state) == WM_ACCESS_NONE)
            return WM_LOCK_NO_ACCESS;
    }
    return WM_OK;
}

/* Of others' memory the kernel's list tells; the kernel's own refusal could mean its limit as well. */
static wm_status check_foreign(struct wm_range r)
{
    struct wm_land land;
    wm_status st;

    for (uintptr_t addr = r.start; addr < r.end; addr = land.range.end) {
        st = wm_land_at(addr, &land);
        if (!wm_ok(st))
            return st;
        if (land.kind != WM_LAND_FOREIGN || land.vma.access == WM_ACCESS_NONE)
            return WM_LOCK_NO_ACCESS;
    }
    return WM_OK;
}

/* What locking a range takes. */
struct plan {
    size_t pages; /* not locked yet; of others' memory all */
    uint32_t runs;
};

static wm_status make_plan(struct wm_range r, struct plan *plan)
{
    struct wm_stretch s = wm_stretches_of(r);
    wm_status st = WM_OK;

    *plan = (struct plan){0};
    while (wm_ok(st) && wm_stretch_next(&s, &st)) {
        plan->pages += wm_range_bytes(s.range) / WM_PAGE;
        if (!s.ours) {
            st = check_foreign(s.range);
            continue;
        }
        st = check_ours(&s);
        plan->pages -= wm_locked_in(&s.found.extent, s.range);
        plan->runs += wm_pages_count(wm_book(), &s.found.extent, s.range) * WM_PAGES_RUNS;
    }
    return st;
}

static wm_status check_quota(size_t pages)
{
    size_t most = wm_workingset_minimum() / WM_PAGE - FLUID_PAGES;

    return pages > 0 && wm_home.locked_pages + pages > most ? WM_LOCK_QUOTA : WM_OK;
}

static void set_state(struct wm_found *found, struct wm_range r, uint16_t state)
{
    WM_SPACE_CHANGES(wm_book())
        wm_pages_set(wm_book(), found, r, state);
}

static void mark_locked(struct wm_found *found, struct wm_run run)
{
    set_state(found, run.range, run.state | WM_PAGE_LOCKED);
    wm_home.locked_pages += wm_range_bytes(run.range) / WM_PAGE;
}

static void mark_unlocked(struct wm_found *found, struct wm_run run)
{
    set_state(found, run.range, run.state & ~WM_PAGE_LOCKED);
    wm_home.locked_pages -= wm_range_bytes(run.range) / WM_PAGE;
}

static void settle(struct wm_found *found, struct wm_run run)
{
    wm_reset_settle(found, run.range);
}

/* mlock writes to what a mapping allows to be written to. */
static wm_status settle_shields(struct wm_range r)
{
    struct wm_stretch s = wm_stretches_of(r);
    wm_status st = WM_OK;

    while (wm_ok(st) && wm_stretch_next(&s, &st))
        if (s.ours)
            st = wm_shield_settle(&s.found, s.range, WM_OP_LOCK);
    return st;
}

/* Settling may drop the lock for a while, so it comes before the plan. */
static wm_status lock(struct wm_range r)
{
    struct plan plan = {0};
    wm_status st;
    int error;

    wm_stretch_runs(r, false, settle);
    st = settle_shields(r);
    if (wm_ok(st))
        st = make_plan(r, &plan);
    if (wm_ok(st))
        st = check_quota(plan.pages);
    if (!wm_ok(st))
        return st;
    if (!wm_space_ready(wm_book(), 0, plan.runs))
        return WM_BOOK_MEMORY;
    error = wm_pin_kern_lock(r);
    if (error == 0)
        wm_stretch_runs(r, false, mark_locked);
    return wm_from_errno(WM_OP_LOCK, error);
}

static bool is_locked(const struct wm_stretch *s)
{
    return s->ours ? wm_locked_in(&s->found.extent, s->range) == wm_range_bytes(s->range) / WM_PAGE
                   : wm_kern_are_locked(s->range);
}

static wm_status check_unlock(struct wm_range r, uint32_t *runs)
{
    struct wm_stretch s = wm_stretches_of(r);
    wm_status st = WM_OK;

    *runs = 0;
    while (wm_stretch_next(&s, &st)) {
        if (!is_locked(&s))
            return WM_NOT_LOCKED;
        if (s.ours)
            *runs += wm_pages_count(wm_book(), &s.found.extent, s.range) * WM_PAGES_RUNS;
    }
    return wm_ok(st) ? WM_OK : WM_NOT_LOCKED;
}

static wm_status unlock(struct wm_range r)
{
    uint32_t runs;
    wm_status st = check_unlock(r, &runs);
    int error;

    if (!wm_ok(st))
        return st;
    if (!wm_space_ready(wm_book(), 0, runs))
        return WM_BOOK_MEMORY;
    error = wm_pin_kern_unlock(r);
    if (error == 0)
        wm_stretch_runs(r, true, mark_unlocked);
    return wm_from_errno(WM_OP_LOCK, error);
}

wm_status wm_op_lock(struct wm_range r)
{
    wm_status st;

    WM_AT_HOME(st)
        st = lock(r);
    return st;
}

wm_status wm_op_unlock(const struct wm_unlock_req *req)
{
    wm_status st;

    WM_AT_HOME(st)
        st = unlock(req->at);
    return st;
}
