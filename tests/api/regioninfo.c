/*
 * QueryVirtualMemoryInformation, class MemoryRegionInfo: the allocation around an address.
 */
#include "api.h"

/* Zeroed, so that a field that was not written shows. */
static WIN32_MEMORY_REGION_INFORMATION region_of(const void *address)
{
    WIN32_MEMORY_REGION_INFORMATION info;
    SIZE_T length = 0;

    memset(&info, 0, sizeof info);
    SetLastError(CHECK_SENTINEL);
    EXPECT(QueryVirtualMemoryInformation(GetCurrentProcess(), address, MemoryRegionInfo, &info, sizeof info,
                                         &length));
    EXPECT_EQ(GetLastError(), CHECK_SENTINEL);
    EXPECT_EQ(length, sizeof info);
    return info;
}

#define EXPECT_INFO(info, base, prot, size, commit_size)                                                     \
    do {                                                                                                     \
        EXPECT_EQ((info).AllocationBase, (base));                                                            \
        EXPECT_EQ((info).AllocationProtect, (prot));                                                         \
        EXPECT_EQ((info).RegionSize, (size));                                                                \
        EXPECT_EQ((info).CommitSize, (commit_size));                                                         \
        EXPECT_EQ((info).Flags, 0);                                                                          \
    } while (0)

TEST(regioninfo, a_reservation, "O80 O81 O82")
{
    BYTE *p = reserve(GRAIN);
    WIN32_MEMORY_REGION_INFORMATION info = region_of(p);

    EXPECT_EQ(sizeof info, 32);
    EXPECT_INFO(info, p, PAGE_NOACCESS, GRAIN, 0);
}

TEST(regioninfo, the_answer_is_the_same_in_the_middle, "O80")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    EXPECT_INFO(region_of(p), p, PAGE_READWRITE, GRAIN, GRAIN);
    EXPECT_INFO(region_of(p + PAGE), p, PAGE_READWRITE, GRAIN, GRAIN);
    EXPECT_INFO(region_of(p + GRAIN - 1), p, PAGE_READWRITE, GRAIN, GRAIN);
}

TEST(regioninfo, commit_size_ignores_protections, "O82")
{
    BYTE *p = commit(4 * PAGE, PAGE_READWRITE);

    protect(p + PAGE, PAGE, PAGE_NOACCESS);
    EXPECT_INFO(region_of(p), p, PAGE_READWRITE, 4 * PAGE, 4 * PAGE);
}

TEST(regioninfo, commit_size_counts_the_committed_pages, "O82 O80 D4b")
{
    BYTE *p = reserve(GRAIN);

    commit_part(p + PAGE, 3 * PAGE, PAGE_READWRITE);
    EXPECT_INFO(region_of(p), p, PAGE_NOACCESS, GRAIN, 3 * PAGE);
    MUST(VirtualFree(p + 2 * PAGE, PAGE, MEM_DECOMMIT));
    EXPECT_INFO(region_of(p), p, PAGE_NOACCESS, GRAIN, 2 * PAGE);
}

TEST(regioninfo, views_of_a_pagefile_section, "O80 O81 O82")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *r = view(handle, FILE_MAP_READ), *w = view(handle, FILE_MAP_WRITE);

    EXPECT_INFO(region_of(r), r, PAGE_READONLY, GRAIN, 0);
    EXPECT_INFO(region_of(w + PAGE), w, PAGE_READWRITE, GRAIN, 0);
    w[0] = 1;
    EXPECT_INFO(region_of(w), w, PAGE_READWRITE, GRAIN, 0);
}

TEST(regioninfo, a_copy_on_write_view_is_charged_whole, "O82")
{
    BYTE *p = anonymous_view(PAGE, PAGE_READWRITE, FILE_MAP_COPY);

    EXPECT_INFO(region_of(p), p, PAGE_WRITECOPY, PAGE, PAGE);
    p[0] = 1;
    EXPECT_INFO(region_of(p), p, PAGE_WRITECOPY, PAGE, PAGE);
}

TEST(regioninfo, each_piece_of_a_placeholder_is_its_own, "O83")
{
    BYTE *p = reserve_placeholder(GRAIN);

    MUST(split_placeholder(p, 0x4000));
    EXPECT_INFO(region_of(p), p, PAGE_NOACCESS, 0x4000, 0);
    EXPECT_INFO(region_of(p + 0x5000), p + 0x4000, PAGE_NOACCESS, GRAIN - 0x4000, 0);
}

TEST(regioninfo, buffers_up_to_the_commit_size_are_long_enough, "O84")
{
    WIN32_MEMORY_REGION_INFORMATION info;
    BYTE *p = reserve(GRAIN);

    memset(&info, 0, sizeof info);
    EXPECT_OK(QueryVirtualMemoryInformation(GetCurrentProcess(), p, MemoryRegionInfo, &info, 24, NULL));
    EXPECT_EQ(info.AllocationBase, p);
    EXPECT_EQ(info.RegionSize, GRAIN);
    EXPECT_FAIL(ERROR_BAD_LENGTH,
                QueryVirtualMemoryInformation(GetCurrentProcess(), p, MemoryRegionInfo, &info, 16, NULL));
    EXPECT_FAIL(ERROR_BAD_LENGTH,
                QueryVirtualMemoryInformation(GetCurrentProcess(), p, MemoryRegionInfo, &info, 0, NULL));
}

TEST(regioninfo, the_return_size_is_optional, "O84")
{
    WIN32_MEMORY_REGION_INFORMATION info;
    BYTE *p = reserve(GRAIN);

    EXPECT_OK(
        QueryVirtualMemoryInformation(GetCurrentProcess(), p, MemoryRegionInfo, &info, sizeof info, NULL));
}

TEST(regioninfo, free_memory_fails_and_writes_nothing, "O85 O4")
{
    WIN32_MEMORY_REGION_INFORMATION info, before;
    BYTE *p = free_space(MiB);

    memset(&info, 0xEE, sizeof info);
    before = info;
    EXPECT_FAIL(ERROR_UNEXP_NET_ERR, QueryVirtualMemoryInformation(GetCurrentProcess(), p, MemoryRegionInfo,
                                                                   &info, sizeof info, NULL));
    EXPECT(memcmp(&info, &before, sizeof info) == 0);
}

TEST(regioninfo, a_buffer_elsewhere_stays_untouched_too, "O85")
{
    WIN32_MEMORY_REGION_INFORMATION *info = (void *)commit(PAGE, PAGE_READWRITE), before;

    memset(info, 0xEE, sizeof *info);
    before = *info;
    EXPECT_FAIL(ERROR_UNEXP_NET_ERR,
                QueryVirtualMemoryInformation(GetCurrentProcess(), free_space(MiB), MemoryRegionInfo, info,
                                              sizeof *info, NULL));
    EXPECT(memcmp(info, &before, sizeof before) == 0);
    protect((BYTE *)info, PAGE, PAGE_READONLY);
    EXPECT_FAIL(ERROR_NOACCESS, QueryVirtualMemoryInformation(GetCurrentProcess(), info, MemoryRegionInfo,
                                                              info, sizeof *info, NULL));
}

TEST(regioninfo, an_unknown_class_fails, "O2")
{
    WIN32_MEMORY_REGION_INFORMATION info;
    BYTE *p = reserve(GRAIN);

    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                QueryVirtualMemoryInformation(GetCurrentProcess(), p, (WIN32_MEMORY_INFORMATION_CLASS)77,
                                              &info, sizeof info, NULL));
}

TEST(regioninfo, no_process_fails, "O8")
{
    WIN32_MEMORY_REGION_INFORMATION info;
    BYTE *p = reserve(GRAIN);

    EXPECT_FAIL(ERROR_INVALID_HANDLE,
                QueryVirtualMemoryInformation(NULL, p, MemoryRegionInfo, &info, sizeof info, NULL));
}
