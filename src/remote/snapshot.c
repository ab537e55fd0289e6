/*
 * snapshot.c: a copy of another process's book, checked once and then asked (snapshot.h).
 *
 * Checking walks both trees from their roots and puts their entries in rows. A tree that lies may have
 * cycles, shared nodes, wrong depths: the keys must ascend through the whole row, so no node is met twice;
 * the depth and the number of nodes are bounded, so the walk ends. What passes can be searched by halving,
 * and no index in it leads outside.
 *
 * Whether the extents are true nobody can tell. They lie in the address space, do not overlap, and have
 * states that exist: that is all that answers need in order to be answers.
 */
#include "remote/snapshot.h"

#include "base/btree_slot.h"

#define HIGHEST ((uintptr_t)1 << WM_ADDRESS_BITS)

/* --- checking --- */

static bool believes_state(uint16_t state)
{
    return (state & WM_PAGE_PROTECT & ((state & WM_PAGE_PROTECT) - 1)) == 0;
}

bool wm_snapshot_believes(const struct wm_extent *e)
{
    return e->start % WM_PAGE == 0 && e->bytes % WM_PAGE == 0 && e->bytes != 0 && e->start < HIGHEST &&
           e->bytes + wm_extent_slack(e) <= HIGHEST - e->start && e->bytes <= HIGHEST && e->kind <= WM_VIEW &&
           e->ground <= WM_GROUND_OWN && believes_state(e->state) && believes_state(e->alloc_protect);
}

struct row {
    const struct wm_snapshot *from;
    uint64_t *to;
    size_t count, most;
    uint32_t nodes; /* that may still be met */
};

static bool add_leaf(struct row *row, const struct wm_bnode *leaf)
{
    for (uint32_t i = 0; i < leaf->count; i++) {
        uint64_t slot = leaf->slot[i];

        if (row->count == row->most)
            return false;
        if (row->count > 0 && wm_slot_key(slot) <= wm_slot_key(row->to[row->count - 1]))
            return false;
        row->to[row->count++] = slot;
    }
    return true;
}

/* Not deeper than WM_BTREE_DEPTH. */
static bool add_node(struct row *row, uint32_t index, uint32_t height)
{
    const struct wm_bnode *node;

    if (index == 0 || index >= row->from->node_count || row->nodes == 0)
        return false;
    row->nodes--;
    node = &row->from->nodes[index];
    if (node->count == 0 || node->count > WM_BNODE_SLOTS)
        return false;
    if (height == 1)
        return add_leaf(row, node);
    for (uint32_t i = 0; i < node->count; i++)
        if (!add_node(row, wm_slot_value(node->slot[i]), height - 1))
            return false;
    return true;
}

static bool put_in_row(struct row *row, const struct wm_btree *tree)
{
    if (tree->root == 0)
        return true;
    return tree->height > 0 && tree->height <= WM_BTREE_DEPTH && add_node(row, tree->root, tree->height);
}

/* The last entry at or below addr; count if there is none. */
static size_t floor_of(const uint64_t *slots, size_t count, uintptr_t addr)
{
    uint64_t most = wm_slot_of(addr, WM_BTREE_VALUE_MAX);
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (slots[middle] <= most)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? count : low - 1;
}

static struct wm_extent extent_at(const struct wm_snapshot *s, size_t at)
{
    return wm_extent_load(&s->cells[wm_slot_value(s->map[at])]);
}

static bool has_runs(const struct wm_snapshot *s, const struct wm_extent *e)
{
    size_t at = floor_of(s->runs, s->run_count, e->start);

    return (e->flags & WM_EXTENT_MIXED) == 0 || (at < s->run_count && wm_slot_key(s->runs[at]) == e->start);
}

static bool believes_extents(const struct wm_snapshot *s)
{
    uintptr_t behind = 0;

    for (size_t i = 0; i < s->map_count; i++) {
        uint32_t index = wm_slot_value(s->map[i]);
        struct wm_extent e;

        if (index == 0 || index >= s->cell_count)
            return false;
        e = extent_at(s, i);
        if (!wm_snapshot_believes(&e) || e.start != wm_slot_key(s->map[i]) || e.start < behind ||
            !has_runs(s, &e))
            return false;
        behind = wm_extent_ground(&e).end;
    }
    return true;
}

static bool believes_runs(const struct wm_snapshot *s)
{
    for (size_t i = 0; i < s->run_count; i++)
        if (!believes_state((uint16_t)wm_slot_value(s->runs[i])))
            return false;
    return true;
}

bool wm_snapshot_check(struct wm_snapshot *s, const struct wm_space *head)
{
    struct row map = {.from = s, .to = s->map, .most = wm_snapshot_extents(s), .nodes = s->node_count};
    struct row runs = {.from = s, .to = s->runs, .most = wm_snapshot_runs(s)};
    bool whole = put_in_row(&map, &head->map);

    runs.nodes = map.nodes;
    whole = whole && put_in_row(&runs, &head->runs);
    s->map_count = map.count;
    s->run_count = runs.count;
    s->near = 0;
    return whole && believes_runs(s) && believes_extents(s);
}

/* --- answering --- */

/* Whoever walks upwards asks for the entry found last, or for the next one. */
static size_t find_extent(struct wm_snapshot *s, uintptr_t addr)
{
    for (size_t at = s->near; at < s->map_count && at <= s->near + 1; at++)
        if (wm_slot_key(s->map[at]) <= addr && (at + 1 == s->map_count || addr < wm_slot_key(s->map[at + 1])))
            return at;
    return floor_of(s->map, s->map_count, addr);
}

static void find_run(const struct wm_snapshot *s, uintptr_t addr, struct wm_peek *out)
{
    struct wm_range all = wm_extent_range(&out->extent);
    size_t at;

    out->run = all;
    out->same = all.end;
    out->state = out->extent.state;
    if ((out->extent.flags & WM_EXTENT_MIXED) == 0)
        return;
    at = floor_of(s->runs, s->run_count, addr); /* there is one at the extent's start at least */
    out->run.start = wm_slot_key(s->runs[at]);
    out->state = (uint16_t)wm_slot_value(s->runs[at]);
    if (at + 1 < s->run_count && wm_slot_key(s->runs[at + 1]) < all.end)
        out->same = wm_slot_key(s->runs[at + 1]);
    while (++at < s->run_count && wm_slot_key(s->runs[at]) < all.end)
        if ((wm_slot_value(s->runs[at]) ^ out->state) & WM_PAGE_VISIBLE) {
            out->run.end = wm_slot_key(s->runs[at]);
            return;
        }
}

void wm_snapshot_peek(struct wm_snapshot *s, uintptr_t addr, struct wm_peek *out)
{
    size_t at = addr < HIGHEST ? find_extent(s, addr) : s->map_count;

    *out = (struct wm_peek){.above = UINTPTR_MAX};
    if (addr >= HIGHEST)
        return;
    if (at == s->map_count) {
        out->above = s->map_count == 0 ? UINTPTR_MAX : wm_slot_key(s->map[0]);
        return;
    }
    s->near = at;
    out->extent = extent_at(s, at);
    out->below = wm_extent_ground(&out->extent).end;
    out->found = addr < out->below;
    if (at + 1 < s->map_count)
        out->above = wm_slot_key(s->map[at + 1]);
    if (addr < wm_extent_range(&out->extent).end)
        find_run(s, addr, out);
}
