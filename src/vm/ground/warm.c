/*
 * warm.c: what may be kept, and how it is used again (warm.h).
 *
 * Only what is exactly alike can be used again without a question: private, read/write, all of it, no node,
 * no watch, nothing noted of its pages. Marking fails for locked pages, and then some before the locked one
 * have lost their contents (pinned: markers.before_a_locked_page_contents_are_gone): these were being given
 * back anyway.
 */
#include "vm/ground/warm.h"

#include <string.h>

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

bool wm_warm_is_plain(const struct wm_extent *e, size_t bytes)
{
    return e->kind == WM_PRIVATE && e->node == 0 && e->traits == 0 && e->marks == 0 && bytes <= SHORT_BYTES;
}

static bool may_keep(const struct wm_extent *e, struct wm_range r)
{
    struct wm_run run = wm_pages_in(wm_book(), e, r, r.start);
    size_t bytes = wm_range_bytes(r);

    return wm_warm_is_plain(e, bytes) && wm_home.warm_bytes + bytes <= KEPT_BYTES + wm_home.warm_more &&
           run.state == WM_READWRITE && wm_range_holds(run.range, r);
}

static int mark(const struct wm_found *found, struct wm_range r)
{
    int error = 0;

    WM_HOME_CLAIM_MARKERS(found)
        error = wm_kern_mark(r);
    return error;
}

/* --- ground that was used --- */

/*
 * Measured (Linux 6.18), for 64 KiB: markers on and off take 1.7 us, and 27 if every page is touched in between, since
 * each is brought in anew by a fault; closing it by mprotect, opening it again and clearing it take 6.5, and no faults.
 * To ask whether the pages are there takes 0.6. So now and then it is asked, and what most releases will be like is
 * believed until the next time. Of pages that were cleared nobody can know whether they were used: so now and then
 * some are dropped all the same, whose next user can be asked about. What the program has locked is not kept: it
 * would be locked still in the hands of the next one.
 */
enum { ASK_EVERY = 16, DROP_EVERY = 16 };

static struct {
    bool full;
    uint32_t releases, kept;
} lately; /* guarded by the lock */

static void ask(const struct wm_extent *e)
{
    int there = wm_kern_count_present(wm_extent_range(e));

    lately.full = there > 0 && (size_t)there == e->bytes / WM_PAGE;
}

static bool is_to_be_full(const struct wm_extent *e)
{
    if ((e->flags & WM_EXTENT_CLEARED) == 0 && (lately.full || ++lately.releases % ASK_EVERY == 0))
        ask(e);
    return lately.full && ++lately.kept % DROP_EVERY != 0 && wm_home.warm_bytes + e->bytes <= KEPT_BYTES &&
           !wm_kern_has_locked(wm_extent_range(e));
}

static int close_full(const struct wm_found *found)
{
    int error = 0;

    WM_HOME_CLAIM_MARKERS(found)
        error = wm_kern_protect(wm_extent_range(&found->extent), WM_ACCESS_NONE);
    return error;
}

bool wm_warm_keep_ground(const struct wm_found *found, enum wm_ground *ground)
{
    struct wm_range r = wm_extent_range(&found->extent);

    if (!wm_kern_has_markers() || !may_keep(&found->extent, r))
        return false;
    *ground = WM_GROUND_FULL;
    if (!is_to_be_full(&found->extent) || close_full(found) != 0) {
        *ground = WM_GROUND_WARM;
        if (mark(found, r) != 0)
            return false;
    }
    wm_home.warm_bytes += found->extent.bytes;
    return true;
}

bool wm_warm_keep_pages(const struct wm_found *found, struct wm_range r)
{
    if (!may_keep(&found->extent, r) || mark(found, r) != 0)
        return false;
    wm_warm_count(r, WM_PAGE_WARM);
    return true;
}

/* Asked again for every so much more: a program may change its limits, and the administrator the rest. */
bool wm_warm_has_room(size_t bytes)
{
    size_t all = wm_home.warm_bytes + bytes;

    if (all <= KEPT_BYTES / 2 || all <= wm_home.warm_more)
        return true;
    if (all > MORE_BYTES)
        return false;
    wm_home.warm_more = wm_kern_counts_promises() ? 0 : all + MORE_BYTES / 16;
    return wm_home.warm_more != 0;
}

/* Which sums pages in this state are a part of. */
static void count(uint16_t state, ptrdiff_t bytes)
{
    if (state & WM_PAGE_WARM) {
        wm_home.warm_bytes += (size_t)bytes;
        wm_home.warm_pages += (size_t)(bytes / (ptrdiff_t)WM_PAGE);
    } else if (wm_page_is_shielded(state)) {
        wm_home.dense.shielded += (size_t)bytes;
    } else if ((state & WM_PAGE_DENSE) && !wm_page_is_barred(state)) {
        wm_home.dense.bytes += (size_t)bytes;
    }
}

void wm_warm_count(struct wm_range r, uint16_t state)
{
    count(state, (ptrdiff_t)wm_range_bytes(r));
}

void wm_warm_uncount(const struct wm_extent *e, struct wm_range r)
{
    if ((e->flags & WM_EXTENT_MIXED) == 0 && !(e->state & (WM_PAGE_WARM | WM_PAGE_DENSE)))
        return;
    for (struct wm_run_walk w = wm_runs_of(wm_book(), e, r); wm_run_next(&w);)
        count(w.run.state, -(ptrdiff_t)wm_range_bytes(w.run.range));
}

static int open_full(struct wm_range r)
{
    int error = wm_kern_protect(r, WM_ACCESS_READ | WM_ACCESS_WRITE);

    if (error == 0)
        memset((void *)r.start, 0, wm_range_bytes(r));
    return error;
}

/* It is this thread's already while it is opened: nobody else knows the address. */
static bool reuse(struct wm_extent *e, enum wm_ground ground)
{
    struct wm_found from, found;
    int error = 0;

    if (!wm_space_pick(wm_book(), ground, e->bytes, &from) || !wm_space_ready(wm_book(), WM_ARENA_RECORDS, 0))
        return false;
    e->start = from.extent.start;
    if (ground == WM_GROUND_FULL)
        e->flags |= WM_EXTENT_CLEARED;
    wm_home.warm_bytes -= e->bytes;
    WM_SPACE_CHANGES(wm_book())
        found.index = wm_space_carve(wm_book(), from, *e);
    found.extent = wm_space_get(wm_book(), found.index);
    WM_HOME_CLAIM_MARKERS(&found)
        error = ground == WM_GROUND_FULL ? open_full(wm_extent_range(e)) : wm_kern_unmark(wm_extent_range(e));
    if (error == 0)
        return true;
    e->flags &= ~WM_EXTENT_CLEARED & 15;
    wm_home.warm_bytes += e->bytes;
    WM_SPACE_CHANGES(wm_book())
        wm_space_free(wm_book(), found, ground);
    return false;
}

/* What is empty comes first: where much of it is left from earlier, all would be kept and nothing used. */
bool wm_warm_reuse(struct wm_extent *e)
{
    return e->bytes % WM_GRANULE == 0 && (reuse(e, WM_GROUND_WARM) || reuse(e, WM_GROUND_FULL));
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

    while ((wm_space_pick(wm_book(), WM_GROUND_WARM, WM_GRANULE, &found) ||
            wm_space_pick(wm_book(), WM_GROUND_FULL, WM_GRANULE, &found)) &&
           wm_warm_cool(found))
        any = true;
    if (wm_home.warm_pages != 0 && wm_kern_counts_promises())
        any |= cool_all_pages();
    return any;
}
