/*
 * script.h: a bit of everything that heaps can do, in a world where a call may fail for lack of memory. Whatever fails
 * says so, has changed nothing, and succeeds when it is tried again.
 */
#ifndef SCRIPT_H
#define SCRIPT_H

#include "heap.h"

#include "heap/heap.h"
#include "heap/store.h"

enum { UNTOUCHED = 77, SCRIPTED = 9 };

/* The test's: how many calls have been made to fail, and whether a call may fail with this error for it. */
static unsigned failures(void);
static bool is_shortage(DWORD error);

static unsigned failures_before, operations_failed;

static inline void begin_call(void)
{
    failures_before = failures();
    SetLastError(UNTOUCHED);
}

/* True: it succeeded. It may fail only where something was made to, and of memory only. */
static inline bool ended_well(bool success)
{
    if (success)
        return true;
    if (failures() == failures_before || !is_shortage(GetLastError()))
        fail_msg("failed with %u, after %u failures", (unsigned)GetLastError(), failures() - failures_before);
    operations_failed++;
    return false;
}

#define TRY(result, call)                                                                                    \
    do {                                                                                                     \
        begin_call();                                                                                        \
        (result) = (call);                                                                                   \
    } while (!ended_well((result) != 0))

/* --- blocks --- */

static inline void script_alloc(HANDLE heap, struct held *held, size_t bytes, DWORD flags)
{
    TRY(held->at, HeapAlloc(heap, flags, bytes));
    held->bytes = bytes;
    assert_int_equal(HeapSize(heap, 0, held->at), bytes);
    assert_true(!(flags & HEAP_ZERO_MEMORY) || is_zero(held->at, 0, bytes));
    write_held(held, bytes);
}

static inline void script_resize(HANDLE heap, struct held *held, size_t bytes, DWORD flags)
{
    uint8_t *at;

    do {
        assert_true(is_held(held) && HeapSize(heap, 0, held->at) == held->bytes);
        begin_call();
        at = HeapReAlloc(heap, flags, held->at, bytes);
        assert_true(at != NULL || bytes > held->bytes); /* less there is always room for */
    } while (!ended_well(at != NULL));
    assert_true(has_stamp(at, bytes, held->bytes, held->stamp));
    if ((flags & HEAP_ZERO_MEMORY) && bytes > held->bytes)
        assert_true(is_zero(at, held->bytes, bytes));
    held->at = at;
    held->bytes = bytes;
    write_held(held, bytes + 1);
}

/* --- the whole heap --- */

static unsigned regions_lost; /* executable regions that were refused at the end of their heap */

static inline void script_end(HANDLE heap, bool executable)
{
    BOOL ended;

    TRY(ended, HeapDestroy(heap));
    regions_lost += executable ? failures() - failures_before : 0;
    SetLastError(UNTOUCHED);
    assert_false(HeapDestroy(heap));
    assert_int_equal(GetLastError(), ERROR_INVALID_HANDLE);
}

static inline size_t walked(HANDLE heap)
{
    PROCESS_HEAP_ENTRY entry;
    size_t blocks;
    DWORD error;

    do {
        begin_call();
        entry = (PROCESS_HEAP_ENTRY){0};
        for (blocks = 0; HeapWalk(heap, &entry);)
            blocks += (entry.wFlags & PROCESS_HEAP_ENTRY_BUSY) != 0;
        error = GetLastError();
    } while (!ended_well(error == ERROR_NO_MORE_ITEMS));
    return blocks;
}

static inline HEAP_SUMMARY summary(HANDLE heap)
{
    HEAP_SUMMARY result = {.cb = sizeof result};

    assert_true(HeapSummary(heap, 0, &result));
    return result;
}

static inline void script_look(HANDLE heap, const struct held *held, size_t count)
{
    HANDLE handles[64];
    DWORD heaps;
    size_t bytes = 0;

    for (size_t i = 0; i < count; i++) {
        assert_true(is_held(&held[i]));
        bytes += held[i].bytes;
    }
    assert_true(HeapValidate(heap, 0, NULL));
    assert_int_equal(summary(heap).cbAllocated, bytes);
    assert_int_equal(walked(heap), count);
    TRY(heaps, GetProcessHeaps(64, handles));
    assert_in_range(heaps, 2, 64);
    assert_ptr_equal(handles[heaps - 1], heap);
}

static inline void script_heap(DWORD options, size_t maximum)
{
    static const size_t sizes[SCRIPTED] = {0, 1, 15, 16, 100, 5000, 70000, 200000, 500000};
    size_t large = maximum == 0 ? 3 * MiB : MiB / 2;
    struct held held[SCRIPTED];
    HANDLE heap;

    TRY(heap, HeapCreate(options, 0, maximum));
    for (size_t i = 0; i < SCRIPTED; i++)
        script_alloc(heap, &held[i], sizes[i], i % 2 ? HEAP_ZERO_MEMORY : 0);
    script_look(heap, held, SCRIPTED);
    for (size_t i = 0; i < SCRIPTED; i++)
        script_resize(heap, &held[i], held[i].bytes + 20, HEAP_ZERO_MEMORY);
    script_resize(heap, &held[5], 2000, 0);                          /* keeps what it has */
    script_resize(heap, &held[5], 3000, HEAP_REALLOC_IN_PLACE_ONLY); /* and grows into it */
    script_resize(heap, &held[6], 10, 0);                            /* gives it back */
    script_resize(heap, &held[6], 2, HEAP_REALLOC_IN_PLACE_ONLY);
    script_resize(heap, &held[8], large, HEAP_ZERO_MEMORY);
    script_resize(heap, &held[8], large + large / 2, 0);
    script_resize(heap, &held[8], large / 2, HEAP_REALLOC_IN_PLACE_ONLY);
    script_resize(heap, &held[8], 1000, 0);
    script_look(heap, held, SCRIPTED);
    for (size_t i = 0; i < SCRIPTED / 2; i++)
        assert_true(HeapFree(heap, 0, held[i].at));
    script_look(heap, held + SCRIPTED / 2, SCRIPTED - SCRIPTED / 2);
    script_end(heap, (options & HEAP_CREATE_ENABLE_EXECUTE) != 0);
}

/* --- Global memory --- */

static inline void script_global(struct held *held, UINT flags, size_t bytes)
{
    TRY(held->handle, GlobalAlloc(flags, bytes));
    held->bytes = bytes;
    held->at = GlobalLock(held->handle);
    assert_int_equal(GlobalSize(held->handle), bytes);
    write_held(held, bytes);
    GlobalUnlock(held->handle);
}

static inline void script_global_resize(struct held *held, UINT flags, size_t bytes)
{
    HGLOBAL handle;

    do {
        assert_int_equal(GlobalSize(held->handle), held->bytes);
        held->at = GlobalLock(held->handle);
        assert_true(is_held(held));
        GlobalUnlock(held->handle);
        begin_call();
        handle = GlobalReAlloc(held->handle, bytes, flags);
    } while (!ended_well(handle != NULL));
    held->handle = handle;
    held->at = GlobalLock(handle);
    assert_int_equal(GlobalSize(handle), bytes);
    assert_true(has_stamp(held->at, bytes, held->bytes, held->stamp));
    held->bytes = bytes;
    write_held(held, bytes + 1);
    GlobalUnlock(handle);
}

static inline void script_discard(struct held *held)
{
    HGLOBAL handle;

    assert_ptr_equal(GlobalDiscard(held->handle), held->handle);
    assert_int_equal(GlobalFlags(held->handle) & GMEM_DISCARDED, GMEM_DISCARDED);
    TRY(handle, GlobalReAlloc(held->handle, 500, GMEM_MOVEABLE | GMEM_ZEROINIT));
    assert_ptr_equal(handle, held->handle);
    held->at = GlobalLock(handle);
    held->bytes = 500;
    assert_true(is_zero(held->at, 0, 500));
    write_held(held, 500);
    GlobalUnlock(handle);
}

static inline void script_modify(struct held *held)
{
    HGLOBAL handle;

    TRY(handle, GlobalReAlloc(held->handle, 0, GMEM_MODIFY | GMEM_MOVEABLE));
    assert_ptr_not_equal(handle, held->at);
    assert_ptr_equal(GlobalLock(handle), held->at);
    assert_true(is_held(held));
    GlobalUnlock(handle);
    held->handle = handle;
}

static inline void script_global_memory(void)
{
    struct held movable, fixed, large;

    script_global(&movable, GMEM_MOVEABLE | GMEM_DISCARDABLE, 100);
    script_global(&fixed, GMEM_FIXED, 200);
    script_global(&large, GMEM_MOVEABLE, 2 * MiB);
    script_global_resize(&movable, 0, 10000);
    script_global_resize(&movable, GMEM_MOVEABLE, 30);
    script_global_resize(&fixed, GMEM_MOVEABLE, 20000);
    script_global_resize(&large, GMEM_ZEROINIT, 5 * MiB);
    script_global_resize(&large, 0, 4000);
    script_discard(&movable);
    script_modify(&fixed);
    script_global_resize(&fixed, 0, 40000);
    assert_true(HeapValidate(GetProcessHeap(), 0, NULL));
    assert_int_equal(walked(GetProcessHeap()), 3);
    assert_null(GlobalFree(movable.handle));
    assert_null(GlobalFree(fixed.handle));
    assert_null(GlobalFree(large.handle));
}

/* --- all of it --- */

static inline void script(void)
{
    HANDLE process;
    DWORD heaps;

    TRY(process, GetProcessHeap());
    script_heap(0, 0);
    script_heap(HEAP_CREATE_ENABLE_EXECUTE, 0);
    script_heap(HEAP_NO_SERIALIZE, 4 * MiB);
    script_global_memory();
    assert_int_equal(summary(process).cbAllocated, 0);
    TRY(heaps, GetProcessHeaps(0, NULL));
    assert_int_equal(heaps, 1);
}

/* What the process's heap keeps, and its only thread. */
static inline long table_parts(void)
{
    long parts = wm_store_mine() != NULL;

    for (unsigned t = 0; t < WM_HEAP_TABLES; t++)
        for (unsigned i = 0; i < WM_SLOT_CHUNKS; i++)
            parts += wm_process_heap.tables[t].chunks[i].slots != NULL;
    return parts;
}

#endif
