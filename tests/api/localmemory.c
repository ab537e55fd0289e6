/* Local memory, where it says something else than Global memory, or is used together with it. */
#include "api.h"

TEST(localmemory, fixed_memory, "S131 S132")
{
    BYTE *p = LocalAlloc(LMEM_FIXED, 100), *zeroed = LocalAlloc(LPTR, 1000);

    MUST(p != NULL && zeroed != NULL);
    EXPECT_EQ(AT(p) % 16, 0);
    EXPECT_EQ(AT(LocalLock(p)), AT(p));
    EXPECT_EQ(AT(LocalHandle(p)), AT(p));
    EXPECT_FAIL(CHECK_SENTINEL, LocalFlags(p));
    EXPECT_RETURNS(100, LocalSize(p));
    EXPECT(zeroed[0] == 0 && zeroed[999] == 0);
    EXPECT(LocalFree(p) == NULL && LocalFree(zeroed) == NULL);
}

TEST(localmemory, fixed_memory_is_never_locked, "D10.5b")
{
    BYTE *p = LocalAlloc(LMEM_FIXED, 10);

    MUST(p != NULL);
    EXPECT_FAIL(ERROR_NOT_LOCKED, LocalUnlock(p));
    EXPECT_EQ(AT(LocalLock(p)), AT(p));
    EXPECT_FAIL(ERROR_NOT_LOCKED, LocalUnlock(p));
    EXPECT(LocalFree(p) == NULL);
}

TEST(localmemory, movable_memory, "D10.4a D10.5a")
{
    HLOCAL handle = LocalAlloc(LHND, 100);
    BYTE *p = LocalLock(handle);

    MUST(p != NULL);
    EXPECT(p[0] == 0 && p[99] == 0);
    EXPECT(LocalLock(handle) == p);
    EXPECT_RETURNS(2, LocalFlags(handle));
    EXPECT_EQ(AT(LocalHandle(p)), AT(handle));
    EXPECT_OK(LocalUnlock(handle));
    EXPECT_FAIL(NO_ERROR, LocalUnlock(handle));
    EXPECT_FAIL(ERROR_NOT_LOCKED, LocalUnlock(handle));
    EXPECT_EQ(AT(LocalReAlloc(handle, 100000, LMEM_MOVEABLE | LMEM_ZEROINIT)), AT(handle));
    EXPECT_RETURNS(100000, LocalSize(handle));
    EXPECT(LocalFree(handle) == NULL);
}

TEST(localmemory, discarding, "D10.3d D10.6a")
{
    HLOCAL handle = LocalAlloc(LMEM_MOVEABLE | LMEM_DISCARDABLE, 10);

    MUST(handle != NULL);
    EXPECT_RETURNS(LMEM_DISCARDABLE, LocalFlags(handle));
    EXPECT_EQ(AT(LocalDiscard(handle)), AT(handle));
    EXPECT_RETURNS(LMEM_DISCARDABLE | LMEM_DISCARDED, LocalFlags(handle));
    EXPECT_FAIL(ERROR_DISCARDED, LocalLock(handle) != NULL);
    EXPECT_EQ(AT(LocalReAlloc(handle, 20, 0)), AT(handle));
    EXPECT_RETURNS(LMEM_DISCARDABLE, LocalFlags(handle));
    EXPECT(LocalLock(handle) != NULL);
    EXPECT(LocalFree(handle) == NULL);
}

TEST(localmemory, nothing_is_freed, "D10.2c")
{
    SetLastError(CHECK_SENTINEL);
    EXPECT(LocalFree(NULL) == NULL);
    EXPECT_EQ(GetLastError(), CHECK_SENTINEL);
}

TEST(localmemory, a_freed_handle_is_none, "D10.2b L99")
{
    HLOCAL handle = LocalAlloc(LMEM_MOVEABLE, 10);

    MUST(handle != NULL);
    EXPECT(LocalFree(handle) == NULL);
    EXPECT_EQ(AT(LocalFree(handle)), AT(handle));
    EXPECT_EQ(GetLastError(), ERROR_INVALID_HANDLE);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, LocalLock(handle) != NULL);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, LocalUnlock(handle));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, LocalReAlloc(handle, 5, LMEM_MOVEABLE) != NULL);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, LocalSize(handle));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, LocalHandle(handle) != NULL);
    EXPECT_EQ(LocalFlags(handle), LMEM_INVALID_HANDLE);
}

TEST(localmemory, unknown_flags_are_refused, "L97")
{
    static const UINT flags[] = {0x0001, 0x0008, 0x1000, 0x2000, 0x8000, LMEM_MODIFY};
    size_t i;

    for (i = 0; i < sizeof flags / sizeof flags[0]; i++)
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, LocalAlloc(flags[i], 10) != NULL);
}

/* The families are one. */
TEST(localmemory, global_memory_is_local_memory, "D10.1d")
{
    HLOCAL local = LocalAlloc(LMEM_MOVEABLE, 10);
    HGLOBAL global = GlobalAlloc(GMEM_MOVEABLE, 20);

    MUST(local != NULL && global != NULL);
    EXPECT(GlobalLock(local) != NULL && LocalLock(global) != NULL);
    EXPECT_RETURNS(1, LocalFlags(local));
    EXPECT_RETURNS(20, LocalSize(global));
    EXPECT_FAIL(NO_ERROR, LocalUnlock(global));
    EXPECT(GlobalFree(local) == NULL && LocalFree(global) == NULL);
}
