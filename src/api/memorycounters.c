/*
 * memorycounters.c: GetProcessMemoryInfo: how much memory a process uses, as the kernel counts it.
 *
 * Three structures grew out of one another, and the length says which one the caller has (D9.10a). A working
 * set is what Linux calls resident. What Windows calls private usage is counted when memory is promised:
 * private memory that can be written, malloc's and the stacks' included, and nothing that is only reserved
 * (D9.10b). What the library keeps for the next commit is promised, and not used. There are no pools, so their
 * figures are 0.
 *
 * The numbers are the kernel's, for all threads, so they outlive the first one (L118). Without /proc there
 * are none, and that is an error: zeros would be believed (L117).
 */
#include <psapi.h>
#include <string.h>

#include "api/edge.h"
#include "base/atomic.h"
#include "kern/system/system.h"
#include "vm/ops.h"

/*
 * Linux keeps no peak of what was promised: the largest value that a call has seen stands for it. Threads may
 * ask at the same time, so it only ever grows.
 */
static uint64_t peak_of(uint64_t promised)
{
    static uint64_t peak;
    uint64_t seen = WM_LOAD(peak);

    while (promised > seen &&
           !__atomic_compare_exchange_n(&peak, &seen, promised, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        ;
    return promised > seen ? promised : seen;
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
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
    usage.promised -= least(wm_op_kept_memory(), usage.promised);
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
