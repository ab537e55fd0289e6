/*
 * timezoneapi.h: file times as dates, and back.
 */
#ifndef WINMEM_TIMEZONEAPI_H
#define WINMEM_TIMEZONEAPI_H

#include "minwinbase.h"

WINMEM_C_BEGIN

/*
 * FileTimeToSystemTime, SystemTimeToFileTime: from one to the other, both in UTC.
 *
 * lpFileTime    units of 100 nanoseconds since the beginning of 1601
 * lpSystemTime  a date and a time of day from 1601 to 30828, to milliseconds; wDayOfWeek is only told, never looked at
 *
 * Return non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_PARAMETER   the highest bit of the file time is set; there is no such day or time of day
 * On Linux      a bad pointer is an access violation
 * Source        learn.microsoft.com, timezoneapi.h
 */
WINBASEAPI BOOL WINAPI FileTimeToSystemTime(const FILETIME *lpFileTime, LPSYSTEMTIME lpSystemTime);
WINBASEAPI BOOL WINAPI SystemTimeToFileTime(const SYSTEMTIME *lpSystemTime, LPFILETIME lpFileTime);

WINMEM_C_END

#endif /* WINMEM_TIMEZONEAPI_H */
