/*
 * heapwalk.c: HeapWalk, HeapSummary, HeapCompact: what is in a heap.
 *
 * Programs expect what a walk shows of a heap on Windows (O226): the heap's region, its blocks by address,
 * what is free of the region's committed pages, and the pages that are only reserved. Here the region is what
 * lies at the heap's handle, and blocks lie where malloc has put them, so they are not between its ends (O227
 * holds, O228 does not). Bytes of blocks are exact (O229); what is said of overhead and of the region is our
 * own.
 *
 * A walk has no state but the entry that the program brings back, so several go on at once (D11.4d). The
 * entry is copied, judged and written back whole: one that was changed meanwhile is 87 and not a wild read
 * (L94).
 */
#include <string.h>

#include "api/heaps.h"
#include "heap/movable.h"
#include "heap/walk.h"

enum { DOOR = 16, FREE_OVERHEAD = 32, BLOCK_OVERHEAD = WM_BLOCK_HEADER + sizeof(uint64_t) };

/* --- entries --- */

static DWORD cut_to_dword(size_t bytes)
{
    return bytes > UINT32_MAX ? UINT32_MAX : (DWORD)bytes;
}

static PROCESS_HEAP_ENTRY region_entry(const struct wm_heap *heap)
{
    PROCESS_HEAP_ENTRY entry = {
        .lpData = (void *)heap->handle, .cbData = DOOR, .wFlags = PROCESS_HEAP_REGION};

    entry.Region.dwCommittedSize = cut_to_dword(heap->committed);
    entry.Region.dwUnCommittedSize = cut_to_dword(heap->reserved - heap->committed);
    entry.Region.lpFirstBlock = (void *)(heap->handle + DOOR + FREE_OVERHEAD);
    entry.Region.lpLastBlock = (void *)(heap->handle + heap->reserved);
    return entry;
}

/*
 * The committed page at the handle, behind the words that lead to the heap: free for ever, since blocks lie
 * elsewhere.
 */
static PROCESS_HEAP_ENTRY free_entry(const struct wm_heap *heap)
{
    PROCESS_HEAP_ENTRY entry = {.lpData = (void *)(heap->handle + DOOR + FREE_OVERHEAD),
                                .cbData = (DWORD)heap->committed - DOOR - FREE_OVERHEAD,
                                .cbOverhead = FREE_OVERHEAD};

    return entry;
}

static PROCESS_HEAP_ENTRY uncommitted_entry(const struct wm_heap *heap)
{
    PROCESS_HEAP_ENTRY entry = {.lpData = (void *)(heap->handle + heap->committed),
                                .cbData = cut_to_dword(heap->reserved - heap->committed),
                                .wFlags = PROCESS_HEAP_UNCOMMITTED_RANGE};

    return entry;
}

static PROCESS_HEAP_ENTRY block_entry(const struct wm_visited *visited)
{
    PROCESS_HEAP_ENTRY entry = {.lpData = (void *)visited->block.at,
                                .cbData = cut_to_dword(visited->block.bytes),
                                .cbOverhead = BLOCK_OVERHEAD,
                                .wFlags = PROCESS_HEAP_ENTRY_BUSY};

    if (visited->block.table == WM_HEAP_MOVABLE) {
        entry.wFlags |= PROCESS_HEAP_ENTRY_MOVEABLE;
        entry.Block.hMem = (HANDLE)wm_movable_of(visited->block.slot, visited->word);
    }
    return entry;
}

/* --- walking --- */

static wm_status next_block(struct wm_heap *heap, uintptr_t after, PROCESS_HEAP_ENTRY *entry)
{
    struct wm_visited visited;
    wm_status st = wm_walk_next(heap, after, &visited);

    if (wm_ok(st))
        *entry = block_entry(&visited);
    if (st != WM_HEAP_WALKED)
        return st;
    *entry = free_entry(heap);
    return WM_OK;
}

/*
 * What kind of entry the last one was says where the walk stands; *entry becomes the next. At the end the
 * picture of the heap that the walk has used is dropped (heap/walk.h).
 */
static wm_status next_entry(struct wm_heap *heap, PROCESS_HEAP_ENTRY *entry)
{
    wm_status st;

    if (entry->lpData == NULL) {
        *entry = region_entry(heap);
        return WM_OK;
    }
    if (entry->wFlags & PROCESS_HEAP_UNCOMMITTED_RANGE) {
        st = wm_picture_drop(heap);
        return wm_ok(st) ? WM_HEAP_WALKED : st;
    }
    if (entry->wFlags & PROCESS_HEAP_REGION)
        return next_block(heap, 0, entry);
    if (entry->wFlags & PROCESS_HEAP_ENTRY_BUSY)
        return next_block(heap, (uintptr_t)entry->lpData, entry);
    if (entry->wFlags != 0)
        return WM_HEAP_ENTRY;
    *entry = uncommitted_entry(heap);
    return WM_OK;
}

static wm_status walk(HANDLE handle, LPPROCESS_HEAP_ENTRY entry)
{
    PROCESS_HEAP_ENTRY copy;
    struct wm_heap *heap;
    wm_status st = wm_edge_heap(handle, &heap);

    if (wm_ok(st))
        st = wm_edge_fillable(entry, sizeof copy);
    if (!wm_ok(st))
        return st;
    copy = *entry;
    st = next_entry(heap, &copy);
    if (wm_ok(st))
        *entry = copy;
    return st;
}

BOOL WINAPI HeapWalk(HANDLE hHeap, LPPROCESS_HEAP_ENTRY lpEntry)
{
    wm_status st = walk(hHeap, lpEntry);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hHeap), WM_HEX(lpEntry));
    return wm_edge_bool(st);
}

/* --- sums --- */

/*
 * What is committed and reserved is an estimate: malloc's memory belongs to all heaps, so a heap is charged
 * with its blocks, their headers and its own region (O225).
 */
static HEAP_SUMMARY summary_of(const struct wm_heap *heap)
{
    HEAP_SUMMARY summary = {.cb = sizeof summary};
    struct wm_heap_sum sum;

    wm_heap_sum(heap, &sum);
    summary.cbAllocated = sum.bytes;
    summary.cbCommitted = sum.bytes + sum.overhead + heap->committed;
    summary.cbReserved = sum.bytes + sum.overhead + heap->reserved;
    summary.cbMaxReserve = heap->nature.maximum != 0 ? heap->nature.maximum : summary.cbReserved;
    return summary;
}

static wm_status summarize(HANDLE handle, LPHEAP_SUMMARY summary)
{
    struct wm_heap *heap;
    wm_status st = wm_edge_heap(handle, &heap);

    if (wm_ok(st))
        st = wm_edge_fillable(summary, sizeof *summary);
    if (!wm_ok(st))
        return st;
    if (summary->cb != sizeof *summary)
        return WM_LENGTH_WRONG;
    *summary = summary_of(heap);
    return WM_OK;
}

BOOL WINAPI HeapSummary(HANDLE hHeap, DWORD dwFlags, LPHEAP_SUMMARY lpSummary)
{
    wm_status st = summarize(hHeap, lpSummary);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hHeap), WM_HEX(dwFlags), WM_HEX(lpSummary));
    return wm_edge_bool(st);
}

SIZE_T WINAPI HeapCompact(HANDLE hHeap, DWORD dwFlags)
{
    struct wm_heap *heap;
    SIZE_T largest = 0;
    wm_status st = wm_edge_heap_to_change(hHeap, dwFlags, &heap);

    if (wm_ok(st) && !wm_malloc_trim())
        st = WM_REENTERED;
    if (wm_ok(st))
        largest = free_entry(heap).cbData;
    WM_TRACE(st, WM_RETURNS(WM_HEX(largest)), WM_HEX(hHeap), WM_HEX(dwFlags));
    return wm_edge_bool(st) ? largest : 0;
}
