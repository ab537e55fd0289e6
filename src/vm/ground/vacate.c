/* vacate.c: taking an extent and what lies under it away. */
#include <errno.h>

#include "vm/book/home.h"
#include "vm/book/marks.h"
#include "vm/ground/arena.h"
#include "vm/ground/large.h"
#include "vm/ground/place.h"
#include "vm/ground/warm.h"
#include "vm/pages/pin.h"

static struct wm_space *space(void)
{
    return &wm_home.space;
}

/* What is kept about single pages, outside of the book. */
static void forget_pages(const struct wm_extent *e)
{
    wm_marks_drop(e);
    wm_pin_uncount(e, wm_extent_range(e));
    wm_warm_uncount(e, wm_extent_range(e));
}

void wm_place_drop(struct wm_found found)
{
    forget_pages(&found.extent);
    if (found.extent.ground == WM_GROUND_OWN)
        wm_home.large_hint = found.extent.start;
    wm_space_begin(space());
    wm_space_drop(space(), found);
    wm_space_end(space());
}

/* Free to all the world, but never handed out again: see wm_place_vacate. */
static void give_up(struct wm_found found)
{
    struct wm_extent e = {.start = found.extent.start,
                          .bytes = found.extent.bytes,
                          .kind = WM_FREE,
                          .ground = WM_GROUND_HELD,
                          .state = WM_PAGE_MARKED};

    forget_pages(&found.extent);
    wm_space_begin(space());
    wm_space_lift(space(), found);
    wm_space_add(space(), &e);
    wm_space_end(space());
}

static int take_away(struct wm_found found)
{
    struct wm_range r = wm_extent_range(&found.extent);
    bool held = found.extent.ground == WM_GROUND_HELD, claimed;
    int error;

    if (held && found.extent.state == 0 && (found.extent.flags & WM_EXTENT_MIXED) == 0 &&
        found.extent.traits == 0)
        return 0; /* never touched */
    claimed = wm_home_claim(&found, wm_range_bytes(r));
    error = held ? wm_kern_discard(r) : wm_kern_unmap(r);
    wm_home_unclaim(&found, claimed);
    return error;
}

/* Open ground in whole granules, all of it read/write, is worth keeping for the next who wants that. */
static bool keep_warm(struct wm_found found)
{
    struct wm_range r = wm_extent_range(&found.extent);

    if (found.extent.ground != WM_GROUND_OPEN || found.extent.bytes % WM_GRANULE != 0 ||
        found.extent.start % WM_GRANULE != 0 || !wm_warm_keep(&found.extent, r))
        return false;
    wm_space_begin(space());
    wm_space_forget(space(), found);
    wm_space_add_free(space(), r, WM_GROUND_WARM);
    wm_space_end(space());
    return true;
}

/* Guard markers do not exist in large pages, but they are whole mappings: unmapping one needs no other. */
static int let_go(struct wm_found found)
{
    int error = wm_kern_unmap(wm_extent_range(&found.extent));

    if (error != 0)
        return error;
    forget_pages(&found.extent);
    wm_space_begin(space());
    wm_space_lift(space(), found);
    wm_space_end(space());
    return 0;
}

/* The ways out when the table of mappings is full. */
static int leave(struct wm_found found)
{
    if (wm_is_large(&found.extent))
        return let_go(found);
    if (found.extent.kind != WM_PRIVATE || wm_pin_holds(&found.extent, wm_extent_range(&found.extent)) ||
        wm_kern_mark(wm_extent_range(&found.extent)) != 0)
        return -ENOMEM;
    give_up(found);
    return 0;
}

wm_status wm_place_vacate(struct wm_found found)
{
    int error;

    if (!wm_space_ready(space(), WM_ARENA_RECORDS, 0))
        return WM_BOOK_MEMORY;
    if (keep_warm(found))
        return WM_OK;
    error = take_away(found);
    if (error == 0)
        wm_place_drop(found);
    else if (error == -ENOMEM)
        error = leave(found);
    return wm_from_errno(WM_OP_FREE, error);
}
