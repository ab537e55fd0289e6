/* MEM_LARGE_PAGES, SEC_LARGE_PAGES: large pages, which come from a pool that the administrator makes. */
#include "api.h"

#include <psapi.h>

#ifndef _WIN32
#include "../support/large_pool.h"

#include <sys/mman.h>
#include <winmem.h>
#endif

#define LARGE (2 * MiB)
#define TYPE (MEM_RESERVE | MEM_COMMIT | MEM_LARGE_PAGES)

/* --- what holds without a pool --- */

TEST(largepages, the_minimum_is_a_power_of_two, "D9.6a")
{
    SIZE_T minimum;

    SetLastError(CHECK_SENTINEL);
    minimum = GetLargePageMinimum();
    EXPECT_EQ(GetLastError(), CHECK_SENTINEL);
    EXPECT(minimum == 0 || (minimum >= GRAIN && (minimum & (minimum - 1)) == 0));
    EXPECT(GetProcAddress(GetModuleHandleA("kernel32.dll"), "GetLargePageMinimum") != NULL);
}

TEST(largepages, reserve_and_commit_go_together, "S46 S48")
{
    BYTE *p = reserve(4 * LARGE);

    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                VirtualAlloc(NULL, LARGE, MEM_RESERVE | MEM_LARGE_PAGES, PAGE_READWRITE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                VirtualAlloc2(NULL, NULL, LARGE, MEM_RESERVE | MEM_LARGE_PAGES, PAGE_READWRITE, NULL, 0));
    EXPECT_NO_CHANGE(
        p, 4 * LARGE,
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc((BYTE *)((AT(p) + LARGE - 1) & ~(LARGE - 1)), LARGE,
                                                          MEM_COMMIT | MEM_LARGE_PAGES, PAGE_READWRITE)));
}

TEST(largepages, section_attributes_go_together, "O239 O167")
{
    EXPECT_FAIL(
        ERROR_INVALID_PARAMETER,
        CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | SEC_LARGE_PAGES, 0, LARGE, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | SEC_RESERVE | SEC_LARGE_PAGES,
                                   0, LARGE, NULL));
}

#ifndef _WIN32

static const DWORD section_type = PAGE_READWRITE | SEC_COMMIT | SEC_LARGE_PAGES;

static void need_pool(long pages)
{
    if (!WinmemFeature("huge_pages"))
        SKIP("large pages are switched off, or this kernel has none");
    if (!pool_set(pages, 0))
        SKIP("no right to set large pages aside, or memory is too fragmented");
}

/* Where large pages cannot be moved, they cannot be put anywhere in particular. */
static bool places(void)
{
    return WinmemFeature("huge_move");
}

#define EXPECT_PLACED(p)                                                                                     \
    do {                                                                                                     \
        if (!places()) {                                                                                     \
            EXPECT_FAIL(ERROR_NO_SYSTEM_RESOURCES, (p));                                                     \
            return;                                                                                          \
        }                                                                                                    \
    } while (0)

static BYTE *large(SIZE_T size)
{
    BYTE *p = VirtualAlloc(NULL, size, TYPE, PAGE_READWRITE);

    MUST(p != NULL);
    return p;
}

static HANDLE large_section(SIZE_T size)
{
    HANDLE handle = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, section_type, 0, (DWORD)size, NULL);

    MUST(handle != NULL);
    return handle;
}

static BYTE *aligned_placeholder(SIZE_T size)
{
    MEM_ADDRESS_REQUIREMENTS requirements = {.Alignment = LARGE};
    MEM_EXTENDED_PARAMETER param = {.Type = MemExtendedParameterAddressRequirements,
                                    .Pointer = &requirements};
    BYTE *p =
        VirtualAlloc2(NULL, NULL, size, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS, &param, 1);

    MUST(p != NULL);
    return p;
}

static MEM_EXTENDED_PARAMETER attributes(ULONG64 flags)
{
    MEM_EXTENDED_PARAMETER param = {.Type = MemExtendedParameterAttributeFlags, .ULong64 = flags};

    return param;
}

static void stamp(BYTE *p, SIZE_T size)
{
    for (SIZE_T i = 0; i < size; i += PAGE)
        *(SIZE_T *)(p + i) = i + 1;
}

static void expect_stamps(const BYTE *p, SIZE_T size)
{
    SIZE_T i = 0;

    while (i < size && *(const SIZE_T *)(p + i) == i + 1)
        i += PAGE;
    EXPECT_EQ(i, size);
}

#define EXPECT_LARGE(p, bytes)                                                                               \
    EXPECT_REGION(p, .base = AT(p), .size = (bytes), .state = MEM_COMMIT, .protect = PAGE_READWRITE,         \
                  .alloc_protect = PAGE_READWRITE, .type = MEM_PRIVATE)

TEST(largepages, the_minimum_is_2_mib_or_nothing, "D9.6a")
{
    EXPECT_EQ(GetLargePageMinimum(), WinmemFeature("huge_pages") ? LARGE : 0);
}

TEST(largepages, without_a_pool_nobody_has_the_privilege, "L45 O239")
{
    if (WinmemFeature("huge_pages") && !pool_set(0, 0))
        SKIP("no right to empty the pool of large pages");
    EXPECT_FAIL(ERROR_PRIVILEGE_NOT_HELD, VirtualAlloc(NULL, LARGE, TYPE, PAGE_READWRITE));
    EXPECT(strstr(WinmemLastCause(), "/proc/sys/vm/nr_hugepages") != NULL);
    EXPECT_FAIL(ERROR_PRIVILEGE_NOT_HELD, VirtualAlloc2(NULL, NULL, LARGE, TYPE, PAGE_READWRITE, NULL, 0));
    EXPECT_FAIL(ERROR_PRIVILEGE_NOT_HELD,
                CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, section_type, 0, LARGE, NULL));
    release(commit(LARGE, PAGE_READWRITE));
}

/* --- allocating --- */

TEST(largepages, size_and_base_are_multiples, "S47")
{
    BYTE *p = free_space(4 * LARGE), *round = (BYTE *)((AT(p) + LARGE - 1) & ~(LARGE - 1));

    need_pool(4);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(NULL, LARGE + PAGE, TYPE, PAGE_READWRITE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(NULL, MiB, TYPE, PAGE_READWRITE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(round + GRAIN, LARGE, TYPE, PAGE_READWRITE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                VirtualAlloc2(NULL, round + GRAIN, LARGE, TYPE, PAGE_READWRITE, NULL, 0));
    EXPECT_EQ(pool_free(), 4);
}

TEST(largepages, they_are_read_write_unguarded_and_unwatched, "D6.8a")
{
    static const DWORD others[] = {PAGE_NOACCESS,
                                   PAGE_READONLY,
                                   PAGE_EXECUTE,
                                   PAGE_EXECUTE_READ,
                                   PAGE_WRITECOPY,
                                   PAGE_READWRITE | PAGE_GUARD,
                                   PAGE_EXECUTE_READWRITE | PAGE_GUARD};

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(NULL, LARGE, TYPE, others[i]));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(NULL, LARGE, TYPE | MEM_WRITE_WATCH, PAGE_READWRITE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(NULL, LARGE, TYPE | MEM_PHYSICAL, PAGE_READWRITE));
}

TEST(largepages, they_are_taken_at_once_and_given_back, "S46 D6.8b")
{
    BYTE *p;

    need_pool(4);
    p = large(3 * LARGE);
    EXPECT_EQ(AT(p) % LARGE, 0);
    EXPECT_EQ(pool_read(POOL_2M "free_hugepages"), 1); /* taken, not only promised */
    EXPECT_EQ(pool_free(), 1);
    EXPECT_LARGE(p, 3 * LARGE);
    for (SIZE_T i = 0; i < 3 * LARGE; i += PAGE)
        if (p[i] != 0)
            MUST(!"zeroed");
    stamp(p, 3 * LARGE);
    expect_stamps(p, 3 * LARGE);
    EXPECT_OK(VirtualFree(p, 0, MEM_RELEASE));
    EXPECT_EQ(pool_free(), 4);
    EXPECT_REGION(p, .state = MEM_FREE);
}

TEST(largepages, an_exhausted_pool_is_no_system_resources, "D6.8c L45")
{
    BYTE *p;

    need_pool(3);
    p = large(LARGE);
    stamp(p, LARGE);
    EXPECT_NO_CHANGE(
        p, LARGE,
        EXPECT_FAIL(ERROR_NO_SYSTEM_RESOURCES, VirtualAlloc(NULL, 3 * LARGE, TYPE, PAGE_READWRITE)));
    EXPECT(strstr(WinmemLastCause(), "/proc/sys/vm/nr_hugepages") != NULL);
    EXPECT_EQ(pool_free(), 2);
    expect_stamps(p, LARGE);
    release(large(2 * LARGE));
    release(commit(3 * LARGE, PAGE_READWRITE));
    EXPECT_EQ(pool_free(), 2);
}

TEST(largepages, all_of_the_pool_can_be_used, "L45")
{
    BYTE *all[4];

    need_pool(4);
    for (int i = 0; i < 4; i++)
        stamp(all[i] = large(LARGE), LARGE);
    EXPECT_FAIL(ERROR_NO_SYSTEM_RESOURCES, VirtualAlloc(NULL, LARGE, TYPE, PAGE_READWRITE));
    for (int i = 0; i < 4; i++)
        expect_stamps(all[i], LARGE);
    for (int i = 0; i < 4; i++)
        release(all[i]);
    EXPECT_EQ(pool_free(), 4);
}

TEST(largepages, code_runs_in_them, "D6.8a")
{
    static const BYTE return_42[] = {0xb8, 42, 0, 0, 0, 0xc3};
    BYTE *p;
    int (*function)(void);

    need_pool(1);
    p = VirtualAlloc(NULL, LARGE, TYPE, PAGE_EXECUTE_READWRITE);
    MUST(p != NULL);
    memcpy(p + LARGE - PAGE, return_42, sizeof return_42);
    p += LARGE - PAGE;
    memcpy(&function, &p, sizeof p);
    EXPECT_EQ(function(), 42);
}

TEST(largepages, a_node_may_be_preferred, "S46 S5")
{
    need_pool(1);
    EXPECT_OK(VirtualAllocExNuma(GetCurrentProcess(), NULL, LARGE, TYPE, PAGE_READWRITE, 0));
    EXPECT_EQ(pool_free(), 0);
}

/* --- where --- */

TEST(largepages, at_an_address, "S47 L47")
{
    BYTE *p = reserve(4 * LARGE), *round = (BYTE *)((AT(p) + LARGE - 1) & ~(LARGE - 1));

    need_pool(4);
    if (places())
        EXPECT_NO_CHANGE(
            p, 4 * LARGE,
            EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualAlloc(round, LARGE, TYPE, PAGE_READWRITE)));
    EXPECT_EQ(pool_free(), 4);
    release(p);
    EXPECT_PLACED(VirtualAlloc(round, 2 * LARGE, TYPE, PAGE_READWRITE));
    EXPECT_RETURNS(round, VirtualAlloc(round, 2 * LARGE, TYPE, PAGE_READWRITE));
    EXPECT_EQ(pool_free(), 2);
    EXPECT_LARGE(round, 2 * LARGE);
    stamp(round, 2 * LARGE);
    release(round);
    EXPECT_EQ(pool_free(), 4);
    EXPECT_RETURNS(round, VirtualAlloc(round, 2 * LARGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    EXPECT_EQ(round[0], 0); /* ordinary ground again */
    EXPECT_OK(VirtualFree(round + PAGE, PAGE, MEM_DECOMMIT));
}

TEST(largepages, within_bounds, "S3 L47")
{
    MEM_ADDRESS_REQUIREMENTS requirements = {.LowestStartingAddress = (PVOID)(512 * MiB),
                                             .HighestEndingAddress = (PVOID)(0x100000000 - 1)};
    MEM_EXTENDED_PARAMETER param = {.Type = MemExtendedParameterAddressRequirements,
                                    .Pointer = &requirements};
    BYTE *p;

    need_pool(4);
    EXPECT_PLACED(VirtualAlloc2(NULL, NULL, LARGE, TYPE, PAGE_READWRITE, &param, 1));
    p = VirtualAlloc2(NULL, NULL, LARGE, TYPE, PAGE_READWRITE, &param, 1);
    EXPECT(p != NULL && AT(p) >= 512 * MiB && AT(p) < 0x100000000 && AT(p) % LARGE == 0);
    requirements.Alignment = GRAIN; /* less than a large page has anyway */
    p = VirtualAlloc2(NULL, NULL, LARGE, TYPE, PAGE_READWRITE, &param, 1);
    EXPECT(p != NULL && AT(p) % LARGE == 0);
    requirements.Alignment = 8 * LARGE;
    p = VirtualAlloc2(NULL, NULL, LARGE, TYPE | MEM_TOP_DOWN, PAGE_READWRITE, &param, 1);
    EXPECT(p != NULL && AT(p) % (8 * LARGE) == 0 && AT(p) < 0x100000000);
    p = VirtualAlloc(NULL, LARGE, TYPE | MEM_TOP_DOWN, PAGE_READWRITE);
    EXPECT(p != NULL && AT(p) % LARGE == 0);
    EXPECT_EQ(pool_free(), 0);
    requirements.LowestStartingAddress = (PVOID)(512 * MiB + GRAIN);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc2(NULL, NULL, LARGE, TYPE, PAGE_READWRITE, &param, 1));
}

TEST(largepages, instead_of_a_placeholder_and_back, "S27 S30 L47")
{
    BYTE *p = aligned_placeholder(3 * LARGE), *middle = p + LARGE;

    need_pool(2);
    MUST(split_placeholder(middle, LARGE));
    EXPECT_PLACED(replace_placeholder(middle, LARGE, TYPE, PAGE_READWRITE));
    EXPECT_NO_CHANGE(
        p, 3 * LARGE,
        EXPECT_FAIL(ERROR_INVALID_ADDRESS, replace_placeholder(p, 2 * LARGE, TYPE, PAGE_READWRITE)));
    EXPECT_EQ(pool_free(), 2);
    EXPECT_RETURNS(middle, replace_placeholder(middle, LARGE, TYPE, PAGE_READWRITE));
    EXPECT_LARGE(middle, LARGE);
    stamp(middle, LARGE);
    EXPECT_EQ(pool_free(), 1);
    EXPECT_OK(split_placeholder(middle, LARGE));
    EXPECT_EQ(pool_free(), 2);
    EXPECT_REGION(middle, .state = MEM_RESERVE, .base = AT(middle), .size = LARGE);
    EXPECT_RETURNS(middle, replace_placeholder(middle, LARGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    EXPECT_EQ(middle[0], 0);
    protect(middle + PAGE, PAGE, PAGE_READONLY); /* ordinary pages again */
    EXPECT_OK(split_placeholder(middle, LARGE));
    EXPECT_OK(VirtualFree(p, 3 * LARGE, MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS));
}

/* The kernel takes what lies there away before it finds that the pool is empty, unless one is careful. */
TEST(largepages, a_refused_replacement_leaves_the_placeholder, "L47")
{
    BYTE *p = aligned_placeholder(2 * LARGE);

    need_pool(1);
    EXPECT_NO_CHANGE(
        p, 2 * LARGE,
        EXPECT_FAIL(ERROR_NO_SYSTEM_RESOURCES, replace_placeholder(p, 2 * LARGE, TYPE, PAGE_READWRITE)));
    EXPECT(mmap(p, 2 * LARGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) ==
           MAP_FAILED);
    EXPECT_EQ(pool_free(), 1);
    EXPECT_RETURNS(p, replace_placeholder(p, 2 * LARGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
}

/* --- what can be done to them --- */

TEST(largepages, their_protection_stays, "D6.8a")
{
    DWORD old = 0;
    BYTE *p;

    need_pool(2);
    p = large(2 * LARGE);
    stamp(p, 2 * LARGE);
    EXPECT_OK(VirtualProtect(p + PAGE, PAGE, PAGE_READWRITE, &old));
    EXPECT_EQ(old, PAGE_READWRITE);
    EXPECT_RETURNS(p + PAGE, VirtualAlloc(p + PAGE, PAGE, MEM_COMMIT, PAGE_READWRITE));
    EXPECT_NO_CHANGE(p, 2 * LARGE, {
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtect(p, 2 * LARGE, PAGE_READONLY, &old));
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtect(p + LARGE, LARGE, PAGE_NOACCESS, &old));
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtect(p + PAGE, PAGE, PAGE_EXECUTE_READWRITE, &old));
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(p + PAGE, PAGE, MEM_COMMIT, PAGE_READONLY));
    });
    expect_stamps(p, 2 * LARGE);
    stamp(p, 2 * LARGE);
}

TEST(largepages, they_go_as_a_whole, "D6.8b O46")
{
    BYTE *p;

    need_pool(2);
    p = large(2 * LARGE);
    stamp(p, 2 * LARGE);
    EXPECT_NO_CHANGE(p, 2 * LARGE, {
        EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualFree(p, 0, MEM_DECOMMIT));
        EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualFree(p, 2 * LARGE, MEM_DECOMMIT));
        EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualFree(p + LARGE, LARGE, MEM_DECOMMIT));
        EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualFree(p + PAGE, PAGE, MEM_DECOMMIT));
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFree(p, LARGE, MEM_RELEASE));
        EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualFree(p + LARGE, 0, MEM_RELEASE));
        EXPECT_FAIL(ERROR_INVALID_ADDRESS, split_placeholder(p, 2 * LARGE));
    });
    expect_stamps(p, 2 * LARGE);
    EXPECT_EQ(pool_free(), 0);
    EXPECT_OK(VirtualFree(p + PAGE - 1, 0, MEM_RELEASE));
    EXPECT_EQ(pool_free(), 2);
}

/* They are resident anyway: locking a part is bookkeeping, and changes nothing about the whole. */
TEST(largepages, they_can_be_locked, "L48")
{
    DWORD old = 0;
    BYTE *p;

    need_pool(1);
    p = large(LARGE);
    EXPECT_OK(VirtualLock(p + PAGE, 2 * PAGE));
    EXPECT_OK(VirtualProtect(p, LARGE, PAGE_READWRITE, &old));
    EXPECT_RETURNS(p, VirtualAlloc(p, LARGE, MEM_COMMIT, PAGE_READWRITE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtect(p, LARGE, PAGE_READONLY, &old));
    EXPECT_OK(VirtualUnlock(p + PAGE, PAGE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtect(p + PAGE, PAGE, PAGE_READWRITE | PAGE_GUARD, &old));
    stamp(p, LARGE);
    MUST(SetProcessWorkingSetSize(GetCurrentProcess(), (SIZE_T)-1, (SIZE_T)-1));
    expect_stamps(p, LARGE);
    EXPECT_OK(VirtualFree(p, 0, MEM_RELEASE));
    EXPECT_EQ(pool_free(), 1);
}

TEST(largepages, they_are_told_by_QueryWorkingSetEx, "L48")
{
    PSAPI_WORKING_SET_EX_INFORMATION pages[3];
    BYTE *p, *small = commit(PAGE, PAGE_READWRITE);

    need_pool(1);
    p = large(LARGE);
    small[0] = 1;
    pages[0].VirtualAddress = p;
    pages[1].VirtualAddress = p + LARGE - 1;
    pages[2].VirtualAddress = small;
    MUST(QueryWorkingSetEx(GetCurrentProcess(), pages, sizeof pages));
    for (int i = 0; i < 3; i++) {
        EXPECT_EQ(pages[i].VirtualAttributes.Valid, 1);
        EXPECT_EQ(pages[i].VirtualAttributes.LargePage, i < 2);
        EXPECT_EQ(pages[i].VirtualAttributes.Locked, i < 2);
        EXPECT_EQ(pages[i].VirtualAttributes.Shared, 0);
        EXPECT_EQ(pages[i].VirtualAttributes.Win32Protection, PAGE_READWRITE);
    }
}

/* --- kinds of large pages --- */

TEST(largepages, attribute_flags, "L46")
{
    MEM_EXTENDED_PARAMETER nonpaged = attributes(MEM_EXTENDED_PARAMETER_NONPAGED);
    MEM_EXTENDED_PARAMETER of_2m =
        attributes(MEM_EXTENDED_PARAMETER_NONPAGED | MEM_EXTENDED_PARAMETER_NONPAGED_LARGE);
    MEM_EXTENDED_PARAMETER of_1g = attributes(MEM_EXTENDED_PARAMETER_NONPAGED_HUGE);
    MEM_EXTENDED_PARAMETER both =
        attributes(MEM_EXTENDED_PARAMETER_NONPAGED_LARGE | MEM_EXTENDED_PARAMETER_NONPAGED_HUGE);

    need_pool(2);
    EXPECT_OK(VirtualAlloc2(NULL, NULL, LARGE, TYPE, PAGE_READWRITE, &nonpaged, 1));
    EXPECT_OK(VirtualAlloc2(NULL, NULL, LARGE, TYPE, PAGE_READWRITE, &of_2m, 1));
    EXPECT_EQ(pool_free(), 0);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                VirtualAlloc2(NULL, NULL, 1024 * MiB, TYPE, PAGE_READWRITE, &both, 1));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc2(NULL, NULL, LARGE, TYPE, PAGE_READWRITE, &of_1g, 1));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                VirtualAlloc2(NULL, NULL, LARGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE, &of_2m, 1));
    EXPECT_FAIL(ERROR_NO_SYSTEM_RESOURCES,
                VirtualAlloc2(NULL, NULL, 1024 * MiB, TYPE, PAGE_READWRITE, &of_1g, 1));
}

TEST(largepages, pages_of_1_gib, "L46")
{
    MEM_EXTENDED_PARAMETER of_1g = attributes(MEM_EXTENDED_PARAMETER_NONPAGED_HUGE);
    BYTE *p;

    need_pool(0);
    if (!pool_set(0, 1))
        SKIP("no large page of 1 GiB can be set aside");
    p = VirtualAlloc2(NULL, NULL, 1024 * MiB, TYPE, PAGE_READWRITE, &of_1g, 1);
    MUST(p != NULL);
    EXPECT_EQ(AT(p) % (1024 * MiB), 0);
    EXPECT_EQ(pool_read(POOL_1G "free_hugepages"), 0);
    stamp(p, 1024 * MiB);
    expect_stamps(p, 1024 * MiB);
    EXPECT_FAIL(ERROR_NO_SYSTEM_RESOURCES,
                VirtualAlloc2(NULL, NULL, 1024 * MiB, TYPE, PAGE_READWRITE, &of_1g, 1));
    release(p);
    EXPECT_EQ(pool_read(POOL_1G "free_hugepages"), 1);
    EXPECT_FAIL(ERROR_PRIVILEGE_NOT_HELD, VirtualAlloc(NULL, 1024 * MiB, TYPE, PAGE_READWRITE));
}

/* --- sections --- */

TEST(largepages, a_section_takes_its_pages_and_gives_them_back, "O239 L49")
{
    HANDLE handle;
    BYTE *one, *two;

    need_pool(3);
    handle = large_section(2 * LARGE);
    EXPECT_EQ(pool_free(), 1);
    one = MapViewOfFile(handle, FILE_MAP_WRITE | FILE_MAP_LARGE_PAGES, 0, 0, 0);
    two = MapViewOfFile(handle, FILE_MAP_READ, 0, 0,
                        0); /* large without being asked, as before Windows 10 1703 */
    MUST(one && two);
    EXPECT(AT(one) % LARGE == 0 && AT(two) % LARGE == 0);
    EXPECT_REGION(one, .base = AT(one), .size = 2 * LARGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE,
                  .type = MEM_MAPPED);
    stamp(one, 2 * LARGE);
    expect_stamps(two, 2 * LARGE);
    EXPECT_EQ(pool_free(), 1);
    MUST(CloseHandle(handle));
    EXPECT_OK(UnmapViewOfFile(one + PAGE));
    expect_stamps(two, 2 * LARGE);
    EXPECT_OK(UnmapViewOfFile(two));
    EXPECT_EQ(pool_free(), 3);
}

TEST(largepages, sections_that_cannot_be, "O239")
{
    need_pool(2);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, section_type, 0, LARGE + PAGE, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                CreateFileMappingA((HANDLE)(intptr_t)0x1234, NULL, section_type, 0, LARGE, NULL));
    EXPECT_FAIL(ERROR_NO_SYSTEM_RESOURCES,
                CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, section_type, 0, 3 * LARGE, NULL));
    EXPECT_EQ(pool_free(), 2);
    MUST(CloseHandle(large_section(2 * LARGE)));
    EXPECT_EQ(pool_free(), 2);
}

TEST(largepages, views_in_units_of_large_pages, "D3.4a L49")
{
    BYTE *p = free_space(4 * LARGE), *round = (BYTE *)((AT(p) + LARGE - 1) & ~(LARGE - 1)), *v;
    HANDLE handle, small = section(LARGE, PAGE_READWRITE);

    need_pool(2);
    handle = large_section(2 * LARGE);
    EXPECT_FAIL(ERROR_MAPPED_ALIGNMENT, MapViewOfFile(handle, FILE_MAP_WRITE, 0, GRAIN, LARGE));
    EXPECT_FAIL(ERROR_MAPPED_ALIGNMENT, MapViewOfFileEx(handle, FILE_MAP_WRITE, 0, 0, LARGE, round + GRAIN));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MapViewOfFile(handle, FILE_MAP_WRITE, 0, 0, LARGE + PAGE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MapViewOfFile(handle, FILE_MAP_COPY, 0, 0, LARGE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                MapViewOfFile(small, FILE_MAP_WRITE | FILE_MAP_LARGE_PAGES, 0, 0, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                MapViewOfFile3(small, NULL, NULL, 0, 0, MEM_LARGE_PAGES, PAGE_READWRITE, NULL, 0));
    v = MapViewOfFile3(handle, NULL, NULL, LARGE, LARGE, MEM_LARGE_PAGES, PAGE_READONLY, NULL, 0);
    EXPECT_RETURNS(round, MapViewOfFileEx(handle, FILE_MAP_WRITE | FILE_MAP_LARGE_PAGES, 0, 0, 0, round));
    MUST(v != NULL);
    stamp(round, 2 * LARGE);
    EXPECT_EQ(*(SIZE_T *)v, LARGE + 1);
    EXPECT_OK(UnmapViewOfFile(round));
    EXPECT_OK(UnmapViewOfFile(v));
}

TEST(largepages, views_within_bounds, "D3.4a")
{
    MEM_ADDRESS_REQUIREMENTS requirements = {.LowestStartingAddress = (PVOID)(512 * MiB),
                                             .HighestEndingAddress = (PVOID)(0x100000000 - 1)};
    MEM_EXTENDED_PARAMETER param = {.Type = MemExtendedParameterAddressRequirements,
                                    .Pointer = &requirements};
    HANDLE handle;
    BYTE *p;

    need_pool(1);
    handle = large_section(LARGE);
    p = MapViewOfFile3(handle, NULL, NULL, 0, 0, MEM_LARGE_PAGES, PAGE_READWRITE, &param, 1);
    EXPECT(p != NULL && AT(p) >= 512 * MiB && AT(p) < 0x100000000 && AT(p) % LARGE == 0);
    requirements.LowestStartingAddress = (PVOID)(512 * MiB + GRAIN);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                MapViewOfFile3(handle, NULL, NULL, 0, 0, MEM_LARGE_PAGES, PAGE_READWRITE, &param, 1));
    requirements.LowestStartingAddress = (PVOID)(640 * MiB + GRAIN);
    p = MapViewOfFile3(handle, NULL, NULL, 0, 0, 0, PAGE_READWRITE, &param, 1);
    EXPECT(p != NULL && AT(p) % LARGE == 0 && AT(p) > 640 * MiB);
}

TEST(largepages, a_view_keeps_its_protection, "L49")
{
    HANDLE handle;
    DWORD old = 0;
    BYTE *p;

    need_pool(1);
    handle = large_section(LARGE);
    p = view(handle, FILE_MAP_WRITE);
    stamp(p, LARGE);
    EXPECT_OK(VirtualProtect(p + PAGE, PAGE, PAGE_READWRITE, &old));
    EXPECT_NO_CHANGE(p, LARGE, {
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtect(p, LARGE, PAGE_READONLY, &old));
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtect(p + PAGE, PAGE, PAGE_NOACCESS, &old));
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtect(p, LARGE, PAGE_WRITECOPY, &old));
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFree(p, LARGE, MEM_DECOMMIT));
    });
    expect_stamps(p, LARGE);
}

/* With the pool empty: the section has its pages, so nothing can be refused half-way. */
TEST(largepages, a_view_instead_of_a_placeholder_and_back, "D3.4a O146 O148")
{
    BYTE *p = aligned_placeholder(2 * LARGE), *other;
    HANDLE handle;

    need_pool(1);
    handle = large_section(LARGE);
    MUST(split_placeholder(p, LARGE));
    EXPECT_EQ(pool_free(), 0);
    EXPECT_RETURNS(p, MapViewOfFile3(handle, NULL, p, 0, LARGE, MEM_REPLACE_PLACEHOLDER | MEM_LARGE_PAGES,
                                     PAGE_READWRITE, NULL, 0));
    stamp(p, LARGE);
    EXPECT_OK(UnmapViewOfFile2(GetCurrentProcess(), p, MEM_PRESERVE_PLACEHOLDER));
    EXPECT_REGION(p, .state = MEM_RESERVE, .size = LARGE);
    EXPECT_RETURNS(p, replace_placeholder(p, LARGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    protect(p + PAGE, PAGE, PAGE_READONLY);
    EXPECT_OK(VirtualFree(p + PAGE, PAGE, MEM_DECOMMIT));
    other = view(handle, FILE_MAP_READ);
    expect_stamps(other, LARGE);
}

/* --- forks and threads --- */

TEST(largepages, a_child_has_a_copy_while_the_pool_lasts, "L50")
{
    BYTE *p;
    pid_t child;
    int status = 0;

    need_pool(2);
    p = large(LARGE);
    stamp(p, LARGE);
    child = fork();
    if (child == 0) {
        p[0] = 77;
        _exit(p[0] == 77 && p[PAGE] == 1 ? 0 : 1);
    }
    MUST(waitpid(child, &status, 0) == child);
    EXPECT_EQ(status, 0);
    expect_stamps(p, LARGE);
}

/* Who allocated them wrote to them first: the copy that the pool has no page for is the child's. */
TEST(largepages, a_child_never_costs_the_parent_its_pages, "L50")
{
    int go[2], status = 0;
    char byte = 0;
    pid_t child;
    BYTE *p;

    need_pool(1);
    p = large(LARGE);
    stamp(p, LARGE);
    MUST(pipe(go) == 0);
    child = fork();
    if (child == 0) {
        signal(SIGBUS, SIG_DFL);
        close(go[1]); /* it must not outlive a parent that fails */
        _exit(read(go[0], &byte, 1) == 1 && p[PAGE] == 1 ? 0 : 1);
    }
    p[0] = 77;
    EXPECT_EQ(p[0], 77);
    EXPECT_EQ(p[PAGE], 1);
    MUST(write(go[1], &byte, 1) == 1);
    MUST(waitpid(child, &status, 0) == child);
    EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS); /* docs/support.md says so */
}

enum { THREADS = 4, ROUNDS = 20 };

static void *allocate_and_release(void *unused)
{
    for (int i = 0; i < ROUNDS; i++) {
        BYTE *p = VirtualAlloc(NULL, LARGE, TYPE, PAGE_READWRITE);

        if (p == NULL)
            return "allocate";
        p[LARGE - 1] = 1;
        if (!VirtualFree(p, 0, MEM_RELEASE))
            return "release";
    }
    return unused;
}

TEST(largepages, threads_share_the_pool, "L51")
{
    pthread_t threads[THREADS];
    void *result;

    need_pool(THREADS);
    for (int i = 0; i < THREADS; i++)
        MUST(pthread_create(&threads[i], NULL, allocate_and_release, NULL) == 0);
    for (int i = 0; i < THREADS; i++) {
        MUST(pthread_join(threads[i], &result) == 0);
        EXPECT_EQ(result, NULL);
    }
    EXPECT_EQ(pool_free(), THREADS);
}

#endif
