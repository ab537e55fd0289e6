/*
 * alloc.c: reserving, replacing a placeholder, committing; what else is asked for pages that are there.
 *
 * The request is right in itself when it comes here: address, size, type and protection have been judged
 * without the book (api/arguments.c). What is left are the rules that need it, in Windows's order: is all
 * of the range in one allocation that is in use, is it of a kind that this can be done to, does the
 * protection go with that kind. All of a range changes or nothing of it (S65).
 *
 * Committing a page a second time is no error: it keeps its contents and gets the new protection (O24), so
 * a commit is a change of protections as VirtualProtect makes it, and differs in what it may find.
 *
 * The kernel counts promises of memory, and we do not: what it will not promise it refuses in mprotect, at
 * the commit and not at a touch (pinned: map.more_than_there_is_is_refused_at_once).
 */
#include <errno.h>

#include "base/tracepoint.h"
#include "core/pages.h"
#include "kern/system/system.h"
#include "vm/access.h"
#include "vm/book/home.h"
#include "vm/ground/churn.h"
#include "vm/ground/huge.h"
#include "vm/ground/large.h"
#include "vm/ground/place.h"
#include "vm/ground/spare.h"
#include "vm/ground/warm.h"
#include "vm/pages/dense.h"
#include "vm/pages/pages_kern.h"
#include "vm/pages/shield.h"
#include "vm/physical/physical.h"
#include "vm/reset/reset.h"
#include "vm/sections/piecewise.h"
#include "vm/watch/watch.h"

static struct wm_extent new_extent(const struct wm_alloc_req *req, const struct wm_mapping *mapping)
{
    uint8_t replaced = req->kind == WM_ALLOC_REPLACE ? WM_EXTENT_REPLACED : 0;

    return (struct wm_extent){
        .start = req->at.start,
        .bytes = wm_range_bytes(req->at),
        .alloc_protect = req->protect,
        .state = req->commit ? req->protect & WM_PAGE_VISIBLE : 0,
        .kind = req->kind == WM_ALLOC_PLACEHOLDER ? WM_PLACEHOLDER : WM_PRIVATE,
        .flags = (replaced | (mapping->huge ? WM_EXTENT_ADVISED : 0)) & 15,
        .node = req->node,
        .traits = req->traits,
    };
}

/*
 * To begin at a multiple of 2 MiB leaves a gap before the next one, which costs a mapping where both are mapped and
 * would otherwise be one: only what is long enough, or fits without a gap.
 */
static bool in_blocks(const struct wm_alloc_req *req, size_t bytes)
{
    return bytes >= WM_LARGE && req->traits == 0 &&
           (!req->commit || bytes % WM_LARGE == 0 || bytes >= 16 * WM_LARGE);
}

static struct wm_mapping new_mapping(const struct wm_alloc_req *req, const struct wm_taken *taken)
{
    size_t bytes = wm_range_bytes(req->at);
    bool piece = req->commit && wm_huge_suits(bytes, req->protect, req->traits);

    return (struct wm_mapping){
        .access = req->commit ? wm_access_of(req->protect & WM_PAGE_VISIBLE) : WM_ACCESS_NONE,
        .large = req->large != 0,
        .taken = *taken,
        .node = req->node,
        .blocks = in_blocks(req, bytes),
        .piece = piece,
        .huge = piece && wm_huge_wanted(bytes),
        .op = req->large != 0 ? WM_OP_LARGE
              : req->commit   ? WM_OP_COMMIT
                              : WM_OP_RESERVE,
    };
}

/*
 * Without the precautions of a watch on memory in use: nobody else knows the address yet, so nothing of it
 * can be written before this is done.
 */
static void watch_new(const struct wm_alloc_req *req)
{
    struct wm_found found;

    if (req->commit && (req->traits & WM_TRAIT_WATCHED) && wm_space_at(wm_book(), req->result, &found))
        wm_watch_start(&found);
}

/* It is in the book, and mapped. */
static void placed(struct wm_alloc_req *req, const struct wm_extent *e, const struct wm_mapping *mapping)
{
    req->result = e->start;
    if (mapping->piece && !mapping->huge)
        wm_huge_note(wm_extent_range(e));
    watch_new(req);
}

/*
 * A window is furnished after it is in the book, and gives itself up if that fails. Last comes the watch:
 * it cannot fail, only know less (vm/watch/watch.h).
 */
static wm_status reserve(struct wm_alloc_req *req, const struct wm_taken *taken)
{
    struct wm_mapping mapping = new_mapping(req, taken);
    struct wm_extent e = new_extent(req, &mapping);
    wm_status st;

    wm_spare_keep();
    if (e.start != 0)
        st = wm_place_at(&e, &mapping);
    else if (req->bounds.given)
        st = wm_place_within(&e, &mapping, &req->bounds);
    else
        st = wm_place_anywhere(&e, &mapping);
    if (wm_ok(st) && wm_is_window(&e))
        st = wm_physical_furnish(e.start);
    if (wm_ok(st))
        placed(req, &e, &mapping);
    return st;
}

static wm_status replace(struct wm_alloc_req *req, const struct wm_taken *taken)
{
    struct wm_mapping mapping = new_mapping(req, taken);
    struct wm_extent e = new_extent(req, &mapping);
    wm_status st = wm_place_replace(&e, &mapping);

    if (wm_ok(st))
        placed(req, &e, &mapping);
    return st;
}

/* Nothing of the piece was committed before: what comes piecemeal is not asked for. */
static void commit_piece(struct wm_found *found, struct wm_range piece)
{
    if (!wm_huge_wanted(wm_range_bytes(piece))) {
        wm_huge_note(piece);
        return;
    }
    found->extent.flags |= WM_EXTENT_ADVISED;
    wm_huge_ask(piece);
}

/* What was kept has gone, of this allocation as well; so has what was made ready. */
static int set_again(struct wm_found *found, struct wm_range r, uint16_t state)
{
    found->extent = wm_space_get(wm_book(), found->index);
    return wm_pages_ready(wm_book(), &found->extent, r) ? wm_pages_kern_set(found, r, state) : -ENOMEM;
}

static void record(struct wm_found *found, struct wm_range r, uint16_t state)
{
    wm_warm_uncount(&found->extent, r);
    wm_warm_count(r, state);
    WM_SPACE_CHANGES(wm_book())
        wm_pages_change(wm_book(), found, r, WM_PAGE_STICKY, state);
}

/*
 * A page that is committed already is given the new protection, as VirtualProtect would (O24).
 *
 * The node and the watch come before the pages can be used: a node counts for pages that are filled from
 * then on, and what is written before the watch begins is missed. Warm memory counts as promised though
 * nobody uses it: so when the kernel has no more to promise, that goes, and it is asked once more.
 */
static wm_status commit_private(struct wm_found *found, const struct wm_alloc_req *req)
{
    uint16_t state = req->protect & WM_PAGE_VISIBLE;
    struct wm_run run = wm_pages_in(wm_book(), &found->extent, req->at, req->at.start);
    int error;

    if (wm_is_large(&found->extent))
        return wm_large_protect(&run, state, WM_PROTECT_LARGE);
    if ((run.state & WM_PAGE_VISIBLE) == state && wm_range_holds(run.range, req->at))
        return WM_OK;
    if (wm_dense_prepare(found, req->at) || (state == WM_READWRITE && wm_churn_prepare(found, req->at)))
        run = wm_pages_in(wm_book(), &found->extent, req->at, req->at.start);
    if (!wm_pages_ready(wm_book(), &found->extent, req->at))
        return WM_BOOK_MEMORY;
    if (found->extent.node != 0)
        wm_kern_prefer_node(req->at, found->extent.node - 1u);
    if (wm_is_watched(&found->extent))
        wm_watch_start_reserved(found, req->at);
    if (state != WM_READWRITE && wm_shield_cover(found, req->at, &state, false)) {
        record(found, req->at, state);
        return WM_OK;
    }
    error = wm_pages_kern_set(found, req->at, state);
    if (error == -ENOMEM && wm_warm_cool_all())
        error = set_again(found, req->at, state);
    if (error == -ENOMEM && wm_dense_relieve(found, req->at))
        error = wm_pages_kern_set(found, req->at, state);
    if (error != 0)
        return wm_from_errno(WM_OP_COMMIT, error);
    if (run.state == 0 && wm_range_holds(run.range, req->at) &&
        wm_huge_suits(wm_range_bytes(req->at), state, found->extent.traits))
        commit_piece(found, req->at);
    record(found, req->at, state);
    return WM_OK;
}

/*
 * Resetting comes first, for it is allowed where committing is not: in views, and of reserved pages (O37,
 * O39).
 */
static wm_status change_pages(struct wm_found *found, const struct wm_alloc_req *req)
{
    if (req->kind == WM_ALLOC_RESET)
        return wm_reset(found, req->at);
    if (req->kind == WM_ALLOC_UNDO)
        return wm_reset_undo(found, req->at);
    if (wm_is_window(&found->extent))
        return WM_WINDOW_COMMIT;
    if (found->extent.kind == WM_PRIVATE)
        return wm_is_copy(req->protect) ? WM_PROTECT_NOT_HERE : commit_private(found, req);
    if (found->extent.kind == WM_VIEW)
        return wm_view_commit(found, req->at, req->protect & WM_PAGE_VISIBLE);
    return WM_NOT_RESERVED;
}

/* What concerns pages of an allocation that is there. */
static wm_status change(struct wm_alloc_req *req)
{
    struct wm_found found;
    bool exists;
    wm_status st;

    wm_shield_keep();
    st = wm_home_find(req->at.start, &found, &exists);
    if (!wm_ok(st))
        return st;
    if (!exists || !wm_range_holds(wm_extent_range(&found.extent), req->at))
        return WM_NOT_RESERVED;
    st = change_pages(&found, req);
    if (wm_ok(st))
        req->result = req->at.start;
    return st;
}

static wm_status alloc(struct wm_alloc_req *req, const struct wm_taken *taken)
{
    wm_status st;

    WM_AT_HOME(st) {
        if (req->kind == WM_ALLOC_RESERVE || req->kind == WM_ALLOC_PLACEHOLDER)
            st = reserve(req, taken);
        else if (req->kind == WM_ALLOC_REPLACE)
            st = replace(req, taken);
        else
            st = change(req);
    }
    return st;
}

/*
 * Large pages are taken before the book's lock: the kernel clears each of them, which takes as long as it
 * takes.
 */
static wm_status alloc_any(struct wm_alloc_req *req)
{
    struct wm_taken taken = {0};
    wm_status st;

    if (req->large == 0)
        return alloc(req, &taken);
    st = wm_large_take(req, &taken);
    if (!wm_ok(st))
        return st;
    st = alloc(req, &taken);
    if (!wm_ok(st))
        wm_large_give_back(req, &taken);
    return st;
}

/* What was wanted, and where it lies if it was had. */
static struct wm_range told_range(const struct wm_alloc_req *req, wm_status st)
{
    bool anywhere = req->kind != WM_ALLOC_COMMIT && req->at.start == 0;

    return wm_range_of(wm_ok(st) ? req->result : req->at.start,
                       anywhere ? req->at.end : wm_range_bytes(req->at));
}

WM_TELLS_TRACERS void trace(const struct wm_alloc_req *req, wm_status st)
{
    if (req->kind == WM_ALLOC_RESET || req->kind == WM_ALLOC_UNDO)
        return;
    if (req->kind != WM_ALLOC_COMMIT)
        WM_TRACE_PAGES(reserve, told_range(req, st), req->protect, st);
    if (req->kind == WM_ALLOC_COMMIT || (req->commit && wm_ok(st)))
        WM_TRACE_PAGES(commit, told_range(req, st), req->protect, st);
}

wm_status wm_op_alloc(struct wm_alloc_req *req)
{
    wm_status st = alloc_any(req);

    if (WM_IS_TRACED(reserve) || WM_IS_TRACED(commit))
        trace(req, st);
    return st;
}
