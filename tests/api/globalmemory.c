/* Global memory, fixed and movable. What is the same for Local memory is checked here; the rest is in localmemory.c. */
#include "api.h"

static HGLOBAL movable(SIZE_T size)
{
    HGLOBAL handle = GlobalAlloc(GMEM_MOVEABLE, size);

    MUST(handle != NULL);
    return handle;
}

static BYTE *fixed(SIZE_T size)
{
    BYTE *p = GlobalAlloc(GMEM_FIXED, size);

    MUST(p != NULL);
    memset(p, 0x5A, size);
    return p;
}

/* GlobalUnlock of the last lock: zero, and no error. */
static void expect_last_unlock(HGLOBAL handle)
{
    EXPECT_FAIL(NO_ERROR, GlobalUnlock(handle));
}

/* --- fixed --- */

TEST(globalmemory, fixed_memory_is_its_own_handle, "S129 D10.1a")
{
    BYTE *p = fixed(100);

    EXPECT_EQ(AT(p) % 8, 0);
    EXPECT_EQ(AT(GlobalLock(p)), AT(p));
    EXPECT_EQ(AT(GlobalHandle(p)), AT(p));
    EXPECT_FAIL(CHECK_SENTINEL, GlobalFlags(p));
    EXPECT(GlobalSize(p) >= 100);
    EXPECT_EQ(AT(GlobalFree(p)), 0);
}

TEST(globalmemory, zeroed_memory, "D10.1b")
{
    BYTE *p = GlobalAlloc(GPTR, 5000), *q;
    HGLOBAL handle = GlobalAlloc(GHND, 5000);

    MUST(p != NULL && handle != NULL);
    EXPECT(holds(p, 5000, 0));
    MUST((q = GlobalLock(handle)) != NULL);
    EXPECT(holds(q, 5000, 0));
    EXPECT(GlobalFree(p) == NULL && GlobalFree(handle) == NULL);
}

TEST(globalmemory, no_bytes_of_fixed_memory, "D10.1a")
{
    void *p = GlobalAlloc(GMEM_FIXED, 0);

    MUST(p != NULL);
    EXPECT_EQ(AT(GlobalLock(p)), AT(p));
    EXPECT_FAIL(CHECK_SENTINEL, GlobalFlags(p));
    EXPECT(GlobalFree(p) == NULL);
}

TEST(globalmemory, fixed_memory_shrinks_where_it_is, "D10.3a D10.3e")
{
    BYTE *p = fixed(1000);

    EXPECT_EQ(AT(GlobalReAlloc(p, 500, 0)), AT(p));
    EXPECT_EQ(GlobalSize(p), 500);
    EXPECT(holds(p, 500, 0x5A));
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, GlobalReAlloc(p, 64 * MiB, 0) != NULL);
    EXPECT_EQ(GlobalSize(p), 500);
    EXPECT(GlobalFree(p) == NULL);
}

TEST(globalmemory, fixed_memory_may_be_allowed_to_move, "D10.3a D10.3b")
{
    BYTE *p = fixed(100);

    MUST((p = GlobalReAlloc(p, 2 * MiB, GMEM_MOVEABLE | GMEM_ZEROINIT)) != NULL);
    EXPECT(holds(p, 100, 0x5A) && holds(p + 100, 2 * MiB - 100, 0));
    EXPECT_FAIL(CHECK_SENTINEL, GlobalFlags(p));
    EXPECT_EQ(AT(GlobalLock(p)), AT(p));
    EXPECT(GlobalFree(p) == NULL);
}

TEST(globalmemory, unlocking_fixed_memory_does_nothing, "D10.5b")
{
    BYTE *p = fixed(10);

    EXPECT_OK(GlobalUnlock(p));
    EXPECT_OK(GlobalUnlock(p));
    EXPECT(GlobalFree(p) == NULL);
}

TEST(globalmemory, fixed_memory_is_a_block_of_the_process_heap, "D10.1d")
{
    BYTE *p = fixed(123), *q = HeapAlloc(GetProcessHeap(), 0, 20);

    MUST(q != NULL);
    EXPECT_RETURNS(123, HeapSize(GetProcessHeap(), 0, p));
    EXPECT_OK(HeapValidate(GetProcessHeap(), 0, p));
    EXPECT_RETURNS(20, GlobalSize(q));
    EXPECT(GlobalFree(q) == NULL);
    EXPECT(LocalFree(p) == NULL);
}

/* --- movable --- */

TEST(globalmemory, movable_memory_has_a_handle_and_an_address, "D10.1a D10.4a")
{
    HGLOBAL handle = movable(100);
    BYTE *p = GlobalLock(handle);

    MUST(p != NULL);
    EXPECT(AT(p) != AT(handle));
    EXPECT_EQ(AT(p) % 16, 0);
    EXPECT_EQ(AT(GlobalHandle(p)), AT(handle));
    EXPECT_RETURNS(100, GlobalSize(handle));
    EXPECT_RETURNS(100, GlobalSize(p));
    memset(p, 1, 100);
    expect_last_unlock(handle);
    EXPECT(GlobalFree(handle) == NULL);
}

TEST(globalmemory, locks_are_counted, "D10.4a D10.5a D10.6a")
{
    HGLOBAL handle = movable(10);
    void *p = GlobalLock(handle);

    EXPECT_RETURNS(1, GlobalFlags(handle));
    EXPECT_EQ(AT(GlobalLock(handle)), AT(p));
    EXPECT_EQ(AT(GlobalLock(handle)), AT(p));
    EXPECT_RETURNS(3, GlobalFlags(handle));
    EXPECT_OK(GlobalUnlock(handle));
    EXPECT_OK(GlobalUnlock(handle));
    expect_last_unlock(handle);
    EXPECT_FAIL(CHECK_SENTINEL, GlobalFlags(handle));
    EXPECT_FAIL(ERROR_NOT_LOCKED, GlobalUnlock(handle));
    EXPECT(GlobalFree(handle) == NULL);
}

TEST(globalmemory, one_less_than_the_ceiling_is_counted, "D10.4a")
{
    HGLOBAL handle = movable(10);
    int i;

    for (i = 0; i < 254; i++)
        EXPECT(GlobalLock(handle) != NULL);
    EXPECT_RETURNS(254, GlobalFlags(handle));
    for (i = 0; i < 253; i++)
        EXPECT_OK(GlobalUnlock(handle));
    expect_last_unlock(handle);
    EXPECT(GlobalFree(handle) == NULL);
}

TEST(globalmemory, locked_memory_is_freed_all_the_same, "D10.2a")
{
    HGLOBAL handle = movable(10);

    EXPECT(GlobalLock(handle) != NULL);
    EXPECT(GlobalFree(handle) == NULL);
}

TEST(globalmemory, unlocked_memory_may_grow, "D10.3b")
{
    HGLOBAL handle = movable(100);
    BYTE *p = GlobalLock(handle);

    memset(p, 0x5A, 100);
    GlobalUnlock(handle);
    EXPECT_EQ(AT(GlobalReAlloc(handle, 3 * MiB, GMEM_ZEROINIT)), AT(handle));
    MUST((p = GlobalLock(handle)) != NULL);
    EXPECT(holds(p, 100, 0x5A) && holds(p + 100, 3 * MiB - 100, 0));
    EXPECT_EQ(AT(GlobalHandle(p)), AT(handle));
    expect_last_unlock(handle);
    EXPECT_EQ(AT(GlobalReAlloc(handle, 10, 0)), AT(handle));
    EXPECT_RETURNS(10, GlobalSize(handle));
    EXPECT(GlobalFree(handle) == NULL);
}

TEST(globalmemory, locked_memory_stays_where_it_is, "D10.3a D10.4b")
{
    HGLOBAL handle = movable(1000);
    BYTE *p = GlobalLock(handle);

    MUST(p != NULL);
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, GlobalReAlloc(handle, 64 * MiB, 0) != NULL);
    EXPECT_RETURNS(1000, GlobalSize(handle));
    EXPECT_EQ(AT(GlobalReAlloc(handle, 100, 0)), AT(handle));
    EXPECT_EQ(AT(GlobalLock(handle)), AT(p));
    EXPECT_EQ(AT(GlobalReAlloc(handle, 64 * MiB, GMEM_MOVEABLE)), AT(handle)); /* allowed to */
    EXPECT_RETURNS(2, GlobalFlags(handle));
    EXPECT_RETURNS(64 * MiB, GlobalSize(handle));
    EXPECT(GlobalFree(handle) == NULL);
}

TEST(globalmemory, fixed_memory_becomes_movable, "D10.3c")
{
    BYTE *p = fixed(100), *q;
    HGLOBAL handle = GlobalReAlloc(p, 0, GMEM_MODIFY | GMEM_MOVEABLE);

    MUST(handle != NULL);
    EXPECT(AT(handle) != AT(p));
    EXPECT_RETURNS(100, GlobalSize(handle));
    MUST((q = GlobalLock(handle)) != NULL);
    EXPECT(holds(q, 100, 0x5A));
    EXPECT_EQ(AT(GlobalHandle(q)), AT(handle));
    expect_last_unlock(handle);
    EXPECT(GlobalFree(handle) == NULL);
}

/* --- discarded --- */

static void expect_discarded(HGLOBAL handle)
{
    EXPECT_EQ(GlobalFlags(handle) & GMEM_DISCARDED, GMEM_DISCARDED);
    EXPECT_EQ(GlobalFlags(handle) & GMEM_LOCKCOUNT, 0);
    EXPECT_FAIL(ERROR_DISCARDED, GlobalLock(handle) != NULL);
    EXPECT_FAIL(CHECK_SENTINEL, GlobalSize(handle));
    EXPECT_FAIL(ERROR_NOT_LOCKED, GlobalUnlock(handle));
}

TEST(globalmemory, no_bytes_of_movable_memory_are_discarded, "D10.1c")
{
    HGLOBAL handle = movable(0);

    expect_discarded(handle);
    EXPECT_EQ(AT(GlobalReAlloc(handle, 10, GMEM_ZEROINIT)), AT(handle));
    EXPECT_FAIL(CHECK_SENTINEL, GlobalFlags(handle));
    EXPECT_RETURNS(10, GlobalSize(handle));
    EXPECT(GlobalFree(handle) == NULL);
}

TEST(globalmemory, discarding_and_giving_memory_again, "D10.3d")
{
    HGLOBAL handle = movable(1000);
    BYTE *p;

    EXPECT_EQ(AT(GlobalDiscard(handle)), AT(handle));
    expect_discarded(handle);
    EXPECT_EQ(AT(GlobalDiscard(handle)), AT(handle));
    expect_discarded(handle);
    EXPECT_EQ(AT(GlobalReAlloc(handle, 500, GMEM_MOVEABLE | GMEM_ZEROINIT)), AT(handle));
    MUST((p = GlobalLock(handle)) != NULL);
    EXPECT(holds(p, 500, 0));
    EXPECT_EQ(AT(GlobalHandle(p)), AT(handle));
    expect_last_unlock(handle);
    EXPECT(GlobalFree(handle) == NULL);
}

TEST(globalmemory, a_discarded_handle_is_freed, "D10.2a")
{
    HGLOBAL handle = movable(10);

    EXPECT_EQ(AT(GlobalDiscard(handle)), AT(handle));
    EXPECT(GlobalFree(handle) == NULL);
    EXPECT(GlobalFree(movable(0)) == NULL);
}

TEST(globalmemory, locked_memory_is_not_discarded, "D10.3d")
{
    HGLOBAL handle = movable(10);
    BYTE *p = GlobalLock(handle);

    MUST(p != NULL);
    p[9] = 9;
    EXPECT(GlobalDiscard(handle) == NULL);
    EXPECT_RETURNS(1, GlobalFlags(handle));
    EXPECT_EQ(p[9], 9);
    EXPECT(GlobalFree(handle) == NULL);
}

TEST(globalmemory, discardable_memory_says_so, "D10.6a")
{
    HGLOBAL handle = GlobalAlloc(GMEM_MOVEABLE | GMEM_DISCARDABLE, 10), other = movable(10);

    MUST(handle != NULL);
    EXPECT_RETURNS(GMEM_DISCARDABLE, GlobalFlags(handle));
    EXPECT(GlobalLock(handle) != NULL);
    EXPECT_RETURNS(GMEM_DISCARDABLE | 1, GlobalFlags(handle));
    expect_last_unlock(handle);
    EXPECT_EQ(AT(GlobalDiscard(handle)), AT(handle));
    EXPECT_RETURNS(GMEM_DISCARDABLE | GMEM_DISCARDED, GlobalFlags(handle));
    EXPECT_EQ(AT(GlobalReAlloc(other, 0, GMEM_MODIFY | GMEM_DISCARDABLE)), AT(other));
    EXPECT_RETURNS(GMEM_DISCARDABLE, GlobalFlags(other));
    EXPECT_RETURNS(10, GlobalSize(other));
}

TEST(globalmemory, movable_memory_shrinks_to_nothing_by_discarding_only, "D10.3d")
{
    HGLOBAL handle = movable(10);

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, GlobalReAlloc(handle, 0, 0) != NULL);
    EXPECT_RETURNS(10, GlobalSize(handle));
    EXPECT(GlobalFree(handle) == NULL);
}

/* --- flags, shortage --- */

TEST(globalmemory, flags_without_a_meaning_are_accepted, "D3.5a")
{
    static const UINT flags[] = {GMEM_NOCOMPACT, GMEM_NODISCARD, GMEM_NOTIFY, GMEM_NOT_BANKED};
    size_t i;

    for (i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        void *p = GlobalAlloc(flags[i], 10);
        HGLOBAL handle = GlobalAlloc(flags[i] | GHND, 10);

        EXPECT(p != NULL && handle != NULL);
        EXPECT_EQ(AT(GlobalLock(p)), AT(p));
        EXPECT_FAIL(CHECK_SENTINEL, GlobalFlags(handle));
        EXPECT(GlobalFree(p) == NULL && GlobalFree(handle) == NULL);
    }
}

TEST(globalmemory, unknown_flags_are_refused, "L97")
{
    static const UINT flags[] = {0x0001, 0x0008, 0x8000, 0x10000, GMEM_MODIFY};
    size_t i;

    for (i = 0; i < sizeof flags / sizeof flags[0]; i++)
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, GlobalAlloc(flags[i], 10) != NULL);
}

TEST(globalmemory, what_no_memory_has_room_for_fails, "L98 D10.3e")
{
    HGLOBAL handle = movable(10);

    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, GlobalAlloc(GMEM_FIXED, ~(SIZE_T)0) != NULL);
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, GlobalAlloc(GMEM_MOVEABLE, ~(SIZE_T)0) != NULL);
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, GlobalAlloc(GMEM_FIXED, (SIZE_T)1 << 62) != NULL);
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, GlobalReAlloc(handle, (SIZE_T)1 << 62, 0) != NULL);
    EXPECT_RETURNS(10, GlobalSize(handle));
    EXPECT(GlobalFree(handle) == NULL);
}

/* --- wrong handles --- */

TEST(globalmemory, nothing_is_freed, "S130 D10.2c")
{
    SetLastError(CHECK_SENTINEL);
    EXPECT(GlobalFree(NULL) == NULL);
    EXPECT_EQ(GetLastError(), CHECK_SENTINEL);
}

/* What looks like a pointer is unlocked unseen; what frees or resizes memory reads it, and its header, first. */
static void expect_no_memory_at(void *handle)
{
    int pointer = (AT(handle) & 8) == 0;
    DWORD met = pointer && IsBadReadPtr((BYTE *)handle - 16, 32) ? ERROR_NOACCESS : ERROR_INVALID_HANDLE;

    EXPECT_FAIL(met, GlobalFree(handle) != handle);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GlobalLock(handle) != NULL);
    SetLastError(CHECK_SENTINEL);
    EXPECT(GlobalUnlock(handle));
    EXPECT_EQ(GetLastError(), pointer ? CHECK_SENTINEL : ERROR_INVALID_HANDLE);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GlobalSize(handle));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GlobalHandle(handle) != NULL);
    EXPECT_FAIL(met, GlobalReAlloc(handle, 10, 0) != NULL);
    EXPECT_FAIL(met, GlobalReAlloc(handle, 10, GMEM_MOVEABLE) != NULL);
    EXPECT_FAIL(met, GlobalReAlloc(handle, 0, GMEM_MODIFY | GMEM_MOVEABLE) != NULL);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GlobalFlags(handle) != GMEM_INVALID_HANDLE);
}

TEST(globalmemory, a_freed_handle_is_none, "D10.2b L99")
{
    HGLOBAL handle = movable(10);

    EXPECT(GlobalFree(handle) == NULL);
    expect_no_memory_at(handle);
}

#ifdef __linux__

/* On Windows some of these are taken for fixed memory, and some end the process. */
TEST(globalmemory, what_is_no_memory_is_no_handle, "L99 O260 O261")
{
    BYTE *p = fixed(1000), *none = reserve(GRAIN), *of_malloc = malloc(100), local[64];
    HGLOBAL handle = movable(1000);
    BYTE *address = GlobalLock(handle);
    HANDLE heap = HeapCreate(0, 0, 0);
    BYTE *of_heap = HeapAlloc(heap, 0, 100);

    memset(local, 0, sizeof local);
    memset(of_malloc, 0, 100);
    expect_no_memory_at((void *)8);
    expect_no_memory_at((void *)16);
    expect_no_memory_at(local);
    expect_no_memory_at(local + 8);
    expect_no_memory_at(of_malloc);
    expect_no_memory_at(of_heap);
    expect_no_memory_at(heap);
    expect_no_memory_at(none);
    expect_no_memory_at(none + 8);
    expect_no_memory_at(p + 1);
    expect_no_memory_at(p + 8);
    expect_no_memory_at(p + 16);
    expect_no_memory_at(address + 16);
    expect_no_memory_at((BYTE *)handle + 1);
    expect_no_memory_at((BYTE *)handle + 8);
    expect_no_memory_at((BYTE *)handle + 16);
    expect_no_memory_at((BYTE *)handle + ((SIZE_T)1 << 36));
    expect_no_memory_at((BYTE *)handle + ((SIZE_T)1 << 45));
    expect_no_memory_at((void *)0xDEADBEEFDEADBEE8u);
    expect_no_memory_at((void *)~(uintptr_t)7);
    EXPECT(holds(p, 1000, 0x5A));
    EXPECT_RETURNS(1, GlobalFlags(handle));
    EXPECT_OK(HeapValidate(GetProcessHeap(), 0, NULL));
    free(of_malloc);
    EXPECT_OK(HeapDestroy(heap));
    EXPECT(GlobalFree(p) == NULL && GlobalFree(handle) == NULL);
}

TEST(globalmemory, nothing_is_no_handle, "D10.6b")
{
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GlobalLock(NULL) != NULL);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GlobalUnlock(NULL));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GlobalSize(NULL));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GlobalHandle(NULL) != NULL);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GlobalReAlloc(NULL, 10, 0) != NULL);
    EXPECT_EQ(GlobalFlags(NULL), GMEM_INVALID_HANDLE);
}

TEST(globalmemory, freed_fixed_memory_is_no_handle, "L99")
{
    static const SIZE_T sizes[] = {0, 10, 5000, 3 * MiB};
    size_t i;

    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        BYTE *p = fixed(sizes[i]);

        EXPECT(GlobalFree(p) == NULL);
        expect_no_memory_at(p);
    }
}

/* An old handle is not the new one that has its place. */
TEST(globalmemory, an_old_handle_is_not_somebody_elses, "L100")
{
    HGLOBAL old = movable(10), handle;
    int i;

    for (i = 0; i < 200; i++) {
        EXPECT(GlobalFree(old) == NULL);
        handle = movable(10);
        EXPECT(handle != old);
        expect_no_memory_at(old);
        EXPECT_RETURNS(10, GlobalSize(handle));
        old = handle;
    }
}

/* The address of movable memory is a question's argument, but not a handle to it. */
TEST(globalmemory, an_address_does_not_free_movable_memory, "L101")
{
    HGLOBAL handle = movable(100);
    BYTE *p = GlobalLock(handle);

    EXPECT_EQ(AT(GlobalFree(p)), AT(p));
    EXPECT_EQ(GetLastError(), ERROR_INVALID_HANDLE);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GlobalReAlloc(p, 10, GMEM_MOVEABLE) != NULL);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, HeapFree(GetProcessHeap(), 0, p));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, HeapReAlloc(GetProcessHeap(), 0, p, 10) != NULL);
    EXPECT_RETURNS(100, HeapSize(GetProcessHeap(), 0, p));
    EXPECT_OK(HeapValidate(GetProcessHeap(), 0, p));
    EXPECT_RETURNS(1, GlobalFlags(handle));
    EXPECT(GlobalFree(handle) == NULL);
}

/* Windows stops at 65,536. */
TEST(globalmemory, more_handles_than_windows_has, "L102")
{
    enum { COUNT = 100000 };
    static HGLOBAL handle[COUNT];
    int i, wrong = 0;

    for (i = 0; i < COUNT; i++) {
        int *p;

        handle[i] = movable(sizeof i);
        MUST((p = GlobalLock(handle[i])) != NULL);
        *p = i;
        GlobalUnlock(handle[i]);
    }
    for (i = 0; i < COUNT; i++)
        wrong += *(int *)GlobalLock(handle[i]) != i;
    EXPECT_EQ(wrong, 0);
    for (i = 0; i < COUNT; i++)
        wrong += GlobalFree(handle[i]) != NULL;
    EXPECT_EQ(wrong, 0);
}

#endif
