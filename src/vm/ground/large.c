/*
 * large.c: large pages for private memory, and what is not done to them afterwards (large.h).
 *
 * Private large pages of Linux come from a pool that the administrator sets aside; without one Windows's
 * missing privilege is the error (1314), with too few pages in it 1450 (L45). MAP_FIXED cannot be used to
 * take them: where the pool refuses, it has unmapped what was there and leaves a hole (pinned:
 * sections.a_refused_large_mapping_leaves_a_hole). So they are taken where the kernel likes, and moved
 * (mremap) over a place that is held meanwhile.
 */
#include "vm/ground/large.h"

#include <errno.h>

#include "kern/map/mapping.h"
#include "kern/system/system.h"
#include "vm/access.h"
#include "vm/book/home.h"
#include "vm/errno_status.h"

static bool wants_a_place(const struct wm_alloc_req *req)
{
    return req->kind == WM_ALLOC_REPLACE || req->at.start != 0 || req->bounds.given;
}

/* The kernel likes a hole that just fits: it must not be the one that is asked for. */
static bool keep_place(const struct wm_alloc_req *req)
{
    return req->kind == WM_ALLOC_RESERVE && req->at.start != 0 &&
           wm_kern_map(req->at, WM_ACCESS_NONE, WM_AT_FREE) == 0;
}

static void let_place_go(const struct wm_alloc_req *req, const struct wm_taken *taken)
{
    if (taken->kept)
        wm_kern_unmap(req->at);
}

static wm_status taking_error(size_t bytes, int error)
{
    bool addresses = error == -ENOMEM && wm_kern_addresses_short_of(bytes);

    return wm_from_errno(addresses ? WM_OP_RESERVE : WM_OP_LARGE, error);
}

size_t wm_op_large_page(void)
{
    return wm_ok(wm_home_ready()) && wm_kern_has_large() ? WM_LARGE : 0;
}

wm_status wm_large_pool(void)
{
    wm_status st = wm_home_ready();

    if (!wm_ok(st))
        return st;
    return wm_kern_large_pool() ? WM_OK : WM_NO_LARGE_PAGES;
}

/* Pages of 1 GiB have a pool of their own; that nobody made one is not told apart. */
static wm_status check(const struct wm_alloc_req *req)
{
    wm_status st = wm_large_pool();

    if (st == WM_NO_LARGE_PAGES && req->large == WM_HUGE && wm_kern_has_large())
        st = WM_OK;
    return wm_ok(st) && wants_a_place(req) && !wm_kern_moves_large() ? WM_LARGE_PLACE : st;
}

wm_status wm_large_take(const struct wm_alloc_req *req, struct wm_taken *out)
{
    size_t bytes = wm_range_bytes(req->at);
    wm_status st = check(req);
    int error;

    if (!wm_ok(st))
        return st;
    out->kept = keep_place(req);
    error = wm_kern_take_large(bytes, req->large, wm_access_of(req->protect & WM_PAGE_VISIBLE), req->node,
                               &out->start);
    if (error != 0)
        let_place_go(req, out);
    return taking_error(bytes, error);
}

void wm_large_give_back(const struct wm_alloc_req *req, const struct wm_taken *taken)
{
    wm_kern_unmap(wm_range_of(taken->start, wm_range_bytes(req->at)));
    let_place_go(req, taken);
}
