/* heaps.h: what the functions of heapapi.h share. */
#ifndef WM_API_HEAPS_H
#define WM_API_HEAPS_H

#include "api/edge.h"
#include "heap/heap.h"

/*
 * The heap of a handle. A handle is an address, so a wrong one is found out by trying to read there (heap/heap.h), never
 * by believing it: 6, also before there is any heap (L92).
 */
static inline __attribute__((always_inline)) wm_status wm_edge_heap(HANDLE handle, struct wm_heap **out)
{
    if (__builtin_expect(wm_heap_is_quick, true) && wm_heap_at_once((uintptr_t)handle, out))
        return WM_OK;
    *out = wm_heap_of((uintptr_t)handle);
    return *out != NULL ? WM_OK : WM_HEAP_HANDLE;
}

/* The same for a call that changes the heap: waits while another thread has locked it. */
static inline wm_status wm_edge_heap_to_change(HANDLE handle, DWORD flags, struct wm_heap **out)
{
    wm_status st = wm_edge_heap(handle, out);

    if (wm_ok(st) && !(flags & HEAP_NO_SERIALIZE) && !(*out)->nature.free_for_all)
        wm_heap_pass(*out);
    return st;
}

/* HeapEnableTerminationOnCorruption: from then on a wrong pointer ends the process. */
extern bool wm_heap_terminates;

#endif
