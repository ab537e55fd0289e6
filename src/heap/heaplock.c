/*
 * heaplock.c: HeapLock.
 *
 * The tables need no lock (slots.h); this one is the program's. Whoever has it keeps others from beginning to change the
 * heap; a change that had begun before may still end. A thread that holds it may come again.
 */
#include "heap/heap.h"

void wm_heap_lock(struct wm_heap *heap)
{
    if (!wm_lock_take(&heap->lock)) {
        heap->lock_depth++; /* it is ours already */
        return;
    }
    heap->lock_depth = 0;
    if (heap == &wm_process_heap)
        wm_heap_close_gate();
}

wm_status wm_heap_unlock(struct wm_heap *heap)
{
    if (!wm_lock_mine(&heap->lock))
        return WM_HEAP_NOT_OWNED;
    if (heap->lock_depth > 0) {
        heap->lock_depth--;
        return WM_OK;
    }
    if (heap == &wm_process_heap)
        wm_heap_open_gate();
    wm_lock_drop(&heap->lock);
    return WM_OK;
}

void wm_heap_await(struct wm_heap *heap)
{
    if (wm_lock_take(&heap->lock))
        wm_lock_drop(&heap->lock);
}
