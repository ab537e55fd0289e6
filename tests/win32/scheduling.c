/* scheduling.c: sleeping, priorities, processors, descriptions and times of threads. */
#include "../support/check.h"

#ifdef WINMEM_VERSION_MAJOR
#include <sched.h>
#include <sys/resource.h>
#include <wchar.h>

#include "../support/child.h"
#endif

static HANDLE me(void)
{
    return GetCurrentThread();
}

TEST(scheduling, sleeping, "L508")
{
    ULONGLONG before, after;
    FILETIME time;

#ifdef WINMEM_VERSION_MAJOR
    struct timespec now;

    (void)time;
    clock_gettime(CLOCK_MONOTONIC, &now);
    before = (ULONGLONG)now.tv_sec * 1000 + (ULONGLONG)now.tv_nsec / 1000000;
    Sleep(30);
    clock_gettime(CLOCK_MONOTONIC, &now);
    after = (ULONGLONG)now.tv_sec * 1000 + (ULONGLONG)now.tv_nsec / 1000000;
    EXPECT(after - before >= 29);
#else
    (void)before, (void)after, (void)time;
#endif
    Sleep(0);
    EXPECT_EQ(SleepEx(1, TRUE), 0);
    EXPECT_EQ(SleepEx(0, FALSE), 0);
    SwitchToThread();
}

TEST(scheduling, priorities, "L504")
{
#ifdef WINMEM_VERSION_MAJOR
    if (getpriority(PRIO_PROCESS, 0) != 0)
        SKIP("we were started with another niceness");
#endif
    EXPECT_EQ(GetThreadPriority(me()), THREAD_PRIORITY_NORMAL);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetThreadPriority(me(), 3));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetThreadPriority(me(), 16));
    EXPECT_OK(SetThreadPriority(me(), THREAD_PRIORITY_NORMAL));
    EXPECT_OK(SetThreadPriority(me(), THREAD_PRIORITY_BELOW_NORMAL));
    EXPECT_EQ(GetThreadPriority(me()), THREAD_PRIORITY_BELOW_NORMAL);
    EXPECT_OK(SetThreadPriority(me(), THREAD_PRIORITY_LOWEST));
    EXPECT_EQ(GetThreadPriority(me()), THREAD_PRIORITY_LOWEST);
    EXPECT_OK(SetThreadPriority(me(), THREAD_PRIORITY_IDLE));
    EXPECT_EQ(GetThreadPriority(me()), THREAD_PRIORITY_IDLE);
}

static DWORD WINAPI nothing(LPVOID arg)
{
    (void)arg;
    return 0;
}

TEST(scheduling, of_a_thread_that_has_ended, "L504 L505")
{
    HANDLE thread = CreateThread(NULL, 0, nothing, NULL, 0, NULL);

    EXPECT_EQ(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
    EXPECT_OK(SetThreadPriority(thread, THREAD_PRIORITY_LOWEST));
#ifdef WINMEM_VERSION_MAJOR /* Windows tells what was set */
    EXPECT_EQ(GetThreadPriority(thread), THREAD_PRIORITY_NORMAL);
#endif
    EXPECT_EQ(SetThreadAffinityMask(thread, 1), 0);
    EXPECT_OK(CloseHandle(thread));
    SetLastError(CHECK_SENTINEL);
    EXPECT_EQ(GetThreadPriority(thread), THREAD_PRIORITY_ERROR_RETURN);
    EXPECT_EQ(GetLastError(), ERROR_INVALID_HANDLE);
}

TEST(scheduling, processors, "L505")
{
    DWORD_PTR before = SetThreadAffinityMask(me(), 1), all;

    MUST(before != 0);
    all = before;
    EXPECT_OK(SetThreadAffinityMask(me(), 1));
    EXPECT_EQ(SetThreadAffinityMask(me(), all), 1);
    EXPECT_EQ(SetThreadAffinityMask(me(), all), all);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetThreadAffinityMask(me(), 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetThreadAffinityMask(me(), (DWORD_PTR)1 << 62));
    EXPECT_EQ(SetThreadAffinityMask(me(), all), all);
}

TEST(scheduling, a_wish_for_a_processor, "L505")
{
    EXPECT_EQ(SetThreadIdealProcessor(me(), 64), 0);
    EXPECT_EQ(SetThreadIdealProcessor(me(), 0), 0);
    SetLastError(CHECK_SENTINEL);
    EXPECT_EQ(SetThreadIdealProcessor(me(), 65), (DWORD)-1);
    EXPECT_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
#ifdef WINMEM_VERSION_MAJOR
    EXPECT_EQ(SetThreadIdealProcessor(me(), 1), 0);
    EXPECT_EQ(SetThreadIdealProcessor(me(), 64), 1);
#endif
}

/* --- times --- */

#ifdef WINMEM_VERSION_MAJOR

static ULONGLONG number(FILETIME time)
{
    return (ULONGLONG)time.dwHighDateTime << 32 | time.dwLowDateTime;
}

static DWORD WINAPI work(LPVOID arg)
{
    FILETIME created, exited, kernel, user = {0, 0};

    (void)arg;
    for (volatile int i = 0; number(user) < 300000; i++)
        EXPECT_OK(GetThreadTimes(me(), &created, &exited, &kernel, &user));
    EXPECT_EQ(number(exited), 0);
    return 0;
}

TEST(scheduling, times, "L507")
{
    HANDLE thread = CreateThread(NULL, 0, work, NULL, 0, NULL);
    FILETIME created, exited, kernel, user;

    EXPECT_OK(GetThreadTimes(thread, &created, &exited, &kernel, &user));
    EXPECT_EQ(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
    EXPECT_OK(GetThreadTimes(thread, &created, &exited, &kernel, &user));
    EXPECT(number(user) + number(kernel) >= 300000);
    EXPECT(number(exited) >= number(created) + 200000);
    EXPECT(number(created) > 130000000000000000);
    EXPECT_FAIL(ERROR_NOACCESS, GetThreadTimes(thread, NULL, &exited, &kernel, &user));
    EXPECT_OK(CloseHandle(thread));
    EXPECT_OK(GetThreadTimes(me(), &created, &exited, &kernel, &user));
    EXPECT_EQ(number(exited), 0);
}

/* --- descriptions --- */

static void expect_description(HANDLE thread, PCWSTR want)
{
    PWSTR got = NULL;

    EXPECT(SUCCEEDED(GetThreadDescription(thread, &got)));
    MUST(got != NULL);
    EXPECT(wcscmp(got, want) == 0);
    EXPECT(LocalFree(got) == NULL);
}

TEST(scheduling, descriptions, "L506")
{
    HANDLE thread = CreateThread(NULL, 0, nothing, NULL, CREATE_SUSPENDED, NULL), poor;
    static WCHAR longest[0x8001];
    char name[40] = "";
    FILE *comm;

    expect_description(thread, L"");
    EXPECT(SUCCEEDED(SetThreadDescription(thread, L"w\u00f6rker with a long name")));
    expect_description(thread, L"w\u00f6rker with a long name");
    expect_description(me(), L"");
    EXPECT(SUCCEEDED(SetThreadDescription(me(), L"first")));
    expect_description(me(), L"first");
    EXPECT(SUCCEEDED(SetThreadDescription(me(), L"second")));
    comm = fopen("/proc/thread-self/comm", "re");
    EXPECT(comm != NULL && fgets(name, sizeof name, comm) != NULL);
    EXPECT(strcmp(name, "second\n") == 0);
    fclose(comm);
    wmemset(longest, L'x', 0x8000);
    EXPECT(FAILED(SetThreadDescription(me(), longest)));
    longest[0x7fff] = 0;
    EXPECT(SUCCEEDED(SetThreadDescription(me(), longest)));
    expect_description(me(), longest);
    poor = OpenThread(SYNCHRONIZE, FALSE, GetCurrentThreadId());
    EXPECT_EQ(SetThreadDescription(poor, L"x"), HRESULT_FROM_NT(0xC0000022));
    EXPECT_EQ(SetThreadDescription((HANDLE)0x7770, L"x"), HRESULT_FROM_NT(0xC0000008));
    EXPECT(FAILED(SetThreadDescription(me(), NULL)));
    EXPECT(FAILED(GetThreadDescription(me(), NULL)));
    EXPECT_OK(CloseHandle(poor));
    EXPECT_EQ(ResumeThread(thread), 1);
    EXPECT_EQ(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
    expect_description(thread, L"w\u00f6rker with a long name");
    EXPECT_OK(CloseHandle(thread));
}

/* --- who may not --- */

static void without_privilege(void)
{
    struct rlimit none = {0, 0};

    MUST(setrlimit(RLIMIT_NICE, &none) == 0);
    if (geteuid() == 0)
        MUST(setresuid(65534, 65534, 65534) == 0);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, SetThreadPriority(me(), THREAD_PRIORITY_HIGHEST));
    EXPECT_EQ(GetThreadPriority(me()), THREAD_PRIORITY_NORMAL);
    EXPECT_OK(SetThreadPriority(me(), THREAD_PRIORITY_LOWEST));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, SetThreadPriority(me(), THREAD_PRIORITY_NORMAL));
    EXPECT_EQ(GetThreadPriority(me()), THREAD_PRIORITY_LOWEST);
}

TEST(scheduling, who_may_not_raise_a_priority, "L504")
{
    if (getpriority(PRIO_PROCESS, 0) != 0)
        SKIP("we were started with another niceness");
    EXPECT_EQ(end_of(without_privilege), 0);
}

#endif /* WINMEM_VERSION_MAJOR */
