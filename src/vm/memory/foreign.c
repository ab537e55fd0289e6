/*
 * foreign.c: protections of memory that others mapped.
 *
 * Code is patched and data made read-only in images and in malloc's memory as well. The book knows nothing
 * of it: so what each mapping allows is noted before a change that concerns several, and put back if it
 * fails half-way. As with our own (pages_kern.h) the last mapping comes first, so that a full table is met
 * before anything changes.
 *
 * Our lock keeps nobody else from mapping there meanwhile: a note is good for this call only, and nothing
 * is put back unless the kernel refused. PAGE_GUARD is refused (L3): others unmap without telling us, and
 * whatever is mapped there next would have a guard that nobody set.
 */
#include "vm/memory/foreign.h"

#include <errno.h>

#include "kern/map/mapping.h"
#include "vm/access.h"
#include "vm/book/home.h"
#include "vm/errno_status.h"
#include "vm/ground/spare.h"

/* All pages must be mapped and belong to one allocation as VirtualQuery reports it, or to mappings that touch. */
static wm_status check(struct wm_range r, uint16_t protect, uint16_t *old)
{
    struct wm_region region;

    for (uintptr_t addr = r.start; addr < r.end; addr = region.range.end) {
        wm_status st = wm_op_query(addr, &region);

        if (!wm_ok(st))
            return st;
        if (region.ours || region.state != WM_REGION_COMMITTED)
            return WM_NOT_COMMITTED;
        if (wm_is_copy(protect) && region.type == WM_TYPE_PRIVATE)
            return WM_PROTECT_NOT_HERE;
        if (addr == r.start)
            *old = region.protect;
    }
    return WM_OK;
}

/* What a part of the range allows. */
struct part {
    struct wm_range range;
    int access;
};

enum { FEW = 32 };

/* Counts the mappings of r, and notes as many as there is room for. */
static int read_parts(struct wm_range r, struct part *parts, size_t room, size_t *count)
{
    struct wm_vma vma;
    int error;

    for (*count = 0; r.start < r.end; r.start = vma.range.end, ++*count) {
        error = wm_kern_vma(r.start, &vma);
        if (error != 0 || vma.range.start > r.start)
            return error != 0 ? error : -ENOENT;
        if (*count < room)
            parts[*count] = (struct part){wm_range_cut(r, vma.range), vma.access};
    }
    return 0;
}

static int change(const struct part *parts, size_t count, struct wm_range r, int access)
{
    int error = wm_kern_protect(parts[count - 1].range, access);

    if (error == 0 && count > 1)
        error = wm_kern_protect(r, access);
    for (size_t i = 0; i < count && error != 0; i++)
        wm_spare_protect(parts[i].range, parts[i].access, WM_SPARE_UNDO);
    return error;
}

/* Many mappings: the note of them is one more, and where there is none, nothing is changed. */
static wm_status change_many(size_t count, struct wm_range r, int access)
{
    size_t bytes = wm_up((count + FEW) * sizeof(struct part), WM_PAGE), found;
    uintptr_t start;
    int error = wm_kern_map_sparse(bytes, &start);

    if (error != 0)
        return wm_from_errno(WM_OP_PROTECT, error);
    error = read_parts(r, (struct part *)start, count + FEW, &found);
    if (error == 0)
        error = found > count + FEW ? -ENOMEM : change((struct part *)start, found, r, access);
    wm_kern_unmap(wm_range_of(start, bytes));
    return wm_from_errno(WM_OP_PROTECT, error);
}

static wm_status change_all(struct wm_range r, int access)
{
    struct part few[FEW];
    size_t count;
    int error = read_parts(r, few, FEW, &count);

    if (error != 0)
        return wm_from_errno(WM_OP_QUERY, error);
    return count > FEW ? change_many(count, r, access)
                       : wm_from_errno(WM_OP_PROTECT, change(few, count, r, access));
}

wm_status wm_foreign_protect(struct wm_protect_req *req)
{
    uint16_t old = 0;
    wm_status st = check(req->at, req->protect, &old);

    wm_spare_keep();
    if (wm_ok(st) && (req->protect & WM_PAGE_GUARD))
        st = WM_GUARD_FOREIGN;
    if (wm_ok(st))
        st = change_all(req->at, wm_access_of(req->protect));
    if (wm_ok(st))
        req->old = old;
    return st;
}
