/* calendar.h: a time in ticks (win32/files/filetime.h) as a date and a time of day, and back. No time zone, no locale, no lock. */
#ifndef WM_WIN32_CALENDAR_H
#define WM_WIN32_CALENDAR_H

#include <stdbool.h>

#include "win32/files/filetime.h"

/* Ticks from 0 on, as far as an int64_t goes. */
SYSTEMTIME wm_calendar_of(int64_t ticks);

/* Is there such a time? The day of the week is not looked at. */
bool wm_calendar_valid(const SYSTEMTIME *time);

/* Of a valid one; below 0 if it lies behind the last tick. */
int64_t wm_calendar_ticks(const SYSTEMTIME *time);

#endif
