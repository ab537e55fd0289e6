/*
 * profileapi.h: a counter to measure time with.
 */
#ifndef WINMEM_PROFILEAPI_H
#define WINMEM_PROFILEAPI_H

#include "minwinbase.h"

WINMEM_C_BEGIN

/*
 * QueryPerformanceCounter, QueryPerformanceFrequency: the time since the machine started, and how many of its units are a
 * second.
 *
 * lpPerformanceCount, lpFrequency  out
 *
 * Return non-zero; cannot fail.
 * On Linux      the unit is 100 nanoseconds, as on Windows 10. The time that the machine slept counts (CLOCK_BOOTTIME).
 *               No system call; a bad pointer is an access violation
 * Source        learn.microsoft.com, profileapi.h; "Acquiring high-resolution time stamps"
 */
WINBASEAPI BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER *lpPerformanceCount);
WINBASEAPI BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER *lpFrequency);

WINMEM_C_END

#endif /* WINMEM_PROFILEAPI_H */
