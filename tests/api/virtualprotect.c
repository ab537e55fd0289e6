/*
 * VirtualProtect, VirtualProtectEx, VirtualProtectFromApp on private memory. Views: view_protect.c.
 */
#include "api.h"

TEST(virtualprotect, reserved_pages_cannot_be_protected, "O55 O205")
{
    BYTE *p = reserve(GRAIN);
    DWORD old;

    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualProtect(p, PAGE, PAGE_READONLY, &old)));
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS,
                                 VirtualProtectEx(GetCurrentProcess(), p, PAGE, PAGE_READONLY, &old)));
}

TEST(virtualprotect, one_uncommitted_page_makes_it_fail_whole, "O55")
{
    BYTE *p = reserve(GRAIN);
    DWORD old;

    commit_part(p, PAGE, PAGE_READWRITE);
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualProtect(p, 2 * PAGE, PAGE_READONLY, &old)));
    EXPECT(writable(p));
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualProtect(p + 0xFFF, 2, PAGE_READONLY, &old)));
}

TEST(virtualprotect, free_addresses_cannot_be_protected, "O55 O56")
{
    BYTE *p = free_space(MiB);
    DWORD old;

    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualProtect(p, PAGE, PAGE_READONLY, &old));
}

TEST(virtualprotect, failing_reports_noaccess_as_the_old_protection, "O56")
{
    BYTE *p = reserve(GRAIN);
    DWORD old = 0xDEAD;

    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualProtect(p, PAGE, PAGE_READONLY, &old));
    EXPECT_EQ(old, PAGE_NOACCESS);
}

TEST(virtualprotect, failing_on_free_memory_reports_noaccess, "O56")
{
    BYTE *p = free_space(MiB);
    DWORD old = 0xDEAD;

    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualProtect(p, PAGE, PAGE_READONLY, &old));
    EXPECT_EQ(old, PAGE_NOACCESS);
}

TEST(virtualprotect, a_range_over_the_end_of_the_allocation_fails_and_reports_noaccess, "O56 O55")
{
    BYTE *p = free_space(2 * MiB);
    DWORD old = 0xDEAD;

    MUST(VirtualAlloc(p, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) == p);
    EXPECT_NO_CHANGE(p, 2 * MiB,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualProtect(p, 0x100000, PAGE_READONLY, &old)));
    EXPECT_EQ(old, PAGE_NOACCESS);
}

TEST(virtualprotect, two_allocations_cannot_be_protected_together, "O55")
{
    BYTE *p = free_space(MiB);
    DWORD old;

    MUST(VirtualAlloc(p, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) == p);
    MUST(VirtualAlloc(p + GRAIN, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) == p + GRAIN);
    EXPECT_NO_CHANGE(p, MiB,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualProtect(p, 2 * GRAIN, PAGE_READONLY, &old)));
}

TEST(virtualprotect, the_null_page_cannot_be_protected, "O56")
{
    DWORD old = 0xDEAD;

    EXPECT_FAIL_EITHER(ERROR_INVALID_ADDRESS, ERROR_INVALID_PARAMETER,
                       VirtualProtect(NULL, PAGE, PAGE_READONLY, &old));
    EXPECT_EQ(old, PAGE_NOACCESS);
}

TEST(virtualprotect, old_protection_is_that_of_the_first_page, "O57 S125")
{
    BYTE *p = commit(16 * PAGE, PAGE_READWRITE);
    DWORD old = 0;

    protect(p + 8 * PAGE, 8 * PAGE, PAGE_EXECUTE_READWRITE);
    EXPECT_OK(VirtualProtect(p, 16 * PAGE, PAGE_READONLY, &old));
    EXPECT_EQ(old, PAGE_READWRITE);
    EXPECT_REGION(p, .size = 16 * PAGE, .protect = PAGE_READONLY);
    protect(p, PAGE, PAGE_NOACCESS);
    EXPECT_OK(VirtualProtect(p + PAGE, 2 * PAGE, PAGE_READWRITE, &old));
    EXPECT_EQ(old, PAGE_READONLY);
}

TEST(virtualprotect, invalid_protections_fail_and_change_nothing, "O58")
{
    static const DWORD prots[] = {0,           PAGE_READWRITE | PAGE_EXECUTE_WRITECOPY,
                                  0x06,        PAGE_READONLY | PAGE_EXECUTE,
                                  0xFF,        PAGE_GUARD,
                                  PAGE_NOCACHE};
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    DWORD old;
    size_t i;

    for (i = 0; i < sizeof prots / sizeof prots[0]; i++)
        EXPECT_NO_CHANGE(p, GRAIN,
                         EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtect(p, PAGE, prots[i], &old)));
}

TEST(virtualprotect, writecopy_is_not_for_private_memory, "D3.1c O58")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    DWORD old;

    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtect(p, PAGE, PAGE_WRITECOPY, &old)));
    EXPECT_NO_CHANGE(
        p, GRAIN,
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtect(p, PAGE, PAGE_EXECUTE_WRITECOPY, &old)));
}

/* What is wrong with the memory is told before what is wrong with the guard. */
TEST(virtualprotect, free_and_reserved_memory_cannot_be_guarded, "L4 O55")
{
    BYTE *free = free_space(MiB), *reserved = reserve(GRAIN);
    DWORD old;

    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualProtect(free, PAGE, PAGE_READWRITE | PAGE_GUARD, &old));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualProtect(reserved, PAGE, PAGE_READWRITE | PAGE_GUARD, &old));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS,
                VirtualProtectEx(GetCurrentProcess(), free, PAGE, PAGE_READONLY | PAGE_GUARD, &old));
}

TEST(virtualprotect, the_range_is_widened_to_whole_pages, "O59")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    DWORD old;

    EXPECT_OK(VirtualProtect(p + 1, 1, PAGE_READONLY, &old));
    EXPECT_REGION(p, .size = PAGE, .protect = PAGE_READONLY);
    EXPECT_REGION(p + PAGE, .protect = PAGE_READWRITE);
    EXPECT_OK(VirtualProtect(p + 2 * PAGE + 0x333, 17, PAGE_READONLY, &old));
    EXPECT_REGION(p + 2 * PAGE, .size = PAGE, .protect = PAGE_READONLY);
    EXPECT_OK(VirtualProtect(p + 5 * PAGE - 1, 2, PAGE_READONLY, &old));
    EXPECT_REGION(p + 4 * PAGE, .size = 2 * PAGE, .protect = PAGE_READONLY);
}

TEST(virtualprotect, ex_without_a_process_fails, "O60")
{
    BYTE *p = commit(PAGE, PAGE_READWRITE);
    DWORD old;

    EXPECT_NO_CHANGE(p, PAGE,
                     EXPECT_FAIL(ERROR_INVALID_HANDLE, VirtualProtectEx(NULL, p, PAGE, PAGE_READONLY, &old)));
}

TEST(virtualprotect, calls_chain_their_protections, "O61 S125")
{
    static const DWORD prots[] = {PAGE_READONLY,     PAGE_READWRITE,         PAGE_EXECUTE,
                                  PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE, PAGE_NOACCESS};
    BYTE *p = commit(PAGE, PAGE_NOACCESS);
    DWORD last = PAGE_NOACCESS, old = 0;
    size_t i;

    for (i = 0; i < 6; i++) {
        EXPECT_RETURNS(TRUE, VirtualProtect(p, PAGE, prots[i], &old));
        EXPECT_EQ(old, last);
        EXPECT_REGION(p, .size = PAGE, .protect = prots[i], .alloc_protect = PAGE_NOACCESS);
        last = prots[i];
    }
}

TEST(virtualprotect, the_content_survives_every_protection, "S125 O61")
{
    BYTE *p = commit(2 * PAGE, PAGE_READWRITE);

    memset(p, 0x77, 2 * PAGE);
    protect(p, PAGE, PAGE_NOACCESS);
    EXPECT(!readable(p) && readable(p + PAGE));
    protect(p, PAGE, PAGE_READONLY);
    EXPECT(p[0] == 0x77 && p[PAGE - 1] == 0x77 && !writable(p));
    protect(p, PAGE, PAGE_READWRITE);
    EXPECT(p[0] == 0x77 && writable(p));
}

TEST(virtualprotect, ex_does_the_same_as_the_plain_function, "S126 O205")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    DWORD old = 0;

    EXPECT_OK(VirtualProtectEx(GetCurrentProcess(), p + PAGE + 7, 1, PAGE_READONLY, &old));
    EXPECT_EQ(old, PAGE_READWRITE);
    EXPECT_REGION(p + PAGE, .size = PAGE, .protect = PAGE_READONLY);
}

TEST(virtualprotect, fromapp_may_make_pages_executable, "O63")
{
    BYTE *p = commit(PAGE, PAGE_READWRITE);
    ULONG old = 0;

    p[0] = CHECK_RETURN;
    EXPECT_OK(VirtualProtectFromApp(p, PAGE, PAGE_EXECUTE_READ, &old));
    EXPECT_EQ(old, PAGE_READWRITE);
    EXPECT(executable(p) && !writable(p));
    EXPECT_OK(VirtualProtectFromApp(p, PAGE, PAGE_EXECUTE_READWRITE, &old));
    EXPECT_EQ(old, PAGE_EXECUTE_READ);
    EXPECT_REGION(p, .protect = PAGE_EXECUTE_READWRITE);
}

TEST(virtualprotect, fromapp_fails_like_the_plain_function, "O55 O58")
{
    BYTE *p = reserve(GRAIN);
    ULONG old;

    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualProtectFromApp(p, PAGE, PAGE_READONLY, &old)));
    commit_part(p, PAGE, PAGE_READWRITE);
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtectFromApp(p, PAGE, 0, &old)));
}

/* The documents are silent on size 0: an empty range is an invalid parameter. */
TEST(virtualprotect, size_zero_fails, "L147")
{
    BYTE *p = commit(PAGE, PAGE_READWRITE);
    DWORD old;

    EXPECT_NO_CHANGE(p, PAGE,
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtect(p, 0, PAGE_READONLY, &old)));
}

TEST(virtualprotect, a_bad_protection_is_found_before_the_state_of_the_range, "O58")
{
    BYTE *p = reserve(GRAIN);
    DWORD old;

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtect(p, PAGE, 0, &old));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                VirtualProtect(p, PAGE, PAGE_READWRITE | PAGE_EXECUTE_WRITECOPY, &old));
}

TEST(virtualprotect, many_runs_are_reported_one_by_one_and_merge_again, "O68 O69")
{
    BYTE *p = commit(64 * PAGE, PAGE_READWRITE);
    int i;

    for (i = 0; i < 64; i += 2)
        protect(p + i * (int)PAGE, PAGE, PAGE_READONLY);
    for (i = 0; i < 64; i++)
        EXPECT_REGION(p + i * (int)PAGE, .size = PAGE, .protect = i % 2 ? PAGE_READWRITE : PAGE_READONLY);
    protect(p, 64 * PAGE, PAGE_READWRITE);
    EXPECT_REGION(p, .size = 64 * PAGE, .protect = PAGE_READWRITE);
}

/* Again and again, on one page and on its neighbours together. */
TEST(virtualprotect, to_and_fro_makes_no_difference, "L612")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE), *page = p + 5 * PAGE;
    int i;

    for (i = 0; i < 20; i++) {
        protect(page, PAGE, PAGE_READONLY);
        EXPECT_REGION(page, .size = PAGE, .protect = PAGE_READONLY);
        EXPECT(!writable(page) && writable(page + PAGE));
        protect(page, PAGE, PAGE_READWRITE);
        EXPECT_REGION(p, .size = GRAIN, .protect = PAGE_READWRITE);
        page[0] = (BYTE)(page[0] + 1);
    }
    EXPECT_EQ(page[0], 20);
    protect(p, GRAIN, PAGE_NOACCESS);
    EXPECT(!readable(page) && !readable(p));
    protect(p, GRAIN, PAGE_READWRITE);
    MUST(VirtualFree(page, PAGE, MEM_DECOMMIT));
    commit_part(page, PAGE, PAGE_READWRITE);
    EXPECT_EQ(page[0], 0);
    release(p);
}
