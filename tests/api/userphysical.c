/*
 * Address Windowing Extensions: MEM_PHYSICAL regions, AllocateUserPhysicalPages and its like,
 * FreeUserPhysicalPages, MapUserPhysicalPages, MapUserPhysicalPagesScatter.
 */
#include "api.h"

enum { FEW = 16 };

/* Wine has no physical pages, and on Windows nearly nobody has the privilege. */
static void take_pages(ULONG_PTR *numbers, ULONG_PTR count)
{
    ULONG_PTR got = count;

    if (!AllocateUserPhysicalPages(GetCurrentProcess(), &got, numbers)) {
#ifdef _WIN32
        SKIP("no physical pages for this process");
#endif
        got = 0;
    }
    MUST(got == count);
}

static BYTE *window(SIZE_T size)
{
    BYTE *p = VirtualAlloc(NULL, size, MEM_RESERVE | MEM_PHYSICAL, PAGE_READWRITE);

    MUST(p != NULL);
    return p;
}

static void map(BYTE *at, ULONG_PTR count, ULONG_PTR *numbers)
{
    MUST(MapUserPhysicalPages(at, count, numbers));
}

static void give_pages(ULONG_PTR *numbers, ULONG_PTR count)
{
    MUST(FreeUserPhysicalPages(GetCurrentProcess(), &count, numbers));
}

/* Each page tells its number in the array. */
static void stamp_pages(BYTE *at, ULONG_PTR count)
{
    ULONG_PTR i;

    for (i = 0; i < count; i++)
        *(ULONG_PTR *)(at + i * PAGE + 8) = i + 1;
}

static ULONG_PTR stamped(const BYTE *at)
{
    return *(const ULONG_PTR *)(at + 8);
}

static int shows(const BYTE *at, ULONG_PTR first, ULONG_PTR count)
{
    ULONG_PTR i;

    for (i = 0; i < count; i++)
        if (stamped(at + i * PAGE) != first + i)
            return 0;
    return 1;
}

/* A window with FEW stamped pages in its first half. */
static BYTE *filled_window(ULONG_PTR *numbers)
{
    BYTE *p;

    take_pages(numbers, FEW);
    p = window(2 * FEW * PAGE);
    map(p, FEW, numbers);
    stamp_pages(p, FEW);
    return p;
}

/* ---- regions ------------------------------------------------------------------------------- */

TEST(userphysical, a_region_is_reserved_address_space, "S49 S67 S105 D6.9a")
{
    BYTE *p = VirtualAlloc(NULL, 4 * GRAIN, MEM_RESERVE | MEM_PHYSICAL, PAGE_READWRITE);

    MUST(p != NULL);
    EXPECT_EQ(AT(p) % GRAIN, 0);
    EXPECT_REGION(p, .base = AT(p), .size = 4 * GRAIN, .state = MEM_RESERVE, .alloc_protect = PAGE_READWRITE,
                  .type = MEM_PRIVATE);
    EXPECT(!readable(p) && !writable(p + 4 * GRAIN - 1));
    EXPECT_OK(VirtualFree(p, 0, MEM_RELEASE));
    EXPECT_REGION(p, .state = MEM_FREE);
}

TEST(userphysical, a_region_where_it_is_wanted, "S49 S105")
{
    BYTE *p = free_space(MiB);

    EXPECT_RETURNS(p, VirtualAlloc(p, GRAIN, MEM_RESERVE | MEM_PHYSICAL | MEM_TOP_DOWN, PAGE_READWRITE));
    EXPECT_RETURNS(p + 2 * GRAIN, VirtualAllocEx(GetCurrentProcess(), p + 2 * GRAIN, PAGE,
                                                 MEM_RESERVE | MEM_PHYSICAL, PAGE_READWRITE));
    EXPECT_RETURNS(p + 4 * GRAIN, VirtualAlloc2(NULL, p + 4 * GRAIN, GRAIN, MEM_RESERVE | MEM_PHYSICAL,
                                                PAGE_READWRITE, NULL, 0));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualAlloc(p, GRAIN, MEM_RESERVE | MEM_PHYSICAL, PAGE_READWRITE));
    EXPECT_OK(VirtualFree(p, 0, MEM_RELEASE));
    EXPECT_OK(VirtualFreeEx(GetCurrentProcess(), p + 2 * GRAIN, 0, MEM_RELEASE));
    EXPECT_OK(VirtualFree(p + 4 * GRAIN, 0, MEM_RELEASE));
    EXPECT_REGION(p, .state = MEM_FREE);
}

TEST(userphysical, mem_physical_goes_with_reserving_alone, "S50 S67 S105")
{
    static const DWORD types[] = {MEM_PHYSICAL,
                                  MEM_PHYSICAL | MEM_COMMIT,
                                  MEM_PHYSICAL | MEM_RESERVE | MEM_COMMIT,
                                  MEM_PHYSICAL | MEM_RESERVE | MEM_WRITE_WATCH,
                                  MEM_PHYSICAL | MEM_RESET,
                                  MEM_PHYSICAL | MEM_RESERVE | MEM_COMMIT | MEM_LARGE_PAGES};
    static const DWORD protections[] = {PAGE_NOACCESS, PAGE_READONLY, PAGE_EXECUTE_READWRITE,
                                        PAGE_READWRITE | PAGE_GUARD, PAGE_READWRITE | PAGE_NOCACHE};
    size_t i;

    for (i = 0; i < sizeof types / sizeof types[0]; i++)
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(NULL, 2 * MiB, types[i], PAGE_READWRITE));
    for (i = 0; i < sizeof protections / sizeof protections[0]; i++)
        EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                    VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_PHYSICAL, protections[i]));
}

TEST(userphysical, a_region_stays_as_it_is_until_it_is_released, "S67 D6.9b")
{
    ULONG_PTR numbers[FEW];
    BYTE *p = filled_window(numbers);
    DWORD old = 0;

    EXPECT_NO_CHANGE(p, 2 * FEW * PAGE,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualProtect(p, PAGE, PAGE_READONLY, &old));
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualAlloc(p, PAGE, MEM_COMMIT, PAGE_READWRITE));
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFree(p, PAGE, MEM_DECOMMIT));
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFree(p, 0, MEM_DECOMMIT));
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFree(p, PAGE, MEM_RELEASE));
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualFree(p + PAGE, 0, MEM_RELEASE)));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualFree(p, PAGE, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER));
    EXPECT_FAIL_EITHER(ERROR_INVALID_ADDRESS, ERROR_NOACCESS, VirtualLock(p, PAGE));
    EXPECT(shows(p, 1, FEW));
}

#ifdef WINMEM_VERSION_MAJOR
TEST(userphysical, region_information_says_physical, "S49")
{
    BYTE *p = window(2 * GRAIN);
    WIN32_MEMORY_REGION_INFORMATION info;

    EXPECT_OK(QueryVirtualMemoryInformation(GetCurrentProcess(), p + GRAIN, MemoryRegionInfo, &info,
                                            sizeof info, NULL));
    EXPECT_EQ(info.MappedPhysical, 1);
    EXPECT_EQ(info.Flags, 0x10);
    EXPECT_EQ(info.RegionSize, 2 * GRAIN);
    EXPECT_EQ(info.CommitSize, 0);
    EXPECT_EQ(info.AllocationProtect, PAGE_READWRITE);
}
#endif

/* ---- pages and windows --------------------------------------------------------------------- */

TEST(userphysical, the_documented_life_cycle, "D6.9a D9.5a D9.5c D9.5d")
{
    ULONG_PTR numbers[FEW], count = FEW;
    BYTE *p;

    take_pages(numbers, FEW);
    p = window(FEW * PAGE);
    EXPECT_OK(MapUserPhysicalPages(p, FEW, numbers));
    EXPECT(all_zero(p, FEW * PAGE));
    memset(p, 0x5A, FEW * PAGE);
    EXPECT_OK(MapUserPhysicalPages(p, FEW, NULL));
    EXPECT(!readable(p) && !writable(p + FEW * PAGE - 1));
    EXPECT_OK(FreeUserPhysicalPages(GetCurrentProcess(), &count, numbers));
    EXPECT_EQ(count, FEW);
    EXPECT_OK(VirtualFree(p, 0, MEM_RELEASE));
}

TEST(userphysical, page_numbers_are_different_and_not_zero, "D9.5a")
{
    ULONG_PTR numbers[FEW], i, j;

    take_pages(numbers, FEW);
    for (i = 0; i < FEW; i++) {
        EXPECT(numbers[i] != 0);
        for (j = 0; j < i; j++)
            EXPECT(numbers[i] != numbers[j]);
    }
}

TEST(userphysical, contents_follow_the_pages, "D9.5c D9.5d")
{
    ULONG_PTR numbers[FEW], backwards[FEW], i;
    BYTE *p = filled_window(numbers), *q = window(FEW * PAGE);

    for (i = 0; i < FEW; i++)
        backwards[i] = numbers[FEW - 1 - i];
    EXPECT_OK(MapUserPhysicalPages(p, FEW, NULL));
    EXPECT_OK(MapUserPhysicalPages(q, FEW, backwards));
    for (i = 0; i < FEW; i++)
        EXPECT_EQ(stamped(q + i * PAGE), FEW - i);
    EXPECT(!readable(p));
    EXPECT_OK(MapUserPhysicalPages(q, FEW, NULL));
    EXPECT_OK(MapUserPhysicalPages(p + 3 * PAGE, FEW, numbers));
    EXPECT(shows(p + 3 * PAGE, 1, FEW) && !readable(p + 2 * PAGE));
}

TEST(userphysical, mapping_replaces_what_was_there, "D9.5c")
{
    ULONG_PTR numbers[FEW], more[4];
    BYTE *p = filled_window(numbers);

    take_pages(more, 4);
    EXPECT_OK(MapUserPhysicalPages(p + 2 * PAGE, 4, more));
    EXPECT(all_zero(p + 2 * PAGE, 4 * PAGE));
    EXPECT(shows(p, 1, 2) && shows(p + 6 * PAGE, 7, FEW - 6));
    EXPECT_OK(MapUserPhysicalPages(p + FEW * PAGE, 4, numbers + 2));
    EXPECT(shows(p + FEW * PAGE, 3, 4));
}

TEST(userphysical, pages_may_change_places_in_one_call, "L35")
{
    ULONG_PTR numbers[FEW], turned[FEW], i;
    BYTE *p = filled_window(numbers);

    for (i = 0; i < FEW; i++)
        turned[i] = numbers[(i + 5) % FEW];
    EXPECT_OK(MapUserPhysicalPages(p, FEW, turned));
    for (i = 0; i < FEW; i++)
        EXPECT_EQ(stamped(p + i * PAGE), (i + 5) % FEW + 1);
    EXPECT_OK(MapUserPhysicalPages(p, FEW, turned));
    EXPECT_EQ(stamped(p), 6);
    EXPECT_OK(MapUserPhysicalPages(p, 1, numbers + 5));
}

TEST(userphysical, addresses_inside_a_page_mean_the_page, "L34")
{
    ULONG_PTR numbers[FEW];
    BYTE *p = filled_window(numbers);

    EXPECT_OK(MapUserPhysicalPages(p + 0x123, 1, NULL));
    EXPECT(!readable(p) && readable(p + PAGE));
}

TEST(userphysical, no_pages_at_all, "L34")
{
    ULONG_PTR none = 0;

    EXPECT_OK(AllocateUserPhysicalPages(GetCurrentProcess(), &none, NULL));
    EXPECT_EQ(none, 0);
    EXPECT_OK(FreeUserPhysicalPages(GetCurrentProcess(), &none, NULL));
    EXPECT_OK(MapUserPhysicalPages(window(GRAIN), 0, NULL));
}

TEST(userphysical, releasing_the_region_keeps_the_pages, "D6.9c")
{
    ULONG_PTR numbers[FEW];
    BYTE *p = filled_window(numbers), *q = window(FEW * PAGE);

    EXPECT_OK(VirtualFree(p, 0, MEM_RELEASE));
    EXPECT_REGION(p, .state = MEM_FREE);
    EXPECT_OK(MapUserPhysicalPages(q, FEW, numbers));
    EXPECT(shows(q, 1, FEW));
}

TEST(userphysical, freeing_unmaps_and_new_pages_are_zero, "D9.5b L33")
{
    ULONG_PTR numbers[FEW], again[FEW], count = FEW;
    BYTE *p = filled_window(numbers);

    EXPECT_OK(FreeUserPhysicalPages(GetCurrentProcess(), &count, numbers));
    EXPECT(!readable(p) && !readable(p + (FEW - 1) * PAGE));
    EXPECT_REGION(p, .size = 2 * FEW * PAGE);
    take_pages(again, FEW);
    map(p, FEW, again);
    EXPECT(all_zero(p, FEW * PAGE));
}

/* ---- refusals ------------------------------------------------------------------------------ */

TEST(userphysical, a_page_is_at_one_address_at_a_time, "D6.9d L35")
{
    ULONG_PTR numbers[FEW];
    BYTE *p = filled_window(numbers), *q = window(GRAIN);

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MapUserPhysicalPages(q, 1, numbers));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MapUserPhysicalPages(p + PAGE, 1, numbers));
    EXPECT(shows(p, 1, FEW) && !readable(q));
}

TEST(userphysical, all_or_nothing, "D9.5e")
{
    ULONG_PTR numbers[FEW], wrong[FEW];
    BYTE *p = filled_window(numbers);
    BYTE *q = p + FEW * PAGE;

    map(p, FEW, NULL);
    map(q, 2, numbers + FEW - 2);
    memcpy(wrong, numbers, sizeof wrong);
    wrong[FEW - 3] = wrong[0];
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MapUserPhysicalPages(p, FEW - 2, wrong));
    wrong[FEW - 3] = 0x7FFFFFFF;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MapUserPhysicalPages(p, FEW - 2, wrong));
    wrong[FEW - 3] = (ULONG_PTR)1 << 40;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MapUserPhysicalPages(q, FEW - 2, wrong));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MapUserPhysicalPages(p, FEW, numbers));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MapUserPhysicalPages(q, FEW + 1, NULL));
    EXPECT(!readable(p) && shows(q, FEW - 1, 2));
    EXPECT_OK(MapUserPhysicalPages(p, FEW - 2, numbers));
    EXPECT(shows(p, 1, FEW - 2));
}

TEST(userphysical, only_regions_for_physical_pages_take_them, "D9.5f")
{
    ULONG_PTR numbers[FEW], other[1] = {1};
    BYTE *p = filled_window(numbers), *memory = commit(GRAIN, PAGE_READWRITE), *reserved = reserve(GRAIN);

    map(p, FEW, NULL);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MapUserPhysicalPages(memory, 1, numbers));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MapUserPhysicalPages(reserved, 1, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MapUserPhysicalPages(NULL, 1, numbers));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MapUserPhysicalPages((PVOID)(TOP + 1), 1, numbers));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MapUserPhysicalPages((PVOID)other, 1, numbers));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MapUserPhysicalPages(p - PAGE, 1, numbers));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MapUserPhysicalPages(p + 2 * FEW * PAGE, 1, numbers));
    release(p);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MapUserPhysicalPages(p, 1, numbers));
    EXPECT(writable(memory));
}

/* Side by side. What the library maps for itself may take free addresses: then others are tried. */
static BYTE *two_windows(void)
{
    int tries;

    for (tries = 0; tries < 100; tries++) {
        BYTE *p = free_space(MiB), *q = VirtualAlloc(p, GRAIN, MEM_RESERVE | MEM_PHYSICAL, PAGE_READWRITE);

        if (q != NULL && VirtualAlloc(p + GRAIN, GRAIN, MEM_RESERVE | MEM_PHYSICAL, PAGE_READWRITE) != NULL)
            return p;
        if (q != NULL)
            release(q);
    }
    SKIP("no free addresses stay free");
}

TEST(userphysical, a_range_does_not_go_on_in_the_next_region, "L36")
{
    ULONG_PTR numbers[2];
    BYTE *p = two_windows();
    PVOID addresses[2];

    take_pages(numbers, 2);
    addresses[0] = p + GRAIN - PAGE;
    addresses[1] = p + GRAIN;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MapUserPhysicalPages(addresses[0], 2, numbers));
    EXPECT(!readable(addresses[0]) && !readable(addresses[1]));
    EXPECT_OK(MapUserPhysicalPagesScatter(addresses, 2, numbers));
    EXPECT(readable(addresses[0]) && readable(addresses[1]));
    EXPECT_OK(VirtualFree(p, 0, MEM_RELEASE));
    EXPECT(readable(addresses[1]));
}

TEST(userphysical, freed_pages_are_no_pages, "D9.5b D9.5f")
{
    ULONG_PTR numbers[FEW], count = 4;
    BYTE *p = filled_window(numbers);

    EXPECT_OK(FreeUserPhysicalPages(GetCurrentProcess(), &count, numbers + 4));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MapUserPhysicalPages(p + FEW * PAGE, 1, numbers + 5));
    count = FEW;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, FreeUserPhysicalPages(GetCurrentProcess(), &count, numbers));
    EXPECT_EQ(count, 4); /* the first that is none is the fifth */
    EXPECT(!readable(p) && shows(p + 8 * PAGE, 9, FEW - 8));
    count = 2;
    numbers[9] = numbers[8];
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, FreeUserPhysicalPages(GetCurrentProcess(), &count, numbers + 8));
    EXPECT_EQ(count, 1);
}

TEST(userphysical, handles_are_checked, "D9.5i")
{
    ULONG_PTR number = 0, one = 1;
    HANDLE weak = self_with(PROCESS_QUERY_INFORMATION), strong = self_with(PROCESS_VM_OPERATION);

    EXPECT_FAIL(ERROR_INVALID_HANDLE, AllocateUserPhysicalPages(NULL, &one, &number));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, AllocateUserPhysicalPages(weak, &one, &number));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, FreeUserPhysicalPages(NULL, &one, &number));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, FreeUserPhysicalPages(weak, &one, &number));
    EXPECT_EQ(one, 1);
    take_pages(&number, 1);
    EXPECT_OK(FreeUserPhysicalPages(strong, &one, &number));
    EXPECT_OK(AllocateUserPhysicalPages(strong, &one, &number));
    EXPECT_EQ(one, 1);
}

#ifdef WINMEM_VERSION_MAJOR

TEST(userphysical, nodes_are_checked, "D9.5j")
{
    ULONG_PTR number, one = 1;
    MEM_EXTENDED_PARAMETER param = {0};

    EXPECT_OK(AllocateUserPhysicalPagesNuma(GetCurrentProcess(), &one, &number, 0));
    EXPECT_OK(AllocateUserPhysicalPagesNuma(GetCurrentProcess(), &one, &number, NUMA_NO_PREFERRED_NODE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                AllocateUserPhysicalPagesNuma(GetCurrentProcess(), &one, &number, 4095));
    EXPECT_OK(AllocateUserPhysicalPages2(GetCurrentProcess(), &one, &number, NULL, 0));
    param.Type = MemExtendedParameterNumaNode;
    EXPECT_OK(AllocateUserPhysicalPages2(GetCurrentProcess(), &one, &number, &param, 1));
    param.ULong = 4095;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                AllocateUserPhysicalPages2(GetCurrentProcess(), &one, &number, &param, 1));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                AllocateUserPhysicalPages2(GetCurrentProcess(), &one, &number, NULL, 1));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, AllocateUserPhysicalPages2(NULL, &one, &number, NULL, 0));
    EXPECT_EQ(one, 1);
}

TEST(userphysical, extended_parameters_about_addresses_are_refused, "L37")
{
    ULONG_PTR number, one = 1;
    MEM_ADDRESS_REQUIREMENTS requirements = {NULL, NULL, 2 * MiB};
    MEM_EXTENDED_PARAMETER param = {0};

    param.Type = MemExtendedParameterAddressRequirements;
    param.Pointer = &requirements;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                AllocateUserPhysicalPages2(GetCurrentProcess(), &one, &number, &param, 1));
    param.Type = MemExtendedParameterAttributeFlags;
    param.ULong64 = 2; /* non-paged */
    EXPECT_FAIL(ERROR_NOT_SUPPORTED,
                AllocateUserPhysicalPages2(GetCurrentProcess(), &one, &number, &param, 1));
}

TEST(userphysical, bad_pointers, "O7")
{
    static ULONG_PTR one = 1, number, many = (ULONG_PTR)1 << 60;
    BYTE *p = window(GRAIN), *closed = commit(GRAIN, PAGE_NOACCESS),
         *read_only = commit(GRAIN, PAGE_READONLY);

    EXPECT_FAIL(ERROR_NOACCESS, AllocateUserPhysicalPages(GetCurrentProcess(), NULL, &number));
    EXPECT_FAIL(ERROR_NOACCESS, AllocateUserPhysicalPages(GetCurrentProcess(), &one, NULL));
    EXPECT_FAIL(ERROR_NOACCESS, AllocateUserPhysicalPages(GetCurrentProcess(), &one, (PULONG_PTR)closed));
    EXPECT_FAIL(ERROR_NOACCESS, AllocateUserPhysicalPages(GetCurrentProcess(), &one, (PULONG_PTR)read_only));
    EXPECT_FAIL(ERROR_NOACCESS, AllocateUserPhysicalPages(GetCurrentProcess(), &many, &number));
    EXPECT_FAIL(ERROR_NOACCESS, FreeUserPhysicalPages(GetCurrentProcess(), &one, (PULONG_PTR)closed));
    EXPECT_FAIL(ERROR_NOACCESS, FreeUserPhysicalPages(GetCurrentProcess(), &one, NULL));
    EXPECT_FAIL(ERROR_NOACCESS, FreeUserPhysicalPages(GetCurrentProcess(), (PULONG_PTR)closed, &number));
    EXPECT_FAIL(ERROR_NOACCESS, MapUserPhysicalPages(p, 1, (PULONG_PTR)closed));
    EXPECT_FAIL(ERROR_NOACCESS, MapUserPhysicalPagesScatter(NULL, 1, NULL));
    EXPECT_FAIL(ERROR_NOACCESS, MapUserPhysicalPagesScatter((PVOID *)closed, 1, NULL));
    EXPECT_EQ(one, 1);
}

#endif

/* ---- scatter ------------------------------------------------------------------------------- */

TEST(userphysical, scatter_over_two_regions, "D9.5g")
{
    ULONG_PTR numbers[FEW], i;
    BYTE *p = filled_window(numbers), *q = window(FEW * PAGE);
    PVOID addresses[FEW];

    map(p, FEW, NULL);
    for (i = 0; i < FEW; i++)
        addresses[i] = (i % 2 ? p : q) + (FEW - 1 - i) * PAGE;
    EXPECT_OK(MapUserPhysicalPagesScatter(addresses, FEW, numbers));
    for (i = 0; i < FEW; i++)
        EXPECT_EQ(stamped(addresses[i]), i + 1);
    EXPECT(!readable(p + (FEW - 1) * PAGE) && !readable(q));
    EXPECT_OK(MapUserPhysicalPagesScatter(addresses, FEW, NULL));
    for (i = 0; i < FEW; i++)
        EXPECT(!readable(addresses[i]));
}

TEST(userphysical, scatter_unmaps_where_the_number_is_zero, "D9.5h")
{
    ULONG_PTR numbers[FEW], changed[3];
    BYTE *p = filled_window(numbers);
    PVOID addresses[3];

    addresses[0] = p + 3 * PAGE;
    addresses[1] = p;
    addresses[2] = p + 20 * PAGE;
    changed[0] = 0;
    changed[1] = numbers[3]; /* which lies where the first one is unmapped */
    changed[2] = numbers[0];
    EXPECT_OK(MapUserPhysicalPagesScatter(addresses, 3, changed));
    EXPECT(!readable(p + 3 * PAGE));
    EXPECT_EQ(stamped(p), 4);
    EXPECT_EQ(stamped(p + 20 * PAGE), 1);
}

TEST(userphysical, scatter_is_all_or_nothing_too, "D9.5e")
{
    ULONG_PTR numbers[FEW], more[3];
    BYTE *p = filled_window(numbers), *memory = commit(GRAIN, PAGE_READWRITE);
    PVOID addresses[3];

    take_pages(more, 3);
    addresses[0] = p;
    addresses[1] = p + PAGE;
    addresses[2] = memory;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MapUserPhysicalPagesScatter(addresses, 3, more));
    addresses[2] = p + 1;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MapUserPhysicalPagesScatter(addresses, 3, more));
    addresses[2] = p + 2 * PAGE;
    more[2] = more[0];
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MapUserPhysicalPagesScatter(addresses, 3, more));
    more[2] = numbers[5];
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, MapUserPhysicalPagesScatter(addresses, 3, more));
    EXPECT(shows(p, 1, FEW));
    more[2] = numbers[0]; /* comes from the first address */
    EXPECT_OK(MapUserPhysicalPagesScatter(addresses, 3, more));
    EXPECT_EQ(stamped(p + 2 * PAGE), 1);
}

/* ---- many ---------------------------------------------------------------------------------- */

static ULONG_PTR next_random(ULONG_PTR *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

static void shuffle(ULONG_PTR *numbers, ULONG_PTR count)
{
    ULONG_PTR seed = 12345, i, j, swap;

    for (i = count - 1; i > 0; i--) {
        j = next_random(&seed) % (i + 1);
        swap = numbers[i];
        numbers[i] = numbers[j];
        numbers[j] = swap;
    }
}

#define MANY ((ULONG_PTR)100000)

static ULONG_PTR many_numbers[MANY], many_turns[MANY], many_shuffled[MANY];

/* Every page gets its index, through a window that is smaller than all of them. */
TEST(userphysical, a_hundred_thousand_pages_through_one_window, "D9.5c")
{
    ULONG_PTR got = MANY, i, at, wrong = 0, size = 10000;
    BYTE *p;

#ifdef WINMEM_VERSION_MAJOR
    if (!WinmemFeature("uffd_move"))
        size = 1000; /* each page is a mapping */
#endif
    if (!AllocateUserPhysicalPages(GetCurrentProcess(), &got, many_numbers) || got < MANY)
        SKIP("no 400 MB for physical pages");
    p = window(size * PAGE);
    for (at = 0; at < MANY; at += size) {
        map(p, size, many_numbers + at);
        for (i = 0; i < size; i++)
            *(ULONG_PTR *)(p + i * PAGE) = at + i;
    }
    for (i = 0; i < MANY; i++)
        many_turns[i] = i;
    shuffle(many_turns, MANY);
    for (i = 0; i < MANY; i++)
        many_shuffled[i] = many_numbers[many_turns[i]];
    for (at = 0; at < MANY; at += size) {
        map(p, size, many_shuffled + at);
        for (i = 0; i < size; i++)
            wrong += *(ULONG_PTR *)(p + i * PAGE) != many_turns[at + i];
    }
    EXPECT_EQ(wrong, 0);
    give_pages(many_shuffled, MANY);
    EXPECT(!readable(p));
}

struct worker {
    ULONG_PTR number;
    int wrong;
};

/* Threads have windows and pages of their own, and touch pages only while those are mapped. */
static void maps_all_the_time(void *arg)
{
    struct worker *me = arg;
    ULONG_PTR numbers[8], got = 8, seed = me->number, i, round;
    BYTE *p = VirtualAlloc(NULL, 16 * PAGE, MEM_RESERVE | MEM_PHYSICAL, PAGE_READWRITE);

    if (p == NULL || !AllocateUserPhysicalPages(GetCurrentProcess(), &got, numbers) || got != 8) {
        me->wrong = 1000;
        return;
    }
    for (round = 0; round < 300; round++) {
        BYTE *at = p + next_random(&seed) % 8 * PAGE;

        me->wrong += !MapUserPhysicalPages(at, 8, numbers);
        for (i = 0; i < 8; i++) {
            ULONG_PTR *word = (ULONG_PTR *)(at + i * PAGE);

            me->wrong += round > 0 && *word != (me->number << 32) + ((round - 1) << 8) + i;
            *word = (me->number << 32) + (round << 8) + i;
        }
        me->wrong += !MapUserPhysicalPages(at, 8, NULL);
    }
    me->wrong += !FreeUserPhysicalPages(GetCurrentProcess(), &got, numbers);
    me->wrong += !VirtualFree(p, 0, MEM_RELEASE);
}

TEST(userphysical, threads_do_not_meet, "L44")
{
    struct check_thread threads[4];
    struct worker workers[4];
    ULONG_PTR number, i;

    take_pages(&number, 1);
    for (i = 0; i < 4; i++) {
        workers[i].number = i + 1;
        workers[i].wrong = 0;
        thread_start(&threads[i], maps_all_the_time, &workers[i]);
    }
    for (i = 0; i < 4; i++) {
        thread_join(&threads[i]);
        EXPECT_EQ(workers[i].wrong, 0);
    }
}

static LONG violations;
static ULONG_PTR violated;

/* The page is mapped, and the access done again. */
static BYTE *late_page;
static ULONG_PTR late_number;

static LONG CALLBACK map_late(EXCEPTION_POINTERS *info)
{
    if (info->ExceptionRecord->ExceptionCode != (DWORD)EXCEPTION_ACCESS_VIOLATION)
        return EXCEPTION_CONTINUE_SEARCH;
    violations++;
    violated = info->ExceptionRecord->ExceptionInformation[1];
    return MapUserPhysicalPages(late_page, 1, &late_number) ? EXCEPTION_CONTINUE_EXECUTION
                                                            : EXCEPTION_CONTINUE_SEARCH;
}

TEST(userphysical, touching_an_unmapped_page_is_an_access_violation, "L38")
{
    PVOID handler;

    take_pages(&late_number, 1);
    late_page = window(GRAIN);
    handler = AddVectoredExceptionHandler(1, map_late);
    *(volatile BYTE *)(late_page + 5) = 7;
    EXPECT_EQ(violations, 1);
    EXPECT_EQ(violated, AT(late_page + 5));
    EXPECT_EQ(late_page[5], 7);
    RemoveVectoredExceptionHandler(handler);
}

static int done_replacing;

static void replaces_all_the_time(void *arg)
{
    ULONG_PTR *numbers = arg;
    int i;

    for (i = 0; i < 3000; i++)
        EXPECT(MapUserPhysicalPages(late_page, 1, numbers + i % 2));
    ATOMIC_SET(done_replacing, 1);
}

static void read_while_pages_are_replaced(void)
{
    ULONG_PTR numbers[2], wrong = 0;
    struct check_thread thread;

    take_pages(numbers, 2);
    late_page = window(GRAIN);
    map(late_page, 2, numbers);
    stamp_pages(late_page, 2);
    map(late_page + PAGE, 1, NULL);
    thread_start(&thread, replaces_all_the_time, numbers);
    while (!ATOMIC_GET(done_replacing)) {
        ULONG_PTR seen = *(volatile ULONG_PTR *)(late_page + 8);

        wrong += seen != 1 && seen != 2;
    }
    thread_join(&thread);
    EXPECT_EQ(wrong, 0);
}

/* A reader sees the one page or the other, and no moment in between. */
TEST(userphysical, replacing_a_page_goes_unnoticed, "L39")
{
    PVOID handler = AddVectoredExceptionHandler(1, map_late); /* is not called */

    read_while_pages_are_replaced();
    EXPECT_EQ(violations, 0);
    RemoveVectoredExceptionHandler(handler);
}

TEST(userphysical, it_does_so_where_nobody_handles_exceptions, "L39")
{
    read_while_pages_are_replaced();
}

/* ---- Linux --------------------------------------------------------------------------------- */

#ifdef WINMEM_VERSION_MAJOR

#include "../support/child.h"
#include "../support/footprint.h"
#include "../support/locked.h"

#include <fcntl.h>
#include <sys/mman.h>

/* A window, filled with the pages of these numbers. */
struct filled {
    BYTE *p;
    ULONG_PTR numbers[FEW];
};

static int child_has_its_own(void *arg)
{
    struct filled *filled = arg;
    BYTE *p = filled->p;
    ULONG_PTR own[FEW];

    if (readable(p) || check_state(p) != MEM_FREE)
        return 1;
    if (MapUserPhysicalPages(p, 1, filled->numbers))
        return 2;
    if (VirtualAlloc(p, FEW * PAGE, MEM_RESERVE | MEM_PHYSICAL, PAGE_READWRITE) != p)
        return 3;
    take_pages(own, FEW);
    map(p, FEW, own);
    if (!all_zero(p, FEW * PAGE))
        return 4;
    stamp_pages(p, FEW);
    map(p, FEW, NULL);
    map(p, FEW, own);
    give_pages(own, FEW);
    return VirtualFree(p, 0, MEM_RELEASE) ? 0 : 5;
}

TEST(userphysical, a_child_has_neither_windows_nor_pages, "D6.9e L138")
{
    struct filled filled;
    BYTE *p = filled.p = filled_window(filled.numbers);

    map(p + PAGE, 2, NULL);
    EXPECT_EQ(end_of_child(child_has_its_own, &filled), 0);
    map(p + PAGE, 2, filled.numbers + 1);
    EXPECT(shows(p, 1, FEW));
    EXPECT_OK(MapUserPhysicalPages(p + FEW * PAGE, 1, NULL));
    EXPECT_OK(MapUserPhysicalPages(p, FEW, NULL));
    EXPECT_OK(MapUserPhysicalPages(p + FEW * PAGE, FEW, filled.numbers));
    EXPECT(shows(p + FEW * PAGE, 1, FEW));
}

enum { SOME = 6 };

static int child_has_no_window(void *windows)
{
    int i;

    for (i = 0; i < SOME; i++)
        if (check_state(((BYTE **)windows)[i]) != MEM_FREE)
            return i + 1;
    return VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_PHYSICAL, PAGE_READWRITE) != NULL ? 0 : SOME + 1;
}

/* The first, the last and one in between have been released before. */
TEST(userphysical, a_child_has_none_of_many_windows, "D6.9e")
{
    static BYTE *windows[SOME];
    int i;

    for (i = 0; i < SOME; i++)
        windows[i] = window(GRAIN);
    for (i = 0; i < SOME; i += i == 0 ? 2 : 3)
        EXPECT_OK(VirtualFree(windows[i], 0, MEM_RELEASE));
    EXPECT_EQ(end_of_child(child_has_no_window, windows), 0);
    for (i = 0; i < SOME; i++)
        EXPECT_EQ(check_state(windows[i]), i % 3 == 2 || i == 0 ? MEM_FREE : MEM_RESERVE);
}

/* At an address that the child finds free: in the middle of an arena, too. */
TEST(userphysical, what_a_child_finds_instead_is_ordinary_space, "D6.9e")
{
    BYTE *p = window(FEW * PAGE);
    int status = 0;
    pid_t pid;

#ifdef CHECK_THREAD_SANITIZER
    SKIP("the thread sanitizer settles in the hole first");
#endif
    pid = fork();
    if (pid == 0) {
        BYTE *q = VirtualAlloc(p, FEW * PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

        _exit(q == p && writable(q) && VirtualFree(q, 0, MEM_RELEASE) ? 0 : 1);
    }
    waitpid(pid, &status, 0);
    EXPECT_EQ(status, 0);
}

/* The numbers of descriptors that the library uses are taken by something else. */
TEST(userphysical, closed_descriptors_are_opened_again, "L43 L143")
{
    ULONG_PTR numbers[FEW], more[2];
    BYTE *p = filled_window(numbers), *q = window(GRAIN);
    int fd;

    for (fd = 3; fd < 64; fd++)
        close(fd);
    for (fd = 3; fd < 8; fd++)
        MUST(open("/dev/null", O_RDONLY) == fd);
    EXPECT(shows(p, 1, FEW));
    EXPECT_OK(MapUserPhysicalPages(p, FEW, NULL));
    EXPECT(!readable(p));
    EXPECT_OK(MapUserPhysicalPages(q, FEW, numbers));
    EXPECT(shows(q, 1, FEW));
    take_pages(more, 2);
    EXPECT_OK(MapUserPhysicalPages(p, 2, more));
    EXPECT(all_zero(p, 2 * PAGE) && !readable(p + 2 * PAGE));
    for (fd = 3; fd < 8; fd++)
        EXPECT_EQ(close(fd), 0); /* still the program's */
}

static int child_keeps_descriptors(void *arg)
{
    struct filled *filled = arg;
    int fd;

    if (MapUserPhysicalPages(filled->p, 1, filled->numbers))
        return 1;
    for (fd = 3; fd < 8; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            return fd;
    return 0;
}

TEST(userphysical, a_child_closes_no_descriptor_of_the_programs, "L43 L143")
{
    struct filled filled;
    int fd;

    filled.p = filled_window(filled.numbers);
    for (fd = 3; fd < 64; fd++)
        close(fd);
    for (fd = 3; fd < 8; fd++)
        MUST(open("/dev/null", O_RDONLY) == fd);
    EXPECT_EQ(end_of_child(child_keeps_descriptors, &filled), 0);
}

/* While nothing guarded them, unmapped pages became ordinary memory for whoever touched them. */
TEST(userphysical, what_was_touched_meanwhile_does_not_disturb, "L43")
{
    ULONG_PTR numbers[FEW];
    BYTE *p = filled_window(numbers);
    int fd;

    for (fd = 3; fd < 64; fd++)
        close(fd);
    (void)writable(p + FEW * PAGE);
    EXPECT_OK(MapUserPhysicalPages(p, FEW, NULL));
    EXPECT_OK(MapUserPhysicalPages(p + FEW * PAGE, FEW, numbers));
    EXPECT(shows(p + FEW * PAGE, 1, FEW));
}

TEST(userphysical, without_descriptors_nothing_is_lost, "L43 L144")
{
    ULONG_PTR numbers[FEW];
    BYTE *p = filled_window(numbers);
    struct rlimit limit = {3, 3}, before;
    int fd;

    if (!WinmemFeature("uffd_move"))
        SKIP("the fallback has no descriptor");
    MUST(getrlimit(RLIMIT_NOFILE, &before) == 0);
    limit.rlim_max = before.rlim_max;
    for (fd = 3; fd < 64; fd++)
        close(fd);
    MUST(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    EXPECT_FAIL(ERROR_TOO_MANY_OPEN_FILES, MapUserPhysicalPages(p, FEW, NULL));
    EXPECT_FAIL(ERROR_TOO_MANY_OPEN_FILES, VirtualFree(p, 0, MEM_RELEASE));
    EXPECT_REGION(p, .size = 2 * FEW * PAGE);
    EXPECT(shows(p, 1, FEW));
    MUST(setrlimit(RLIMIT_NOFILE, &before) == 0);
    EXPECT_OK(MapUserPhysicalPages(p + FEW * PAGE, 1, NULL));
    EXPECT_OK(VirtualFree(p, 0, MEM_RELEASE));
}

TEST(userphysical, without_descriptors_from_the_beginning, "L43 L144")
{
    struct rlimit limit, before;
    ULONG_PTR numbers[FEW];
    BYTE *p;

    MUST(getrlimit(RLIMIT_NOFILE, &before) == 0);
    limit = before;
    limit.rlim_cur = 0;
    MUST(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    p = filled_window(numbers);
    EXPECT_OK(MapUserPhysicalPages(p, FEW, NULL));
    EXPECT(SANITIZED || !readable(p)); /* a sanitizer opens a file at each long jump */
    EXPECT_OK(MapUserPhysicalPages(p + FEW * PAGE, FEW, numbers));
    EXPECT(shows(p + FEW * PAGE, 1, FEW));
    EXPECT_OK(VirtualFree(p, 0, MEM_RELEASE));
    MUST(setrlimit(RLIMIT_NOFILE, &before) == 0);
}

/* With pages that move there is nothing to move then; without, the contents stay. */
TEST(userphysical, a_page_that_the_program_emptied_is_a_page_still, "L41")
{
    ULONG_PTR numbers[FEW];
    BYTE *p = filled_window(numbers);

    MUST(madvise(p + 3 * PAGE, PAGE, MADV_DONTNEED) == 0);
    EXPECT_OK(MapUserPhysicalPages(p, FEW, NULL));
    EXPECT_OK(MapUserPhysicalPages(p, FEW, numbers));
    EXPECT(shows(p, 1, 3) && shows(p + 4 * PAGE, 5, FEW - 4));
    EXPECT(writable(p + 3 * PAGE));
}

enum { SCATTERED = 10000 };

/* With pages that move; else each is a mapping, and a table that is full says so at once. */
TEST(userphysical, scattered_pages_need_no_mappings, "L40")
{
    static ULONG_PTR numbers[SCATTERED];
    static PVOID addresses[SCATTERED];
    ULONG_PTR seed = 99, i;
    BYTE *p;
    int before;

    if (!WinmemFeature("uffd_move"))
        SKIP("without UFFDIO_MOVE each page is a mapping");
    take_pages(numbers, SCATTERED);
    p = window(2 * SCATTERED * PAGE);
    map(p, 1, numbers);
    shuffle(numbers, SCATTERED);
    map(p, 1, NULL);
    before = mappings();
    for (i = 0; i < SCATTERED; i++)
        addresses[i] = p + 2 * (SCATTERED - 1 - i) * PAGE;
    EXPECT_OK(MapUserPhysicalPagesScatter(addresses, SCATTERED, numbers));
    for (i = 0; i < SCATTERED; i++) {
        PVOID at = p + 2 * (next_random(&seed) % SCATTERED) * PAGE;

        MUST(MapUserPhysicalPagesScatter(&at, 1, NULL));
    }
    EXPECT_EQ(mappings(), before);
}

TEST(userphysical, more_runs_than_mappings_are_refused_early, "L40")
{
    ULONG_PTR got = MANY, i;
    BYTE *p;

    if (WinmemFeature("uffd_move"))
        SKIP("with UFFDIO_MOVE pages are no mappings");
    if (!AllocateUserPhysicalPages(GetCurrentProcess(), &got, many_numbers) || got < MANY)
        SKIP("no 400 MB for physical pages");
    p = window(2 * MANY * PAGE);
    map(p, FEW, many_numbers);
    stamp_pages(p, FEW);
    map(p, FEW, NULL);
    for (i = 0; i < MANY / 2; i++) {
        ULONG_PTR swap = many_numbers[i];

        many_numbers[i] = many_numbers[MANY - 1 - i];
        many_numbers[MANY - 1 - i] = swap;
    }
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, MapUserPhysicalPages(p, MANY, many_numbers));
    EXPECT(!readable(p));
    EXPECT_OK(MapUserPhysicalPages(p, FEW, many_numbers + MANY - FEW));
    EXPECT_EQ(stamped(p), FEW);
}

/* All memory locked, what is still to come too: nothing may appear in a window by itself. */
TEST(userphysical, in_a_program_that_locks_all_memory, "L42")
{
    ULONG_PTR numbers[FEW];
    BYTE *p;

    reserve(GRAIN);
    if (program_locks_all_to_come() != 0)
        SKIP("mlockall is not allowed");
    p = VirtualAlloc(NULL, 2 * FEW * PAGE, MEM_RESERVE | MEM_PHYSICAL, PAGE_READWRITE);
    if (p == NULL && GetLastError() == ERROR_NOT_ENOUGH_MEMORY)
        SKIP("RLIMIT_MEMLOCK is too low");
    release(p);
    p = filled_window(numbers);
    EXPECT(!readable(p + FEW * PAGE));
    EXPECT_OK(MapUserPhysicalPages(p + FEW * PAGE, FEW, NULL));
    EXPECT_OK(MapUserPhysicalPages(p, FEW, NULL));
    EXPECT_OK(MapUserPhysicalPages(p + FEW * PAGE, FEW, numbers));
    EXPECT(shows(p + FEW * PAGE, 1, FEW));
    give_pages(numbers, FEW);
    EXPECT(!readable(p + FEW * PAGE));
    syscall(SYS_munlockall);
}

/* More than there is memory, wherever the array would be: no more than is available is handed out. */
TEST(userphysical, numbers_are_reported_truthfully, "D9.5a")
{
    ULONG_PTR wanted = 3, numbers[4] = {0, 0, 0, 7};

    EXPECT_OK(AllocateUserPhysicalPages(GetCurrentProcess(), &wanted, numbers));
    EXPECT_EQ(wanted, 3);
    EXPECT(numbers[0] && numbers[1] && numbers[2]);
    EXPECT_EQ(numbers[3], 7);
}

#endif
