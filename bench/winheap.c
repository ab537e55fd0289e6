/* winheap.c: blocks from heaps through the Win32 API. */
#include <windows.h>

#include "heap.h"

/* --- who hands out blocks --- */

HEAP_INLINE void *take(size_t bytes)
{
    return HeapAlloc(GetProcessHeap(), 0, bytes);
}

HEAP_INLINE bool drop(void *p)
{
    return HeapFree(GetProcessHeap(), 0, p);
}

HEAP_INLINE void *take_global(size_t bytes)
{
    return GlobalAlloc(GMEM_FIXED, bytes);
}

HEAP_INLINE bool drop_global(void *p)
{
    return GlobalFree(p) == NULL;
}

HEAP_INLINE void *take_local(size_t bytes)
{
    return LocalAlloc(LMEM_FIXED, bytes);
}

HEAP_INLINE bool drop_local(void *p)
{
    return LocalFree(p) == NULL;
}

static HANDLE own;

HEAP_INLINE void *take_own(size_t bytes)
{
    return HeapAlloc(own, 0, bytes);
}

HEAP_INLINE bool drop_own(void *p)
{
    return HeapFree(own, 0, p);
}

/* --- one thread --- */

bool heap_mix(struct bench *b)
{
    return heap_mixed(b, take, drop, heap_evenly);
}

bool heap_small(struct bench *b)
{
    return heap_mixed(b, take, drop, heap_mostly_small);
}

bool global_mix(struct bench *b)
{
    return heap_mixed(b, take_global, drop_global, heap_evenly);
}

bool local_mix(struct bench *b)
{
    return heap_mixed(b, take_local, drop_local, heap_evenly);
}

bool private_mix(struct bench *b)
{
    own = HeapCreate(0, 0, 0);
    return own != NULL && heap_mixed(b, take_own, drop_own, heap_evenly) && HeapDestroy(own);
}

bool heap_64(struct bench *b)
{
    bool ok = true;

    MEASURE(b, HEAP_TURNS)
    ok &= heap_pair(take, drop);
    return ok;
}

/* --- movable: the block is there between lock and unlock --- */

static bool use_handle(void)
{
    HGLOBAL handle = GlobalAlloc(GMEM_MOVEABLE, 64);
    bool ok = heap_written(GlobalLock(handle)) != NULL;

    GlobalUnlock(handle); /* FALSE: no lock remains */
    return GlobalFree(handle) == NULL && ok;
}

bool movable(struct bench *b)
{
    bool ok = true;

    MEASURE(b, HEAP_TURNS)
    ok &= use_handle();
    return ok;
}

/* --- two threads --- */

HEAP_WORK(replace_own, heap_replace, take, drop)
HEAP_WORK(replace_foreign, heap_replace_foreign, take, drop)

bool heap_threads(struct bench *b)
{
    return heap_side_by_side(b, replace_own, take, drop);
}

bool heap_passed(struct bench *b)
{
    return heap_crossed(b, replace_foreign, take, drop);
}
