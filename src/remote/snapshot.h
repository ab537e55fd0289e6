/*
 * snapshot.h: a copy of another process's book, and answers from it.
 *
 * Whoever wrote the book may lie. Before anything is answered the copy is walked once, and its entries are put
 * in a row; answers come from the rows alone, which only grow if
 *
 *   keys ascend strictly, so that no node is met twice; depth and counts are bounded
 *   every extent lies inside the address space, where its key says, and overlaps none
 *   a MIXED extent has a run that begins with it
 *
 * so that nothing wrong in a book can do more than give wrong answers about the process that wrote it.
 */
#ifndef WM_REMOTE_SNAPSHOT_H
#define WM_REMOTE_SNAPSHOT_H

#include "core/space.h"

struct wm_snapshot {
    const struct wm_extent_cell *cells; /* copies of the pools' first members */
    const struct wm_bnode *nodes;
    uint32_t cell_count;
    uint32_t node_count;
    uint64_t *map; /* the entries of both trees (base/btree_slot.h), ascending: at most wm_snapshot_extents */
    uint64_t *runs; /* and wm_snapshot_runs */
    size_t map_count;
    size_t run_count;
    size_t near; /* where in the map the last answer was found */
};

static inline size_t wm_snapshot_extents(const struct wm_snapshot *s)
{
    return s->cell_count;
}

static inline size_t wm_snapshot_runs(const struct wm_snapshot *s)
{
    return (size_t)s->node_count * WM_BNODE_SLOTS;
}

/* Puts the entries in a row; head has the trees' roots and heights. False: the book makes no sense. */
bool wm_snapshot_check(struct wm_snapshot *s, const struct wm_space *head);

/* As wm_space_peek. */
void wm_snapshot_peek(struct wm_snapshot *s, uintptr_t addr, struct wm_peek *out);

/* Could this be an extent? */
bool wm_snapshot_believes(const struct wm_extent *e);

#endif
