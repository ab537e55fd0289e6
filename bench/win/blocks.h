/* blocks.h: blocks from heaps through the Win32 API. */
#ifndef BENCH_BLOCKS_H
#define BENCH_BLOCKS_H

#include <windows.h>

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

/* --- a heap of one's own --- */

static HANDLE own;

static inline bool make_own(void)
{
    own = HeapCreate(0, 0, 0);
    return own != NULL;
}

static inline bool drop_all_own(void)
{
    return HeapDestroy(own) != 0;
}

HEAP_INLINE void *take_own(size_t bytes)
{
    return HeapAlloc(own, 0, bytes);
}

HEAP_INLINE bool drop_own(void *p)
{
    return HeapFree(own, 0, p);
}

/* --- movable: the block is there between lock and unlock --- */

static inline bool use_movable(void)
{
    HGLOBAL handle = GlobalAlloc(GMEM_MOVEABLE, 64);
    bool ok = heap_written(GlobalLock(handle)) != NULL;

    GlobalUnlock(handle); /* FALSE: no lock remains */
    return GlobalFree(handle) == NULL && ok;
}

#endif
