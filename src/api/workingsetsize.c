/*
 * workingsetsize.c: the limits of a process's working set, and emptying it.
 *
 * Linux has no such limits. They are checked, kept and told as on Windows (D9.7a to D9.7f), and have one
 * effect: the minimum bounds what VirtualLock locks (D7.12d), so a program that wants to lock more raises it
 * first, as on Windows. The limits are those of the process that is asked, which may be another one.
 *
 * Two times -1 are no limits but an order to empty the working set (D9.7g). That changes no contents (D9.8h);
 * how much leaves memory is the kernel's decision.
 */
#include <psapi.h>
#include <string.h>

#include "api/edge.h"
#include "remote/target.h"

#define HARD_MINIMUM (QUOTA_LIMITS_HARDWS_MIN_ENABLE | QUOTA_LIMITS_HARDWS_MIN_DISABLE)
#define HARD_MAXIMUM (QUOTA_LIMITS_HARDWS_MAX_ENABLE | QUOTA_LIMITS_HARDWS_MAX_DISABLE)

/* --- asking --- */

static DWORD flags_of(const struct wm_workingset *set)
{
    return (set->hard_minimum ? QUOTA_LIMITS_HARDWS_MIN_ENABLE : QUOTA_LIMITS_HARDWS_MIN_DISABLE) |
           (set->hard_maximum ? QUOTA_LIMITS_HARDWS_MAX_ENABLE : QUOTA_LIMITS_HARDWS_MAX_DISABLE);
}

/* flags may be NULL: without them. */
static wm_status tell(HANDLE process, PSIZE_T minimum, PSIZE_T maximum, PDWORD flags)
{
    struct wm_target target;
    struct wm_workingset set;
    DWORD kept;
    wm_status st = wm_edge_target(process, PROCESS_QUERY_LIMITED_INFORMATION, &target);

    if (!wm_ok(st))
        return st;
    st = wm_edge_writable(minimum, sizeof *minimum);
    if (wm_ok(st))
        st = wm_edge_writable(maximum, sizeof *maximum);
    if (wm_ok(st))
        st = wm_on_working_set(&target, &set);
    wm_target_drop(&target);
    if (!wm_ok(st))
        return st;
    memcpy(minimum, &set.minimum, sizeof *minimum);
    memcpy(maximum, &set.maximum, sizeof *maximum);
    kept = flags_of(&set);
    if (flags != NULL)
        memcpy(flags, &kept, sizeof kept);
    return WM_OK;
}

BOOL WINAPI GetProcessWorkingSetSize(HANDLE hProcess, PSIZE_T lpMinimumWorkingSetSize,
                                     PSIZE_T lpMaximumWorkingSetSize)
{
    wm_status st = tell(hProcess, lpMinimumWorkingSetSize, lpMaximumWorkingSetSize, NULL);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hProcess), WM_HEX(lpMinimumWorkingSetSize),
             WM_HEX(lpMaximumWorkingSetSize));
    return wm_edge_bool(st);
}

BOOL WINAPI GetProcessWorkingSetSizeEx(HANDLE hProcess, PSIZE_T lpMinimumWorkingSetSize,
                                       PSIZE_T lpMaximumWorkingSetSize, PDWORD Flags)
{
    wm_status st = wm_edge_writable(Flags, sizeof *Flags);

    if (wm_ok(st))
        st = tell(hProcess, lpMinimumWorkingSetSize, lpMaximumWorkingSetSize, Flags);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hProcess), WM_HEX(lpMinimumWorkingSetSize),
             WM_HEX(lpMaximumWorkingSetSize), WM_HEX(Flags));
    return wm_edge_bool(st);
}

/* --- setting --- */

static wm_status check_flags(DWORD flags)
{
    if (flags & ~(DWORD)(HARD_MINIMUM | HARD_MAXIMUM))
        return WM_WORKING_SET_FLAGS;
    if ((flags & HARD_MINIMUM) == HARD_MINIMUM || (flags & HARD_MAXIMUM) == HARD_MAXIMUM)
        return WM_WORKING_SET_FLAGS;
    return WM_OK;
}

/* Two times -1: everything out. */
static wm_status set_target(const struct wm_target *target, const struct wm_workingset *wanted,
                            unsigned changes)
{
    return wanted->minimum == SIZE_MAX && wanted->maximum == SIZE_MAX
               ? wm_on_empty_working_set(target)
               : wm_on_set_working_set(target, wanted, changes);
}

static wm_status set_limits(HANDLE process, SIZE_T minimum, SIZE_T maximum, DWORD flags)
{
    const struct wm_workingset wanted = {
        .minimum = minimum,
        .maximum = maximum,
        .hard_minimum = (flags & QUOTA_LIMITS_HARDWS_MIN_ENABLE) != 0,
        .hard_maximum = (flags & QUOTA_LIMITS_HARDWS_MAX_ENABLE) != 0,
    };
    unsigned changes = (flags & HARD_MINIMUM ? WM_CHANGES_HARD_MINIMUM : 0) |
                       (flags & HARD_MAXIMUM ? WM_CHANGES_HARD_MAXIMUM : 0);
    struct wm_target target;
    wm_status st = check_flags(flags);

    if (wm_ok(st))
        st = wm_edge_target(process, PROCESS_SET_QUOTA, &target);
    if (!wm_ok(st))
        return st;
    st = set_target(&target, &wanted, changes);
    wm_target_drop(&target);
    return st;
}

BOOL WINAPI SetProcessWorkingSetSize(HANDLE hProcess, SIZE_T dwMinimumWorkingSetSize,
                                     SIZE_T dwMaximumWorkingSetSize)
{
    wm_status st = set_limits(hProcess, dwMinimumWorkingSetSize, dwMaximumWorkingSetSize, 0);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hProcess), WM_HEX(dwMinimumWorkingSetSize),
             WM_HEX(dwMaximumWorkingSetSize));
    return wm_edge_bool(st);
}

BOOL WINAPI SetProcessWorkingSetSizeEx(HANDLE hProcess, SIZE_T dwMinimumWorkingSetSize,
                                       SIZE_T dwMaximumWorkingSetSize, DWORD Flags)
{
    wm_status st = set_limits(hProcess, dwMinimumWorkingSetSize, dwMaximumWorkingSetSize, Flags);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hProcess), WM_HEX(dwMinimumWorkingSetSize),
             WM_HEX(dwMaximumWorkingSetSize), WM_HEX(Flags));
    return wm_edge_bool(st);
}

/* --- emptying: one function by two names, see psapi.h --- */

static BOOL empty(const char *function, HANDLE process)
{
    struct wm_target target;
    wm_status st = wm_edge_target(process, PROCESS_QUERY_LIMITED_INFORMATION | PROCESS_SET_QUOTA, &target);

    if (wm_ok(st)) {
        st = wm_on_empty_working_set(&target);
        wm_target_drop(&target);
    }
    WM_TRACE_AS(function, st, WM_RETURNS_TRUE, WM_HEX(process));
    return wm_edge_bool(st);
}

BOOL WINAPI K32EmptyWorkingSet(HANDLE hProcess)
{
    return empty(__func__, hProcess);
}

#undef EmptyWorkingSet
WINBASEAPI BOOL WINAPI EmptyWorkingSet(HANDLE hProcess);

BOOL WINAPI EmptyWorkingSet(HANDLE hProcess)
{
    return empty(__func__, hProcess);
}
