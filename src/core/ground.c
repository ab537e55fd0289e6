/*
 * ground.c: free ground, which is handed out and comes back.
 *
 * Neighbours of one ground are one extent, so what comes back joins them, and what is left when a piece is
 * handed out stays one or two. What grows or shrinks keeps its record, so that reserving and releasing in turn
 * touches few.
 */
#include <assert.h>

#include "core/bins.h"
#include "core/hints.h"
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

static struct wm_extent free_extent(struct wm_range range, enum wm_ground ground)
{
    return (struct wm_extent){
        .start = range.start, .bytes = wm_range_bytes(range), .kind = WM_FREE, .ground = ground & 15};
}

static void new_free(struct wm_space *space, struct wm_range range, enum wm_ground ground)
{
    struct wm_extent e = free_extent(range, ground);

    wm_bins_link(space, wm_space_add(space, &e));
}

/* Free ground on both sides of a range that is to be free as well. */
struct beside {
    struct wm_found left, right;
    bool joins_left, joins_right;
};

static struct beside look_beside(const struct wm_space *space, struct wm_range range, enum wm_ground ground)
{
    struct beside b;

    b.joins_left = wm_space_at(space, range.start - 1, &b.left) && merges_with(&b.left.extent, ground);
    b.joins_right = wm_space_at(space, range.end, &b.right) && merges_with(&b.right.extent, ground);
    return b;
}

/* The book knows nothing of the range. */
static void add_beside(struct wm_space *space, struct wm_range range, enum wm_ground ground,
                       const struct beside *b)
{
    if (b->joins_left)
        range.start = b->left.extent.start;
    if (b->joins_right)
        range.end = wm_extent_range(&b->right.extent).end;
    if (b->joins_left && b->joins_right)
        wm_space_forget(space, b->right);
    else if (b->joins_right)
        wm_btree_remove(&space->map, b->right.extent.start);
    if (b->joins_left) {
        resize_free(space, b->left, range);
    } else if (b->joins_right) {
        wm_btree_put(&space->map, range.start, b->right.index);
        resize_free(space, b->right, range);
    } else {
        new_free(space, range, ground);
    }
}

void wm_space_add_free(struct wm_space *space, struct wm_range range, enum wm_ground ground)
{
    struct beside b;

    if (wm_range_bytes(range) == 0)
        return;
    b = look_beside(space, range, ground);
    add_beside(space, range, ground, &b);
}

/*
 * Where nothing free lies beside it, the record and the entry of the map stay, and change their meaning; beside what is free
 * behind it the entry stays, and leads to that one's record.
 */
void wm_space_free(struct wm_space *space, struct wm_found found, enum wm_ground ground)
{
    struct wm_range range = wm_extent_ground(&found.extent);
    struct beside b = look_beside(space, range, ground);
    struct wm_extent e = free_extent(range, ground);

    wm_space_untie(space, found);
    if (!b.joins_left && !b.joins_right) {
        wm_space_set(space, found.index, &e);
        wm_bins_link(space, found.index);
        return;
    }
    if (b.joins_left)
        wm_btree_remove(&space->map, range.start);
    wm_space_give(space, found.index);
    add_beside(space, range, ground, &b);
}

/* What is free behind an extent up to the next granule cannot be reserved: it stays with it. */
static struct wm_range slack_of(struct wm_range used, struct wm_range ground)
{
    return wm_range_cut((struct wm_range){used.end, wm_up(used.end, WM_GRANULE)}, ground);
}

/* A free extent that stays as one part of what it was keeps its record. */
static void shrink_free(struct wm_space *space, struct wm_found from, struct wm_range rest)
{
    if (rest.start != from.extent.start) {
        wm_btree_put(&space->map, rest.start, from.index);
        wm_hints_note(space, rest.start, from.index);
    }
    resize_free(space, from, rest);
}

/* Nothing of it is left: the record and the entry of the map stay, and change their meaning. */
static uint32_t take_whole(struct wm_space *space, struct wm_found from, const struct wm_extent *e)
{
    wm_space_untie(space, from);
    wm_space_set(space, from.index, e);
    return from.index;
}

uint32_t wm_space_carve(struct wm_space *space, struct wm_found from, struct wm_extent e)
{
    struct wm_range whole = wm_extent_range(&from.extent), used = wm_extent_range(&e);
    struct wm_range slack = slack_of(used, whole);
    struct wm_range head = {whole.start, used.start}, tail = {slack.end, whole.end};

    assert(from.extent.kind == WM_FREE && wm_range_holds(whole, used));
    e.ground = wm_ground_is_kept(from.extent.ground) ? WM_GROUND_OPEN : from.extent.ground;
    e.slack = wm_range_bytes(slack) / WM_PAGE & 15;
    if (wm_range_bytes(head) == 0 && wm_range_bytes(tail) == 0)
        return take_whole(space, from, &e);
    if (wm_range_bytes(head) == 0)
        shrink_free(space, from, tail);
    else
        shrink_free(space, from, head);
    if (wm_range_bytes(head) != 0)
        wm_space_add_free(space, tail, from.extent.ground);
    return wm_space_add(space, &e);
}
