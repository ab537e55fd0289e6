/*
 * calendar.c: days, months and years from 1601 to 30828.
 *
 * Ticks know no leap seconds, and the calendar is the Gregorian one, which begins its 400 years with 1601. Worked out here
 * because libc's takes a lock.
 */
#include "win32/machine/calendar.h"

enum {
    FIRST_YEAR = 1601,
    LAST_YEAR = 30827,
    HOURS = 24,
    MINUTES = 60,
    SECONDS = 60,
    MILLISECONDS = 1000,
    TICKS_PER_MILLISECOND = WM_TICKS_PER_SECOND / MILLISECONDS,
    DAYS_IN_400_YEARS = 146097
};

#define TICKS_PER_DAY ((uint64_t)HOURS * MINUTES * SECONDS * WM_TICKS_PER_SECOND)

static bool is_leap(unsigned year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Of a month from 1 to 12. */
static unsigned days_in(unsigned month, unsigned year)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Up to the first of January of a year. */
static uint64_t days_before(unsigned year)
{
    unsigned past = year - FIRST_YEAR;

    return (uint64_t)past * 365 + past / 4 - past / 100 + past / 400;
}

static unsigned year_of(uint64_t days)
{
    unsigned year = FIRST_YEAR + (unsigned)(days * 400 / DAYS_IN_400_YEARS);

    while (days_before(year) > days)
        year--;
    while (days_before(year + 1) <= days)
        year++;
    return year;
}

static void set_date(SYSTEMTIME *out, uint64_t days)
{
    unsigned year = year_of(days), month = 1;

    out->wDayOfWeek = (WORD)((days + 1) % 7); /* the first was a Monday */
    for (days -= days_before(year); days >= days_in(month, year); month++)
        days -= days_in(month, year);
    out->wYear = (WORD)year;
    out->wMonth = (WORD)month;
    out->wDay = (WORD)(days + 1);
}

SYSTEMTIME wm_calendar_of(int64_t ticks)
{
    uint64_t all = (uint64_t)ticks, seconds = all / WM_TICKS_PER_SECOND;
    SYSTEMTIME time = {0};

    set_date(&time, all / TICKS_PER_DAY);
    time.wHour = (WORD)(seconds / (MINUTES * SECONDS) % HOURS);
    time.wMinute = (WORD)(seconds / SECONDS % MINUTES);
    time.wSecond = (WORD)(seconds % SECONDS);
    time.wMilliseconds = (WORD)(all / TICKS_PER_MILLISECOND % MILLISECONDS);
    return time;
}

static bool is_date(const SYSTEMTIME *time)
{
    return time->wYear >= FIRST_YEAR && time->wYear <= LAST_YEAR && time->wMonth >= 1 && time->wMonth <= 12 &&
           time->wDay >= 1 && time->wDay <= days_in(time->wMonth, time->wYear);
}

bool wm_calendar_valid(const SYSTEMTIME *time)
{
    return is_date(time) && time->wHour < HOURS && time->wMinute < MINUTES && time->wSecond < SECONDS &&
           time->wMilliseconds < MILLISECONDS;
}

int64_t wm_calendar_ticks(const SYSTEMTIME *time)
{
    uint64_t days = days_before(time->wYear) + time->wDay - 1, seconds;

    for (unsigned month = 1; month < time->wMonth; month++)
        days += days_in(month, time->wYear);
    seconds = ((days * HOURS + time->wHour) * MINUTES + time->wMinute) * SECONDS + time->wSecond;
    return (int64_t)(seconds * WM_TICKS_PER_SECOND + (uint64_t)time->wMilliseconds * TICKS_PER_MILLISECOND);
}
