/* filetime.h: time as Windows tells it of files: tenths of microseconds since the beginning of 1601. */
#ifndef WM_WIN32_FILETIME_H
#define WM_WIN32_FILETIME_H

#include <sys/stat.h>

#include "win32/win32.h"

/* The time of Linux begins so many seconds later. */
#define WM_SECONDS_BEFORE 11644473600

enum { WM_TICKS_PER_SECOND = 10000000 };

static inline int64_t wm_ticks_of(int64_t seconds, uint32_t nanoseconds)
{
    return (seconds + WM_SECONDS_BEFORE) * WM_TICKS_PER_SECOND + nanoseconds / 100;
}

static inline int64_t wm_ticks(struct timespec time)
{
    return wm_ticks_of(time.tv_sec, (uint32_t)time.tv_nsec);
}

static inline FILETIME wm_file_time(int64_t ticks)
{
    return (FILETIME){.dwLowDateTime = (DWORD)ticks, .dwHighDateTime = (DWORD)((uint64_t)ticks >> 32)};
}

static inline struct timespec wm_time_of_ticks(int64_t ticks)
{
    return (struct timespec){.tv_sec = ticks / WM_TICKS_PER_SECOND - WM_SECONDS_BEFORE,
                             .tv_nsec = ticks % WM_TICKS_PER_SECOND * 100};
}

#endif
