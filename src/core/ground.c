/*
 * ground.c: free ground, which is handed out and comes back.
 *
 * Neighbours of one ground are one extent, so what comes back joins them, and what is left when a piece is
 * handed out stays one or two. What grows or shrinks keeps its record, so that reserving and releasing in turn
 * touches few.
 */
#include <assert.h>

#include "core/bins.h"
#include "core/space.h"

static bool merges_with(const struct wm_extent *e, enum wm_ground ground)
{
    return e->kind == WM_FREE && e->ground == ground && e->state == 0;
}

/* A free extent keeps its record when it grows or shrinks, and mostly its bin. The map is not touched. */
static void resize_free(struct wm_space *space, struct wm_found found, struct wm_range range)
{
    struct wm_extent e = found.extent;

    e.start = range.start;
    e.bytes = wm_range_bytes(range);
    if (wm_bins_of(&e) == wm_bins_of(&found.extent)) {
        e.next = wm_space_get(space, found.index).next; /* may be newer than found's */
        e.previous = wm_space_get(space, found.index).previous;
        wm_space_set(space, found.index, &e);
        return;
    }
    wm_bins_unlink(space, found);
    wm_space_set(space, found.index, &e);
    wm_bins_link(space, found.index);
}

static void new_free(struct wm_space *space, struct wm_range range, enum wm_ground ground)
{
    struct wm_extent e = {
        .start = range.start, .bytes = wm_range_bytes(range), .kind = WM_FREE, .ground = ground & 15};

    wm_bins_link(space, wm_space_add(space, &e));
}

void wm_space_add_free(struct wm_space *space, struct wm_range range, enum wm_ground ground)
{
    struct wm_found left, right;
    bool joins_left, joins_right;

    if (wm_range_bytes(range) == 0)
        return;
    joins_left = wm_space_at(space, range.start - 1, &left) && merges_with(&left.extent, ground);
    joins_right = wm_space_at(space, range.end, &right) && merges_with(&right.extent, ground);
    if (joins_left)
        range.start = left.extent.start;
    if (joins_right)
        range.end = wm_extent_range(&right.extent).end;
    if (joins_left && joins_right)
        wm_space_forget(space, right);
    else if (joins_right)
        wm_btree_remove(&space->map, right.extent.start);
    if (joins_left) {
        resize_free(space, left, range);
    } else if (joins_right) {
        wm_btree_put(&space->map, range.start, right.index);
        resize_free(space, right, range);
    } else {
        new_free(space, range, ground);
    }
}

/* What is free behind an extent up to the next granule cannot be reserved: it stays with it. */
static struct wm_range slack_of(struct wm_range used, struct wm_range ground)
{
    return wm_range_cut((struct wm_range){used.end, wm_up(used.end, WM_GRANULE)}, ground);
}

/* A free extent that stays as one part of what it was keeps its record. */
static void shrink_free(struct wm_space *space, struct wm_found from, struct wm_range rest)
{
    if (rest.start != from.extent.start)
        wm_btree_put(&space->map, rest.start, from.index);
    resize_free(space, from, rest);
}

uint32_t wm_space_carve(struct wm_space *space, struct wm_found from, struct wm_extent e)
{
    struct wm_range whole = wm_extent_range(&from.extent), used = wm_extent_range(&e);
    struct wm_range slack = slack_of(used, whole);
    struct wm_range head = {whole.start, used.start}, tail = {slack.end, whole.end};

    assert(from.extent.kind == WM_FREE && wm_range_holds(whole, used));
    e.ground = from.extent.ground == WM_GROUND_WARM ? WM_GROUND_OPEN : from.extent.ground;
    e.slack = wm_range_bytes(slack) / WM_PAGE & 15;
    if (wm_range_bytes(head) == 0 && wm_range_bytes(tail) == 0)
        wm_space_forget(space, from);
    else if (wm_range_bytes(head) == 0)
        shrink_free(space, from, tail);
    else
        shrink_free(space, from, head);
    if (wm_range_bytes(head) != 0)
        wm_space_add_free(space, tail, from.extent.ground);
    return wm_space_add(space, &e);
}
