/*
 * visit.h: looking at all blocks of a heap.
 *
 * Nobody is stopped for it. What another thread frees meanwhile is left out; what it allocates may be.
 */
#ifndef WM_HEAP_VISIT_H
#define WM_HEAP_VISIT_H

#include "heap/heap.h"

struct wm_visited {
    struct wm_block block;
    uint64_t word; /* of its slot */
};

enum wm_look { WM_NO_BLOCK, WM_SOUND_BLOCK, WM_BROKEN_BLOCK };

/* The block of one slot, whose index wm_slot_index gave. */
enum wm_look wm_heap_look(const struct wm_heap *heap, unsigned table, uint32_t index, struct wm_visited *out);

/* Blocks and broken ones go to visit, which may say that it is enough: false, then. */
typedef bool wm_visit_fn(enum wm_look what, const struct wm_visited *block, void *arg);

bool wm_heap_visit(const struct wm_heap *heap, wm_visit_fn *visit, void *arg);

struct wm_heap_sum {
    size_t blocks;
    size_t bytes;    /* as asked for */
    size_t overhead; /* beside them */
};

void wm_heap_sum(const struct wm_heap *heap, struct wm_heap_sum *out);

/* Is each block's header as it was written? */
bool wm_heap_is_sound(const struct wm_heap *heap);

#endif
