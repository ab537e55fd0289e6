/*
 * heapalloc.c: HeapAlloc, HeapReAlloc, HeapFree, HeapSize, HeapValidate: blocks of heaps.
 *
 * What a heap is, and how a wrong pointer is known for one, stands in heap/. Here are the manners: what a
 * failure looks like (NULL, an exception where the heap or the call wants one, the end of the process where
 * somebody asked for that), and in which of these the last error is set. Whoever asks about a block leaves it
 * alone (O216), and freeing nothing succeeds (O215).
 *
 * These functions are called as often as malloc and cost a few nanoseconds more. So their ordinary ends stay
 * small: the trace and every failure stand in functions of their own (WM_TELLS), and HeapSize answers without
 * a call where nobody wants to know of calls (wm_heap_is_quick).
 */
#include "api/heaps.h"
#include "heap/atonce.h"
#include "heap/visit.h"
#include "kern/signals/signals.h"

/* --- refusals --- */

static bool is_shortage(wm_status st)
{
    return wm_status_nt(st) == STATUS_NO_MEMORY;
}

/*
 * The flag counts for this call, or for all calls of a heap that was created with it (D11.2a). No heap, no
 * exception.
 */
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

/*
 * HeapEnableTerminationOnCorruption: a pointer that is no block ends the process, where it frees or resizes
 * (D11.4g).
 */
static void terminate_if_wanted(wm_status st)
{
    if (wm_heap_terminates && (st == WM_HEAP_BLOCK || st == WM_HEAP_MOVABLE_BLOCK))
        wm_kern_abort();
}

/* --- allocating and freeing --- */

WM_TELLS void *tell_alloc(HANDLE handle, DWORD flags, SIZE_T bytes, wm_status st, uintptr_t at)
{
    WM_TRACE_AS("HeapAlloc", st, WM_RETURNS(WM_HEX(at)), WM_HEX(handle), WM_HEX(flags), WM_HEX(bytes));
    return wm_ok(st) ? (void *)at : refuse(wm_heap_of((uintptr_t)handle), flags, st);
}

static __attribute__((noinline)) void *alloc(HANDLE handle, DWORD flags, SIZE_T bytes)
{
    struct wm_heap *heap;
    uintptr_t at = 0;
    wm_status st = wm_edge_heap_to_change(handle, flags, &heap);

    if (wm_ok(st))
        st = wm_heap_alloc(heap, bytes, (flags & HEAP_ZERO_MEMORY) != 0, &at);
    return WM_IS_QUIET(st) ? (void *)at : tell_alloc(handle, flags, bytes, st, at);
}

/*
 * The gate was open, so the call has begun, and waits for nobody. Handle and flags are known, and need not be kept while
 * the ordinary way is tried.
 */
static __attribute__((noinline)) void *alloc_after_all(SIZE_T bytes)
{
    return alloc((HANDLE)wm_process_heap.handle, HEAP_NO_SERIALIZE, bytes);
}

/* With flags that say more. */
static __attribute__((noinline)) void *alloc_as_told(HANDLE handle, DWORD flags, SIZE_T bytes)
{
    void *at;

    if ((flags & HEAP_ZERO_MEMORY) && bytes < WM_BLOCK_LARGE && wm_heap_gate_is_open((uintptr_t)handle) &&
        wm_block_alloc_at_once(&bytes, true, &at))
        return at;
    return alloc(handle, flags, bytes);
}

LPVOID WINAPI HeapAlloc(HANDLE hHeap, DWORD dwFlags, SIZE_T dwBytes)
{
    void *at;

    if (__builtin_expect((dwFlags & ~(DWORD)HEAP_NO_SERIALIZE) != 0 || dwBytes >= WM_BLOCK_LARGE, false) ||
        !wm_heap_gate_is_open((uintptr_t)hHeap))
        return alloc_as_told(hHeap, dwFlags, dwBytes);
    return wm_block_alloc_at_once(&dwBytes, false, &at) ? at : alloc_after_all(dwBytes);
}

static wm_status resize(struct wm_heap *heap, DWORD flags, uintptr_t *at, size_t bytes)
{
    wm_status st = wm_heap_resize(heap, at, bytes, (flags & HEAP_ZERO_MEMORY) != 0,
                                  flags & HEAP_REALLOC_IN_PLACE_ONLY ? WM_STAYS : WM_MAY_MOVE);

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
    WM_TRACE(st, WM_RETURNS(WM_HEX(at)), WM_HEX(hHeap), WM_HEX(dwFlags), WM_HEX(lpMem), WM_HEX(dwBytes));
    return wm_ok(st) ? (void *)at : refuse(heap, dwFlags, st);
}

WM_TELLS BOOL tell_free(HANDLE handle, DWORD flags, void *at, wm_status st)
{
    terminate_if_wanted(st);
    WM_TRACE_AS("HeapFree", st, WM_RETURNS_TRUE, WM_HEX(handle), WM_HEX(flags), WM_HEX(at));
    return wm_edge_bool(st);
}

static __attribute__((noinline)) BOOL free_block(HANDLE handle, DWORD flags, void *at)
{
    struct wm_heap *heap;
    wm_status st = wm_edge_heap_to_change(handle, flags, &heap);

    if (wm_ok(st))
        st = wm_heap_free(heap, (uintptr_t)at);
    return WM_IS_QUIET(st) ? TRUE : tell_free(handle, flags, at, st);
}

/* As alloc_after_all. */
static __attribute__((noinline)) BOOL free_after_all(uintptr_t at)
{
    return free_block((HANDLE)wm_process_heap.handle, HEAP_NO_SERIALIZE, (void *)at);
}

/* Freeing nothing succeeds whatever the heap is, so the handle is not looked at (O215). */
BOOL WINAPI HeapFree(HANDLE hHeap, DWORD dwFlags, LPVOID lpMem)
{
    uintptr_t at = (uintptr_t)lpMem;

    if (lpMem == NULL)
        return WM_IS_QUIET(WM_OK) ? TRUE : tell_free(hHeap, dwFlags, lpMem, WM_OK);
    if (!wm_heap_gate_is_open((uintptr_t)hHeap))
        return free_block(hHeap, dwFlags, lpMem);
    return wm_block_free_at_once(&at) ? TRUE : free_after_all(at);
}

/* --- questions; these leave the last error alone --- */

static __attribute__((noinline)) SIZE_T size_of(HANDLE handle, DWORD flags, const void *at)
{
    struct wm_seen_block seen = {0};
    struct wm_heap *heap;
    wm_status st = wm_edge_heap(handle, &heap);

    if (wm_ok(st) && !wm_heap_see(heap, (uintptr_t)at, &seen))
        st = WM_HEAP_BLOCK;
    WM_TRACE_AS("HeapSize", st, WM_RETURNS(WM_HEX(wm_header_bytes(seen.header))), WM_HEX(handle),
                WM_HEX(flags), WM_HEX(at));
    return wm_ok(st) ? wm_header_bytes(seen.header) : (SIZE_T)-1;
}

SIZE_T WINAPI HeapSize(HANDLE hHeap, DWORD dwFlags, LPCVOID lpMem)
{
    struct wm_heap *heap;
    struct wm_seen_block seen;

    if (__builtin_expect(wm_heap_is_quick, true) && wm_heap_at_once((uintptr_t)hHeap, &heap) &&
        wm_heap_see_at_once(heap, (uintptr_t)lpMem, &seen))
        return wm_header_bytes(seen.header);
    return size_of(hHeap, dwFlags, lpMem);
}

static wm_status validate(HANDLE handle, const void *at)
{
    struct wm_found_block found;
    struct wm_heap *heap;
    wm_status st = wm_edge_heap(handle, &heap);

    if (!wm_ok(st))
        return st;
    if (at != NULL)
        return wm_heap_find(heap, (uintptr_t)at, &found) ? WM_OK : WM_HEAP_BLOCK;
    return wm_heap_is_sound(heap) ? WM_OK : WM_HEAP_BLOCK;
}

BOOL WINAPI HeapValidate(HANDLE hHeap, DWORD dwFlags, LPCVOID lpMem)
{
    wm_status st = validate(hHeap, lpMem);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hHeap), WM_HEX(dwFlags), WM_HEX(lpMem));
    return wm_ok(st);
}
