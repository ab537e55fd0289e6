/* overhanging.c: views that are larger than their file, which grows: NtMapViewOfSection with MEM_RESERVE, NtExtendSection. */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR

#include <ntifs.h>

#include "remote.h"

#include "../support/mappedfiles.h"

#define ACCESS_VIOLATION 0xC0000005u
#define INVALID_VIEW_SIZE 0xC000001Fu
#define SECTION_PROTECTION 0xC000004Eu
#define NOT_EXTENDED 0xC0000087u
#define INVALID_PARAMETER_5 0xC00000F3u
#define INVALID_PARAMETER_9 0xC00000F7u

static BYTE *map_large(HANDLE section, SIZE_T size, ULONG protection)
{
    PVOID base = NULL;

    EXPECT_NT(0, NtMapViewOfSection(section, GetCurrentProcess(), &base, 0, 0, NULL, &size, ViewUnmap,
                                    MEM_RESERVE, protection));
    MUST(base != NULL);
    return base;
}

/* With the right to be extended, which CreateFileMapping does not ask for. */
static HANDLE section_to_extend(int fd)
{
    HANDLE file = fd >= 0 ? file_handle(fd, WRITES) : NULL, section = NULL;
    LARGE_INTEGER size;

    size.QuadPart = fd >= 0 ? 0 : (LONGLONG)GRAIN;
    MUST(NtCreateSection(&section, SECTION_ALL_ACCESS, NULL, &size, PAGE_READWRITE, SEC_RESERVE, file) == 0);
    MUST(file == NULL || CloseHandle(file));
    return section;
}

static NTSTATUS extend(HANDLE section, LONGLONG to)
{
    LARGE_INTEGER size;

    size.QuadPart = to;
    return NtExtendSection(section, &size);
}

static SIZE_T size_of(HANDLE section)
{
    SECTION_BASIC_INFORMATION basic;

    MUST(NtQuerySection(section, SectionBasicInformation, &basic, sizeof basic, NULL) == 0);
    return (SIZE_T)basic.MaximumSize.QuadPart;
}

TEST(overhanging, a_view_may_be_larger_than_its_file, "L340")
{
    for (int place = 0; place < FILE_PLACES; place++) {
        int fd = new_file(file_places[place], 2 * PAGE + 100);
        HANDLE section = file_section(fd, PAGE_READWRITE, 0);
        BYTE *p = map_large(section, 64 * MiB, PAGE_READWRITE);

        EXPECT_REGION(p, .size = 3 * PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE, .type = MEM_MAPPED,
                      .alloc_protect = PAGE_READWRITE, .base = AT(p));
        EXPECT_REGION(p + 3 * PAGE, .size = 64 * MiB - 3 * PAGE, .state = MEM_RESERVE, .protect = 0,
                      .alloc_protect = PAGE_READWRITE, .type = MEM_MAPPED, .base = AT(p));
        EXPECT_EQ(p[2 * PAGE + 7], byte_at(2 * PAGE + 7));
        EXPECT_EQ(file_bytes(fd), 2 * PAGE + 100);
        EXPECT(IsBadReadPtr(p + 3 * PAGE, 1) && !IsBadReadPtr(p, 3 * PAGE));
        EXPECT_OK(UnmapViewOfFile(p));
    }
}

TEST(overhanging, what_the_section_gets_the_view_shows, "L340 L341")
{
    int fd = new_file("/var/tmp", PAGE);
    HANDLE section = section_to_extend(fd);
    BYTE *p = map_large(section, MiB, PAGE_READWRITE);

    EXPECT_NT(0, extend(section, 5 * (LONGLONG)PAGE + 1));
    EXPECT_EQ(size_of(section), 5 * PAGE + 1);
    EXPECT_EQ(file_bytes(fd), 5 * PAGE + 1);
    EXPECT_REGION(p, .size = 6 * PAGE, .state = MEM_COMMIT);
    p[5 * PAGE] = 9;
    EXPECT_EQ(byte_of_file(fd, 5 * PAGE), 9);
    EXPECT_NT(0, extend(section, PAGE));
    EXPECT_EQ(size_of(section), 5 * PAGE + 1);
    EXPECT_NT(0, extend(section, 2 * (LONGLONG)MiB));
    EXPECT_REGION(p, .size = MiB, .state = MEM_COMMIT);
}

TEST(overhanging, what_the_file_gets_the_view_shows, "L340")
{
    int fd = new_file("/var/tmp", 1);
    HANDLE section = file_section(fd, PAGE_READWRITE, 0);
    BYTE *p = map_large(section, MiB, PAGE_READONLY);

    MUST(CloseHandle(section));
    EXPECT_REGION(p, .size = PAGE, .state = MEM_COMMIT, .protect = PAGE_READONLY);
    fill_file(fd, 0, 7 * PAGE);
    EXPECT_REGION(p, .size = 7 * PAGE, .state = MEM_COMMIT, .protect = PAGE_READONLY);
    EXPECT_EQ(p[6 * PAGE + 3], byte_at(6 * PAGE + 3));
}

static EXCEPTION_RECORD seen;
static int file_to_grow;

static LONG CALLBACK make_it_larger(EXCEPTION_POINTERS *info)
{
    seen = *info->ExceptionRecord;
    return ftruncate(file_to_grow, 16 * (off_t)PAGE) == 0 ? EXCEPTION_CONTINUE_EXECUTION
                                                          : EXCEPTION_CONTINUE_SEARCH;
}

TEST(overhanging, behind_the_section_it_is_a_violation_inside_an_in_page_error, "L340 L244")
{
    int fd = file_to_grow = new_file("/var/tmp", 4 * PAGE);
    HANDLE section = file_section(fd, PAGE_READWRITE, 0);
    volatile BYTE *p = map_large(section, MiB, PAGE_READWRITE);

    AddVectoredExceptionHandler(1, make_it_larger);
    EXPECT_EQ(p[8 * PAGE + 5], 0);
    EXPECT_EQ(seen.ExceptionCode, EXCEPTION_ACCESS_VIOLATION);
    EXPECT_EQ(seen.NumberParameters, 2);
    EXPECT_EQ(seen.ExceptionInformation[0], 0);
    EXPECT_EQ(seen.ExceptionInformation[1], AT(p) + 8 * PAGE + 5);
    MUST(ftruncate(fd, PAGE) == 0);
    p[2 * PAGE + 3] = 1;
    EXPECT_EQ(seen.ExceptionCode, EXCEPTION_IN_PAGE_ERROR);
    EXPECT_EQ(seen.ExceptionInformation[0], 1);
    MUST(ftruncate(fd, PAGE) == 0);
    p[9 * PAGE] = 1;
    EXPECT_EQ(seen.ExceptionCode, EXCEPTION_ACCESS_VIOLATION);
    EXPECT_EQ(seen.ExceptionInformation[0], 1);
}

TEST(overhanging, what_is_not_there_is_not_protected, "L340 O55")
{
    int fd = new_file("/var/tmp", 2 * PAGE);
    BYTE *p = map_large(file_section(fd, PAGE_READWRITE, 0), MiB, PAGE_READWRITE);
    DWORD old = 0;

    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualProtect(p + PAGE, 2 * PAGE, PAGE_READONLY, &old));
    EXPECT_OK(VirtualProtect(p + PAGE, PAGE, PAGE_READONLY, &old));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFree(p, PAGE, MEM_DECOMMIT));
    EXPECT_FAIL(ERROR_NOACCESS, VirtualLock(p, 3 * PAGE));
    EXPECT_OK(FlushViewOfFile(p, 0));
    EXPECT_EQ(file_bytes(fd), 2 * PAGE);
}

TEST(overhanging, committing_makes_the_file_larger, "L344")
{
    for (int place = 0; place < FILE_PLACES; place++) {
        int fd = new_file(file_places[place], 2 * PAGE + 1);
        HANDLE section = section_to_extend(fd);
        BYTE *p = map_large(section, MiB, PAGE_READWRITE);

        EXPECT_RETURNS(p + 2 * PAGE, VirtualAlloc(p + 2 * PAGE, PAGE, MEM_COMMIT, PAGE_READWRITE));
        EXPECT_EQ(file_bytes(fd), 2 * PAGE + 1); /* is there already */
        EXPECT_RETURNS(p + 5 * PAGE, VirtualAlloc(p + 5 * PAGE, 10, MEM_COMMIT, PAGE_READONLY));
        EXPECT_EQ(size_of(section), 6 * PAGE);
        EXPECT_EQ(file_bytes(fd), 6 * PAGE);
        EXPECT_REGION(p, .size = 5 * PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
        EXPECT_REGION(p + 5 * PAGE, .size = PAGE, .state = MEM_COMMIT, .protect = PAGE_READONLY);
        EXPECT_REGION(p + 6 * PAGE, .size = MiB - 6 * PAGE, .state = MEM_RESERVE);
        p[4 * PAGE] = 7;
        EXPECT_EQ(byte_of_file(fd, 4 * PAGE), 7);
        EXPECT_RETURNS(p, VirtualAlloc(p, 6 * PAGE, MEM_COMMIT, PAGE_READWRITE));
        EXPECT_EQ(file_bytes(fd), 6 * PAGE);
    }
}

TEST(overhanging, committing_asks_for_no_more_than_the_view_has, "L344 O64")
{
    int fd = new_file("/var/tmp", PAGE);
    BYTE *p = map_large(section_to_extend(fd), MiB, PAGE_READONLY);

    EXPECT_NO_CHANGE(p, MiB, {
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(p + PAGE, PAGE, MEM_COMMIT, PAGE_READWRITE));
    });
    EXPECT_EQ(file_bytes(fd), PAGE);
    EXPECT_RETURNS(p + PAGE, VirtualAlloc(p + PAGE, PAGE, MEM_COMMIT, PAGE_READONLY));
    EXPECT_EQ(file_bytes(fd), 2 * PAGE);
}

static void fill_the_disk(void)
{
    int fd = new_file(small_disk, PAGE);
    BYTE *p = map_large(section_to_extend(fd), 64 * MiB, PAGE_READWRITE);

    EXPECT_NO_CHANGE(p, 64 * MiB, {
        EXPECT_FAIL(ERROR_DISK_FULL, VirtualAlloc(p + 32 * MiB, PAGE, MEM_COMMIT, PAGE_READWRITE));
    });
    EXPECT_EQ(file_bytes(fd), PAGE);
    MUST(check_failures == 0);
}

TEST(overhanging, a_full_disk_is_an_error_and_no_signal, "L344")
{
    on_a_small_disk(0, fill_the_disk);
}

static ULONG status_of(HANDLE section, SIZE_T size, SIZE_T commit, ULONG type, ULONG protection)
{
    PVOID base = NULL;
    NTSTATUS st = NtMapViewOfSection(section, GetCurrentProcess(), &base, 0, commit, NULL, &size, ViewUnmap,
                                     type, protection);

    if (st == 0)
        MUST(UnmapViewOfFile(base));
    return (ULONG)st;
}

TEST(overhanging, only_what_can_grow_may_be_larger, "L339 L341")
{
    int fd = new_file("/var/tmp", 2 * PAGE);
    HANDLE writes = file_section(fd, PAGE_READWRITE, 0), reads = file_section(fd, PAGE_READONLY, 0),
           memory = section(GRAIN, PAGE_READWRITE), piecewise = section_to_extend(-1);

    EXPECT_EQ(status_of(writes, GRAIN, 0, 0, PAGE_READWRITE), INVALID_VIEW_SIZE);
    EXPECT_EQ(status_of(writes, GRAIN, 0, MEM_RESERVE, PAGE_READWRITE), 0);
    EXPECT_EQ(status_of(writes, (SIZE_T)1 << 45, 0, MEM_RESERVE, PAGE_READWRITE), INVALID_VIEW_SIZE);
    EXPECT_EQ(status_of(reads, GRAIN, 0, MEM_RESERVE, PAGE_READONLY), SECTION_PROTECTION);
    EXPECT_EQ(status_of(memory, GRAIN, 0, MEM_RESERVE, PAGE_READWRITE), INVALID_PARAMETER_9);
    EXPECT_EQ(status_of(piecewise, 2 * GRAIN, 0, MEM_RESERVE, PAGE_READWRITE), INVALID_VIEW_SIZE);
    EXPECT_EQ(status_of(piecewise, GRAIN, 0, MEM_RESERVE, PAGE_READWRITE), 0);
    EXPECT_NT(NOT_EXTENDED, extend(piecewise, 2 * (LONGLONG)GRAIN));
}

TEST(overhanging, the_beginning_may_be_committed_at_once, "L342")
{
    HANDLE handle = section(4 * GRAIN, PAGE_READWRITE | SEC_RESERVE);
    PVOID base = NULL;
    SIZE_T size = 0;

    EXPECT_NT(0, NtMapViewOfSection(handle, GetCurrentProcess(), &base, 0, PAGE + 1, NULL, &size, ViewShare,
                                    0, PAGE_READWRITE));
    EXPECT_EQ(size, 4 * GRAIN);
    EXPECT_REGION(base, .size = 2 * PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
    EXPECT_EQ(status_of(handle, GRAIN, GRAIN + 1, 0, PAGE_READWRITE), INVALID_PARAMETER_5);
    EXPECT_EQ(status_of(section(GRAIN, PAGE_READWRITE), GRAIN, PAGE, 0, PAGE_READWRITE), 0);
}

TEST(overhanging, a_placeholder_may_become_one, "L340 O147")
{
    int fd = new_file("/var/tmp", 2 * PAGE);
    HANDLE handle = file_section(fd, PAGE_READWRITE, 0);
    BYTE *p = reserve_placeholder(GRAIN);

    EXPECT_RETURNS(p, MapViewOfFile3(handle, NULL, p, 0, GRAIN, MEM_RESERVE | MEM_REPLACE_PLACEHOLDER,
                                     PAGE_READWRITE, NULL, 0));
    EXPECT_REGION(p, .size = 2 * PAGE, .state = MEM_COMMIT);
    EXPECT_REGION(p + 2 * PAGE, .size = GRAIN - 2 * PAGE, .state = MEM_RESERVE, .type = MEM_MAPPED);
    EXPECT_OK(UnmapViewOfFileEx(p, MEM_PRESERVE_PLACEHOLDER));
}

static int fd_there;

static void check_there_too(struct target *t)
{
    HANDLE handle = section_to_extend(fd_there);
    SIZE_T before = (file_bytes(fd_there) + PAGE - 1) / PAGE * PAGE;
    BYTE *p = MapViewOfFile2(handle, t->handle, 0, NULL, MiB, MEM_RESERVE, PAGE_READWRITE);

    MUST(p != NULL);
    EXPECT_THERE(t, p + before, .size = MiB - before, .state = MEM_RESERVE, .type = MEM_MAPPED);
    EXPECT_NT(0, extend(handle, (LONGLONG)(before + 3 * PAGE)));
    EXPECT_EQ(tell(t, POKE, p + before + 2 * PAGE, 6), 6);
    EXPECT_EQ(byte_of_file(fd_there, before + 2 * PAGE), 6);
    if (t->kind == LIBRARY)
        EXPECT_THERE(t, p, .size = before + 3 * PAGE, .state = MEM_COMMIT);
    EXPECT_OK(UnmapViewOfFile2(t->handle, p, 0));
}

TEST(overhanging, in_another_process_it_grows_as_well, "L341 O186")
{
    fd_there = new_file("/var/tmp", PAGE);
    in_both_kinds(check_there_too);
}

#endif
