/* virtuallock.c: VirtualLock, VirtualUnlock. */
#include "api.h"

#ifndef _WIN32
#include <sys/mman.h>
#include <sys/resource.h>
#endif

#define GUARDED 0x80000001 /* STATUS_GUARD_PAGE_VIOLATION, which has no Win32 code of its own: O11 */

TEST(virtuallock, locks_and_unlocks, "D7.12a D7.12b")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    p[0] = 1;
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_OK(VirtualLock(p + 1, 2 * PAGE)));
    EXPECT_OK(VirtualLock(p, PAGE));
    EXPECT_EQ(p[0], 1);
    EXPECT_OK(VirtualUnlock(p, 3 * PAGE));
    EXPECT_FAIL(ERROR_NOT_LOCKED, VirtualUnlock(p, PAGE));
}

TEST(virtuallock, every_page_must_be_locked_to_unlock, "D7.12c")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    EXPECT_FAIL(ERROR_NOT_LOCKED, VirtualUnlock(p, PAGE));
    EXPECT_OK(VirtualLock(p, PAGE));
    EXPECT_FAIL(ERROR_NOT_LOCKED, VirtualUnlock(p, 2 * PAGE));
    EXPECT_OK(VirtualUnlock(p, PAGE));
}

TEST(virtuallock, needs_accessible_pages, "D7.12a")
{
    BYTE *p = reserve(GRAIN), *q = commit(GRAIN, PAGE_READONLY), *free = free_space(GRAIN);

    EXPECT_FAIL(ERROR_NOACCESS, VirtualLock(p, PAGE));
    EXPECT_FAIL(ERROR_NOACCESS, VirtualLock(free, PAGE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualLock(q, 0));
    protect(q + PAGE, PAGE, PAGE_NOACCESS);
    EXPECT_FAIL(ERROR_NOACCESS, VirtualLock(q, 2 * PAGE));
    EXPECT_OK(VirtualLock(q, PAGE));
    EXPECT_OK(VirtualUnlock(q, PAGE));
}

TEST(virtuallock, a_guard_page_refuses_once, "O11 O101 S154")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    p[PAGE] = 7;
    protect(p + PAGE, PAGE, PAGE_READWRITE | PAGE_GUARD);
    EXPECT_FAIL(GUARDED, VirtualLock(p + PAGE, PAGE));
    EXPECT_REGION(p, .size = GRAIN, .protect = PAGE_READWRITE);
    EXPECT_OK(VirtualLock(p + PAGE, PAGE));
    EXPECT_EQ(p[PAGE], 7);
    EXPECT_OK(VirtualUnlock(p + PAGE, PAGE));
}

TEST(virtuallock, one_guard_goes_at_a_time, "O101")
{
    BYTE *p = commit(GRAIN, PAGE_READONLY | PAGE_GUARD);

    EXPECT_REGION(p, .size = GRAIN, .protect = PAGE_READONLY | PAGE_GUARD,
                  .alloc_protect = PAGE_READONLY | PAGE_GUARD);
    EXPECT_FAIL(GUARDED, VirtualLock(p, 2 * PAGE));
    EXPECT_REGION(p, .size = PAGE, .protect = PAGE_READONLY, .alloc_protect = PAGE_READONLY | PAGE_GUARD);
    EXPECT_REGION(p + PAGE, .size = GRAIN - PAGE, .protect = PAGE_READONLY | PAGE_GUARD);
    EXPECT_FAIL(GUARDED, VirtualLock(p, 2 * PAGE));
    EXPECT_OK(VirtualLock(p, 2 * PAGE));
}

TEST(virtuallock, a_lock_stays_when_the_protection_changes, "L108")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    EXPECT_OK(VirtualLock(p, 4 * PAGE));
    protect(p, 2 * PAGE, PAGE_READONLY);
    protect(p + PAGE, PAGE, PAGE_NOACCESS);
    protect(p, GRAIN, PAGE_READWRITE);
    EXPECT_REGION(p, .size = GRAIN, .protect = PAGE_READWRITE);
    EXPECT_OK(VirtualUnlock(p, 4 * PAGE));
}

TEST(virtuallock, a_decommit_unlocks, "L108")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    EXPECT_OK(VirtualLock(p, 2 * PAGE));
    MUST(VirtualFree(p, PAGE, MEM_DECOMMIT));
    commit_part(p, PAGE, PAGE_READWRITE);
    EXPECT_FAIL(ERROR_NOT_LOCKED, VirtualUnlock(p, PAGE));
    EXPECT_OK(VirtualUnlock(p + PAGE, PAGE));
}

TEST(virtuallock, the_minimum_working_set_is_the_limit, "D7.12d")
{
    SIZE_T minimum, maximum;
    BYTE *p = commit(4 * MiB, PAGE_READWRITE);

    EXPECT_FAIL(ERROR_WORKING_SET_QUOTA, VirtualLock(p, 4 * MiB));
    MUST(GetProcessWorkingSetSize(GetCurrentProcess(), &minimum, &maximum));
    MUST(SetProcessWorkingSetSize(GetCurrentProcess(), 5 * MiB, 9 * MiB));
    EXPECT_OK(VirtualLock(p, 4 * MiB));
    EXPECT_FAIL(ERROR_WORKING_SET_QUOTA, VirtualLock(commit(4 * MiB, PAGE_READWRITE), 4 * MiB));
    release(p);
    EXPECT_OK(VirtualLock(commit(4 * MiB, PAGE_READWRITE), 4 * MiB)); /* a release gives the quota back */
}

TEST(virtuallock, views_can_be_locked, "L109")
{
    BYTE *p = anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_WRITE);

    EXPECT_OK(VirtualLock(p, GRAIN));
    EXPECT_REGION(p, .size = GRAIN, .protect = PAGE_READWRITE, .type = MEM_MAPPED);
    EXPECT_OK(VirtualUnlock(p, GRAIN));
    EXPECT_OK(VirtualLock(p, GRAIN));
    MUST(UnmapViewOfFile(p));
}

TEST(virtuallock, two_allocations_side_by_side, "L109")
{
    BYTE *p = free_space(2 * GRAIN);

    MUST(VirtualAlloc(p, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) == p);
    MUST(VirtualAlloc(p + GRAIN, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READONLY) == p + GRAIN);
    EXPECT_OK(VirtualLock(p + GRAIN - PAGE, 2 * PAGE));
    EXPECT_OK(VirtualUnlock(p + GRAIN - PAGE, PAGE));
    EXPECT_OK(VirtualUnlock(p + GRAIN, PAGE));
}

TEST(virtuallock, a_watched_page_is_written_by_being_locked, "O107")
{
    BYTE *p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE);
    PVOID pages[16];
    ULONG_PTR count = 16;
    DWORD granularity;

    MUST(p != NULL);
    protect(p + PAGE, PAGE, PAGE_READWRITE | PAGE_GUARD);
    EXPECT_FAIL(GUARDED, VirtualLock(p + PAGE, PAGE));
    EXPECT_EQ(GetWriteWatch(0, p, GRAIN, pages, &count, &granularity), 0);
    EXPECT_EQ(count, 0);
    EXPECT_OK(VirtualLock(p + PAGE, PAGE));
    count = 16;
    EXPECT_EQ(GetWriteWatch(0, p, GRAIN, pages, &count, &granularity), 0);
    EXPECT_EQ(count, 1);
    EXPECT_EQ(pages[0], p + PAGE);
}

#ifndef _WIN32

TEST(virtuallock, memory_of_others, "L109")
{
    BYTE *p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    MUST(p != MAP_FAILED);
    EXPECT_OK(VirtualLock(p, 2 * PAGE));
    EXPECT_FAIL(ERROR_NOT_LOCKED, VirtualUnlock(p, 3 * PAGE));
    EXPECT_OK(VirtualUnlock(p, 2 * PAGE));
    EXPECT_FAIL(ERROR_NOT_LOCKED, VirtualUnlock(p, 2 * PAGE));
}

TEST(virtuallock, the_limit_of_the_kernel_is_the_same_error, "L111")
{
    struct rlimit none = {0, 0};
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    MUST(setrlimit(RLIMIT_MEMLOCK, &none) == 0);
    if (geteuid() == 0)
        MUST(setresuid(65534, 65534, 65534) == 0);
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_WORKING_SET_QUOTA, VirtualLock(p, PAGE)));
    EXPECT(strstr(WinmemLastCause(), "RLIMIT_MEMLOCK") != NULL);
    EXPECT_FAIL(ERROR_NOT_LOCKED, VirtualUnlock(p, PAGE));
}

static long locked_kib(void)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[200];
    long kib = -1;

    MUST(file != NULL);
    while (fgets(line, sizeof line, file) != NULL)
        sscanf(line, "VmLck: %ld", &kib);
    fclose(file);
    return kib;
}

/* Pages that copy on write still follow the section: mlock alone would have written to them. */
TEST(virtuallock, locking_writes_nothing, "L110")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *shared = MapViewOfFile(handle, FILE_MAP_WRITE, 0, 0, 0),
         *copy = MapViewOfFile(handle, FILE_MAP_COPY, 0, 0, 0);
    long before = locked_kib();

    MUST(shared != NULL && copy != NULL);
    copy[2 * PAGE] = 7;
    EXPECT_OK(VirtualLock(copy, 4 * PAGE));
    EXPECT_EQ(locked_kib(), before + 16);
    shared[0] = shared[PAGE] = shared[2 * PAGE] = 2;
    EXPECT_EQ(copy[0], 2);
    EXPECT_EQ(copy[PAGE], 2);
    EXPECT_EQ(copy[2 * PAGE], 7);
    EXPECT_REGION(copy, .size = 2 * PAGE, .protect = PAGE_WRITECOPY, .type = MEM_MAPPED);
    copy[PAGE] = 3;
    EXPECT_EQ(shared[PAGE], 2);
    EXPECT_EQ(locked_kib(), before + 16);
    EXPECT_OK(VirtualUnlock(copy, 4 * PAGE));
    EXPECT_EQ(locked_kib(), before);
}

/* Each of these maps the pages anew. */
TEST(virtuallock, a_view_stays_locked_when_its_protection_changes, "L108")
{
    static const DWORD protections[] = {PAGE_WRITECOPY, PAGE_READONLY, PAGE_READWRITE, PAGE_WRITECOPY};
    BYTE *p = anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_WRITE);
    long before = locked_kib();

    EXPECT_OK(VirtualLock(p, 4 * PAGE));
    for (int i = 0; i < 4; i++) {
        protect(p, 8 * PAGE, protections[i]);
        EXPECT_EQ(locked_kib(), before + 16);
    }
    EXPECT_OK(VirtualUnlock(p, 4 * PAGE));
    EXPECT_EQ(locked_kib(), before);
    MUST(UnmapViewOfFile(p));
}

/* A private mapping of a file, as an image's data is. */
TEST(virtuallock, pages_of_a_file_are_not_copied, "L110")
{
    int fd = memfd_create("file", 0);
    BYTE *shared, *private;

    MUST(fd >= 0 && ftruncate(fd, 4 * PAGE) == 0);
    shared = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    private = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    MUST(shared != MAP_FAILED && private != MAP_FAILED);
    EXPECT_OK(VirtualLock(private, 4 * PAGE));
    shared[PAGE] = 5;
    EXPECT_EQ(private[PAGE], 5);
    EXPECT_OK(VirtualUnlock(private, 4 * PAGE));
}

TEST(virtuallock, the_kernel_agrees, "L112")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    long before = locked_kib();

    EXPECT_OK(VirtualLock(p, 4 * PAGE));
    EXPECT_EQ(locked_kib(), before + 16);
    protect(p, PAGE, PAGE_READONLY);
    EXPECT_EQ(locked_kib(), before + 16);
    EXPECT_OK(VirtualUnlock(p + PAGE, PAGE));
    EXPECT_EQ(locked_kib(), before + 12);
    release(p);
    EXPECT_EQ(locked_kib(), before);
}

#endif
