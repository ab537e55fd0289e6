/*
 * view_pages.c: protections inside a view, and copying on write.
 *
 * Whether a write reaches the section is a property of the mapping on Linux, not of its protection.
 * Pages that were given a copy-on-write protection are mapped privately (WM_PAGE_COPY) from then on:
 * while unwritten they still show the section, and a page that was written stays private, which is what
 * Windows does. Only a protection that lets writes through to the section maps unwritten pages shared
 * again.
 */
#include <errno.h>

#include "core/pages.h"
#include "kern/kern.h"
#include "vm/access.h"
#include "vm/errno_status.h"
#include "vm/home.h"
#include "vm/view.h"

/* One view, and the descriptor of the section that it shows. */
struct shown {
    struct wm_found *found;
    int fd;
    uint32_t parts; /* counted by count_part */
};

/* Part of a private mapping whose pages are all written, or all unwritten. */
typedef int part_visitor(struct shown *v, struct wm_range part, bool copied, uint16_t state);

static struct wm_space *space(void)
{
    return &wm_home.space;
}

static int remap(const struct shown *v, struct wm_range r, uint16_t protect, bool copy)
{
    const struct wm_extent *e = &v->found->extent;
    uint64_t offset = (uint64_t)e->offset * WM_PAGE + (r.start - e->start);

    return wm_kern_map_file(r, wm_access_of(protect), copy, v->fd, offset, WM_OVER_OURS);
}

static int each_part(struct shown *v, struct wm_range r, part_visitor *visit, uint16_t state)
{
    uintptr_t end = r.start;
    bool copied;
    int error = 0;

    for (; error == 0 && r.start < r.end; r.start = end) {
        error = wm_kern_copied(r, &copied, &end);
        if (error == 0)
            error = visit(v, (struct wm_range){r.start, end}, copied, state);
    }
    return error;
}

/* --- letting writes through again --- */

static int count_part(struct shown *v, struct wm_range part, bool copied, uint16_t state)
{
    (void)part, (void)copied, (void)state;
    v->parts++;
    return 0;
}

static int share_part(struct shown *v, struct wm_range part, bool copied, uint16_t state)
{
    return copied ? wm_kern_protect(part, wm_access_of(state)) : remap(v, part, state, false);
}

/* Written pages stay private, and the book has to say so. */
static int record_part(struct shown *v, struct wm_range part, bool copied, uint16_t state)
{
    wm_pages_set(space(), v->found, part, (uint16_t)(state | (copied ? WM_PAGE_COPY : 0)));
    return 0;
}

/*
 * Writing is switched off before the pages are looked at, so that none is written between the look and
 * the new mapping.
 */
static int share_again(struct shown *v, struct wm_range r, uint16_t state)
{
    int error = wm_kern_protect(r, WM_ACCESS_READ);

    if (error == 0)
        error = each_part(v, r, count_part, state);
    if (error == 0 && !wm_space_ready(space(), 0, (v->parts + 1) * WM_PAGES_RUNS))
        error = -ENOMEM;
    return error != 0 ? error : each_part(v, r, share_part, state);
}

/* --- changing and changing back --- */

static int restore_part(struct shown *v, struct wm_range part, bool copied, uint16_t state)
{
    return copied ? wm_kern_protect(part, wm_access_of(state)) : remap(v, part, state, true);
}

static void restore_run(struct shown *v, struct wm_run run)
{
    if (run.state & WM_PAGE_COPY)
        each_part(v, run.range, restore_part, run.state);
    else
        remap(v, run.range, run.state, false);
}

static bool lets_writes_through(uint16_t protect)
{
    return (wm_access_of(protect) & WM_ACCESS_WRITE) && !wm_is_copy(protect);
}

static int change_run(struct shown *v, struct wm_run run, uint16_t to)
{
    bool private = (run.state & WM_PAGE_COPY) != 0;

    if (wm_is_copy(to) && !private)
        return remap(v, run.range, to, true);
    if (lets_writes_through(to) && private)
        return share_again(v, run.range, to);
    return wm_kern_protect(run.range, wm_access_of(to));
}

static uint16_t state_after(uint16_t from, uint16_t to)
{
    bool private = wm_is_copy(to) || (from & WM_PAGE_COPY);

    return (uint16_t)(to | (private ? WM_PAGE_COPY : 0));
}

static void record(struct shown *v, struct wm_range range, uint16_t to)
{
    struct wm_run run;

    wm_space_begin(space());
    for (uintptr_t addr = range.start; addr < range.end; addr = run.range.end) {
        run = wm_pages_in(space(), &v->found->extent, range, addr);
        if (lets_writes_through(to) && (run.state & WM_PAGE_COPY))
            each_part(v, run.range, record_part, to);
        else
            wm_pages_set(space(), v->found, run.range, state_after(run.state, to));
    }
    wm_space_end(space());
}

static bool needs_section(const struct wm_extent *e, struct wm_range range, uint16_t to)
{
    bool all_copy = true, any_copy = false;
    struct wm_run run;

    for (uintptr_t addr = range.start; addr < range.end; addr = run.range.end) {
        run = wm_pages_in(space(), e, range, addr);
        all_copy &= (run.state & WM_PAGE_COPY) != 0;
        any_copy |= (run.state & WM_PAGE_COPY) != 0;
    }
    return wm_is_copy(to) ? !all_copy : lets_writes_through(to) && any_copy;
}

/* The book stays as it is until all went well: what was changed is changed back by it. */
static int change(struct shown *v, struct wm_range range, uint16_t to)
{
    struct wm_run run = {.range = {range.start, range.start}};
    int error = 0;

    while (run.range.end < range.end && error == 0) {
        run = wm_pages_in(space(), &v->found->extent, range, run.range.end);
        error = change_run(v, run, to);
    }
    if (error == 0)
        return 0;
    range.end = run.range.end;
    for (run.range.end = range.start; run.range.end < range.end;) {
        run = wm_pages_in(space(), &v->found->extent, range, run.range.end);
        restore_run(v, run);
    }
    return error;
}

static uint32_t count_runs(const struct wm_extent *e, struct wm_range range)
{
    uint32_t count = 0;

    for (uintptr_t addr = range.start; addr < range.end;
         addr = wm_pages_in(space(), e, range, addr).range.end)
        count++;
    return count;
}

wm_status wm_view_protect(struct wm_found *found, struct wm_range range, uint16_t protect)
{
    const struct wm_section *section = wm_section_at(&wm_home.objects, found->extent.section);
    struct wm_run run = wm_pages_in(space(), &found->extent, range, range.start);
    struct shown v = {.found = found, .fd = section->fd};
    int error;

    if (!wm_view_allows(found->extent.alloc_protect, protect))
        return WM_VIEW_PROTECT;
    if ((run.state & WM_PAGE_PROTECT) == protect && wm_range_holds(run.range, range))
        return WM_OK;
    if (needs_section(&found->extent, range, protect) && !wm_kern_is_memfd(section->fd, section->inode))
        return WM_DESCRIPTOR_GONE;
    if (!wm_space_ready(space(), 0, count_runs(&found->extent, range) * WM_PAGES_RUNS))
        return WM_BOOK_MEMORY;
    error = change(&v, range, protect);
    if (error != 0)
        return wm_from_errno(WM_OP_PROTECT, error);
    record(&v, range, protect);
    return WM_OK;
}
