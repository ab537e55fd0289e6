/*
 * vacate.c: taking an extent and what lies under it away.
 *
 * A release must not fail for what the kernel cannot do at the moment: a program has no way to react to
 * that. So there are several ways, from the best to the last. Nothing under it: bookkeeping. Short,
 * private, read/write: kept warm. Otherwise unmapped, or made inaccessible again where it came out of an
 * arena. Where the table of mappings is too full for that: what has no access becomes an arena's ground,
 * other pages get guard markers and their addresses are given up (docs/design/full-table.md).
 *
 * Whatever the way, nothing is left of what was noted of its pages: marks, locks, the count of warm memory.
 */
#include "vm/ground/vacate.h"

#include <errno.h>

#include "kern/map/mapping.h"
#include "kern/pages/pagestate.h"
#include "vm/book/home.h"
#include "vm/book/locked.h"
#include "vm/book/marks.h"
#include "vm/errno_status.h"
#include "vm/ground/apart.h"
#include "vm/ground/arena.h"
#include "vm/ground/crowd.h"
#include "vm/ground/givenup.h"
#include "vm/ground/huge.h"
#include "vm/ground/large.h"
#include "vm/ground/spare.h"
#include "vm/ground/warm.h"

/* What is kept about single pages, outside of the book. */
static void forget_pages(const struct wm_extent *e)
{
    wm_marks_drop(e);
    wm_locked_uncount(e, wm_extent_range(e));
    wm_warm_uncount(e, wm_extent_range(e));
}

static void give_up(struct wm_found found)
{
    forget_pages(&found.extent);
    wm_place_give_up(found);
}

void wm_place_drop(struct wm_found found)
{
    forget_pages(&found.extent);
    if (found.extent.ground == WM_GROUND_OWN)
        wm_home.large_hint = found.extent.start;
    WM_SPACE_CHANGES(wm_book())
        wm_space_drop(wm_book(), found);
}

/* --- taking away --- */

/* Without access and empty, as an arena's ground is: so it becomes that. */
static void hold(struct wm_found found)
{
    struct wm_range r = wm_extent_range(&found.extent);

    forget_pages(&found.extent);
    WM_SPACE_CHANGES(wm_book()) {
        wm_space_lift(wm_book(), found);
        wm_space_add_free(wm_book(), r, WM_GROUND_HELD);
    }
}

static int take_away(struct wm_found found)
{
    struct wm_range r = wm_extent_range(&found.extent);
    bool held = found.extent.ground == WM_GROUND_HELD;
    int error = 0;

    if (held && wm_place_is_bare(&found.extent))
        return 0;
    WM_HOME_CLAIM(&found, wm_range_bytes(r))
        error = held ? wm_kern_discard(r) : wm_kern_unmap(r);
    return error;
}

/* Open ground in whole granules, all of it read/write, is worth keeping for the next who wants that. */
static bool keep_warm(struct wm_found found)
{
    enum wm_ground ground;

    if (found.extent.ground != WM_GROUND_OPEN || found.extent.bytes % WM_GRANULE != 0 ||
        found.extent.start % WM_GRANULE != 0 || !wm_warm_keep_ground(&found, &ground))
        return false;
    WM_SPACE_CHANGES(wm_book())
        wm_space_free(wm_book(), found, ground);
    return true;
}

/* Guard markers do not exist in large pages, but they are whole mappings: unmapping one needs no other. */
static int let_go(struct wm_found found)
{
    int error = wm_kern_unmap(wm_extent_range(&found.extent));

    if (error != 0)
        return error;
    forget_pages(&found.extent);
    WM_SPACE_CHANGES(wm_book())
        wm_space_lift(wm_book(), found);
    return 0;
}

/* A window is not for children: one that is given up must be there for them as all other ground is. */
static int mark(const struct wm_extent *e)
{
    struct wm_range r = wm_extent_range(e);
    int error = wm_kern_can_mark(r) ? wm_kern_mark(r) : -ENOMEM;

    return error == 0 && wm_is_window(e) ? wm_kern_to_children(r) : error;
}

/* A section's memory would stay as long as its mapping does: there spare mappings come first. */
static int leave_mapped(struct wm_found found)
{
    bool markers_first = found.extent.kind == WM_PRIVATE && !wm_is_window(&found.extent);
    int error = -ENOMEM;

    if (markers_first && mark(&found.extent) == 0) {
        give_up(found);
        return 0;
    }
    while (error == -ENOMEM && wm_spare_spend(WM_SPARE_RELIEF))
        error = take_away(found);
    if (error == 0) {
        wm_place_drop(found);
        return 0;
    }
    if (markers_first || mark(&found.extent) != 0)
        return -ENOMEM;
    give_up(found);
    return 0;
}

/* The ways out when the table of mappings is full. */
static int leave(struct wm_found found)
{
    if (wm_is_large(&found.extent))
        return let_go(found);
    if (!wm_place_is_bare(&found.extent))
        return leave_mapped(found);
    hold(found);
    return 0;
}

/* It would be a hole too many. */
static bool is_given_up_at_once(struct wm_found found)
{
    const struct wm_extent *e = &found.extent;

    if (e->kind != WM_PRIVATE || wm_is_window(e) || wm_is_large(e) || wm_place_is_bare(e) ||
        !wm_crowd_bars(wm_extent_range(e)) || mark(e) != 0)
        return false;
    give_up(found);
    return true;
}

wm_status wm_place_vacate(struct wm_found found)
{
    struct wm_range r = wm_extent_range(&found.extent);
    int error;

    if (!wm_space_ready(wm_book(), WM_ARENA_RECORDS, 0))
        return WM_BOOK_MEMORY;
    wm_huge_leave(r);
    wm_apart_leave(r);
    if (keep_warm(found))
        return WM_OK;
    if (is_given_up_at_once(found)) {
        wm_place_regain_beside(r);
        return WM_OK;
    }
    error = take_away(found);
    if (error == 0) {
        wm_place_drop(found);
        wm_place_regain_beside(r);
    } else if (error == -ENOMEM) {
        error = leave(found);
    }
    return wm_from_errno(WM_OP_FREE, error);
}
