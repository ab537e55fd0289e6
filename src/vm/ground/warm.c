/*
 * warm.c: what may be kept, and how it is used again (warm.h).
 *
 * Only what is exactly alike can be used again without a question: private, read/write, all of it, no node,
 * no watch, nothing noted of its pages. Marking fails for locked pages, and then some before the locked one
 * have lost their contents (pinned: markers.before_a_locked_page_contents_are_gone): these were being given
 * back anyway.
 */
#include "vm/ground/warm.h"

#include "core/pages.h"
#include "kern/map/mapping.h"
#include "kern/pages/pagestate.h"
#include "vm/access.h"
#include "vm/book/home.h"
#include "vm/ground/arena.h"

/*
 * One stretch, and all together: longer ones cost the kernel more to fill anew than what is saved here, and
 * all of it stays promised to us while nobody uses it.
 */
#define SHORT_BYTES ((size_t)1 << 18)
#define KEPT_BYTES ((size_t)1 << 25)

bool wm_warm_keep(const struct wm_extent *e, struct wm_range r)
{
    struct wm_run run = wm_pages_in(wm_book(), e, r, r.start);
    size_t bytes = wm_range_bytes(r);

    if (e->kind != WM_PRIVATE || e->node != 0 || e->traits != 0 || e->marks != 0 || bytes > SHORT_BYTES ||
        wm_home.warm_bytes + bytes > KEPT_BYTES)
        return false;
    if (run.state != WM_READWRITE || !wm_range_holds(run.range, r) || wm_kern_mark(r) != 0)
        return false;
    wm_home.warm_bytes += bytes;
    return true;
}

void wm_warm_uncount(const struct wm_extent *e, struct wm_range r)
{
    if ((e->flags & WM_EXTENT_MIXED) == 0 && !(e->state & WM_PAGE_WARM))
        return;
    for (struct wm_run_walk w = wm_runs_of(wm_book(), e, r); wm_run_next(&w);)
        if (w.run.state & WM_PAGE_WARM)
            wm_home.warm_bytes -= wm_range_bytes(w.run.range);
}

bool wm_warm_reuse(struct wm_extent *e)
{
    struct wm_found from;

    if (e->bytes % WM_GRANULE != 0 || !wm_space_pick(wm_book(), WM_GROUND_WARM, e->bytes, &from) ||
        !wm_space_ready(wm_book(), WM_ARENA_RECORDS, 0))
        return false;
    e->start = from.extent.start;
    if (wm_kern_unmark(wm_extent_range(e)) != 0)
        return false;
    wm_home.warm_bytes -= e->bytes;
    WM_SPACE_CHANGES(wm_book())
        wm_space_carve(wm_book(), from, *e);
    return true;
}

bool wm_warm_cool(struct wm_found found)
{
    struct wm_range r = wm_extent_range(&found.extent);

    if (!wm_space_ready(wm_book(), WM_ARENA_RECORDS, 0) || wm_kern_unmap(r) != 0)
        return false;
    wm_home.warm_bytes -= wm_range_bytes(r);
    WM_SPACE_CHANGES(wm_book()) {
        wm_space_forget(wm_book(), found);
        wm_space_add_free(wm_book(), r, WM_GROUND_OPEN);
    }
    return true;
}

bool wm_warm_cool_all(void)
{
    struct wm_found found;
    bool any = false;

    while (wm_space_pick(wm_book(), WM_GROUND_WARM, WM_GRANULE, &found) && wm_warm_cool(found))
        any = true;
    return any;
}
