/* pin.c: VirtualLock and VirtualUnlock, for our memory and for what others mapped. */
#include "vm/pages/pin.h"

#include <errno.h>

#include "core/pages.h"
#include "vm/access.h"
#include "vm/book/home.h"
#include "vm/book/land.h"
#include "vm/errno_status.h"
#include "vm/ground/spare.h"
#include "vm/ops.h"
#include "vm/pages/guard.h"
#include "vm/reset/reset.h"
#include "vm/system/workingset.h"

/* What Windows keeps back of the minimum working set for faults. */
enum { FLUID_PAGES = 8 };

static struct wm_space *space(void)
{
    return &wm_home.space;
}

static size_t locked_in(const struct wm_extent *e, struct wm_range r)
{
    struct wm_run run;
    size_t pages = 0;

    for (uintptr_t addr = r.start; addr < r.end; addr = run.range.end) {
        run = wm_pages_in(space(), e, r, addr);
        if (run.state & WM_PAGE_LOCKED)
            pages += wm_range_bytes(run.range) / WM_PAGE;
    }
    return pages;
}

void wm_pin_uncount(const struct wm_extent *e, struct wm_range r)
{
    if (wm_home.locked_pages > 0)
        wm_home.locked_pages -= locked_in(e, r);
}

/* --- one piece of a range: part of an extent of ours, or what lies between two --- */

struct piece {
    struct wm_range range;
    struct wm_found found;
    bool ours;
};

static wm_status piece_at(uintptr_t addr, uintptr_t end, struct piece *out)
{
    struct wm_found next;
    wm_status st = wm_home_find(addr, &out->found, &out->ours);

    out->range = (struct wm_range){addr, end};
    if (!wm_ok(st))
        return st;
    if (out->ours)
        out->range = wm_range_cut(out->range, wm_extent_range(&out->found.extent));
    else if (wm_space_first_in(space(), out->range, true, &next))
        out->range.end = next.extent.start > addr ? next.extent.start : addr;
    return wm_range_bytes(out->range) == 0 ? WM_LOCK_NO_ACCESS : WM_OK;
}

/* The first page that cannot be touched decides; a guard goes by being met. */
static wm_status check_ours(struct piece *piece)
{
    struct wm_run run;
    wm_status st;

    for (uintptr_t addr = piece->range.start; addr < piece->range.end; addr = run.range.end) {
        run = wm_pages_in(space(), &piece->found.extent, piece->range, addr);
        if (run.state & WM_PAGE_GUARD) {
            st = wm_guard_lift(&piece->found, addr);
            return wm_ok(st) ? WM_LOCK_GUARD : st;
        }
        if (wm_access_of(run.state) == WM_ACCESS_NONE)
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
    struct piece piece;
    wm_status st = WM_OK;

    *plan = (struct plan){0};
    for (uintptr_t addr = r.start; wm_ok(st) && addr < r.end; addr = piece.range.end) {
        st = piece_at(addr, r.end, &piece);
        if (!wm_ok(st))
            return st;
        plan->pages += wm_range_bytes(piece.range) / WM_PAGE;
        if (!piece.ours) {
            st = check_foreign(piece.range);
            continue;
        }
        st = check_ours(&piece);
        plan->pages -= locked_in(&piece.found.extent, piece.range);
        plan->runs += wm_pages_count(space(), &piece.found.extent, piece.range) * WM_PAGES_RUNS;
    }
    return st;
}

static wm_status check_quota(size_t pages)
{
    size_t most = wm_workingset_minimum() / WM_PAGE - FLUID_PAGES;

    return pages > 0 && wm_home.locked_pages + pages > most ? WM_LOCK_QUOTA : WM_OK;
}

/* Calls visit for the runs of our own pieces that are locked, or for those that are not. */
static void for_runs(struct wm_range r, bool locked, void (*visit)(struct wm_found *found, struct wm_run run))
{
    struct piece piece;
    struct wm_run run;

    for (uintptr_t addr = r.start; addr < r.end && wm_ok(piece_at(addr, r.end, &piece));
         addr = piece.range.end)
        for (uintptr_t at = addr; piece.ours && at < piece.range.end; at = run.range.end) {
            run = wm_pages_in(space(), &piece.found.extent, piece.range, at);
            if (((run.state & WM_PAGE_LOCKED) != 0) == locked && (run.state & WM_PAGE_PROTECT))
                visit(&piece.found, run);
        }
}

static void set_state(struct wm_found *found, struct wm_range r, uint16_t state)
{
    wm_space_begin(space());
    wm_pages_set(space(), found, r, state);
    wm_space_end(space());
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

/* --- locking, and unlocking again --- */

/*
 * Others' memory that a call has locked, to be unlocked when it fails: not what was locked before. Parts that
 * touch are one, so that only a range that is dotted with locked mappings has many.
 */
struct taken {
    uint32_t count;
    struct wm_range part[32];
};

static bool note(struct taken *taken, struct wm_range r)
{
    struct wm_range *last = &taken->part[taken->count - 1];

    if (taken->count > 0 && last->end == r.start) {
        last->end = r.end;
        return true;
    }
    if (taken->count == sizeof taken->part / sizeof taken->part[0])
        return false;
    taken->part[taken->count++] = r;
    return true;
}

static int lock_again(struct wm_range r, bool copies)
{
    return copies ? wm_kern_lock_unwritten(r) : wm_kern_lock_pages(r);
}

static int lock_mapping(const struct wm_vma *vma, struct wm_range r, struct taken *taken)
{
    if (!wm_kern_has_locked(r) && !note(taken, r))
        return -ENOMEM;
    return lock_again(r, vma->file && !vma->shared);
}

/* Mapping by mapping; taken may be NULL: all of it was locked. */
static int lock_foreign(struct wm_range r, struct taken *taken)
{
    struct wm_range part;
    struct wm_vma vma;
    int error = 0;

    for (uintptr_t addr = r.start; addr < r.end && error == 0; addr = part.end) {
        error = wm_kern_vma(addr, &vma);
        part = wm_range_cut((struct wm_range){addr, r.end}, vma.range);
        if (error == 0)
            error =
                taken != NULL ? lock_mapping(&vma, part, taken) : lock_again(part, vma.file && !vma.shared);
    }
    return error;
}

static int lock_run(struct wm_run run)
{
    return lock_again(run.range, (run.state & WM_PAGE_COPY) != 0);
}

/* Bringing many pages in takes long: if they are all alike, they are worked on without the lock. */
static int lock_claimed(const struct wm_found *found, struct wm_run run)
{
    bool claimed = wm_home_claim(found, wm_range_bytes(run.range));
    int error = lock_run(run);

    wm_home_unclaim(found, claimed);
    return error;
}

static int lock_ours(const struct piece *piece, struct wm_range whole)
{
    struct wm_run run;
    int error = 0;

    for (uintptr_t addr = piece->range.start; addr < piece->range.end && error == 0; addr = run.range.end) {
        run = wm_pages_in(space(), &piece->found.extent, piece->range, addr);
        error = wm_range_holds(run.range, whole) ? lock_claimed(&piece->found, run) : lock_run(run);
    }
    return error;
}

static int lock_all(struct wm_range r, struct taken *taken)
{
    struct piece piece;
    int error = 0;

    for (uintptr_t addr = r.start; addr < r.end && error == 0; addr = piece.range.end) {
        if (!wm_ok(piece_at(addr, r.end, &piece)))
            return -ENOMEM;
        error = piece.ours ? lock_ours(&piece, r) : lock_foreign(piece.range, taken);
    }
    return error;
}

static void unlock_part(struct wm_range r)
{
    int error = wm_kern_unlock_pages(r);

    while (error == -ENOMEM && wm_spare_spend(WM_SPARE_UNDO))
        error = wm_kern_unlock_pages(r);
}

static void unlock_run(struct wm_found *found, struct wm_run run)
{
    (void)found;
    unlock_part(run.range);
}

/* The kernel may have locked a part before it failed. */
static int lock_pages(struct wm_range r)
{
    struct taken taken = {.count = 0};
    int error = lock_all(r, &taken);

    if (error == 0)
        return 0;
    for_runs(r, false, unlock_run);
    for (uint32_t i = 0; i < taken.count; i++)
        unlock_part(taken.part[i]);
    return error;
}

static void relock_run(struct wm_found *found, struct wm_run run)
{
    int error = lock_run(run);

    (void)found;
    while (error == -ENOMEM && wm_spare_spend(WM_SPARE_UNDO))
        error = lock_run(run);
}

static void relock_foreign(struct wm_range r)
{
    int error = lock_foreign(r, NULL);

    while (error == -ENOMEM && wm_spare_spend(WM_SPARE_UNDO))
        error = lock_foreign(r, NULL);
}

/* All of it was locked, by us or by the program. */
static int unlock_pages(struct wm_range r)
{
    int error = wm_kern_unlock_pages(r);
    struct piece piece;

    if (error == 0)
        return 0;
    for_runs(r, true, relock_run);
    for (uintptr_t addr = r.start; addr < r.end && wm_ok(piece_at(addr, r.end, &piece));
         addr = piece.range.end)
        if (!piece.ours)
            relock_foreign(piece.range);
    return error;
}

static void settle(struct wm_found *found, struct wm_run run)
{
    wm_reset_settle(found, run.range);
}

/* Settling may drop the lock for a while, so it comes before the plan. */
static wm_status lock(struct wm_range r)
{
    struct plan plan;
    wm_status st;
    int error;

    for_runs(r, false, settle);
    st = make_plan(r, &plan);
    if (wm_ok(st))
        st = check_quota(plan.pages);
    if (!wm_ok(st))
        return st;
    if (!wm_space_ready(space(), 0, plan.runs))
        return WM_BOOK_MEMORY;
    error = lock_pages(r);
    if (error == 0)
        for_runs(r, false, mark_locked);
    return wm_from_errno(WM_OP_LOCK, error);
}

static wm_status check_unlock(struct wm_range r, uint32_t *runs)
{
    struct piece piece;
    wm_status st = WM_OK;
    bool locked;

    *runs = 0;
    for (uintptr_t addr = r.start; wm_ok(st) && addr < r.end; addr = piece.range.end) {
        st = piece_at(addr, r.end, &piece);
        if (!wm_ok(st))
            return WM_NOT_LOCKED;
        locked = piece.ours
                     ? locked_in(&piece.found.extent, piece.range) == wm_range_bytes(piece.range) / WM_PAGE
                     : wm_kern_are_locked(piece.range);
        st = locked ? WM_OK : WM_NOT_LOCKED;
        if (piece.ours)
            *runs += wm_pages_count(space(), &piece.found.extent, piece.range) * WM_PAGES_RUNS;
    }
    return st;
}

static wm_status unlock(struct wm_range r)
{
    uint32_t runs;
    wm_status st = check_unlock(r, &runs);
    int error;

    if (!wm_ok(st))
        return st;
    if (!wm_space_ready(space(), 0, runs))
        return WM_BOOK_MEMORY;
    error = unlock_pages(r);
    if (error == 0)
        for_runs(r, true, mark_unlocked);
    return wm_from_errno(WM_OP_LOCK, error);
}

wm_status wm_op_lock(struct wm_range r)
{
    wm_status st = wm_home_enter();

    if (!wm_ok(st))
        return st;
    st = lock(r);
    wm_home_leave();
    return st;
}

wm_status wm_op_unlock(struct wm_range r)
{
    wm_status st = wm_home_enter();

    if (!wm_ok(st))
        return st;
    st = unlock(r);
    wm_home_leave();
    return st;
}
