/* memorycounters.c: how much memory a process uses. */
#include <psapi.h>
#include <string.h>

#include "api/edge.h"
#include "base/atomic.h"
#include "kern/system/system.h"

/* Linux keeps no peak of what was promised: the largest that anybody saw stands for it. */
static uint64_t peak_of(uint64_t promised)
{
    static uint64_t peak;
    uint64_t seen = WM_LOAD(peak);

    while (promised > seen &&
           !__atomic_compare_exchange_n(&peak, &seen, promised, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        ;
    return promised > seen ? promised : seen;
}

/* The three structures differ in how far they go: cb says which one the caller has. */
static DWORD form_of(DWORD cb)
{
    if (cb >= sizeof(PROCESS_MEMORY_COUNTERS_EX2))
        return sizeof(PROCESS_MEMORY_COUNTERS_EX2);
    return cb >= sizeof(PROCESS_MEMORY_COUNTERS_EX) ? sizeof(PROCESS_MEMORY_COUNTERS_EX)
                                                    : sizeof(PROCESS_MEMORY_COUNTERS);
}

static void fill_in(const struct wm_usage *usage, DWORD cb, PROCESS_MEMORY_COUNTERS_EX2 *out)
{
    *out = (PROCESS_MEMORY_COUNTERS_EX2){
        .cb = cb,
        .PageFaultCount = (DWORD)usage->faults,
        .PeakWorkingSetSize = usage->peak_resident,
        .WorkingSetSize = usage->resident,
        .PagefileUsage = usage->promised,
        .PeakPagefileUsage = peak_of(usage->promised),
        .PrivateUsage = usage->promised,
        .PrivateWorkingSetSize = usage->resident_private,
        .SharedCommitUsage = usage->resident_shared,
    };
}

static wm_status tell(HANDLE process, PPROCESS_MEMORY_COUNTERS counters, DWORD cb)
{
    wm_status st = cb < sizeof *counters ? WM_BUFFER_SMALL : WM_OK;
    PROCESS_MEMORY_COUNTERS_EX2 all;
    struct wm_usage usage;

    if (wm_ok(st))
        st = wm_edge_self(process, PROCESS_QUERY_LIMITED_INFORMATION);
    if (wm_ok(st))
        st = wm_edge_writable(counters, form_of(cb));
    if (!wm_ok(st))
        return st;
    if (wm_kern_usage(&usage) != 0 || usage.resident == 0)
        return WM_NO_PROC;
    fill_in(&usage, form_of(cb), &all);
    memcpy(counters, &all, form_of(cb));
    return WM_OK;
}

static BOOL get_info(const char *function, HANDLE process, PPROCESS_MEMORY_COUNTERS counters, DWORD cb)
{
    wm_status st = tell(process, counters, cb);

    WM_TRACE_AS(function, st, WM_RETURNS_TRUE, WM_HEX(process), WM_HEX(counters), WM_DECIMAL(cb));
    return wm_edge_bool(st);
}

/* One function by two names, see psapi.h. */
BOOL WINAPI K32GetProcessMemoryInfo(HANDLE Process, PPROCESS_MEMORY_COUNTERS ppsmemCounters, DWORD cb)
{
    return get_info(__func__, Process, ppsmemCounters, cb);
}

#undef GetProcessMemoryInfo
WINBASEAPI BOOL WINAPI GetProcessMemoryInfo(HANDLE Process, PPROCESS_MEMORY_COUNTERS ppsmemCounters,
                                            DWORD cb);

BOOL WINAPI GetProcessMemoryInfo(HANDLE Process, PPROCESS_MEMORY_COUNTERS ppsmemCounters, DWORD cb)
{
    return get_info(__func__, Process, ppsmemCounters, cb);
}
