/*
 * arena.c: the ground that reservations are carved from.
 *
 * What the kernel has given us, or said to be free, becomes free extents here. Between that and the book's
 * hearing of it lies the danger of this file: the kernel hands out addresses as soon as they are unmapped,
 * and whoever unmapped them writes that down a moment later. So what the book says of such a stretch may be
 *
 *   an extent that a thread has just unmapped and still has a claim on: it is waited for (wm_arena_settle)
 *   OPEN ground, which nobody but the book knows of, or the slack in it: it is cut back (wm_arena_close)
 *
 * and nothing else. HELD ground is mapped, so the kernel gives it to nobody, and it never overlaps.
 */
#include "vm/ground/arena.h"

#include <errno.h>

#include "kern/map/mapping.h"
#include "kern/pages/pagestate.h"
#include "vm/book/home.h"
#include "vm/errno_status.h"

/*
 * An arena holds a million small reservations. Its addresses cost nothing until they are used, but
 * RLIMIT_AS counts them (pinned: map.address_limit_counts_reservations).
 */
#define ARENA_BYTES ((size_t)1 << 36)

/*
 * A range with more seams than this is made of scraps of arenas: it is refused, as an address that is
 * taken.
 */
enum { SEAMS = 16, RECORDS = WM_ARENA_RECORDS };

/* Slack in open ground is free for the kernel, although no reservation of ours can begin there. */
static bool is_open_slack(const struct wm_extent *e, uintptr_t addr)
{
    return e->ground == WM_GROUND_OPEN && addr >= wm_extent_range(e).end;
}

bool wm_arena_settle(struct wm_range r)
{
    struct wm_found stale;

    while (wm_space_first_in(wm_book(), r, true, &stale)) {
        if (wm_home_is_claimed(stale.index)) {
            if (!wm_home_await())
                return false;
        } else if (is_open_slack(&stale.extent, r.start)) {
            r.start = wm_extent_ground(&stale.extent).end;
        } else {
            return false;
        }
    }
    return true;
}

static void cut_slack(struct wm_found found, uintptr_t end)
{
    found.extent.slack = (end - wm_extent_range(&found.extent).end) / WM_PAGE & 15;
    wm_space_set(wm_book(), found.index, &found.extent);
}

/* Only the part in r is lost; what is left on both sides is still open. */
static void cut_free(struct wm_found found, struct wm_range r)
{
    struct wm_range all = wm_extent_range(&found.extent);

    wm_space_forget(wm_book(), found);
    wm_space_add_free(wm_book(), (struct wm_range){all.start, r.start > all.start ? r.start : all.start},
                      WM_GROUND_OPEN);
    wm_space_add_free(wm_book(), (struct wm_range){r.end < all.end ? r.end : all.end, all.end},
                      WM_GROUND_OPEN);
}

void wm_arena_close(struct wm_range r)
{
    struct wm_found found;

    for (uintptr_t addr = r.start; addr < r.end; addr = wm_extent_ground(&found.extent).end) {
        if (!wm_space_first_in(wm_book(), (struct wm_range){addr, r.end}, false, &found))
            return;
        if (found.extent.kind != WM_FREE && is_open_slack(&found.extent, r.start))
            cut_slack(found, r.start);
        else if (found.extent.kind == WM_FREE && found.extent.ground == WM_GROUND_OPEN)
            cut_free(found, r);
    }
}

int wm_arena_add(struct wm_range r, enum wm_ground ground)
{
    if (!wm_arena_settle(r) || !wm_space_ready(wm_book(), RECORDS, 0)) {
        if (ground == WM_GROUND_HELD)
            wm_kern_unmap(r);
        return -EDEADLK;
    }
    WM_SPACE_CHANGES(wm_book()) {
        wm_arena_close(r); /* open ground is free for the kernel as well */
        wm_space_add_free(wm_book(), r, ground);
    }
    return 0;
}

/* Else what is committed in it page by page would stay in pieces, and no stretch could become one mapping (vm/pages/dense.h). */
static int keep_joinable(struct wm_range r)
{
    int error = wm_kern_keep_joinable(r);

    if (error != 0)
        wm_kern_unmap(r);
    return error;
}

/*
 * Open ground was mapped once and is unmapped again: so the kernel said that it is free and, under a
 * sanitizer, that programs may use it. Nobody else is kept from it; WM_AT_FREE finds out. Where not even
 * unmapping works (vm.max_map_count), what was mapped is held.
 */
static int map_arena(size_t bytes, enum wm_ground ground)
{
    struct wm_range r;
    int error = wm_kern_reserve(bytes, &r.start), added;

    if (error != 0)
        return error;
    r.end = r.start + bytes;
    if (ground == WM_GROUND_OPEN)
        error = wm_kern_unmap(r);
    else
        error = keep_joinable(r);
    if (error != 0 && ground == WM_GROUND_HELD)
        return error;
    added = wm_arena_add(r, error == 0 ? ground : WM_GROUND_HELD);
    return error != 0 ? error : added;
}

/* Where addresses are short (RLIMIT_AS) a smaller arena must do; a granule more, as starts are unaligned. */
static wm_status new_arena(enum wm_ground ground, size_t need)
{
    int error = -ENOMEM;

    if (!wm_space_ready(wm_book(), RECORDS, 0))
        return WM_BOOK_MEMORY;
    for (size_t bytes = ARENA_BYTES; error != 0 && bytes >= need + WM_GRANULE; bytes /= 2)
        error = map_arena(bytes, ground);
    return wm_from_errno(WM_OP_RESERVE, error);
}

/* Asked twice, because a new arena uses up records that the caller is going to need. */
wm_status wm_arena_room(enum wm_ground ground, size_t bytes, struct wm_found *out)
{
    wm_status st = WM_OK;

    if (!wm_space_ready(wm_book(), RECORDS, 0))
        return WM_BOOK_MEMORY;
    if (wm_space_pick(wm_book(), ground, bytes, out))
        return WM_OK;
    st = new_arena(ground, bytes);
    if (wm_ok(st) && !(wm_space_ready(wm_book(), RECORDS, 0) && wm_space_pick(wm_book(), ground, bytes, out)))
        st = WM_BOOK_MEMORY;
    return st;
}

void wm_arena_lose(struct wm_found found)
{
    struct wm_range lost = wm_extent_ground(&found.extent);
    struct wm_vma vma;

    /* their whole mapping, so that the next attempt does not meet it again a granule further on */
    if (wm_kern_vma(lost.start, &vma) == 0 && vma.range.end > lost.end)
        lost.end = vma.range.end;
    WM_SPACE_CHANGES(wm_book()) {
        wm_space_forget(wm_book(), found);
        wm_arena_close(lost);
    }
}

/* The part of r from addr on that is not held by an arena; empty if all of it is. */
static struct wm_range next_seam(struct wm_range r, uintptr_t addr)
{
    struct wm_found found;

    while (addr < r.end && wm_space_at(wm_book(), addr, &found) && found.extent.ground == WM_GROUND_HELD)
        addr = wm_extent_ground(&found.extent).end;
    if (addr >= r.end)
        return (struct wm_range){r.end, r.end};
    r.start = addr;
    for (; wm_space_from(wm_book(), addr + WM_PAGE, &found) && found.extent.start < r.end;
         addr = found.extent.start)
        if (found.extent.ground == WM_GROUND_HELD) {
            r.end = found.extent.start;
            break;
        }
    return r;
}

/*
 * All seams are mapped before the book hears of one, and unmapped again if one of them cannot be had: in
 * between they are mappings that nobody knows of, and nobody can meet them but by asking the kernel.
 */
wm_status wm_arena_extend(struct wm_range r)
{
    struct wm_range seams[SEAMS], seam = next_seam(r, r.start);
    int count = 0, error = 0;

    for (; wm_range_bytes(seam) != 0 && count < SEAMS && error == 0; seam = next_seam(r, seam.end)) {
        error = wm_kern_map(seam, WM_ACCESS_NONE, WM_AT_FREE);
        seams[count] = seam;
        count += error == 0;
    }
    if (error == 0 && wm_range_bytes(seam) != 0)
        error = -EEXIST;
    if (error == 0 && !wm_space_ready(wm_book(), (uint32_t)count * 3 + RECORDS, 0))
        error = -ENOMEM;
    for (int i = 0; i < count && error != 0; i++)
        wm_kern_unmap(seams[i]);
    if (error != 0)
        return wm_from_errno(WM_OP_RESERVE, error);
    WM_SPACE_CHANGES(wm_book())
        for (int i = 0; i < count; i++) {
            wm_arena_close(seams[i]);
            wm_space_add_free(wm_book(), seams[i], WM_GROUND_HELD);
        }
    return WM_OK;
}
