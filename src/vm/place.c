#include "vm/place.h"

#include <errno.h>

#include "kern/probe.h"
#include "vm/home.h"
#include "vm/land.h"

/* An arena holds a million small reservations; what is longer than LARGE gets a mapping of its own. */
#define ARENA_BYTES ((size_t)1 << 36)
#define LARGE_BYTES ((size_t)1 << 30)

enum { TRIES = 64, SEAMS = 16, RECORDS = 2 };

static struct wm_space *space(void)
{
    return &wm_home.space;
}

static int map_backing(struct wm_range r, const struct wm_backing *b, enum wm_place place)
{
    int error = b->section ? wm_kern_map_file(r, b->access, b->copy, b->fd, b->offset, place)
                           : wm_kern_map(r, b->access, place);

    if (error == 0 && b->node != 0)
        wm_kern_prefer_node(r, b->node - 1u);
    return error;
}

int wm_place_over(struct wm_range r, const struct wm_backing *b)
{
    if (b->section)
        return map_backing(r, b, WM_OVER_OURS);
    if (b->node != 0)
        wm_kern_prefer_node(r, b->node - 1u);
    return b->access == WM_ACCESS_NONE ? 0 : wm_kern_protect(r, b->access);
}

static void carve(struct wm_found from, const struct wm_extent *e)
{
    wm_space_begin(space());
    wm_space_carve(space(), from, *e);
    wm_space_end(space());
}

static void add_own(struct wm_extent *e)
{
    e->ground = WM_GROUND_OWN;
    wm_space_begin(space());
    wm_space_add(space(), e);
    wm_space_end(space());
}

/*
 * ENOMEM from a mapping that is to be used at once has two causes. Addresses without access are refused
 * only for want of address space (RLIMIT_AS): the same size is asked for once more to tell.
 */
static wm_status mapping_error(const struct wm_backing *b, size_t bytes, int error)
{
    struct wm_range probe;

    if (error == -ENOMEM && b->access != WM_ACCESS_NONE) {
        if (wm_kern_reserve(bytes, &probe.start) == -ENOMEM)
            return wm_from_errno(WM_OP_RESERVE, error);
        probe.end = probe.start + bytes;
        wm_kern_unmap(probe);
    }
    return wm_from_errno(error == -EEXIST || (error == -EPERM && !b->section) ? WM_OP_RESERVE : b->op, error);
}

/* --- arenas --- */

/*
 * Open ground was mapped once and is unmapped again: so the kernel said that it is free and, under a
 * sanitizer, that programs may use it. Nobody else is kept from it; WM_AT_FREE finds out.
 */
static int map_arena(size_t bytes, enum wm_ground ground)
{
    struct wm_range r;
    int error = wm_kern_reserve(bytes, &r.start);

    if (error != 0)
        return error;
    r.end = r.start + bytes;
    if (ground == WM_GROUND_OPEN)
        error = wm_kern_unmap(r);
    if (error != 0)
        return error;
    wm_space_begin(space());
    wm_space_add_free(space(), r, ground);
    wm_space_end(space());
    return 0;
}

/* Where addresses are short (RLIMIT_AS) a smaller arena must do; a granule more, as starts are unaligned. */
static wm_status new_arena(enum wm_ground ground, size_t need)
{
    int error = -ENOMEM;

    if (!wm_space_ready(space(), RECORDS, 0))
        return WM_BOOK_MEMORY;
    for (size_t bytes = ARENA_BYTES; error != 0 && bytes >= need + WM_GRANULE; bytes /= 2)
        error = map_arena(bytes, ground);
    return wm_from_errno(WM_OP_RESERVE, error);
}

static struct wm_extent start_in(struct wm_found from, struct wm_extent e)
{
    e.start = wm_up(from.extent.start, WM_GRANULE);
    return e;
}

static wm_status find_room(enum wm_ground ground, size_t bytes, struct wm_found *out)
{
    wm_status st = WM_OK;

    if (!wm_space_ready(space(), RECORDS, 0))
        return WM_BOOK_MEMORY;
    if (wm_space_pick(space(), ground, bytes, out))
        return WM_OK;
    st = new_arena(ground, bytes);
    if (wm_ok(st) && !(wm_space_ready(space(), RECORDS, 0) && wm_space_pick(space(), ground, bytes, out)))
        st = WM_BOOK_MEMORY;
    return st;
}

/* A reservation in held ground: bookkeeping alone. */
static wm_status place_held(struct wm_extent *e, const struct wm_backing *b)
{
    struct wm_found from;
    wm_status st = find_room(WM_GROUND_HELD, e->bytes, &from);

    if (!wm_ok(st))
        return st;
    *e = start_in(from, *e);
    if (b->node != 0)
        wm_kern_prefer_node(wm_extent_range(e), b->node - 1u);
    carve(from, e);
    return WM_OK;
}

/* What is used at once goes to open ground: one system call to map it, one to take it away. */
static wm_status place_open(struct wm_extent *e, const struct wm_backing *b)
{
    int error = -EEXIST;
    struct wm_found from;

    for (int tries = 0; tries < TRIES && error == -EEXIST; tries++) {
        wm_status st = find_room(WM_GROUND_OPEN, e->bytes, &from);

        if (!wm_ok(st))
            return st;
        *e = start_in(from, *e);
        error = map_backing(wm_extent_range(e), b, WM_AT_FREE);
        if (error == -EEXIST) { /* somebody else's by now */
            wm_space_begin(space());
            wm_space_forget(space(), from);
            wm_space_end(space());
        }
    }
    if (error != 0)
        return mapping_error(b, e->bytes, error);
    carve(from, e);
    return WM_OK;
}

/* --- mappings of their own --- */

static int map_hinted(struct wm_extent *e, const struct wm_backing *b)
{
    e->start = wm_home.large_hint;
    if (e->start == 0 || !wm_range_fits(e->start, e->bytes))
        return -EEXIST;
    return map_backing(wm_extent_range(e), b, WM_AT_FREE);
}

/* The kernel aligns to pages: ask for a granule more, give it back, and take the aligned part. */
static int map_searched(struct wm_extent *e, const struct wm_backing *b)
{
    size_t bytes = e->bytes + WM_GRANULE;
    uintptr_t start;
    int error = wm_kern_reserve(bytes, &start);

    if (error != 0)
        return error;
    error = wm_kern_unmap(wm_range_of(start, bytes));
    e->start = wm_up(start, WM_GRANULE);
    return error != 0 ? error : map_backing(wm_extent_range(e), b, WM_AT_FREE);
}

static wm_status place_own(struct wm_extent *e, const struct wm_backing *b)
{
    int error;

    if (!wm_space_ready(space(), RECORDS, 0))
        return WM_BOOK_MEMORY;
    error = map_hinted(e, b);
    for (int tries = 0; tries < TRIES && error == -EEXIST; tries++)
        error = map_searched(e, b);
    if (error != 0)
        return mapping_error(b, e->bytes, error);
    wm_home.large_hint = e->start > e->bytes ? wm_down(e->start - e->bytes, WM_GRANULE) : 0;
    add_own(e);
    return WM_OK;
}

wm_status wm_place_anywhere(struct wm_extent *e, const struct wm_backing *b)
{
    bool mapped = b->section || b->access != WM_ACCESS_NONE;
    wm_status st;

    if (e->bytes > LARGE_BYTES || !wm_probe_has(WM_FEATURE_ARENAS))
        return place_own(e, b);
    st = mapped ? place_open(e, b) : place_held(e, b);
    return st == WM_ADDRESS_SPACE ? place_own(e, b) : st;
}

/* --- at an address --- */

/* Cuts r out of free open ground that it overlaps: the kernel has something of ours there now. */
static void close_open_ground(struct wm_range r)
{
    struct wm_found open;

    while (wm_space_first_in(space(), r, false, &open) && open.extent.ground == WM_GROUND_OPEN) {
        struct wm_range all = wm_extent_range(&open.extent);

        wm_space_forget(space(), open);
        wm_space_add_free(space(), (struct wm_range){all.start, r.start > all.start ? r.start : all.start},
                          WM_GROUND_OPEN);
        wm_space_add_free(space(), (struct wm_range){r.end < all.end ? r.end : all.end, all.end},
                          WM_GROUND_OPEN);
    }
}

/* The part of r from addr on that is not held by an arena; empty if all of it is. */
static struct wm_range next_seam(struct wm_range r, uintptr_t addr)
{
    struct wm_found found;

    while (addr < r.end && wm_space_at(space(), addr, &found) && found.extent.ground == WM_GROUND_HELD)
        addr = wm_extent_ground(&found.extent).end;
    if (addr >= r.end)
        return (struct wm_range){r.end, r.end};
    r.start = addr;
    for (; wm_space_from(space(), addr + WM_PAGE, &found) && found.extent.start < r.end; addr = found.extent.start)
        if (found.extent.ground == WM_GROUND_HELD) {
            r.end = found.extent.start;
            break;
        }
    return r;
}

/*
 * A range that lies partly in an arena and partly beside it, which only a program that picks addresses
 * out of VirtualQuery asks for: the parts beside it become arena ground, then it is all one.
 */
static wm_status hold_seams(struct wm_range r)
{
    struct wm_range seams[SEAMS], seam = next_seam(r, r.start);
    int count = 0, error = 0;

    for (; wm_range_bytes(seam) != 0 && count < SEAMS && error == 0; seam = next_seam(r, seam.end)) {
        error = wm_kern_map(seam, WM_ACCESS_NONE, WM_AT_FREE);
        seams[count] = seam;
        count += error == 0;
    }
    if (error == 0 && wm_range_bytes(seam) != 0)
        error = -EEXIST;
    if (error == 0 && !wm_space_ready(space(), (uint32_t)count * 3 + RECORDS, 0))
        error = -ENOMEM;
    for (int i = 0; i < count && error != 0; i++)
        wm_kern_unmap(seams[i]);
    if (error != 0)
        return wm_from_errno(WM_OP_RESERVE, error);
    wm_space_begin(space());
    for (int i = 0; i < count; i++) {
        close_open_ground(seams[i]);
        wm_space_add_free(space(), seams[i], WM_GROUND_HELD);
    }
    wm_space_end(space());
    return WM_OK;
}

static wm_status place_at_held(struct wm_extent *e, const struct wm_backing *b)
{
    struct wm_found from;
    wm_status st = WM_OK;

    if (!wm_space_at(space(), e->start, &from) || !wm_range_holds(wm_extent_range(&from.extent), wm_extent_range(e)))
        st = hold_seams(wm_extent_range(e));
    if (!wm_ok(st))
        return st;
    if (!wm_space_ready(space(), RECORDS, 0) || !wm_space_at(space(), e->start, &from))
        return WM_BOOK_MEMORY;
    st = wm_from_errno(b->op, wm_place_over(wm_extent_range(e), b));
    if (wm_ok(st))
        carve(from, e);
    return st;
}

static wm_status place_at_empty(struct wm_extent *e, const struct wm_backing *b)
{
    struct wm_range r = wm_extent_range(e);
    struct wm_found open;
    int error;

    if (!wm_space_ready(space(), SEAMS, 0))
        return WM_BOOK_MEMORY;
    error = map_backing(r, b, WM_AT_FREE);
    if (error != 0)
        return mapping_error(b, e->bytes, error);
    if (wm_space_at(space(), e->start, &open) && wm_range_holds(wm_extent_range(&open.extent), r)) {
        carve(open, e);
        return WM_OK;
    }
    wm_space_begin(space());
    close_open_ground(r);
    wm_space_end(space());
    add_own(e);
    return WM_OK;
}

wm_status wm_place_at(struct wm_extent *e, const struct wm_backing *b)
{
    struct wm_range r = wm_extent_range(e);
    struct wm_found found;
    bool held = false;

    for (uintptr_t addr = r.start; wm_space_first_in(space(), (struct wm_range){addr, r.end}, true, &found);
         addr = wm_extent_ground(&found.extent).end) {
        if (found.extent.kind != WM_FREE || found.extent.state != 0)
            return WM_ADDRESS_TAKEN;
        held = true;
    }
    return held ? place_at_held(e, b) : place_at_empty(e, b);
}

/* --- taking away --- */

static void drop(struct wm_found found)
{
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
                          .bytes = found.extent.bytes + wm_extent_slack(&found.extent),
                          .kind = WM_FREE,
                          .ground = WM_GROUND_HELD,
                          .state = WM_PAGE_MARKED};

    wm_space_begin(space());
    wm_space_forget(space(), found);
    wm_space_add(space(), &e);
    wm_space_end(space());
}

wm_status wm_place_vacate(struct wm_found found)
{
    struct wm_range r = wm_extent_range(&found.extent);
    bool held = found.extent.ground == WM_GROUND_HELD;
    bool untouched = found.extent.state == 0 && (found.extent.flags & WM_EXTENT_MIXED) == 0;
    int error = 0;

    if (!wm_space_ready(space(), RECORDS, 0))
        return WM_BOOK_MEMORY;
    if (!held)
        error = wm_kern_unmap(r);
    else if (!untouched)
        error = wm_kern_discard(r);
    if (error == 0)
        drop(found);
    else if (error == -ENOMEM && found.extent.kind == WM_PRIVATE && wm_kern_mark(r) == 0)
        give_up(found);
    else
        return wm_from_errno(WM_OP_FREE, error);
    return WM_OK;
}
