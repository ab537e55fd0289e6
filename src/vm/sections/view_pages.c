/*
 * view_pages.c: protections inside a view, and copying on write.
 *
 * Whether a write reaches the section is a property of the mapping on Linux, not of its protection. Pages
 * that were given a copy-on-write protection are mapped privately (WM_PAGE_COPY) from then on: while
 * unwritten they still show the section (pinned: sections.unwritten_copies_follow_the_section), and a page
 * that was written stays private, which is what Windows does (O197). Only a protection that lets writes
 * through to the section maps unwritten pages shared again.
 *
 * Which pages were written only the kernel knows, and a new mapping would lose what is in them: so before
 * pages are mapped anew that is learnt and entered into the book (WM_PAGE_COPIED), with writing switched
 * off, lest one be written in between. That is true whatever becomes of the call; all else in the book
 * changes at the end.
 */
#include <errno.h>

#include "core/pages.h"
#include "kern/map/mapping.h"
#include "kern/pages/pagestate.h"
#include "vm/access.h"
#include "vm/book/home.h"
#include "vm/errno_status.h"
#include "vm/ground/large.h"
#include "vm/ground/spare.h"
#include "vm/pages/pages_kern.h"
#include "vm/sections/section.h"
#include "vm/sections/view_pages.h"

/* One view, the descriptor of the section that it shows, and the protection it is to get. */
struct shown {
    struct wm_found *found;
    int fd;
    uint16_t to;
};

static bool lets_writes_through(uint16_t protect)
{
    return (wm_access_of(protect & WM_PAGE_PROTECT) & WM_ACCESS_WRITE) && !wm_is_copy(protect);
}

/* What was locked is locked again: a new mapping is not. */
static int remap(const struct shown *v, struct wm_run run, uint16_t protect, bool copy)
{
    const struct wm_extent *e = &v->found->extent;
    uint64_t offset = (uint64_t)e->offset * WM_PAGE + (run.range.start - e->start);
    int error = wm_kern_map_file(run.range, wm_access_of(protect), copy, v->fd, offset, WM_OVER_OURS);

    if (error == 0 && (run.state & WM_PAGE_LOCKED))
        error = wm_kern_lock_unwritten(run.range);
    return error;
}

/* --- learning which pages were written --- */

/* The next part of r whose pages are all written, or all not; moves r behind it. */
static int next_part(struct wm_range *r, struct wm_range *part, bool *copied)
{
    int error = wm_kern_copied(*r, copied, &part->end);

    part->start = r->start;
    if (error == 0)
        r->start = part->end;
    return error;
}

static int count_parts(struct wm_range r, uint32_t *count)
{
    struct wm_range part;
    bool copied;
    int error = 0;

    for (*count = 0; error == 0 && r.start < r.end; ++*count)
        error = next_part(&r, &part, &copied);
    return error;
}

static int note_parts(const struct shown *v, struct wm_range r, uint16_t state)
{
    struct wm_range part;
    bool copied;
    int error = 0;

    while (error == 0 && r.start < r.end) {
        error = next_part(&r, &part, &copied);
        if (error != 0 || !copied)
            continue;
        WM_SPACE_CHANGES(wm_book())
            wm_pages_set(wm_book(), v->found, part, (uint16_t)(state | WM_PAGE_COPIED));
    }
    return error;
}

/*
 * Enters into the book which pages of a private run were written: that is true whatever comes. Writing is
 * switched off first, so that it stays the whole truth until the pages are mapped anew.
 */
static int learn(const struct shown *v, struct wm_run run)
{
    uint32_t count;
    int error;

    if (!(run.state & WM_PAGE_COPY) || (run.state & WM_PAGE_COPIED))
        return 0;
    error = wm_kern_protect(run.range, wm_access_of(run.state) & ~WM_ACCESS_WRITE);
    if (error == 0)
        error = count_parts(run.range, &count);
    if (error == 0 && !wm_space_ready(wm_book(), 0, count * WM_PAGES_RUNS))
        error = -ENOMEM;
    return error != 0 ? error : note_parts(v, run.range, run.state);
}

/* --- changing, and changing back --- */

static uint16_t state_after(uint16_t from, uint16_t to)
{
    bool stays_private = (from & WM_PAGE_COPY) && (!lets_writes_through(to) || (from & WM_PAGE_COPIED));

    if (wm_is_copy(to) || stays_private)
        to |= WM_PAGE_COPY | (from & WM_PAGE_COPIED);
    return to | (from & WM_PAGE_STICKY);
}

/* Pages in this state are mapped anew: 1 privately, 0 shared, -1 not. */
static int new_kind(const struct shown *v, uint16_t state)
{
    bool private = (state & WM_PAGE_COPY) != 0;

    if (wm_is_copy(v->to))
        return private ? -1 : 1;
    return lets_writes_through(v->to) && private && !(state & WM_PAGE_COPIED) ? 0 : -1;
}

static int change_run(const struct shown *v, struct wm_run run)
{
    int kind = new_kind(v, run.state);

    if (kind >= 0)
        return remap(v, run, v->to, kind == 1);
    return wm_kern_protect(run.range, wm_access_of(state_after(run.state, v->to)));
}

static void reprotect(const struct shown *v, struct wm_range r)
{
    wm_pages_kern_put_back(&v->found->extent, r);
}

/* A run is mapped anew in one step: its first page tells. */
static bool is_of_kind(struct wm_run run, bool private)
{
    struct wm_vma vma;

    return wm_kern_vma(run.range.start, &vma) == 0 && vma.range.start <= run.range.start &&
           vma.shared == !private;
}

/* Maps what was mapped anew as it was. */
static bool restore_kind(const struct shown *v, struct wm_run run)
{
    int kind = new_kind(v, run.state), error;

    if (kind < 0 || is_of_kind(run, kind == 0))
        return true;
    error = remap(v, run, run.state, kind == 0);
    while (error == -ENOMEM && wm_spare_spend(WM_SPARE_UNDO))
        error = remap(v, run, run.state, kind == 0);
    return error == 0;
}

/*
 * By the book, which has not changed but for what was learned: what lies below done, and the last run, was changed,
 * and writing was switched off in all of it. Where pages of the wrong kind stay nothing can be touched any more.
 */
static void restore(const struct shown *v, struct wm_range range, uintptr_t done, struct wm_run last)
{
    struct wm_range changed = {range.start, done};
    bool whole = restore_kind(v, last);

    for (struct wm_run_walk w = wm_runs_of(wm_book(), &v->found->extent, changed); wm_run_next(&w);)
        whole &= restore_kind(v, w.run);
    if (whole)
        reprotect(v, range);
    else
        wm_spare_protect(range, WM_ACCESS_NONE, WM_SPARE_UNDO);
}

typedef int run_visitor(const struct shown *v, struct wm_run run);

/* Visits the runs of a range until one fails; *end is how far it came, the failing one included. */
static int each_run(const struct shown *v, struct wm_range range, run_visitor *visit, uintptr_t *end)
{
    struct wm_run_walk w = wm_runs_of(wm_book(), &v->found->extent, range);
    int error = 0;

    while (error == 0 && wm_run_next(&w))
        error = visit(v, w.run);
    *end = w.run.range.end;
    return error;
}

/* Learns what there is to learn, and makes the book ready to record the change. */
static int prepare(const struct shown *v, struct wm_range range)
{
    uintptr_t end = range.start;
    int error = 0;

    if (lets_writes_through(v->to))
        error = each_run(v, range, learn, &end);
    if (error == 0 && !wm_pages_ready(wm_book(), &v->found->extent, range))
        error = -ENOMEM;
    if (error != 0)
        reprotect(v, (struct wm_range){range.start, end});
    return error;
}

/* The ends come first: splitting them is what a full table refuses. */
static int change(const struct shown *v, struct wm_range range)
{
    struct wm_run last = wm_pages_in(wm_book(), &v->found->extent, range, range.end - 1);
    struct wm_range rest = {range.start, last.range.start};
    uintptr_t end = range.start;
    int error = change_run(v, last);

    if (error == 0)
        error = each_run(v, rest, change_run, &end);
    if (error != 0)
        restore(v, range, end, last);
    return error;
}

static int record_run(const struct shown *v, struct wm_run run)
{
    wm_pages_set(wm_book(), v->found, run.range, state_after(run.state, v->to));
    return 0;
}

/* --- the operation --- */

static bool needs_section(const struct wm_extent *e, struct wm_range range, uint16_t to)
{
    bool all_copy = true, any_copy = false;

    for (struct wm_run_walk w = wm_runs_of(wm_book(), e, range); wm_run_next(&w);) {
        all_copy &= (w.run.state & WM_PAGE_COPY) != 0;
        any_copy |= (w.run.state & WM_PAGE_COPY) != 0;
    }
    return wm_is_copy(to) ? !all_copy : lets_writes_through(to) && any_copy;
}

wm_status wm_view_protect(struct wm_found *found, struct wm_range range, uint16_t protect)
{
    const struct wm_section *section = wm_section_at(found->extent.section);
    struct wm_run run = wm_pages_in(wm_book(), &found->extent, range, range.start);
    const struct shown v = {.found = found, .fd = section->backing.fd, .to = protect};
    uintptr_t end;
    int error;

    if (!wm_view_allows(found->extent.alloc_protect, protect))
        return WM_VIEW_PROTECT;
    if (wm_is_large(&found->extent))
        return wm_large_protect(&run, protect, WM_VIEW_LARGE_PROTECT);
    if ((run.state & WM_PAGE_VISIBLE) == protect && wm_range_holds(run.range, range))
        return WM_OK;
    if (needs_section(&found->extent, range, protect) && !wm_backing_is_ours(&section->backing))
        return WM_DESCRIPTOR_GONE;
    error = prepare(&v, range);
    if (error == 0)
        error = change(&v, range);
    if (error != 0)
        return wm_from_errno(WM_OP_PROTECT, error);
    WM_SPACE_CHANGES(wm_book())
        each_run(&v, range, record_run, &end);
    return WM_OK;
}
