/* heapalloc.c: blocks of heaps. */
#include "api/heaps.h"
#include "kern/signals/sigsegv.h"
#include "heap/walk.h"

/* --- refusals --- */

static bool is_shortage(wm_status st)
{
    return wm_status_nt(st) == STATUS_NO_MEMORY;
}

static bool raises(const struct wm_heap *heap, DWORD flags)
{
    return heap != NULL && (heap->nature.raises || (flags & HEAP_GENERATE_EXCEPTIONS));
}

/* NULL, unless the caller wanted an exception; if that is continued, NULL after all. */
static void *refuse(const struct wm_heap *heap, DWORD flags, wm_status st)
{
    wm_edge_fail(st);
    if (raises(heap, flags))
        RaiseException(is_shortage(st) ? STATUS_NO_MEMORY : STATUS_ACCESS_VIOLATION, 0, 0, NULL);
    return NULL;
}

static void terminate_if_wanted(wm_status st)
{
    if (wm_heap_terminates && (st == WM_HEAP_BLOCK || st == WM_HEAP_MOVABLE_BLOCK))
        wm_kern_abort();
}

/* --- allocating and freeing --- */

LPVOID WINAPI HeapAlloc(HANDLE hHeap, DWORD dwFlags, SIZE_T dwBytes)
{
    struct wm_heap *heap;
    uintptr_t at = 0;
    wm_status st = wm_edge_heap_to_change(hHeap, dwFlags, &heap);

    if (wm_ok(st))
        st = wm_heap_alloc(heap, dwBytes, (dwFlags & HEAP_ZERO_MEMORY) != 0, &at);
    WM_TRACE(st, "(%x, %x, %x) = %x", (uintptr_t)hHeap, (uintptr_t)dwFlags, (uintptr_t)dwBytes, at);
    return wm_ok(st) ? (void *)at : refuse(heap, dwFlags, st);
}

static wm_status resize(struct wm_heap *heap, DWORD flags, uintptr_t *at, size_t bytes)
{
    wm_status st = wm_heap_resize(heap, at, bytes, (flags & HEAP_ZERO_MEMORY) != 0,
                                  (flags & HEAP_REALLOC_IN_PLACE_ONLY) != 0);

    terminate_if_wanted(st);
    return st;
}

LPVOID WINAPI HeapReAlloc(HANDLE hHeap, DWORD dwFlags, LPVOID lpMem, SIZE_T dwBytes)
{
    struct wm_heap *heap;
    uintptr_t at = (uintptr_t)lpMem;
    wm_status st = wm_edge_heap_to_change(hHeap, dwFlags, &heap);

    if (wm_ok(st) && lpMem == NULL) {
        SetLastError(NO_ERROR); /* and NULL: Windows calls it no failure */
        return NULL;
    }
    if (wm_ok(st))
        st = resize(heap, dwFlags, &at, dwBytes);
    WM_TRACE(st, "(%x, %x, %x, %x) = %x", (uintptr_t)hHeap, (uintptr_t)dwFlags, (uintptr_t)lpMem,
             (uintptr_t)dwBytes, at);
    return wm_ok(st) ? (void *)at : refuse(heap, dwFlags, st);
}

static wm_status free_block(HANDLE handle, DWORD flags, uintptr_t at)
{
    struct wm_heap *heap;
    wm_status st = wm_edge_heap_to_change(handle, flags, &heap);

    if (wm_ok(st))
        st = wm_heap_free(heap, at);
    terminate_if_wanted(st);
    return st;
}

/* NULL belongs to every heap, and to none. */
BOOL WINAPI HeapFree(HANDLE hHeap, DWORD dwFlags, LPVOID lpMem)
{
    wm_status st = lpMem == NULL ? WM_OK : free_block(hHeap, dwFlags, (uintptr_t)lpMem);

    WM_TRACE(st, "(%x, %x, %x) = TRUE", (uintptr_t)hHeap, (uintptr_t)dwFlags, (uintptr_t)lpMem);
    return wm_edge_bool(st);
}

/* --- questions; these leave the last error alone --- */

static wm_status find(HANDLE handle, const void *at, struct wm_found_block *out)
{
    struct wm_heap *heap;
    wm_status st = wm_edge_heap(handle, &heap);

    if (wm_ok(st) && !wm_heap_find(heap, (uintptr_t)at, out))
        st = WM_HEAP_BLOCK;
    return st;
}

SIZE_T WINAPI HeapSize(HANDLE hHeap, DWORD dwFlags, LPCVOID lpMem)
{
    struct wm_found_block found;
    wm_status st = find(hHeap, lpMem, &found);

    WM_TRACE(st, "(%x, %x, %x) = %x", (uintptr_t)hHeap, (uintptr_t)dwFlags, (uintptr_t)lpMem,
             (uintptr_t)found.block.bytes);
    return wm_ok(st) ? found.block.bytes : (SIZE_T)-1;
}

static wm_status validate(HANDLE handle, const void *at)
{
    struct wm_found_block found;
    struct wm_heap *heap;
    wm_status st = wm_edge_heap(handle, &heap);

    if (!wm_ok(st))
        return st;
    if (at != NULL)
        return find(handle, at, &found);
    return wm_heap_is_sound(heap) ? WM_OK : WM_HEAP_BLOCK;
}

BOOL WINAPI HeapValidate(HANDLE hHeap, DWORD dwFlags, LPCVOID lpMem)
{
    wm_status st = validate(hHeap, lpMem);

    WM_TRACE(st, "(%x, %x, %x) = TRUE", (uintptr_t)hHeap, (uintptr_t)dwFlags, (uintptr_t)lpMem);
    return wm_ok(st);
}
