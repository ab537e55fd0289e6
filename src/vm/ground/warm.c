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
#include "kern/system/system.h"
#include "vm/access.h"
#include "vm/book/home.h"
#include "vm/ground/arena.h"

/*
 * One piece: longer ones cost the kernel more to fill anew than what is saved here. All together, because what is kept
 * stays promised to us while nobody uses it: where promises are counted for all, or for us, and where not. There it
 * costs page tables (8 bytes a page), and the time that a fork takes to copy them (12 ms a GiB).
 */
#define SHORT_BYTES ((size_t)1 << 18)
#define KEPT_BYTES ((size_t)1 << 25)
#define MORE_BYTES ((size_t)1 << 30)

enum { OVERCOMMIT_NEVER = 2 };

bool wm_warm_is_plain(const struct wm_extent *e, size_t bytes)
{
    return e->kind == WM_PRIVATE && e->node == 0 && e->traits == 0 && e->marks == 0 && bytes <= SHORT_BYTES;
}

static bool mark(const struct wm_found *found, struct wm_range r)
{
    const struct wm_extent *e = &found->extent;
    struct wm_run run = wm_pages_in(wm_book(), e, r, r.start);
    size_t bytes = wm_range_bytes(r);
    int error = 0;

    if (!wm_warm_is_plain(e, bytes) || wm_home.warm_bytes + bytes > KEPT_BYTES + wm_home.warm_more)
        return false;
    if (run.state != WM_READWRITE || !wm_range_holds(run.range, r))
        return false;
    WM_HOME_CLAIM_MARKERS(found)
        error = wm_kern_mark(r);
    return error == 0;
}

bool wm_warm_keep_ground(const struct wm_found *found)
{
    bool kept = mark(found, wm_extent_range(&found->extent));

    if (kept)
        wm_home.warm_bytes += found->extent.bytes;
    return kept;
}

bool wm_warm_keep_pages(const struct wm_found *found, struct wm_range r)
{
    bool kept = mark(found, r);

    if (kept)
        wm_warm_count_pages(r);
    return kept;
}

static bool promises_are_counted(void)
{
    return wm_kern_overcommit() == OVERCOMMIT_NEVER || wm_kern_data_limit() != UINT64_MAX;
}

/* Asked again for every so much more: a program may change its limits, and the administrator the rest. */
bool wm_warm_has_room(size_t bytes)
{
    size_t all = wm_home.warm_bytes + bytes;

    if (all <= KEPT_BYTES / 2 || all <= wm_home.warm_more)
        return true;
    if (all > MORE_BYTES)
        return false;
    wm_home.warm_more = promises_are_counted() ? 0 : all + MORE_BYTES / 16;
    return wm_home.warm_more != 0;
}

void wm_warm_count_pages(struct wm_range r)
{
    wm_home.warm_bytes += wm_range_bytes(r);
    wm_home.warm_pages += wm_range_bytes(r) / WM_PAGE;
}

void wm_warm_uncount(const struct wm_extent *e, struct wm_range r)
{
    if ((e->flags & WM_EXTENT_MIXED) == 0 && !(e->state & (WM_PAGE_WARM | WM_PAGE_DENSE)))
        return;
    for (struct wm_run_walk w = wm_runs_of(wm_book(), e, r); wm_run_next(&w);)
        if (w.run.state & WM_PAGE_WARM) {
            wm_home.warm_bytes -= wm_range_bytes(w.run.range);
            wm_home.warm_pages -= wm_range_bytes(w.run.range) / WM_PAGE;
        } else if (w.run.state & WM_PAGE_DENSE) {
            wm_home.dense.bytes -= wm_range_bytes(w.run.range);
        }
}

/* It is this thread's already while the markers go: nobody else knows the address. */
bool wm_warm_reuse(struct wm_extent *e)
{
    struct wm_found from, found;
    int error = 0;

    if (e->bytes % WM_GRANULE != 0 || !wm_space_pick(wm_book(), WM_GROUND_WARM, e->bytes, &from) ||
        !wm_space_ready(wm_book(), WM_ARENA_RECORDS, 0))
        return false;
    e->start = from.extent.start;
    wm_home.warm_bytes -= e->bytes;
    WM_SPACE_CHANGES(wm_book())
        found.index = wm_space_carve(wm_book(), from, *e);
    found.extent = wm_space_get(wm_book(), found.index);
    WM_HOME_CLAIM_MARKERS(&found)
        error = wm_kern_unmark(wm_extent_range(e));
    if (error == 0)
        return true;
    wm_home.warm_bytes += e->bytes;
    WM_SPACE_CHANGES(wm_book()) {
        wm_space_forget(wm_book(), found);
        wm_space_add_free(wm_book(), wm_extent_range(e), WM_GROUND_WARM);
    }
    return false;
}

bool wm_warm_cool(struct wm_found found)
{
    struct wm_range r = wm_extent_range(&found.extent);

    if (!wm_space_ready(wm_book(), WM_ARENA_RECORDS, 0) || wm_kern_unmap(r) != 0)
        return false;
    wm_home.warm_bytes -= wm_range_bytes(r);
    WM_SPACE_CHANGES(wm_book())
        wm_space_free(wm_book(), found, WM_GROUND_OPEN);
    return true;
}

/* Of an extent that nobody else is changing. What the full table of mappings leaves no room for stays. */
static bool cool_pages(struct wm_found found)
{
    bool any = false;

    for (struct wm_run_walk w = wm_runs_of(wm_book(), &found.extent, wm_extent_range(&found.extent));
         wm_run_next(&w);) {
        if (!(w.run.state & WM_PAGE_WARM))
            continue;
        if (!wm_space_ready(wm_book(), 0, WM_PAGES_RUNS) || wm_kern_discard(w.run.range) != 0)
            return any;
        wm_warm_uncount(&found.extent, w.run.range);
        WM_SPACE_CHANGES(wm_book())
            wm_pages_set(wm_book(), &found, w.run.range, 0);
        any = true;
    }
    return any;
}

static bool cool_all_pages(void)
{
    struct wm_found found;
    bool any = false;

    for (uintptr_t addr = 0; wm_home.warm_pages != 0 && wm_space_from(wm_book(), addr, &found);
         addr = wm_extent_range(&found.extent).end)
        if (found.extent.kind == WM_PRIVATE && !wm_home_is_claimed(found.index))
            any |= cool_pages(found);
    return any;
}

bool wm_warm_cool_all(void)
{
    struct wm_found found;
    bool any = false;

    while (wm_space_pick(wm_book(), WM_GROUND_WARM, WM_GRANULE, &found) && wm_warm_cool(found))
        any = true;
    if (wm_home.warm_pages != 0 && promises_are_counted())
        any |= cool_all_pages();
    return any;
}
