/*
 * calltargets.c: SetProcessValidCallTargets: the call targets of Control Flow Guard.
 *
 * No process here is compiled with it, so every call ends as it does on Windows in such a process: with
 * failure (D9.9a). What is wrong with the arguments is found out first, so that WinmemLastCause can tell a
 * mistake from what never works, and a handle that is none is 6, not 87 (L1).
 */
#include <string.h>

#include "api/arguments.h"
#include "api/edge.h"

#define EXECUTE_PROTECTIONS                                                                                  \
    (PAGE_EXECUTE | PAGE_EXECUTE_READ | PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY)

enum { TARGET_ALIGNMENT = 16 };

static bool is_executable(uintptr_t start, size_t bytes)
{
    uintptr_t addr = start;
    struct wm_region region;

    if (bytes == 0 || !wm_range_fits(start, bytes))
        return false;
    for (; addr < start + bytes; addr = region.range.end)
        if (!wm_ok(wm_op_query(addr, &region)) || !(region.protect & EXECUTE_PROTECTIONS))
            return false;
    return true;
}

static bool offsets_ascend(const CFG_CALL_TARGET_INFO *targets, size_t count, size_t bytes)
{
    CFG_CALL_TARGET_INFO target;
    uintptr_t lowest = 0;

    for (size_t i = 0; i < count; i++) {
        memcpy(&target, (const char *)targets + i * sizeof target, sizeof target);
        if (target.Offset % TARGET_ALIGNMENT != 0 || target.Offset < lowest || target.Offset >= bytes)
            return false;
        lowest = target.Offset + 1;
    }
    return true;
}

static wm_status check(HANDLE process, PVOID base, SIZE_T bytes, ULONG count, PCFG_CALL_TARGET_INFO targets)
{
    wm_status st = wm_edge_self(process, PROCESS_VM_OPERATION);

    if (wm_ok(st) && count == 0)
        st = WM_ENTRY_COUNT;
    if (wm_ok(st))
        st = wm_edge_fillable(targets, count * sizeof *targets);
    if (!wm_ok(st))
        return st;
    if (!is_executable((uintptr_t)base, bytes))
        return WM_CALL_TARGET_REGION;
    return offsets_ascend(targets, count, bytes) ? WM_NO_FLOW_GUARD : WM_CALL_TARGET_OFFSETS;
}

BOOL WINAPI SetProcessValidCallTargets(HANDLE hProcess, PVOID VirtualAddress, SIZE_T RegionSize,
                                       ULONG NumberOfOffsets, PCFG_CALL_TARGET_INFO OffsetInformation)
{
    wm_status st = check(hProcess, VirtualAddress, RegionSize, NumberOfOffsets, OffsetInformation);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hProcess), WM_HEX(VirtualAddress), WM_HEX(RegionSize),
             WM_DECIMAL(NumberOfOffsets), WM_HEX(OffsetInformation));
    return wm_edge_bool(st);
}

BOOL WINAPI SetProcessValidCallTargetsForMappedView(HANDLE Process, PVOID VirtualAddress, SIZE_T RegionSize,
                                                    ULONG NumberOfOffsets,
                                                    PCFG_CALL_TARGET_INFO OffsetInformation, HANDLE Section,
                                                    ULONG64 ExpectedFileOffset)
{
    wm_status st = wm_op_is_section((uintptr_t)Section, 0);

    if (wm_ok(st))
        st = check(Process, VirtualAddress, RegionSize, NumberOfOffsets, OffsetInformation);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(Process), WM_HEX(VirtualAddress), WM_HEX(RegionSize),
             WM_DECIMAL(NumberOfOffsets), WM_HEX(OffsetInformation), WM_HEX(Section),
             WM_HEX(ExpectedFileOffset));
    return wm_edge_bool(st);
}
