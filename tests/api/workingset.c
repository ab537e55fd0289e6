/*
 * The limits of the working set, emptying it, and GetProcessMemoryInfo.
 */
#define PSAPI_VERSION 2 /* the names in kernel32 */
#include "api.h"

#include <psapi.h>

#ifdef WINMEM_VERSION_MAJOR
#include "../support/pretend.h"
#endif

#define NOTHING ((SIZE_T)-1)
#define SELF GetCurrentProcess()

static void expect_limits_at(int line, SIZE_T minimum, SIZE_T maximum)
{
    SIZE_T got_minimum = 1, got_maximum = 2;

    if (!GetProcessWorkingSetSize(SELF, &got_minimum, &got_maximum) || got_minimum != minimum ||
        got_maximum != maximum)
        check_fail(__FILE__, line, "limits: got %llu and %llu, wanted %llu and %llu",
                   (unsigned long long)got_minimum, (unsigned long long)got_maximum,
                   (unsigned long long)minimum, (unsigned long long)maximum);
}

#define EXPECT_LIMITS(minimum, maximum) expect_limits_at(__LINE__, (minimum), (maximum))

static DWORD flags(void)
{
    SIZE_T minimum, maximum;
    DWORD flags = 0xEEEE;

    EXPECT_OK(GetProcessWorkingSetSizeEx(SELF, &minimum, &maximum, &flags));
    return flags;
}

/* ---- limits ------------------------------------------------------------------------------ */

TEST(workingset, defaults, "D9.7a")
{
    EXPECT_LIMITS(204800, 1413120);
    EXPECT_EQ(flags(), QUOTA_LIMITS_HARDWS_MIN_DISABLE | QUOTA_LIMITS_HARDWS_MAX_DISABLE);
}

TEST(workingset, limits_are_kept, "D9.7b")
{
    EXPECT_OK(SetProcessWorkingSetSize(SELF, 2 * MiB, 8 * MiB));
    EXPECT_LIMITS(2 * MiB, 8 * MiB);
    EXPECT_OK(SetProcessWorkingSetSizeEx(SELF, MiB, MiB, 0));
    EXPECT_LIMITS(MiB, MiB);
}

TEST(workingset, a_small_minimum_is_raised_to_20_pages, "D9.7c")
{
    EXPECT_OK(SetProcessWorkingSetSize(SELF, 1, 100 * PAGE));
    EXPECT_LIMITS(20 * PAGE, 100 * PAGE);
    EXPECT_OK(SetProcessWorkingSetSize(SELF, 19 * PAGE, 50 * PAGE));
    EXPECT_LIMITS(20 * PAGE, 50 * PAGE);
    EXPECT_OK(SetProcessWorkingSetSize(SELF, 21 * PAGE, 50 * PAGE));
    EXPECT_LIMITS(21 * PAGE, 50 * PAGE);
}

TEST(workingset, limits_that_contradict_fail_and_change_nothing, "D9.7d")
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetProcessWorkingSetSize(SELF, 100 * PAGE, 99 * PAGE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetProcessWorkingSetSize(SELF, 0, 100 * PAGE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetProcessWorkingSetSize(SELF, 0, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetProcessWorkingSetSize(SELF, PAGE, 12 * PAGE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetProcessWorkingSetSize(SELF, NOTHING, 100 * PAGE));
    EXPECT_LIMITS(204800, 1413120);
}

TEST(workingset, a_maximum_leaves_something_of_the_memory, "D9.7d")
{
    MEMORYSTATUSEX status;

    status.dwLength = sizeof status;
    MUST(GlobalMemoryStatusEx(&status));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetProcessWorkingSetSize(SELF, MiB, status.ullTotalPhys));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetProcessWorkingSetSize(SELF, MiB, NOTHING));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetProcessWorkingSetSize(SELF, MiB, NOTHING - 1));
    EXPECT_LIMITS(204800, 1413120);
}

TEST(workingset, flags_are_kept_each_for_itself, "D9.7b")
{
    EXPECT_OK(SetProcessWorkingSetSizeEx(SELF, MiB, 2 * MiB, QUOTA_LIMITS_HARDWS_MIN_ENABLE));
    EXPECT_EQ(flags(), QUOTA_LIMITS_HARDWS_MIN_ENABLE | QUOTA_LIMITS_HARDWS_MAX_DISABLE);
    EXPECT_OK(SetProcessWorkingSetSizeEx(SELF, MiB, 2 * MiB, QUOTA_LIMITS_HARDWS_MAX_ENABLE));
    EXPECT_EQ(flags(), QUOTA_LIMITS_HARDWS_MIN_ENABLE | QUOTA_LIMITS_HARDWS_MAX_ENABLE);
    EXPECT_OK(SetProcessWorkingSetSizeEx(SELF, MiB, 2 * MiB, 0));
    EXPECT_EQ(flags(), QUOTA_LIMITS_HARDWS_MIN_ENABLE | QUOTA_LIMITS_HARDWS_MAX_ENABLE);
    EXPECT_OK(SetProcessWorkingSetSizeEx(SELF, MiB, 2 * MiB,
                                         QUOTA_LIMITS_HARDWS_MIN_DISABLE | QUOTA_LIMITS_HARDWS_MAX_DISABLE));
    EXPECT_EQ(flags(), QUOTA_LIMITS_HARDWS_MIN_DISABLE | QUOTA_LIMITS_HARDWS_MAX_DISABLE);
}

TEST(workingset, flags_that_contradict_fail_and_change_nothing, "D9.7e")
{
    static const DWORD wrong[] = {QUOTA_LIMITS_HARDWS_MIN_ENABLE | QUOTA_LIMITS_HARDWS_MIN_DISABLE,
                                  QUOTA_LIMITS_HARDWS_MAX_ENABLE | QUOTA_LIMITS_HARDWS_MAX_DISABLE, 0xF, 0x20,
                                  0x80000000};
    size_t i;

    for (i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetProcessWorkingSetSizeEx(SELF, MiB, 2 * MiB, wrong[i]));
    EXPECT_LIMITS(204800, 1413120);
    EXPECT_EQ(flags(), QUOTA_LIMITS_HARDWS_MIN_DISABLE | QUOTA_LIMITS_HARDWS_MAX_DISABLE);
}

TEST(workingset, limits_need_rights, "D9.7f")
{
    SIZE_T minimum = 1, maximum = 2;
    DWORD got;

    EXPECT_FAIL(ERROR_ACCESS_DENIED,
                SetProcessWorkingSetSize(self_with(PROCESS_QUERY_INFORMATION), MiB, 2 * MiB));
    EXPECT_OK(SetProcessWorkingSetSize(self_with(PROCESS_SET_QUOTA), MiB, 2 * MiB));
    EXPECT_FAIL(ERROR_ACCESS_DENIED,
                GetProcessWorkingSetSize(self_with(PROCESS_SET_QUOTA), &minimum, &maximum));
    EXPECT(minimum == 1 && maximum == 2);
    EXPECT_OK(GetProcessWorkingSetSize(self_with(PROCESS_QUERY_INFORMATION), &minimum, &maximum));
    EXPECT_OK(
        GetProcessWorkingSetSizeEx(self_with(PROCESS_QUERY_LIMITED_INFORMATION), &minimum, &maximum, &got));
    EXPECT(minimum == MiB && maximum == 2 * MiB);
}

TEST(workingset, limits_need_a_process, "O8")
{
    SIZE_T minimum = 1, maximum = 2;
    HANDLE handle = section(GRAIN, PAGE_READWRITE);

    EXPECT_FAIL(ERROR_INVALID_HANDLE, GetProcessWorkingSetSize(handle, &minimum, &maximum));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GetProcessWorkingSetSize(NULL, &minimum, &maximum));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, SetProcessWorkingSetSize(handle, MiB, 2 * MiB));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, SetProcessWorkingSetSize(NULL, MiB, 2 * MiB));
    EXPECT(minimum == 1 && maximum == 2);
}

/* ---- emptying ---------------------------------------------------------------------------- */

/* Pages of all kinds, with something in them. */
static BYTE *full_pages(void)
{
    BYTE *p = reserve(64 * PAGE);
    SIZE_T i;

    commit_part(p + 8 * PAGE, 32 * PAGE, PAGE_READWRITE);
    for (i = 8; i < 40; i++)
        p[i * PAGE] = (BYTE)i;
    protect(p + 16 * PAGE, 4 * PAGE, PAGE_READONLY);
    protect(p + 24 * PAGE, 4 * PAGE, PAGE_NOACCESS);
    return p;
}

static void expect_full_pages(BYTE *p)
{
    SIZE_T i;

    protect(p + 24 * PAGE, 4 * PAGE, PAGE_READONLY);
    for (i = 8; i < 40; i++)
        EXPECT_EQ(p[i * PAGE], (BYTE)i);
}

TEST(workingset, both_limits_at_their_end_empty_it, "D9.7g D9.8h")
{
    BYTE *p = full_pages(), *q = anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_WRITE);

    q[PAGE] = 0x55;
    EXPECT_NO_CHANGE(p, 64 * PAGE, EXPECT_OK(SetProcessWorkingSetSize(SELF, NOTHING, NOTHING)));
    EXPECT_EQ(q[PAGE], 0x55);
    EXPECT_LIMITS(204800, 1413120);
    expect_full_pages(p);
}

TEST(workingset, emptying_changes_no_content, "D9.8h")
{
    BYTE *p = full_pages(), *q = anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_COPY);

    q[PAGE] = 0x55;
    EXPECT_NO_CHANGE(p, 64 * PAGE, EXPECT_OK(EmptyWorkingSet(SELF)));
    EXPECT(q[PAGE] == 0x55 && q[0] == 0);
    expect_full_pages(p);
}

TEST(workingset, emptying_needs_both_rights, "D9.8g")
{
    EXPECT_FAIL(ERROR_ACCESS_DENIED, EmptyWorkingSet(self_with(PROCESS_QUERY_INFORMATION)));
    EXPECT_OK(EmptyWorkingSet(self_with(PROCESS_QUERY_LIMITED_INFORMATION | PROCESS_SET_QUOTA)));
    EXPECT_OK(EmptyWorkingSet(self_with(PROCESS_QUERY_INFORMATION | PROCESS_SET_QUOTA)));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, EmptyWorkingSet(section(GRAIN, PAGE_READWRITE)));
}

static int stop;

static void changes_pages(void *arg)
{
    (void)arg;
    while (!ATOMIC_GET(stop)) {
        BYTE *p = VirtualAlloc(NULL, 4 * MiB, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

        p[MiB] = 1;
        VirtualFree(p + MiB, MiB, MEM_DECOMMIT);
        EXPECT(VirtualFree(p, 0, MEM_RELEASE));
    }
}

TEST(workingset, emptying_while_others_allocate, "D9.8h L141")
{
    struct check_thread thread;
    BYTE *p = full_pages();
    int i;

    thread_start(&thread, changes_pages, NULL);
    for (i = 0; i < 50; i++)
        EXPECT_OK(SetProcessWorkingSetSize(SELF, NOTHING, NOTHING));
    ATOMIC_SET(stop, 1);
    thread_join(&thread);
    expect_full_pages(p);
}

/* ---- GetProcessMemoryInfo ---------------------------------------------------------------- */

static PROCESS_MEMORY_COUNTERS_EX counters(void)
{
    PROCESS_MEMORY_COUNTERS_EX info;

    memset(&info, 0xEE, sizeof info);
    EXPECT_OK(GetProcessMemoryInfo(SELF, (PROCESS_MEMORY_COUNTERS *)&info, sizeof info));
    return info;
}

TEST(workingset, counters_are_consistent, "D9.10a")
{
    PROCESS_MEMORY_COUNTERS_EX info = counters();

    EXPECT_EQ(sizeof(PROCESS_MEMORY_COUNTERS), 72);
    EXPECT_EQ(sizeof info, 80);
    EXPECT_EQ(info.cb, sizeof info);
    EXPECT(info.PageFaultCount > 0);
    EXPECT(info.WorkingSetSize > 0 && info.WorkingSetSize <= info.PeakWorkingSetSize);
    EXPECT(info.PrivateUsage > 0 && info.PrivateUsage == info.PagefileUsage);
    EXPECT(info.PagefileUsage <= info.PeakPagefileUsage);
    EXPECT(info.QuotaPagedPoolUsage <= info.QuotaPeakPagedPoolUsage);
    EXPECT(info.QuotaNonPagedPoolUsage <= info.QuotaPeakNonPagedPoolUsage);
}

TEST(workingset, a_short_buffer_fails_and_is_left_alone, "D9.10a")
{
    static const DWORD lengths[] = {0, 4, 71};
    PROCESS_MEMORY_COUNTERS info, before;
    size_t i;

    memset(&info, 0xEE, sizeof info);
    before = info;
    for (i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER, GetProcessMemoryInfo(SELF, &info, lengths[i]));
    EXPECT(memcmp(&info, &before, sizeof info) == 0);
}

TEST(workingset, no_more_is_written_than_there_is_room_for, "D9.10a")
{
    BYTE buffer[200];
    SIZE_T i;

    memset(buffer, 0xEE, sizeof buffer);
    EXPECT_OK(GetProcessMemoryInfo(SELF, (PROCESS_MEMORY_COUNTERS *)buffer, 72));
    EXPECT_EQ(*(DWORD *)buffer, 72);
    for (i = 72; i < sizeof buffer; i++)
        EXPECT_EQ(buffer[i], 0xEE);
    EXPECT_OK(GetProcessMemoryInfo(SELF, (PROCESS_MEMORY_COUNTERS *)buffer, 80));
    EXPECT_EQ(*(DWORD *)buffer, 80);
    EXPECT(((PROCESS_MEMORY_COUNTERS_EX *)buffer)->PrivateUsage > 0);
    for (i = 80; i < sizeof buffer; i++)
        EXPECT_EQ(buffer[i], 0xEE);
}

TEST(workingset, committing_and_touching_is_counted, "D9.10b")
{
    PROCESS_MEMORY_COUNTERS_EX before = counters(), committed, touched;
    BYTE *p = commit(64 * MiB, PAGE_READWRITE);
    SIZE_T i;

    committed = counters();
    EXPECT(committed.PrivateUsage >= before.PrivateUsage + 63 * MiB);
    for (i = 0; i < 64 * MiB; i += PAGE)
        p[i] = 1;
    touched = counters();
    EXPECT(touched.WorkingSetSize >= committed.WorkingSetSize + 60 * MiB);
    EXPECT(touched.PeakWorkingSetSize >= touched.WorkingSetSize);
    EXPECT(touched.PageFaultCount > committed.PageFaultCount);
    release(p);
    touched = counters();
    EXPECT(touched.PrivateUsage + 60 * MiB <= committed.PrivateUsage);
    EXPECT(touched.PeakPagefileUsage >= committed.PagefileUsage);
    EXPECT(touched.WorkingSetSize + 60 * MiB <= touched.PeakWorkingSetSize);
}

TEST(workingset, reserving_is_not_counted, "D9.10b")
{
    PROCESS_MEMORY_COUNTERS_EX before = counters();

    reserve(256 * MiB);
    EXPECT(counters().PrivateUsage < before.PrivateUsage + 16 * MiB);
}

TEST(workingset, what_is_decommitted_piece_by_piece_is_not_counted, "D9.10b")
{
    BYTE *p = reserve(64 * MiB);
    PROCESS_MEMORY_COUNTERS_EX before = counters();
    SIZE_T i;

    for (i = 0; i < 64 * MiB; i += 64 * 1024)
        EXPECT(VirtualAlloc(p + i, 64 * 1024, MEM_COMMIT, PAGE_READWRITE) == p + i);
    for (i = 0; i < 64 * MiB; i += 64 * 1024)
        EXPECT(VirtualFree(p + i, 64 * 1024, MEM_DECOMMIT));
    EXPECT(counters().PrivateUsage < before.PrivateUsage + 4 * MiB);
}

TEST(workingset, counters_need_a_right, "D9.10c")
{
    PROCESS_MEMORY_COUNTERS info;
    HANDLE quota = self_with(PROCESS_SET_QUOTA), query = self_with(PROCESS_QUERY_LIMITED_INFORMATION);

    EXPECT_FAIL(ERROR_ACCESS_DENIED, GetProcessMemoryInfo(quota, &info, sizeof info));
    EXPECT_OK(GetProcessMemoryInfo(query, &info, sizeof info));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GetProcessMemoryInfo(NULL, &info, sizeof info));
    EXPECT_FAIL(ERROR_INVALID_HANDLE,
                GetProcessMemoryInfo(section(GRAIN, PAGE_READWRITE), &info, sizeof info));
}

/* ---- This library ------------------------------------------------------------------------ */

#ifdef WINMEM_VERSION_MAJOR

TEST(workingset, bad_pointers_fail, "O7")
{
    BYTE *page = commit(GRAIN, PAGE_READONLY);
    SIZE_T size;
    DWORD got;

    EXPECT_FAIL(ERROR_NOACCESS, GetProcessWorkingSetSize(SELF, NULL, &size));
    EXPECT_FAIL(ERROR_NOACCESS, GetProcessWorkingSetSize(SELF, &size, (SIZE_T *)page));
    EXPECT_FAIL(ERROR_NOACCESS, GetProcessWorkingSetSizeEx(SELF, &size, &size, NULL));
    EXPECT_FAIL(ERROR_NOACCESS, GetProcessWorkingSetSizeEx(SELF, &size, NULL, &got));
    EXPECT_FAIL(ERROR_NOACCESS, GetProcessMemoryInfo(SELF, NULL, 72));
    EXPECT_FAIL(ERROR_NOACCESS, GetProcessMemoryInfo(SELF, (PROCESS_MEMORY_COUNTERS *)page, 72));
}

/* The minimum is raised above the maximum that came with it. */
TEST(workingset, twenty_pages_are_the_least_maximum_in_effect, "D9.7c")
{
    EXPECT_OK(SetProcessWorkingSetSize(SELF, PAGE, 13 * PAGE));
    EXPECT_LIMITS(20 * PAGE, 20 * PAGE);
}

TEST(workingset, the_largest_structure_has_the_private_part, "D9.10a")
{
    PROCESS_MEMORY_COUNTERS_EX2 before, after;
    BYTE *p = commit(8 * MiB, PAGE_READWRITE), *q = anonymous_view(8 * MiB, PAGE_READWRITE, FILE_MAP_WRITE);

    EXPECT_EQ(sizeof before, 96);
    EXPECT_OK(GetProcessMemoryInfo(SELF, (PROCESS_MEMORY_COUNTERS *)&before, sizeof before));
    memset(p, 1, 8 * MiB);
    memset(q, 1, 8 * MiB);
    EXPECT_OK(GetProcessMemoryInfo(SELF, (PROCESS_MEMORY_COUNTERS *)&after, sizeof after));
    EXPECT_EQ(after.cb, 96);
    EXPECT(after.PrivateWorkingSetSize >= before.PrivateWorkingSetSize + 7 * MiB);
    EXPECT(after.PrivateWorkingSetSize + 7 * MiB <= after.WorkingSetSize);
    EXPECT(after.SharedCommitUsage >= before.SharedCommitUsage + 7 * MiB);
}

TEST(workingset, both_names_are_exported, "D9.10d")
{
    static const char *const names[] = {"EmptyWorkingSet", "K32EmptyWorkingSet", "GetProcessMemoryInfo",
                                        "K32GetProcessMemoryInfo"};
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        EXPECT(GetProcAddress(GetModuleHandleA("kernel32.dll"), names[i]) != NULL);
        EXPECT(GetProcAddress(GetModuleHandleA("psapi.dll"), names[i]) != NULL);
    }
}

TEST(workingset, without_proc_there_are_no_counters, "L117")
{
    PROCESS_MEMORY_COUNTERS info, before;

    memset(&info, 0xEE, sizeof info);
    before = info;
    pretend_empty("/proc");
    EXPECT_FAIL(ERROR_NO_SYSTEM_RESOURCES, GetProcessMemoryInfo(SELF, &info, sizeof info));
    EXPECT(memcmp(&info, &before, sizeof info) == 0);
    EXPECT_LIMITS(204800, 1413120);
    EXPECT_OK(SetProcessWorkingSetSize(SELF, MiB, 2 * MiB));
    pretend_no_more("/proc");
}

TEST(workingset, without_descriptors_there_are_no_counters, "L117")
{
    rlim_t old = pretend_limit(RLIMIT_NOFILE, 0);
    PROCESS_MEMORY_COUNTERS info;

    EXPECT_FAIL(ERROR_NO_SYSTEM_RESOURCES, GetProcessMemoryInfo(SELF, &info, sizeof info));
    EXPECT(strstr(WinmemLastCause(), "RLIMIT_NOFILE 0") != NULL);
    EXPECT_OK(SetProcessWorkingSetSize(SELF, NOTHING, NOTHING));
    pretend_limit(RLIMIT_NOFILE, old);
}

static void *asks(void *main_thread)
{
    PROCESS_MEMORY_COUNTERS info;
    MEMORYSTATUSEX status;

    pthread_join(*(pthread_t *)main_thread, NULL);
    status.dwLength = sizeof status;
    EXPECT_OK(GetProcessMemoryInfo(SELF, &info, sizeof info));
    EXPECT(info.WorkingSetSize > 0);
    EXPECT_OK(GlobalMemoryStatusEx(&status));
    EXPECT(status.ullAvailVirtual < status.ullTotalVirtual - MiB);
    check_end(check_failures ? 1 : 0);
}

/* /proc/self speaks of the main thread, and its files are empty once it has ended. */
TEST(workingset, counters_outlive_the_main_thread, "L118")
{
    static pthread_t main_thread;
    pthread_t other;

#ifdef CHECK_THREAD_SANITIZER
    SKIP("the thread sanitizer does not let the main thread end");
#endif
    main_thread = pthread_self();
    MUST(pthread_create(&other, NULL, asks, &main_thread) == 0);
    pthread_exit(NULL);
}

#endif
