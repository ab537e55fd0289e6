/* globalmemory.c: Global and Local memory, which is the same memory under two names. */
#include "api/heaps.h"
#include "heap/movable.h"

/* Names that differ, as the rules of either family. */
struct family {
    UINT valid;
    UINT discardable;
};

static const struct family global = {GMEM_VALID_FLAGS, GMEM_DISCARDABLE};
static const struct family local = {LMEM_VALID_FLAGS, LMEM_DISCARDABLE};

_Static_assert(GMEM_MOVEABLE == LMEM_MOVEABLE && GMEM_ZEROINIT == LMEM_ZEROINIT &&
                   GMEM_MODIFY == LMEM_MODIFY && GMEM_DISCARDED == LMEM_DISCARDED &&
                   GMEM_INVALID_HANDLE == LMEM_INVALID_HANDLE,
               "all other flags are the same");

static wm_status allocate(const struct family *family, UINT flags, size_t bytes, uintptr_t *out)
{
    bool zero = (flags & GMEM_ZEROINIT) != 0;

    if (flags & ~family->valid)
        return WM_MEMORY_FLAGS;
    if (flags & GMEM_MOVEABLE)
        return wm_memory_movable(bytes, zero, (flags & family->discardable) != 0, out);
    return wm_memory_fixed(bytes, zero, out);
}

static wm_status reallocate(const struct family *family, uintptr_t *handle, size_t bytes, UINT flags)
{
    const struct wm_memory_change change = {
        .bytes = bytes,
        .may_move = (flags & GMEM_MOVEABLE) != 0,
        .zero = (flags & GMEM_ZEROINIT) != 0,
        .attributes = (flags & GMEM_MODIFY) != 0,
        .movable = (flags & GMEM_MOVEABLE) != 0,
        .discardable = (flags & family->discardable) != 0,
    };

    return flags & ~(family->valid | GMEM_MODIFY) ? WM_MEMORY_FLAGS : wm_memory_change(handle, &change);
}

static UINT flags_of(const struct family *family, const struct wm_memory_state *state)
{
    return state->locks | (state->discarded ? GMEM_DISCARDED : 0) |
           (state->discardable ? family->discardable : 0);
}

/* The last unlock is no failure, but says so by its result and the last error. */
static BOOL answer_unlock(wm_status st, unsigned left)
{
    if (wm_ok(st) && left == 0)
        wm_last = (struct wm_last){.error = NO_ERROR};
    return wm_edge_bool(st) && left > 0;
}

/* --- Global --- */

WM_TELLS void *tell_alloc(const char *function, UINT flags, SIZE_T bytes, wm_status st, uintptr_t handle)
{
    WM_TRACE_AS(function, st, "(%x, %x) = %x", (uintptr_t)flags, (uintptr_t)bytes, handle);
    return wm_edge_ptr(st, handle);
}

HGLOBAL WINAPI GlobalAlloc(UINT uFlags, SIZE_T dwBytes)
{
    uintptr_t handle = 0;
    wm_status st = allocate(&global, uFlags, dwBytes, &handle);

    return WM_IS_QUIET(st) ? (void *)handle : tell_alloc(__func__, uFlags, dwBytes, st, handle);
}

HGLOBAL WINAPI GlobalReAlloc(HGLOBAL hMem, SIZE_T dwBytes, UINT uFlags)
{
    uintptr_t handle = (uintptr_t)hMem;
    wm_status st = reallocate(&global, &handle, dwBytes, uFlags);

    WM_TRACE(st, "(%x, %x, %x) = %x", (uintptr_t)hMem, (uintptr_t)dwBytes, (uintptr_t)uFlags, handle);
    return wm_edge_ptr(st, handle);
}

WM_TELLS HGLOBAL tell_free(HGLOBAL handle, wm_status st)
{
    WM_TRACE_AS("GlobalFree", st, "(%x) = 0", (uintptr_t)handle);
    return wm_edge_bool(st) ? NULL : handle;
}

HGLOBAL WINAPI GlobalFree(HGLOBAL hMem)
{
    wm_status st = hMem == NULL ? WM_OK : wm_memory_free((uintptr_t)hMem);

    return WM_IS_QUIET(st) ? NULL : tell_free(hMem, st);
}

static __attribute__((noinline)) void *lock(HGLOBAL handle)
{
    uintptr_t at = 0;
    wm_status st = wm_memory_lock((uintptr_t)handle, &at);

    WM_TRACE_AS("GlobalLock", st, "(%x) = %x", (uintptr_t)handle, at);
    return wm_edge_ptr(st, at);
}

LPVOID WINAPI GlobalLock(HGLOBAL hMem)
{
    uintptr_t at;

    if (__builtin_expect(wm_heap_is_quick, true) && wm_memory_lock_at_once((uintptr_t)hMem, &at))
        return (void *)at;
    return lock(hMem);
}

static __attribute__((noinline)) BOOL unlock(HGLOBAL handle)
{
    unsigned left;
    bool fixed;
    wm_status st = wm_memory_unlock((uintptr_t)handle, &left, &fixed);

    WM_TRACE_AS("GlobalUnlock", st, "(%x), locked still: %u", (uintptr_t)handle, (uint32_t)left);
    return wm_ok(st) && fixed ? TRUE : answer_unlock(st, left);
}

BOOL WINAPI GlobalUnlock(HGLOBAL hMem)
{
    unsigned left;

    if (__builtin_expect(wm_heap_is_quick, true) && wm_memory_unlock_at_once((uintptr_t)hMem, &left))
        return answer_unlock(WM_OK, left);
    return unlock(hMem);
}

static __attribute__((noinline)) SIZE_T size_of(HGLOBAL handle)
{
    size_t bytes = 0;
    wm_status st = wm_memory_size((uintptr_t)handle, &bytes);

    WM_TRACE_AS("GlobalSize", st, "(%x) = %x", (uintptr_t)handle, bytes);
    return wm_edge_bool(st) ? bytes : 0;
}

SIZE_T WINAPI GlobalSize(HGLOBAL hMem)
{
    size_t bytes;

    if (__builtin_expect(wm_heap_is_quick, true) && wm_memory_size_at_once((uintptr_t)hMem, &bytes))
        return bytes;
    return size_of(hMem);
}

UINT WINAPI GlobalFlags(HGLOBAL hMem)
{
    struct wm_memory_state state;
    wm_status st = wm_memory_state((uintptr_t)hMem, &state);

    WM_TRACE(st, "(%x) = %x", (uintptr_t)hMem, (uintptr_t)flags_of(&global, &state));
    return wm_edge_bool(st) ? flags_of(&global, &state) : GMEM_INVALID_HANDLE;
}

HGLOBAL WINAPI GlobalHandle(LPCVOID pMem)
{
    uintptr_t handle = 0;
    wm_status st = wm_memory_handle((uintptr_t)pMem, &handle);

    WM_TRACE(st, "(%x) = %x", (uintptr_t)pMem, handle);
    return wm_edge_ptr(st, handle);
}

/* --- Local --- */

HLOCAL WINAPI LocalAlloc(UINT uFlags, SIZE_T uBytes)
{
    uintptr_t handle = 0;
    wm_status st = allocate(&local, uFlags, uBytes, &handle);

    return WM_IS_QUIET(st) ? (void *)handle : tell_alloc(__func__, uFlags, uBytes, st, handle);
}

HLOCAL WINAPI LocalReAlloc(HLOCAL hMem, SIZE_T uBytes, UINT uFlags)
{
    uintptr_t handle = (uintptr_t)hMem;
    wm_status st = reallocate(&local, &handle, uBytes, uFlags);

    WM_TRACE(st, "(%x, %x, %x) = %x", (uintptr_t)hMem, (uintptr_t)uBytes, (uintptr_t)uFlags, handle);
    return wm_edge_ptr(st, handle);
}

HLOCAL WINAPI LocalFree(HLOCAL hMem)
{
    return GlobalFree(hMem);
}

LPVOID WINAPI LocalLock(HLOCAL hMem)
{
    return GlobalLock(hMem);
}

/* Fixed memory is never locked, says this family. */
BOOL WINAPI LocalUnlock(HLOCAL hMem)
{
    unsigned left;
    bool fixed;
    wm_status st = wm_memory_unlock((uintptr_t)hMem, &left, &fixed);

    if (wm_ok(st) && fixed)
        st = WM_MEMORY_NOT_LOCKED;
    WM_TRACE(st, "(%x), locked still: %u", (uintptr_t)hMem, (uint32_t)left);
    return answer_unlock(st, left);
}

SIZE_T WINAPI LocalSize(HLOCAL hMem)
{
    return GlobalSize(hMem);
}

UINT WINAPI LocalFlags(HLOCAL hMem)
{
    struct wm_memory_state state;
    wm_status st = wm_memory_state((uintptr_t)hMem, &state);

    WM_TRACE(st, "(%x) = %x", (uintptr_t)hMem, (uintptr_t)flags_of(&local, &state));
    return wm_edge_bool(st) ? flags_of(&local, &state) : LMEM_INVALID_HANDLE;
}

HLOCAL WINAPI LocalHandle(LPCVOID pMem)
{
    return GlobalHandle(pMem);
}
