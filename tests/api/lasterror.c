/*
 * GetLastError, SetLastError: one value a thread, set by failures alone.
 */
#include "api.h"

TEST(lasterror, it_keeps_what_was_set, "D12.2a")
{
    static const DWORD values[] = {0, 1, 87, 0x80000001, 0xFFFFFFFF};
    size_t i;

    for (i = 0; i < 5; i++) {
        SetLastError(values[i]);
        EXPECT_EQ(GetLastError(), values[i]);
        EXPECT_EQ(GetLastError(), values[i]);
    }
}

static void fails_in_its_own_thread(void *arg)
{
    DWORD *seen = arg;

    seen[0] = GetLastError();
    VirtualAlloc(NULL, 0, MEM_RESERVE, PAGE_NOACCESS);
    seen[1] = GetLastError();
}

TEST(lasterror, each_thread_has_its_own, "D12.2a S58")
{
    DWORD seen[2] = {1, 1};
    struct check_thread thread;

    SetLastError(CHECK_SENTINEL);
    thread_start(&thread, fails_in_its_own_thread, seen);
    thread_join(&thread);
    EXPECT_EQ(seen[0], 0); /* a new thread begins without an error */
    EXPECT_EQ(seen[1], ERROR_INVALID_PARAMETER);
    EXPECT_EQ(GetLastError(), CHECK_SENTINEL);
}

TEST(lasterror, success_leaves_it_alone, "O31 O32")
{
    MEMORY_BASIC_INFORMATION mbi;
    SYSTEM_INFO info;
    DWORD old;
    BYTE *p;

    SetLastError(CHECK_SENTINEL);
    p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE, PAGE_NOACCESS);
    VirtualAlloc(p, PAGE, MEM_COMMIT, PAGE_READWRITE);
    VirtualProtect(p, PAGE, PAGE_READONLY, &old);
    VirtualQuery(p, &mbi, sizeof mbi);
    GetSystemInfo(&info);
    GetCurrentProcessId();
    FlushInstructionCache(GetCurrentProcess(), p, PAGE);
    VirtualFree(p, PAGE, MEM_DECOMMIT);
    VirtualFree(p, 0, MEM_RELEASE);
    EXPECT_EQ(GetLastError(), CHECK_SENTINEL);
}

TEST(lasterror, a_later_failure_replaces_it, "S58")
{
    BYTE *p = reserve(GRAIN);

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFree(p, 0, 0));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualFree(p + PAGE, 0, MEM_RELEASE));
    EXPECT_EQ(GetLastError(), ERROR_INVALID_ADDRESS);
    EXPECT(VirtualFree(p, 0, MEM_RELEASE));
    EXPECT_EQ(GetLastError(), ERROR_INVALID_ADDRESS);
}

/* What O1 and O4 to O6 give as numbers. */
TEST(lasterror, the_names_have_their_numbers, "O1 O4 O6")
{
    EXPECT_EQ(ERROR_ACCESS_DENIED, 5);
    EXPECT_EQ(ERROR_INVALID_HANDLE, 6);
    EXPECT_EQ(ERROR_NOT_ENOUGH_MEMORY, 8);
    EXPECT_EQ(ERROR_BAD_LENGTH, 24);
    EXPECT_EQ(ERROR_NOT_SUPPORTED, 50);
    EXPECT_EQ(ERROR_UNEXP_NET_ERR, 59);
    EXPECT_EQ(ERROR_INVALID_PARAMETER, 87);
    EXPECT_EQ(ERROR_MOD_NOT_FOUND, 126);
    EXPECT_EQ(ERROR_PROC_NOT_FOUND, 127);
    EXPECT_EQ(ERROR_BAD_EXE_FORMAT, 193);
    EXPECT_EQ(ERROR_INVALID_ADDRESS, 487);
    EXPECT_EQ(ERROR_NOACCESS, 998);
    EXPECT_EQ(ERROR_MAPPED_ALIGNMENT, 1132);
    EXPECT_EQ(ERROR_PRIVILEGE_NOT_HELD, 1314);
    EXPECT_EQ(ERROR_NO_SYSTEM_RESOURCES, 1450);
    EXPECT_EQ(ERROR_COMMITMENT_LIMIT, 1455);
}
