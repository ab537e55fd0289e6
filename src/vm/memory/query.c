/* query.c: what VirtualQuery sees. */
#include <errno.h>
#include <string.h>

#include "core/pages.h"
#include "vm/access.h"
#include "vm/book/home.h"
#include "vm/book/land.h"
#include "vm/errno_status.h"

/* A page whose writes stay private is reported writable once it was written. */
static wm_status tell_copies(struct wm_region *out)
{
    uintptr_t end;
    bool copied;
    int error = wm_kern_copied(out->range, &copied, &end);

    if (error != 0)
        return wm_from_errno(WM_OP_QUERY, error);
    out->range.end = end;
    if (copied)
        out->protect = (out->protect & (WM_ATTRIBUTES | WM_PAGE_GUARD)) |
                       (out->protect & WM_WRITECOPY ? WM_READWRITE : WM_EXECUTE_READWRITE);
    return WM_OK;
}

static wm_status tell_ours(const struct wm_land *land, struct wm_region *out)
{
    const struct wm_extent *e = &land->ours.extent;
    uint16_t protect = land->ours.state & WM_PAGE_VISIBLE;

    *out = (struct wm_region){
        .range = land->range,
        .allocation = wm_extent_range(e),
        .alloc_protect = e->alloc_protect,
        .protect = protect == 0 ? 0 : protect | (e->alloc_protect & WM_ATTRIBUTES),
        .state = protect == 0 ? WM_REGION_RESERVED : WM_REGION_COMMITTED,
        .type = e->kind == WM_VIEW ? WM_TYPE_MAPPED : WM_TYPE_PRIVATE,
        .ours = true,
        .physical = wm_is_window(e),
    };
    return wm_is_copy(protect) ? tell_copies(out) : WM_OK;
}

/* Free space reaches from the page asked for to whatever comes next, ours or not. */
static wm_status tell_free(const struct wm_land *first, struct wm_region *out)
{
    struct wm_land land = *first;
    struct wm_range r = first->range;
    wm_status st = WM_OK;

    while (r.end < WM_SPACE_END && !land.bounded && wm_ok(st = wm_land_at(r.end, &land)) &&
           wm_land_is_free(&land))
        r.end = land.range.end;
    if (r.end > WM_SPACE_END)
        r.end = WM_SPACE_END;
    *out = (struct wm_region){.range = r, .protect = WM_NOACCESS, .state = WM_REGION_FREE};
    return st;
}

/* A loaded image is one allocation: its segments, what lies between them, and its .bss. */
static void tell_image(struct wm_range image, struct wm_region *out)
{
    out->allocation = image;
    out->alloc_protect = WM_EXECUTE_WRITECOPY;
    out->type = WM_TYPE_IMAGE;
}

/*
 * Without address randomisation the main stack may reach above the highest Windows address. It is cut
 * there, so that a walk ends where it should; what lies above can still be asked for.
 */
static struct wm_range cut_at_the_end(struct wm_range r)
{
    if (r.start < WM_SPACE_END && r.end > WM_SPACE_END)
        r.end = WM_SPACE_END;
    return r;
}

/* Inaccessible anonymous memory of others is what their allocators reserved. */
static void tell_foreign(const struct wm_land *land, struct wm_region *out)
{
    const struct wm_vma *vma = &land->vma;
    bool file = vma->file || vma->shared;
    struct wm_range image;

    *out = (struct wm_region){
        .range = cut_at_the_end(land->range),
        .allocation = vma->range,
        .protect = wm_protect_of(vma->access, file && !vma->shared),
        .state = WM_REGION_COMMITTED,
        .type = file ? WM_TYPE_MAPPED : WM_TYPE_PRIVATE,
    };
    out->alloc_protect = out->protect;
    if (wm_kern_image(land->range.start, &image)) {
        tell_image(image, out);
    } else if (!file && vma->access == WM_ACCESS_NONE) {
        out->state = WM_REGION_RESERVED;
        out->protect = 0;
    }
}

wm_status wm_op_query(uintptr_t addr, struct wm_region *out)
{
    struct wm_land land;
    wm_status st = wm_home_ready();

    if (wm_ok(st))
        st = wm_land_at(wm_down(addr, WM_PAGE), &land);
    if (!wm_ok(st))
        return st;
    if (land.kind == WM_LAND_OURS)
        return tell_ours(&land, out);
    if (land.kind == WM_LAND_FOREIGN)
        tell_foreign(&land, out);
    else if (addr < WM_SPACE_END)
        st = tell_free(&land, out);
    else
        st = WM_QUERY_TOO_HIGH;
    return st;
}

static size_t committed_private(const struct wm_extent *e)
{
    struct wm_range all = wm_extent_range(e);
    size_t bytes = 0;
    struct wm_run run;

    for (uintptr_t addr = all.start; addr < all.end; addr = run.range.end) {
        run = wm_pages_at(&wm_home.space, e, addr);
        if (run.state & WM_PAGE_PROTECT)
            bytes += wm_range_bytes(run.range);
    }
    return bytes;
}

static wm_status committed_ours(uintptr_t addr, size_t *out)
{
    struct wm_found found;
    wm_status st = wm_home_enter();

    if (!wm_ok(st))
        return st;
    *out = 0;
    if (wm_space_at(&wm_home.space, addr, &found)) {
        if (found.extent.kind == WM_PRIVATE)
            *out = committed_private(&found.extent);
        else if (found.extent.kind == WM_VIEW && wm_is_copy(found.extent.alloc_protect & WM_PAGE_PROTECT))
            *out = found.extent.bytes;
    }
    wm_home_leave();
    return st;
}

/* What is not shared: private memory, pages that are copied on write, and the copies of an image. */
static bool is_charged(const struct wm_region *region)
{
    uint16_t writable = WM_WRITECOPY | WM_EXECUTE_WRITECOPY;

    if (region->type == WM_TYPE_IMAGE)
        writable |= WM_READWRITE | WM_EXECUTE_READWRITE;
    return region->state == WM_REGION_COMMITTED &&
           (region->type == WM_TYPE_PRIVATE || (region->protect & writable) != 0);
}

wm_status wm_op_committed(const struct wm_region *of, size_t *out)
{
    struct wm_range all = of->allocation;
    struct wm_region region;
    wm_status st = WM_OK;

    if (of->ours)
        return committed_ours(all.start, out);
    *out = 0;
    for (uintptr_t addr = all.start; addr < all.end && wm_ok(st); addr = region.range.end) {
        st = wm_op_query(addr, &region);
        if (wm_ok(st) && is_charged(&region))
            *out += wm_range_bytes(wm_range_cut(region.range, all));
    }
    return st;
}

/* What the kernel calls memory that has no file. */
static bool is_no_file(const char *name)
{
    static const char *const nameless[] = {"/memfd:", "/dev/zero (deleted)", "/SYSV"};

    for (size_t i = 0; i < sizeof nameless / sizeof nameless[0]; i++)
        if (strncmp(name, nameless[i], strlen(nameless[i])) == 0)
            return true;
    return *name != '/';
}

/* The .bss of an image has no name of its own; its first page has the file's. */
wm_status wm_op_mapped_name(uintptr_t addr, char *name, size_t bytes)
{
    struct wm_region region;
    wm_status st = wm_op_query(addr, &region);
    int error;

    if (!wm_ok(st))
        return st;
    if (region.type != WM_TYPE_MAPPED && region.type != WM_TYPE_IMAGE)
        return WM_NOT_MAPPED;
    error = wm_kern_vma_name(region.type == WM_TYPE_IMAGE ? region.allocation.start : addr, name, bytes);
    if (error != 0)
        return error == -ENOENT ? WM_NOT_MAPPED : wm_from_errno(WM_OP_QUERY, error);
    return is_no_file(name) ? WM_NO_FILE_NAME : WM_OK;
}
