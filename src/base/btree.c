#include "base/btree.h"

#include <assert.h>

#include "base/atomic.h"

enum { VALUE_BITS = 29, PAGE_BITS = 12, HALF = WM_BNODE_SLOTS / 2, THIN = WM_BNODE_SLOTS / 4 };

/* Where a descent went: level 0 is the leaf. */
struct step {
    struct wm_bnode *node;
    uint32_t index;
    int at; /* the slot taken; -1 in a leaf whose keys are all greater */
};

static uint64_t pack(uintptr_t addr, uint32_t value)
{
    return (uint64_t)(addr >> PAGE_BITS) << VALUE_BITS | value;
}

static uintptr_t key_of(uint64_t slot)
{
    return (uintptr_t)(slot >> VALUE_BITS) << PAGE_BITS;
}

static uint32_t value_of(uint64_t slot)
{
    return (uint32_t)(slot & WM_BTREE_VALUE_MAX);
}

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
    uint64_t most = pack(addr, WM_BTREE_VALUE_MAX);
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
    return at + 1 < node_count(leaf) ? key_of(WM_LOAD(leaf->slot[at + 1])) : bound;
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
            d->left = value_of(WM_LOAD(node->slot[at - 1]));
            d->left_height = height - 1;
        }
        d->bound = key_after(node, at, d->bound);
        index = value_of(WM_LOAD(node->slot[at]));
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
        index = value_of(*slot);
    }
    return false;
}

/* A separator is only a lower bound, so the next key is the first one of the leaf it leads to. */
bool wm_btree_next(const struct wm_btree *tree, uintptr_t addr, struct wm_span *out)
{
    struct descent d;

    for (int leaves = 0; leaves < 2 && descend(tree, addr, &d); leaves++) {
        int at = node_search(d.leaf, addr);

        if (at < 0 || key_of(WM_LOAD(d.leaf->slot[at])) != addr)
            at++;
        if (at < node_count(d.leaf)) {
            uint64_t slot = WM_LOAD(d.leaf->slot[at]);

            *out = (struct wm_span){key_of(slot), key_after(d.leaf, at, d.bound), value_of(slot)};
            return true;
        }
        if (d.bound == UINTPTR_MAX)
            return false;
        addr = d.bound;
    }
    return false;
}

bool wm_btree_find(const struct wm_btree *tree, uintptr_t addr, struct wm_span *out)
{
    struct descent d;
    struct wm_span next;
    uint64_t slot;
    int at;

    if (!descend(tree, addr, &d))
        return false;
    at = node_search(d.leaf, addr);
    if (at >= 0)
        slot = WM_LOAD(d.leaf->slot[at]);
    else if (!last_entry(tree, d.left, d.left_height, &slot))
        return false;
    *out = (struct wm_span){key_of(slot), d.bound, value_of(slot)};
    if (at + 1 < node_count(d.leaf))
        out->end = key_of(WM_LOAD(d.leaf->slot[at + 1]));
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

static void walk_down(const struct wm_btree *tree, uintptr_t addr, struct step *path)
{
    uint32_t index = tree->root;

    for (int level = (int)tree->height - 1; level >= 0; level--) {
        struct wm_bnode *node = node_at(tree, index);
        int at = node_search(node, addr);

        if (at < 0 && level > 0)
            at = 0;
        path[level] = (struct step){node, index, at};
        if (level > 0)
            index = value_of(node->slot[at]);
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
    return pack(key_of(right->slot[0]), index);
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
    struct step path[WM_BTREE_DEPTH] = {0};
    uint64_t slot = pack(addr, value);

    if (tree->root == 0) {
        new_root(tree, slot, 0);
        return;
    }
    walk_down(tree, addr, path);
    if (path[0].at >= 0 && key_of(path[0].node->slot[path[0].at]) == addr) {
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
    new_root(tree, pack(0, tree->root), slot);
}

/*
 * Merges a thin node with a neighbour under the same parent. Returns the parent's slot that went.
 * The first key of an inner node may be stale; between others it must be its true lower bound.
 */
static int merge(struct wm_btree *tree, struct step child, struct step parent, bool inner)
{
    int left = parent.at > 0 ? parent.at - 1 : 0;
    uint32_t right_index;
    struct wm_bnode *a, *b;

    if (child.node->count > THIN || parent.node->count < 2)
        return -1;
    right_index = value_of(parent.node->slot[left + 1]);
    a = node_at(tree, value_of(parent.node->slot[left]));
    b = node_at(tree, right_index);
    if (a->count + b->count > WM_BNODE_SLOTS - THIN)
        return -1;
    if (inner)
        WM_STORE(b->slot[0], pack(key_of(parent.node->slot[left + 1]), value_of(b->slot[0])));
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
        WM_STORE(tree->root, node->count == 0 ? 0 : value_of(node->slot[0]));
        WM_STORE(tree->height, node->count == 0 ? 0 : tree->height - 1);
        wm_pool_give(tree->nodes, root);
    }
}

bool wm_btree_remove(struct wm_btree *tree, uintptr_t addr)
{
    struct step path[WM_BTREE_DEPTH] = {0};
    int gone;

    if (tree->root == 0)
        return false;
    walk_down(tree, addr, path);
    if (path[0].at < 0 || key_of(path[0].node->slot[path[0].at]) != addr)
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
            gone = merge(tree, path[level], path[level + 1], level > 0);
        }
    }
    drop_thin_roots(tree);
    return true;
}

static size_t check_node(const struct wm_btree *tree, uint32_t index, uint32_t height, uintptr_t low,
                         uintptr_t high)
{
    const struct wm_bnode *node = node_at(tree, index);
    size_t entries = 0;

    assert(node->count > 0 && node->count <= WM_BNODE_SLOTS);
    for (uint32_t i = 0; i < node->count; i++) {
        uintptr_t key = key_of(node->slot[i]);
        uintptr_t next = i + 1 < node->count ? key_of(node->slot[i + 1]) : high;

        assert(key < next);
        assert(key >= low || (height > 1 && i == 0));
        if (height == 1)
            entries++;
        else
            entries += check_node(tree, value_of(node->slot[i]), height - 1, i == 0 ? low : key, next);
    }
    return entries;
}

size_t wm_btree_check(const struct wm_btree *tree)
{
    assert((tree->root == 0) == (tree->height == 0));
    return tree->root == 0 ? 0 : check_node(tree, tree->root, tree->height, 0, UINTPTR_MAX);
}
