/*
 * VirtualQuery, VirtualQueryEx: what is at an address, and how far it goes.
 */
#include "api.h"

TEST(virtualquery, reserved_private_memory, "O67 S127 S164")
{
    BYTE *p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE, PAGE_READWRITE);

    EXPECT_REGION(p, .size = GRAIN, .state = MEM_RESERVE, .protect = 0, .base = AT(p),
                  .alloc_protect = PAGE_READWRITE, .type = MEM_PRIVATE);
}

TEST(virtualquery, the_region_starts_at_the_queried_page, "O67 O68")
{
    BYTE *p = reserve(GRAIN);

    EXPECT_REGION(p + 3 * PAGE + 0x123, .start = AT(p + 3 * PAGE), .size = GRAIN - 3 * PAGE, .base = AT(p),
                  .state = MEM_RESERVE);
    EXPECT_REGION(p + GRAIN - 1, .start = AT(p + GRAIN - PAGE), .size = PAGE, .base = AT(p));
}

TEST(virtualquery, committed_private_memory_ends_where_the_state_changes, "O68 S165")
{
    BYTE *p = reserve(GRAIN);

    commit_part(p, PAGE, PAGE_READWRITE);
    EXPECT_REGION(p, .size = PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE, .base = AT(p),
                  .alloc_protect = PAGE_NOACCESS, .type = MEM_PRIVATE);
    EXPECT_REGION(p + PAGE, .size = 0xF000, .state = MEM_RESERVE, .base = AT(p));
}

TEST(virtualquery, a_region_ends_where_the_protection_changes, "O68")
{
    BYTE *p = commit(6 * PAGE, PAGE_READWRITE);

    protect(p + 2 * PAGE, 2 * PAGE, PAGE_READONLY);
    EXPECT_REGION(p, .size = 2 * PAGE, .protect = PAGE_READWRITE);
    EXPECT_REGION(p + 2 * PAGE, .size = 2 * PAGE, .protect = PAGE_READONLY);
    EXPECT_REGION(p + 4 * PAGE, .size = 2 * PAGE, .protect = PAGE_READWRITE);
}

TEST(virtualquery, a_region_ends_where_the_allocation_ends, "O68 O67")
{
    BYTE *p = free_space(MiB);

    MUST(VirtualAlloc(p, GRAIN, MEM_RESERVE, PAGE_NOACCESS) == p);
    MUST(VirtualAlloc(p + GRAIN, GRAIN, MEM_RESERVE, PAGE_NOACCESS) == p + GRAIN);
    EXPECT_REGION(p, .size = GRAIN, .base = AT(p));
    EXPECT_REGION(p + GRAIN, .size = GRAIN, .base = AT(p + GRAIN));
}

TEST(virtualquery, equal_neighbours_are_one_region_again, "O69")
{
    BYTE *p = commit(4 * PAGE, PAGE_READWRITE);

    protect(p + PAGE, PAGE, PAGE_READONLY);
    EXPECT_REGION(p, .size = PAGE);
    protect(p + PAGE, PAGE, PAGE_READWRITE);
    EXPECT_REGION(p, .size = 4 * PAGE);
    EXPECT_OK(VirtualFree(p + 2 * PAGE, PAGE, MEM_DECOMMIT));
    commit_part(p + 2 * PAGE, PAGE, PAGE_READWRITE);
    EXPECT_REGION(p, .size = 4 * PAGE);
}

TEST(virtualquery, touched_and_untouched_pages_are_one_region, "O68 O23")
{
    BYTE *p = commit(8 * PAGE, PAGE_READWRITE);

    p[3 * PAGE] = 1;
    EXPECT_REGION(p, .size = 8 * PAGE, .protect = PAGE_READWRITE);
}

TEST(virtualquery, free_memory, "O70 S163")
{
    BYTE *p = free_space(MiB);

    MUST(VirtualAlloc(p + MiB - GRAIN, GRAIN, MEM_RESERVE, PAGE_NOACCESS));
    EXPECT_REGION(p + PAGE + 5, .start = AT(p + PAGE), .size = MiB - GRAIN - PAGE, .state = MEM_FREE,
                  .protect = PAGE_NOACCESS, .base = 0, .alloc_protect = 0, .type = 0);
}

TEST(virtualquery, an_unmapped_view_is_free_memory, "O70")
{
    BYTE *p = anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_WRITE);

    MUST(UnmapViewOfFile(p));
    EXPECT_REGION(p, .state = MEM_FREE, .protect = PAGE_NOACCESS, .base = 0, .alloc_protect = 0, .type = 0);
}

TEST(virtualquery, a_mapped_view, "O71")
{
    BYTE *p = anonymous_view(4090, PAGE_READWRITE, FILE_MAP_WRITE);

    EXPECT_REGION(p, .size = PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE, .base = AT(p),
                  .alloc_protect = PAGE_READWRITE, .type = MEM_MAPPED);
}

TEST(virtualquery, a_large_view_is_one_region, "O71")
{
    BYTE *p = anonymous_view(MiB, PAGE_READWRITE, FILE_MAP_READ);

    EXPECT_REGION(p, .size = MiB, .protect = PAGE_READONLY, .alloc_protect = PAGE_READONLY,
                  .type = MEM_MAPPED);
    EXPECT_REGION(p + GRAIN + 5, .size = MiB - GRAIN, .base = AT(p));
}

TEST(virtualquery, a_view_without_access, "O73")
{
    BYTE *p = anonymous_view(GRAIN, PAGE_READWRITE, 0);

    EXPECT_REGION(p, .size = GRAIN, .state = MEM_COMMIT, .protect = PAGE_NOACCESS,
                  .alloc_protect = PAGE_NOACCESS, .type = MEM_MAPPED);
    EXPECT(!readable(p));
}

TEST(virtualquery, the_result_is_the_size_of_the_structure, "O74 S127")
{
    MEMORY_BASIC_INFORMATION mbi[2];
    BYTE *p = reserve(GRAIN);

    EXPECT_EQ(sizeof mbi[0], 48);
    EXPECT_RETURNS(sizeof mbi[0], VirtualQuery(p, mbi, sizeof mbi[0]));
    EXPECT_RETURNS(sizeof mbi[0], VirtualQuery(p, mbi, sizeof mbi));
}

TEST(virtualquery, a_short_buffer_fails, "O75")
{
    MEMORY_BASIC_INFORMATION mbi, before;
    BYTE *p = reserve(GRAIN);

    memset(&mbi, 0xEE, sizeof mbi);
    before = mbi;
    EXPECT_FAIL(ERROR_BAD_LENGTH, VirtualQuery(p, &mbi, sizeof mbi - 1));
    EXPECT_FAIL(ERROR_BAD_LENGTH, VirtualQuery(p, &mbi, 0));
    EXPECT_FAIL(ERROR_BAD_LENGTH, VirtualQueryEx(GetCurrentProcess(), p, &mbi, sizeof mbi - 1));
    EXPECT(memcmp(&mbi, &before, sizeof mbi) == 0);
}

TEST(virtualquery, the_ends_of_the_address_space_can_be_queried, "O76")
{
    MEMORY_BASIC_INFORMATION mbi;
    SYSTEM_INFO info;

    GetSystemInfo(&info);
    EXPECT_OK(VirtualQuery(info.lpMinimumApplicationAddress, &mbi, sizeof mbi));
    EXPECT_OK(VirtualQuery((BYTE *)info.lpMinimumApplicationAddress - 1, &mbi, sizeof mbi));
    EXPECT_OK(VirtualQuery(info.lpMaximumApplicationAddress, &mbi, sizeof mbi));
    EXPECT_REGION(NULL, .start = 0, .state = MEM_FREE, .base = 0);
}

TEST(virtualquery, addresses_above_the_maximum_fail, "O76")
{
    MEMORY_BASIC_INFORMATION mbi;
    SYSTEM_INFO info;

    GetSystemInfo(&info);
    EXPECT_EQ(AT(info.lpMaximumApplicationAddress), TOP);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualQuery(above_the_maximum(), &mbi, sizeof mbi));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualQuery((void *)~(uintptr_t)0, &mbi, sizeof mbi));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualQuery((void *)0xFFFF800000000000u, &mbi, sizeof mbi));
}

TEST(virtualquery, the_stack_is_committed_and_writable, "O77")
{
    int local = 0;

    EXPECT_REGION(&local, .state = MEM_COMMIT, .protect = PAGE_READWRITE, .alloc_protect = PAGE_READWRITE,
                  .type = MEM_PRIVATE);
}

TEST(virtualquery, malloc_memory_is_committed_and_writable, "O77")
{
    void *small = malloc(100), *large = malloc(4 * MiB);

    MUST(small && large);
    memset(small, 1, 100);
    memset(large, 1, 4 * MiB);
    EXPECT_REGION(small, .state = MEM_COMMIT, .protect = PAGE_READWRITE, .alloc_protect = PAGE_READWRITE,
                  .type = MEM_PRIVATE);
    EXPECT_REGION(large, .state = MEM_COMMIT, .protect = PAGE_READWRITE, .type = MEM_PRIVATE);
    free(small);
    free(large);
}

TEST(virtualquery, ex_does_the_same_as_the_plain_function, "S128 O205")
{
    MEMORY_BASIC_INFORMATION a, b;
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    memset(&a, 0, sizeof a);
    memset(&b, 0, sizeof b);
    EXPECT_RETURNS(sizeof a, VirtualQuery(p + PAGE, &a, sizeof a));
    EXPECT_RETURNS(sizeof b, VirtualQueryEx(GetCurrentProcess(), p + PAGE, &b, sizeof b));
    EXPECT(a.BaseAddress == b.BaseAddress && a.RegionSize == b.RegionSize && a.State == b.State &&
           a.Protect == b.Protect && a.AllocationBase == b.AllocationBase && a.Type == b.Type);
}

TEST(virtualquery, ex_without_a_process_fails, "O8")
{
    MEMORY_BASIC_INFORMATION mbi;

    EXPECT_FAIL(ERROR_INVALID_HANDLE, VirtualQueryEx(NULL, &mbi, &mbi, sizeof mbi));
}

TEST(virtualquery, the_far_end_of_a_huge_reservation, "O67 O68")
{
    SIZE_T size = (SIZE_T)64 << 30;
    BYTE *p = reserve(size);

    commit_part(p + size / 2, PAGE, PAGE_READWRITE);
    EXPECT_REGION(p, .size = size / 2, .state = MEM_RESERVE);
    EXPECT_REGION(p + size / 2, .size = PAGE, .state = MEM_COMMIT);
    EXPECT_REGION(p + size / 2 + PAGE, .size = size / 2 - PAGE, .state = MEM_RESERVE, .base = AT(p));
}

/* Who wants to jump to and fro looks for room within 2 GiB of code, as hooks do: most of what lies below it is free. */
TEST(virtualquery, room_near_code_is_free, "L2")
{
    BYTE *code = (BYTE *)(ULONG_PTR)VirtualQuery, *p = code - 0x7fff0000;
    SIZE_T room = 0;
    MEMORY_BASIC_INFORMATION mbi;
    BYTE *got = NULL;

    release(reserve(GRAIN));
    release(commit(GRAIN, PAGE_READWRITE));
    for (; p < code && VirtualQuery(p, &mbi, sizeof mbi) != 0; p = (BYTE *)mbi.BaseAddress + mbi.RegionSize) {
        BYTE *at = (BYTE *)(((ULONG_PTR)p + GRAIN - 1) / GRAIN * GRAIN);

        if (mbi.State != MEM_FREE || mbi.RegionSize < 2 * GRAIN)
            continue;
        room += mbi.RegionSize;
        if (got == NULL)
            got = VirtualAlloc(at, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_EXECUTE_READWRITE);
    }
    EXPECT(got != NULL);
    EXPECT(room > (SIZE_T)1 << 30);
}
