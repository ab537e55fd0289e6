/*
 * PrefetchVirtualMemory: a hint that is checked.
 */
#include "api.h"

static BOOL prefetch(void *address, SIZE_T bytes)
{
    WIN32_MEMORY_RANGE_ENTRY entry;

    entry.VirtualAddress = address;
    entry.NumberOfBytes = bytes;
    return PrefetchVirtualMemory(GetCurrentProcess(), 1, &entry, 0);
}

TEST(prefetch, aligned_and_unaligned_ranges, "O112")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    EXPECT_OK(prefetch(p, PAGE));
    EXPECT_OK(prefetch(p, GRAIN));
    EXPECT_OK(prefetch(p + 100, 200));
    EXPECT_OK(prefetch(p + PAGE - 1, 2));
}

TEST(prefetch, several_ranges, "O112")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    WIN32_MEMORY_RANGE_ENTRY entries[3] = {{p, PAGE}, {p + 2 * PAGE, 5}, {NULL, PAGE}};

    EXPECT_OK(PrefetchVirtualMemory(GetCurrentProcess(), 3, entries, 0));
}

TEST(prefetch, memory_that_is_not_there, "O112")
{
    EXPECT_OK(prefetch(NULL, PAGE));
    EXPECT_OK(prefetch(reserve(GRAIN), GRAIN));
    EXPECT_OK(prefetch(free_space(GRAIN), GRAIN));
}

TEST(prefetch, no_entries_fail, "O112 O113")
{
    WIN32_MEMORY_RANGE_ENTRY entry = {NULL, PAGE};

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, PrefetchVirtualMemory(GetCurrentProcess(), 0, &entry, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, PrefetchVirtualMemory(GetCurrentProcess(), 0, NULL, 0));
}

TEST(prefetch, an_entry_of_no_bytes_fails, "O113")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    WIN32_MEMORY_RANGE_ENTRY entries[2] = {{p, PAGE}, {p, 0}};

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, prefetch(p, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, PrefetchVirtualMemory(GetCurrentProcess(), 2, entries, 0));
}

TEST(prefetch, no_array_is_no_access, "O113")
{
    BYTE *p = commit(2 * PAGE, PAGE_READWRITE);
    WIN32_MEMORY_RANGE_ENTRY *last = (WIN32_MEMORY_RANGE_ENTRY *)(p + PAGE) - 1;

    EXPECT_FAIL(ERROR_NOACCESS, PrefetchVirtualMemory(GetCurrentProcess(), 1, NULL, 0));
    EXPECT_FAIL(ERROR_NOACCESS,
                PrefetchVirtualMemory(GetCurrentProcess(), 1, (WIN32_MEMORY_RANGE_ENTRY *)reserve(GRAIN), 0));
    protect(p + PAGE, PAGE, PAGE_NOACCESS);
    last->VirtualAddress = p;
    last->NumberOfBytes = PAGE;
    EXPECT_OK(PrefetchVirtualMemory(GetCurrentProcess(), 1, last, 0));
    EXPECT_FAIL(ERROR_NOACCESS, PrefetchVirtualMemory(GetCurrentProcess(), 2, last, 0));
    EXPECT_FAIL(ERROR_NOACCESS, PrefetchVirtualMemory(GetCurrentProcess(), ~(ULONG_PTR)0, last, 0));
}

TEST(prefetch, flags_are_zero, "D9.4a")
{
    WIN32_MEMORY_RANGE_ENTRY entry = {NULL, PAGE};

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, PrefetchVirtualMemory(GetCurrentProcess(), 1, &entry, 1));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, PrefetchVirtualMemory(GetCurrentProcess(), 1, &entry, ~(ULONG)0));
}

TEST(prefetch, handles_and_their_rights, "L114")
{
    WIN32_MEMORY_RANGE_ENTRY entry = {NULL, PAGE};

    EXPECT_FAIL(ERROR_INVALID_HANDLE, PrefetchVirtualMemory(NULL, 1, &entry, 0));
    EXPECT_OK(PrefetchVirtualMemory(self_with(PROCESS_VM_OPERATION), 1, &entry, 0));
}

TEST(prefetch, contents_and_states_stay, "D9.4b")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE), *c = anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_COPY);

    p[5] = 5;
    c[5] = 6;
    protect(p + PAGE, PAGE, PAGE_NOACCESS);
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_OK(prefetch(p, GRAIN)));
    EXPECT_NO_CHANGE(c, GRAIN, EXPECT_OK(prefetch(c, GRAIN)));
    EXPECT(p[5] == 5 && c[5] == 6);
}

#ifndef _WIN32

#include <errno.h>
#include <fcntl.h>
#include <psapi.h>
#include <sys/mman.h>

static int in_memory(void *page)
{
    PSAPI_WORKING_SET_EX_INFORMATION e = {.VirtualAddress = page};

    MUST(QueryWorkingSetEx(GetCurrentProcess(), &e, sizeof e));
    return (int)e.VirtualAttributes.Valid;
}

TEST(prefetch, untouched_memory_stays_untouched, "L115")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    BYTE *v = anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_WRITE);
    BYTE *f = mmap(NULL, GRAIN, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    MUST(f != MAP_FAILED);
    EXPECT_OK(prefetch(p, GRAIN));
    EXPECT_OK(prefetch(v, GRAIN));
    EXPECT_OK(prefetch(f, GRAIN));
    EXPECT(!in_memory(p) && !in_memory(v) && !in_memory(f));
}

/* How many pages of a file the system has in memory. */
static int cached(void *p, int pages)
{
    unsigned char there[64];
    int i, count = 0;

    MUST(mincore(p, (SIZE_T)pages * PAGE, there) == 0);
    for (i = 0; i < pages; i++)
        count += there[i] & 1;
    return count;
}

/* Whether it was the hint that did it nobody can tell; that it happens soon is what is expected. */
TEST(prefetch, files_are_read_ahead, "L115")
{
    enum { PAGES = 64 };
    char path[] = "/var/tmp/winmem-XXXXXX", page[4096];
    int fd = mkstemp(path), i;
    double end = check_seconds() + 5;
    BYTE *p;

    MUST(fd >= 0 && unlink(path) == 0);
    memset(page, 'x', sizeof page);
    for (i = 0; i < PAGES; i++)
        MUST(write(fd, page, sizeof page) == sizeof page);
    MUST(fsync(fd) == 0);
    p = mmap(NULL, PAGES * PAGE, PROT_READ, MAP_SHARED, fd, 0);
    MUST(p != MAP_FAILED);
    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    if (cached(p, PAGES) > PAGES / 2)
        SKIP("this file system keeps its pages in memory");
    EXPECT_OK(prefetch(p, PAGES * PAGE));
    while (cached(p, PAGES) < PAGES / 2 && check_seconds() < end)
        check_sleep(5);
    EXPECT(cached(p, PAGES) >= PAGES / 2);
    close(fd);
}

TEST(prefetch, addresses_beyond_the_last_are_passed_over, "L116")
{
    EXPECT_OK(prefetch((void *)(TOP + 1), 1));
    EXPECT_OK(prefetch((void *)(uintptr_t)0xFFFF800000000000, PAGE));
    EXPECT_OK(prefetch(NULL, (SIZE_T)1 << 46));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, prefetch((void *)(uintptr_t)0x10000, ~(SIZE_T)0));
}

TEST(prefetch, errno_is_left_alone, "L130")
{
    errno = 4711;
    EXPECT_OK(prefetch(NULL, PAGE));
    EXPECT_EQ(errno, 4711);
}

#endif
