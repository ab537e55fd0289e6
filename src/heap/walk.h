/*
 * walk.h: looking at all blocks of a heap.
 *
 * Nobody is stopped for it. What another thread frees meanwhile is left out; what it allocates may be.
 */
#ifndef WM_HEAP_WALK_H
#define WM_HEAP_WALK_H

#include "heap/heap.h"

struct wm_walked {
    struct wm_block block;
    uint64_t word; /* of its slot */
};

/* From the lowest address on: the first block behind `after`, which a new walk begins with 0. */
wm_status wm_walk_next(struct wm_heap *heap, uintptr_t after, struct wm_walked *out);

struct wm_heap_sum {
    size_t blocks;
    size_t bytes;    /* as asked for */
    size_t overhead; /* beside them */
};

void wm_heap_sum(const struct wm_heap *heap, struct wm_heap_sum *out);

/* Is each block's header as it was written? */
bool wm_heap_is_sound(const struct wm_heap *heap);

/* The heap goes, or its walk has ended. */
void wm_picture_drop(struct wm_heap *heap);

/* In a forked child. */
void wm_pictures_renew(void);

#endif
