/*
 * land.c: one look at one address: the book first, then the kernel (land.h).
 *
 * The book is asked first because it costs no system call, and because it is right where both know
 * something: the kernel merges our memory with equal memory beside it, and knows neither slack nor free
 * arena ground. The two are not asked at one moment. What changes in between is seen as before or as after,
 * but an address is never told as free that was ours all the time, since ours never comes from the kernel's
 * answer.
 */
#include "vm/book/land.h"

#include <errno.h>
#include <sched.h>

#include "vm/book/home.h"
#include "vm/errno_status.h"

enum { PATIENCE = 1000 };

/*
 * A writer changes the book for less than a microsecond, unless it was interrupted: then others yield
 * to it. A signal handler on its own thread cannot, and is told.
 */
wm_status wm_land_peek(uintptr_t addr, struct wm_peek *out)
{
    for (int tries = 0; !wm_space_peek(wm_book(), addr, out); tries++) {
        wm_cpu_relax();
        if (tries < PATIENCE)
            continue;
        if (wm_lock_mine(&wm_home.lock))
            return WM_REENTERED;
        tries = 0;
        sched_yield();
    }
    return WM_OK;
}

static uintptr_t least(uintptr_t a, uintptr_t b)
{
    return a < b ? a : b;
}

/*
 * The kernel merges our memory with equal memory beside it, so its ranges may reach into ours: the book
 * bounds them on both sides.
 */
WM_TWICE wm_status ask_kernel(struct wm_whose *whose, uintptr_t addr, uintptr_t above, struct wm_land *out)
{
    int result = whose == NULL ? wm_kern_vma(addr, &out->vma) : wm_peer_vma(whose->files, addr, &out->vma);
    uintptr_t below = out->ours.below;

    out->kind = WM_LAND_EMPTY;
    out->bounded = false;
    out->range = (struct wm_range){addr, above};
    if (result != 0)
        return result == -ENOENT ? WM_OK : wm_from_errno(WM_OP_QUERY, result);
    if (out->vma.range.start > addr) {
        out->bounded = out->vma.range.start < above;
        out->range.end = least(above, out->vma.range.start);
        return WM_OK;
    }
    if (!out->ours.found && out->vma.range.start < below)
        out->vma.range.start = below;
    out->vma.range.end = least(above, out->vma.range.end);
    out->kind = WM_LAND_FOREIGN;
    out->range.end = out->vma.range.end;
    return WM_OK;
}

WM_TWICE wm_status by_extent(struct wm_whose *whose, uintptr_t addr, struct wm_land *out)
{
    const struct wm_extent *e = &out->ours.extent;
    bool slack = addr >= wm_extent_range(e).end;

    if (e->kind != WM_FREE && !slack) {
        out->kind = WM_LAND_OURS;
        out->range = (struct wm_range){addr, out->ours.run.end};
        return WM_OK;
    }
    if (e->ground == WM_GROUND_HELD || wm_ground_is_kept(e->ground)) {
        out->kind = WM_LAND_HELD;
        out->bounded = false;
        out->range = (struct wm_range){addr, wm_extent_ground(e).end};
        return WM_OK;
    }
    return ask_kernel(whose, addr, slack ? out->ours.above : wm_extent_range(e).end, out);
}

wm_status wm_land_at(uintptr_t addr, struct wm_land *out)
{
    wm_status st = wm_land_peek(addr, &out->ours);

    if (!wm_ok(st))
        return st;
    return out->ours.found ? by_extent(NULL, addr, out) : ask_kernel(NULL, addr, out->ours.above, out);
}

wm_status wm_land_of(struct wm_whose *whose, uintptr_t addr, struct wm_land *out)
{
    whose->peek(whose, addr, &out->ours);
    return out->ours.found ? by_extent(whose, addr, out) : ask_kernel(whose, addr, out->ours.above, out);
}

bool wm_land_next(uintptr_t *addr, struct wm_peek *out)
{
    while (*addr < WM_SPACE_END && wm_ok(wm_land_peek(*addr, out))) {
        if (out->found && *addr < wm_extent_range(&out->extent).end)
            return true;
        *addr = out->above;
    }
    return false;
}
