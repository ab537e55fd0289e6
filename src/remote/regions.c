/*
 * regions.c: what lies at an address, in whichever process (regions.h).
 *
 * For the calling process these are vm's operations. For another one the same code of vm answers, with the
 * other's book and the other's mappings behind its questions (vm/book/whose.h): so there is one set of rules,
 * and no agent is asked, no thread stopped, and nothing is changed there. The process object is locked for
 * one question at a time.
 *
 * But for views whose section says what is committed: its commit map can be read there only, so the process is asked, and
 * its view meets by that what it has not met yet.
 */
#include "remote/regions.h"

#include "remote/peek.h"
#include "remote/target.h"
#include "vm/book/home.h"

#define EVERY_RIGHT UINT32_MAX

static wm_status begin(const struct wm_target *target, uintptr_t addr, bool all, struct wm_asking *asking)
{
    wm_status st = wm_home_ready();

    if (!wm_ok(st))
        return st;
    if (!wm_lock_take(&target->other->lock))
        return WM_REENTERED;
    st = wm_peek_begin(target->other, addr, all, asking);
    if (!wm_ok(st))
        wm_lock_drop(&target->other->lock);
    return st;
}

/* Files of a process that we may not look into cannot be opened: that is no lack of descriptors. */
static wm_status end(const struct wm_target *target, wm_status st)
{
    wm_status allowed;

    wm_lock_drop(&target->other->lock);
    if (st != WM_NO_PROC)
        return st;
    allowed = wm_target_admits(target, EVERY_RIGHT);
    return wm_ok(allowed) ? st : allowed;
}

static wm_status query_book(const struct wm_target *target, uintptr_t addr, struct wm_region *out)
{
    struct wm_asking asking;
    wm_status st = begin(target, addr, false, &asking);

    if (!wm_ok(st))
        return st;
    st = wm_op_query_of(&asking.whose, addr, out);
    wm_peek_end(&asking, wm_ok(st) ? out->range.end : 0);
    return end(target, st);
}

static bool is_of_file(const struct wm_region *region)
{
    return (region->traits & WM_TRAIT_FILE) != 0;
}

/*
 * What the process answered is true also where it could not make it so. Of a file's view the book says nothing of what is
 * there; of others it knows better where the region ends, if it knew of its beginning.
 */
static void apply(const struct wm_piece_req *piece, struct wm_region *out)
{
    bool known = piece->committed == (out->state == WM_REGION_COMMITTED);

    if (piece->end <= out->range.start || (known && !is_of_file(out)))
        return;
    out->range.end = piece->end < out->range.end ? piece->end : out->range.end;
    out->state = piece->committed ? WM_REGION_COMMITTED : WM_REGION_RESERVED;
    if (!known)
        out->protect = piece->committed ? out->alloc_protect : 0;
}

/*
 * A view whose section says what is committed. The process itself is asked, and meets what it has not met yet, so that its
 * book is as good as its section's; one that does not answer is told by its book.
 */
static wm_status query_partial(const struct wm_target *target, uintptr_t addr, struct wm_region *out)
{
    struct wm_piece_req piece = {.at = {wm_down(addr, WM_PAGE), out->allocation.end}};
    wm_status st;

    if (!wm_ok(wm_in_meet(target, &piece)))
        return WM_OK;
    st = query_book(target, addr, out);
    if (wm_ok(st) && out->partial)
        apply(&piece, out);
    return st;
}

/* All of a view that is committed by the book is so for ever, and of a file's the book does not know. */
static bool may_be_otherwise(const struct wm_region *region)
{
    return region->partial && (is_of_file(region) || region->state == WM_REGION_RESERVED ||
                               region->range.end < region->allocation.end);
}

wm_status wm_remote_query(const struct wm_target *target, uintptr_t addr, struct wm_region *out)
{
    wm_status st;

    if (wm_target_is_self(target))
        return wm_op_query(addr, out);
    st = query_book(target, addr, out);
    return wm_ok(st) && may_be_otherwise(out) ? query_partial(target, addr, out) : st;
}

wm_status wm_remote_committed(const struct wm_target *target, const struct wm_region *region, size_t *out)
{
    struct wm_asking asking;
    wm_status st;

    if (wm_target_is_self(target))
        return wm_op_committed(region, out);
    st = begin(target, region->allocation.start, true, &asking);
    if (!wm_ok(st))
        return st;
    return end(target, wm_op_committed_of(&asking.whose, region, out));
}

wm_status wm_remote_mapped_name(const struct wm_target *target, uintptr_t addr, char *name, size_t bytes)
{
    struct wm_asking asking;
    wm_status st;

    if (wm_target_is_self(target))
        return wm_op_mapped_name(addr, name, bytes);
    st = begin(target, addr, false, &asking);
    if (!wm_ok(st))
        return st;
    return end(target, wm_op_mapped_name_of(&asking.whose, addr, name, bytes));
}
