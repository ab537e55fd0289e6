/*
 * virtualquery.c: VirtualQuery, VirtualQueryEx, QueryVirtualMemoryInformation: what is at an address.
 *
 * The answer is one of vm's regions in the words of Windows. It was true at the moment of asking, and nothing
 * is locked for it, so another thread may have changed the memory since. Memory of this library is described
 * without a system call, also in a signal handler.
 *
 * The buffer is filled last and at once. Before, it is asked whether it can be written, because a wild
 * pointer is error 998 and not a crash; a local of the caller is not asked about (edge.h), since that
 * question would cost more than the answer. A length beyond the structure's is as good as the exact one
 * (O74).
 *
 * The kernel's mappings are not the regions of Windows: it merges equal neighbours, and splits what differs
 * in protection. vm/memory/query.c makes regions of them; nothing here knows of mappings.
 */
#include <stddef.h>
#include <string.h>

#include <ntifs.h>

#include "api/arguments.h"
#include "api/edge.h"
#include "api/virtualmemory.h"
#include "core/extent.h"
#include "remote/regions.h"

static const DWORD states[] = {
    [WM_REGION_FREE] = MEM_FREE, [WM_REGION_RESERVED] = MEM_RESERVE, [WM_REGION_COMMITTED] = MEM_COMMIT};

static const DWORD types[] = {[WM_TYPE_NONE] = 0,
                              [WM_TYPE_PRIVATE] = MEM_PRIVATE,
                              [WM_TYPE_MAPPED] = MEM_MAPPED,
                              [WM_TYPE_IMAGE] = MEM_IMAGE};

/* Into a copy first: a caller's buffer need not be aligned. */
static void fill(const struct wm_region *region, PMEMORY_BASIC_INFORMATION out)
{
    MEMORY_BASIC_INFORMATION info = {
        .BaseAddress = (PVOID)region->range.start,
        .AllocationBase = (PVOID)region->allocation.start,
        .AllocationProtect = region->alloc_protect,
        .RegionSize = wm_range_bytes(region->range),
        .State = states[region->state],
        .Protect = region->protect,
        .Type = types[region->type],
    };

    memcpy(out, &info, sizeof info);
}

static wm_status region_of(HANDLE process, uintptr_t address, struct wm_region *out)
{
    WM_TARGET target = {0};
    wm_status st = wm_edge_target(process, PROCESS_QUERY_LIMITED_INFORMATION, &target);

    return wm_ok(st) ? wm_remote_query(&target, address, out) : st;
}

/* One's own is the common case: no handle to look up. */
static wm_status region_in(HANDLE process, uintptr_t address, struct wm_region *out)
{
    return (uintptr_t)process == WM_THIS_PROCESS ? wm_op_query(address, out)
                                                 : region_of(process, address, out);
}

wm_status wm_query_basic(HANDLE process, LPCVOID address, PMEMORY_BASIC_INFORMATION buffer, SIZE_T length)
{
    struct wm_region region;
    wm_status st = length < sizeof *buffer ? WM_BUFFER_SHORT : wm_edge_writable(buffer, sizeof *buffer);

    if (wm_ok(st))
        st = region_in(process, (uintptr_t)address, &region);
    if (wm_ok(st))
        fill(&region, buffer);
    return st;
}

SIZE_T WINAPI VirtualQuery(LPCVOID lpAddress, PMEMORY_BASIC_INFORMATION lpBuffer, SIZE_T dwLength)
{
    wm_status st = wm_query_basic(GetCurrentProcess(), lpAddress, lpBuffer, dwLength);

    WM_TRACE(st, WM_RETURNS(WM_HEX(sizeof *lpBuffer)), WM_HEX(lpAddress), WM_HEX(lpBuffer), WM_HEX(dwLength));
    return wm_edge_bool(st) ? sizeof *lpBuffer : 0;
}

SIZE_T WINAPI VirtualQueryEx(HANDLE hProcess, LPCVOID lpAddress, PMEMORY_BASIC_INFORMATION lpBuffer,
                             SIZE_T dwLength)
{
    wm_status st = wm_query_basic(hProcess, lpAddress, lpBuffer, dwLength);

    WM_TRACE(st, WM_RETURNS(WM_HEX(sizeof *lpBuffer)), WM_HEX(hProcess), WM_HEX(lpAddress), WM_HEX(lpBuffer),
             WM_HEX(dwLength));
    return wm_edge_bool(st) ? sizeof *lpBuffer : 0;
}

/*
 * None for private memory and for views of unnamed sections (O81). What an allocation was made for is told by bits that only the
 * native structure has (L660).
 */
static void tell_flags(const struct wm_region *region, MEMORY_REGION_INFORMATION *out)
{
    out->MappedPhysical = out->MappedAwe = (region->traits & WM_TRAIT_PHYSICAL) != 0;
    out->MappedDataFile =
        region->ours ? (region->traits & WM_TRAIT_FILE) != 0 : region->type == WM_TYPE_MAPPED;
    out->MappedImage = region->type == WM_TYPE_IMAGE;
    out->PlaceholderReservation = region->placeholder;
    out->MappedWriteWatch = (region->traits & WM_TRAIT_WATCHED) != 0;
    out->PageSizeLarge = (region->traits & WM_TRAIT_LARGE) != 0;
}

/*
 * Asked about the allocation and not about pages: any address in it gets the same answer (O80), a piece of a
 * placeholder answers for itself (O83), and a free address belongs to nothing, 59 (O85).
 */
static wm_status describe(const struct wm_target *target, uintptr_t address, bool count,
                          MEMORY_REGION_INFORMATION *out)
{
    struct wm_region region;
    size_t committed = 0;
    wm_status st = address >= WM_SPACE_END ? WM_QUERY_TOO_HIGH : wm_remote_query(target, address, &region);

    if (wm_ok(st) && region.state == WM_REGION_FREE)
        st = WM_QUERY_FREE;
    if (wm_ok(st) && count)
        st = wm_remote_committed(target, &region, &committed);
    if (!wm_ok(st))
        return st;
    memset(out, 0, sizeof *out);
    out->AllocationBase = (PVOID)region.allocation.start;
    out->AllocationProtect = region.alloc_protect;
    tell_flags(&region, out);
    out->RegionSize = wm_range_bytes(region.allocation);
    out->CommitSize = committed;
    return WM_OK;
}

static wm_status describe_in(HANDLE process, uintptr_t address, bool count, MEMORY_REGION_INFORMATION *out)
{
    WM_TARGET target = {0};
    wm_status st = wm_edge_target(process, PROCESS_QUERY_LIMITED_INFORMATION, &target);

    return wm_ok(st) ? describe(&target, address, count, out) : st;
}

/*
 * Callers that were built before CommitSize was added pass a shorter buffer. For them it is not counted, which can take
 * longer than all else.
 */
wm_status wm_query_allocation(HANDLE process, LPCVOID address, DWORD flags, PVOID buffer, SIZE_T length,
                              PSIZE_T returned)
{
    MEMORY_REGION_INFORMATION info; /* the documented one is the same, but for the names of its bits */
    size_t bytes = length < sizeof info ? length : sizeof info;
    wm_status st = WM_OK;

    if (length < offsetof(MEMORY_REGION_INFORMATION, CommitSize))
        return WM_BUFFER_SHORT;
    st = wm_edge_fillable(buffer, bytes);
    if (wm_ok(st) && returned != NULL)
        st = wm_edge_fillable(returned, sizeof *returned);
    if (wm_ok(st))
        st = describe_in(process, (uintptr_t)address, bytes > offsetof(MEMORY_REGION_INFORMATION, CommitSize),
                         &info);
    if (!wm_ok(st))
        return st;
    info.RegionType &= flags;
    memcpy(buffer, &info, bytes);
    if (returned != NULL)
        memcpy(returned, &bytes, sizeof bytes);
    return WM_OK;
}

BOOL WINAPI QueryVirtualMemoryInformation(HANDLE Process, const VOID *VirtualAddress,
                                          WIN32_MEMORY_INFORMATION_CLASS MemoryInformationClass,
                                          PVOID MemoryInformation, SIZE_T MemoryInformationSize,
                                          PSIZE_T ReturnSize)
{
    wm_status st = MemoryInformationClass == MemoryRegionInfo ? WM_OK : WM_CLASS_UNKNOWN;

    if (wm_ok(st))
        st = wm_query_allocation(Process, VirtualAddress, WM_FLAGS_DOCUMENTED, MemoryInformation,
                                 MemoryInformationSize, ReturnSize);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(Process), WM_HEX(VirtualAddress), WM_DECIMAL(MemoryInformationClass),
             WM_HEX(MemoryInformation), WM_HEX(MemoryInformationSize), WM_HEX(ReturnSize));
    return wm_edge_bool(st);
}
