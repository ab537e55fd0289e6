/*
 * resident.c: which pages are in memory, and how.
 *
 * A page is in the working set when the process could touch it at once: its protection allows access
 * and the kernel has it mapped. The two are asked one after the other, without a lock: what other
 * threads change meanwhile is seen before or after.
 */
#include <errno.h>

#include "core/extent.h"
#include "kern/pages/pagestate.h"
#include "kern/system/system.h"
#include "vm/access.h"
#include "vm/book/home.h"
#include "vm/book/land.h"
#include "vm/errno_status.h"

enum { ONE_SHARER = 1, SHARERS = 2 }; /* the kernel tells whether a page is shared, not by how many */

/* A guard page is not accessible until its guard is gone. */
static bool accessible(const struct wm_region *region)
{
    return region->state == WM_REGION_COMMITTED && !(region->protect & (WM_NOACCESS | WM_PAGE_GUARD));
}

/* What VirtualQuery does not tell apart, and so a region does not end at. */
static void tell_ours(struct wm_page_info *page)
{
    struct wm_land land;

    if (!wm_ok(wm_land_at(wm_down(page->addr, WM_PAGE), &land)) || land.kind != WM_LAND_OURS)
        return;
    page->large = (land.ours.extent.traits & WM_TRAIT_LARGE) != 0;
    page->locked = page->large || (land.ours.state & WM_PAGE_LOCKED);
    page->valid = page->valid && !(land.ours.state & WM_PAGE_OFFERED);
}

static void tell(const struct wm_region *region, uint8_t what, struct wm_page_info *page)
{
    bool sharable = region->type == WM_TYPE_MAPPED || region->type == WM_TYPE_IMAGE;

    page->valid = accessible(region) && (what & WM_IS_PRESENT) != 0;
    page->locked = page->large = false;
    if (page->valid && region->ours)
        tell_ours(page);
    page->shared = sharable && !wm_page_is_copy(what);
    page->protect = page->valid ? region->protect : 0;
    page->sharers = !page->shared ? 0 : what & WM_IS_ALONE ? ONE_SHARER : SHARERS;
    page->node = 0;
}

/* Without more than one node every page is on node 0. */
static void tell_nodes(struct wm_page_info *pages, size_t count)
{
    uintptr_t addresses[WM_PAGES_AT_ONCE];
    int nodes[WM_PAGES_AT_ONCE];

    if (wm_kern_highest_node() == 0)
        return;
    for (size_t i = 0; i < count; i++)
        addresses[i] = pages[i].addr;
    if (wm_kern_nodes_of(addresses, nodes, count) < 0)
        return;
    for (size_t i = 0; i < count; i++)
        if (pages[i].valid && nodes[i] > 0)
            pages[i].node = (uint8_t)nodes[i];
}

/* --- pages that the caller names --- */

/* What was found out about one address is kept for the next ones, which mostly lie near it. */
struct look {
    struct wm_region region;
    struct wm_range read;
    uint8_t what[WM_PAGES_READ];
};

static bool holds(struct wm_range r, uintptr_t addr)
{
    return addr >= r.start && addr < r.end;
}

/* As many entries as the pages that follow in the list can use; a lower page is far away, too. */
static struct wm_range worth_reading(const struct wm_page_info *pages, size_t count)
{
    struct wm_range r = {wm_down(pages->addr, WM_PAGE), wm_down(pages->addr, WM_PAGE) + WM_PAGE};

    for (size_t i = 1; i < count; i++) {
        uintptr_t page = wm_down(pages[i].addr, WM_PAGE);

        if (page - r.start >= WM_PAGES_READ * WM_PAGE)
            break;
        if (page >= r.end)
            r.end = page + WM_PAGE;
    }
    return r;
}

static wm_status read_what(struct look *look, const struct wm_page_info *pages, size_t count, uint8_t *what)
{
    uintptr_t addr = pages->addr;
    int known;

    if (!holds(look->read, addr)) {
        look->read = worth_reading(pages, count);
        known = wm_kern_pages(look->read, look->what);
        look->read.end = look->read.start + (known < 0 ? 0 : (uintptr_t)known * WM_PAGE);
        if (known < 0)
            return wm_from_errno(WM_OP_QUERY, known);
    }
    *what = look->what[(addr - look->read.start) / WM_PAGE];
    return WM_OK;
}

/* An address above all others is in nobody's working set. */
static wm_status tell_next(struct look *look, struct wm_page_info *pages, size_t count)
{
    wm_status st = WM_OK;
    uint8_t what = 0;

    if (!holds(look->region.range, pages->addr))
        st = wm_op_query(pages->addr, &look->region);
    if (st == WM_QUERY_TOO_HIGH) {
        look->region = (struct wm_region){.state = WM_REGION_FREE};
        st = WM_OK;
    }
    if (wm_ok(st) && look->region.state == WM_REGION_COMMITTED)
        st = read_what(look, pages, count, &what);
    if (wm_ok(st))
        tell(&look->region, what, pages);
    return st;
}

wm_status wm_op_pages(struct wm_pages_req *req)
{
    size_t count = req->count < WM_PAGES_AT_ONCE ? req->count : WM_PAGES_AT_ONCE;
    struct look look = {.region = {.state = WM_REGION_FREE}};
    wm_status st = WM_OK;

    for (size_t i = 0; i < count && wm_ok(st); i++)
        st = tell_next(&look, req->pages + i, count - i);
    if (wm_ok(st))
        tell_nodes(req->pages, count);
    return st;
}

/* --- all that there are --- */

/* The first page of r that is in memory; -ENOENT: none. */
static int next_present(struct wm_range r, uintptr_t *page)
{
    struct wm_scan scan = {.range = r, .all = WM_IS_PRESENT, .tell = WM_IS_PRESENT, .most = 1};
    struct wm_page_run run;
    long count = wm_kern_scan(&scan, &run, 1);

    if (count > 0)
        *page = run.range.start;
    return count > 0 ? 0 : count == 0 ? -ENOENT : (int)count;
}

/* Pages from the first that is in memory on, as many as one look can take; none: r is empty. */
static wm_status next_window(uintptr_t from, struct wm_region *region, struct wm_range *r)
{
    *r = (struct wm_range){WM_SPACE_END, WM_SPACE_END};
    for (; from < WM_SPACE_END; from = region->range.end) {
        wm_status st = wm_op_query(from, region);
        int error;

        if (!wm_ok(st))
            return st;
        error = accessible(region) ? next_present(region->range, &r->start) : -ENOENT;
        if (error == 0) {
            r->end = r->start + WM_PAGES_AT_ONCE * WM_PAGE;
            *r = wm_range_cut(*r, region->range);
            return WM_OK;
        }
        if (error != -ENOENT)
            return wm_from_errno(WM_OP_QUERY, error);
    }
    return WM_OK;
}

/* Every page that is there; *read: how many were looked at. */
static wm_status tell_window(const struct wm_region *region, struct wm_range r, struct wm_page_info *pages,
                             size_t *count, size_t *read)
{
    uint8_t what[WM_PAGES_READ];
    int known = wm_kern_pages(r, what);

    if (known < 0)
        return wm_from_errno(WM_OP_QUERY, known);
    for (int i = 0; i < known; i++)
        if (what[i] & WM_IS_PRESENT) {
            pages[*count].addr = r.start + (uintptr_t)i * WM_PAGE;
            tell(region, what[i], &pages[*count]);
            ++*count;
        }
    *read = (size_t)known;
    return WM_OK;
}

wm_status wm_op_next_resident(uintptr_t *from, struct wm_page_info *pages, size_t *count)
{
    struct wm_region region;
    struct wm_range r;
    size_t read = 0;
    wm_status st;

    *count = 0;
    do {
        st = next_window(*from, &region, &r);
        if (wm_ok(st) && r.start < r.end)
            st = tell_window(&region, r, pages, count, &read);
        *from = r.start + read * WM_PAGE;
    } while (wm_ok(st) && *count == 0 && r.start < r.end);
    if (wm_ok(st))
        tell_nodes(pages, *count);
    return st;
}
