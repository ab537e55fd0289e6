/*
 * codeheap.h: memory for heaps whose blocks may be executed.
 *
 * malloc's memory may not, so these stand on regions of our own: small pieces are cut from common regions by size and
 * return to a list of their size, large ones are a region each. All of it goes with the heap.
 */
#ifndef WM_HEAP_CODEHEAP_H
#define WM_HEAP_CODEHEAP_H

#include <stdbool.h>
#include <stddef.h>

struct wm_code_heap;

struct wm_code_heap *wm_code_create(void); /* NULL: no memory */
void wm_code_destroy(struct wm_code_heap *heap);

/* Aligned to 16 bytes. NULL: no memory, or none that may be executed. */
void *wm_code_alloc(struct wm_code_heap *heap, size_t bytes, bool zero);
void wm_code_free(struct wm_code_heap *heap, void *start);

/* Before a fork, and after it in the parent, and in the child. */
void wm_code_hold(struct wm_code_heap *heap);
void wm_code_release(struct wm_code_heap *heap);
void wm_code_renew(struct wm_code_heap *heap);

#endif
