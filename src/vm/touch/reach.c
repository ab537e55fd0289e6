/*
 * reach.c: can memory that the caller names be touched?
 *
 * The book answers for ours, the kernel's list for others', whole runs at a time. Where neither can
 * know (a mapping, also a view, may reach beyond its file's end, or hold guard markers), the kernel is asked about the
 * ends of the run: what lies beyond a file's end lies behind everything that does not.
 */
#include "core/extent.h"
#include "vm/access.h"
#include "vm/book/home.h"
#include "vm/book/land.h"
#include "vm/pages/guard.h"

static bool ends_answer(uintptr_t first, uintptr_t last, int access)
{
    bool write = (access & WM_ACCESS_WRITE) != 0;

    return wm_kern_touches(first, write) &&
           (wm_down(first, WM_PAGE) == wm_down(last, WM_PAGE) || wm_kern_touches(last, write));
}

/* A guard page cannot be touched, but it has been met, as on Windows, where it is touched to find out. */
static bool ours_allow(uintptr_t addr, const struct wm_land *land, int access)
{
    if (land->ours.state & WM_PAGE_GUARD)
        wm_op_lift_guard(&(struct wm_guard_req){.addr = addr});
    return (wm_access_of(land->ours.state) & access) == access;
}

/* Of a view, and no access: somebody may have committed it elsewhere. */
static bool may_be_met(const struct wm_land *land)
{
    return land->kind == WM_LAND_OURS && (land->ours.state & WM_PAGE_PROTECT) == 0 &&
           wm_extent_is_partial(&land->ours.extent);
}

static wm_status look(uintptr_t addr, struct wm_land *land)
{
    uintptr_t page = wm_down(addr, WM_PAGE);
    wm_status st = wm_home_ready();

    if (wm_ok(st))
        st = wm_land_at(page, land);
    if (!wm_ok(st) || !may_be_met(land))
        return st;
    wm_op_meet(&(struct wm_piece_req){.at = {page, page + WM_PAGE}});
    return wm_land_at(page, land);
}

/* From addr on, at most up to last; *next: behind what the answer is about. Without a book the kernel tells, page by page. */
static bool run_reached(uintptr_t addr, uintptr_t last, int access, uintptr_t *next)
{
    struct wm_land land;

    if (!wm_ok(look(addr, &land))) {
        *next = wm_down(addr, WM_PAGE) + WM_PAGE;
        return ends_answer(addr, addr, access);
    }
    /* what is offered looks like the rest */
    *next = land.kind == WM_LAND_OURS ? land.ours.same : land.range.end;
    if (last >= *next)
        last = *next - 1;
    if (land.kind == WM_LAND_OURS)
        return ours_allow(addr, &land, access) &&
               (!(land.ours.extent.traits & WM_TRAIT_FILE) || ends_answer(addr, last, access));
    return land.kind == WM_LAND_FOREIGN && (land.vma.access & access) == access &&
           ends_answer(addr, last, access);
}

bool wm_op_reaches(uintptr_t start, size_t bytes, enum wm_reach how)
{
    int access = how == WM_TO_READ ? WM_ACCESS_READ : WM_ACCESS_READ | WM_ACCESS_WRITE;
    uintptr_t addr = start, last = start + bytes - 1;

    if (bytes == 0)
        return true;
    if (last < start)
        return false;
    while (run_reached(addr, last, access, &addr))
        if (addr > last)
            return true;
    return false;
}
