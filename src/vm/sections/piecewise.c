/*
 * piecewise.c: committing in views of reserved sections, and meeting what was committed elsewhere (piecewise.h).
 *
 * To commit is, in this order: room for the pages where the section has a name, so that a full file system is an error
 * and no signal; the change of protection that it is in any view; the bits in the map, after which it is committed for
 * everybody; the other views of this process, so that what they show can be given to system calls. The last is a favour,
 * as fault or question make up for it, and so is what a new view meets at once: both end where that takes long.
 *
 * In a program that does not use the library nobody answers for faults. Its views can be touched everywhere from the
 * beginning, and the book tells what is committed all the same.
 */
#include "vm/sections/piecewise.h"

#include <errno.h>

#include "base/planted.h"
#include "core/pages.h"
#include "kern/names/names.h"
#include "vm/access.h"
#include "vm/errno_status.h"
#include "vm/ground/spare.h"
#include "vm/sections/mappedfile.h"
#include "vm/sections/section.h"
#include "vm/sections/view_pages.h"

/* Each may cost a mapping, and does cost a system call. */
enum { PIECES_AT_ONCE = 64 };

static bool is_piecewise(const struct wm_extent *e)
{
    return e->kind == WM_VIEW && (e->traits & WM_TRAIT_PIECEWISE) != 0;
}

static const struct wm_section *section_of(const struct wm_extent *e)
{
    return wm_section_at(e->section);
}

static uint64_t page_at(const struct wm_extent *e, uintptr_t addr)
{
    return e->offset + (addr - e->start) / WM_PAGE;
}

static uintptr_t addr_of(const struct wm_extent *e, uint64_t page)
{
    return e->start + (page - e->offset) * WM_PAGE;
}

int wm_piecewise_access(uint16_t protect)
{
    return WM_IS_PLANTED ? wm_access_of(protect) : WM_ACCESS_NONE;
}

/* --- meeting --- */

static bool is_met(uint16_t state)
{
    return (state & WM_PAGE_PROTECT) != 0;
}

/* A page that somebody else has committed has the protection of the view (O192). */
static int meet_piece(struct wm_found *found, struct wm_run run)
{
    uint16_t state = run.state | (found->extent.alloc_protect & WM_PAGE_PROTECT);
    int error;

    if (!wm_space_ready(wm_book(), 0, WM_PAGES_RUNS))
        return -ENOMEM;
    error = wm_spare_protect(run.range, wm_access_of(state), WM_SPARE_RELIEF);
    if (error == 0)
        WM_SPACE_CHANGES(wm_book())
            wm_pages_set(wm_book(), found, run.range, state);
    return error;
}

/* The first piece of a run from its start on: all committed in the section, or all not. */
static bool cut_to_piece(const struct wm_extent *e, struct wm_run *run)
{
    const struct wm_commits *commits = &section_of(e)->commits;
    uint64_t page = page_at(e, run->range.start);

    run->range.end = addr_of(e, wm_commits_end(commits, page, page_at(e, run->range.end)));
    return wm_commits_has(commits, page);
}

static int meet(struct wm_found *found, struct wm_range range, unsigned most)
{
    int error = 0;

    range = wm_range_cut(range, wm_extent_range(&found->extent));
    while (error == 0 && range.start < range.end && most > 0) {
        struct wm_run run = wm_pages_in(wm_book(), &found->extent, range, range.start);

        if (!is_met(run.state) && cut_to_piece(&found->extent, &run)) {
            error = meet_piece(found, run);
            most--;
        }
        range.start = run.range.end;
    }
    return error;
}

/* --- the views of this process --- */

static bool shows_the_same(const struct wm_extent *a, const struct wm_extent *b)
{
    const struct wm_file_id *x = &section_of(a)->backing.id, *y = &section_of(b)->backing.id;

    return x->inode == y->inode && x->device == y->device;
}

/* Where in another view the pages lie that a range of e shows. */
static struct wm_range same_pages(const struct wm_extent *e, struct wm_range range,
                                  const struct wm_extent *other)
{
    uint64_t first = page_at(e, range.start), end = page_at(e, range.end);

    if (end <= other->offset)
        return (struct wm_range){other->start, other->start};
    first = first < other->offset ? other->offset : first;
    return (struct wm_range){addr_of(other, first), addr_of(other, end)};
}

/* What another thread is changing it will see for itself. */
static void meet_in_others(const struct wm_found *committed, struct wm_range range)
{
    uint32_t left = wm_home.piecewise_views;
    struct wm_found other;

    for (uintptr_t addr = 0; left > 1 && wm_space_from(wm_book(), addr, &other);
         addr = other.extent.start + 1) {
        if (!is_piecewise(&other.extent) || other.index == committed->index)
            continue;
        left--;
        if (!wm_home_is_claimed(other.index) && shows_the_same(&committed->extent, &other.extent))
            meet(&other, same_pages(&committed->extent, range, &other.extent), PIECES_AT_ONCE);
    }
}

void wm_piecewise_begin(uintptr_t start)
{
    struct wm_found found;

    wm_home.piecewise_views++;
    if (wm_space_at(wm_book(), start, &found))
        meet(&found, wm_extent_range(&found.extent), PIECES_AT_ONCE);
}

void wm_piecewise_end(const struct wm_extent *e)
{
    if (is_piecewise(e))
        wm_home.piecewise_views--;
}

/* --- the end of a file --- */

/* In pages. Somebody may have made the file longer than the section. */
static uint64_t reaches_to(const struct wm_section *section)
{
    const struct wm_backing *backing = &section->backing;
    uint64_t bytes = wm_backing_bytes(backing);
    struct wm_file_facts facts;

    if (wm_backing_is_ours(backing) && wm_kern_file_facts(backing->fd, &facts) == 0 && facts.bytes > bytes)
        bytes = facts.bytes;
    return wm_up(bytes, WM_PAGE) / WM_PAGE;
}

/* --- committing --- */

/* Of a section that has a name memory is taken by the file, so by its descriptor; a planted agent has none. */
static wm_status make_room(const struct wm_section *section, uint64_t page, uint64_t pages)
{
    const struct wm_backing *backing = &section->backing;
    wm_status st = wm_backing_check((enum wm_backing_kind)backing->kind, pages * WM_PAGE);

    if (!wm_ok(st) || backing->kind != WM_BACKING_NAMED || WM_IS_PLANTED)
        return st;
    if (!wm_backing_is_ours(backing))
        return WM_DESCRIPTOR_GONE;
    return wm_from_errno(WM_OP_NAMED, wm_named_take(backing->fd, page * WM_PAGE, pages * WM_PAGE));
}

static wm_status commit_new(struct wm_found *found, struct wm_range range, uint16_t protect)
{
    const struct wm_section *section = section_of(&found->extent);
    uint64_t first = page_at(&found->extent, range.start), end = page_at(&found->extent, range.end);
    wm_status st = wm_view_allows(found->extent.alloc_protect, protect) ? WM_OK : WM_VIEW_PROTECT;

    if (wm_ok(st)) /* what is refused takes no room */
        st = make_room(section, first, end - first);
    if (wm_ok(st))
        st = wm_view_protect(found, range, protect);
    if (!wm_ok(st))
        return st;
    wm_commits_set(&section->commits, first, end);
    meet_in_others(found, range);
    return WM_OK;
}

/* The disk may take its time: so without the lock. */
static wm_status extend(struct wm_found *found, uint64_t bytes)
{
    struct wm_section *section = wm_section_at(found->extent.section);
    wm_status st = WM_OK;

    WM_HOME_CLAIM(found, SIZE_MAX)
        st = wm_mappedfile_extend(&section->backing, section->protect, bytes);
    return st;
}

static wm_status commit_overhanging(struct wm_found *found, struct wm_range range, uint16_t protect)
{
    uint64_t end = page_at(&found->extent, range.end);
    wm_status st = wm_view_allows(found->extent.alloc_protect, protect) ? WM_OK : WM_VIEW_PROTECT;

    if (wm_ok(st) && end > reaches_to(section_of(&found->extent)))
        st = extend(found, end * WM_PAGE);
    return wm_ok(st) ? wm_view_protect(found, range, protect) : st;
}

wm_status wm_view_commit(struct wm_found *found, struct wm_range range, uint16_t protect)
{
    if (found->extent.traits & WM_TRAIT_OVERHANGING)
        return commit_overhanging(found, range, protect);
    if (found->extent.traits & WM_TRAIT_FILE)
        return WM_VIEW_COMMITTED;
    if (!is_piecewise(&found->extent) || wm_pages_committed(wm_book(), &found->extent, range))
        return wm_view_protect(found, range, protect);
    return commit_new(found, range, protect);
}

/* --- asking --- */

static void tell_overhanging(const struct wm_extent *e, struct wm_piece_req *req)
{
    uint64_t end = reaches_to(section_of(e));

    req->committed = page_at(e, req->at.start) < end;
    req->end = req->at.end;
    if (req->committed && page_at(e, req->at.end) > end)
        req->end = addr_of(e, end);
}

static void tell_piecewise(const struct wm_extent *e, struct wm_piece_req *req)
{
    struct wm_run run = wm_pages_in(wm_book(), e, req->at, req->at.start);

    req->committed = is_met(run.state) || cut_to_piece(e, &run);
    req->end = run.range.end;
}

wm_status wm_view_settle(struct wm_found *found, struct wm_range range)
{
    const struct wm_extent *e = &found->extent;

    if (is_piecewise(e))
        return wm_from_errno(WM_OP_PROTECT, meet(found, range, UINT32_MAX));
    return page_at(e, range.end) <= reaches_to(section_of(e)) ? WM_OK : WM_NOT_COMMITTED;
}

static bool find(struct wm_piece_req *req, struct wm_found *found)
{
    req->at.start = wm_down(req->at.start, WM_PAGE);
    req->end = req->at.end;
    req->committed = false;
    if (!wm_space_at(wm_book(), req->at.start, found) || !wm_extent_is_partial(&found->extent))
        return false;
    req->at = wm_range_cut(req->at, wm_extent_range(&found->extent));
    return req->at.start < req->at.end;
}

static void tell(const struct wm_found *found, struct wm_piece_req *req)
{
    if (is_piecewise(&found->extent))
        tell_piecewise(&found->extent, req);
    else
        tell_overhanging(&found->extent, req);
}

wm_status wm_op_piece(struct wm_piece_req *req)
{
    struct wm_found found;
    wm_status st;

    WM_AT_HOME(st)
        if (find(req, &found))
            tell(&found, req);
    return st;
}

/* A fault in the middle of a piece meets all of it. */
static struct wm_range widen(const struct wm_extent *e, struct wm_range range)
{
    struct wm_run run = wm_pages_at(wm_book(), e, range.start);
    const struct wm_commits *commits = &section_of(e)->commits;

    if (is_met(run.state) || !wm_commits_has(commits, page_at(e, range.start)))
        return range;
    range.start = addr_of(e, wm_commits_start(commits, page_at(e, range.start), page_at(e, run.range.start)));
    if (range.end < run.range.end)
        range.end = addr_of(e, wm_commits_end(commits, page_at(e, range.start), page_at(e, run.range.end)));
    return range;
}

wm_status wm_op_meet(struct wm_piece_req *req)
{
    struct wm_found found;
    wm_status st;

    WM_AT_HOME(st) {
        if (!find(req, &found))
            return st;
        tell(&found, req);
        if (is_piecewise(&found.extent) && !wm_home_is_claimed(found.index))
            meet(&found, widen(&found.extent, req->at), PIECES_AT_ONCE);
    }
    return st;
}
