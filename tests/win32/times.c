/* times.c: counters, the time of day and the calendar, and how long processes have worked. */
#include "../support/check.h"

#include <time.h>

#define SECOND 10000000ull

static ULONGLONG counter(void)
{
    LARGE_INTEGER now;

    EXPECT(QueryPerformanceCounter(&now) != 0);
    return (ULONGLONG)now.QuadPart;
}

static ULONGLONG joined(FILETIME time)
{
    return (ULONGLONG)time.dwHighDateTime << 32 | time.dwLowDateTime;
}

static FILETIME parted(ULONGLONG ticks)
{
    return (FILETIME){(DWORD)ticks, (DWORD)(ticks >> 32)};
}

TEST(times, a_counter_of_100_nanoseconds, "L524")
{
    LARGE_INTEGER frequency;
    ULONGLONG begin, end;

    EXPECT(QueryPerformanceFrequency(&frequency) != 0);
    EXPECT_EQ(frequency.QuadPart, SECOND);
    begin = counter();
    check_sleep(20);
    end = counter();
    EXPECT(end - begin >= 20 * SECOND / 1000 && end - begin < 10 * SECOND);
    for (int i = 0; i < 100000; i++) {
        begin = counter();
        if (begin < end)
            check_fail(__FILE__, __LINE__, "the counter went back");
        end = begin;
    }
}

TEST(times, ticks_are_the_counter_in_milliseconds, "L524")
{
    ULONGLONG before = GetTickCount64(), ticks = GetTickCount64();
    DWORD narrow = GetTickCount();

    EXPECT(ticks - before < 1000);
    EXPECT((DWORD)(narrow - (DWORD)ticks) < 1000);
    before = GetTickCount64();
    check_sleep(40);
    EXPECT(GetTickCount64() - before >= 20 && GetTickCount64() - before < 10000);
#ifdef WINMEM_VERSION_MAJOR
    ULONGLONG interrupt, precise, unbiased, both;

    QueryInterruptTime(&interrupt);
    QueryInterruptTimePrecise(&precise);
    EXPECT(QueryUnbiasedInterruptTime(&unbiased) != 0);
    QueryUnbiasedInterruptTimePrecise(&both);
    EXPECT(precise >= interrupt && precise - interrupt < SECOND);
    EXPECT(both >= unbiased && both - unbiased < SECOND);
    EXPECT(unbiased < precise + SECOND);
    EXPECT(interrupt - ticks * 10000 < 10 * SECOND);
#endif
}

/* --- the time of day --- */

TEST(times, the_time_of_day_is_that_of_libc, "L525")
{
    FILETIME coarse, precise, again;
    SYSTEMTIME system, local;
    ULONGLONG unix_time = (ULONGLONG)time(NULL) * SECOND + 116444736000000000ull;

    GetSystemTimeAsFileTime(&coarse);
    GetSystemTimePreciseAsFileTime(&precise);
    GetSystemTime(&system);
    GetLocalTime(&local);
    EXPECT(joined(coarse) + SECOND >= unix_time && joined(coarse) < unix_time + 100 * SECOND);
    EXPECT(joined(precise) + SECOND >= joined(coarse) && joined(precise) < joined(coarse) + 100 * SECOND);
    EXPECT(SystemTimeToFileTime(&system, &again) != 0);
    EXPECT(joined(again) + SECOND >= joined(precise) && joined(again) < joined(precise) + 100 * SECOND);
    EXPECT(SystemTimeToFileTime(&local, &again) != 0);
    EXPECT(joined(again) - joined(precise) + 26 * 3600 * SECOND < 52 * 3600 * SECOND);
}

#ifdef WINMEM_VERSION_MAJOR
TEST(times, local_time_is_in_the_zone_of_the_program, "L525")
{
    SYSTEMTIME system, local;
    FILETIME utc = {0, 0}, here = {0, 0};
    LONGLONG apart;

    setenv("TZ", "XYZ-5:30", 1);
    GetSystemTime(&system);
    GetLocalTime(&local);
    EXPECT(SystemTimeToFileTime(&system, &utc) && SystemTimeToFileTime(&local, &here));
    apart = (LONGLONG)(joined(here) - joined(utc)) - (LONGLONG)(330 * 60 * SECOND);
    EXPECT(apart >= 0 && apart < (LONGLONG)(10 * SECOND));
}
#endif

/* --- the calendar --- */

static const struct {
    ULONGLONG ticks;
    SYSTEMTIME time; /* year, month, day of the week, day, hour, minute, second, millisecond */
} days[] = {
    {0, {1601, 1, 1, 1, 0, 0, 0, 0}},
    {9999, {1601, 1, 1, 1, 0, 0, 0, 0}},
    {10000, {1601, 1, 1, 1, 0, 0, 0, 1}},
    {116444736000000000, {1970, 1, 4, 1, 0, 0, 0, 0}},
    {125962559999990000, {2000, 2, 1, 28, 23, 59, 59, 999}},
    {125962560000000000, {2000, 2, 2, 29, 0, 0, 0, 0}},
    {125963424000000000, {2000, 3, 3, 1, 0, 0, 0, 0}},
    {157519296000000000, {2100, 2, 0, 28, 0, 0, 0, 0}},
    {157520160000000000, {2100, 3, 1, 1, 0, 0, 0, 0}},
    {133801631991230000, {2024, 12, 2, 31, 23, 59, 59, 123}},
    {0x7fffffffffffffff, {30828, 9, 4, 14, 2, 48, 5, 477}},
};

TEST(times, file_times_are_days_of_the_calendar, "L526")
{
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        FILETIME file = parted(days[i].ticks);
        SYSTEMTIME time;

        EXPECT_OK(FileTimeToSystemTime(&file, &time));
        if (memcmp(&time, &days[i].time, sizeof time) != 0)
            check_fail(__FILE__, __LINE__, "%llu is %u-%u-%u (%u) %u:%u:%u.%u", days[i].ticks, time.wYear,
                       time.wMonth, time.wDay, time.wDayOfWeek, time.wHour, time.wMinute, time.wSecond,
                       time.wMilliseconds);
        if (time.wYear == 30828)
            continue;
        time.wDayOfWeek = 77;
        EXPECT_OK(SystemTimeToFileTime(&time, &file));
        EXPECT_EQ(joined(file), days[i].ticks / 10000 * 10000);
    }
}

TEST(times, every_day_is_followed_by_the_next, "L526")
{
    SYSTEMTIME last = {1601, 1, 0, 0, 0, 0, 0, 0}, time;
    FILETIME file;

    for (ULONGLONG day = 0; day < 800 * 366; day++) {
        file = parted(day * 86400 * SECOND);
        MUST(FileTimeToSystemTime(&file, &time));
        if (time.wDay != last.wDay + 1 && (time.wDay != 1 || last.wDay < 28))
            check_fail(__FILE__, __LINE__, "%u-%u-%u follows %u", time.wYear, time.wMonth, time.wDay,
                       last.wDay);
        if (time.wDayOfWeek != (last.wDayOfWeek + 1) % 7)
            check_fail(__FILE__, __LINE__, "%u-%u-%u is day %u", time.wYear, time.wMonth, time.wDay,
                       time.wDayOfWeek);
        MUST(SystemTimeToFileTime(&time, &file));
        if (joined(file) != day * 86400 * SECOND)
            check_fail(__FILE__, __LINE__, "%u-%u-%u is no way back", time.wYear, time.wMonth, time.wDay);
        last = time;
    }
}

TEST(times, there_is_no_such_time, "L526")
{
    static const SYSTEMTIME wrong[] = {
        {1600, 12, 0, 31, 0, 0, 0, 0}, {2023, 0, 0, 1, 0, 0, 0, 0},  {2023, 13, 0, 1, 0, 0, 0, 0},
        {2023, 1, 0, 0, 0, 0, 0, 0},   {2023, 1, 0, 32, 0, 0, 0, 0}, {2023, 2, 0, 29, 0, 0, 0, 0},
        {2100, 2, 0, 29, 0, 0, 0, 0},  {2023, 4, 0, 31, 0, 0, 0, 0}, {2023, 1, 0, 1, 24, 0, 0, 0},
        {2023, 1, 0, 1, 0, 60, 0, 0},  {2023, 1, 0, 1, 0, 0, 60, 0}, {2023, 1, 0, 1, 0, 0, 0, 1000},
    };
    FILETIME file = parted(0x8000000000000000);
    SYSTEMTIME time;

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, FileTimeToSystemTime(&file, &time));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (SystemTimeToFileTime(&wrong[i], &file) || GetLastError() != ERROR_INVALID_PARAMETER)
            check_fail(__FILE__, __LINE__, "time %d was taken", (int)i);
}

TEST(times, which_is_later, "L526")
{
    FILETIME early = parted(0xffffffff), late = parted(0x100000000);

    EXPECT_EQ(CompareFileTime(&early, &late), -1);
    EXPECT_EQ(CompareFileTime(&late, &early), 1);
    EXPECT_EQ(CompareFileTime(&late, &late), 0);
}

/* --- processes --- */

struct told {
    FILETIME born, ended, kernel, user;
};

static BOOL ask(HANDLE process, struct told *out)
{
    return GetProcessTimes(process, &out->born, &out->ended, &out->kernel, &out->user);
}

/* On a processor, however many others want it. */
static void work(void)
{
    clock_t until = clock() + CLOCKS_PER_SEC * 6 / 100;

    while (clock() < until)
        ;
}

TEST(times, of_the_calling_process, "L527")
{
    struct told before, after;
    FILETIME now;

    EXPECT_OK(ask(GetCurrentProcess(), &before));
    work();
    EXPECT_OK(ask(GetCurrentProcess(), &after));
    EXPECT(joined(after.user) + joined(after.kernel) > joined(before.user) + joined(before.kernel));
    EXPECT(joined(after.user) >= joined(before.user) && joined(after.kernel) >= joined(before.kernel));
    EXPECT_EQ(joined(after.ended), 0);
    GetSystemTimeAsFileTime(&now);
    EXPECT(joined(before.born) <= joined(now) && joined(before.born) + 300 * SECOND > joined(now));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, ask(NULL, &after));
}

#ifdef WINMEM_VERSION_MAJOR
TEST(times, of_another_process_until_its_parent_has_waited_for_it, "L527")
{
    struct told told, own;
    FILETIME before, after;
    HANDLE process, blind;
    pid_t child;

    GetSystemTimeAsFileTime(&before);
    child = fork();
    if (child == 0) {
        work();
        work();
        _exit(0);
    }
    process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE, FALSE, (DWORD)child);
    blind = OpenProcess(SYNCHRONIZE, FALSE, (DWORD)child);
    MUST(process != NULL && blind != NULL);
    EXPECT_OK(ask(process, &told));
    EXPECT(joined(told.born) + SECOND / 10 >= joined(before) &&
           joined(told.born) < joined(before) + 10 * SECOND);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, ask(blind, &told));
    EXPECT_EQ(WaitForSingleObject(process, 10000), WAIT_OBJECT_0);
    EXPECT_OK(ask(process, &told));
    GetSystemTimeAsFileTime(&after);
    EXPECT(joined(told.user) + joined(told.kernel) > SECOND / 100 && joined(told.user) < 10 * SECOND);
    EXPECT(joined(told.ended) >= joined(before) && joined(told.ended) <= joined(after));
    EXPECT_OK(ask(GetCurrentProcess(), &own));
    EXPECT(joined(own.born) <= joined(told.born) + SECOND / 10);
    MUST(waitpid(child, NULL, 0) == child);
    EXPECT_FAIL(ERROR_NO_SYSTEM_RESOURCES, ask(process, &told));
    EXPECT_FAIL(ERROR_NOACCESS,
                GetProcessTimes(GetCurrentProcess(), &told.born, NULL, &told.user, &told.user));
    EXPECT(CloseHandle(process) && CloseHandle(blind));
}
#endif
