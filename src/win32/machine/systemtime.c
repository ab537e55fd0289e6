/*
 * systemtime.c: the time of day, and what stands for it: GetSystemTimeAsFileTime and its kin, FileTimeToSystemTime and back.
 *
 * What only reads the clock is as cheap as that: no system call, no trace, and a pointer that is none is met by the store,
 * as on Windows. Local time asks libc for the zone, which may take a lock and read a file.
 */
#include <errno.h>
#include <time.h>

#include "win32/machine/calendar.h"

static struct timespec now(void)
{
    struct timespec time = {0, 0};

    clock_gettime(CLOCK_REALTIME, &time);
    return time;
}

VOID WINAPI GetSystemTimeAsFileTime(LPFILETIME lpSystemTimeAsFileTime)
{
    *lpSystemTimeAsFileTime = wm_file_time(wm_ticks(now()));
}

VOID WINAPI GetSystemTimePreciseAsFileTime(LPFILETIME lpSystemTimeAsFileTime)
{
    *lpSystemTimeAsFileTime = wm_file_time(wm_ticks(now()));
}

VOID WINAPI GetSystemTime(LPSYSTEMTIME lpSystemTime)
{
    *lpSystemTime = wm_calendar_of(wm_ticks(now()));
}

VOID WINAPI GetLocalTime(LPSYSTEMTIME lpSystemTime)
{
    struct timespec time = now();
    struct tm local = {0};
    int saved = errno;

    tzset();
    localtime_r(&time.tv_sec, &local);
    errno = saved;
    time.tv_sec += local.tm_gmtoff;
    *lpSystemTime = wm_calendar_of(wm_ticks(time));
}

/* --- from one to the other --- */

static uint64_t ticks_of(const FILETIME *time)
{
    return (uint64_t)time->dwHighDateTime << 32 | time->dwLowDateTime;
}

BOOL WINAPI FileTimeToSystemTime(const FILETIME *lpFileTime, LPSYSTEMTIME lpSystemTime)
{
    uint64_t ticks = ticks_of(lpFileTime);
    wm_status st = ticks > INT64_MAX ? WM_TIME_RANGE : WM_OK;

    if (wm_ok(st))
        *lpSystemTime = wm_calendar_of((int64_t)ticks);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(ticks), WM_HEX(lpSystemTime));
    return wm_edge_bool(st);
}

/* The last year ends before its December does. */
BOOL WINAPI SystemTimeToFileTime(const SYSTEMTIME *lpSystemTime, LPFILETIME lpFileTime)
{
    int64_t ticks = wm_calendar_valid(lpSystemTime) ? wm_calendar_ticks(lpSystemTime) : -1;
    wm_status st = ticks < 0 ? WM_TIME_CALENDAR : WM_OK;

    if (wm_ok(st))
        *lpFileTime = wm_file_time(ticks);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(lpSystemTime), WM_HEX(lpFileTime));
    return wm_edge_bool(st);
}

LONG WINAPI CompareFileTime(const FILETIME *lpFileTime1, const FILETIME *lpFileTime2)
{
    uint64_t first = ticks_of(lpFileTime1), second = ticks_of(lpFileTime2);

    return (first > second) - (first < second);
}
