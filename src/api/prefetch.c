/*
 * prefetch.c: PrefetchVirtualMemory: memory that will be needed soon.
 *
 * It is a hint, and nothing depends on it: contents and states stay, and memory that nobody has touched stays
 * untouched (D9.4b, L115). All entries are judged before the first is acted on. What is not mapped is passed
 * over; what wraps around the address space is a mistake (O112, L116).
 *
 * The entries are read again when they are acted on, since copying them might need memory. Another thread may
 * have changed them by then: an entry that makes no sense any more is left out.
 */
#include <string.h>

#include "api/edge.h"
#include "kern/map/mapping.h"
#include "vm/ops.h"

/* The caller's entries need not be aligned. */
static WIN32_MEMORY_RANGE_ENTRY entry_at(const WIN32_MEMORY_RANGE_ENTRY *entries, size_t index)
{
    WIN32_MEMORY_RANGE_ENTRY entry;

    memcpy(&entry, (const char *)entries + index * sizeof entry, sizeof entry);
    return entry;
}

static bool is_range(WIN32_MEMORY_RANGE_ENTRY entry)
{
    return entry.NumberOfBytes != 0 && (uintptr_t)entry.VirtualAddress <= UINTPTR_MAX - entry.NumberOfBytes;
}

static wm_status check(ULONG_PTR count, const WIN32_MEMORY_RANGE_ENTRY *entries, ULONG flags)
{
    wm_status st;

    if (flags != 0)
        return WM_FLAGS_NOT_ZERO;
    if (count == 0)
        return WM_ENTRY_COUNT;
    if (count > SIZE_MAX / sizeof *entries)
        return WM_POINTER;
    st = wm_edge_legible(entries, count * sizeof *entries);
    for (size_t i = 0; i < count && wm_ok(st); i++)
        st = is_range(entry_at(entries, i)) ? WM_OK : WM_ENTRY_EMPTY;
    return st;
}

/* Only what can be an address here: the rest is not mapped, and not mapped is no error. */
static void prefetch(WIN32_MEMORY_RANGE_ENTRY entry)
{
    struct wm_range space = {0, WM_SPACE_END};
    uintptr_t start = (uintptr_t)entry.VirtualAddress;
    struct wm_range bytes = wm_range_cut((struct wm_range){start, start + entry.NumberOfBytes}, space);

    if (bytes.start < bytes.end)
        wm_kern_will_need(wm_range_pages(bytes.start, wm_range_bytes(bytes)));
}

static wm_status prefetch_in(HANDLE process, ULONG_PTR count, const WIN32_MEMORY_RANGE_ENTRY *entries,
                             ULONG flags)
{
    wm_status st = check(count, entries, flags);

    if (wm_ok(st))
        st = wm_edge_self(process, PROCESS_VM_OPERATION);
    for (size_t i = 0; i < count && wm_ok(st); i++)
        if (is_range(entry_at(entries, i)))
            prefetch(entry_at(entries, i));
    return st;
}

BOOL WINAPI PrefetchVirtualMemory(HANDLE hProcess, ULONG_PTR NumberOfEntries,
                                  PWIN32_MEMORY_RANGE_ENTRY VirtualAddresses, ULONG Flags)
{
    wm_status st = prefetch_in(hProcess, NumberOfEntries, VirtualAddresses, Flags);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hProcess), WM_HEX(NumberOfEntries), WM_HEX(VirtualAddresses),
             WM_HEX(Flags));
    return wm_edge_bool(st);
}
