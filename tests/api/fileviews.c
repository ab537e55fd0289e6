/*
 * fileviews.c: views of files: what they show, what is asked of them, what a page of them may become. How a view is placed and
 * protected does not depend on what is behind it: mapview.c, view_protect.c.
 */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR

#include "../support/child.h"
#include "../support/mappedfiles.h"
#include "../support/sectionviews.h"

#include <psapi.h>

static WIN32_MEMORY_REGION_INFORMATION region_of(const void *address)
{
    WIN32_MEMORY_REGION_INFORMATION info;
    SIZE_T length = 0;

    memset(&info, 0, sizeof info);
    MUST(QueryVirtualMemoryInformation(GetCurrentProcess(), address, MemoryRegionInfo, &info, sizeof info,
                                       &length));
    return info;
}

TEST(fileviews, the_file_and_all_views_are_one_memory, "O183 D8.1a")
{
    for (int place = 0; place < FILE_PLACES; place++) {
        int fd = new_file(file_places[place], GRAIN + 100);
        BYTE *p = file_view(fd, PAGE_READWRITE, FILE_MAP_WRITE),
             *q = file_view(fd, PAGE_EXECUTE_READWRITE, FILE_MAP_READ), byte = 7;

        EXPECT(p != q && p[GRAIN + 99] == byte_at(GRAIN + 99));
        p[5] = 99;
        EXPECT(q[5] == 99 && byte_of_file(fd, 5) == 99);
        MUST(pwrite(fd, &byte, 1, GRAIN) == 1);
        EXPECT(p[GRAIN] == 7 && q[GRAIN] == 7);
    }
}

TEST(fileviews, behind_the_end_of_the_file_the_last_page_is_zero, "O166 L241")
{
    for (int place = 0; place < FILE_PLACES; place++) {
        int fd = new_file(file_places[place], 100);
        BYTE *p = file_view(fd, PAGE_READWRITE, FILE_MAP_WRITE);

        EXPECT_REGION(p, .size = PAGE, .alloc_protect = PAGE_READWRITE, .type = MEM_MAPPED);
        EXPECT(holds(p + 100, PAGE - 100, 0));
        p[100] = 1;
        EXPECT_EQ(file_bytes(fd), 100);
    }
}

TEST(fileviews, sizes_are_bounded_by_the_byte, "O184 O166 O188")
{
    HANDLE section = file_section(new_file("/var/tmp", GRAIN + 0x3456), PAGE_READONLY, 0);
    BYTE *p = MapViewOfFile(section, FILE_MAP_READ, 0, (DWORD)GRAIN, 0);

    MUST(p != NULL);
    EXPECT_REGION(p, .size = 4 * PAGE);
    EXPECT_EQ(p[0x3455], byte_at(GRAIN + 0x3455));
    EXPECT(MapViewOfFile(section, FILE_MAP_READ, 0, 0, GRAIN + 0x3456) != NULL);
    EXPECT(MapViewOfFile(section, FILE_MAP_READ, 0, (DWORD)GRAIN, 0x3456) != NULL);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFile(section, FILE_MAP_READ, 0, 0, GRAIN + 0x3457) != NULL);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFile(section, FILE_MAP_READ, 0, (DWORD)GRAIN, 0x3457) != NULL);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFile(section, FILE_MAP_READ, 0, 2 * (DWORD)GRAIN, 0) != NULL);
    EXPECT_FAIL(ERROR_MAPPED_ALIGNMENT, MapViewOfFile(section, FILE_MAP_READ, 0, (DWORD)PAGE, 0) != NULL);
}

static HANDLE of_a_file(DWORD protection)
{
    return file_section(new_file("/var/tmp", PAGE), protection, 0);
}

TEST(fileviews, the_section_bounds_the_view, "O180")
{
    expect_views(of_a_file);
}

/* --- questions --- */

TEST(fileviews, a_region_says_that_it_is_a_file, "O81 O80 O82")
{
    int fd = new_file("/dev/shm", 3 * PAGE - 1);
    BYTE *p = file_view(fd, PAGE_READWRITE, FILE_MAP_WRITE),
         *copy = file_view(fd, PAGE_WRITECOPY, FILE_MAP_COPY);
    WIN32_MEMORY_REGION_INFORMATION info = region_of(p + PAGE);

    EXPECT_EQ(info.AllocationBase, p);
    EXPECT_EQ(info.RegionSize, 3 * PAGE);
    EXPECT_EQ(info.CommitSize, 0);
    EXPECT_EQ(info.AllocationProtect, PAGE_READWRITE);
    EXPECT(info.MappedDataFile && !info.MappedPageFile && !info.Private && !info.MappedImage);
    info = region_of(copy);
    EXPECT(info.MappedDataFile && info.CommitSize == 3 * PAGE);
    info = region_of(anonymous_view(PAGE, PAGE_READWRITE, FILE_MAP_WRITE));
    EXPECT_EQ(info.Flags, 0);
}

TEST(fileviews, a_view_knows_the_name_of_its_file, "O87 O91")
{
    char path[] = "/var/tmp/winmem-test-name-XXXXXX", name[5000];
    int fd = mkstemp(path);
    BYTE *p, *copy;

    MUST(fd >= 0);
    fill_file(fd, 0, 4 * PAGE);
    p = file_view(fd, PAGE_READWRITE, FILE_MAP_WRITE);
    copy = file_view(fd, PAGE_WRITECOPY, FILE_MAP_COPY);
    copy[PAGE] = 1;
    EXPECT_EQ(GetMappedFileNameA(GetCurrentProcess(), p + 2 * PAGE, name, sizeof name), strlen(path));
    EXPECT(strcmp(name, path) == 0);
    EXPECT_EQ(GetMappedFileNameA(GetCurrentProcess(), copy + PAGE, name, sizeof name), strlen(path));
    unlink(path);
    EXPECT_FAIL(ERROR_UNEXP_NET_ERR,
                GetMappedFileNameA(GetCurrentProcess(), p + 4 * PAGE, name, sizeof name));
    EXPECT(GetMappedFileNameA(GetCurrentProcess(), p, name, sizeof name) > strlen(path));
}

TEST(fileviews, attributes_show_in_views, "O195 O168")
{
    int fd = new_file("/dev/shm", PAGE);
    BYTE *p = file_view(fd, PAGE_READWRITE | SEC_COMMIT | SEC_NOCACHE, FILE_MAP_READ);

    EXPECT_REGION(p, .protect = PAGE_READONLY | PAGE_NOCACHE, .alloc_protect = PAGE_READONLY | PAGE_NOCACHE);
}

/* --- what is not for files --- */

TEST(fileviews, committing_is_refused_whatever_the_protection, "O194")
{
    static const DWORD wanted[] = {PAGE_NOACCESS,  PAGE_READONLY,     PAGE_READWRITE,
                                   PAGE_WRITECOPY, PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE};
    BYTE *p = file_view(new_file("/dev/shm", 2 * PAGE), PAGE_READWRITE, FILE_MAP_WRITE);

    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        EXPECT_FAIL(ERROR_ACCESS_DENIED, VirtualAlloc(p, PAGE, MEM_COMMIT, wanted[i]) != NULL);
    EXPECT_REGION(p, .size = 2 * PAGE, .protect = PAGE_READWRITE);
}

TEST(fileviews, its_contents_are_not_to_be_reset, "S38")
{
    BYTE *p = file_view(new_file("/dev/shm", PAGE), PAGE_READWRITE, FILE_MAP_WRITE);

    EXPECT_FAIL(ERROR_USER_MAPPED_FILE, VirtualAlloc(p, PAGE, MEM_RESET, PAGE_READWRITE) != NULL);
    EXPECT(VirtualAlloc(p, PAGE, MEM_RESET_UNDO, PAGE_READWRITE) != NULL);
    EXPECT(VirtualAlloc(anonymous_view(PAGE, PAGE_READWRITE, FILE_MAP_WRITE), PAGE, MEM_RESET,
                        PAGE_READWRITE) != NULL);
    EXPECT_EQ(p[9], byte_at(9));
}

TEST(fileviews, nor_offered_discarded_or_watched, "L22 O114")
{
    BYTE *p = file_view(new_file("/dev/shm", PAGE), PAGE_READWRITE, FILE_MAP_WRITE);
    PVOID addresses[1];
    ULONG_PTR count = 1;
    DWORD unit;

    EXPECT_EQ(OfferVirtualMemory(p, PAGE, VmOfferPriorityNormal), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(DiscardVirtualMemory(p, PAGE), ERROR_INVALID_PARAMETER);
    EXPECT(GetWriteWatch(0, p, PAGE, addresses, &count, &unit) != 0);
    EXPECT(ResetWriteWatch(p, PAGE) != 0);
    EXPECT_EQ(p[9], byte_at(9));
}

/* --- protections, and copying on write --- */

TEST(fileviews, a_change_must_stay_inside_the_mapping, "O64 O65 O66")
{
    int fd = new_file("/var/tmp", 2 * PAGE);
    BYTE *reads = file_view(fd, PAGE_READWRITE, FILE_MAP_READ);
    DWORD old = 0;

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtect(reads, PAGE, PAGE_READWRITE, &old));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtect(reads, PAGE, PAGE_EXECUTE_READ, &old));
    EXPECT_OK(VirtualProtect(reads, PAGE, PAGE_NOACCESS, &old));
    EXPECT_EQ(old, PAGE_READONLY);
    EXPECT_OK(VirtualProtect(reads, PAGE, PAGE_WRITECOPY, &old));
    EXPECT_EQ(old, PAGE_NOACCESS);
    reads[0] = 3;
    EXPECT(byte_of_file(fd, 0) == byte_at(0) && reads[0] == 3);
}

TEST(fileviews, a_written_page_is_private_and_says_so, "O196 O200")
{
    for (int place = 0; place < FILE_PLACES; place++) {
        int fd = new_file(file_places[place], 4 * PAGE);
        BYTE *p = file_view(fd, PAGE_WRITECOPY, FILE_MAP_COPY),
             *other = file_view(fd, PAGE_READWRITE, FILE_MAP_WRITE), sum = 0;

        for (SIZE_T i = 0; i < 4 * PAGE; i += PAGE)
            sum = (BYTE)(sum + p[i]);
        EXPECT_REGION(p, .size = 4 * PAGE, .protect = PAGE_WRITECOPY, .alloc_protect = PAGE_WRITECOPY);
        p[PAGE] = 200;
        EXPECT_REGION(p, .size = PAGE, .protect = PAGE_WRITECOPY, .alloc_protect = PAGE_WRITECOPY);
        EXPECT_REGION(p + PAGE, .size = PAGE, .protect = PAGE_READWRITE, .base = AT(p));
        EXPECT_REGION(p + 2 * PAGE, .size = 2 * PAGE, .protect = PAGE_WRITECOPY, .base = AT(p));
        EXPECT(other[PAGE] == byte_at(PAGE) && byte_of_file(fd, PAGE) == byte_at(PAGE));
        other[2 * PAGE] = 5;
        other[PAGE] = 6;
        EXPECT(p[2 * PAGE] == 5 && p[PAGE] == 200);
        (void)sum;
    }
}

TEST(fileviews, executable_copies_too, "O196 O197")
{
    BYTE *p =
        file_view(new_file("/var/tmp", 2 * PAGE), PAGE_EXECUTE_WRITECOPY, FILE_MAP_COPY | FILE_MAP_EXECUTE);

    p[0] = 0xc3;
    EXPECT_REGION(p, .size = PAGE, .protect = PAGE_EXECUTE_READWRITE,
                  .alloc_protect = PAGE_EXECUTE_WRITECOPY);
    EXPECT_REGION(p + PAGE, .size = PAGE, .protect = PAGE_EXECUTE_WRITECOPY, .base = AT(p));
}

TEST(fileviews, what_was_written_stays_private_whatever_it_becomes, "O197 O198")
{
    int fd = new_file("/var/tmp", 2 * PAGE);
    BYTE *p = file_view(fd, PAGE_READONLY, FILE_MAP_READ);
    DWORD old;

    EXPECT_OK(VirtualProtect(p, 2 * PAGE, PAGE_WRITECOPY, &old));
    p[1] = 250;
    EXPECT_OK(VirtualProtect(p, PAGE, PAGE_READONLY, &old));
    EXPECT_EQ(old, PAGE_READWRITE);
    EXPECT_REGION(p, .size = PAGE, .protect = PAGE_READONLY, .alloc_protect = PAGE_READONLY);
    EXPECT_OK(VirtualProtect(p, PAGE, PAGE_WRITECOPY, &old));
    EXPECT_REGION(p, .size = PAGE, .protect = PAGE_READWRITE, .alloc_protect = PAGE_READONLY);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtect(p, PAGE, PAGE_READWRITE, &old));
    EXPECT(p[1] == 250 && byte_of_file(fd, 1) == byte_at(1));
}

static void map_on_noexec(void)
{
    int fd;

    fd = new_file(small_disk, PAGE);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFile(file_section(fd, PAGE_EXECUTE_READ, 0),
                                                   FILE_MAP_READ | FILE_MAP_EXECUTE, 0, 0, 0) != NULL);
    EXPECT_EQ(file_view(fd, PAGE_EXECUTE_READ, FILE_MAP_READ)[3], byte_at(3));
}

TEST(fileviews, no_code_from_a_file_system_without, "L245")
{
    on_a_small_disk(MS_NOEXEC, map_on_noexec);
}

/* --- placeholders --- */

static PVOID map_into(HANDLE section, BYTE *p, SIZE_T offset, SIZE_T bytes, ULONG protection)
{
    return MapViewOfFile3(section, NULL, p, offset, bytes, MEM_REPLACE_PLACEHOLDER, protection, NULL, 0);
}

TEST(fileviews, pages_of_a_file_side_by_side, "O147 O148 O149 O151")
{
    int fd = new_file("/var/tmp", 4 * PAGE);
    HANDLE section = file_section(fd, PAGE_READWRITE, 0);
    BYTE *p = reserve_placeholder(3 * PAGE);

    MUST(split_placeholder(p, PAGE) && split_placeholder(p + PAGE, PAGE));
    EXPECT(map_into(section, p, 3 * PAGE, PAGE, PAGE_READWRITE) == p);
    EXPECT(map_into(section, p + PAGE, 0, PAGE, PAGE_WRITECOPY) == p + PAGE);
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, map_into(section, p + 2 * PAGE, 0, 2 * PAGE, PAGE_READONLY) != NULL);
    EXPECT(map_into(section, p + 2 * PAGE, PAGE, PAGE, PAGE_READONLY) == p + 2 * PAGE);
    MUST(CloseHandle(section));
    EXPECT(p[0] == byte_at(3 * PAGE) && p[PAGE] == byte_at(0) && p[2 * PAGE] == byte_at(PAGE));
    p[1] = 17;
    p[PAGE] = 18;
    EXPECT(byte_of_file(fd, 3 * PAGE + 1) == 17 && byte_of_file(fd, 0) == byte_at(0));
    EXPECT_OK(UnmapViewOfFileEx(p + PAGE, MEM_PRESERVE_PLACEHOLDER));
    EXPECT_REGION(p + PAGE, .size = PAGE, .state = MEM_RESERVE, .type = MEM_PRIVATE);
    EXPECT_EQ(p[2 * PAGE], byte_at(PAGE));
}

/* The last page of a file is mapped whole. */
TEST(fileviews, a_placeholder_for_the_end_of_a_file, "O147 O184 O166")
{
    int fd = new_file("/dev/shm", PAGE + 10);
    HANDLE section = file_section(fd, PAGE_READONLY, 0);
    BYTE *p = reserve_placeholder(2 * PAGE);

    EXPECT_FAIL(ERROR_ACCESS_DENIED, map_into(section, p, 0, 2 * PAGE, PAGE_READONLY) != NULL);
    EXPECT(map_into(section, p, 0, 0, PAGE_READONLY) == p);
    EXPECT_EQ(p[PAGE + 9], byte_at(PAGE + 9));
}

/* --- children --- */

static BYTE *shared_view, *own_view;

static void write_both(void)
{
    shared_view[0] = 61;
    own_view[0] = 62;
    EXPECT(UnmapViewOfFile(shared_view) && UnmapViewOfFile(own_view));
}

TEST(fileviews, a_child_shares_the_file_and_copies_the_copy, "L138")
{
    int fd = new_file("/var/tmp", PAGE);

    shared_view = file_view(fd, PAGE_READWRITE, FILE_MAP_WRITE);
    own_view = file_view(fd, PAGE_WRITECOPY, FILE_MAP_COPY);
    own_view[1] = 63;
    EXPECT_EQ(end_of(write_both), 0);
    EXPECT(shared_view[0] == 61 && own_view[0] == byte_at(0) && own_view[1] == 63);
}

#endif
