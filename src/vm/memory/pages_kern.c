#include "vm/memory/pages_kern.h"

#include "core/pages.h"
#include "kern/kern.h"
#include "vm/access.h"
#include "vm/book/home.h"

/* Marked pages fault whatever their mapping allows; warm ones are to be read/write below. */
static void put_run_back(struct wm_run run)
{
    if (!(run.state & WM_PAGE_MARKED))
        wm_kern_protect(run.range, wm_access_of(run.state));
    if (run.state & WM_PAGE_WARM)
        wm_kern_protect(run.range, WM_ACCESS_READ | WM_ACCESS_WRITE);
    if (run.state & WM_PAGE_MARKED)
        wm_kern_mark(run.range);
}

static void put_back(const struct wm_space *space, const struct wm_extent *e, struct wm_range range)
{
    struct wm_run run;

    for (uintptr_t addr = range.start; addr < range.end; addr = run.range.end) {
        run = wm_pages_in(space, e, range, addr);
        put_run_back(run);
    }
}

static int unmark(const struct wm_space *space, const struct wm_extent *e, struct wm_range range)
{
    struct wm_run run;
    int error = 0;

    for (uintptr_t addr = range.start; addr < range.end && error == 0; addr = run.range.end) {
        run = wm_pages_in(space, e, range, addr);
        if (run.state & WM_PAGE_MARKED)
            error = wm_kern_unmark(run.range);
    }
    return error;
}

static int set_uniform(const struct wm_found *found, struct wm_range range, int access, int old)
{
    bool claimed = wm_home_claim(found, wm_range_bytes(range));
    int error = wm_kern_protect(range, access);

    if (error != 0)
        wm_kern_protect(range, old);
    wm_home_unclaim(found, claimed);
    return error;
}

/* What is offered stays out of reach whatever its protection. */
static int close_offered(const struct wm_space *space, const struct wm_extent *e, struct wm_range range)
{
    struct wm_run run;
    int error = 0;

    for (uintptr_t addr = range.start; addr < range.end && error == 0; addr = run.range.end) {
        run = wm_pages_in(space, e, range, addr);
        if (run.state & WM_PAGE_OFFERED)
            error = wm_kern_protect(run.range, WM_ACCESS_NONE);
    }
    return error;
}

static int set_mixed(const struct wm_found *found, struct wm_range range, int access)
{
    int error = wm_kern_protect(range, access);

    if (error == 0)
        error = unmark(&wm_home.space, &found->extent, range);
    if (error == 0)
        error = close_offered(&wm_home.space, &found->extent, range);
    if (error != 0)
        put_back(&wm_home.space, &found->extent, range);
    return error;
}

int wm_pages_kern_set(const struct wm_found *found, struct wm_range range, uint16_t state)
{
    struct wm_run run = wm_pages_in(&wm_home.space, &found->extent, range, range.start);
    int access = wm_access_of(state | (run.state & WM_PAGE_STICKY)), old = wm_access_of(run.state);

    if (wm_range_holds(run.range, range) && (run.state & WM_PAGE_WARM) && state == WM_READWRITE)
        return wm_kern_unmark(range);
    if (!wm_range_holds(run.range, range) || (run.state & WM_PAGE_MARKED))
        return set_mixed(found, range, wm_access_of(state));
    /* Reserved pages are mapped without access: committing them as PAGE_NOACCESS changes nothing. */
    return access == old ? 0 : set_uniform(found, range, access, old);
}
