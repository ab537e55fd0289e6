/*
 * VirtualAlloc2 and VirtualAlloc2FromApp: the process argument, strict bases, extended parameters.
 * Placeholders have placeholder.c, MEM_ADDRESS_REQUIREMENTS address_requirements.c.
 */
#include "api.h"

#define RESERVE_COMMIT (MEM_RESERVE | MEM_COMMIT)

TEST(virtualalloc2, no_process_means_this_process, "O29 S1 S7 S57 S80")
{
    BYTE *p;

    SetLastError(CHECK_SENTINEL);
    p = VirtualAlloc2(NULL, NULL, 2 * PAGE, RESERVE_COMMIT, PAGE_READWRITE, NULL, 0);
    EXPECT_EQ(GetLastError(), CHECK_SENTINEL);
    MUST(p != NULL);
    EXPECT_EQ(AT(p) % GRAIN, 0);
    EXPECT_REGION(p, .size = 2 * PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE, .base = AT(p),
                  .alloc_protect = PAGE_READWRITE, .type = MEM_PRIVATE);
}

TEST(virtualalloc2, pseudo_and_real_handle_of_this_process_work, "S1 S7 S8")
{
    HANDLE real = self_with(PROCESS_VM_OPERATION);
    BYTE *p = VirtualAlloc2(GetCurrentProcess(), NULL, PAGE, RESERVE_COMMIT, PAGE_READWRITE, NULL, 0);
    BYTE *q = VirtualAlloc2(real, NULL, PAGE, RESERVE_COMMIT, PAGE_READWRITE, NULL, 0);

    MUST(p && q);
    EXPECT(writable(p) && writable(q));
}

TEST(virtualalloc2, commit_without_address_reserves_too, "O30")
{
    BYTE *p;

    SetLastError(CHECK_SENTINEL);
    p = VirtualAlloc2(NULL, NULL, GRAIN, MEM_COMMIT, PAGE_EXECUTE_READWRITE, NULL, 0);
    EXPECT_EQ(GetLastError(), CHECK_SENTINEL);
    MUST(p != NULL);
    EXPECT_REGION(p, .size = GRAIN, .state = MEM_COMMIT, .protect = PAGE_EXECUTE_READWRITE);
    EXPECT(writable(p) && executable(p));
}

TEST(virtualalloc2, size_zero_fails, "O12 S58")
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc2(NULL, NULL, 0, MEM_RESERVE, PAGE_NOACCESS, NULL, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                VirtualAlloc2FromApp(NULL, NULL, 0, MEM_RESERVE, PAGE_NOACCESS, NULL, 0));
}

TEST(virtualalloc2, type_zero_fails, "O18 S16")
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc2(NULL, NULL, PAGE, 0, PAGE_READWRITE, NULL, 0));
}

TEST(virtualalloc2, protection_is_checked_as_in_virtualalloc, "O20 O22 S52")
{
    static const DWORD refused[] = {0, PAGE_WRITECOPY, PAGE_EXECUTE_WRITECOPY, 0x06, 0x12, 0x60};
    size_t i;

    for (i = 0; i < sizeof refused / sizeof refused[0]; i++)
        EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                    VirtualAlloc2(NULL, NULL, PAGE, RESERVE_COMMIT, refused[i], NULL, 0));
}

TEST(virtualalloc2, a_granularity_multiple_is_used_exactly, "S9 S84")
{
    BYTE *p = free_space(MiB);

    EXPECT_RETURNS(p + GRAIN, VirtualAlloc2(NULL, p + GRAIN, GRAIN, MEM_RESERVE, PAGE_NOACCESS, NULL, 0));
    EXPECT_REGION(p + GRAIN, .size = GRAIN, .state = MEM_RESERVE, .base = AT(p + GRAIN));
}

/* The page demands a multiple and is silent on the error: refused or rounded, never as given. */
TEST(virtualalloc2, no_region_begins_at_a_misaligned_base, "S9 S84")
{
    BYTE *p = free_space(MiB);
    BYTE *q = VirtualAlloc2(NULL, p + PAGE, PAGE, MEM_RESERVE, PAGE_NOACCESS, NULL, 0);

    EXPECT(q == NULL || q == p);
    if (q == NULL)
        EXPECT_REGION(p, .state = MEM_FREE);
    else
        EXPECT_REGION(p, .size = 2 * PAGE, .base = AT(p));
}

TEST(virtualalloc2, single_pages_of_a_reservation_can_be_committed, "S15 S17 S25 S64 S85")
{
    BYTE *p = reserve(GRAIN);

    EXPECT_RETURNS(p + PAGE, VirtualAlloc2(NULL, p + PAGE, PAGE, MEM_COMMIT, PAGE_READWRITE, NULL, 0));
    EXPECT_REGION(p + PAGE, .size = PAGE, .state = MEM_COMMIT, .base = AT(p));
    EXPECT(all_zero(p + PAGE, PAGE));
}

TEST(virtualalloc2, committing_touches_every_page_of_the_range, "S15 S85")
{
    BYTE *p = reserve(GRAIN);

    EXPECT_RETURNS(p, VirtualAlloc2(NULL, p + 0xFFF, 2, MEM_COMMIT, PAGE_READWRITE, NULL, 0));
    EXPECT_REGION(p, .size = 2 * PAGE, .state = MEM_COMMIT);
}

TEST(virtualalloc2, commit_of_unreserved_addresses_fails, "S21 S65 S86 S104")
{
    BYTE *p = free_space(MiB);

    EXPECT_NO_CHANGE(p, MiB,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS,
                                 VirtualAlloc2(NULL, p, PAGE, MEM_COMMIT, PAGE_READWRITE, NULL, 0)));
    MUST(VirtualAlloc(p, PAGE, MEM_RESERVE, PAGE_NOACCESS) == p);
    EXPECT_NO_CHANGE(p, MiB,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS,
                                 VirtualAlloc2(NULL, p, 2 * PAGE, MEM_COMMIT, PAGE_READWRITE, NULL, 0)));
}

TEST(virtualalloc2, committing_again_does_not_fail, "S22 S63 S103 O24")
{
    BYTE *p = commit(2 * PAGE, PAGE_READWRITE);

    p[0] = 7;
    EXPECT_RETURNS(p, VirtualAlloc2(NULL, p, 2 * PAGE, MEM_COMMIT, PAGE_READONLY, NULL, 0));
    EXPECT_REGION(p, .size = 2 * PAGE, .protect = PAGE_READONLY);
    EXPECT_EQ(p[0], 7);
}

TEST(virtualalloc2, reserved_pages_cannot_be_reserved_again, "S62 S87 S103")
{
    BYTE *p = reserve(GRAIN);

    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS,
                                 VirtualAlloc2(NULL, p, GRAIN, MEM_RESERVE, PAGE_NOACCESS, NULL, 0)));
}

TEST(virtualalloc2, new_memory_reads_as_zero, "S2 S18 S81")
{
    BYTE *p = VirtualAlloc2(NULL, NULL, 16 * PAGE, RESERVE_COMMIT, PAGE_READWRITE, NULL, 0);

    MUST(p != NULL);
    EXPECT(all_zero(p, 16 * PAGE));
}

TEST(virtualalloc2, top_down_is_accepted, "S51 S92 O240")
{
    BYTE *p = VirtualAlloc2(NULL, NULL, GRAIN, RESERVE_COMMIT | MEM_TOP_DOWN, PAGE_READWRITE, NULL, 0);

    MUST(p != NULL);
    EXPECT(writable(p));
}

/* ---- extended parameters ------------------------------------------------------------------ */

static MEM_EXTENDED_PARAMETER parameter(int type, DWORD64 value)
{
    MEM_EXTENDED_PARAMETER param;

    memset(&param, 0, sizeof param);
    param.Type = (DWORD64)type & 0xFF;
    param.ULong64 = value;
    return param;
}

static PVOID alloc_with(MEM_EXTENDED_PARAMETER *params, ULONG count)
{
    return VirtualAlloc2(NULL, NULL, GRAIN, RESERVE_COMMIT, PAGE_READWRITE, params, count);
}

TEST(virtualalloc2, a_count_without_parameters_fails, "O153")
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_with(NULL, 1));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_with(NULL, 2));
    EXPECT_OK(alloc_with(NULL, 0));
}

TEST(virtualalloc2, numa_node_as_in_the_second_scenario, "S5 S54 S78 S100")
{
    MEM_EXTENDED_PARAMETER param = {0};
    BYTE *p;

    param.Type = MemExtendedParameterNumaNode;
    param.ULong = 0;
    p = VirtualAlloc2(NULL, NULL, GRAIN, RESERVE_COMMIT, PAGE_READWRITE, &param, 1);
    MUST(p != NULL);
    EXPECT_REGION(p, .size = GRAIN, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
    EXPECT(all_zero(p, GRAIN) && writable(p + GRAIN - 1));
}

TEST(virtualalloc2, several_different_parameters_together, "S4 S54 S56 S100")
{
    MEM_ADDRESS_REQUIREMENTS requirements = {0};
    MEM_EXTENDED_PARAMETER params[2];

    params[0] = parameter(MemExtendedParameterNumaNode, 0);
    params[1] = parameter(MemExtendedParameterAddressRequirements, 0);
    params[1].Pointer = &requirements;
    EXPECT_OK(alloc_with(params, 2));
}

/* S56: what lies behind the counted entries is not looked at. */
TEST(virtualalloc2, only_the_counted_parameters_are_read, "S56")
{
    MEM_EXTENDED_PARAMETER params[2];

    params[0] = parameter(MemExtendedParameterNumaNode, 0);
    params[1] = parameter(0, 0);
    EXPECT_OK(alloc_with(params, 1));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_with(params, 2));
}

TEST(virtualalloc2, attribute_flags_zero_is_accepted_once, "O154")
{
    MEM_EXTENDED_PARAMETER params[2];

    params[0] = parameter(MemExtendedParameterAttributeFlags, 0);
    params[1] = params[0];
    EXPECT_OK(alloc_with(params, 1));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_with(params, 2));
}

TEST(virtualalloc2, a_parameter_given_twice_fails, "O154 O242")
{
    MEM_EXTENDED_PARAMETER params[2];

    params[0] = parameter(MemExtendedParameterNumaNode, 0);
    params[1] = params[0];
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_with(params, 2));
}

TEST(virtualalloc2, ec_code_is_for_arm64_only, "O155")
{
    MEM_EXTENDED_PARAMETER param =
        parameter(MemExtendedParameterAttributeFlags, MEM_EXTENDED_PARAMETER_EC_CODE);

    EXPECT_FAIL_EITHER(ERROR_INVALID_PARAMETER, ERROR_NOT_SUPPORTED, alloc_with(&param, 1));
}

TEST(virtualalloc2, parameter_types_zero_and_max_fail, "O241")
{
    MEM_EXTENDED_PARAMETER none = parameter(MemExtendedParameterInvalidType, 0);
    MEM_EXTENDED_PARAMETER beyond = parameter(7, 0), far_beyond = parameter(0xFF, 0);

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_with(&none, 1));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_with(&beyond, 1));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_with(&far_beyond, 1));
}

TEST(virtualalloc2, numa_node_that_cannot_exist_fails, "S5 L155")
{
    MEM_EXTENDED_PARAMETER param = parameter(MemExtendedParameterNumaNode, 0x1234567);

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, alloc_with(&param, 1));
}

TEST(virtualalloc2, parameters_are_checked_before_anything_happens, "O153 O241 S58")
{
    MEM_EXTENDED_PARAMETER none = parameter(0, 0);
    BYTE *p = reserve(GRAIN);

    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                                 VirtualAlloc2(NULL, p, PAGE, MEM_COMMIT, PAGE_READWRITE, &none, 1)));
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                                 VirtualAlloc2(NULL, p, PAGE, MEM_COMMIT, PAGE_READWRITE, NULL, 3)));
}

/* ---- VirtualAlloc2FromApp ------------------------------------------------------------------ */

TEST(virtualalloc2, fromapp_refuses_every_execute_protection, "O31 S98 S99")
{
    static const DWORD prots[] = {0x10, 0x20, 0x40, 0x80};
    size_t i;

    for (i = 0; i < 4; i++)
        EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                    VirtualAlloc2FromApp(NULL, NULL, PAGE, RESERVE_COMMIT, prots[i], NULL, 0));
}

TEST(virtualalloc2, fromapp_refuses_to_make_committed_pages_executable, "O31 S98 S99")
{
    BYTE *p = commit(PAGE, PAGE_READWRITE);

    EXPECT_NO_CHANGE(p, PAGE,
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc2FromApp(NULL, p, PAGE, MEM_COMMIT,
                                                                               PAGE_EXECUTE_READ, NULL, 0)));
}

TEST(virtualalloc2, fromapp_reserves_and_commits, "O31 S80 S81 S82 S98 S101 S106")
{
    BYTE *p;

    SetLastError(CHECK_SENTINEL);
    p = VirtualAlloc2FromApp(NULL, NULL, GRAIN, MEM_RESERVE, PAGE_READWRITE, NULL, 0);
    EXPECT_EQ(GetLastError(), CHECK_SENTINEL);
    MUST(p != NULL);
    EXPECT_RETURNS(p, VirtualAlloc2FromApp(NULL, p, PAGE, MEM_COMMIT, PAGE_READWRITE, NULL, 0));
    EXPECT_REGION(p, .size = PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
    EXPECT(all_zero(p, PAGE));
    EXPECT_OK(VirtualFree(p, 0, MEM_RELEASE));
}

TEST(virtualalloc2, fromapp_makes_and_replaces_placeholders, "S82 S88 S89")
{
    BYTE *p = VirtualAlloc2FromApp(NULL, NULL, GRAIN, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS,
                                   NULL, 0);

    release(reserve_placeholder(GRAIN));
    MUST(p != NULL);
    EXPECT_RETURNS(p, VirtualAlloc2FromApp(NULL, p, GRAIN, MEM_RESERVE | MEM_COMMIT | MEM_REPLACE_PLACEHOLDER,
                                           PAGE_READWRITE, NULL, 0));
    EXPECT_REGION(p, .size = GRAIN, .state = MEM_COMMIT, .type = MEM_PRIVATE);
}

TEST(virtualalloc2, fromapp_takes_extended_parameters, "S82 S100")
{
    MEM_ADDRESS_REQUIREMENTS requirements = {0};
    MEM_EXTENDED_PARAMETER param = parameter(MemExtendedParameterAddressRequirements, 0);
    BYTE *p;

    requirements.Alignment = MiB;
    param.Pointer = &requirements;
    p = VirtualAlloc2FromApp(NULL, NULL, GRAIN, MEM_RESERVE, PAGE_READWRITE, &param, 1);
    MUST(p != NULL);
    EXPECT_EQ(AT(p) % MiB, 0);
}
