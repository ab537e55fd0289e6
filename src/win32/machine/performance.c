/*
 * performance.c: time that has passed: QueryPerformanceCounter, GetTickCount and the interrupt times.
 *
 * All of them count from the start of the machine, and the time that it slept as well (CLOCK_BOOTTIME); only the unbiased
 * interrupt time leaves that out (CLOCK_MONOTONIC). The counter has 100 nanoseconds, as on Windows 10: programs multiply it
 * by a million before they divide, which with nanoseconds would overflow within hours. None of this needs a system call, and
 * a pointer that is none is met by the store, as on Windows. Being as cheap as the clock itself, they are not traced.
 */
#include <time.h>

#include "win32/files/filetime.h"

enum { NANOSECONDS_PER_TICK = 100, TICKS_PER_MILLISECOND = 10000 };

/* Cannot fail: every kernel that we run on has both clocks. */
static ULONGLONG ticks(clockid_t clock)
{
    struct timespec now = {0, 0};

    clock_gettime(clock, &now);
    return (ULONGLONG)now.tv_sec * WM_TICKS_PER_SECOND + (ULONGLONG)now.tv_nsec / NANOSECONDS_PER_TICK;
}

BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER *lpPerformanceCount)
{
    lpPerformanceCount->QuadPart = (LONGLONG)ticks(CLOCK_BOOTTIME);
    return TRUE;
}

BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER *lpFrequency)
{
    lpFrequency->QuadPart = WM_TICKS_PER_SECOND;
    return TRUE;
}

ULONGLONG WINAPI GetTickCount64(VOID)
{
    return ticks(CLOCK_BOOTTIME) / TICKS_PER_MILLISECOND;
}

DWORD WINAPI GetTickCount(VOID)
{
    return (DWORD)GetTickCount64();
}

VOID WINAPI QueryInterruptTime(PULONGLONG lpInterruptTime)
{
    *lpInterruptTime = ticks(CLOCK_BOOTTIME);
}

VOID WINAPI QueryInterruptTimePrecise(PULONGLONG lpInterruptTimePrecise)
{
    *lpInterruptTimePrecise = ticks(CLOCK_BOOTTIME);
}

BOOL WINAPI QueryUnbiasedInterruptTime(PULONGLONG UnbiasedTime)
{
    *UnbiasedTime = ticks(CLOCK_MONOTONIC);
    return TRUE;
}

VOID WINAPI QueryUnbiasedInterruptTimePrecise(PULONGLONG lpUnbiasedInterruptTimePrecise)
{
    *lpUnbiasedInterruptTimePrecise = ticks(CLOCK_MONOTONIC);
}
