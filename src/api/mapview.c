/*
 * mapview.c: MapViewOfFile and its kin: sections in the address space, and out of it.
 *
 * Three generations of functions map a view. The first is asked by FILE_MAP_ access, for the calling process;
 * the others by a protection, in any process. MapViewOfFile3 alone replaces placeholders and takes extended
 * parameters. All of them become one request.
 *
 * Two rights are looked at: the section's protection bounds what a view may be, and the handle's rights which
 * view this caller may have (O180, O181); copying on write asks for no more than reading. Where a view may
 * lie is judged before anybody looks whether the place is free: an address that is no multiple is 1132, an
 * occupied one 487 (O185).
 *
 * Section handles are the caller's own, also where the view goes to another process: that one opens the
 * section for itself.
 */
#include "api/arguments.h"
#include "api/edge.h"
#include "api/exceptions.h"
#include "remote/target.h"

/*
 * What MapViewOfFile's access asks for. FILE_MAP_COPY means a copy only when it stands alone; the
 * execute right of section handles (SECTION_MAP_EXECUTE, 8) is not the one that maps executable. No access at all maps
 * a view without access (O178, O179, O182).
 */
static uint16_t protection_for(DWORD access)
{
    bool execute = (access & FILE_MAP_EXECUTE) != 0;
    DWORD rest = access & 0x1f;

    if (rest == FILE_MAP_COPY)
        return execute ? PAGE_EXECUTE_WRITECOPY : PAGE_WRITECOPY;
    if (rest & FILE_MAP_WRITE)
        return execute ? PAGE_EXECUTE_READWRITE : PAGE_READWRITE;
    if (rest & FILE_MAP_READ)
        return execute ? PAGE_EXECUTE_READ : PAGE_READONLY;
    return PAGE_NOACCESS;
}

uint32_t wm_view_rights(uint16_t protect)
{
    uint32_t execute = protect & 0xf0 ? SECTION_MAP_EXECUTE : 0;

    return execute |
           (protect & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE) ? SECTION_MAP_WRITE : SECTION_MAP_READ);
}

static bool is_own(HANDLE process)
{
    return process == GetCurrentProcess() || wm_ok(wm_op_is_self((uintptr_t)process, 0));
}

/*
 * Where other processes commit what the view shows, somebody has to answer for the fault by which that is met. In another
 * process that is its agent's to see to. Nobody knows of the view yet: so it is not too late.
 */
wm_status wm_map_view(HANDLE process, struct wm_view_req *req)
{
    wm_status st = wm_on_map_view((uintptr_t)process, req);

    if (!wm_ok(st) || !req->result_piecewise || !is_own(process))
        return st;
    st = wm_exceptions_begin();
    if (!wm_ok(st))
        wm_op_unmap_view(&(struct wm_unmap_req){.addr = req->result});
    return st;
}

/* Which of the two did not allow it only the native functions tell (O180). */
static wm_status refused(wm_status st)
{
    return st == WM_VIEW_SECTION ? WM_VIEW_RIGHTS : st;
}

static wm_status check_place(uintptr_t base, uint64_t offset, size_t size, uintptr_t unit)
{
    if (base >= WM_SPACE_END)
        return WM_BASE_TOO_HIGH;
    if (!wm_range_fits(base, size))
        return WM_SIZE_TOO_LARGE;
    return base % unit != 0 || offset % unit != 0 ? WM_VIEW_ALIGNMENT : WM_OK;
}

static wm_status map_by_access(HANDLE mapping, DWORD access, uint64_t offset, SIZE_T size, LPVOID base,
                               DWORD node, uintptr_t *result)
{
    struct wm_view_req req = {
        .section = (uintptr_t)mapping,
        .offset = offset,
        .bytes = size,
        .base = (uintptr_t)base,
        .large = (access & FILE_MAP_LARGE_PAGES) != 0,
        .reserve = (access & FILE_MAP_RESERVE) != 0,
        .protect = protection_for(access),
    };
    wm_status st = check_place(req.base, req.offset, size, WM_GRANULE);

    req.rights = wm_view_rights(req.protect);
    if (wm_ok(st))
        st = wm_read_node(node, &req.node);
    if (wm_ok(st))
        st = refused(wm_map_view(GetCurrentProcess(), &req));
    *result = wm_ok(st) ? req.result : 0;
    return st;
}

static uint64_t both_halves(DWORD high, DWORD low)
{
    return (uint64_t)high << 32 | low;
}

LPVOID WINAPI MapViewOfFile(HANDLE hFileMappingObject, DWORD dwDesiredAccess, DWORD dwFileOffsetHigh,
                            DWORD dwFileOffsetLow, SIZE_T dwNumberOfBytesToMap)
{
    uintptr_t result;
    wm_status st =
        map_by_access(hFileMappingObject, dwDesiredAccess, both_halves(dwFileOffsetHigh, dwFileOffsetLow),
                      dwNumberOfBytesToMap, NULL, NUMA_NO_PREFERRED_NODE, &result);

    WM_TRACE(st, WM_RETURNS(WM_HEX(result)), WM_HEX(hFileMappingObject), WM_MAP_FLAGS(dwDesiredAccess),
             WM_HEX(dwFileOffsetHigh), WM_HEX(dwFileOffsetLow), WM_HEX(dwNumberOfBytesToMap));
    return wm_edge_ptr(st, result);
}

LPVOID WINAPI MapViewOfFileEx(HANDLE hFileMappingObject, DWORD dwDesiredAccess, DWORD dwFileOffsetHigh,
                              DWORD dwFileOffsetLow, SIZE_T dwNumberOfBytesToMap, LPVOID lpBaseAddress)
{
    uintptr_t result;
    wm_status st =
        map_by_access(hFileMappingObject, dwDesiredAccess, both_halves(dwFileOffsetHigh, dwFileOffsetLow),
                      dwNumberOfBytesToMap, lpBaseAddress, NUMA_NO_PREFERRED_NODE, &result);

    WM_TRACE(st, WM_RETURNS(WM_HEX(result)), WM_HEX(hFileMappingObject), WM_MAP_FLAGS(dwDesiredAccess),
             WM_HEX(dwFileOffsetHigh), WM_HEX(dwFileOffsetLow), WM_HEX(dwNumberOfBytesToMap),
             WM_HEX(lpBaseAddress));
    return wm_edge_ptr(st, result);
}

LPVOID WINAPI MapViewOfFileExNuma(HANDLE hFileMappingObject, DWORD dwDesiredAccess, DWORD dwFileOffsetHigh,
                                  DWORD dwFileOffsetLow, SIZE_T dwNumberOfBytesToMap, LPVOID lpBaseAddress,
                                  DWORD nndPreferred)
{
    uintptr_t result;
    wm_status st =
        map_by_access(hFileMappingObject, dwDesiredAccess, both_halves(dwFileOffsetHigh, dwFileOffsetLow),
                      dwNumberOfBytesToMap, lpBaseAddress, nndPreferred, &result);

    WM_TRACE(st, WM_RETURNS(WM_HEX(result)), WM_HEX(hFileMappingObject), WM_MAP_FLAGS(dwDesiredAccess),
             WM_HEX(dwFileOffsetHigh), WM_HEX(dwFileOffsetLow), WM_HEX(dwNumberOfBytesToMap),
             WM_HEX(lpBaseAddress), WM_DECIMAL(nndPreferred));
    return wm_edge_ptr(st, result);
}

/* A protection that is given for an access means little, but harms nobody (O191). */
PVOID WINAPI MapViewOfFileFromApp(HANDLE hFileMappingObject, ULONG DesiredAccess, ULONG64 FileOffset,
                                  SIZE_T NumberOfBytesToMap)
{
    uintptr_t result;
    wm_status st = map_by_access(hFileMappingObject, DesiredAccess, FileOffset, NumberOfBytesToMap, NULL,
                                 NUMA_NO_PREFERRED_NODE, &result);

    WM_TRACE(st, WM_RETURNS(WM_HEX(result)), WM_HEX(hFileMappingObject), WM_MAP_FLAGS(DesiredAccess),
             WM_HEX(FileOffset), WM_HEX(NumberOfBytesToMap));
    return wm_edge_ptr(st, result);
}

/* --- MapViewOfFile3 --- */

/* With which sections the types go is judged where the section is known (vm/sections/view.c). */
static wm_status check_view_type(ULONG type, PVOID base)
{
    if (type & ~(ULONG)(MEM_RESERVE | MEM_REPLACE_PLACEHOLDER | MEM_TOP_DOWN | MEM_LARGE_PAGES))
        return WM_VIEW_TYPE;
    return (type & MEM_REPLACE_PLACEHOLDER) && base == NULL ? WM_TYPE_REPLACE_BASE : WM_OK;
}

/*
 * A view that replaces a placeholder lies where that lies, so pages are enough (O147); others begin at a
 * granule.
 */
static wm_status set_view_req(struct wm_view_req *req, ULONG type, const MEM_EXTENDED_PARAMETER *params,
                              ULONG count)
{
    uintptr_t unit = type & MEM_LARGE_PAGES ? WM_LARGE : WM_GRANULE;
    struct wm_extended extended = {.bounds = {WM_SPACE_START, WM_SPACE_END, unit, (type & MEM_TOP_DOWN) != 0,
                                              (type & MEM_TOP_DOWN) != 0}};
    wm_status st = wm_read_extended(params, count, WM_EXTENDED_VIEW, req->base != 0, &extended);

    req->bounds = extended.bounds;
    req->node = extended.node;
    req->replace = (type & MEM_REPLACE_PLACEHOLDER) != 0;
    req->large = (type & MEM_LARGE_PAGES) != 0;
    req->reserve = (type & MEM_RESERVE) != 0;
    req->rights = wm_view_rights(req->protect);
    if (wm_ok(st))
        st = check_place(req->base, req->offset, req->bytes, req->replace ? WM_PAGE : WM_GRANULE);
    return st;
}

static wm_status map_three(HANDLE process, struct wm_view_req *req, ULONG type, ULONG protect,
                           const MEM_EXTENDED_PARAMETER *params, ULONG count)
{
    wm_status st = check_view_type(type, (PVOID)req->base);

    if (wm_ok(st))
        st = wm_check_protection(protect, true);
    req->protect = protect & 0xff;
    if (wm_ok(st))
        st = set_view_req(req, type, params, count);
    return wm_ok(st) ? refused(wm_map_view(wm_edge_or_own(process), req)) : st;
}

PVOID WINAPI MapViewOfFile3(HANDLE FileMapping, HANDLE Process, PVOID BaseAddress, ULONG64 Offset,
                            SIZE_T ViewSize, ULONG AllocationType, ULONG PageProtection,
                            MEM_EXTENDED_PARAMETER *ExtendedParameters, ULONG ParameterCount)
{
    struct wm_view_req req = {.section = (uintptr_t)FileMapping,
                              .offset = Offset,
                              .bytes = ViewSize,
                              .base = (uintptr_t)BaseAddress};
    wm_status st =
        map_three(Process, &req, AllocationType, PageProtection, ExtendedParameters, ParameterCount);

    WM_TRACE(st, WM_RETURNS(WM_HEX(req.result)), WM_HEX(FileMapping), WM_HEX(Process), WM_HEX(BaseAddress),
             WM_HEX(Offset), WM_HEX(ViewSize), WM_ALLOC_FLAGS(AllocationType), WM_PROTECTION(PageProtection),
             WM_HEX(ExtendedParameters), WM_DECIMAL(ParameterCount));
    return wm_edge_ptr(st, req.result);
}

/* --- MapViewOfFileNuma2, of which the header makes MapViewOfFile2 --- */

static wm_status map_two(HANDLE process, struct wm_view_req *req, ULONG type, ULONG protect, ULONG node)
{
    wm_status st =
        type & ~(ULONG)(MEM_RESERVE | MEM_LARGE_PAGES) ? WM_VIEW_TYPE : wm_check_protection(protect, true);

    req->protect = protect & 0xff;
    req->large = (type & MEM_LARGE_PAGES) != 0;
    req->reserve = (type & MEM_RESERVE) != 0;
    req->rights = wm_view_rights(req->protect);
    if (wm_ok(st))
        st = check_place(req->base, req->offset, req->bytes, WM_GRANULE);
    if (wm_ok(st))
        st = wm_read_node(node, &req->node);
    return wm_ok(st) ? refused(wm_map_view(process, req)) : st;
}

PVOID WINAPI MapViewOfFileNuma2(HANDLE FileMappingHandle, HANDLE ProcessHandle, ULONG64 Offset,
                                PVOID BaseAddress, SIZE_T ViewSize, ULONG AllocationType,
                                ULONG PageProtection, ULONG PreferredNode)
{
    struct wm_view_req req = {.section = (uintptr_t)FileMappingHandle,
                              .offset = Offset,
                              .bytes = ViewSize,
                              .base = (uintptr_t)BaseAddress};
    wm_status st = map_two(ProcessHandle, &req, AllocationType, PageProtection, PreferredNode);

    WM_TRACE(st, WM_RETURNS(WM_HEX(req.result)), WM_HEX(FileMappingHandle), WM_HEX(ProcessHandle),
             WM_HEX(Offset), WM_HEX(BaseAddress), WM_HEX(ViewSize), WM_ALLOC_FLAGS(AllocationType),
             WM_PROTECTION(PageProtection), WM_DECIMAL(PreferredNode));
    return wm_edge_ptr(st, req.result);
}

/* A desktop process, which every process here is, may map what MapViewOfFile3 may. */
PVOID WINAPI MapViewOfFile3FromApp(HANDLE FileMapping, HANDLE Process, PVOID BaseAddress, ULONG64 Offset,
                                   SIZE_T ViewSize, ULONG AllocationType, ULONG PageProtection,
                                   MEM_EXTENDED_PARAMETER *ExtendedParameters, ULONG ParameterCount)
{
    return MapViewOfFile3(FileMapping, Process, BaseAddress, Offset, ViewSize, AllocationType, PageProtection,
                          ExtendedParameters, ParameterCount);
}

/* --- unmapping --- */

static wm_status unmap(HANDLE process, LPCVOID base, ULONG flags)
{
    struct wm_unmap_req req = {(uintptr_t)base, (flags & MEM_PRESERVE_PLACEHOLDER) != 0};

    if (flags & ~(ULONG)(MEM_UNMAP_WITH_TRANSIENT_BOOST | MEM_PRESERVE_PLACEHOLDER))
        return WM_UNMAP_FLAGS;
    return wm_on_unmap_view((uintptr_t)process, &req);
}

BOOL WINAPI UnmapViewOfFile(LPCVOID lpBaseAddress)
{
    wm_status st = unmap(GetCurrentProcess(), lpBaseAddress, 0);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(lpBaseAddress));
    return wm_edge_bool(st);
}

BOOL WINAPI UnmapViewOfFileEx(PVOID BaseAddress, ULONG UnmapFlags)
{
    wm_status st = unmap(GetCurrentProcess(), BaseAddress, UnmapFlags);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(BaseAddress), WM_HEX(UnmapFlags));
    return wm_edge_bool(st);
}

BOOL WINAPI UnmapViewOfFile2(HANDLE Process, PVOID BaseAddress, ULONG UnmapFlags)
{
    wm_status st = unmap(Process, BaseAddress, UnmapFlags);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(Process), WM_HEX(BaseAddress), WM_HEX(UnmapFlags));
    return wm_edge_bool(st);
}
