/*
 * btree.c: the ordered map (btree.h).
 *
 * One writer, who holds his owner's lock, and readers at any time without one. A reader may meet a node in
 * the middle of a change. He must end, stay inside the pool, and may be wrong: his owner's sequence number
 * tells him afterwards. So every index is checked against the pool, counts are cut to what a node can hold,
 * and a descent ends after as many steps as a tree may be high. Writers need none of these checks, because
 * nobody else writes.
 *
 * A separator is a lower bound of what lies below it and need not be a key that is there: so removing an
 * entry changes a leaf and no separator. Nodes are split when they are full and merged when they are thin,
 * with a gap between the two, so that an entry that comes and goes does not split and merge each time.
 */
#include "base/btree.h"

#include <assert.h>

#include "base/atomic.h"
#include "base/btree_slot.h"

enum { HALF = WM_BNODE_SLOTS / 2, THIN = WM_BNODE_SLOTS / 4 };

/* Where a descent went: level 0 is the leaf. */
struct step {
    struct wm_bnode *node;
    uint32_t index;
    int at; /* the slot taken; -1 in a leaf whose keys are all greater */
};

static struct wm_bnode *node_at(const struct wm_btree *tree, uint32_t index)
{
    return wm_pool_at(tree->nodes, index);
}

/* A reader may meet any count while a writer moves things. */
static int node_count(const struct wm_bnode *node)
{
    uint32_t count = WM_LOAD(node->count);

    return count <= WM_BNODE_SLOTS ? (int)count : WM_BNODE_SLOTS;
}

/* The last slot whose key is at or below addr, or -1. */
static int node_search(const struct wm_bnode *node, uintptr_t addr)
{
    uint64_t most = wm_slot_of(addr, WM_BTREE_VALUE_MAX);
    int low = 0, high = node_count(node);

    while (low < high) {
        int middle = (low + high) / 2;

        if (WM_LOAD(node->slot[middle]) <= most)
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}

/* The key that follows slot `at` of a leaf, given the nearest greater separator on the way down. */
static uintptr_t key_after(const struct wm_bnode *leaf, int at, uintptr_t bound)
{
    return at + 1 < node_count(leaf) ? wm_slot_key(WM_LOAD(leaf->slot[at + 1])) : bound;
}

/*
 * A descent to the leaf that may hold an address.
 *
 * bound   the least separator above the path: no key of this leaf reaches it, the next leaf's do
 * left    the nearest subtree to the left of the path, and its height; 0 if there is none
 */
struct descent {
    struct wm_bnode *leaf;
    uintptr_t bound;
    uint32_t left;
    uint32_t left_height;
};

static bool descend(const struct wm_btree *tree, uintptr_t addr, struct descent *d)
{
    uint32_t index = WM_LOAD(tree->root), height = WM_LOAD(tree->height);

    *d = (struct descent){.bound = UINTPTR_MAX};
    if (index == 0 || height > WM_BTREE_DEPTH)
        return false;
    for (; wm_pool_has(tree->nodes, index); height--) {
        struct wm_bnode *node = node_at(tree, index);
        int at;

        d->leaf = node;
        if (height <= 1)
            return true;
        at = node_search(node, addr);
        if (at < 0)
            at = 0;
        if (at > 0) {
            d->left = wm_slot_value(WM_LOAD(node->slot[at - 1]));
            d->left_height = height - 1;
        }
        d->bound = key_after(node, at, d->bound);
        index = wm_slot_value(WM_LOAD(node->slot[at]));
    }
    return false;
}

/* The greatest entry of a subtree. */
static bool last_entry(const struct wm_btree *tree, uint32_t index, uint32_t height, uint64_t *slot)
{
    for (; index != 0 && height > 0 && wm_pool_has(tree->nodes, index); height--) {
        const struct wm_bnode *node = node_at(tree, index);
        int count = node_count(node);

        if (count == 0)
            return false;
        *slot = WM_LOAD(node->slot[count - 1]);
        if (height == 1)
            return true;
        index = wm_slot_value(*slot);
    }
    return false;
}

/* A separator is only a lower bound, so the next key is the first one of the leaf it leads to. */
bool wm_btree_next(const struct wm_btree *tree, uintptr_t addr, struct wm_span *out)
{
    struct descent d;

    for (int leaves = 0; leaves < 2 && descend(tree, addr, &d); leaves++) {
        int at = node_search(d.leaf, addr);

        if (at < 0 || wm_slot_key(WM_LOAD(d.leaf->slot[at])) != addr)
            at++;
        if (at < node_count(d.leaf)) {
            uint64_t slot = WM_LOAD(d.leaf->slot[at]);

            *out = (struct wm_span){wm_slot_key(slot), key_after(d.leaf, at, d.bound), wm_slot_value(slot)};
            return true;
        }
        if (d.bound == UINTPTR_MAX)
            return false;
        addr = d.bound;
    }
    return false;
}

/* The slot at or below addr. *at is its place in d->leaf, or -1 if it stands in a leaf to the left. */
static bool floor_slot(const struct wm_btree *tree, uintptr_t addr, struct descent *d, int *at,
                       uint64_t *slot)
{
    if (!descend(tree, addr, d))
        return false;
    *at = node_search(d->leaf, addr);
    if (*at < 0)
        return last_entry(tree, d->left, d->left_height, slot);
    *slot = WM_LOAD(d->leaf->slot[*at]);
    return true;
}

bool wm_btree_floor(const struct wm_btree *tree, uintptr_t addr, uint32_t *value)
{
    struct descent d;
    uint64_t slot;
    int at;

    if (!floor_slot(tree, addr, &d, &at, &slot))
        return false;
    *value = wm_slot_value(slot);
    return true;
}

bool wm_btree_find(const struct wm_btree *tree, uintptr_t addr, struct wm_span *out)
{
    struct descent d;
    struct wm_span next;
    uint64_t slot;
    int at;

    if (!floor_slot(tree, addr, &d, &at, &slot))
        return false;
    *out = (struct wm_span){wm_slot_key(slot), d.bound, wm_slot_value(slot)};
    if (at + 1 < node_count(d.leaf))
        out->end = wm_slot_key(WM_LOAD(d.leaf->slot[at + 1]));
    else if (d.bound != UINTPTR_MAX && wm_btree_next(tree, d.bound, &next))
        out->end = next.start;
    return true;
}

bool wm_btree_reserve(struct wm_btree *tree, uint32_t count)
{
    return wm_pool_reserve(tree->nodes, count * (tree->height + 2));
}

static void open_slot(struct wm_bnode *node, int at, uint64_t slot)
{
    for (int i = (int)node->count; i > at; i--)
        WM_STORE(node->slot[i], node->slot[i - 1]);
    WM_STORE(node->slot[at], slot);
    WM_STORE(node->count, node->count + 1);
}

static void close_slot(struct wm_bnode *node, int at)
{
    WM_STORE(node->count, node->count - 1);
    for (int i = at; i < (int)node->count; i++)
        WM_STORE(node->slot[i], node->slot[i + 1]);
}

/* Appends slots [from, count) of source to target and cuts them off source. */
static void move_slots(struct wm_bnode *target, struct wm_bnode *source, int from)
{
    for (int i = from; i < (int)source->count; i++)
        WM_STORE(target->slot[target->count + (uint32_t)(i - from)], source->slot[i]);
    WM_STORE(target->count, target->count + source->count - (uint32_t)from);
    WM_STORE(source->count, (uint32_t)from);
}

static uint32_t new_node(struct wm_btree *tree)
{
    uint32_t index = wm_pool_take(tree->nodes);

    WM_STORE(node_at(tree, index)->count, 0);
    return index;
}

/* An address below everything goes to the first subtree, whose key is lowered: it stays a lower bound. */
static void walk_down(const struct wm_btree *tree, uintptr_t addr, struct step *path)
{
    uint32_t index = tree->root;

    for (int level = (int)tree->height - 1; level >= 0; level--) {
        struct wm_bnode *node = node_at(tree, index);
        int at = node_search(node, addr);

        if (at < 0 && level > 0) {
            at = 0;
            WM_STORE(node->slot[0], wm_slot_of(addr, wm_slot_value(node->slot[0])));
        }
        path[level] = (struct step){node, index, at};
        if (level > 0)
            index = wm_slot_value(node->slot[at]);
    }
}

/*
 * Makes room in a full node by moving its upper part into a new right neighbour. Appending splits off
 * nothing but the new entry: ascending keys, which is how an arena fills, leave full nodes behind.
 */
static uint64_t split(struct wm_btree *tree, struct wm_bnode *node, int at, uint64_t slot)
{
    int from = at == WM_BNODE_SLOTS ? WM_BNODE_SLOTS : HALF + 1;
    uint32_t index = new_node(tree);
    struct wm_bnode *right = node_at(tree, index);

    move_slots(right, node, from);
    if (at >= from)
        open_slot(right, at - from, slot);
    else
        open_slot(node, at, slot);
    return wm_slot_of(wm_slot_key(right->slot[0]), index);
}

static void new_root(struct wm_btree *tree, uint64_t first, uint64_t second)
{
    uint32_t index = new_node(tree);

    open_slot(node_at(tree, index), 0, first);
    if (second != 0)
        open_slot(node_at(tree, index), 1, second);
    WM_STORE(tree->root, index);
    WM_STORE(tree->height, tree->height + 1);
    assert(tree->height <= WM_BTREE_DEPTH);
}

void wm_btree_put(struct wm_btree *tree, uintptr_t addr, uint32_t value)
{
    struct step path[WM_BTREE_DEPTH]; /* walk_down fills what is used */
    uint64_t slot = wm_slot_of(addr, value);

    if (tree->root == 0) {
        new_root(tree, slot, 0);
        return;
    }
    walk_down(tree, addr, path);
    if (path[0].at >= 0 && wm_slot_key(path[0].node->slot[path[0].at]) == addr) {
        WM_STORE(path[0].node->slot[path[0].at], slot);
        return;
    }
    for (uint32_t level = 0; level < tree->height; level++) {
        struct wm_bnode *node = path[level].node;

        if (node->count < WM_BNODE_SLOTS) {
            open_slot(node, path[level].at + 1, slot);
            return;
        }
        slot = split(tree, node, path[level].at + 1, slot);
    }
    new_root(tree, wm_slot_of(0, tree->root), slot);
}

/* Merges a thin node with a neighbour under the same parent. Returns the parent's slot that went, or -1. */
static int merge(struct wm_btree *tree, struct step child, struct step parent)
{
    int left = parent.at > 0 ? parent.at - 1 : 0;
    uint32_t right_index;
    struct wm_bnode *a, *b;

    if (child.node->count > THIN || parent.node->count < 2)
        return -1;
    right_index = wm_slot_value(parent.node->slot[left + 1]);
    a = node_at(tree, wm_slot_value(parent.node->slot[left]));
    b = node_at(tree, right_index);
    if (a->count + b->count > WM_BNODE_SLOTS - THIN)
        return -1;
    move_slots(a, b, 0);
    wm_pool_give(tree->nodes, right_index);
    return left + 1;
}

static void drop_thin_roots(struct wm_btree *tree)
{
    while (tree->root != 0) {
        uint32_t root = tree->root;
        struct wm_bnode *node = node_at(tree, root);

        if (node->count > 1 || (node->count == 1 && tree->height == 1))
            return;
        WM_STORE(tree->root, node->count == 0 ? 0 : wm_slot_value(node->slot[0]));
        WM_STORE(tree->height, node->count == 0 ? 0 : tree->height - 1);
        wm_pool_give(tree->nodes, root);
    }
}

bool wm_btree_remove(struct wm_btree *tree, uintptr_t addr)
{
    struct step path[WM_BTREE_DEPTH]; /* walk_down fills what is used */
    int gone;

    assert(tree->height <= WM_BTREE_DEPTH);
    if (tree->root == 0)
        return false;
    walk_down(tree, addr, path);
    if (path[0].at < 0 || wm_slot_key(path[0].node->slot[path[0].at]) != addr)
        return false;
    gone = path[0].at;
    for (uint32_t level = 0; gone >= 0; level++) {
        close_slot(path[level].node, gone);
        if (level + 1 >= tree->height)
            break;
        if (path[level].node->count == 0) {
            wm_pool_give(tree->nodes, path[level].index);
            gone = path[level + 1].at;
        } else {
            gone = merge(tree, path[level], path[level + 1]);
        }
    }
    drop_thin_roots(tree);
    return true;
}
