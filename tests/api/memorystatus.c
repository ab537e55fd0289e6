/*
 * GlobalMemoryStatusEx, GlobalMemoryStatus, GetPhysicallyInstalledSystemMemory and the memory resource
 * notifications.
 */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR
#include "../support/pretend.h"
#endif

static MEMORYSTATUSEX status_ex(void)
{
    MEMORYSTATUSEX status;

    memset(&status, 0xEE, sizeof status);
    status.dwLength = sizeof status;
    EXPECT_OK(GlobalMemoryStatusEx(&status));
    return status;
}

static MEMORYSTATUS status_plain(DWORD length)
{
    MEMORYSTATUS status;

    memset(&status, 0xEE, sizeof status);
    status.dwLength = length;
    SetLastError(CHECK_SENTINEL);
    GlobalMemoryStatus(&status);
    EXPECT_EQ(GetLastError(), CHECK_SENTINEL);
    return status;
}

/* ---- GlobalMemoryStatusEx ---------------------------------------------------------------- */

TEST(memorystatus, a_wrong_length_fails_and_writes_nothing, "O235 D12.6a")
{
    static const DWORD lengths[] = {
        0, 1, sizeof(MEMORYSTATUS), sizeof(MEMORYSTATUSEX) - 1, sizeof(MEMORYSTATUSEX) + 1, 0xFFFFFFFF};
    MEMORYSTATUSEX status, before;
    size_t i;

    EXPECT_EQ(sizeof status, 64);
    for (i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        memset(&before, 0xEE, sizeof before);
        before.dwLength = lengths[i];
        status = before;
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, GlobalMemoryStatusEx(&status));
        EXPECT(memcmp(&status, &before, sizeof status) == 0);
    }
}

TEST(memorystatus, the_load_is_the_part_that_is_not_available, "O236")
{
    MEMORYSTATUSEX status = status_ex();

    EXPECT_EQ(status.dwLength, sizeof status);
    EXPECT(status.ullTotalPhys > 0 && status.ullAvailPhys <= status.ullTotalPhys);
    EXPECT_EQ(status.dwMemoryLoad, (status.ullTotalPhys - status.ullAvailPhys) / (status.ullTotalPhys / 100));
    EXPECT(status.dwMemoryLoad <= 100);
}

TEST(memorystatus, the_page_file_is_what_can_be_committed, "O236")
{
    MEMORYSTATUSEX status = status_ex();

    EXPECT(status.ullTotalPageFile > 0 && status.ullAvailPageFile <= status.ullTotalPageFile);
}

TEST(memorystatus, virtual_memory_is_the_address_space, "O236")
{
    MEMORYSTATUSEX status = status_ex();
    SYSTEM_INFO info;

    GetSystemInfo(&info);
    EXPECT_EQ(status.ullTotalVirtual,
              (BYTE *)info.lpMaximumApplicationAddress - (BYTE *)info.lpMinimumApplicationAddress + 1);
    EXPECT(status.ullAvailVirtual < status.ullTotalVirtual);
    EXPECT_EQ(status.ullAvailExtendedVirtual, 0);
}

/* Larger than any arena, and small enough for arenas to serve it. */
TEST(memorystatus, a_reservation_takes_of_the_available_addresses, "D4a")
{
    static const SIZE_T sizes[] = {(SIZE_T)1 << 38, 3 * MiB};
    MEMORYSTATUSEX before, during, after;
    void *p;
    size_t i;

    release(reserve(3 * MiB)); /* whatever the first call brings along */
    for (i = 0; i < 2; i++) {
        before = status_ex();
        p = VirtualAlloc(NULL, sizes[i], MEM_RESERVE, PAGE_NOACCESS);
        if (p == NULL)
            SKIP("no 256 GiB of addresses here");
        during = status_ex();
        release(p);
        after = status_ex();
        EXPECT(before.ullAvailVirtual - during.ullAvailVirtual >= sizes[i]);
        EXPECT(before.ullAvailVirtual - during.ullAvailVirtual < sizes[i] + MiB);
        EXPECT(after.ullAvailVirtual >= during.ullAvailVirtual + sizes[i] - MiB);
    }
}

/* ---- GlobalMemoryStatus ------------------------------------------------------------------ */

TEST(memorystatus, the_old_form_ignores_its_length, "O235")
{
    static const DWORD lengths[] = {0, 1, sizeof(MEMORYSTATUS), 0xFFFFFFFF};
    size_t i;

    for (i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        MEMORYSTATUS status = status_plain(lengths[i]);

        EXPECT_EQ(status.dwLength, sizeof status);
        EXPECT(status.dwTotalPhys > 0 && status.dwAvailPhys <= status.dwTotalPhys);
    }
}

TEST(memorystatus, the_old_form_says_the_same, "O237")
{
    MEMORYSTATUSEX ex = status_ex();
    MEMORYSTATUS status = status_plain(0);

    EXPECT_EQ(sizeof status, 56);
    EXPECT(status.dwMemoryLoad <= ex.dwMemoryLoad + 1 && ex.dwMemoryLoad <= status.dwMemoryLoad + 1);
    EXPECT_EQ(status.dwTotalPhys, ex.ullTotalPhys);
    EXPECT_EQ(status.dwTotalPageFile, ex.ullTotalPageFile);
    EXPECT_EQ(status.dwTotalVirtual, ex.ullTotalVirtual);
    EXPECT(status.dwTotalPhys <= ~(SIZE_T)0 / 2 && status.dwAvailPhys <= ~(SIZE_T)0 / 2);
}

/* ---- GetPhysicallyInstalledSystemMemory -------------------------------------------------- */

TEST(memorystatus, installed_memory_needs_a_pointer, "O238")
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, GetPhysicallyInstalledSystemMemory(NULL));
}

TEST(memorystatus, installed_memory_is_not_less_than_there_is, "O238")
{
    ULONGLONG kib = 0;

    EXPECT_OK(GetPhysicallyInstalledSystemMemory(&kib));
    EXPECT(kib >= status_ex().ullTotalPhys / 1024);
    EXPECT(kib < (ULONGLONG)1 << 40); /* KiB: this would be a pebibyte */
}

/* ---- Notifications ----------------------------------------------------------------------- */

static HANDLE notification(MEMORY_RESOURCE_NOTIFICATION_TYPE type)
{
    HANDLE handle = CreateMemoryResourceNotification(type);

    MUST(handle != NULL);
    return handle;
}

static BOOL state_of(HANDLE handle)
{
    BOOL state = 77;

    EXPECT_OK(QueryMemoryResourceNotification(handle, &state));
    EXPECT(state == TRUE || state == FALSE);
    return state;
}

TEST(memorystatus, memory_is_not_short_and_plenty_at_once, "D9.9d D9.9e")
{
    HANDLE low = notification(LowMemoryResourceNotification);
    HANDLE high = notification(HighMemoryResourceNotification);

    EXPECT(low != high);
    EXPECT(!state_of(low) || !state_of(high));
    EXPECT_OK(CloseHandle(low));
    EXPECT_OK(CloseHandle(high));
}

TEST(memorystatus, an_unknown_notification_fails, "D9.9c")
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                CreateMemoryResourceNotification((MEMORY_RESOURCE_NOTIFICATION_TYPE)2));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                CreateMemoryResourceNotification((MEMORY_RESOURCE_NOTIFICATION_TYPE)-1));
}

TEST(memorystatus, a_closed_notification_cannot_be_asked, "D9.9e O8")
{
    HANDLE handle = notification(LowMemoryResourceNotification);
    BOOL state = 77;

    EXPECT_OK(CloseHandle(handle));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, QueryMemoryResourceNotification(handle, &state));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, CloseHandle(handle));
    EXPECT_EQ(state, 77);
}

TEST(memorystatus, other_handles_are_no_notifications, "L104 O8")
{
    BOOL state = 77;

    EXPECT_FAIL(ERROR_INVALID_HANDLE,
                QueryMemoryResourceNotification(section(GRAIN, PAGE_READWRITE), &state));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, QueryMemoryResourceNotification(self_with(PROCESS_ALL_ACCESS), &state));
    EXPECT_EQ(state, 77);
    EXPECT_FAIL(ERROR_INVALID_HANDLE,
                MapViewOfFile(notification(LowMemoryResourceNotification), FILE_MAP_READ, 0, 0, 0));
}

TEST(memorystatus, no_notification_is_an_invalid_argument, "O278")
{
    BOOL state = 77;

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, QueryMemoryResourceNotification(NULL, &state));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, QueryMemoryResourceNotification(NULL, NULL));
    EXPECT_EQ(state, 77);
}

TEST(memorystatus, a_notification_needs_a_place_for_its_state, "O7")
{
    HANDLE handle = notification(HighMemoryResourceNotification);

    EXPECT_FAIL_EITHER(ERROR_NOACCESS, ERROR_INVALID_PARAMETER,
                       QueryMemoryResourceNotification(handle, NULL));
}

TEST(memorystatus, a_duplicate_of_a_notification_says_the_same, "D9.9e")
{
    HANDLE self = GetCurrentProcess(), handle = notification(HighMemoryResourceNotification), copy = NULL;
    BOOL state = state_of(handle);

    EXPECT_OK(DuplicateHandle(self, handle, self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS));
    EXPECT_OK(CloseHandle(handle));
    EXPECT_EQ(state_of(copy), state);
    EXPECT_OK(CloseHandle(copy));
}

/* ---- This library ------------------------------------------------------------------------ */

#ifdef WINMEM_VERSION_MAJOR

TEST(memorystatus, bad_pointers_fail, "O7")
{
    BYTE *page = commit(GRAIN, PAGE_READWRITE);
    MEMORYSTATUSEX *status = (MEMORYSTATUSEX *)page;

    EXPECT_FAIL(ERROR_NOACCESS, GlobalMemoryStatusEx(NULL));
    status->dwLength = sizeof *status;
    protect(page, PAGE, PAGE_READONLY);
    EXPECT_FAIL(ERROR_NOACCESS, GlobalMemoryStatusEx(status));
    EXPECT_FAIL(ERROR_NOACCESS, GetPhysicallyInstalledSystemMemory((ULONGLONG *)page));
    protect(page, PAGE, PAGE_READWRITE);
    EXPECT_OK(GlobalMemoryStatusEx(status));
}

/* A query right that a duplicate was not given is missing. */
TEST(memorystatus, a_duplicate_without_rights_cannot_be_asked, "L104")
{
    HANDLE self = GetCurrentProcess(), copy = NULL;
    BOOL state;

    MUST(DuplicateHandle(self, notification(LowMemoryResourceNotification), self, &copy, SYNCHRONIZE, FALSE,
                         0));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, QueryMemoryResourceNotification(copy, &state));
}

TEST(memorystatus, without_descriptors_the_machine_is_still_known, "L107")
{
    MEMORYSTATUSEX before = status_ex(), status;
    ULONGLONG kib = 0;
    rlim_t old;

    reserve(MiB); /* of the address space, only ours is known now */
    old = pretend_limit(RLIMIT_NOFILE, 0);
    status = status_ex();
    EXPECT(status.ullAvailPhys > 0 && status.ullAvailPhys <= status.ullTotalPhys);
    EXPECT(status.ullTotalPhys >= before.ullTotalPhys); /* of control groups nothing is known now */
    EXPECT(status.ullAvailPageFile <= status.ullTotalPageFile);
    EXPECT_EQ(status.ullTotalVirtual, before.ullTotalVirtual);
    EXPECT(status.ullAvailVirtual > 0 && status.ullAvailVirtual <= status.ullTotalVirtual - MiB);
    EXPECT_OK(GetPhysicallyInstalledSystemMemory(&kib));
    EXPECT(kib >= status.ullTotalPhys / 1024);
    state_of(notification(LowMemoryResourceNotification));
    pretend_limit(RLIMIT_NOFILE, old);
}

TEST(memorystatus, without_proc_the_machine_is_still_known, "L107")
{
    MEMORYSTATUSEX status;

    reserve(MiB);
    pretend_empty("/proc");
    status = status_ex();
    EXPECT(status.ullAvailPhys > 0 && status.ullAvailPhys <= status.ullTotalPhys);
    EXPECT(status.ullAvailPageFile > 0 && status.ullAvailPageFile <= status.ullTotalPageFile);
    EXPECT(status.ullAvailVirtual > 0 && status.ullAvailVirtual <= status.ullTotalVirtual - MiB);
    pretend_no_more("/proc");
}

/* The files of a group by their names in both versions; this process is in the top one, or below it. */
static void pretend_group(const char *limit, const char *used, const char *cache)
{
    char text[100];

    pretend_empty("/sys/fs/cgroup");
    pretend_file("/sys/fs/cgroup/memory.max", limit);
    pretend_file("/sys/fs/cgroup/memory.current", used);
    pretend_file("/sys/fs/cgroup/memory/memory.limit_in_bytes", limit);
    pretend_file("/sys/fs/cgroup/memory/memory.usage_in_bytes", used);
    snprintf(text, sizeof text, "anon 1\ninactive_file %s\ntotal_inactive_file %s\nlast 2\n", cache, cache);
    pretend_file("/sys/fs/cgroup/memory.stat", text);
    pretend_file("/sys/fs/cgroup/memory/memory.stat", text);
}

TEST(memorystatus, a_control_group_is_the_machine, "L105")
{
    ULONGLONG kib = 0;
    MEMORYSTATUSEX status;

    EXPECT(state_of(notification(HighMemoryResourceNotification)));
    pretend_group("104857600\n", "94371840\n", "4194304"); /* 100 MiB, 90 in use, 4 of them cache */
    status = status_ex();
    if (status.ullTotalPhys != 100 * MiB)
        SKIP("memory is managed by no control group under /sys/fs/cgroup");
    EXPECT_EQ(status.ullAvailPhys, 14 * MiB);
    EXPECT_EQ(status.dwMemoryLoad, 86);
    EXPECT(status.ullTotalPageFile >= 100 * MiB && status.ullAvailPageFile >= 14 * MiB);
    EXPECT_EQ(status_plain(0).dwTotalPhys, 100 * MiB);
    EXPECT_OK(GetPhysicallyInstalledSystemMemory(&kib));
    EXPECT(kib > 100 * 1024);
    EXPECT(state_of(notification(HighMemoryResourceNotification)));
    EXPECT(!state_of(notification(LowMemoryResourceNotification)));
}

TEST(memorystatus, a_full_control_group_is_short_of_memory, "L105 D9.9d")
{
    pretend_group("104857600\n", "104333312\n", "0"); /* half a MiB left */
    if (status_ex().ullTotalPhys != 100 * MiB)
        SKIP("memory is managed by no control group under /sys/fs/cgroup");
    EXPECT(state_of(notification(LowMemoryResourceNotification)));
    EXPECT(!state_of(notification(HighMemoryResourceNotification)));
}

/* Between the two levels (0.78 and 2.3 MiB of 100) it is neither. */
TEST(memorystatus, memory_may_be_neither_short_nor_plenty, "L105 D9.9d")
{
    pretend_group("104857600\n", "103284736\n", "0"); /* 1.5 MiB left */
    if (status_ex().ullTotalPhys != 100 * MiB)
        SKIP("memory is managed by no control group under /sys/fs/cgroup");
    EXPECT(!state_of(notification(LowMemoryResourceNotification)));
    EXPECT(!state_of(notification(HighMemoryResourceNotification)));
}

TEST(memorystatus, more_in_use_than_allowed_leaves_nothing, "L105")
{
    pretend_group("104857600\n", "204857600\n", "garbage");
    if (status_ex().ullTotalPhys != 100 * MiB)
        SKIP("memory is managed by no control group under /sys/fs/cgroup");
    EXPECT_EQ(status_ex().ullAvailPhys, 0);
    EXPECT_EQ(status_ex().dwMemoryLoad, 100);
}

TEST(memorystatus, a_group_without_a_limit_changes_nothing, "L105")
{
    MEMORYSTATUSEX before, after;

    pretend_empty("/sys/fs/cgroup");
    before = status_ex();
    pretend_file("/sys/fs/cgroup/memory.max", "max\n");
    pretend_file("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    after = status_ex();
    EXPECT_EQ(after.ullTotalPhys, before.ullTotalPhys);
    EXPECT(after.ullAvailPhys > before.ullAvailPhys / 2);
}

TEST(memorystatus, a_limit_on_data_bounds_what_can_be_committed, "L106")
{
    MEMORYSTATUSEX status = status_ex(); /* a sanitizer's shadow is beyond the limit: we begin before it */
    rlim_t old;

#ifdef CHECK_THREAD_SANITIZER
    SKIP("the thread sanitizer needs memory beyond the limit for itself");
#endif
    old = pretend_limit(RLIMIT_DATA, 512 * MiB);
    status = status_ex();
    EXPECT_EQ(status.ullTotalPageFile, 512 * MiB);
    EXPECT(status.ullAvailPageFile < 512 * MiB);
    pretend_limit(RLIMIT_DATA, old);
}

#endif
