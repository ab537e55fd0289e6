/*
 * free.c: decommitting, releasing, and what becomes of placeholders.
 *
 * An address names an allocation by any byte of its first page, or by a range that lies in it (O45, O46,
 * O50); views are unmapped elsewhere (vm/sections/view.c). What was decommitted reads as zeros when it is
 * committed again (S36), so its contents must be gone from the kernel, however that is done:
 *
 *   a new mapping over it gives contents and promise back, and is what decommitting means (mprotect and
 *   MADV_DONTNEED keep the promise: pinned, map.only_a_new_mapping_gives_a_promise_back)
 *   guard markers drop the contents and keep the promise: for short stretches that may be wanted again soon
 *   (vm/ground/warm.h), and where the full table of mappings has no room for the split
 *
 * The rules are judged first, then the kernel is asked, then the book changes, which cannot fail: every
 * extent, run and table that a change may add is there before. What the kernel refuses half-way has changed
 * nothing.
 */
#include <errno.h>

#include "base/tracepoint.h"
#include "core/pages.h"
#include "kern/map/mapping.h"
#include "kern/pages/pagestate.h"
#include "vm/book/home.h"
#include "vm/book/locked.h"
#include "vm/book/marks.h"
#include "vm/errno_status.h"
#include "vm/ground/apart.h"
#include "vm/ground/arena.h"
#include "vm/ground/huge.h"
#include "vm/ground/large.h"
#include "vm/ground/vacate.h"
#include "vm/ground/spare.h"
#include "vm/ground/warm.h"
#include "vm/pages/dense.h"
#include "vm/pages/shield.h"
#include "vm/physical/physical.h"

static struct wm_range pages_of(const struct wm_free_req *req)
{
    return wm_range_pages(req->base, req->bytes);
}

/* With size 0 the address names a whole allocation by any byte of its first page. */
static bool in_first_page(const struct wm_extent *e, uintptr_t addr)
{
    return addr - e->start < WM_PAGE;
}

static bool is_reserved(const struct wm_extent *e, struct wm_range r)
{
    struct wm_run run = wm_pages_in(wm_book(), e, r, r.start);

    return (run.state & WM_PAGE_PROTECT) == 0 && wm_range_holds(run.range, r);
}

/*
 * What is taken away needs mappings where it splits one. The ways out of a full table: markers need none (the promise
 * stays taken, the contents are gone), but not on locked pages; else spare ones.
 */
static int discard(const struct wm_found *found, struct wm_range r, bool may_mark, uint16_t *state)
{
    int error = 0;

    WM_HOME_CLAIM(found, wm_range_bytes(r))
        error = wm_kern_discard(r);
    *state = 0;
    if (error == -ENOMEM && may_mark && wm_kern_can_mark(r) && wm_kern_mark(r) == 0) {
        *state = WM_PAGE_MARKED;
        return 0;
    }
    while (error == -ENOMEM && wm_spare_spend(WM_SPARE_RELIEF))
        error = wm_kern_discard(r);
    return error;
}

/* *state becomes what the pages are in afterwards; *r may have grown by pages that are reserved anyway. */
static int take_pages(struct wm_found *found, struct wm_range *r, bool may_mark, uint16_t *state)
{
    struct wm_range wide = *r;
    int error;

    wm_huge_leave(*r);
    wm_apart_leave(*r);
    *state = WM_PAGE_MARKED | WM_PAGE_DENSE;
    if (may_mark && wm_dense_keep(found, *r))
        return 0;
    *state = WM_PAGE_MARKED | WM_PAGE_WARM;
    if (may_mark)
        wide = wm_dense_around(&found->extent, *r);
    if (may_mark && wm_range_holds(*r, wide) && wm_warm_keep_pages(found, *r))
        return 0;
    *r = wide;
    error = discard(found, *r, may_mark, state);
    if (error == 0) {
        wm_locked_uncount(&found->extent, *r);
        wm_warm_uncount(&found->extent, *r);
    }
    return error;
}

/* Decommitting what is not committed is no error (O42), and no system call. */
static wm_status decommit_range(struct wm_found *found, struct wm_range r, bool may_mark)
{
    uint16_t state;
    int error;

    if (is_reserved(&found->extent, r) &&
        (may_mark || (found->extent.state == 0 && found->extent.traits == 0)))
        return WM_OK;
    if (!wm_space_ready(wm_book(), 0, WM_PAGES_RUNS))
        return WM_BOOK_MEMORY;
    error = take_pages(found, &r, may_mark, &state);
    if (error != 0)
        return wm_from_errno(WM_OP_FREE, error);
    wm_marks_clear(&found->extent, WM_MARK_RESET, r);
    WM_SPACE_CHANGES(wm_book())
        wm_pages_set(wm_book(), found, r, state);
    return WM_OK;
}

static wm_status decommit(const struct wm_free_req *req, struct wm_found *found)
{
    struct wm_range r = req->bytes == 0 ? wm_extent_range(&found->extent) : pages_of(req);

    if (found->extent.kind == WM_VIEW)
        return WM_IS_A_VIEW;
    if (found->extent.kind == WM_PLACEHOLDER)
        return WM_NOT_RESERVED;
    if (req->bytes == 0 && !in_first_page(&found->extent, req->base))
        return WM_NOT_AT_BASE;
    if (!wm_range_holds(wm_extent_range(&found->extent), r))
        return WM_SPANS_ALLOCATIONS;
    if (wm_is_window(&found->extent))
        return WM_WINDOW_DECOMMIT;
    if (wm_is_large(&found->extent))
        return WM_DECOMMIT_LARGE;
    return decommit_range(found, r, true);
}

static wm_status release(const struct wm_free_req *req, struct wm_found *found)
{
    if (found->extent.kind == WM_VIEW)
        return WM_IS_A_VIEW;
    if (!in_first_page(&found->extent, req->base))
        return WM_NOT_AT_BASE;
    return wm_is_window(&found->extent) ? wm_physical_vacate(*found) : wm_place_vacate(*found);
}

/* r, which is a part of found's extent or all of it, becomes an extent of its own; the index stays the first one's. */
static struct wm_found cut_out(struct wm_found found, struct wm_range r)
{
    if (r.end < wm_extent_range(&found.extent).end)
        wm_space_split(wm_book(), found, r.end);
    found.extent = wm_space_get(wm_book(), found.index);
    if (r.start > found.extent.start)
        wm_space_split(wm_book(), found, r.start);
    wm_space_at(wm_book(), r.start, &found);
    return found;
}

static void set_marks(struct wm_range r, uintptr_t marks)
{
    struct wm_found found;

    if (wm_range_bytes(r) == 0 || !wm_space_at(wm_book(), r.start, &found))
        return;
    found.extent.marks = marks;
    wm_space_set(wm_book(), found.index, &found.extent);
}

/* In the book: what is left keeps its traits, its slack, and what is noted of its pages. */
static void become_placeholder(struct wm_found found, struct wm_range r, const struct wm_marks_rest *rest)
{
    WM_SPACE_CHANGES(wm_book()) {
        wm_space_become_placeholder(wm_book(), cut_out(found, r));
        set_marks(rest->range[0], rest->marks[0]);
        set_marks(rest->range[1], rest->marks[1]);
    }
}

/*
 * What is noted of what is left lies in tables of its own. At the full table of mappings some are given for them: this is a
 * way of giving back, and where the kernel puts a table, beside a mapping that is like it or not, is its own affair.
 */
static bool part_marks(const struct wm_extent *e, struct wm_range r, struct wm_marks_rest *rest)
{
    bool parted = wm_marks_part(e, r, rest);

    while (!parted && wm_spare_spend(WM_SPARE_RELIEF))
        parted = wm_marks_part(e, r, rest);
    return parted;
}

/*
 * A part of a private allocation, or all of it, becomes a placeholder, and what is left one or two allocations. Guard
 * markers will not do: the ground below is accessible, and a view could not tell. So many extents can be added afterwards.
 */
static wm_status turn_into_placeholder(struct wm_found *found, struct wm_range r, int extents)
{
    struct wm_extent old = found->extent;
    struct wm_marks_rest rest;
    uint16_t state;
    int error = 0;

    if (!wm_space_ready(wm_book(), WM_PROMISE_EXTENTS + extents, WM_PROMISE_RUNS) ||
        !part_marks(&old, r, &rest))
        return WM_BOOK_MEMORY;
    if (!wm_place_is_bare(&old))
        error = take_pages(found, &r, false, &state);
    if (error != 0) {
        wm_marks_part_not(&rest);
        return wm_from_errno(WM_OP_FREE, error);
    }
    become_placeholder(*found, r, &rest);
    wm_marks_drop(&old);
    return WM_OK;
}

/* Where it replaced one. */
static wm_status restore_placeholder(struct wm_found *found, struct wm_range r)
{
    const struct wm_extent *e = &found->extent;

    if (!(e->flags & WM_EXTENT_REPLACED) || !wm_range_holds(wm_extent_range(e), r))
        return WM_NEVER_A_PLACEHOLDER;
    if (wm_is_large(e) && !wm_range_holds(r, wm_extent_range(e)))
        return WM_PLACEHOLDER_LARGE;
    return turn_into_placeholder(found, r, 0);
}

/*
 * Pages are taken away first, which can fail, and leave a placeholder; what has nothing but addresses can always be
 * vacated, with the room in the book that was made sure of.
 */
static wm_status release_some(struct wm_found *found, struct wm_range r)
{
    struct wm_found part;
    wm_status st;

    if (found->extent.kind == WM_PRIVATE)
        st = turn_into_placeholder(found, r, WM_ARENA_RECORDS);
    else
        st = wm_space_ready(wm_book(), 2 + WM_ARENA_RECORDS, 0) ? WM_OK : WM_BOOK_MEMORY;
    if (!wm_ok(st))
        return st;
    if (found->extent.kind == WM_PLACEHOLDER)
        WM_SPACE_CHANGES(wm_book())
            cut_out(*found, r);
    return wm_space_at(wm_book(), r.start, &part) ? wm_place_vacate(part) : WM_BOOK_MEMORY;
}

static wm_status release_part(const struct wm_free_req *req, struct wm_found *found)
{
    struct wm_range r = pages_of(req), all = wm_extent_range(&found->extent);

    if (found->extent.kind == WM_VIEW)
        return WM_IS_A_VIEW;
    if (!wm_range_holds(all, r))
        return WM_SPANS_ALLOCATIONS;
    if (wm_range_holds(r, all))
        return wm_is_window(&found->extent) ? wm_physical_vacate(*found) : wm_place_vacate(*found);
    if (wm_is_large(&found->extent) || wm_is_window(&found->extent))
        return WM_PART_OF_WHOLE;
    return release_some(found, r);
}

static wm_status split(const struct wm_free_req *req, struct wm_found *found)
{
    struct wm_range r = pages_of(req), all = wm_extent_range(&found->extent);

    if (found->extent.kind == WM_VIEW)
        return WM_IS_A_VIEW;
    if (found->extent.kind == WM_PRIVATE)
        return restore_placeholder(found, r);
    if (!wm_range_holds(all, r))
        return WM_NOT_A_PLACEHOLDER;
    if (wm_range_holds(r, all))
        return WM_PLACEHOLDER_WHOLE;
    if (!wm_space_ready(wm_book(), 2, 0))
        return WM_BOOK_MEMORY;
    WM_SPACE_CHANGES(wm_book())
        cut_out(*found, r);
    return WM_OK;
}

/* Do the extents from found on make up r, and are they all placeholders? Counts them. */
static wm_status consists_of_placeholders(struct wm_found found, struct wm_range r)
{
    uintptr_t addr = r.start;
    int count = 0;

    if (found.extent.start != r.start)
        return WM_NOT_A_PLACEHOLDER;
    for (; addr < r.end; addr = wm_extent_range(&found.extent).end, count++)
        if (!wm_space_at(wm_book(), addr, &found) || found.extent.kind != WM_PLACEHOLDER ||
            found.extent.start != addr || wm_home_is_claimed(found.index))
            return WM_NOT_A_PLACEHOLDER;
    if (addr != r.end)
        return WM_NOT_A_PLACEHOLDER;
    return count == 1 ? WM_PLACEHOLDER_SINGLE : WM_OK;
}

/*
 * The kernel has nothing to do here: under all placeholders is the same, memory without access. So this
 * cannot fail for want of mappings (docs/design/arenas.md, Ground).
 */
static wm_status coalesce(const struct wm_free_req *req, struct wm_found *found)
{
    struct wm_range r = pages_of(req);
    wm_status st = consists_of_placeholders(*found, r);
    struct wm_found second;

    if (!wm_ok(st))
        return st;
    if (!wm_space_ready(wm_book(), 1, 0))
        return WM_BOOK_MEMORY;
    WM_SPACE_CHANGES(wm_book())
        while (wm_extent_range(&found->extent).end < r.end &&
               wm_space_at(wm_book(), wm_extent_range(&found->extent).end, &second)) {
            wm_space_join(wm_book(), *found, second);
            found->extent = wm_space_get(wm_book(), found->index);
        }
    return WM_OK;
}

static wm_status free_found(const struct wm_free_req *req, struct wm_found *found)
{
    switch (req->kind) {
    case WM_FREE_DECOMMIT: return decommit(req, found);
    case WM_FREE_SPLIT: return split(req, found);
    case WM_FREE_COALESCE: return coalesce(req, found);
    case WM_FREE_PART: return release_part(req, found);
    default: return release(req, found);
    }
}

static wm_status free_any(struct wm_free_req *req)
{
    struct wm_found found;
    bool exists;
    wm_status st;

    WM_AT_HOME(st) {
        wm_spare_keep();
        wm_shield_keep();
        st = wm_home_find(req->base, &found, &exists);
        if (wm_ok(st)) {
            req->freed = exists && req->bytes == 0 ? wm_extent_range(&found.extent) : pages_of(req);
            st = exists ? free_found(req, &found) : WM_NOT_ALLOCATED;
        }
    }
    return st;
}

static struct wm_range told_range(const struct wm_free_req *req, wm_status st)
{
    return wm_ok(st) ? req->freed : wm_range_of(req->base, req->bytes);
}

/* A placeholder that is split or joined is neither decommitted nor released. */
WM_TELLS_TRACERS void trace(const struct wm_free_req *req, wm_status st)
{
    if (req->kind == WM_FREE_DECOMMIT)
        WM_TRACE_PAGES(decommit, told_range(req, st), 0, st);
    else if (req->kind == WM_FREE_RELEASE || req->kind == WM_FREE_PART)
        WM_TRACE_PAGES(release, told_range(req, st), 0, st);
}

wm_status wm_op_free(struct wm_free_req *req)
{
    wm_status st = free_any(req);

    if (WM_IS_TRACED(decommit) || WM_IS_TRACED(release))
        trace(req, st);
    return st;
}
