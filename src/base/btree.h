/*
 * btree.h: an ordered map from page addresses to small numbers.
 *
 * Both halves of the book are this one structure: which extent begins where, and which page state
 * begins where. An entry is one word (page number and value: 35 and 29 bits on x86-64, 36 and 28 on aarch64), a node is four cache
 * lines, so a million entries are four levels and about 11 MB.
 *
 *   keys in a node ascend; a subtree's keys are not below the key of the slot that leads to it, and
 *   below that of the next slot
 *   all leaves are at the same depth, and no node is empty
 *
 * Writers hold their owner's lock and have reserved nodes before they begin; readers may run at any
 * time, get garbage if a writer is at work, and must check their owner's sequence afterwards. They
 * never leave the pool and always end.
 */
#ifndef WM_BASE_BTREE_H
#define WM_BASE_BTREE_H

#include "base/pool.h"
#include "base/range.h"

enum { WM_BNODE_SLOTS = 31, WM_BTREE_DEPTH = 10 };

enum { WM_BTREE_PAGE_BITS = 12, WM_BTREE_VALUE_BITS = 64 - (WM_ADDRESS_BITS - WM_BTREE_PAGE_BITS) };

#define WM_BTREE_VALUE_MAX ((1u << WM_BTREE_VALUE_BITS) - 1)

struct wm_bnode {
    uint64_t slot[WM_BNODE_SLOTS];
    uint32_t count;
    uint32_t unused;
};

struct wm_btree {
    struct wm_pool *nodes;
    uint32_t root;   /* 0: empty */
    uint32_t height; /* 1: the root is a leaf */
};

struct wm_span {
    uintptr_t start; /* the key */
    uintptr_t end;   /* the next key, or UINTPTR_MAX */
    uint32_t value;
};

/* The entry with the greatest key at or below addr. */
bool wm_btree_find(const struct wm_btree *tree, uintptr_t addr, struct wm_span *out);

/* Its value alone, which is cheaper. */
bool wm_btree_floor(const struct wm_btree *tree, uintptr_t addr, uint32_t *value);

/* The entry with the smallest key at or above addr. */
bool wm_btree_next(const struct wm_btree *tree, uintptr_t addr, struct wm_span *out);

/* After true, the next count calls of wm_btree_put need no memory. */
bool wm_btree_reserve(struct wm_btree *tree, uint32_t count);
void wm_btree_put(struct wm_btree *tree, uintptr_t addr, uint32_t value);
bool wm_btree_remove(struct wm_btree *tree, uintptr_t addr);

/* Asserts what is always true; returns the number of entries (btree_check.c). */
size_t wm_btree_check(const struct wm_btree *tree);

#endif
