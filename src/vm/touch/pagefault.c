/*
 * pagefault.c: what a fault means by our rules.
 *
 * It runs in the handler of a signal, on any thread at any moment, the moments in which that thread was
 * changing the book included. So it reads the book without its lock, and takes the lock only where
 * something has to be mended; if that is not to be had, the fault is the program's.
 *
 * Between the fault and this question the page may have changed: another thread has met the guard,
 * committed the page, put a frame there. Then the access is simply tried again. What is asked is whether it
 * would succeed now, of the kernel as well as of the book: by the book alone a page that was unmapped
 * behind our back would be tried again for ever.
 */
#include "kern/map/mapping.h"
#include "vm/access.h"
#include "vm/book/home.h"
#include "vm/book/land.h"
#include "vm/pages/pages_kern.h"
#include "vm/ops.h"
#include "vm/pages/guard.h"
#include "vm/pages/shield.h"
#include "vm/physical/physical.h"

static bool may_execute(uintptr_t addr)
{
    struct wm_vma vma;

    return wm_kern_vma(addr, &vma) == 0 && vma.range.start <= addr && (vma.access & WM_ACCESS_EXECUTE);
}

/* By the book the access is allowed, and it is indeed: somebody has changed that since. */
static bool is_settled(uintptr_t addr, uint16_t state, int access)
{
    if ((wm_access_of(state) & access) == 0)
        return false;
    return access == WM_ACCESS_EXECUTE ? may_execute(addr) : wm_kern_touches(addr, access == WM_ACCESS_WRITE);
}

/*
 * By the book the access is allowed, and something that failed has left less (pages_kern.h). It is asked
 * last, for the flag may stay set for long, and concerns few pages.
 */
static bool is_amiss(uint16_t state, int access)
{
    return WM_LOAD(wm_home.unsettled) && (wm_access_of(state) & access) != 0;
}

/* Several threads may meet a guard page at once: one gets the exception, the others try again. */
static enum wm_verdict meet_guard(uintptr_t addr)
{
    struct wm_guard_req met = {.addr = addr};

    if (!wm_ok(wm_op_lift_guard(&met)))
        return WM_FAULT_VIOLATION;
    return met.guarded ? WM_FAULT_GUARD : WM_FAULT_RETRY;
}

/* Whoever touches a page while it is being replaced was too early, no more. */
static enum wm_verdict meet_window(uintptr_t addr, int access)
{
    bool settled = access != WM_ACCESS_EXECUTE && wm_physical_reachable(addr, access == WM_ACCESS_WRITE);

    return settled ? WM_FAULT_EARLY : WM_FAULT_VIOLATION;
}

/*
 * A view of which the section says what is committed. What somebody has committed can be touched when it has been met;
 * what lies behind the end of a file has never been there, other than what the file has lost. True: there is no more to
 * be found out.
 */
static bool meet_partial(uintptr_t addr, struct wm_peek *found)
{
    uintptr_t page = wm_down(addr, WM_PAGE);
    struct wm_piece_req req = {.at = {page, page + WM_PAGE}};

    if ((found->state & WM_PAGE_PROTECT) != 0 && !(found->extent.traits & WM_TRAIT_OVERHANGING))
        return false;
    return !wm_ok(wm_op_meet(&req)) || !req.committed || !wm_ok(wm_land_peek(addr, found));
}

static bool is_in_use(uintptr_t addr, const struct wm_peek *found)
{
    return found->found && found->extent.kind != WM_FREE && addr < wm_extent_range(&found->extent).end;
}

enum wm_verdict wm_op_fault(uintptr_t addr, int access)
{
    struct wm_peek found;

    if (!wm_ok(wm_home_ready()) || !wm_ok(wm_land_peek(addr, &found)) || !is_in_use(addr, &found))
        return WM_FAULT_FOREIGN;
    if (wm_is_window(&found.extent))
        return meet_window(addr, access);
    if (wm_extent_is_partial(&found.extent) && meet_partial(addr, &found))
        return WM_FAULT_VIOLATION;
    if (found.state & WM_PAGE_GUARD)
        return meet_guard(addr);
    if (is_settled(addr, found.state, access))
        return WM_LOAD(wm_home.dense.shields) ? WM_FAULT_EARLY : WM_FAULT_RETRY;
    if (is_amiss(found.state, access) && wm_pages_kern_mend(addr))
        return WM_FAULT_RETRY;
    return wm_shield_refuses(addr, access) ? WM_FAULT_VIOLATION : WM_FAULT_PLAIN;
}
