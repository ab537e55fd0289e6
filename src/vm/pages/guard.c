/*
 * guard.c: taking a guard away (guard.h).
 *
 * The guard goes before anybody is told of it, because a handler may touch the page, and the instruction
 * that met it is run again (O99). If the kernel cannot open the page, the guard stays and no exception is
 * raised as one: the touch is then an access violation, since nothing else would end the loop of touching
 * and trying again.
 */
#include "vm/pages/guard.h"

#include "base/tracepoint.h"
#include "core/pages.h"
#include "kern/map/mapping.h"
#include "kern/pages/pagestate.h"
#include "vm/access.h"
#include "vm/book/home.h"
#include "vm/errno_status.h"
#include "vm/ground/spare.h"

wm_status (*wm_guard_catch_faults)(void);

/* One that is kept by a marker is read/write below. */
static int open_page(struct wm_range page, struct wm_run run, int access)
{
    int error = 0;

    if (!wm_page_is_barred(run.state) || access != (WM_ACCESS_READ | WM_ACCESS_WRITE))
        error = wm_spare_protect(page, access, WM_SPARE_RELIEF);
    if (error != 0 || !wm_page_is_barred(run.state))
        return error;
    error = wm_kern_unmark(page);
    if (error != 0 && access != (WM_ACCESS_READ | WM_ACCESS_WRITE))
        wm_spare_protect(page, WM_ACCESS_READ | WM_ACCESS_WRITE, WM_SPARE_UNDO);
    return error;
}

static wm_status lift(struct wm_found *found, struct wm_range page, struct wm_run run, uint16_t state)
{
    int error;

    if (!wm_space_ready(wm_book(), 0, WM_PAGES_RUNS))
        return WM_BOOK_MEMORY;
    error = open_page(page, run, wm_access_of(state));
    if (error != 0)
        return wm_from_errno(WM_OP_PROTECT, error);
    WM_SPACE_CHANGES(wm_book())
        wm_pages_set(wm_book(), found, page, state);
    return WM_OK;
}

wm_status wm_guard_lift(struct wm_found *found, uintptr_t addr)
{
    struct wm_range page = wm_range_of(wm_down(addr, WM_PAGE), WM_PAGE);
    struct wm_run run = wm_pages_at(wm_book(), &found->extent, addr);
    uint16_t state = run.state & ~(WM_PAGE_GUARD | WM_PAGE_MARKED | WM_PAGE_DENSE);
    wm_status st = lift(found, page, run, state);

    WM_TRACE_PAGES(guard_hit, page, state & WM_PAGE_VISIBLE, st);
    return st;
}

/* That no guard was there is a success: another thread has met it first, and has the exception. */
wm_status wm_op_lift_guard(struct wm_guard_req *req)
{
    struct wm_found found;
    bool exists;
    wm_status st;

    req->guarded = false;
    WM_AT_HOME(st) {
        st = wm_home_find(req->addr, &found, &exists);
        if (!wm_ok(st) || !exists ||
            !(wm_pages_at(wm_book(), &found.extent, req->addr).state & WM_PAGE_GUARD))
            return st;
        st = wm_guard_lift(&found, req->addr);
        req->guarded = wm_ok(st);
    }
    return st;
}
