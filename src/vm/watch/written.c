/*
 * written.c: GetWriteWatch and ResetWriteWatch.
 *
 * The answer goes through the range from below, stretch by stretch, as far as the caller's array lasts:
 * pages come out ascending (O115), and with reset exactly those are reset that were told (O119). The kernel
 * takes and tells in one step (pinned: watch.taking_resets_what_it_tells_and_no_more), so a write in
 * between is told by this call or by the next, and too short an array loses nothing
 * (watch.too_little_room_loses_nothing).
 *
 * Whether the kernel still watches shows when something is reset. A repair latches what it finds, so the
 * stretch is answered again from where it was; once in a call, or one who closes descriptors in a loop
 * would keep us here.
 */
#include "base/tracepoint.h"
#include "core/pages.h"
#include "vm/book/home.h"
#include "vm/book/marks.h"
#include "vm/ops.h"
#include "vm/watch/soft.h"
#include "vm/watch/watch.h"

static size_t pages_in(struct wm_range r)
{
    return wm_range_bytes(r) / WM_PAGE;
}

static void tell(struct wm_watch_req *req, struct wm_range r)
{
    req->runs[req->count++] = (struct wm_page_run){r, 0};
    req->pages += pages_in(r);
}

/* Meanwhile another thread may have released it: then nothing was written. */
static void repair(struct wm_found *found)
{
    struct wm_extent gone = {.start = found->extent.start, .bytes = found->extent.bytes, .kind = WM_FREE};
    struct wm_found now;
    bool exists;

    wm_watch_repair();
    if (wm_ok(wm_home_find(gone.start, &now, &exists)) && exists && wm_is_watched(&now.extent) &&
        now.extent.bytes == gone.bytes)
        *found = now;
    else
        found->extent = gone;
}

/* The kernel's answer for committed pages, as far as it fits. After a repair, first what has been latched by it. */
static uintptr_t ask_kernel(struct wm_watch_req *req, struct wm_found *found, struct wm_range r)
{
    struct wm_written w = {
        .range = r,
        .reset = req->reset,
        .gathered = req->gathered,
        .most = req->max_pages - req->pages,
        .runs = req->runs + req->count,
        .capacity = req->capacity - req->count,
    };

    if (!wm_watch_scan(found, &w)) {
        if (!req->repaired) {
            req->repaired = true;
            repair(found);
            return r.start;
        }
        wm_watch_say_all(&w);
    }
    for (size_t i = 0; i < w.count; i++)
        req->pages += pages_in(w.runs[i].range);
    req->count += w.count;
    return w.stopped;
}

static void forget(struct wm_found *found, struct wm_range r, bool committed)
{
    struct wm_written w = {.range = r, .reset = true};

    if (committed && !wm_watch_scan(found, &w)) {
        repair(found);
        wm_watch_scan(found, &w);
    }
    wm_marks_clear(&found->extent, WM_MARK_LATCHED, r);
}

/* Pages that are reported whatever the kernel says. */
static uintptr_t tell_latched(struct wm_watch_req *req, struct wm_found *found, struct wm_range r,
                              bool committed)
{
    size_t room = req->max_pages - req->pages;

    if (pages_in(r) > room)
        r.end = r.start + room * WM_PAGE;
    tell(req, r);
    if (req->reset)
        forget(found, r, committed);
    return r.end;
}

/* Answers for the pages from addr on that are alike; returns where they end. */
static uintptr_t answer(struct wm_watch_req *req, struct wm_found *found, uintptr_t addr)
{
    struct wm_run run = wm_pages_in(wm_book(), &found->extent, req->range, addr);
    struct wm_range rest = {addr, run.range.end}, latched = {rest.end, rest.end};
    bool committed = (run.state & WM_PAGE_PROTECT) != 0;

    if (wm_marks_first(&found->extent, WM_MARK_LATCHED, rest, &latched) && latched.start == addr)
        return tell_latched(req, found, latched, committed);
    return committed ? ask_kernel(req, found, (struct wm_range){addr, latched.start}) : latched.start;
}

static wm_status find(struct wm_range r, struct wm_found *found)
{
    bool exists;
    wm_status st;

    if (wm_home.watch_lost)
        wm_watch_repair();
    st = wm_home_find(r.start, found, &exists);
    if (!wm_ok(st))
        return st;
    if (!exists || !wm_is_watched(&found->extent) || !wm_range_holds(wm_extent_range(&found->extent), r))
        return WM_NOT_WATCHED;
    return WM_OK;
}

/*
 * To be reset, pages must have no bit. The book may have changed since, so it is found again; if userfaultfd tells of it
 * by then, that is no matter.
 */
static wm_status find_to_reset(struct wm_range r, struct wm_found *found, bool *gathered)
{
    wm_status st = find(r, found);

    if (!wm_ok(st) || *gathered || !wm_soft_tells(&found->extent))
        return st;
    if (!wm_soft_has_bits(r)) {
        *gathered = true;
        return st;
    }
    *gathered = wm_soft_gather();
    return find(r, found);
}

static wm_status get_written(struct wm_watch_req *req)
{
    struct wm_found found;
    wm_status st;

    if (!req->reset && wm_kern_watch_lost()) /* a reset would notice */
        wm_home.watch_lost = true;
    st = req->reset ? find_to_reset(req->range, &found, &req->gathered) : find(req->range, &found);
    req->count = 0;
    req->pages = 0;
    req->repaired = false;
    req->stopped = req->range.start;
    while (wm_ok(st) && req->stopped < req->range.end && req->count < req->capacity &&
           req->pages < req->max_pages)
        req->stopped = answer(req, &found, req->stopped);
    return st;
}

wm_status wm_op_get_written(struct wm_watch_req *req)
{
    wm_status st;

    WM_AT_HOME(st)
        st = get_written(req);
    if (req->reset)
        WM_TRACE_PAGES(watch_reset, req->range, 0, st);
    return st;
}

static wm_status reset_written(struct wm_range r)
{
    struct wm_found found;
    bool gathered = false;
    wm_status st;

    WM_AT_HOME(st) {
        st = find_to_reset(r, &found, &gathered);
        if (!wm_ok(st))
            return st;
        for (struct wm_run_walk w = wm_runs_of(wm_book(), &found.extent, r); wm_run_next(&w);)
            forget(&found, w.run.range, (w.run.state & WM_PAGE_PROTECT) != 0);
    }
    return st;
}

wm_status wm_op_reset_written(struct wm_range r)
{
    wm_status st = reset_written(r);

    WM_TRACE_PAGES(watch_reset, r, 0, st);
    return st;
}
