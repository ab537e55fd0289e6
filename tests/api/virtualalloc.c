/*
 * VirtualAlloc, VirtualAllocEx, VirtualAllocExNuma, VirtualAllocFromApp: reserving and committing.
 */
#include "api.h"

TEST(virtualalloc, size_zero_fails, "O12 S115")
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(NULL, 0, MEM_RESERVE, PAGE_NOACCESS));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(NULL, 0, MEM_COMMIT, PAGE_READWRITE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                VirtualAllocEx(GetCurrentProcess(), NULL, 0, MEM_RESERVE, PAGE_NOACCESS));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAllocFromApp(NULL, 0, MEM_RESERVE, PAGE_NOACCESS));
}

TEST(virtualalloc, size_zero_inside_a_reservation_fails_and_changes_nothing, "O12")
{
    BYTE *p = reserve(GRAIN);

    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(p, 0, MEM_COMMIT, PAGE_READWRITE)));
}

TEST(virtualalloc, sizes_are_rounded_up_to_pages_not_to_the_granularity, "O13 S116 S120 S140 S160")
{
    BYTE *p = VirtualAlloc(NULL, 0xFFFC, MEM_RESERVE, PAGE_NOACCESS);
    BYTE *q = VirtualAlloc(NULL, 0x4321, MEM_RESERVE, PAGE_NOACCESS);
    BYTE *r = VirtualAlloc(NULL, 0x1234, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

    EXPECT_REGION(p, .size = 0x10000, .state = MEM_RESERVE, .base = AT(p));
    EXPECT_REGION(q, .size = 0x5000, .state = MEM_RESERVE, .base = AT(q));
    EXPECT_REGION(q + 0x5000, .state = MEM_FREE, .base = 0);
    EXPECT_REGION(r, .size = 0x2000, .state = MEM_COMMIT, .base = AT(r));
}

TEST(virtualalloc, fresh_reservations_are_granularity_aligned, "O14 S11 S114 S139")
{
    int i;

    for (i = 0; i < 16; i++)
        EXPECT_EQ(AT(reserve(PAGE * (SIZE_T)(i + 1))) % GRAIN, 0);
}

TEST(virtualalloc, released_address_can_be_reserved_again, "O15")
{
    BYTE *p = reserve(GRAIN);

    release(p);
    EXPECT_RETURNS(p, VirtualAlloc(p, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    EXPECT_REGION(p, .size = GRAIN, .state = MEM_COMMIT, .base = AT(p));
}

TEST(virtualalloc, commit_without_address_reserves_too, "O16 S144 S161")
{
    BYTE *p = VirtualAlloc(NULL, PAGE, MEM_COMMIT, PAGE_READWRITE);

    MUST(p != NULL);
    EXPECT_EQ(AT(p) % GRAIN, 0);
    EXPECT_REGION(p, .size = PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE, .base = AT(p),
                  .alloc_protect = PAGE_READWRITE, .type = MEM_PRIVATE);
    EXPECT_OK(VirtualFree(p, 0, MEM_RELEASE));
}

TEST(virtualalloc, reserve_and_commit_in_one_step, "S20 S61 S103 S121 S133")
{
    BYTE *p;

    SetLastError(CHECK_SENTINEL);
    p = VirtualAlloc(NULL, 3 * PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    EXPECT_EQ(GetLastError(), CHECK_SENTINEL);
    MUST(p != NULL);
    EXPECT_REGION(p, .size = 3 * PAGE, .state = MEM_COMMIT, .base = AT(p));
    EXPECT(writable(p) && writable(p + 3 * PAGE - 1));
}

TEST(virtualalloc, reserving_rounds_the_address_down_to_the_granularity, "O17 S111 S137")
{
    BYTE *p = free_space(MiB);

    EXPECT_RETURNS(p + GRAIN, VirtualAlloc(p + GRAIN + 0x1234, 0x1000, MEM_RESERVE, PAGE_NOACCESS));
    /* from the rounded base to the page of the last byte */
    EXPECT_REGION(p + GRAIN, .size = 0x3000, .state = MEM_RESERVE, .base = AT(p + GRAIN));
    EXPECT_REGION(p + GRAIN + 0x3000, .state = MEM_FREE);
}

TEST(virtualalloc, the_rest_of_the_granule_of_a_small_allocation_is_taken, "O17 O35")
{
    BYTE *p = commit(PAGE, PAGE_READWRITE);

    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS,
                                 VirtualAlloc(p + PAGE, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)));
}

TEST(virtualalloc, type_zero_fails, "O18")
{
    BYTE *p = reserve(GRAIN);

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(NULL, PAGE, 0, PAGE_READWRITE));
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(p, PAGE, 0, PAGE_READWRITE)));
}

TEST(virtualalloc, commit_at_a_low_address_fails, "O18")
{
    EXPECT_FAIL_EITHER(ERROR_INVALID_ADDRESS, ERROR_INVALID_PARAMETER,
                       VirtualAlloc((void *)0x123, 0x321, MEM_COMMIT, PAGE_READWRITE));
}

TEST(virtualalloc, at_round_to_page_is_refused, "O19")
{
    BYTE *p = free_space(GRAIN);

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(p, PAGE, MEM_RESERVE | 0x40000000, PAGE_READWRITE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                VirtualAlloc(p, PAGE, MEM_RESERVE | MEM_COMMIT | 0x40000000, PAGE_READWRITE));
    EXPECT_REGION(p, .state = MEM_FREE);
}

TEST(virtualalloc, placeholder_flags_need_virtualalloc2, "O130")
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                VirtualAllocEx(GetCurrentProcess(), NULL, GRAIN, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER,
                               PAGE_NOACCESS));
}

TEST(virtualalloc, protection_zero_fails_even_for_a_reservation, "O20")
{
    BYTE *p = reserve(GRAIN);

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(NULL, PAGE, MEM_RESERVE, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(NULL, PAGE, MEM_COMMIT, 0));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(p, PAGE, MEM_COMMIT, 0)));
}

TEST(virtualalloc, two_base_protections_fail_and_change_nothing, "O21 S52 S119")
{
    BYTE *p = reserve(GRAIN);

    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                                 VirtualAlloc(p, PAGE, MEM_COMMIT, PAGE_READONLY | PAGE_EXECUTE)));
}

/* All 256 combinations of the eight base protections: six are accepted. */
TEST(virtualalloc, six_base_protections_are_accepted_and_no_union, "O22 O20")
{
    DWORD prot;

    for (prot = 0; prot < 0x100; prot++) {
        int accepted =
            prot == 0x01 || prot == 0x02 || prot == 0x04 || prot == 0x10 || prot == 0x20 || prot == 0x40;
        BYTE *p;

        SetLastError(CHECK_SENTINEL);
        p = VirtualAlloc(NULL, PAGE, MEM_COMMIT, prot);
        if (accepted ? p == NULL : p || GetLastError() != ERROR_INVALID_PARAMETER)
            check_fail(__FILE__, __LINE__, "protection 0x%02lx: %s, error %lu", (unsigned long)prot,
                       p ? "accepted" : "refused", (unsigned long)GetLastError());
        if (p)
            release(p);
    }
}

TEST(virtualalloc, accepted_protections_are_reported_unchanged, "O23 S52")
{
    static const DWORD prots[] = {0x01, 0x02, 0x04, 0x10, 0x20, 0x40};
    size_t i;

    for (i = 0; i < 6; i++) {
        BYTE *p = commit(PAGE, prots[i]);

        if (prots[i] == PAGE_READWRITE || prots[i] == PAGE_EXECUTE_READWRITE)
            p[0] = 1;
        EXPECT_REGION(p, .size = PAGE, .state = MEM_COMMIT, .protect = prots[i], .alloc_protect = prots[i],
                      .type = MEM_PRIVATE);
    }
}

TEST(virtualalloc, reservations_keep_their_protection_as_allocation_protection, "O67 O26")
{
    static const DWORD prots[] = {0x01, 0x02, 0x04, 0x10, 0x20, 0x40};
    size_t i;

    for (i = 0; i < 6; i++) {
        BYTE *p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE, prots[i]);

        EXPECT_REGION(p, .state = MEM_RESERVE, .protect = 0, .alloc_protect = prots[i]);
    }
}

TEST(virtualalloc, committing_again_keeps_the_content_and_sets_the_protection, "O24 S22 S63 S143")
{
    BYTE *p = commit(4 * PAGE, PAGE_READWRITE);

    p[PAGE] = 0x5A;
    EXPECT_RETURNS(p + PAGE, VirtualAlloc(p + PAGE + 0x10, 1, MEM_COMMIT, PAGE_READONLY));
    EXPECT_REGION(p + PAGE, .size = PAGE, .protect = PAGE_READONLY, .alloc_protect = PAGE_READWRITE);
    EXPECT_REGION(p, .size = PAGE, .protect = PAGE_READWRITE);
    EXPECT_EQ(p[PAGE], 0x5A);
    EXPECT(!writable(p + PAGE));
}

TEST(virtualalloc, committing_over_a_partly_committed_range_fills_the_gaps, "S63 S65 S103 O24")
{
    BYTE *p = reserve(4 * PAGE);

    commit_part(p + PAGE, PAGE, PAGE_READWRITE);
    p[PAGE] = 0x5A;
    EXPECT_RETURNS(p, VirtualAlloc(p, 4 * PAGE, MEM_COMMIT, PAGE_READWRITE));
    EXPECT_REGION(p, .size = 4 * PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
    EXPECT_EQ(p[PAGE], 0x5A);
    EXPECT(all_zero(p, PAGE) && all_zero(p + 2 * PAGE, 2 * PAGE));
}

TEST(virtualalloc, a_page_can_be_committed_without_access, "O25")
{
    BYTE *p = reserve(GRAIN);

    EXPECT_RETURNS(p, VirtualAlloc(p, PAGE, MEM_COMMIT, PAGE_NOACCESS));
    EXPECT_REGION(p, .size = PAGE, .state = MEM_COMMIT, .protect = PAGE_NOACCESS,
                  .alloc_protect = PAGE_NOACCESS);
    EXPECT_REGION(p + PAGE, .size = GRAIN - PAGE, .state = MEM_RESERVE, .protect = 0);
    EXPECT(!readable(p));
}

TEST(virtualalloc, allocation_protection_is_fixed_by_the_reservation, "O26")
{
    BYTE *p = VirtualAlloc(NULL, 4 * PAGE, MEM_RESERVE, PAGE_READONLY);
    DWORD old;

    commit_part(p, 4 * PAGE, PAGE_READWRITE);
    EXPECT_REGION(p, .protect = PAGE_READWRITE, .alloc_protect = PAGE_READONLY);
    EXPECT_OK(VirtualProtect(p, PAGE, PAGE_EXECUTE_READ, &old));
    EXPECT_REGION(p, .size = PAGE, .protect = PAGE_EXECUTE_READ, .alloc_protect = PAGE_READONLY);
    EXPECT_REGION(p + PAGE, .protect = PAGE_READWRITE, .alloc_protect = PAGE_READONLY);
}

TEST(virtualalloc, nocache_belongs_to_the_allocation, "O27 S119 S159")
{
    BYTE *p = commit(2 * PAGE, PAGE_READWRITE | PAGE_NOCACHE);
    DWORD old = 0;

    EXPECT_REGION(p, .size = 2 * PAGE, .protect = 0x204, .alloc_protect = 0x204);
    EXPECT_OK(VirtualProtect(p, PAGE, PAGE_READWRITE, &old));
    EXPECT_EQ(old, 0x204);
    EXPECT_REGION(p, .size = 2 * PAGE, .protect = 0x204, .alloc_protect = 0x204);
    EXPECT_OK(VirtualProtect(p, PAGE, PAGE_READONLY, &old));
    EXPECT_EQ(old, 0x204);
    EXPECT_REGION(p, .size = PAGE, .protect = 0x202, .alloc_protect = 0x204);
}

TEST(virtualalloc, nocache_cannot_be_added_later, "O28")
{
    BYTE *p = commit(2 * PAGE, PAGE_READWRITE);
    DWORD old = 0;

    EXPECT_OK(VirtualProtect(p, PAGE, PAGE_READONLY | PAGE_NOCACHE, &old));
    EXPECT_EQ(old, PAGE_READWRITE);
    EXPECT_REGION(p, .size = PAGE, .protect = PAGE_READONLY, .alloc_protect = PAGE_READWRITE);
}

TEST(virtualalloc, writecombine_is_reported_back, "O27 S119")
{
    BYTE *p = commit(PAGE, PAGE_READWRITE | PAGE_WRITECOMBINE);

    EXPECT_REGION(p, .protect = 0x404, .alloc_protect = 0x404);
    EXPECT(writable(p));
}

TEST(virtualalloc, nocache_and_writecombine_exclude_noaccess_and_each_other, "S159 D3.1d")
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(NULL, PAGE, MEM_COMMIT, PAGE_NOACCESS | PAGE_NOCACHE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                VirtualAlloc(NULL, PAGE, MEM_COMMIT, PAGE_NOACCESS | PAGE_WRITECOMBINE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                VirtualAlloc(NULL, PAGE, MEM_COMMIT, PAGE_READWRITE | PAGE_NOCACHE | PAGE_WRITECOMBINE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(NULL, PAGE, MEM_COMMIT, PAGE_NOCACHE));
}

TEST(virtualalloc, ex_without_a_process_fails, "O29")
{
    EXPECT_FAIL(ERROR_INVALID_HANDLE,
                VirtualAllocEx(NULL, NULL, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
}

TEST(virtualalloc, ex_does_the_same_as_the_plain_function, "S108 S118 S122 S133 S135 O205")
{
    HANDLE self = GetCurrentProcess();
    BYTE *p = VirtualAllocEx(self, NULL, 0xFFFC, MEM_RESERVE, PAGE_NOACCESS);

    MUST(p != NULL);
    EXPECT_REGION(p, .size = 0x10000, .state = MEM_RESERVE, .base = AT(p));
    EXPECT_RETURNS(p + PAGE, VirtualAllocEx(self, p + PAGE + 1, 1, MEM_COMMIT, PAGE_READWRITE));
    EXPECT_REGION(p + PAGE, .size = PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualAllocEx(self, p, PAGE, MEM_RESERVE, PAGE_READWRITE));
    EXPECT_OK(VirtualFreeEx(self, p, 0, MEM_RELEASE));
}

TEST(virtualalloc, fromapp_refuses_every_execute_protection, "O31 S98 S99")
{
    static const DWORD prots[] = {0x10, 0x20, 0x40, 0x80};
    size_t i;

    for (i = 0; i < 4; i++) {
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAllocFromApp(NULL, PAGE, MEM_RESERVE, prots[i]));
        EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                    VirtualAllocFromApp(NULL, PAGE, MEM_RESERVE | MEM_COMMIT, prots[i]));
    }
}

TEST(virtualalloc, fromapp_reserves_and_commits_like_virtualalloc, "O31 O32")
{
    BYTE *p;

    SetLastError(CHECK_SENTINEL);
    p = VirtualAllocFromApp(NULL, 0x1234, MEM_RESERVE, PAGE_READWRITE);
    EXPECT_EQ(GetLastError(), CHECK_SENTINEL);
    MUST(p != NULL);
    EXPECT_RETURNS(p + PAGE, VirtualAllocFromApp(p + PAGE + 5, 7, MEM_COMMIT, PAGE_READWRITE));
    EXPECT_REGION(p + PAGE, .size = PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
}

TEST(virtualalloc, commit_of_free_addresses_fails, "O3 S21 S86 S65 S168")
{
    BYTE *p = free_space(MiB);

    EXPECT_NO_CHANGE(p, MiB,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualAlloc(p, PAGE, MEM_COMMIT, PAGE_READWRITE)));
}

TEST(virtualalloc, commit_that_leaves_the_reservation_commits_nothing, "S21 S65 S104 S168")
{
    BYTE *p = free_space(MiB);

    MUST(VirtualAlloc(p, 4 * PAGE, MEM_RESERVE, PAGE_NOACCESS) == p);
    EXPECT_NO_CHANGE(
        p, MiB, EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualAlloc(p, 5 * PAGE, MEM_COMMIT, PAGE_READWRITE)));
    EXPECT_NO_CHANGE(p, MiB,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS,
                                 VirtualAlloc(p + 3 * PAGE + 0xFFF, 2, MEM_COMMIT, PAGE_READWRITE)));
}

/* The documents are silent; two reservations stay two allocations, so no call spans them. */
TEST(virtualalloc, commit_across_two_reservations_fails, "S65 S104")
{
    BYTE *p = free_space(MiB);

    MUST(VirtualAlloc(p, GRAIN, MEM_RESERVE, PAGE_NOACCESS) == p);
    MUST(VirtualAlloc(p + GRAIN, GRAIN, MEM_RESERVE, PAGE_NOACCESS) == p + GRAIN);
    EXPECT_NO_CHANGE(
        p, MiB, EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualAlloc(p, 2 * GRAIN, MEM_COMMIT, PAGE_READWRITE)));
}

TEST(virtualalloc, reserved_pages_cannot_be_reserved_again, "S62 S103 S164")
{
    BYTE *p = reserve(2 * GRAIN);

    EXPECT_NO_CHANGE(p, 2 * GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualAlloc(p, GRAIN, MEM_RESERVE, PAGE_NOACCESS)));
    EXPECT_NO_CHANGE(p, 2 * GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS,
                                 VirtualAlloc(p + GRAIN, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)));
}

TEST(virtualalloc, reserving_over_the_end_of_another_reservation_fails_whole, "S62 S65 S168")
{
    BYTE *p = free_space(MiB);

    MUST(VirtualAlloc(p + 2 * GRAIN, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    EXPECT_NO_CHANGE(
        p, MiB,
        EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualAlloc(p, 2 * GRAIN + 1, MEM_RESERVE, PAGE_NOACCESS)));
    EXPECT_RETURNS(p, VirtualAlloc(p, 2 * GRAIN, MEM_RESERVE, PAGE_NOACCESS));
}

TEST(virtualalloc, parameters_are_checked_before_the_state_of_the_range, "O20 O21 O12")
{
    BYTE *p = reserve(GRAIN);

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(p, PAGE, MEM_RESERVE, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(p, PAGE, MEM_RESERVE, PAGE_WRITECOPY));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(p, 0, MEM_RESERVE, PAGE_READWRITE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(p, PAGE, 0, PAGE_READWRITE));
}

TEST(virtualalloc, committing_touches_every_page_of_the_range, "S15 S112 S117 S138 S141")
{
    BYTE *p = reserve(GRAIN);

    EXPECT_RETURNS(p + PAGE, VirtualAlloc(p + 0x1FFF, 2, MEM_COMMIT, PAGE_READWRITE));
    EXPECT_REGION(p, .size = PAGE, .state = MEM_RESERVE);
    EXPECT_REGION(p + PAGE, .size = 2 * PAGE, .state = MEM_COMMIT);
    EXPECT_REGION(p + 3 * PAGE, .size = GRAIN - 3 * PAGE, .state = MEM_RESERVE);
}

TEST(virtualalloc, a_range_that_ends_on_a_page_boundary_does_not_touch_the_next_page, "S117 S141")
{
    BYTE *p = reserve(GRAIN);

    EXPECT_RETURNS(p, VirtualAlloc(p + 0x800, 0x800, MEM_COMMIT, PAGE_READWRITE));
    EXPECT_REGION(p, .size = PAGE, .state = MEM_COMMIT);
}

TEST(virtualalloc, new_memory_reads_as_zero, "S2 S18 S109 S134 S142")
{
    BYTE *p = commit(64 * PAGE, PAGE_READWRITE);
    BYTE *q = reserve(64 * PAGE);

    EXPECT(all_zero(p, 64 * PAGE));
    memset(p, 0xFF, 64 * PAGE);
    release(p);
    commit_part(q, 64 * PAGE, PAGE_READWRITE);
    EXPECT(all_zero(q, 64 * PAGE));
    EXPECT(all_zero(commit(64 * PAGE, PAGE_READWRITE), 64 * PAGE));
}

TEST(virtualalloc, reserved_memory_is_not_accessible, "S24 S145 S163 S164")
{
    BYTE *p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE, PAGE_READWRITE);

    EXPECT(!readable(p) && !writable(p));
    commit_part(p, PAGE, PAGE_READWRITE);
    EXPECT(readable(p) && writable(p) && !readable(p + PAGE) && !writable(p + PAGE));
    release(p);
    EXPECT(!readable(p));
}

TEST(virtualalloc, pages_of_a_reservation_are_committed_one_by_one, "S25 S64 S104 S147 S161 S162")
{
    BYTE *p = reserve(16 * PAGE);
    int i;

    for (i = 0; i < 16; i += 2)
        EXPECT_RETURNS(p + i * (int)PAGE, VirtualAlloc(p + i * (int)PAGE, PAGE, MEM_COMMIT, PAGE_READWRITE));
    for (i = 0; i < 16; i++)
        EXPECT_REGION(p + i * (int)PAGE, .size = PAGE, .base = AT(p),
                      .state = i % 2 ? MEM_RESERVE : MEM_COMMIT);
    for (i = 1; i < 16; i += 2)
        commit_part(p + i * (int)PAGE, PAGE, PAGE_READWRITE);
    EXPECT_REGION(p, .size = 16 * PAGE, .state = MEM_COMMIT);
}

TEST(virtualalloc, each_protection_allows_its_accesses_and_no_others, "S149 S150 S152 S153 S158 S165")
{
    static const struct {
        DWORD prot;
        int r, w, x;
    } rows[] = {
        {PAGE_NOACCESS, 0, 0, 0},     {PAGE_READONLY, 1, 0, 0},          {PAGE_READWRITE, 1, 1, 0},
        {PAGE_EXECUTE_READ, 1, 0, 1}, {PAGE_EXECUTE_READWRITE, 1, 1, 1},
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        BYTE *p = commit(PAGE, PAGE_READWRITE);

        p[0] = CHECK_RETURN;
        EXPECT_OK(VirtualAlloc(p, PAGE, MEM_COMMIT, rows[i].prot));
        EXPECT_EQ(readable(p), rows[i].r);
        EXPECT_EQ(writable(p), rows[i].w);
        EXPECT_EQ(executable(p), rows[i].x);
    }
}

/* S151 says that reading a PAGE_EXECUTE page is a violation; on x64 execute implies read. */
TEST(virtualalloc, page_execute_can_be_executed_and_read_but_not_written, "S151")
{
    BYTE *p = commit(PAGE, PAGE_READWRITE);

    p[0] = CHECK_RETURN;
    protect(p, PAGE, PAGE_EXECUTE);
    EXPECT(executable(p) && readable(p) && !writable(p));
}

TEST(virtualalloc, generated_code_runs, "S66 S69 S107")
{
    static const BYTE code[] = {0xB8, 0x2A, 0x00, 0x00, 0x00, 0xC3}; /* mov eax, 42; ret */
    union {
        BYTE *bytes;
        int (*call)(void);
    } p;

    p.bytes = commit(PAGE, PAGE_READWRITE);
    memcpy(p.bytes, code, sizeof code);
    protect(p.bytes, PAGE, PAGE_EXECUTE_READ);
    EXPECT_OK(FlushInstructionCache(GetCurrentProcess(), p.bytes, sizeof code));
#if defined(__x86_64__)
    EXPECT_EQ(p.call(), 42);
#endif
}

TEST(virtualalloc, flushinstructioncache_accepts_null_as_everything, "S69")
{
    EXPECT_OK(FlushInstructionCache(GetCurrentProcess(), NULL, 0));
}

/* No free gap above the result could have held it. */
TEST(virtualalloc, top_down_takes_the_highest_place, "S51 S148 O240")
{
    SIZE_T size = 16 * MiB;
    BYTE *p = VirtualAlloc(NULL, size, MEM_RESERVE | MEM_TOP_DOWN, PAGE_NOACCESS);
    uintptr_t at = AT(p) + size;
    MEMORY_BASIC_INFORMATION mbi;

    MUST(p != NULL);
    EXPECT_EQ(AT(p) % GRAIN, 0);
    while (at < TOP && VirtualQuery((void *)at, &mbi, sizeof mbi) == sizeof mbi) {
        uintptr_t start = (at + GRAIN - 1) & ~(uintptr_t)(GRAIN - 1);
        uintptr_t end = AT(mbi.BaseAddress) + mbi.RegionSize;

        EXPECT(mbi.State != MEM_FREE || end < start + size);
        at = end;
    }
}

TEST(virtualalloc, top_down_commits_too, "S51 S148 O240")
{
    BYTE *p;

    SetLastError(CHECK_SENTINEL);
    p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_COMMIT | MEM_TOP_DOWN, PAGE_READWRITE);
    EXPECT_EQ(GetLastError(), CHECK_SENTINEL);
    MUST(p != NULL);
    EXPECT_REGION(p, .size = GRAIN, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
    EXPECT(writable(p));
}

TEST(virtualalloc, numa_takes_a_node_or_no_preference, "S5 S78")
{
    HANDLE self = GetCurrentProcess();
    BYTE *p = VirtualAllocExNuma(self, NULL, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE, 0);
    BYTE *q = VirtualAllocExNuma(self, NULL, GRAIN, MEM_RESERVE, PAGE_READWRITE, NUMA_NO_PREFERRED_NODE);

    MUST(p && q);
    EXPECT_REGION(p, .size = GRAIN, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
    EXPECT(writable(p));
    EXPECT_RETURNS(q, VirtualAllocExNuma(self, q, PAGE, MEM_COMMIT, PAGE_READWRITE, 0));
    EXPECT_REGION(q, .size = PAGE, .state = MEM_COMMIT);
}

TEST(virtualalloc, numa_without_a_process_fails, "O29")
{
    EXPECT_FAIL(ERROR_INVALID_HANDLE, VirtualAllocExNuma(NULL, NULL, PAGE, MEM_RESERVE, PAGE_READWRITE, 0));
}

/* The documents are silent; a node that cannot exist is an invalid parameter. */
TEST(virtualalloc, numa_node_that_cannot_exist_fails, "S5 L155")
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                VirtualAllocExNuma(GetCurrentProcess(), NULL, PAGE, MEM_RESERVE, PAGE_READWRITE, 0x1234567));
}

static LPVOID commit_by(int form, BYTE *p, DWORD protect)
{
    if (form == 0)
        return VirtualAlloc(p, PAGE, MEM_COMMIT, protect);
    if (form == 1)
        return VirtualAllocEx(GetCurrentProcess(), p, PAGE, MEM_COMMIT, protect);
    return VirtualAlloc2(NULL, p, PAGE, MEM_COMMIT, protect, NULL, 0);
}

TEST(virtualalloc, private_memory_is_not_committed_to_be_copied_on_write, "O22 O273")
{
    static const DWORD prots[] = {PAGE_WRITECOPY, PAGE_EXECUTE_WRITECOPY, PAGE_WRITECOPY | PAGE_GUARD,
                                  PAGE_READONLY | PAGE_READWRITE, PAGE_EXECUTE | PAGE_EXECUTE_READ};
    BYTE *p = reserve(GRAIN);
    int form;
    size_t i;

    commit_part(p, 2 * PAGE, PAGE_READWRITE);
    memset(p, 0x5a, 2 * PAGE);
    for (form = 0; form < 3; form++)
        for (i = 0; i < sizeof prots / sizeof prots[0]; i++) {
            EXPECT_NO_CHANGE(p, GRAIN,
                             EXPECT_FAIL(ERROR_INVALID_PARAMETER, commit_by(form, p + PAGE, prots[i])));
            EXPECT_NO_CHANGE(p, GRAIN,
                             EXPECT_FAIL(ERROR_INVALID_PARAMETER, commit_by(form, p + 2 * PAGE, prots[i])));
        }
    EXPECT(holds(p, 2 * PAGE, 0x5a));
}

TEST(virtualalloc, malloc_never_returns_addresses_inside_a_reservation, "S26 S146")
{
    BYTE *p = reserve(256 * MiB), *blocks[300];
    int i;

    for (i = 0; i < 300; i++) {
        blocks[i] = malloc((SIZE_T)1 << (i % 22));
        EXPECT(blocks[i] && (blocks[i] < p || blocks[i] >= p + 256 * MiB));
    }
    for (i = 0; i < 300; i++)
        free(blocks[i]);
}

TEST(virtualalloc, a_large_reservation_takes_no_storage, "S19 S24 S145")
{
#ifdef CHECK_THREAD_SANITIZER
    SIZE_T size = (SIZE_T)1 << 36; /* it leaves programs less than a tebibyte */
#else
    SIZE_T size = (SIZE_T)1 << 40;
#endif
    BYTE *p = VirtualAlloc(NULL, size, MEM_RESERVE, PAGE_NOACCESS);

    MUST(p != NULL);
    EXPECT_REGION(p, .size = size, .state = MEM_RESERVE, .base = AT(p));
    commit_part(p + size - PAGE, PAGE, PAGE_READWRITE);
    EXPECT(writable(p + size - 1));
    EXPECT_REGION(p, .size = size - PAGE, .state = MEM_RESERVE);
    EXPECT_OK(VirtualFree(p, 0, MEM_RELEASE));
    EXPECT_REGION(p + size - PAGE, .state = MEM_FREE);
}

TEST(virtualalloc, explicit_addresses_are_used_exactly, "S15 S114")
{
    BYTE *p = free_space(MiB);

    EXPECT_RETURNS(p + 3 * GRAIN, VirtualAlloc(p + 3 * GRAIN, GRAIN + 1, MEM_RESERVE, PAGE_NOACCESS));
    EXPECT_REGION(p + 3 * GRAIN, .size = GRAIN + PAGE, .state = MEM_RESERVE);
    EXPECT_REGION(p + 2 * GRAIN, .state = MEM_FREE, .size = GRAIN);
}
