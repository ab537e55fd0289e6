/*
 * VirtualFree, VirtualFreeEx: decommitting and releasing. The placeholder flags have placeholder.c.
 */
#include "api.h"

TEST(virtualfree, type_zero_and_mem_free_fail, "O40 O205")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFree(p, 0, 0)));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFree(p, 0, MEM_FREE)));
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFreeEx(GetCurrentProcess(), p, 0, 0)));
}

TEST(virtualfree, decommit_and_release_together_fail, "D7.8b")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFree(p, 0, MEM_DECOMMIT | MEM_RELEASE)));
}

TEST(virtualfree, release_with_a_size_fails, "O41 O205")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFree(p, GRAIN, MEM_RELEASE)));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFree(p, PAGE, MEM_RELEASE)));
    EXPECT_NO_CHANGE(
        p, GRAIN,
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFreeEx(GetCurrentProcess(), p, GRAIN, MEM_RELEASE)));
}

TEST(virtualfree, decommitting_uncommitted_pages_is_no_error, "O42")
{
    BYTE *p = reserve(GRAIN);

    EXPECT_OK(VirtualFree(p, GRAIN, MEM_DECOMMIT));
    commit_part(p + 2 * PAGE, PAGE, PAGE_READWRITE);
    EXPECT_OK(VirtualFree(p, GRAIN, MEM_DECOMMIT));
    EXPECT_REGION(p, .size = GRAIN, .state = MEM_RESERVE, .base = AT(p));
}

TEST(virtualfree, ex_without_a_process_fails, "O43")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_HANDLE, VirtualFreeEx(NULL, p, 0, MEM_RELEASE)));
}

TEST(virtualfree, decommit_touches_every_page_of_the_range, "O44")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    EXPECT_OK(VirtualFree(p + 0x1FFF, 2, MEM_DECOMMIT));
    EXPECT_REGION(p, .size = PAGE, .state = MEM_COMMIT);
    EXPECT_REGION(p + PAGE, .size = 2 * PAGE, .state = MEM_RESERVE, .protect = 0, .base = AT(p));
    EXPECT_REGION(p + 3 * PAGE, .size = GRAIN - 3 * PAGE, .state = MEM_COMMIT);
}

TEST(virtualfree, decommit_inside_one_page_takes_that_page, "O44")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    EXPECT_OK(VirtualFree(p + 0x1234, 45, MEM_DECOMMIT));
    EXPECT_REGION(p + PAGE, .size = PAGE, .state = MEM_RESERVE);
    EXPECT_REGION(p + 2 * PAGE, .size = GRAIN - 2 * PAGE, .state = MEM_COMMIT);
}

TEST(virtualfree, decommit_with_size_zero_takes_the_whole_allocation, "O45")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    EXPECT_OK(VirtualFree(p, 0, MEM_DECOMMIT));
    EXPECT_REGION(p, .size = GRAIN, .state = MEM_RESERVE, .base = AT(p));
    commit_part(p, GRAIN, PAGE_READWRITE);
    EXPECT_OK(VirtualFree(p + 0xFFE, 0, MEM_DECOMMIT)); /* anywhere in the first page */
    EXPECT_REGION(p, .size = GRAIN, .state = MEM_RESERVE, .base = AT(p));
}

TEST(virtualfree, decommit_with_size_zero_beyond_the_first_page_fails, "O45")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualFree(p + 0x1001, 0, MEM_DECOMMIT)));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualFree(p + 0x1000, 0, MEM_DECOMMIT)));
}

TEST(virtualfree, release_frees_the_whole_allocation, "O46 S68 S106 S123 S164 D7.8a")
{
    BYTE *p = free_space(MiB);

    MUST(VirtualAlloc(p, 3 * GRAIN, MEM_RESERVE, PAGE_NOACCESS) == p);
    commit_part(p + GRAIN, PAGE, PAGE_READWRITE); /* mixed states are fine */
    EXPECT_RETURNS(TRUE, VirtualFree(p, 0, MEM_RELEASE));
    EXPECT_REGION(p, .state = MEM_FREE, .base = 0, .alloc_protect = 0, .protect = PAGE_NOACCESS, .type = 0);
    EXPECT_REGION(p + GRAIN, .state = MEM_FREE);
    EXPECT(!readable(p + GRAIN));
}

TEST(virtualfree, release_accepts_the_first_page_only, "O3 O46")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualFree(p + 0x1000, 0, MEM_RELEASE)));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualFree(p + 0x1001, 0, MEM_RELEASE)));
    EXPECT_OK(VirtualFree(p + 0xFFF, 0, MEM_RELEASE));
    EXPECT_REGION(p, .state = MEM_FREE);
}

TEST(virtualfree, decommit_past_the_end_of_the_allocation_fails_whole, "O50")
{
    BYTE *p = free_space(MiB);

    MUST(VirtualAlloc(p, 4 * PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) == p);
    EXPECT_NO_CHANGE(p, MiB, EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFree(p, GRAIN, MEM_DECOMMIT)));
    EXPECT_NO_CHANGE(
        p, MiB, EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFree(p + 3 * PAGE + 0xFFF, 2, MEM_DECOMMIT)));
}

TEST(virtualfree, decommit_across_two_allocations_fails_whole, "O50")
{
    BYTE *p = free_space(MiB);

    MUST(VirtualAlloc(p, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) == p);
    MUST(VirtualAlloc(p + GRAIN, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) == p + GRAIN);
    EXPECT_NO_CHANGE(p, MiB, EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFree(p, 2 * GRAIN, MEM_DECOMMIT)));
}

TEST(virtualfree, free_addresses_cannot_be_freed, "O51 O145")
{
    BYTE *p = free_space(MiB);

    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualFree(p, 0, MEM_RELEASE));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualFree(p, PAGE, MEM_DECOMMIT));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualFree(p, 0, MEM_DECOMMIT));
}

TEST(virtualfree, releasing_twice_fails, "O51")
{
    BYTE *p = reserve(GRAIN);

    EXPECT_OK(VirtualFree(p, 0, MEM_RELEASE));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualFree(p, 0, MEM_RELEASE));
}

TEST(virtualfree, low_addresses_cannot_be_freed, "O51")
{
    EXPECT_FAIL_EITHER(ERROR_INVALID_ADDRESS, ERROR_INVALID_PARAMETER,
                       VirtualFree((void *)0x123, 0, MEM_RELEASE));
    EXPECT_FAIL_EITHER(ERROR_INVALID_ADDRESS, ERROR_INVALID_PARAMETER,
                       VirtualFree((void *)0x123, 0x321, MEM_DECOMMIT));
    EXPECT_FAIL_EITHER(ERROR_INVALID_ADDRESS, ERROR_INVALID_PARAMETER, VirtualFree(NULL, 0, MEM_RELEASE));
}

TEST(virtualfree, recommitted_pages_read_as_zero, "S36 S18 S142")
{
    BYTE *p = commit(4 * PAGE, PAGE_READWRITE);

    memset(p, 0xCC, 4 * PAGE);
    EXPECT_OK(VirtualFree(p + PAGE, 2 * PAGE, MEM_DECOMMIT));
    EXPECT(!readable(p + PAGE) && !readable(p + 2 * PAGE));
    commit_part(p + PAGE, 2 * PAGE, PAGE_READWRITE);
    EXPECT(all_zero(p + PAGE, 2 * PAGE));
    EXPECT(p[0] == 0xCC && p[PAGE - 1] == 0xCC && p[3 * PAGE] == 0xCC);
}

TEST(virtualfree, recommitted_read_only_pages_read_as_zero, "S36 S142")
{
    BYTE *p = commit(2 * PAGE, PAGE_READWRITE);

    memset(p, 0xCC, 2 * PAGE);
    protect(p, PAGE, PAGE_NOACCESS);
    EXPECT_OK(VirtualFree(p, 0, MEM_DECOMMIT));
    commit_part(p, 2 * PAGE, PAGE_READONLY);
    EXPECT(all_zero(p, 2 * PAGE));
}

TEST(virtualfree, a_decommitted_page_keeps_the_reservation, "S68 S106 S167 S26")
{
    BYTE *p = commit(2 * PAGE, PAGE_READWRITE);

    EXPECT_OK(VirtualFree(p, PAGE, MEM_DECOMMIT));
    EXPECT_REGION(p, .size = PAGE, .state = MEM_RESERVE, .protect = 0, .base = AT(p),
                  .alloc_protect = PAGE_READWRITE, .type = MEM_PRIVATE);
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualAlloc(p, PAGE, MEM_RESERVE, PAGE_NOACCESS));
}

TEST(virtualfree, ex_does_the_same_as_the_plain_function, "S124 S167 O205")
{
    HANDLE self = GetCurrentProcess();
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    EXPECT_OK(VirtualFreeEx(self, p + PAGE, PAGE, MEM_DECOMMIT));
    EXPECT_REGION(p + PAGE, .size = PAGE, .state = MEM_RESERVE);
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualFreeEx(self, p + PAGE, 0, MEM_RELEASE));
    EXPECT_OK(VirtualFreeEx(self, p, 0, MEM_RELEASE));
    EXPECT_REGION(p, .state = MEM_FREE);
}

TEST(virtualfree, released_neighbours_are_one_free_region, "O70 S163")
{
    BYTE *p = free_space(MiB);

    MUST(VirtualAlloc(p, GRAIN, MEM_RESERVE, PAGE_NOACCESS) == p);
    MUST(VirtualAlloc(p + GRAIN, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    MUST(VirtualAlloc(p + 2 * GRAIN, GRAIN, MEM_RESERVE, PAGE_NOACCESS));
    release(p);
    release(p + GRAIN);
    EXPECT_REGION(p, .size = 2 * GRAIN, .state = MEM_FREE);
    EXPECT_REGION(p + 2 * GRAIN, .size = GRAIN, .state = MEM_RESERVE, .base = AT(p + 2 * GRAIN));
}

TEST(virtualfree, placeholder_flags_go_with_release_only, "O144")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFree(p, GRAIN, MEM_COALESCE_PLACEHOLDERS)));
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                                 VirtualFree(p, GRAIN, MEM_DECOMMIT | MEM_COALESCE_PLACEHOLDERS)));
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFree(p, GRAIN, MEM_PRESERVE_PLACEHOLDER)));
}

TEST(virtualfree, a_view_cannot_be_decommitted, "O53")
{
    BYTE *p = anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_WRITE);

    p[0] = 9;
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFree(p, GRAIN, MEM_DECOMMIT)));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFree(p, PAGE, MEM_DECOMMIT)));
    EXPECT_EQ(p[0], 9);
}

TEST(virtualfree, a_view_cannot_be_turned_into_a_placeholder, "O54")
{
    BYTE *p = anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_WRITE);

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_PARAMETER, split_placeholder(p, GRAIN)));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_PARAMETER, split_placeholder(p, PAGE)));
}

/* Which code nobody has said of plain MEM_RELEASE (of others O53, O54); it must not succeed. */
TEST(virtualfree, a_view_cannot_be_released, "L148")
{
    BYTE *p = anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_WRITE);

    EXPECT_NO_CHANGE(
        p, GRAIN,
        EXPECT_FAIL_EITHER(ERROR_INVALID_PARAMETER, ERROR_INVALID_ADDRESS, VirtualFree(p, 0, MEM_RELEASE)));
    EXPECT(writable(p));
}
