/*
 * Ranges that wrap, sizes that nobody has, pointers to nowhere, flags that do not exist: the
 * documented error, an unchanged address space, and no crash.
 */
#include "api.h"

#define KERNEL_SPACE ((BYTE *)0xFFFF800000000000u)
#define NON_CANONICAL ((BYTE *)0x0000900000000000u)
#define HUGE_SIZE ((SIZE_T)1 << 62)

/* ---- sizes and ranges -------------------------------------------------------------------- */

TEST(badinput, huge_allocations_fail, "O12 O6")
{
    static const SIZE_T sizes[] = {~(SIZE_T)0, ~(SIZE_T)0 - 0xFFE, HUGE_SIZE, (SIZE_T)1 << 63,
                                   (SIZE_T)1 << 47};
    size_t i;

    for (i = 0; i < 5; i++) {
        EXPECT_FAIL_EITHER(ERROR_INVALID_PARAMETER, ERROR_NOT_ENOUGH_MEMORY,
                           VirtualAlloc(NULL, sizes[i], MEM_RESERVE, PAGE_NOACCESS));
        EXPECT_FAIL_EITHER(ERROR_INVALID_PARAMETER, ERROR_NOT_ENOUGH_MEMORY,
                           VirtualAlloc2(NULL, NULL, sizes[i], MEM_RESERVE, PAGE_NOACCESS, NULL, 0));
    }
}

TEST(badinput, committing_a_wrapping_range_fails, "S65")
{
    BYTE *p = reserve(GRAIN);

    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL_EITHER(ERROR_INVALID_PARAMETER, ERROR_INVALID_ADDRESS,
                                        VirtualAlloc(p, ~(SIZE_T)0, MEM_COMMIT, PAGE_READWRITE)));
    EXPECT_NO_CHANGE(
        p, GRAIN,
        EXPECT_FAIL_EITHER(ERROR_INVALID_PARAMETER, ERROR_INVALID_ADDRESS,
                           VirtualAlloc(p + PAGE, (SIZE_T)0 - PAGE, MEM_COMMIT, PAGE_READWRITE)));
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL_EITHER(ERROR_INVALID_PARAMETER, ERROR_INVALID_ADDRESS,
                                        VirtualAlloc(p, (SIZE_T)0 - AT(p), MEM_COMMIT, PAGE_READWRITE)));
}

TEST(badinput, addresses_above_the_maximum_fail, "O76 O2")
{
    static BYTE *const addresses[] = {(BYTE *)(TOP + 1), NON_CANONICAL, KERNEL_SPACE,
                                      (BYTE *)~(uintptr_t)0xFFFF};
    DWORD old;
    size_t i;

    for (i = 0; i < 4; i++) {
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(addresses[i], GRAIN, MEM_RESERVE, PAGE_NOACCESS));
        EXPECT_FAIL_EITHER(ERROR_INVALID_PARAMETER, ERROR_INVALID_ADDRESS,
                           VirtualAlloc(addresses[i], PAGE, MEM_COMMIT, PAGE_READWRITE));
        EXPECT_FAIL_EITHER(ERROR_INVALID_PARAMETER, ERROR_INVALID_ADDRESS,
                           VirtualProtect(addresses[i], PAGE, PAGE_READONLY, &old));
        EXPECT_FAIL_EITHER(ERROR_INVALID_PARAMETER, ERROR_INVALID_ADDRESS,
                           VirtualFree(addresses[i], 0, MEM_RELEASE));
        EXPECT_FAIL_EITHER(ERROR_INVALID_PARAMETER, ERROR_INVALID_ADDRESS,
                           VirtualFree(addresses[i], PAGE, MEM_DECOMMIT));
        EXPECT_FAIL_EITHER(ERROR_INVALID_PARAMETER, ERROR_INVALID_ADDRESS, UnmapViewOfFile(addresses[i]));
    }
}

TEST(badinput, a_range_over_the_maximum_fails, "O76 O2")
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                VirtualAlloc((BYTE *)(TOP + 1 - GRAIN), 2 * GRAIN, MEM_RESERVE, PAGE_NOACCESS));
}

TEST(badinput, addresses_below_the_minimum_fail, "O18")
{
    EXPECT_FAIL_EITHER(ERROR_INVALID_PARAMETER, ERROR_INVALID_ADDRESS,
                       VirtualAlloc((void *)0x1000, PAGE, MEM_RESERVE, PAGE_NOACCESS));
    EXPECT_FAIL_EITHER(ERROR_INVALID_PARAMETER, ERROR_INVALID_ADDRESS,
                       VirtualAlloc((void *)1, 1, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
}

TEST(badinput, decommitting_a_wrapping_range_fails, "O50 O2")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    p[0] = 1;
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL_EITHER(ERROR_INVALID_PARAMETER, ERROR_INVALID_ADDRESS,
                                        VirtualFree(p, ~(SIZE_T)0, MEM_DECOMMIT)));
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL_EITHER(ERROR_INVALID_PARAMETER, ERROR_INVALID_ADDRESS,
                                        VirtualFree(p + PAGE, (SIZE_T)0 - PAGE, MEM_DECOMMIT)));
    EXPECT_EQ(p[0], 1);
}

TEST(badinput, protecting_a_wrapping_range_fails, "O55 O2")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    DWORD old;

    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL_EITHER(ERROR_INVALID_PARAMETER, ERROR_INVALID_ADDRESS,
                                        VirtualProtect(p, ~(SIZE_T)0, PAGE_READONLY, &old)));
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL_EITHER(ERROR_INVALID_PARAMETER, ERROR_INVALID_ADDRESS,
                                        VirtualProtect(p + PAGE, (SIZE_T)0 - PAGE, PAGE_READONLY, &old)));
}

TEST(badinput, splitting_by_a_wrapping_range_fails, "O133 O2")
{
    BYTE *p = reserve_placeholder(GRAIN);

    EXPECT_NO_CHANGE(
        p, GRAIN,
        EXPECT_FAIL_EITHER(ERROR_INVALID_PARAMETER, ERROR_INVALID_ADDRESS, split_placeholder(p, ~(SIZE_T)0)));
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL_EITHER(ERROR_INVALID_PARAMETER, ERROR_INVALID_ADDRESS,
                                        split_placeholder(p + PAGE, (SIZE_T)0 - PAGE)));
}

TEST(badinput, view_sizes_and_offsets_that_wrap_fail, "O184 O2")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);

    EXPECT_FAIL_EITHER(ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER,
                       MapViewOfFile(handle, FILE_MAP_READ, 0, 0, ~(SIZE_T)0));
    EXPECT_FAIL_EITHER(ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER,
                       MapViewOfFile(handle, FILE_MAP_READ, 0xFFFFFFFF, 0xFFFF0000, 0));
    EXPECT_FAIL_EITHER(ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER,
                       MapViewOfFile(handle, FILE_MAP_READ, 0xFFFFFFFF, 0xFFFF0000, 2 * GRAIN));
}

TEST(badinput, views_at_impossible_addresses_fail, "O185 O2")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);

    EXPECT_FAIL_EITHER(ERROR_INVALID_PARAMETER, ERROR_INVALID_ADDRESS,
                       MapViewOfFileEx(handle, FILE_MAP_READ, 0, 0, 0, KERNEL_SPACE));
    EXPECT_FAIL_EITHER(ERROR_INVALID_PARAMETER, ERROR_INVALID_ADDRESS,
                       MapViewOfFileEx(handle, FILE_MAP_READ, 0, 0, 0, (void *)(TOP + 1)));
}

/* ---- pointers ---------------------------------------------------------------------------- */

TEST(badinput, virtualquery_into_nowhere_fails, "O7")
{
    BYTE *p = reserve(GRAIN);

    EXPECT_FAIL(ERROR_NOACCESS, VirtualQuery(p, NULL, sizeof(MEMORY_BASIC_INFORMATION)));
    EXPECT_FAIL(ERROR_NOACCESS, VirtualQuery(p, (void *)p, sizeof(MEMORY_BASIC_INFORMATION)));
    EXPECT_FAIL(ERROR_NOACCESS, VirtualQuery(p, (void *)KERNEL_SPACE, sizeof(MEMORY_BASIC_INFORMATION)));
    EXPECT_FAIL(ERROR_NOACCESS, VirtualQuery(p, (void *)(uintptr_t)8, sizeof(MEMORY_BASIC_INFORMATION)));
}

TEST(badinput, virtualquery_into_read_only_memory_fails, "O7")
{
    BYTE *p = commit(PAGE, PAGE_READONLY);

    EXPECT_FAIL(ERROR_NOACCESS, VirtualQuery(p, (void *)p, sizeof(MEMORY_BASIC_INFORMATION)));
}

/* The buffer begins in a writable page and ends in a reserved one. */
TEST(badinput, virtualquery_over_the_edge_fails, "O7")
{
    BYTE *p = reserve(2 * PAGE);

    commit_part(p, PAGE, PAGE_READWRITE);
    EXPECT_FAIL(ERROR_NOACCESS, VirtualQuery(p, (void *)(p + PAGE - 16), sizeof(MEMORY_BASIC_INFORMATION)));
    EXPECT_OK(VirtualQuery(p, (void *)(p + PAGE - 48), sizeof(MEMORY_BASIC_INFORMATION)));
}

TEST(badinput, virtualquery_with_a_bad_buffer_and_a_bad_address_does_not_crash, "O7 O76")
{
    EXPECT_FAIL_EITHER(ERROR_NOACCESS, ERROR_INVALID_PARAMETER,
                       VirtualQuery(KERNEL_SPACE, NULL, sizeof(MEMORY_BASIC_INFORMATION)));
    EXPECT_FAIL_EITHER(ERROR_NOACCESS, ERROR_BAD_LENGTH, VirtualQuery(NULL, NULL, 0));
}

TEST(badinput, a_misaligned_query_buffer_works_or_fails_cleanly, "O7")
{
    BYTE *p = reserve(GRAIN);
    BYTE buffer[64];
    MEMORY_BASIC_INFORMATION mbi;
    SIZE_T length;

    SetLastError(CHECK_SENTINEL);
    length = VirtualQuery(p, (void *)(buffer + 1), sizeof mbi);
    if (length == 0) {
        EXPECT_EQ(GetLastError(), ERROR_NOACCESS);
    } else {
        memcpy(&mbi, buffer + 1, sizeof mbi);
        EXPECT_EQ(mbi.AllocationBase, p);
    }
}

TEST(badinput, virtualprotect_without_an_old_protection_fails_and_changes_nothing, "O7 O56")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_NOACCESS, VirtualProtect(p, PAGE, PAGE_READONLY, NULL)));
    EXPECT_NO_CHANGE(
        p, GRAIN,
        EXPECT_FAIL(ERROR_NOACCESS, VirtualProtectEx(GetCurrentProcess(), p, PAGE, PAGE_READONLY, NULL)));
    EXPECT(writable(p));
}

TEST(badinput, virtualprotect_into_nowhere_fails_and_changes_nothing, "O7 O56")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE), *q = reserve(GRAIN), *r = commit(PAGE, PAGE_READONLY);

    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_NOACCESS, VirtualProtect(p, PAGE, PAGE_READONLY, (PDWORD)(void *)q)));
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_NOACCESS, VirtualProtect(p, PAGE, PAGE_READONLY, (PDWORD)(void *)r)));
    EXPECT_NO_CHANGE(
        p, GRAIN,
        EXPECT_FAIL(ERROR_NOACCESS, VirtualProtect(p, PAGE, PAGE_READONLY, (PDWORD)(void *)KERNEL_SPACE)));
    EXPECT_NO_CHANGE(
        p, GRAIN, EXPECT_FAIL(ERROR_NOACCESS, VirtualProtect(p, PAGE, PAGE_READONLY, (PDWORD)(uintptr_t)4)));
}

#ifdef WINMEM_VERSION_MAJOR
/* The page that becomes read-only holds the output itself: written before, not lost, no crash. */
TEST(badinput, the_old_protection_may_lie_in_the_protected_page, "O57")
{
    BYTE *p = commit(PAGE, PAGE_READWRITE);
    PDWORD old = (PDWORD)(void *)p;

    *old = 0xDEAD;
    if (VirtualProtect(p, PAGE, PAGE_READONLY, old)) {
        EXPECT_EQ(*old, PAGE_READWRITE);
        EXPECT_REGION(p, .protect = PAGE_READONLY);
    } else {
        EXPECT_EQ(GetLastError(), ERROR_NOACCESS);
        EXPECT_REGION(p, .protect = PAGE_READWRITE);
    }
}
#endif

TEST(badinput, region_information_into_nowhere_fails, "O7 O84")
{
    BYTE *p = reserve(GRAIN);
    HANDLE self = GetCurrentProcess();
    WIN32_MEMORY_REGION_INFORMATION info;

    EXPECT_FAIL(ERROR_NOACCESS,
                QueryVirtualMemoryInformation(self, p, MemoryRegionInfo, NULL, sizeof info, NULL));
    EXPECT_FAIL(ERROR_NOACCESS,
                QueryVirtualMemoryInformation(self, p, MemoryRegionInfo, p, sizeof info, NULL));
    EXPECT_FAIL(ERROR_NOACCESS, QueryVirtualMemoryInformation(self, p, MemoryRegionInfo, &info, sizeof info,
                                                              (PSIZE_T)(void *)p));
}

TEST(badinput, region_information_above_the_maximum_fails, "O76 O85")
{
    WIN32_MEMORY_REGION_INFORMATION info;

    EXPECT_FAIL_EITHER(ERROR_INVALID_PARAMETER, ERROR_UNEXP_NET_ERR,
                       QueryVirtualMemoryInformation(GetCurrentProcess(), KERNEL_SPACE, MemoryRegionInfo,
                                                     &info, sizeof info, NULL));
}

TEST(badinput, extended_parameters_from_nowhere_fail, "O7 O153")
{
    BYTE *p = reserve(GRAIN);

    EXPECT_FAIL_EITHER(ERROR_NOACCESS, ERROR_INVALID_PARAMETER,
                       VirtualAlloc2(NULL, NULL, GRAIN, MEM_RESERVE, PAGE_NOACCESS, (void *)p, 1));
    EXPECT_FAIL_EITHER(ERROR_NOACCESS, ERROR_INVALID_PARAMETER,
                       VirtualAlloc2(NULL, NULL, GRAIN, MEM_RESERVE, PAGE_NOACCESS, (void *)KERNEL_SPACE, 1));
}

TEST(badinput, more_parameters_than_exist_fail, "O153 O154")
{
    MEM_EXTENDED_PARAMETER param = {0};

    param.Type = MemExtendedParameterNumaNode;
    EXPECT_FAIL_EITHER(ERROR_NOACCESS, ERROR_INVALID_PARAMETER,
                       VirtualAlloc2(NULL, NULL, GRAIN, MEM_RESERVE, PAGE_NOACCESS, &param, 0xFFFFFFFF));
}

TEST(badinput, address_requirements_from_nowhere_fail, "O7 O242")
{
    MEM_EXTENDED_PARAMETER param = {0};
    BYTE *p = reserve(GRAIN);

    param.Type = MemExtendedParameterAddressRequirements;
    param.Pointer = NULL;
    EXPECT_FAIL_EITHER(ERROR_NOACCESS, ERROR_INVALID_PARAMETER,
                       VirtualAlloc2(NULL, NULL, GRAIN, MEM_RESERVE, PAGE_NOACCESS, &param, 1));
    param.Pointer = p;
    EXPECT_FAIL_EITHER(ERROR_NOACCESS, ERROR_INVALID_PARAMETER,
                       VirtualAlloc2(NULL, NULL, GRAIN, MEM_RESERVE, PAGE_NOACCESS, &param, 1));
    param.Pointer = KERNEL_SPACE;
    EXPECT_FAIL_EITHER(ERROR_NOACCESS, ERROR_INVALID_PARAMETER,
                       VirtualAlloc2(NULL, NULL, GRAIN, MEM_RESERVE, PAGE_NOACCESS, &param, 1));
}

TEST(badinput, misaligned_parameters_work_or_fail_cleanly, "O7")
{
    BYTE buffer[sizeof(MEM_EXTENDED_PARAMETER) + 8];
    MEM_EXTENDED_PARAMETER param = {0};
    BYTE *p;

    param.Type = MemExtendedParameterNumaNode;
    memcpy(buffer + 1, &param, sizeof param);
    SetLastError(CHECK_SENTINEL);
    p = VirtualAlloc2(NULL, NULL, GRAIN, MEM_RESERVE, PAGE_NOACCESS, (void *)(buffer + 1), 1);
    EXPECT(p != NULL || GetLastError() == ERROR_NOACCESS || GetLastError() == ERROR_INVALID_PARAMETER);
}

TEST(badinput, duplicating_into_nowhere_fails, "O7")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE), self = GetCurrentProcess();
    BYTE *p = reserve(GRAIN);

    EXPECT_FAIL(ERROR_NOACCESS,
                DuplicateHandle(self, handle, self, (LPHANDLE)(void *)p, 0, FALSE, DUPLICATE_SAME_ACCESS));
    EXPECT(readable(view(handle, FILE_MAP_READ)));
}

TEST(badinput, an_old_protection_in_freed_memory_fails, "O7")
{
    BYTE *p = commit(PAGE, PAGE_READWRITE), *q = free_space(GRAIN);

    EXPECT_NO_CHANGE(p, PAGE,
                     EXPECT_FAIL(ERROR_NOACCESS, VirtualProtect(p, PAGE, PAGE_READONLY, (PDWORD)(void *)q)));
}

/* ---- flags ------------------------------------------------------------------------------- */

TEST(badinput, unknown_allocation_types_fail, "O18 O19 S16")
{
    static const DWORD bits[] = {0x100,   0x800,     0x8000,     0x10000,
                                 0x20000, 0x8000000, 0x10000000, MEM_REPLACE_PLACEHOLDER};
    BYTE *p = reserve(GRAIN);
    size_t i;

    for (i = 0; i < sizeof bits / sizeof bits[0]; i++) {
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(NULL, PAGE, MEM_RESERVE | bits[i], PAGE_READWRITE));
        EXPECT_NO_CHANGE(p, GRAIN,
                         EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                                     VirtualAlloc(p, PAGE, MEM_COMMIT | bits[i], PAGE_READWRITE)));
    }
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(NULL, PAGE, 0xFFFFFFFF, PAGE_READWRITE));
}

TEST(badinput, unknown_free_types_fail, "O40")
{
    static const DWORD bits[] = {0x10, 0x1000, 0x2000, 0x10000, 0x100000, 0x80000000};
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    size_t i;

    for (i = 0; i < sizeof bits / sizeof bits[0]; i++) {
        EXPECT_NO_CHANGE(p, GRAIN,
                         EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFree(p, 0, MEM_RELEASE | bits[i])));
        EXPECT_NO_CHANGE(p, GRAIN,
                         EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFree(p, PAGE, MEM_DECOMMIT | bits[i])));
    }
}

TEST(badinput, unknown_protections_fail, "O58 O21")
{
    static const DWORD bits[] = {0x80000, 0x100000, 0x8000000};
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    DWORD old;
    size_t i;

    for (i = 0; i < sizeof bits / sizeof bits[0]; i++) {
        EXPECT_NO_CHANGE(
            p, GRAIN,
            EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtect(p, PAGE, PAGE_READONLY | bits[i], &old)));
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(NULL, PAGE, MEM_COMMIT, PAGE_READONLY | bits[i]));
    }
}

TEST(badinput, unknown_mapping_types_fail, "O187")
{
    static const ULONG types[] = {0x1, 0x800, MEM_COMMIT, MEM_RESERVE_PLACEHOLDER, 0x8000000};
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    size_t i;

    for (i = 0; i < sizeof types / sizeof types[0]; i++)
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, MapViewOfFile3(handle, GetCurrentProcess(), NULL, 0, 0, types[i],
                                                            PAGE_READWRITE, NULL, 0));
}

TEST(badinput, unknown_section_flags_fail, "O167 O170")
{
    static const DWORD bits[] = {0x100000, 0x200000};
    size_t i;

    for (i = 0; i < sizeof bits / sizeof bits[0]; i++)
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, CreateFileMappingA(INVALID_HANDLE_VALUE, NULL,
                                                                PAGE_READWRITE | bits[i], 0, 0x1000, NULL));
}

TEST(badinput, module_functions_without_an_output_fail, "O2")
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, GetModuleHandleExA(0, "kernel32.dll", NULL));
}
