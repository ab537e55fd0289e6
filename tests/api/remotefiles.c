/* remotefiles.c: views of files in another process: of one that uses the library, and of one that does not. */
#include "api.h"

#ifndef _WIN32

#include "remote.h"

#include "../support/mappedfiles.h"

static int fd;

static BYTE *map_there(const struct target *t, DWORD section_protection, ULONG protection)
{
    HANDLE section = file_section(fd, section_protection, 0);
    BYTE *p = MapViewOfFile2(section, t->handle, 0, NULL, 0, 0, protection);

    MUST(p != NULL && CloseHandle(section));
    return p;
}

static void check_shared(struct target *t)
{
    BYTE *here = file_view(fd, PAGE_READWRITE, FILE_MAP_WRITE),
         *there = map_there(t, PAGE_READWRITE, PAGE_READWRITE), byte = 0;
    WIN32_MEMORY_REGION_INFORMATION info;
    SIZE_T done;

    memset(&info, 0, sizeof info);
    EXPECT_THERE(t, there, .size = 3 * PAGE, .protect = PAGE_READWRITE, .type = MEM_MAPPED);
    EXPECT_EQ(tell(t, PEEK, there + 7, 0), here[7]);
    tell(t, POKE, there + 2 * PAGE, 99);
    EXPECT(here[2 * PAGE] == 99 && byte_of_file(fd, 2 * PAGE) == 99);
    EXPECT_OK(ReadProcessMemory(t->handle, there + 9, &byte, 1, &done));
    EXPECT_EQ(byte, here[9]);
    EXPECT_OK(QueryVirtualMemoryInformation(t->handle, there, MemoryRegionInfo, &info, sizeof info, NULL));
    EXPECT(info.MappedDataFile && info.RegionSize == 3 * PAGE);
    EXPECT_OK(UnmapViewOfFile2(t->handle, there, 0));
}

TEST(remotefiles, a_view_shares_the_file, "O186 O81")
{
    fd = new_file("/var/tmp", 2 * PAGE + 100);
    in_both_kinds(check_shared);
}

static void check_copy(struct target *t)
{
    BYTE *there = map_there(t, PAGE_READONLY, PAGE_WRITECOPY), before = byte_of_file(fd, PAGE);

    EXPECT_EQ(tell(t, POKE, there + PAGE, 200), 200);
    EXPECT_EQ(byte_of_file(fd, PAGE), before);
    EXPECT_THERE(t, there, .size = PAGE, .protect = PAGE_WRITECOPY, .type = MEM_MAPPED);
    EXPECT_THERE(t, there + PAGE, .size = PAGE, .protect = PAGE_READWRITE, .base = AT(there));
    EXPECT_FAIL(ERROR_ACCESS_DENIED,
                VirtualAllocEx(t->handle, there, PAGE, MEM_COMMIT, PAGE_READONLY) != NULL);
    EXPECT_OK(UnmapViewOfFile2(t->handle, there, 0));
}

TEST(remotefiles, a_copy_is_its_own, "O196 O194 O205")
{
    fd = new_file("/dev/shm", 3 * PAGE);
    in_both_kinds(check_copy);
}

static HANDLE read_only_section(void)
{
    HANDLE file = file_handle(fd, READS), section = file_section_of(file, PAGE_READONLY, 0);

    MUST(section != NULL && CloseHandle(file));
    return section;
}

/* The section may read, and is opened there for no more. */
static void check_read_only(struct target *t)
{
    HANDLE section = read_only_section();
    BYTE *there = MapViewOfFile2(section, t->handle, 0, NULL, 0, 0, PAGE_READONLY);
    DWORD old;

    MUST(there != NULL && CloseHandle(section));
    EXPECT_EQ(tell(t, PEEK, there + 5, 0), byte_at(5));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtectEx(t->handle, there, PAGE, PAGE_READWRITE, &old));
    EXPECT_OK(UnmapViewOfFile2(t->handle, there, 0));
}

TEST(remotefiles, a_file_that_is_only_read, "O163 O186")
{
    char path[64];
    int writes = new_file("/var/tmp", PAGE);

    snprintf(path, sizeof path, "/proc/self/fd/%d", writes);
    MUST(fchmod(writes, 0444) == 0);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    MUST(fd >= 0);
    in_both_kinds(check_read_only);
}

static void check_placeholder(struct target *t)
{
    BYTE *p = VirtualAlloc2(t->handle, NULL, 2 * PAGE, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS,
                            NULL, 0);
    HANDLE section = read_only_section();

    MUST(p != NULL && VirtualFreeEx(t->handle, p, PAGE, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER));
    EXPECT_RETURNS(p + PAGE, MapViewOfFile3(section, t->handle, p + PAGE, PAGE, PAGE, MEM_REPLACE_PLACEHOLDER,
                                            PAGE_READONLY, NULL, 0));
    EXPECT_EQ(tell(t, PEEK, p + PAGE + 1, 0), byte_at(PAGE + 1));
    EXPECT_OK(UnmapViewOfFile2(t->handle, p + PAGE, MEM_PRESERVE_PLACEHOLDER));
}

TEST(remotefiles, over_a_placeholder, "O186 O147")
{
    fd = new_file("/var/tmp", 2 * PAGE);
    in_both_kinds(check_placeholder);
}

#endif
