/* walk.h: the blocks of a heap one by one, by address. */
#ifndef WM_HEAP_WALK_H
#define WM_HEAP_WALK_H

#include "heap/visit.h"

/* From the lowest address on: the first block behind `after`, which a new walk begins with 0. */
wm_status wm_walk_next(struct wm_heap *heap, uintptr_t after, struct wm_visited *out);

/* The heap goes, or its walk has ended. */
wm_status wm_picture_drop(struct wm_heap *heap);

#endif
