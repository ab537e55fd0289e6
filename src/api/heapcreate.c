/*
 * heapcreate.c: HeapCreate, HeapDestroy, GetProcessHeap, GetProcessHeaps, HeapLock: which heaps there are.
 *
 * A heap is a record over malloc (heap/heap.h). A maximum, execution, exceptions and the lack of
 * serialization change what it does; the initial size is reserved as addresses and otherwise a wish, and
 * options that debug heaps on Windows are taken and forgotten (O234).
 *
 * HeapLock is the program's own lock. Nothing in a heap needs it; all that changes one waits for it, but for
 * heaps without serialization and calls with HEAP_NO_SERIALIZE (O233).
 */
#include <stdlib.h>
#include <string.h>

#include "api/heaps.h"

HANDLE WINAPI HeapCreate(DWORD flOptions, SIZE_T dwInitialSize, SIZE_T dwMaximumSize)
{
    const struct wm_heap_nature nature = {
        .free_for_all = (flOptions & HEAP_NO_SERIALIZE) != 0,
        .raises = (flOptions & HEAP_GENERATE_EXCEPTIONS) != 0,
        .executable = (flOptions & HEAP_CREATE_ENABLE_EXECUTE) != 0,
        .initial = dwInitialSize,
        .maximum = dwMaximumSize,
    };
    struct wm_heap *heap = NULL;
    wm_status st = wm_heap_create(&nature, &heap);
    uintptr_t handle = wm_ok(st) ? heap->handle : 0;

    WM_TRACE(st, WM_RETURNS(WM_HEX(handle)), WM_HEX(flOptions), WM_HEX(dwInitialSize), WM_HEX(dwMaximumSize));
    return wm_edge_ptr(st, handle);
}

BOOL WINAPI HeapDestroy(HANDLE hHeap)
{
    struct wm_heap *heap;
    wm_status st = wm_edge_heap(hHeap, &heap);

    if (wm_ok(st))
        st = wm_heap_destroy(heap);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hHeap));
    return wm_edge_bool(st);
}

WM_TELLS HANDLE tell_process_heap(wm_status st, uintptr_t handle)
{
    WM_TRACE_AS("GetProcessHeap", st, WM_RETURNS(WM_HEX(handle)), WM_NO_ARGUMENTS);
    return wm_edge_ptr(st, handle);
}

static __attribute__((noinline)) HANDLE process_heap(void)
{
    struct wm_heap *heap;
    wm_status st = wm_heap_process(&heap);

    return WM_IS_QUIET(st) ? (HANDLE)heap->handle : tell_process_heap(st, heap->handle);
}

HANDLE WINAPI GetProcessHeap(VOID)
{
    return __builtin_expect(wm_heap_is_quick, true) ? (HANDLE)wm_process_heap.handle : process_heap();
}

/*
 * Copied twice: the list is read under its lock, and the caller's memory is not touched while one is held,
 * because that may raise a fault, and a handler may call these functions.
 */
static wm_status list_heaps(DWORD room, PHANDLE handles, size_t *count)
{
    struct wm_heap *process;
    wm_status st = wm_heap_process(&process);
    uintptr_t *copy;

    if (wm_ok(st))
        st = wm_edge_fillable(handles, room * sizeof *handles);
    if (!wm_ok(st))
        return st;
    st = wm_heap_list(NULL, 0, count);
    if (room == 0 || !wm_ok(st))
        return st;
    if (room > *count)
        room = (DWORD)*count;
    copy = wm_malloc(room * sizeof *copy, false);
    if (copy == NULL)
        return WM_HEAP_MEMORY;
    st = wm_heap_list(copy, room, count);
    if (wm_ok(st) && room > 0)
        memcpy(handles, copy, (*count < room ? *count : room) * sizeof *copy);
    wm_mfree(copy);
    return st;
}

DWORD WINAPI GetProcessHeaps(DWORD NumberOfHeaps, PHANDLE ProcessHeaps)
{
    size_t count = 0;
    wm_status st = list_heaps(ProcessHeaps == NULL ? 0 : NumberOfHeaps, ProcessHeaps, &count);

    WM_TRACE(st, WM_RETURNS(WM_DECIMAL(count)), WM_DECIMAL(NumberOfHeaps), WM_HEX(ProcessHeaps));
    return wm_edge_bool(st) ? (DWORD)count : 0;
}

/* --- locking --- */

BOOL WINAPI HeapLock(HANDLE hHeap)
{
    struct wm_heap *heap;
    wm_status st = wm_edge_heap(hHeap, &heap);

    if (wm_ok(st) && !heap->nature.free_for_all)
        wm_heap_lock(heap);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hHeap));
    return wm_edge_bool(st);
}

BOOL WINAPI HeapUnlock(HANDLE hHeap)
{
    struct wm_heap *heap;
    wm_status st = wm_edge_heap(hHeap, &heap);

    if (wm_ok(st) && !heap->nature.free_for_all)
        st = wm_heap_unlock(heap);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hHeap));
    return wm_edge_bool(st);
}
