/* WriteProcessMemory to the calling process: the rules that tests/api/otherprocess.c holds other processes to. */
#include "api.h"

#define SELF GetCurrentProcess()

TEST(writememory, copies, "D9.1a O206")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    BYTE source[40];
    SIZE_T count = 7;

    memset(source, 5, sizeof source);
    EXPECT_OK(WriteProcessMemory(SELF, p + PAGE - 20, source, 40, &count));
    EXPECT_EQ(count, 40);
    EXPECT(p[PAGE - 21] == 0 && memcmp(source, p + PAGE - 20, 40) == 0 && p[PAGE + 20] == 0);
    EXPECT_OK(WriteProcessMemory(SELF, p, source, 8, NULL));
    count = 7;
    EXPECT_OK(WriteProcessMemory(SELF, p, source, 0, &count));
    EXPECT_EQ(count, 0);
}

TEST(writememory, a_handle_needs_both_rights, "D9.1b O204")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE), source[4] = {1, 2, 3, 4};

    EXPECT_FAIL(ERROR_ACCESS_DENIED, WriteProcessMemory(self_with(PROCESS_VM_OPERATION), p, source, 4, NULL));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, WriteProcessMemory(NULL, p, source, 4, NULL));
    EXPECT_EQ(p[0], 0);
    EXPECT_OK(WriteProcessMemory(self_with(PROCESS_VM_OPERATION | PROCESS_VM_WRITE), p, source, 4, NULL));
    EXPECT_EQ(p[3], 4);
}

TEST(writememory, pages_that_refuse, "O211")
{
    BYTE *p = commit(GRAIN, PAGE_READONLY), source[16] = {1};
    SIZE_T count = 7;

    EXPECT_FAIL(ERROR_NOACCESS, WriteProcessMemory(SELF, p, source, sizeof source, &count));
    EXPECT_EQ(count, 7);
    EXPECT(p[0] == 0);
    EXPECT_REGION(p, .size = GRAIN, .protect = PAGE_READONLY);
    protect(p, PAGE, PAGE_NOACCESS);
    EXPECT_FAIL(ERROR_NOACCESS, WriteProcessMemory(SELF, p, source, sizeof source, &count));
}

TEST(writememory, where_nothing_is, "L150")
{
    BYTE source[16] = {1};

    EXPECT_FAIL_EITHER(ERROR_NOACCESS, ERROR_INVALID_ADDRESS,
                       WriteProcessMemory(SELF, reserve(GRAIN), source, sizeof source, NULL));
    EXPECT_FAIL_EITHER(ERROR_NOACCESS, ERROR_INVALID_ADDRESS,
                       WriteProcessMemory(SELF, free_space(GRAIN), source, sizeof source, NULL));
}

TEST(writememory, code_is_written_and_stays_code, "O212")
{
    BYTE *p = commit(GRAIN, PAGE_EXECUTE_READWRITE), source[3] = {CHECK_RETURN, 1, 2};
    SIZE_T count = 7;

    protect(p, GRAIN, PAGE_EXECUTE_READ);
    EXPECT_OK(WriteProcessMemory(SELF, p + PAGE - 1, source, sizeof source, &count));
    EXPECT_EQ(count, sizeof source);
    EXPECT(p[PAGE - 1] == CHECK_RETURN && p[PAGE] == 1 && p[PAGE + 1] == 2);
    EXPECT_REGION(p, .size = GRAIN, .protect = PAGE_EXECUTE_READ, .alloc_protect = PAGE_EXECUTE_READWRITE);
    EXPECT(!writable(p) && executable(p + PAGE - 1));
}

TEST(writememory, writable_pages_before_others, "O213")
{
    BYTE *p = commit(GRAIN, PAGE_EXECUTE_READWRITE), *q = commit(GRAIN, PAGE_READWRITE);
    SIZE_T count = 7;

    memset(q, 9, GRAIN);
    protect(p + 2 * PAGE, PAGE, PAGE_READONLY);
    EXPECT_FAIL(ERROR_PARTIAL_COPY, WriteProcessMemory(SELF, p, q, 4 * PAGE, &count));
    EXPECT_EQ(count, 2 * PAGE);
    EXPECT(p[2 * PAGE - 1] == 9 && p[2 * PAGE] == 0);
}

TEST(writememory, a_source_that_cannot_be_read, "O207")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE), *q = commit(GRAIN, PAGE_READWRITE);
    SIZE_T count = 7;

    protect(q + 2 * PAGE, PAGE, PAGE_NOACCESS);
    EXPECT_FAIL_EITHER(ERROR_PARTIAL_COPY, ERROR_NOACCESS, WriteProcessMemory(SELF, p, q, 4 * PAGE, &count));
    EXPECT_EQ(count, 0);
}

#ifndef _WIN32

TEST(writememory, wild_addresses, "O207 O210")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    SIZE_T count = 7;

    EXPECT_FAIL(ERROR_PARTIAL_COPY, WriteProcessMemory(SELF, p, (PVOID)0x1234, 8, &count));
    EXPECT_EQ(count, 0);
    EXPECT_FAIL(ERROR_PARTIAL_COPY, WriteProcessMemory(SELF, p, p, ~(SIZE_T)0, &count));
    EXPECT_FAIL(ERROR_NOACCESS, WriteProcessMemory(SELF, (PVOID)(~(uintptr_t)0 - 8), p, PAGE, &count));
    EXPECT_FAIL(ERROR_NOACCESS, WriteProcessMemory(SELF, (PVOID)((uintptr_t)1 << 60), p, PAGE, &count));
    EXPECT_FAIL(ERROR_NOACCESS, WriteProcessMemory(SELF, p, p, 8, (PVOID)0x1234));
}

#endif
