/*
 * ntmemory.c: the native functions that allocate, free, protect, lock, flush and copy memory.
 *
 * They are the other surface of VirtualAlloc and its kin: the same requests, the same operations. Base and size come in and
 * go out by pointers, rounded to the pages that were meant (to the allocation, where a size of 0 names it), and both are left
 * alone when the call fails. The answer is the NTSTATUS of the rule that was broken, and the last error is left alone. NULL is
 * no process (O29, O43).
 *
 * Two things they do that the Win32 functions do not: NtFreeVirtualMemory releases a part of an allocation (O47), and
 * NtWriteVirtualMemory stops at pages that are not writable, code or not (O211, O212).
 */
#include <ntifs.h>
#include <string.h>

#include "api/arguments.h"
#include "api/edge.h"
#include "api/virtualmemory.h"
#include "api/zerobits.h"
#include "remote/copying.h"
#include "remote/target.h"

/* Where base and size come in and go out, and what came in. */
struct place {
    PVOID *base_at;
    SIZE_T *size_at;
    uintptr_t base;
    size_t size;
};

static wm_status read_place(PVOID *base_at, SIZE_T *size_at, struct place *place)
{
    wm_status st = wm_edge_fillable(base_at, sizeof *base_at);

    if (wm_ok(st))
        st = wm_edge_fillable(size_at, sizeof *size_at);
    if (!wm_ok(st))
        return st;
    *place = (struct place){.base_at = base_at, .size_at = size_at};
    memcpy(&place->base, base_at, sizeof place->base);
    memcpy(&place->size, size_at, sizeof place->size);
    return WM_OK;
}

static void write_place(const struct place *place, uintptr_t base, size_t size)
{
    memcpy(place->base_at, &base, sizeof base);
    memcpy(place->size_at, &size, sizeof size);
}

static void write_pages(const struct place *place)
{
    struct wm_range r = wm_range_pages(place->base, place->size);

    write_place(place, r.start, wm_range_bytes(r));
}

/* --- allocating --- */

static wm_status set_zero_bits(struct wm_alloc_req *req, const struct place *place, ULONG_PTR zero_bits)
{
    uintptr_t highest;

    if (zero_bits == 0)
        return WM_OK;
    if (!wm_ok(wm_zero_bits_bound(zero_bits, &highest)))
        return WM_NT_ALLOC_ZERO_BITS;
    if (place->base != 0)
        return place->base < highest && place->size <= highest - place->base ? WM_OK : WM_NT_ALLOC_ZERO_BITS;
    req->bounds.highest = highest;
    req->bounds.given = true;
    return WM_OK;
}

static wm_status allocate(HANDLE process, const struct place *place, struct wm_alloc_req *req)
{
    wm_status st = wm_allocate_in(process, req);

    if (wm_ok(st))
        write_place(place, req->result, wm_range_bytes(req->at));
    return st;
}

NTSTATUS NTAPI NtAllocateVirtualMemory(HANDLE ProcessHandle, PVOID *BaseAddress, ULONG_PTR ZeroBits,
                                       PSIZE_T RegionSize, ULONG AllocationType, ULONG Protect)
{
    struct wm_alloc_req req = {.result = 0};
    struct place place = {0};
    wm_status st = read_place(BaseAddress, RegionSize, &place);

    if (wm_ok(st))
        st = wm_alloc_req_set(&req, WM_FAMILY_CLASSIC, (void *)place.base, place.size, AllocationType,
                              Protect);
    if (wm_ok(st))
        st = set_zero_bits(&req, &place, ZeroBits);
    if (wm_ok(st))
        st = allocate(ProcessHandle, &place, &req);
    WM_TRACE(st, WM_RETURNS(WM_HEX(req.result)), WM_HEX(ProcessHandle), WM_HEX(place.base), WM_HEX(ZeroBits),
             WM_HEX(place.size), WM_ALLOC_FLAGS(AllocationType), WM_PROTECTION(Protect));
    return wm_edge_nt(st);
}

NTSTATUS NTAPI NtAllocateVirtualMemoryEx(HANDLE ProcessHandle, PVOID *BaseAddress, PSIZE_T RegionSize,
                                         ULONG AllocationType, ULONG PageProtection,
                                         PMEM_EXTENDED_PARAMETER ExtendedParameters,
                                         ULONG ExtendedParameterCount)
{
    struct wm_alloc_req req = {.result = 0};
    struct place place = {0};
    wm_status st = read_place(BaseAddress, RegionSize, &place);

    if (wm_ok(st))
        st = wm_alloc_req_set(&req, WM_FAMILY_TWO, (void *)place.base, place.size, AllocationType,
                              PageProtection);
    if (wm_ok(st))
        st = wm_allocate_extend(&req, (void *)place.base, ExtendedParameters, ExtendedParameterCount);
    if (wm_ok(st))
        st = allocate(ProcessHandle, &place, &req);
    WM_TRACE(st, WM_RETURNS(WM_HEX(req.result)), WM_HEX(ProcessHandle), WM_HEX(place.base),
             WM_HEX(place.size), WM_ALLOC_FLAGS(AllocationType), WM_PROTECTION(PageProtection),
             WM_HEX(ExtendedParameters), WM_DECIMAL(ExtendedParameterCount));
    return wm_edge_nt(st);
}

/* --- freeing --- */

/* A decommit of a whole allocation tells where it begins, and a size of 0 (O45). */
static wm_status free_in(HANDLE process, const struct place *place, ULONG type)
{
    struct wm_free_req req;
    wm_status st = wm_free_req_set_native(&req, (void *)place->base, place->size, type);

    if (wm_ok(st))
        st = wm_on_free((uintptr_t)process, &req);
    if (wm_ok(st))
        write_place(place, req.freed.start,
                    place->size == 0 && req.kind == WM_FREE_DECOMMIT ? 0 : wm_range_bytes(req.freed));
    return st;
}

NTSTATUS NTAPI NtFreeVirtualMemory(HANDLE ProcessHandle, PVOID *BaseAddress, PSIZE_T RegionSize,
                                   ULONG FreeType)
{
    struct place place = {0};
    wm_status st = read_place(BaseAddress, RegionSize, &place);

    if (wm_ok(st))
        st = free_in(ProcessHandle, &place, FreeType);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(ProcessHandle), WM_HEX(place.base), WM_HEX(place.size),
             WM_FREE_FLAGS(FreeType));
    return wm_edge_nt(st);
}

/* --- protecting --- */

NTSTATUS NTAPI NtProtectVirtualMemory(HANDLE ProcessHandle, PVOID *BaseAddress, PSIZE_T RegionSize,
                                      ULONG NewProtect, PULONG OldProtect)
{
    struct place place = {0};
    wm_status st = read_place(BaseAddress, RegionSize, &place);

    if (wm_ok(st))
        st = wm_protect_in(ProcessHandle, (void *)place.base, place.size, NewProtect, OldProtect);
    if (wm_ok(st))
        write_pages(&place);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(ProcessHandle), WM_HEX(place.base), WM_HEX(place.size),
             WM_PROTECTION(NewProtect), WM_HEX(OldProtect));
    return wm_edge_nt(st);
}

/* --- locking --- */

enum { MAP_BOTH = MAP_PROCESS | MAP_SYSTEM };

static wm_status check_locking(PVOID *base_at, SIZE_T *size_at, ULONG type, struct place *place)
{
    wm_status st = read_place(base_at, size_at, place);

    if (wm_ok(st) && (type & MAP_BOTH) == 0)
        st = WM_NT_MAP_TYPE;
    if (wm_ok(st) && type & ~(ULONG)MAP_BOTH)
        st = WM_NT_MAP_TYPE;
    if (wm_ok(st) && type & MAP_SYSTEM)
        st = WM_NT_MAP_SYSTEM;
    return wm_ok(st) ? wm_check_range(place->base, place->size) : st;
}

NTSTATUS NTAPI NtLockVirtualMemory(HANDLE ProcessHandle, PVOID *BaseAddress, PSIZE_T RegionSize,
                                   ULONG MapType)
{
    struct place place = {0};
    wm_status st = check_locking(BaseAddress, RegionSize, MapType, &place);

    if (wm_ok(st))
        st = wm_edge_self(ProcessHandle, PROCESS_VM_OPERATION);
    if (wm_ok(st))
        st = wm_op_lock(wm_range_pages(place.base, place.size));
    if (wm_ok(st))
        write_pages(&place);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(ProcessHandle), WM_HEX(place.base), WM_HEX(place.size),
             WM_HEX(MapType));
    return wm_edge_nt(st);
}

NTSTATUS NTAPI NtUnlockVirtualMemory(HANDLE ProcessHandle, PVOID *BaseAddress, PSIZE_T RegionSize,
                                     ULONG MapType)
{
    struct wm_unlock_req req;
    struct place place = {0};
    wm_status st = check_locking(BaseAddress, RegionSize, MapType, &place);

    req.at = wm_ok(st) ? wm_range_pages(place.base, place.size) : (struct wm_range){0, 0};
    if (wm_ok(st))
        st = wm_on_unlock((uintptr_t)ProcessHandle, &req);
    if (wm_ok(st))
        write_pages(&place);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(ProcessHandle), WM_HEX(place.base), WM_HEX(place.size),
             WM_HEX(MapType));
    return wm_edge_nt(st);
}

/* --- flushing --- */

/* With size 0 it is the rest of the view. */
static wm_status flush(struct place *place)
{
    struct wm_region region;
    wm_status st = wm_op_query(place->base, &region);

    if (wm_ok(st))
        st = wm_op_flush_view(place->base, place->size);
    if (wm_ok(st) && place->size == 0)
        place->size = region.allocation.end - place->base;
    if (wm_ok(st))
        write_pages(place);
    return st;
}

NTSTATUS NTAPI NtFlushVirtualMemory(HANDLE ProcessHandle, PVOID *BaseAddress, PSIZE_T RegionSize,
                                    PIO_STATUS_BLOCK IoStatus)
{
    IO_STATUS_BLOCK told = {.Information = 0};
    struct place place = {0};
    wm_status st = read_place(BaseAddress, RegionSize, &place);

    if (wm_ok(st))
        st = wm_edge_fillable(IoStatus, sizeof *IoStatus);
    if (wm_ok(st))
        st = wm_edge_self(ProcessHandle, PROCESS_VM_OPERATION);
    if (wm_ok(st)) {
        st = flush(&place);
        told.Status = (NTSTATUS)wm_status_nt(st);
        memcpy(IoStatus, &told, sizeof told);
    }
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(ProcessHandle), WM_HEX(place.base), WM_HEX(place.size),
             WM_HEX(IoStatus));
    return wm_edge_nt(st);
}

/* --- copying --- */

typedef wm_status copy_fn(const struct wm_target *target, uintptr_t to, uintptr_t from, size_t bytes,
                          size_t *done);

struct copy {
    copy_fn *how;
    DWORD rights;
    uintptr_t to, from;
    size_t bytes;
    SIZE_T *count; /* NULL: nobody is told */
};

static wm_status copy_in(HANDLE process, const struct copy *copy)
{
    WM_TARGET target = {0};
    size_t done = 0;
    wm_status st = copy->count == NULL ? WM_OK : wm_edge_fillable(copy->count, sizeof *copy->count);

    if (wm_ok(st))
        st = wm_edge_target(process, copy->rights, &target);
    if (!wm_ok(st))
        return st;
    st = copy->how(&target, copy->to, copy->from, copy->bytes, &done);
    if (copy->count != NULL)
        memcpy(copy->count, &done, sizeof done);
    return st;
}

NTSTATUS NTAPI NtReadVirtualMemory(HANDLE ProcessHandle, PVOID BaseAddress, PVOID Buffer,
                                   SIZE_T NumberOfBytesToRead, PSIZE_T NumberOfBytesRead)
{
    const struct copy copy = {wm_remote_read,         PROCESS_VM_READ,     (uintptr_t)Buffer,
                              (uintptr_t)BaseAddress, NumberOfBytesToRead, NumberOfBytesRead};
    wm_status st = copy_in(ProcessHandle, &copy);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(ProcessHandle), WM_HEX(BaseAddress), WM_HEX(Buffer),
             WM_HEX(NumberOfBytesToRead), WM_HEX(NumberOfBytesRead));
    return wm_edge_nt(st);
}

NTSTATUS NTAPI NtWriteVirtualMemory(HANDLE ProcessHandle, PVOID BaseAddress, PVOID Buffer,
                                    SIZE_T NumberOfBytesToWrite, PSIZE_T NumberOfBytesWritten)
{
    const struct copy copy = {wm_remote_write_allowed, PROCESS_VM_WRITE,     (uintptr_t)BaseAddress,
                              (uintptr_t)Buffer,       NumberOfBytesToWrite, NumberOfBytesWritten};
    wm_status st = copy_in(ProcessHandle, &copy);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(ProcessHandle), WM_HEX(BaseAddress), WM_HEX(Buffer),
             WM_HEX(NumberOfBytesToWrite), WM_HEX(NumberOfBytesWritten));
    return wm_edge_nt(st);
}
