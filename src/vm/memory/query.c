/*
 * query.c: what VirtualQuery sees, in this process and in others.
 *
 * A region of Windows is a run of pages of one allocation of which all that is told is equal (O68, O69).
 * Neither the book nor the kernel has such regions: the book tells apart what Windows does not (warm,
 * marked, offered pages), the kernel merges what has equal protections and splits what differs in anything.
 * So an answer is put together from looks, each of which is true for one stretch, and is continued as long
 * as the next look says the same.
 *
 *   nothing is locked: an answer was true at some moment during the call
 *   no ordinary memory is touched (L15); what is told as readable can be read (L14, legible.c)
 *
 * Memory of others is given the words of Windows that come nearest. Without access it is reserved, as what
 * allocators set aside is; an image is one allocation from its first segment to its last; a private file
 * mapping copies on write, and a page of it is called writable as soon as it was written, not when it may
 * be (O197, O275).
 *
 * Whose book and whose list of mappings is asked says struct wm_whose, or NULL for this process. The
 * functions with WM_TWICE are compiled once for either, so that questions about oneself do not pay for the
 * other case.
 */
#include <errno.h>
#include <string.h>

#include "core/pages.h"
#include "kern/pages/pagestate.h"
#include "vm/access.h"
#include "vm/book/home.h"
#include "vm/book/land.h"
#include "vm/errno_status.h"
#include "vm/memory/legible.h"

/* A page whose writes stay private is reported writable once it was written. */
WM_TWICE wm_status tell_copies(struct wm_whose *whose, struct wm_region *out)
{
    uintptr_t end;
    bool copied;
    int error = whose == NULL ? wm_kern_copied(out->range, &copied, &end)
                              : wm_peer_copied(whose->files, out->range, &copied, &end);

    if (error != 0)
        return wm_from_errno(WM_OP_QUERY, error);
    out->range.end = end;
    if (copied)
        out->protect = (out->protect & (WM_ATTRIBUTES | WM_PAGE_GUARD)) |
                       (out->protect & WM_WRITECOPY ? WM_READWRITE : WM_EXECUTE_READWRITE);
    return WM_OK;
}

static void call_committed(const struct wm_extent *e, struct wm_region *out)
{
    out->state = WM_REGION_COMMITTED;
    out->protect = e->alloc_protect;
}

static void call_reserved(struct wm_region *out)
{
    out->state = WM_REGION_RESERVED;
    out->protect = 0;
}

/* Of a view whose section says what is committed. In a handler that has interrupted a change: as the book has it. */
static void tell_partial(const struct wm_extent *e, struct wm_region *out)
{
    struct wm_piece_req piece = {.at = out->range};

    if (out->state == WM_REGION_COMMITTED && !(e->traits & WM_TRAIT_OVERHANGING))
        return;
    if (!wm_ok(wm_op_piece(&piece)))
        return;
    out->range.end = piece.end;
    if (!piece.committed)
        call_reserved(out);
    else if (out->state == WM_REGION_RESERVED)
        call_committed(e, out);
}

/* Another process's sections are not looked into here: what it has met, the book says (remote/regions.c). */
WM_TWICE wm_status tell_ours(struct wm_whose *whose, const struct wm_land *land, struct wm_region *out)
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
        .partial = wm_extent_is_partial(e),
        .placeholder = e->kind == WM_PLACEHOLDER,
        .traits = e->traits,
    };
    if (out->partial && whose == NULL)
        tell_partial(e, out);
    return wm_is_copy(out->protect) ? tell_copies(whose, out) : WM_OK;
}

WM_TWICE wm_status land_at(struct wm_whose *whose, uintptr_t addr, struct wm_land *out)
{
    return whose == NULL ? wm_land_at(addr, out) : wm_land_of(whose, addr, out);
}

/* Free space reaches from the page asked for to whatever comes next, ours or not. */
WM_TWICE wm_status tell_free(struct wm_whose *whose, const struct wm_land *first, struct wm_region *out)
{
    struct wm_land land = *first;
    struct wm_range r = first->range;
    wm_status st = WM_OK;

    while (r.end < WM_SPACE_END && !land.bounded && wm_ok(st = land_at(whose, r.end, &land)) &&
           wm_land_is_free(&land))
        r.end = land.range.end;
    if (r.end > WM_SPACE_END)
        r.end = WM_SPACE_END;
    *out = (struct wm_region){.range = r, .protect = WM_NOACCESS, .state = WM_REGION_FREE};
    return st;
}

/* A loaded image is one allocation: its segments, what its loader put between them, and its .bss. */
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
WM_TWICE void tell_mapping(struct wm_whose *whose, const struct wm_vma *vma, struct wm_region *out)
{
    bool legible = wm_legible(whose, vma, &out->range);

    if (!legible)
        out->protect = WM_NOACCESS;
    if (out->type == WM_TYPE_PRIVATE && (!legible || vma->access == WM_ACCESS_NONE)) {
        out->state = WM_REGION_RESERVED;
        out->protect = 0;
    }
}

WM_TWICE void tell_foreign(struct wm_whose *whose, const struct wm_land *land, struct wm_region *out)
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
    if (whose == NULL ? wm_own_image(land->range.start, &image)
                      : wm_peer_image(whose->files, land->range.start, &image))
        tell_image(image, out);
    else
        tell_mapping(whose, vma, out);
    if (wm_is_copy(out->protect))
        tell_copies(whose, out); /* or, where the kernel does not tell, as if nothing were written yet */
}

/* One stretch of which the book or the kernel says one thing. The region may go on behind it. */
WM_TWICE wm_status look(struct wm_whose *whose, uintptr_t addr, struct wm_region *out)
{
    struct wm_land land;
    wm_status st = land_at(whose, wm_down(addr, WM_PAGE), &land);

    if (!wm_ok(st))
        return st;
    if (land.kind == WM_LAND_OURS)
        return tell_ours(whose, &land, out);
    if (land.kind == WM_LAND_FOREIGN)
        tell_foreign(whose, &land, out);
    else if (addr < WM_SPACE_END)
        st = tell_free(whose, &land, out);
    else
        st = WM_QUERY_TOO_HIGH;
    return st;
}

WM_TWICE bool looks_the_same(const struct wm_region *a, const struct wm_region *b)
{
    return a->allocation.start == b->allocation.start && a->alloc_protect == b->alloc_protect &&
           a->protect == b->protect && a->state == b->state && a->type == b->type && a->ours == b->ours;
}

/*
 * May the next look find the same? Our runs look different from their neighbours, but for copies, which look like what
 * can be written, and for what was committed elsewhere. Of an image the kernel's mappings are asked, and those need not
 * differ.
 */
WM_TWICE bool may_go_on(const struct wm_region *r)
{
    if (r->state != WM_REGION_COMMITTED || r->range.end >= r->allocation.end)
        return false;
    return r->type == WM_TYPE_IMAGE || r->partial ||
           (r->ours && r->type == WM_TYPE_MAPPED &&
            (r->protect & (WM_READWRITE | WM_EXECUTE_READWRITE)) != 0);
}

/* A region goes on as long as all that is told of it is equal; one look may end before. */
WM_TWICE wm_status query(struct wm_whose *whose, uintptr_t addr, struct wm_region *out)
{
    struct wm_region next;
    wm_status st = look(whose, addr, out);

    if (!wm_ok(st))
        return st;
    while (may_go_on(out) && wm_ok(look(whose, out->range.end, &next)) && looks_the_same(out, &next) &&
           next.range.end > out->range.end)
        out->range.end = next.range.end;
    return st;
}

wm_status wm_op_query(uintptr_t addr, struct wm_region *out)
{
    wm_status st = wm_home_ready();

    return wm_ok(st) ? query(NULL, addr, out) : st;
}

wm_status wm_op_query_of(struct wm_whose *whose, uintptr_t addr, struct wm_region *out)
{
    return query(whose, addr, out);
}

static wm_status query_either(struct wm_whose *whose, uintptr_t addr, struct wm_region *out)
{
    return whose == NULL ? wm_op_query(addr, out) : wm_op_query_of(whose, addr, out);
}

/* CommitSize of a region's information (D4b, O82). */
static size_t committed_private(const struct wm_extent *e)
{
    struct wm_run_walk w = wm_runs_of(wm_book(), e, wm_extent_range(e));
    size_t bytes = 0;

    while (wm_run_next(&w))
        if (w.run.state & WM_PAGE_PROTECT)
            bytes += wm_range_bytes(w.run.range);
    return bytes;
}

static wm_status committed_ours(uintptr_t addr, size_t *out)
{
    struct wm_found found;
    wm_status st;

    WM_AT_HOME(st) {
        *out = 0;
        if (!wm_space_at(wm_book(), addr, &found))
            return st;
        if (found.extent.kind == WM_PRIVATE)
            *out = committed_private(&found.extent);
        else if (found.extent.kind == WM_VIEW && wm_is_copy(found.extent.alloc_protect & WM_PAGE_PROTECT))
            *out = found.extent.bytes;
    }
    return st;
}

/* What is not shared: private memory, pages that are copied on write, and the copies of an image. */
static bool is_charged(const struct wm_region *region)
{
    uint16_t writable = WM_WRITECOPY | WM_EXECUTE_WRITECOPY;

    if (wm_is_copy(region->alloc_protect)) /* images, too: what can be written in them is a copy */
        writable |= WM_READWRITE | WM_EXECUTE_READWRITE;
    return region->state == WM_REGION_COMMITTED &&
           (region->type == WM_TYPE_PRIVATE || (region->protect & writable) != 0);
}

/* By asking page run after page run. */
static wm_status sum_charged(struct wm_whose *whose, struct wm_range all, size_t *out)
{
    struct wm_region region;
    wm_status st = WM_OK;

    *out = 0;
    for (uintptr_t addr = all.start; addr < all.end && wm_ok(st); addr = region.range.end) {
        st = query_either(whose, addr, &region);
        if (wm_ok(st) && is_charged(&region))
            *out += wm_range_bytes(wm_range_cut(region.range, all));
    }
    return st;
}

wm_status wm_op_committed(const struct wm_region *of, size_t *out)
{
    if (of->ours)
        return committed_ours(of->allocation.start, out);
    return sum_charged(NULL, of->allocation, out);
}

/* A view that copies on write is charged whole, written or not. */
wm_status wm_op_committed_of(struct wm_whose *whose, const struct wm_region *of, size_t *out)
{
    if (!of->ours || of->type == WM_TYPE_PRIVATE)
        return sum_charged(whose, of->allocation, out);
    *out = wm_is_copy(of->alloc_protect & WM_PAGE_PROTECT) ? wm_range_bytes(of->allocation) : 0;
    return WM_OK;
}

/* What the kernel calls memory that has no file, and where a section with a name lies: that is memory as well. */
static bool is_no_file(const char *name)
{
    static const char *const nameless[] = {"/memfd:", "/dev/zero (deleted)", "/SYSV", "/dev/shm/winmem-"};

    for (size_t i = 0; i < sizeof nameless / sizeof nameless[0]; i++)
        if (strncmp(name, nameless[i], strlen(nameless[i])) == 0)
            return true;
    return *name != '/';
}

/* The .bss of an image has no name of its own; its first page has the file's. */
static wm_status mapped_name(struct wm_whose *whose, uintptr_t addr, char *name, size_t bytes)
{
    struct wm_region region;
    wm_status st = query_either(whose, addr, &region);
    int error;

    if (!wm_ok(st))
        return st;
    if (region.type != WM_TYPE_MAPPED && region.type != WM_TYPE_IMAGE)
        return WM_NOT_MAPPED;
    addr = region.type == WM_TYPE_IMAGE ? region.allocation.start : addr;
    error = whose == NULL ? wm_kern_vma_name(addr, name, bytes)
                          : wm_peer_vma_name(whose->files, addr, name, bytes);
    if (error != 0)
        return error == -ENOENT ? WM_NOT_MAPPED : wm_from_errno(WM_OP_QUERY, error);
    return is_no_file(name) ? WM_NO_FILE_NAME : WM_OK;
}

wm_status wm_op_mapped_name(uintptr_t addr, char *name, size_t bytes)
{
    return mapped_name(NULL, addr, name, bytes);
}

wm_status wm_op_mapped_name_of(struct wm_whose *whose, uintptr_t addr, char *name, size_t bytes)
{
    return mapped_name(whose, addr, name, bytes);
}
