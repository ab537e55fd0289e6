/*
 * virtualalloc.c: VirtualAlloc and its kin, six names for one operation.
 *
 * They differ in what they take, and in nothing that happens then. VirtualAlloc2 knows placeholders and
 * extended parameters, and refuses a base that is no multiple of 64 KiB, which the older ones round down (S9,
 * S137). The FromApp forms refuse executable protections (O31). NULL is the caller's own process to
 * VirtualAlloc2 (S7) and no handle to VirtualAllocEx (O29).
 *
 * Before pages become guarded in this process, somebody must be there who understands the fault that a touch
 * raises. So PAGE_GUARD installs our handler first, and a program that never asks for it keeps its signals to
 * itself. In another process that is its agent's to do (wm_guard_catch_faults); one without the library
 * refuses guards (L89).
 */
#include "api/arguments.h"
#include "api/edge.h"
#include "api/exceptions.h"
#include "api/virtualmemory.h"
#include "remote/target.h"

/* Refused before anything else is looked at (S98, O31). */
static wm_status check_app(DWORD protect)
{
    return protect & 0xf0 ? WM_PROTECT_APP : WM_OK;
}

/* In another process its agent answers for guard pages (vm/agent). */
static wm_status allocate_watchfully(HANDLE process, struct wm_alloc_req *req)
{
    WM_TARGET target = {0};
    wm_status st = wm_edge_target(process, wm_call_rights(WM_CALL_ALLOC), &target);

    if (wm_ok(st) && wm_target_is_self(&target))
        st = wm_exceptions_begin();
    return wm_ok(st) ? wm_in_alloc(&target, req) : st;
}

/*
 * Who meets a guard page gets an exception, and who reads a window while its pages are being exchanged must not notice
 * (L39): for both somebody has to see the fault first.
 */
wm_status wm_allocate_in(HANDLE process, struct wm_alloc_req *req)
{
    if (req->protect & PAGE_GUARD || req->traits & WM_TRAIT_PHYSICAL)
        return allocate_watchfully(process, req);
    return wm_on_alloc((uintptr_t)process, req);
}

static wm_status allocate_classic(HANDLE process, LPVOID base, SIZE_T size, DWORD type, DWORD protect,
                                  DWORD node, uintptr_t *result)
{
    struct wm_alloc_req req;
    wm_status st = wm_alloc_req_set(&req, WM_FAMILY_CLASSIC, base, size, type, protect);

    if (wm_ok(st))
        st = wm_read_node(node, &req.node);
    if (wm_ok(st))
        st = wm_allocate_in(process, &req);
    *result = wm_ok(st) ? req.result : 0;
    return st;
}

/*
 * NONPAGED alone asks for nothing more of large pages, which Linux never pages out; of ordinary ones it is
 * not supported (50). NONPAGED_HUGE means pages of 1 GiB, which have a pool of their own (L46): place and
 * size, judged for 2 MiB so far, must be multiples of that.
 */
static wm_status set_large(struct wm_alloc_req *req, uint8_t nonpaged)
{
    unsigned wanted =
        nonpaged & (MEM_EXTENDED_PARAMETER_NONPAGED_LARGE | MEM_EXTENDED_PARAMETER_NONPAGED_HUGE);

    if (req->large == 0 && wanted == 0)
        return nonpaged == 0 ? WM_OK : WM_NO_PARAMETER;
    if (req->large == 0 || (wanted & (wanted - 1)) != 0)
        return WM_PARAM_LARGE;
    if (!(wanted & MEM_EXTENDED_PARAMETER_NONPAGED_HUGE))
        return WM_OK;
    req->large = WM_HUGE;
    if (req->bounds.alignment < WM_HUGE)
        req->bounds.alignment = WM_HUGE;
    return (req->at.start | wm_range_bytes(req->at)) % WM_HUGE != 0 ? WM_TYPE_LARGE_MULTIPLE : WM_OK;
}

wm_status wm_allocate_extend(struct wm_alloc_req *req, const void *base, const MEM_EXTENDED_PARAMETER *params,
                             ULONG count)
{
    struct wm_extended extended = {.bounds = req->bounds};
    wm_status st = wm_read_extended(params, count, WM_EXTENDED_MEMORY, base != NULL, &extended);

    req->bounds = extended.bounds;
    req->node = extended.node;
    return wm_ok(st) ? set_large(req, extended.nonpaged) : st;
}

static wm_status allocate_two(HANDLE process, PVOID base, SIZE_T size, ULONG type, ULONG protect,
                              const MEM_EXTENDED_PARAMETER *params, ULONG count, uintptr_t *result)
{
    struct wm_alloc_req req;
    wm_status st = wm_alloc_req_set(&req, WM_FAMILY_TWO, base, size, type, protect);

    if (wm_ok(st))
        st = wm_allocate_extend(&req, base, params, count);
    if (wm_ok(st))
        st = wm_allocate_in(wm_edge_or_own(process), &req);
    *result = wm_ok(st) ? req.result : 0;
    return st;
}

LPVOID WINAPI VirtualAlloc(LPVOID lpAddress, SIZE_T dwSize, DWORD flAllocationType, DWORD flProtect)
{
    uintptr_t result;
    wm_status st = allocate_classic(GetCurrentProcess(), lpAddress, dwSize, flAllocationType, flProtect,
                                    NUMA_NO_PREFERRED_NODE, &result);

    WM_TRACE(st, WM_RETURNS(WM_HEX(result)), WM_HEX(lpAddress), WM_HEX(dwSize),
             WM_ALLOC_FLAGS(flAllocationType), WM_PROTECTION(flProtect));
    return wm_edge_ptr(st, result);
}

LPVOID WINAPI VirtualAllocEx(HANDLE hProcess, LPVOID lpAddress, SIZE_T dwSize, DWORD flAllocationType,
                             DWORD flProtect)
{
    uintptr_t result;
    wm_status st = allocate_classic(hProcess, lpAddress, dwSize, flAllocationType, flProtect,
                                    NUMA_NO_PREFERRED_NODE, &result);

    WM_TRACE(st, WM_RETURNS(WM_HEX(result)), WM_HEX(hProcess), WM_HEX(lpAddress), WM_HEX(dwSize),
             WM_ALLOC_FLAGS(flAllocationType), WM_PROTECTION(flProtect));
    return wm_edge_ptr(st, result);
}

LPVOID WINAPI VirtualAllocExNuma(HANDLE hProcess, LPVOID lpAddress, SIZE_T dwSize, DWORD flAllocationType,
                                 DWORD flProtect, DWORD nndPreferred)
{
    uintptr_t result;
    wm_status st =
        allocate_classic(hProcess, lpAddress, dwSize, flAllocationType, flProtect, nndPreferred, &result);

    WM_TRACE(st, WM_RETURNS(WM_HEX(result)), WM_HEX(hProcess), WM_HEX(lpAddress), WM_HEX(dwSize),
             WM_ALLOC_FLAGS(flAllocationType), WM_PROTECTION(flProtect), WM_DECIMAL(nndPreferred));
    return wm_edge_ptr(st, result);
}

PVOID WINAPI VirtualAllocFromApp(PVOID BaseAddress, SIZE_T Size, ULONG AllocationType, ULONG Protection)
{
    uintptr_t result = 0;
    wm_status st = check_app(Protection);

    if (wm_ok(st))
        st = allocate_classic(GetCurrentProcess(), BaseAddress, Size, AllocationType, Protection,
                              NUMA_NO_PREFERRED_NODE, &result);
    WM_TRACE(st, WM_RETURNS(WM_HEX(result)), WM_HEX(BaseAddress), WM_HEX(Size),
             WM_ALLOC_FLAGS(AllocationType), WM_PROTECTION(Protection));
    return wm_edge_ptr(st, result);
}

PVOID WINAPI VirtualAlloc2(HANDLE Process, PVOID BaseAddress, SIZE_T Size, ULONG AllocationType,
                           ULONG PageProtection, MEM_EXTENDED_PARAMETER *ExtendedParameters,
                           ULONG ParameterCount)
{
    uintptr_t result;
    wm_status st = allocate_two(Process, BaseAddress, Size, AllocationType, PageProtection,
                                ExtendedParameters, ParameterCount, &result);

    WM_TRACE(st, WM_RETURNS(WM_HEX(result)), WM_HEX(Process), WM_HEX(BaseAddress), WM_HEX(Size),
             WM_ALLOC_FLAGS(AllocationType), WM_PROTECTION(PageProtection), WM_HEX(ExtendedParameters),
             WM_DECIMAL(ParameterCount));
    return wm_edge_ptr(st, result);
}

PVOID WINAPI VirtualAlloc2FromApp(HANDLE Process, PVOID BaseAddress, SIZE_T Size, ULONG AllocationType,
                                  ULONG PageProtection, MEM_EXTENDED_PARAMETER *ExtendedParameters,
                                  ULONG ParameterCount)
{
    uintptr_t result = 0;
    wm_status st = check_app(PageProtection);

    if (wm_ok(st))
        st = allocate_two(Process, BaseAddress, Size, AllocationType, PageProtection, ExtendedParameters,
                          ParameterCount, &result);
    WM_TRACE(st, WM_RETURNS(WM_HEX(result)), WM_HEX(Process), WM_HEX(BaseAddress), WM_HEX(Size),
             WM_ALLOC_FLAGS(AllocationType), WM_PROTECTION(PageProtection), WM_HEX(ExtendedParameters),
             WM_DECIMAL(ParameterCount));
    return wm_edge_ptr(st, result);
}
