/*
 * place.c: an extent, a place, and the mapping under it.
 *
 * Where an extent goes depends on what is to lie under it, and the difference is what system calls cost. A
 * mere reservation is carved out of ground that is mapped already and inaccessible, without any call; what
 * is used at once gets a mapping of its own, because in held ground it would split one and merge again at
 * its end (measured: 1.7 times the price of the raw calls; docs/design/arenas.md).
 *
 *   ground that the book calls ours is mapped over (WM_OVER_OURS, MAP_FIXED); elsewhere nothing is replaced
 *   (WM_AT_FREE, MAP_FIXED_NOREPLACE), since the program and its libraries map behind our back
 *   new addresses begin at multiples of 64 KiB (O14), whatever the kernel would give; of memory that could have or get
 *   huge pages at multiples of 2 MiB, where there is room for that (L635)
 *   an extent in the book before its mapping is there is this thread's alone, and goes if the mapping fails
 *
 * A placeholder is replaced in its place or not at all, and there is nothing to choose: the range must be
 * exactly one (O135), and it stays what it is if the kernel refuses.
 */
#include "vm/ground/place.h"

#include <errno.h>

#include "kern/map/mapping.h"
#include "kern/pages/pagestate.h"
#include "kern/probe.h"
#include "kern/system/system.h"
#include "vm/book/home.h"
#include "vm/ground/arena.h"
#include "vm/ground/givenup.h"
#include "vm/ground/huge.h"
#include "vm/ground/vacate.h"
#include "vm/ground/warm.h"

/*
 * What is longer gets a mapping of its own: in an arena it would leave little room for others, and at this
 * length two system calls are nothing beside what filling it costs.
 */
#define LARGE_BYTES ((size_t)1 << 30)

/*
 * So often somebody else may be faster at the very place that was found free. Each time the book has
 * learned of him.
 */
enum { TRIES = 64, RECORDS = WM_ARENA_RECORDS };

/* Large pages have their protection and their node already. */
static int move_taken(struct wm_range r, const struct wm_mapping *m, enum wm_place place)
{
    bool map = place == WM_AT_FREE && !m->taken.kept;
    int error = map ? wm_kern_map(r, WM_ACCESS_NONE, place) : 0;

    if (error != 0)
        return error;
    error = wm_kern_move_large(m->taken.start, r);
    if (error != 0 && map)
        wm_kern_unmap(r);
    return error;
}

static int map_as(struct wm_range r, const struct wm_mapping *m, enum wm_place place)
{
    int error;

    if (m->taken.start != 0)
        return move_taken(r, m, place);
    error = m->section ? wm_kern_map_file(r, m->access, m->copy, m->fd, m->offset, place)
                       : wm_kern_map(r, m->access, place);
    if (error == 0 && m->node != 0)
        wm_kern_prefer_node(r, m->node - 1u);
    if (error == 0 && m->huge)
        wm_huge_ask(r);
    return error;
}

/* Puts the mapping under ground that is ours and inaccessible: committing all of it, or mapping a view. */
static int map_over(struct wm_range r, const struct wm_mapping *m)
{
    int error = 0;

    if (m->section || m->large)
        return map_as(r, m, WM_OVER_OURS);
    if (m->node != 0)
        wm_kern_prefer_node(r, m->node - 1u);
    if (m->access != WM_ACCESS_NONE)
        error = wm_kern_protect(r, m->access);
    if (error == 0 && m->huge)
        wm_huge_ask(r);
    return error;
}

static uint32_t carve(struct wm_found from, const struct wm_extent *e)
{
    uint32_t index = 0;

    WM_SPACE_CHANGES(wm_book())
        index = wm_space_carve(wm_book(), from, *e);
    return index;
}

/* A mapping of its own, perhaps where open ground was free until now. */
static void add_own(struct wm_extent *e)
{
    e->ground = WM_GROUND_OWN;
    WM_SPACE_CHANGES(wm_book()) {
        wm_arena_close(wm_extent_range(e));
        wm_space_add(wm_book(), e);
    }
}

/* ENOMEM from a mapping that is to be used at once means want of address space or of memory. */
static wm_status mapping_error(const struct wm_mapping *m, size_t bytes, int error)
{
    bool addresses = error == -EEXIST || (error == -EPERM && !m->section) ||
                     (error == -ENOMEM && wm_kern_addresses_short_of(bytes));

    return wm_from_errno(addresses ? WM_OP_RESERVE : m->op, error);
}

/* --- anywhere --- */

/* Of what its start is a multiple, if that can be had. */
static uintptr_t unit_of(const struct wm_mapping *m)
{
    return m->blocks ? WM_LARGE : WM_GRANULE;
}

static struct wm_extent start_in(struct wm_found from, struct wm_extent e, uintptr_t unit)
{
    e.start = wm_up(from.extent.start, unit);
    return e;
}

/* A reservation in held ground: bookkeeping alone. */
static wm_status place_held(struct wm_extent *e, const struct wm_mapping *m)
{
    uintptr_t unit = unit_of(m);
    struct wm_found from;
    wm_status st = wm_arena_room(WM_GROUND_HELD, e->bytes + unit - WM_GRANULE, &from);

    if (!wm_ok(st) && unit > WM_GRANULE) { /* addresses are short */
        unit = WM_GRANULE;
        st = wm_arena_room(WM_GROUND_HELD, e->bytes, &from);
    }
    if (!wm_ok(st))
        return st;
    *e = start_in(from, *e, unit);
    if (m->node != 0)
        wm_kern_prefer_node(wm_extent_range(e), m->node - 1u);
    carve(from, e);
    return WM_OK;
}

/*
 * What is used at once goes to open ground: one system call to map it, one to take it away. The book
 * goes first here, so that the lock can be dropped: nobody else knows the address yet.
 */
static int map_open(struct wm_found from, struct wm_extent *e, const struct wm_mapping *m, uintptr_t unit)
{
    struct wm_found found;
    int error = 0;

    *e = start_in(from, *e, unit);
    found.index = carve(from, e);
    found.extent = wm_space_get(wm_book(), found.index);
    WM_HOME_CLAIM(&found, e->bytes)
        error = map_as(wm_extent_range(e), m, WM_AT_FREE);
    if (error == -EEXIST)
        wm_arena_lose(found);
    else if (error != 0)
        wm_place_drop(found);
    return error;
}

static wm_status place_open(struct wm_extent *e, const struct wm_mapping *m)
{
    uintptr_t unit = unit_of(m);
    int error = -EEXIST;
    struct wm_found from;

    for (int tries = 0; tries < TRIES && error == -EEXIST; tries++) {
        wm_status st = wm_arena_room(WM_GROUND_OPEN, e->bytes + unit - WM_GRANULE, &from);

        if (!wm_ok(st) && unit > WM_GRANULE) { /* addresses are short */
            unit = WM_GRANULE;
            continue;
        }
        if (!wm_ok(st))
            return st;
        error = map_open(from, e, m, unit);
        if (error == -ENOMEM && wm_warm_cool_all())
            error = -EEXIST; /* once more */
    }
    return error == 0 ? WM_OK : mapping_error(m, e->bytes, error);
}

/* --- mappings of their own --- */

/* What was freed there may have begun anywhere in a granule. */
static int map_hinted(struct wm_extent *e, const struct wm_mapping *m)
{
    e->start = wm_up(wm_home.large_hint, unit_of(m));
    if (e->start == 0 || !wm_range_fits(e->start, e->bytes))
        return -EEXIST;
    return map_as(wm_extent_range(e), m, WM_AT_FREE);
}

/* The kernel aligns to pages: ask for a unit more, give it back, and take the aligned part. */
static int map_searched(struct wm_extent *e, const struct wm_mapping *m)
{
    uintptr_t unit = unit_of(m);
    struct wm_range r;
    int error = wm_kern_reserve(e->bytes + unit, &r.start);

    if (error != 0 && unit > WM_GRANULE) { /* addresses are short */
        unit = WM_GRANULE;
        error = wm_kern_reserve(e->bytes + unit, &r.start);
    }
    if (error != 0)
        return error;
    r.end = r.start + e->bytes + unit;
    e->start = wm_up(r.start, unit);
    error = wm_kern_unmap(r);
    if (error != 0) {
        wm_arena_add(r, WM_GROUND_HELD);
        return error;
    }
    return map_as(wm_extent_range(e), m, WM_AT_FREE);
}

static wm_status add_settled(struct wm_extent *e)
{
    if (!wm_arena_settle(wm_extent_range(e)))
        return WM_REENTERED;
    if (!wm_space_ready(wm_book(), RECORDS, 0))
        return WM_BOOK_MEMORY;
    add_own(e);
    return WM_OK;
}

static wm_status add_or_unmap(struct wm_extent *e)
{
    wm_status st = add_settled(e);

    if (!wm_ok(st))
        wm_kern_unmap(wm_extent_range(e));
    return st;
}

static wm_status place_own(struct wm_extent *e, const struct wm_mapping *m)
{
    int error = map_hinted(e, m);

    for (int tries = 0; tries < TRIES && error == -EEXIST; tries++)
        error = map_searched(e, m);
    if (error != 0)
        return mapping_error(m, e->bytes, error);
    if (m->op == WM_OP_RESERVE) /* not of a view, which may have no access yet as well */
        error = wm_kern_keep_joinable(wm_extent_range(e));
    if (error != 0) {
        wm_kern_unmap(wm_extent_range(e));
        return mapping_error(m, e->bytes, error);
    }
    wm_home.large_hint = e->start > e->bytes ? wm_down(e->start - e->bytes, unit_of(m)) : 0;
    return add_or_unmap(e);
}

/* Large pages: the kernel knows where they fit, and private ones are there already. */
static wm_status place_large(struct wm_extent *e, const struct wm_mapping *m)
{
    int error;

    e->start = m->taken.start;
    if (m->taken.start != 0)
        return add_settled(e);
    error = wm_kern_map_file_anywhere(e->bytes, m->access, m->fd, m->offset, &e->start);
    return error != 0 ? mapping_error(m, e->bytes, error) : add_or_unmap(e);
}

/* Private read/write memory without further wishes. */
static bool is_plain(const struct wm_mapping *m)
{
    return !m->section && m->node == 0 && m->access == (WM_ACCESS_READ | WM_ACCESS_WRITE);
}

wm_status wm_place_anywhere(struct wm_extent *e, const struct wm_mapping *m)
{
    bool mapped = m->section || m->access != WM_ACCESS_NONE;
    wm_status st;

    if (m->large)
        return place_large(e, m);
    if (e->bytes > LARGE_BYTES || !wm_probe_has(WM_FEATURE_ARENAS))
        return place_own(e, m);
    if (is_plain(m) && !m->piece && wm_warm_reuse(e))
        return WM_OK;
    st = mapped ? place_open(e, m) : place_held(e, m);
    return st == WM_ADDRESS_SPACE || st == WM_ADDRESS_TAKEN ? place_own(e, m) : st;
}

/* --- at an address --- */

static wm_status place_at_held(struct wm_extent *e, const struct wm_mapping *m)
{
    struct wm_found from;
    wm_status st = WM_OK;

    if (!wm_space_at(wm_book(), e->start, &from) ||
        !wm_range_holds(wm_extent_range(&from.extent), wm_extent_range(e)))
        st = wm_arena_extend(wm_extent_range(e));
    if (!wm_ok(st))
        return st;
    if (!wm_space_ready(wm_book(), RECORDS, 0) || !wm_space_at(wm_book(), e->start, &from))
        return WM_BOOK_MEMORY;
    st = wm_from_errno(m->op, map_over(wm_extent_range(e), m));
    if (wm_ok(st))
        carve(from, e);
    return st;
}

static wm_status place_at_empty(struct wm_extent *e, const struct wm_mapping *m)
{
    struct wm_range r = wm_extent_range(e);
    struct wm_found open;
    int error;

    if (!wm_space_ready(wm_book(), RECORDS, 0))
        return WM_BOOK_MEMORY;
    error = map_as(r, m, WM_AT_FREE);
    if (error != 0)
        return mapping_error(m, e->bytes, error);
    if (wm_space_at(wm_book(), e->start, &open) && wm_range_holds(wm_extent_range(&open.extent), r)) {
        carve(open, e);
        return WM_OK;
    }
    add_own(e);
    return WM_OK;
}

/* Is all of r free? Warm ground in it is unmapped; *held becomes whether an arena holds some of it. */
static bool clear(struct wm_range r, bool *held)
{
    struct wm_found found;
    uintptr_t addr = r.start;

    *held = false;
    while (wm_space_first_in(wm_book(), (struct wm_range){addr, r.end}, true, &found)) {
        if (found.extent.kind != WM_FREE)
            return false;
        if (wm_extent_is_given_up(&found.extent)) {
            if (!wm_place_take_back(found))
                return false;
            continue;
        }
        if (wm_ground_is_kept(found.extent.ground)) {
            if (!wm_warm_cool(found))
                return false;
            continue;
        }
        *held = true;
        addr = wm_extent_range(&found.extent).end;
    }
    return true;
}

wm_status wm_place_at(struct wm_extent *e, const struct wm_mapping *m)
{
    bool held;

    if (!clear(wm_extent_range(e), &held))
        return WM_ADDRESS_TAKEN;
    return held ? place_at_held(e, m) : place_at_empty(e, m);
}

/* --- instead of a placeholder --- */

wm_status wm_place_replace(struct wm_extent *e, const struct wm_mapping *m)
{
    struct wm_found found;
    bool exists;
    wm_status st = wm_home_find(e->start, &found, &exists);
    int error = 0;

    if (!wm_ok(st))
        return st;
    if (!exists || found.extent.kind != WM_PLACEHOLDER || found.extent.start != e->start ||
        found.extent.bytes != e->bytes)
        return WM_PLACEHOLDER_MISMATCH;
    WM_HOME_CLAIM(&found, e->bytes)
        error = map_over(wm_extent_range(e), m);
    if (error != 0)
        return wm_from_errno(m->op, error);
    WM_SPACE_CHANGES(wm_book())
        wm_space_become(wm_book(), found, *e);
    return WM_OK;
}
