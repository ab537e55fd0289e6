/*
 * btree_check.c: asserts what btree.h says is always true of a tree: keys ascend within a node and between
 * nodes, all leaves are equally deep, no node is empty. Tests call it, and check.c; no reader can, since a
 * writer may be at work.
 */
#undef NDEBUG
#include <assert.h>

#include "base/btree.h"
#include "base/btree_slot.h"

static size_t check_node(const struct wm_btree *tree, uint32_t index, uint32_t height, uintptr_t low,
                         uintptr_t high)
{
    const struct wm_bnode *node = wm_pool_at(tree->nodes, index);
    size_t entries = 0;

    assert(node->count > 0 && node->count <= WM_BNODE_SLOTS);
    for (uint32_t i = 0; i < node->count; i++) {
        uintptr_t key = wm_slot_key(node->slot[i]);
        uintptr_t next = i + 1 < node->count ? wm_slot_key(node->slot[i + 1]) : high;

        assert(key < next);
        assert(key >= low);
        if (height == 1)
            entries++;
        else
            entries += check_node(tree, wm_slot_value(node->slot[i]), height - 1, key, next);
    }
    return entries;
}

size_t wm_btree_check(const struct wm_btree *tree)
{
    assert((tree->root == 0) == (tree->height == 0));
    return tree->root == 0 ? 0 : check_node(tree, tree->root, tree->height, 0, UINTPTR_MAX);
}
