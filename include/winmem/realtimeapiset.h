/*
 * realtimeapiset.h: the time since the machine started.
 */
#ifndef WINMEM_REALTIMEAPISET_H
#define WINMEM_REALTIMEAPISET_H

#include "minwinbase.h"

WINMEM_C_BEGIN

/*
 * QueryInterruptTime, QueryInterruptTimePrecise, QueryUnbiasedInterruptTime, QueryUnbiasedInterruptTimePrecise: the time
 * since the machine started, in units of 100 nanoseconds; the unbiased one without the time that it slept.
 *
 * lpInterruptTime, UnbiasedTime, ...  out
 *
 * Cannot fail; QueryUnbiasedInterruptTime returns non-zero.
 * On Linux      CLOCK_BOOTTIME and CLOCK_MONOTONIC; both forms are precise. No system call; a bad pointer is an access
 *               violation
 * Source        learn.microsoft.com, realtimeapiset.h
 */
WINBASEAPI VOID WINAPI QueryInterruptTime(PULONGLONG lpInterruptTime);
WINBASEAPI VOID WINAPI QueryInterruptTimePrecise(PULONGLONG lpInterruptTimePrecise);
WINBASEAPI BOOL WINAPI QueryUnbiasedInterruptTime(PULONGLONG UnbiasedTime);
WINBASEAPI VOID WINAPI QueryUnbiasedInterruptTimePrecise(PULONGLONG lpUnbiasedInterruptTimePrecise);

WINMEM_C_END

#endif /* WINMEM_REALTIMEAPISET_H */
