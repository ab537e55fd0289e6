/*
 * globalmemory.c: GlobalAlloc and LocalAlloc with their kin: the same memory under two names (D10.1d).
 *
 * Each function exists twice, for two families that agree in nearly everything. Where they differ was
 * observed, case by case (O253 to O272), and stands in one structure below. The rest is written once, with
 * the name of the function that was called for the trace.
 *
 * What is wrong with a handle is judged as on Windows, by its shape: bit 3 set means movable memory and is
 * looked up, so whatever is made up is 6; anything else is taken for an address and met like one, so that a
 * wild one is 998 where it is freed or resized (O260, O261). No wild address ever faults here.
 *
 * Locking, unlocking and asking for a size are as frequent as looking at a structure, and cost little more:
 * their ordinary case is a few instructions in line (..._at_once), and the slow way beside it knows all
 * others.
 */
#include "api/heaps.h"
#include "heap/movable.h"

/* Where the families differ. */
struct family {
    UINT valid;
    UINT discardable;
    UINT shared;         /* the flag that is told again, or 0 */
    SIZE_T least;        /* bytes of fixed memory */
    bool converts;       /* fixed memory into movable */
    bool always_unlocks; /* what is not locked: fixed memory, whatever looks like it, and what is gone */
    bool faults;         /* at a wild address, where the other one says that it is no handle */
};

/* clang-format off */
static const struct family global = {
    .valid = GMEM_VALID_FLAGS, .discardable = GMEM_DISCARDABLE, .shared = GMEM_DDESHARE, .least = 1,
    .converts = true, .always_unlocks = true,
};
static const struct family local = {
    .valid = LMEM_VALID_FLAGS, .discardable = LMEM_DISCARDABLE, .faults = true,
};
/* clang-format on */

_Static_assert(GMEM_MOVEABLE == LMEM_MOVEABLE && GMEM_ZEROINIT == LMEM_ZEROINIT &&
                   GMEM_MODIFY == LMEM_MODIFY && GMEM_DISCARDED == LMEM_DISCARDED &&
                   GMEM_INVALID_HANDLE == LMEM_INVALID_HANDLE,
               "all other flags are the same");

/* What memory tells of itself later on. */
static uint32_t told_by(const struct family *family, UINT flags)
{
    return (flags & family->discardable ? WM_SLOT_DISCARDABLE : 0) |
           (flags & family->shared ? WM_SLOT_SHARED : 0);
}

/*
 * Fixed memory of no bytes is still memory: one byte of it to the Global family (O253). Movable memory of
 * none is a handle whose contents were discarded (D10.1c).
 */
static wm_status allocate(const struct family *family, UINT flags, size_t bytes, uintptr_t *out)
{
    bool zero = (flags & GMEM_ZEROINIT) != 0;

    if (flags & ~family->valid)
        return WM_MEMORY_FLAGS;
    if (flags & GMEM_MOVEABLE)
        return wm_memory_movable(bytes, zero, told_by(family, flags), out);
    return wm_memory_fixed(bytes > family->least ? bytes : family->least, zero, out);
}

/*
 * Flags mean different things by what the memory is; what that is, is known below (memorychange.c). Here they
 * are only taken apart. DISCARDABLE without MODIFY is refused whatever the memory is (O267, O269).
 */
static wm_status reallocate(const struct family *family, uintptr_t *handle, size_t bytes, UINT flags)
{
    const struct wm_memory_change change = {
        .bytes = bytes,
        .may_move = (flags & GMEM_MOVEABLE) != 0,
        .zero = (flags & GMEM_ZEROINIT) != 0,
        .attributes = (flags & GMEM_MODIFY) != 0,
        .movable = family->converts && (flags & GMEM_MOVEABLE) != 0,
        .told = told_by(family, flags) & WM_SLOT_DISCARDABLE,
    };

    if (flags & ~(family->valid | GMEM_MODIFY))
        return WM_MEMORY_FLAGS;
    return change.told != 0 && !change.attributes ? WM_MEMORY_ALONE : wm_memory_change(handle, &change);
}

/*
 * Freeing and resizing read what lies before the block, in both families. So where nothing can be read it is
 * another error than where something can that is no block (O261).
 */
static wm_status met(wm_status st, const void *memory)
{
    return st == WM_MEMORY_HANDLE && wm_memory_is_wild((uintptr_t)memory) ? WM_MEMORY_WILD : st;
}

/* Asking reads it in the Local family only: to Global functions a wild address is a wrong handle. */
static wm_status asked(const struct family *family, wm_status st, const void *memory)
{
    return family->faults ? met(st, memory) : st;
}

/* --- both families; function: the one that was called, for the trace --- */

WM_TELLS void *tell_alloc(const char *function, UINT flags, SIZE_T bytes, wm_status st, uintptr_t handle)
{
    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(handle)), WM_HEX(flags), WM_HEX(bytes));
    return wm_edge_ptr(st, handle);
}

static __attribute__((noinline)) void *alloc_slowly(const char *function, const struct family *family,
                                                    UINT flags, SIZE_T bytes)
{
    uintptr_t handle = 0;
    wm_status st = allocate(family, flags, bytes, &handle);

    return WM_IS_QUIET(st) ? (void *)handle : tell_alloc(function, flags, bytes, st, handle);
}

static __attribute__((noinline)) void *alloc_movable(const char *function, const struct family *family,
                                                     UINT flags, SIZE_T bytes)
{
    uintptr_t handle = 0;

    if (wm_heap_gate_is_open(wm_process_heap.handle) && !(flags & ~family->valid) &&
        bytes - 1 < WM_GRANULE - 1)
        handle = wm_memory_alloc_at_once(bytes, (flags & GMEM_ZEROINIT) != 0, told_by(family, flags));
    return __builtin_expect(handle != 0, true) ? (void *)handle
                                               : alloc_slowly(function, family, flags, bytes);
}

/* What is fixed and not large (wm_memory_fixed) is a block and nothing else. */
static inline void *alloc(const char *function, const struct family *family, UINT flags, SIZE_T bytes)
{
    SIZE_T wanted = bytes > family->least ? bytes : family->least;
    void *at;

    if (flags & GMEM_MOVEABLE)
        return alloc_movable(function, family, flags, bytes);
    if (wm_heap_gate_is_open(wm_process_heap.handle) && !(flags & ~family->valid) && bytes < WM_GRANULE &&
        wm_block_alloc_at_once(&wanted, (flags & GMEM_ZEROINIT) != 0, &at))
        return at;
    return alloc_slowly(function, family, flags, bytes);
}

static void *resize(const char *function, const struct family *family, HGLOBAL memory, SIZE_T bytes,
                    UINT flags)
{
    uintptr_t handle = (uintptr_t)memory;
    wm_status st = met(reallocate(family, &handle, bytes, flags), memory);

    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(handle)), WM_HEX(memory), WM_HEX(bytes), WM_HEX(flags));
    return wm_edge_ptr(st, handle);
}

WM_TELLS HGLOBAL tell_free(const char *function, HGLOBAL memory, wm_status st)
{
    WM_TRACE_AS(function, st, WM_RETURNS_ZERO, WM_HEX(memory));
    return wm_edge_bool(st) ? NULL : memory;
}

static __attribute__((noinline)) HGLOBAL free_slowly(const char *function, HGLOBAL memory)
{
    wm_status st = memory == NULL ? WM_OK : wm_memory_free((uintptr_t)memory);

    return WM_IS_QUIET(st) ? NULL : tell_free(function, memory, met(st, memory));
}

static inline HGLOBAL give_back(const char *function, HGLOBAL memory)
{
    uintptr_t handle = (uintptr_t)memory;
    bool done;

    if (memory == NULL || !wm_heap_gate_is_open(wm_process_heap.handle))
        return free_slowly(function, memory);
    done = wm_movable_is_handle(handle) ? wm_memory_free_at_once(&handle) : wm_block_free_at_once(&handle);
    return __builtin_expect(done, true) ? NULL : free_slowly(function, (HGLOBAL)handle);
}

/* LocalLock of a wild address returns NULL and leaves the last error alone (O261). */
static __attribute__((noinline)) void *lock_slowly(const char *function, const struct family *family,
                                                   HGLOBAL memory)
{
    uintptr_t at = 0;
    wm_status st = asked(family, wm_memory_lock((uintptr_t)memory, &at), memory);

    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(at)), WM_HEX(memory));
    return st == WM_MEMORY_WILD ? NULL : wm_edge_ptr(st, at);
}

static inline void *lock(const char *function, const struct family *family, HGLOBAL memory)
{
    uintptr_t at;

    if (__builtin_expect(wm_heap_is_quick, true) && wm_memory_lock_at_once((uintptr_t)memory, &at))
        return (void *)at;
    return lock_slowly(function, family, memory);
}

/*
 * The last unlock returns FALSE, as one too many does; the last error, 0 or 158, tells them apart (D10.5a).
 * So 0 must be set.
 */
static BOOL answer_unlock(wm_status st, unsigned left)
{
    if (wm_ok(st) && left == 0)
        wm_last = (struct wm_last){.error = NO_ERROR};
    return wm_edge_bool(st) && left > 0;
}

/* By its shape alone: unlocking does not look whether there is any memory (O256, O261). */
static bool looks_fixed(HGLOBAL memory)
{
    return memory != NULL && ((uintptr_t)memory & WM_HANDLE_KIND) == 0;
}

static __attribute__((noinline)) BOOL unlock_slowly(const char *function, const struct family *family,
                                                    HGLOBAL memory)
{
    unsigned left = 0;
    bool fixed = looks_fixed(memory);
    wm_status st = fixed ? family->always_unlocks ? WM_OK : WM_MEMORY_NOT_LOCKED
                         : wm_memory_unlock((uintptr_t)memory, &left);

    WM_TRACE_AS(function, st, WM_RETURNS_LOCKED_STILL(WM_DECIMAL(left)), WM_HEX(memory));
    if (wm_ok(st) && fixed)
        return TRUE;
    return answer_unlock(st, left) || (st == WM_MEMORY_HANDLE && memory != NULL && family->always_unlocks);
}

static inline BOOL unlock(const char *function, const struct family *family, HGLOBAL memory)
{
    unsigned left;

    if (__builtin_expect(wm_heap_is_quick, true) && wm_memory_unlock_at_once((uintptr_t)memory, &left))
        return answer_unlock(WM_OK, left);
    return unlock_slowly(function, family, memory);
}

static __attribute__((noinline)) SIZE_T size_slowly(const char *function, HGLOBAL memory)
{
    size_t bytes = 0;
    wm_status st = wm_memory_size((uintptr_t)memory, &bytes);

    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(bytes)), WM_HEX(memory));
    return wm_edge_bool(st) ? bytes : 0;
}

static inline SIZE_T size_of(const char *function, HGLOBAL memory)
{
    size_t bytes;

    if (__builtin_expect(wm_heap_is_quick, true) && wm_memory_size_at_once((uintptr_t)memory, &bytes))
        return bytes;
    return size_slowly(function, memory);
}

static UINT flags_of(const char *function, const struct family *family, HGLOBAL memory)
{
    struct wm_memory_state state;
    wm_status st = asked(family, wm_memory_state((uintptr_t)memory, &state), memory);
    UINT flags = state.locks | (state.discarded ? GMEM_DISCARDED : 0) |
                 (state.told & WM_SLOT_DISCARDABLE ? family->discardable : 0) |
                 (state.told & WM_SLOT_SHARED ? family->shared : 0);

    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(flags)), WM_HEX(memory));
    return wm_edge_bool(st) ? flags : GMEM_INVALID_HANDLE;
}

WM_TELLS HGLOBAL tell_handle_to(const char *function, LPCVOID at, wm_status st, uintptr_t handle)
{
    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(handle)), WM_HEX(at));
    return wm_edge_ptr(st, handle);
}

static HGLOBAL handle_to(const char *function, const struct family *family, LPCVOID at)
{
    uintptr_t handle = 0;
    wm_status st = asked(family, wm_memory_handle((uintptr_t)at, &handle), at);

    return WM_IS_QUIET(st) ? (HGLOBAL)handle : tell_handle_to(function, at, st, handle);
}

/* --- Global --- */

HGLOBAL WINAPI GlobalAlloc(UINT uFlags, SIZE_T dwBytes)
{
    return alloc(__func__, &global, uFlags, dwBytes);
}

HGLOBAL WINAPI GlobalReAlloc(HGLOBAL hMem, SIZE_T dwBytes, UINT uFlags)
{
    return resize(__func__, &global, hMem, dwBytes, uFlags);
}

HGLOBAL WINAPI GlobalFree(HGLOBAL hMem)
{
    return give_back(__func__, hMem);
}

LPVOID WINAPI GlobalLock(HGLOBAL hMem)
{
    return lock(__func__, &global, hMem);
}

BOOL WINAPI GlobalUnlock(HGLOBAL hMem)
{
    return unlock(__func__, &global, hMem);
}

SIZE_T WINAPI GlobalSize(HGLOBAL hMem)
{
    return size_of(__func__, hMem);
}

UINT WINAPI GlobalFlags(HGLOBAL hMem)
{
    return flags_of(__func__, &global, hMem);
}

HGLOBAL WINAPI GlobalHandle(LPCVOID pMem)
{
    return handle_to(__func__, &global, pMem);
}

/* --- Local --- */

HLOCAL WINAPI LocalAlloc(UINT uFlags, SIZE_T uBytes)
{
    return alloc(__func__, &local, uFlags, uBytes);
}

HLOCAL WINAPI LocalReAlloc(HLOCAL hMem, SIZE_T uBytes, UINT uFlags)
{
    return resize(__func__, &local, hMem, uBytes, uFlags);
}

HLOCAL WINAPI LocalFree(HLOCAL hMem)
{
    return give_back(__func__, hMem);
}

LPVOID WINAPI LocalLock(HLOCAL hMem)
{
    return lock(__func__, &local, hMem);
}

BOOL WINAPI LocalUnlock(HLOCAL hMem)
{
    return unlock(__func__, &local, hMem);
}

SIZE_T WINAPI LocalSize(HLOCAL hMem)
{
    return size_of(__func__, hMem);
}

UINT WINAPI LocalFlags(HLOCAL hMem)
{
    return flags_of(__func__, &local, hMem);
}

HLOCAL WINAPI LocalHandle(LPCVOID pMem)
{
    return handle_to(__func__, &local, pMem);
}
