/*
 * view.c: mapping and unmapping views of sections.
 *
 * A view is an extent that holds a reference to its section. Rules come first: the handle's rights,
 * the section's protection, offset and size, large pages. Then the descriptor is asked whether it is still
 * ours, for the program may have closed it (L143), and only then a place is looked for.
 *
 * The reference is taken by pinning the section and becomes the view's; on failure it is given back. It
 * ends when the view does, after the lock is dropped, because it may be the last one and close a
 * descriptor.
 */

#include <errno.h>

#include "kern/map/mapping.h"
#include "vm/access.h"
#include "vm/book/home.h"
#include "vm/book/locked.h"
#include "vm/errno_status.h"
#include "vm/ground/place.h"
#include "vm/ground/vacate.h"
#include "vm/ground/spare.h"
#include "vm/sections/mappedfile.h"
#include "vm/sections/namedsection.h"
#include "vm/sections/offered.h"
#include "vm/sections/piecewise.h"
#include "vm/sections/section.h"

/* What a view of this protection needs the section's own protection to allow. */
static bool section_allows(const struct wm_section *section, uint16_t protect)
{
    return wm_view_allows(section->protect, protect);
}

static wm_status check_large(const struct wm_view_req *req, const struct wm_section *section)
{
    if (!wm_backing_is_large(&section->backing))
        return req->large ? WM_VIEW_NOT_LARGE : WM_OK;
    if (req->base % WM_LARGE != 0 || req->offset % WM_LARGE != 0)
        return WM_VIEW_LARGE_ALIGNMENT;
    if (req->bytes % WM_LARGE != 0)
        return WM_VIEW_LARGE_SIZE;
    return wm_is_copy(req->protect) ? WM_VIEW_LARGE_PROTECT : WM_OK;
}

/*
 * MEM_RESERVE is for views that are to be committed later: of a section that is reserved, and of one of a file, which may
 * grow if it is written through the section.
 */
static wm_status check_reserve(const struct wm_view_req *req, const struct wm_section *section)
{
    if (!req->reserve || section->backing.reserved)
        return WM_OK;
    if (!wm_backing_is_file(&section->backing))
        return WM_VIEW_TYPE;
    return wm_mappedfile_writes(section->protect) ? WM_OK : WM_VIEW_SECTION;
}

static wm_status view_bytes(const struct wm_view_req *req, const struct wm_section *section, size_t *out)
{
    uint64_t all = wm_backing_bytes(&section->backing), most = all;

    if (req->reserve && wm_backing_is_file(&section->backing))
        most = WM_SECTION_BYTES_MAX;
    if (req->offset >= all || req->bytes > most - req->offset)
        return WM_VIEW_SIZE;
    *out = (size_t)wm_up(req->bytes != 0 ? req->bytes : all - req->offset, WM_PAGE);
    if (req->base != 0 && !wm_range_fits(req->base, *out))
        return WM_VIEW_SIZE;
    return WM_OK;
}

/* What is said of the view counts before what was said of the section. */
static uint8_t node_of(const struct wm_view_req *req, const struct wm_section *section)
{
    return req->node != 0 ? req->node : section->node;
}

static uint8_t traits_of(const struct wm_view_req *req, const struct wm_backing *backing)
{
    if (backing->reserved)
        return WM_TRAIT_PIECEWISE;
    if (wm_backing_is_file(backing))
        return req->reserve ? WM_TRAIT_FILE | WM_TRAIT_OVERHANGING : WM_TRAIT_FILE;
    return wm_backing_is_large(backing) ? WM_TRAIT_LARGE : 0;
}

static struct wm_extent new_view(const struct wm_view_req *req, const struct wm_section *section,
                                 uint32_t index)
{
    uint16_t copy = wm_is_copy(req->protect) ? WM_PAGE_COPY : 0;
    uint16_t protect = section->backing.reserved ? 0 : req->protect;

    return (struct wm_extent){
        .start = req->base,
        .section = index,
        .offset = (uint32_t)(req->offset / WM_PAGE),
        .alloc_protect = req->protect | section->attributes,
        .state = protect | copy,
        .kind = WM_VIEW,
        .flags = req->replace ? WM_EXTENT_REPLACED : 0,
        .node = node_of(req, section),
        .traits = traits_of(req, &section->backing),
    };
}

static wm_status place_view(const struct wm_view_req *req, struct wm_extent *e,
                            const struct wm_mapping *mapping)
{
    if (req->replace)
        return wm_place_replace(e, mapping);
    if (e->start != 0)
        return wm_place_at(e, mapping);
    return req->bounds.given ? wm_place_within(e, mapping, &req->bounds) : wm_place_anywhere(e, mapping);
}

static wm_status map(struct wm_view_req *req, const struct wm_section *section, uint32_t index)
{
    struct wm_extent e = new_view(req, section, index);
    struct wm_mapping mapping = {
        .access = section->backing.reserved ? wm_piecewise_access(req->protect) : wm_access_of(req->protect),
        .section = true,
        .copy = wm_is_copy(req->protect),
        .large = wm_backing_is_large(&section->backing),
        .fd = section->backing.fd,
        .offset = req->offset,
        .node = node_of(req, section),
        .op = wm_backing_is_file(&section->backing) ? WM_OP_FILE_VIEW : WM_OP_VIEW,
    };
    size_t bytes;
    wm_status st = section_allows(section, req->protect) ? check_reserve(req, section) : WM_VIEW_SECTION;

    if (wm_ok(st))
        st = view_bytes(req, section, &bytes);
    if (wm_ok(st))
        st = check_large(req, section);
    if (!wm_ok(st))
        return st;
    if (wm_backing_is_large(&section->backing) && req->bounds.alignment < WM_LARGE)
        req->bounds.alignment = WM_LARGE;
    if (!wm_backing_is_ours(&section->backing))
        return WM_DESCRIPTOR_GONE;
    e.bytes = bytes;
    WM_AT_HOME(st) {
        wm_spare_keep();
        st = place_view(req, &e, &mapping);
        if (wm_ok(st) && section->backing.reserved)
            wm_piecewise_begin(e.start);
    }
    if (wm_ok(st)) {
        req->result = e.start;
        req->result_bytes = e.bytes;
        req->result_piecewise = section->backing.reserved;
    }
    return st;
}

/* Of a handle, or the one that the request brings with it. */
static wm_status pin_section(const struct wm_view_req *req, uint32_t *index)
{
    const struct wm_section *section;

    if (req->offer.pid != 0)
        return wm_offered_pin(&req->offer, index);
    return wm_section_pin(req->section, req->rights, index, &section);
}

/* The view keeps the reference that pinning took. */
wm_status wm_op_map_view(struct wm_view_req *req)
{
    uint32_t index;
    wm_status st = pin_section(req, &index);

    if (!wm_ok(st))
        return st;
    wm_namedsection_learn_size(wm_section_at(index));
    st = map(req, wm_section_at(index), index);
    if (!wm_ok(st))
        wm_section_unpin(index);
    else if (req->offer.pid != 0)
        wm_offered_is_shown(index);
    return st;
}

/*
 * Guard markers will not do here, see vm/memory/free.c; so at a full table spare mappings are all that
 * helps.
 */
static wm_status become_placeholder(struct wm_found *found)
{
    struct wm_range r = wm_extent_range(&found->extent);
    int error = 0;

    if (!(found->extent.flags & WM_EXTENT_REPLACED))
        return WM_VIEW_NOT_PLACEHOLDER;
    WM_HOME_CLAIM(found, wm_range_bytes(r))
        error = wm_kern_discard(r);
    while (error == -ENOMEM && wm_spare_spend(WM_SPARE_RELIEF))
        error = wm_kern_discard(r);
    if (error != 0)
        return wm_from_errno(WM_OP_FREE, error);
    wm_locked_uncount(&found->extent, r);
    WM_SPACE_CHANGES(wm_book())
        wm_space_become_placeholder(wm_book(), *found);
    return WM_OK;
}

wm_status wm_op_unmap_view(const struct wm_unmap_req *req)
{
    struct wm_found found;
    bool exists;
    wm_status st;

    WM_AT_HOME(st) {
        wm_spare_keep();
        st = wm_home_find(req->addr, &found, &exists);
        if (wm_ok(st) && (!exists || found.extent.kind != WM_VIEW))
            st = WM_NOT_A_VIEW;
        else if (wm_ok(st))
            st = req->preserve ? become_placeholder(&found) : wm_place_vacate(found);
        if (wm_ok(st) && wm_extent_is_partial(&found.extent))
            wm_piecewise_end(&found.extent);
    }
    if (wm_ok(st))
        wm_section_unpin(found.extent.section);
    return st;
}
