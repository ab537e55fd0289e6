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

static wm_status ask(HANDLE process, PSIZE_T minimum, PSIZE_T maximum, struct wm_workingset *set)
{
    WM_TARGET target = {0};
    wm_status st = wm_edge_target(process, wm_call_rights(WM_CALL_WORKING_SET), &target);

    if (wm_ok(st))
        st = wm_edge_writable(minimum, sizeof *minimum);
    if (wm_ok(st))
        st = wm_edge_writable(maximum, sizeof *maximum);
    return wm_ok(st) ? wm_in_working_set(&target, set) : st;
}

/* flags may be NULL: without them. */
static wm_status tell(HANDLE process, PSIZE_T minimum, PSIZE_T maximum, PDWORD flags)
{
    struct wm_workingset set;
    DWORD kept;
    wm_status st = ask(process, minimum, maximum, &set);

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

/* Each limit may be made hard or soft, or left as it is; both at once means nothing (D9.7e). */
static wm_status check_flags(DWORD flags)
{
    if (flags & ~(DWORD)(HARD_MINIMUM | HARD_MAXIMUM))
        return WM_WORKING_SET_FLAGS;
    if ((flags & HARD_MINIMUM) == HARD_MINIMUM || (flags & HARD_MAXIMUM) == HARD_MAXIMUM)
        return WM_WORKING_SET_FLAGS;
    return WM_OK;
}

static wm_status set_limits(HANDLE process, SIZE_T minimum, SIZE_T maximum, DWORD flags)
{
    struct wm_workingset_req req = {
        .wanted = {.minimum = minimum,
                   .maximum = maximum,
                   .hard_minimum = (flags & QUOTA_LIMITS_HARDWS_MIN_ENABLE) != 0,
                   .hard_maximum = (flags & QUOTA_LIMITS_HARDWS_MAX_ENABLE) != 0},
        .changes = (flags & HARD_MINIMUM ? WM_CHANGES_HARD_MINIMUM : 0) |
                   (flags & HARD_MAXIMUM ? WM_CHANGES_HARD_MAXIMUM : 0),
    };
    wm_status st = check_flags(flags);

    return wm_ok(st) ? wm_on_set_working_set((uintptr_t)process, &req) : st;
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
    wm_status st = wm_on_empty_working_set((uintptr_t)process, &(struct wm_bare_req){0});

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
