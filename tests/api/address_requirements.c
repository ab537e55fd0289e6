/*
 * MEM_ADDRESS_REQUIREMENTS for VirtualAlloc2 and MapViewOfFile3: which values are accepted, and
 * that an accepted one is kept. Values as observed (section 18), inclusive ends included.
 */
#include "api.h"

static PVOID alloc_at(void *base, SIZE_T size, ULONG type, uintptr_t low, uintptr_t high, SIZE_T alignment)
{
    MEM_ADDRESS_REQUIREMENTS requirements;
    MEM_EXTENDED_PARAMETER param;

    memset(&param, 0, sizeof param);
    requirements.LowestStartingAddress = (void *)low;
    requirements.HighestEndingAddress = (void *)high;
    requirements.Alignment = alignment;
    param.Type = MemExtendedParameterAddressRequirements;
    param.Pointer = &requirements;
    return VirtualAlloc2(NULL, base, size, type, PAGE_READWRITE, &param, 1);
}

static PVOID alloc_in(SIZE_T size, uintptr_t low, uintptr_t high, SIZE_T alignment)
{
    return alloc_at(NULL, size, MEM_RESERVE, low, high, alignment);
}

static PVOID map_in(HANDLE handle, void *base, uintptr_t low, uintptr_t high, SIZE_T alignment)
{
    MEM_ADDRESS_REQUIREMENTS requirements;
    MEM_EXTENDED_PARAMETER param;

    memset(&param, 0, sizeof param);
    requirements.LowestStartingAddress = (void *)low;
    requirements.HighestEndingAddress = (void *)high;
    requirements.Alignment = alignment;
    param.Type = MemExtendedParameterAddressRequirements;
    param.Pointer = &requirements;
    return MapViewOfFile3(handle, GetCurrentProcess(), base, 0, GRAIN, 0, PAGE_READWRITE, &param, 1);
}

TEST(address_requirements, all_zero_means_none, "O242 S3 S55 S82")
{
    EXPECT_OK(alloc_in(GRAIN, 0, 0, 0));
}

TEST(address_requirements, given_twice_fails, "O242")
{
    MEM_ADDRESS_REQUIREMENTS requirements = {0};
    MEM_EXTENDED_PARAMETER params[2];

    memset(params, 0, sizeof params);
    params[0].Type = MemExtendedParameterAddressRequirements;
    params[0].Pointer = &requirements;
    params[1] = params[0];
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                VirtualAlloc2(NULL, NULL, GRAIN, MEM_RESERVE, PAGE_NOACCESS, params, 2));
}

TEST(address_requirements, highest_is_inclusive_and_ends_a_page, "O243")
{
    BYTE *p;

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_in(0x40000, 0, 0x20001001, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_in(0x40000, 0, 0x20000ffe, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_in(0x40000, 0, 0x200007ff, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_in(0x40000, 0, 0x20001000, 0));
    p = alloc_in(0x40000, 0, 0x20000fff, 0);
    MUST(p != NULL);
    EXPECT_EQ(AT(p) % GRAIN, 0);
    EXPECT(AT(p) + 0x40000 <= 0x20001000);
}

TEST(address_requirements, highest_may_be_the_maximum_but_not_more, "O244")
{
    EXPECT_OK(alloc_in(GRAIN, 0, TOP, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_in(GRAIN, 0, TOP + PAGE, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_in(GRAIN, 0, ~(uintptr_t)0, 0));
}

TEST(address_requirements, a_base_excludes_every_requirement, "O245")
{
    BYTE *p = free_space(MiB);

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_at(p, GRAIN, MEM_RESERVE, 0, 0, GRAIN));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_at(p, GRAIN, MEM_RESERVE, 0, TOP, 0));
    EXPECT_REGION(p, .state = MEM_FREE);
    EXPECT_RETURNS(p, alloc_at(p, GRAIN, MEM_RESERVE, 0, 0, 0));
}

TEST(address_requirements, a_commit_excludes_every_requirement, "O245")
{
    BYTE *p = reserve(GRAIN);

    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_at(p, PAGE, MEM_COMMIT, 0, 0, GRAIN)));
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_at(p, PAGE, MEM_COMMIT, 0, TOP, 0)));
    EXPECT_RETURNS(p, alloc_at(p, PAGE, MEM_COMMIT, 0, 0, 0));
}

TEST(address_requirements, an_occupied_base_is_found_after_the_parameters, "O245")
{
    BYTE *p = reserve(GRAIN);

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_at(p, GRAIN, MEM_RESERVE, 0, 0, GRAIN));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, alloc_at(p, GRAIN, MEM_RESERVE, 0, 0, 0));
}

TEST(address_requirements, alignment_is_a_power_of_two_from_the_granularity_up, "O246")
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_in(GRAIN, 0, 0, 0x8000));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_in(GRAIN, 0, 0, 0x1000));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_in(GRAIN, 0, 0, 1));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_in(GRAIN, 0, 0, 0x30000));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_in(GRAIN, 0, 0, 0x10001));
}

TEST(address_requirements, alignment_is_kept, "O246 S3 S60")
{
    SIZE_T alignment;

    for (alignment = 0x10000; alignment <= (SIZE_T)1 << 36; alignment <<= 1) {
        BYTE *p = alloc_in(GRAIN, 0, 0, alignment);

        MUST(p != NULL);
        EXPECT_EQ(AT(p) % alignment, 0);
        EXPECT_REGION(p, .size = GRAIN, .base = AT(p), .state = MEM_RESERVE);
    }
}

TEST(address_requirements, no_fitting_address_is_out_of_memory, "O247")
{
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, alloc_in(0x2000, 0, 0x20000fff, 0x20000000));
}

TEST(address_requirements, a_range_smaller_than_the_size_is_out_of_memory, "O247")
{
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, alloc_in(0x20000, 0x20000000, 0x2000ffff, 0));
}

TEST(address_requirements, a_full_range_is_out_of_memory, "O247 O249")
{
    BYTE *p = alloc_in(MiB, 0x30000000, 0x300fffff, 0);

    MUST(AT(p) == 0x30000000);
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, alloc_in(PAGE, 0x30000000, 0x300fffff, 0));
    release(p);
    EXPECT_RETURNS(p, alloc_in(MiB, 0x30000000, 0x300fffff, 0));
}

TEST(address_requirements, lowest_is_a_multiple_of_the_granularity, "O248")
{
    BYTE *p;

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_in(GRAIN, 0x20001000, 0, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_in(GRAIN, 0x20000fff, 0, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_in(GRAIN, 0x20001001, 0, 0));
    p = alloc_in(GRAIN, 0x20000000, 0, 0);
    MUST(p != NULL);
    EXPECT(AT(p) >= 0x20000000);
}

TEST(address_requirements, lowest_above_highest_fails, "O249")
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_in(GRAIN, 0x30000000, 0x1fffffff, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_in(GRAIN, 0x30000000, 0x20000000, 0));
}

TEST(address_requirements, both_ends_are_kept, "O249")
{
    int i;

    for (i = 0; i < 8; i++) {
        BYTE *p = alloc_in(MiB, 0x20000000, 0x2fffffff, 0);

        MUST(p != NULL);
        EXPECT(AT(p) >= 0x20000000 && AT(p) + MiB <= 0x30000000);
    }
}

TEST(address_requirements, lowest_above_the_maximum_fails, "O250")
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_in(GRAIN, TOP + 1, 0, 0));
}

TEST(address_requirements, top_down_keeps_the_requirements, "O249 S51")
{
    BYTE *p = alloc_at(NULL, GRAIN, MEM_RESERVE | MEM_TOP_DOWN, 0x20000000, 0x2fffffff, 0);

    MUST(p != NULL);
    EXPECT(AT(p) >= 0x20000000 && AT(p) + GRAIN <= 0x30000000);
}

TEST(address_requirements, aligned_below_two_gigabytes, "S79 S3 S60")
{
    BYTE *p = alloc_at(NULL, 16 * GRAIN, MEM_RESERVE | MEM_COMMIT, 0, 0x7fffffff, 4 * GRAIN);

    MUST(p != NULL);
    EXPECT_EQ(AT(p) % (4 * GRAIN), 0);
    EXPECT(AT(p) + 16 * GRAIN - 1 <= 0x7fffffff);
    EXPECT(all_zero(p, 16 * GRAIN) && writable(p));
}

TEST(address_requirements, placeholders_take_them_too, "S3 S70")
{
    MEM_ADDRESS_REQUIREMENTS requirements = {0};
    MEM_EXTENDED_PARAMETER param = {0};
    BYTE *p;

    release(reserve_placeholder(GRAIN));
    requirements.Alignment = MiB;
    param.Type = MemExtendedParameterAddressRequirements;
    param.Pointer = &requirements;
    p = VirtualAlloc2(NULL, NULL, GRAIN, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS, &param, 1);
    MUST(p != NULL);
    EXPECT_EQ(AT(p) % MiB, 0);
}

/* ---- views ------------------------------------------------------------------------------- */

TEST(address_requirements, views_take_the_two_ends, "O252 O249")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = map_in(handle, NULL, 0x20000000, 0x2fffffff, 0);

    MUST(p != NULL);
    EXPECT(AT(p) >= 0x20000000 && AT(p) + GRAIN <= 0x30000000);
    EXPECT_OK(map_in(handle, NULL, 0, 0, 0));
}

TEST(address_requirements, views_take_no_alignment, "O252")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    int bit;

    for (bit = 0; bit < 64; bit++)
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, map_in(handle, NULL, 0, 0, (SIZE_T)1 << bit));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, map_in(handle, NULL, 0, 0, 0x30000));
}

TEST(address_requirements, views_check_the_highest_address, "O252 O243 O244")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, map_in(handle, NULL, 0, 0x20001001, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, map_in(handle, NULL, 0, 0x20000ffe, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, map_in(handle, NULL, 0, TOP + PAGE, 0));
    EXPECT_OK(map_in(handle, NULL, 0, TOP, 0));
    EXPECT_OK(map_in(handle, NULL, 0, 0x20000fff, 0));
}

TEST(address_requirements, a_view_base_excludes_every_requirement, "O252 O245")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = free_space(MiB);

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, map_in(handle, p, 0, TOP, 0));
    EXPECT_REGION(p, .state = MEM_FREE);
    EXPECT_RETURNS(p, map_in(handle, p, 0, 0, 0));
}

TEST(address_requirements, views_check_the_parameter_types, "O252 O241 O153")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE), self = GetCurrentProcess();
    MEM_EXTENDED_PARAMETER params[2];
    MEM_ADDRESS_REQUIREMENTS requirements = {0};

    memset(params, 0, sizeof params);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                MapViewOfFile3(handle, self, NULL, 0, 0, 0, PAGE_READWRITE, params, 1));
    params[0].Type = 7;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                MapViewOfFile3(handle, self, NULL, 0, 0, 0, PAGE_READWRITE, params, 1));
    params[0].Type = MemExtendedParameterAddressRequirements;
    params[0].Pointer = &requirements;
    params[1] = params[0];
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                MapViewOfFile3(handle, self, NULL, 0, 0, 0, PAGE_READWRITE, params, 2));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                MapViewOfFile3(handle, self, NULL, 0, 0, 0, PAGE_READWRITE, NULL, 1));
}
