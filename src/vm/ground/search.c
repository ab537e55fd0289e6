/*
 * search.c: a place within bounds, by walking what lies there.
 *
 * Address requirements and MEM_TOP_DOWN want a place by where it is, so ground in bins by size is of no
 * help: the address space is walked as queries walk it, ours and others' (vm/book/land.h), and the first or
 * the last gap that is long enough after alignment is taken. What is found may be gone a moment later, when
 * somebody else maps there: the attempt says so, and the search goes on behind it, never from the
 * beginning, so it ends.
 */
#include "kern/system/system.h"
#include "vm/book/home.h"
#include "vm/book/land.h"
#include "vm/ground/place.h"

/*
 * Below the main stack nothing is mapped until it grows, so it looks free; who took it would end the
 * program at some deep call. STACK_GAP is what the kernel wants free below a stack that grows (256 pages).
 * More than STACK_ROOM_MAX is not left: a stack without a limit would bar everything below it.
 */
#define STACK_ROOM_MAX ((uintptr_t)128 << 20)
#define STACK_GAP ((uintptr_t)1 << 20)

/* Searching downwards looks at a window below the top first, then at ever larger ones. */
#define FIRST_WINDOW ((uintptr_t)1 << 32)

/* Cuts off a gap what the main stack above it may want. */
static void leave_room_to_grow(struct wm_range *gap, const struct wm_land *above)
{
    uintptr_t stack = wm_kern_main_stack(), room;

    if (stack < above->range.start || stack >= above->range.end || above->kind != WM_LAND_FOREIGN)
        return;
    room = wm_kern_stack_limit();
    room = (room < STACK_ROOM_MAX ? wm_up(room, WM_PAGE) : STACK_ROOM_MAX) + STACK_GAP;
    gap->end = wm_range_bytes(*gap) > room ? gap->end - room : gap->start;
}

/* Pages that could not be unmapped are free, but not to be had (vacate.c). */
static bool is_room(const struct wm_land *land)
{
    return wm_land_is_free(land) && !(land->ours.found && wm_extent_is_given_up(&land->ours.extent));
}

/* The next maximal free range at or above *addr; moves *addr behind it. False at the end. */
static bool next_gap(uintptr_t *addr, uintptr_t limit, struct wm_range *gap, wm_status *st)
{
    struct wm_land land;
    bool open = false;

    *gap = (struct wm_range){*addr, *addr};
    for (; *addr < limit && wm_ok(*st = wm_land_at(*addr, &land)); *addr = land.range.end) {
        if (is_room(&land)) {
            if (!open)
                gap->start = *addr;
            gap->end = land.range.end;
            open = true;
            continue;
        }
        if (open) {
            leave_room_to_grow(gap, &land);
            return true;
        }
    }
    return open;
}

/* The first or the last aligned place of bytes in a gap, or 0. */
static uintptr_t fit(struct wm_range gap, const struct wm_bounds *b, size_t bytes)
{
    struct wm_range r = wm_range_cut(gap, (struct wm_range){b->lowest, b->highest});
    uintptr_t at;

    if (wm_range_bytes(r) < bytes)
        return 0;
    at = b->top_down ? wm_down(r.end - bytes, b->alignment) : wm_up(r.start, b->alignment);
    return at >= r.start && at <= r.end - bytes ? at : 0;
}

static wm_status search_up(struct wm_extent *e, const struct wm_mapping *mapping, const struct wm_bounds *b)
{
    uintptr_t addr = b->lowest;
    struct wm_range gap;
    wm_status st = WM_OK;

    while (next_gap(&addr, b->highest, &gap, &st)) {
        e->start = fit(gap, b, e->bytes);
        if (e->start == 0)
            continue;
        st = wm_place_at(e, mapping);
        if (st != WM_ADDRESS_TAKEN)
            return st;
    }
    return wm_ok(st) || st == WM_ADDRESS_TAKEN ? WM_ADDRESS_SPACE : st;
}

/* The highest fit in a window, or 0. */
static uintptr_t last_fit(const struct wm_bounds *window, size_t bytes, wm_status *st)
{
    uintptr_t addr = window->lowest, best = 0;
    struct wm_range gap;

    while (next_gap(&addr, window->highest, &gap, st)) {
        uintptr_t at = fit(gap, window, bytes);

        best = at > best ? at : best;
    }
    return best;
}

static wm_status search_down(struct wm_extent *e, const struct wm_mapping *mapping, const struct wm_bounds *b)
{
    struct wm_bounds window = *b;
    wm_status st = WM_OK;

    for (uintptr_t length = FIRST_WINDOW; wm_ok(st); length *= 16) {
        bool all = window.highest - b->lowest <= length;

        window.lowest = all ? b->lowest : window.highest - length;
        e->start = last_fit(&window, e->bytes, &st);
        if (e->start != 0) {
            st = wm_place_at(e, mapping);
            if (st != WM_ADDRESS_TAKEN)
                return st;
            window.highest = e->start + e->bytes - WM_PAGE; /* lost a race: look below it */
            st = WM_OK;
        } else if (all) {
            return wm_ok(st) ? WM_ADDRESS_SPACE : st;
        }
    }
    return st;
}

wm_status wm_place_within(struct wm_extent *e, const struct wm_mapping *mapping,
                          const struct wm_bounds *bounds)
{
    if (bounds->highest <= bounds->lowest || bounds->highest - bounds->lowest < e->bytes)
        return WM_ADDRESS_SPACE;
    return bounds->top_down ? search_down(e, mapping, bounds) : search_up(e, mapping, bounds);
}
