/*
 * movable.h: Global and Local memory.
 *
 * Fixed memory is a block of the process's heap, and its handle the block's address. Movable memory has a slot in a table
 * of its own (slots.h), and its handle says which: so its block may move or go while the handle stays. The slot's word
 * holds the locks as well, and the use that is made of the slot for the n-th time: an old handle is noticed.
 *
 * A handle of movable memory is 8 more than a multiple of 16, and no address.
 */
#ifndef WM_HEAP_MOVABLE_H
#define WM_HEAP_MOVABLE_H

#include "heap/heap.h"

struct wm_memory_state {
    size_t bytes;
    unsigned locks; /* 255 is as many as can be counted, and stays */
    bool discarded;
    bool discardable;
};

/* How memory is to change. */
struct wm_memory_change {
    size_t bytes;
    bool may_move;    /* though it is fixed or locked; 0 bytes then discard movable memory */
    bool zero;        /* what is added */
    bool attributes;  /* only these: */
    bool movable;     /* fixed memory becomes movable */
    bool discardable; /* movable memory becomes so */
};

wm_status wm_memory_fixed(size_t bytes, bool zero, uintptr_t *out);
wm_status wm_memory_movable(size_t bytes, bool zero, bool discardable, uintptr_t *out);
wm_status wm_memory_free(uintptr_t handle);
wm_status wm_memory_change(uintptr_t *handle, const struct wm_memory_change *change);
wm_status wm_memory_state(uintptr_t handle, struct wm_memory_state *out);

/* The address that a handle stands for; it stays as long as somebody has it locked. */
wm_status wm_memory_lock(uintptr_t handle, uintptr_t *out);

/* left: the locks that remain. Fixed memory has none: fixed is told, and nothing happens. */
wm_status wm_memory_unlock(uintptr_t handle, unsigned *left, bool *fixed);

/* The handle to an address. */
wm_status wm_memory_handle(uintptr_t at, uintptr_t *handle);

/* The handle of movable memory, from its slot. */
uintptr_t wm_memory_handle_of(uint32_t slot, uint64_t word);

#endif
