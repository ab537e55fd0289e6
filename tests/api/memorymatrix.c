/*
 * The rules that Global and Local memory share, and those in which they differ, asked of both families alike: sizes,
 * flags, locks, wrong handles, and the whole matrix of ReAlloc. "Small" is a block of a dozen bytes, "large" one of
 * 0x20000; a wrong value is judged by its shape, that of a handle (8 modulo 16) or that of a pointer (0 modulo 16).
 */
#include "api.h"

enum { SMALL = 12, LARGE = 0x20000 };

struct family {
    HGLOBAL(WINAPI *alloc)(UINT, SIZE_T);
    HGLOBAL(WINAPI *resize)(HGLOBAL, SIZE_T, UINT);
    HGLOBAL(WINAPI *free)(HGLOBAL);
    LPVOID(WINAPI *lock)(HGLOBAL);
    BOOL(WINAPI *unlock)(HGLOBAL);
    SIZE_T(WINAPI *size)(HGLOBAL);
    UINT(WINAPI *flags)(HGLOBAL);
    HGLOBAL(WINAPI *handle)(LPCVOID);
    UINT discardable;
};

static const struct family global = {
    GlobalAlloc, GlobalReAlloc, GlobalFree,   GlobalLock,       GlobalUnlock,
    GlobalSize,  GlobalFlags,   GlobalHandle, GMEM_DISCARDABLE,
};
static const struct family local = {
    LocalAlloc, LocalReAlloc, LocalFree,   LocalLock,        LocalUnlock,
    LocalSize,  LocalFlags,   LocalHandle, LMEM_DISCARDABLE,
};
static const struct family *const families[] = {&global, &local};
static const SIZE_T sizes[] = {SMALL, LARGE};

#define EACH_FAMILY(f) (const struct family *const *f = families; f < families + 2; f++)
#define EACH_SIZE(s) (const SIZE_T *s = sizes; s < sizes + 2; s++)

static BYTE *made(const struct family *f, UINT flags, SIZE_T size)
{
    HGLOBAL handle = f->alloc(flags, size);

    MUST(handle != NULL);
    return (BYTE *)handle;
}

static BYTE *fixed(const struct family *f, SIZE_T size)
{
    BYTE *p = made(f, GMEM_FIXED, size);

    memset(p, 0x5A, size);
    return p;
}

static BYTE *movable(const struct family *f, SIZE_T size)
{
    HGLOBAL handle = made(f, GMEM_MOVEABLE, size);
    BYTE *p = f->lock(handle);

    MUST(p != NULL);
    memset(p, 0x5A, size);
    f->unlock(handle);
    return (BYTE *)handle;
}

/* Where the data is now; the count of locks is left as it was. */
static BYTE *data_of(const struct family *f, HGLOBAL handle)
{
    BYTE *p = f->lock(handle);

    f->unlock(handle);
    return p;
}

static void gone(const struct family *f, HGLOBAL handle)
{
    EXPECT(f->free(handle) == NULL);
}

/* Nothing was changed by a call that returned NULL. */
#define EXPECT_REFUSED(f, memory, want, call)                                                                \
    do {                                                                                                     \
        EXPECT((call) == NULL);                                                                              \
        EXPECT_EQ((f)->size(memory), want);                                                                  \
    } while (0)

/* --- sizes, flags, locks --- */

TEST(memorymatrix, the_size_of_nothing, "O253")
{
    BYTE *g = made(&global, GMEM_FIXED, 0), *l = made(&local, LMEM_FIXED, 0);

    EXPECT_RETURNS(1, GlobalSize(g));
    EXPECT_FAIL(CHECK_SENTINEL, LocalSize(l));
    gone(&global, g);
    gone(&local, l);
    for
        EACH_FAMILY(f)
        {
            BYTE *handle = made(*f, GMEM_MOVEABLE, 0);

            EXPECT_EQ((*f)->size(handle), 0);
            gone(*f, handle);
            handle = movable(*f, 10);
            EXPECT((*f)->resize(handle, 0, GMEM_MOVEABLE) == handle);
            EXPECT_EQ((*f)->size(handle), 0);
            gone(*f, handle);
            EXPECT_EQ((*f)->size(handle), 0);
        }
}

TEST(memorymatrix, the_size_is_what_was_asked_for, "O253")
{
    for
        EACH_FAMILY(f)
    for (SIZE_T size = 1; size < 70; size++) {
        BYTE *p = fixed(*f, size), *handle = movable(*f, size);

        EXPECT((*f)->size(p) >= size && (*f)->size(p) <= (size + 15) / 16 * 16);
        EXPECT((*f)->size(handle) >= size && (*f)->size(handle) <= (size + 15) / 16 * 16);
        gone(*f, p);
        gone(*f, handle);
    }
}

TEST(memorymatrix, two_flags_are_told_again, "O254")
{
    static const UINT silent[] = {GMEM_NOTIFY, GMEM_NOT_BANKED, GMEM_NODISCARD,
                                  GMEM_LOWER,  GMEM_NOCOMPACT,  GMEM_ZEROINIT};
    static const UINT told[] = {GMEM_DISCARDABLE, GMEM_DDESHARE, GMEM_DISCARDABLE | GMEM_DDESHARE};

    for (size_t i = 0; i < sizeof silent / sizeof silent[0]; i++) {
        BYTE *handle = made(&global, GMEM_MOVEABLE | silent[i], 10);

        EXPECT_FAIL(CHECK_SENTINEL, GlobalFlags(handle));
        gone(&global, handle);
    }
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        BYTE *handle = made(&global, GMEM_MOVEABLE | told[i], 10);

        EXPECT_RETURNS(told[i], GlobalFlags(handle));
        EXPECT(GlobalLock(handle) != NULL);
        EXPECT_RETURNS(told[i] | 1, GlobalFlags(handle));
        gone(&global, handle);
    }
}

TEST(memorymatrix, local_memory_tells_less, "O254")
{
    BYTE *g = made(&global, GMEM_MOVEABLE | GMEM_DISCARDABLE | GMEM_DDESHARE, 10);
    BYTE *nothing = made(&global, GMEM_MOVEABLE | GMEM_DISCARDABLE, 0);
    BYTE *l = made(&local, LMEM_MOVEABLE | LMEM_DISCARDABLE, 0);

    EXPECT_RETURNS(LMEM_DISCARDABLE, LocalFlags(g));
    EXPECT_RETURNS(GMEM_DISCARDABLE | GMEM_DISCARDED, GlobalFlags(nothing));
    EXPECT_RETURNS(LMEM_DISCARDABLE | LMEM_DISCARDED, LocalFlags(l));
    gone(&global, g);
    gone(&global, nothing);
    gone(&local, l);
}

TEST(memorymatrix, locks_are_counted_to_255_and_back, "O255")
{
    for
        EACH_FAMILY(f)
        {
            BYTE *handle = movable(*f, 10), *p = data_of(*f, handle);

            for (int i = 0; i < 300; i++)
                EXPECT((*f)->lock(handle) == p);
            EXPECT_RETURNS(255, (*f)->flags(handle));
            for (int i = 0; i < 254; i++)
                EXPECT_OK((*f)->unlock(handle));
            EXPECT_FAIL(NO_ERROR, (*f)->unlock(handle));
            EXPECT_FAIL(CHECK_SENTINEL, (*f)->flags(handle));
            EXPECT_FAIL(ERROR_NOT_LOCKED, (*f)->unlock(handle));
            gone(*f, handle);
        }
}

TEST(memorymatrix, unlocking_what_is_not_locked, "O256")
{
    BYTE *g = fixed(&global, 10), *l = fixed(&local, 10);

    for (int i = 0; i < 3; i++) {
        EXPECT_OK(GlobalUnlock(g));
        EXPECT_FAIL(ERROR_NOT_LOCKED, LocalUnlock(l));
    }
    gone(&global, g);
    gone(&local, l);
    for
        EACH_FAMILY(f)
        {
            BYTE *handle = movable(*f, 10);

            EXPECT_FAIL(ERROR_NOT_LOCKED, (*f)->unlock(handle));
            gone(*f, handle);
        }
}

TEST(memorymatrix, what_has_no_memory_is_not_locked, "O257")
{
    for
        EACH_FAMILY(f)
        {
            BYTE *handles[] = {made(*f, GMEM_MOVEABLE, 0), made(*f, GMEM_MOVEABLE | GMEM_ZEROINIT, 0),
                               movable(*f, 10)};

            EXPECT((*f)->resize(handles[2], 0, GMEM_MOVEABLE) == handles[2]);
            for (size_t i = 0; i < sizeof handles / sizeof handles[0]; i++) {
                EXPECT_FAIL(ERROR_DISCARDED, (*f)->lock(handles[i]) != NULL);
                gone(*f, handles[i]);
            }
        }
}

TEST(memorymatrix, discarding, "O258")
{
    BYTE *handle = movable(&global, 10), *p = fixed(&local, SMALL);

    EXPECT(GlobalLock(handle) != NULL);
    EXPECT(GlobalDiscard(handle) == NULL);
    EXPECT_RETURNS(10, GlobalSize(handle));
    EXPECT_FAIL(NO_ERROR, GlobalUnlock(handle));
    EXPECT(GlobalDiscard(handle) == handle);
    EXPECT_RETURNS(GMEM_DISCARDED, GlobalFlags(handle));
    gone(&global, handle);
    EXPECT(LocalDiscard(p) == p);
    EXPECT(LocalDiscard(p) == p);
    gone(&local, p);
}

TEST(memorymatrix, a_block_of_the_heap_is_its_own_handle, "O258")
{
    BYTE *p = HeapAlloc(GetProcessHeap(), 0, 100);

    MUST(p != NULL);
    EXPECT(GlobalHandle(p) == p && LocalHandle(p) == p);
    EXPECT_OK(HeapFree(GetProcessHeap(), 0, p));
}

TEST(memorymatrix, the_data_of_movable_memory_is_a_block_of_the_heap, "O259")
{
    for
        EACH_FAMILY(f)
        {
            BYTE *handle = movable(*f, 123), *p = data_of(*f, handle);

            EXPECT(HeapValidate(GetProcessHeap(), 0, p));
            EXPECT_EQ(HeapSize(GetProcessHeap(), 0, p), 123);
            EXPECT(!HeapValidate(GetProcessHeap(), 0, handle));
            gone(*f, handle);
        }
}

/* --- wrong handles and pointers --- */

static void expect_no_handle(HGLOBAL wrong)
{
    for
        EACH_FAMILY(f)
        {
            EXPECT_FAIL(ERROR_INVALID_HANDLE, (*f)->free(wrong) != wrong);
            EXPECT_FAIL(ERROR_INVALID_HANDLE, (*f)->size(wrong));
            EXPECT_FAIL(ERROR_INVALID_HANDLE, (*f)->lock(wrong) != NULL);
            EXPECT_FAIL(ERROR_INVALID_HANDLE, (*f)->resize(wrong, 0, GMEM_MOVEABLE) != NULL);
            EXPECT_FAIL(ERROR_INVALID_HANDLE, (*f)->resize(wrong, 10, 0) != NULL);
            EXPECT_FAIL(ERROR_INVALID_HANDLE, (*f)->flags(wrong) != GMEM_INVALID_HANDLE);
        }
    SetLastError(CHECK_SENTINEL);
    EXPECT(GlobalUnlock(wrong));
    EXPECT_EQ(GetLastError(), ERROR_INVALID_HANDLE);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, LocalUnlock(wrong));
}

TEST(memorymatrix, a_value_of_the_shape_of_a_handle, "O260")
{
    for
        EACH_FAMILY(f)
        {
            BYTE *handle = movable(*f, 10);

            gone(*f, handle);
            expect_no_handle(handle);
        }
    expect_no_handle((HGLOBAL)0xdeadbee8u);
}

TEST(memorymatrix, a_wild_value_of_the_shape_of_a_pointer, "O261")
{
    HGLOBAL wild = (HGLOBAL)0xdeadbee0u;

    for
        EACH_FAMILY(f)
        {
            EXPECT_FAIL(ERROR_NOACCESS, (*f)->free(wild) != wild);
            EXPECT_FAIL(ERROR_NOACCESS, (*f)->resize(wild, 0, GMEM_MOVEABLE) != NULL);
            EXPECT_FAIL(ERROR_INVALID_HANDLE, (*f)->size(wild));
        }
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GlobalFlags(wild) != GMEM_INVALID_HANDLE);
    EXPECT_FAIL(ERROR_NOACCESS, LocalFlags(wild) != LMEM_INVALID_HANDLE);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GlobalLock(wild) != NULL);
    EXPECT_FAIL(CHECK_SENTINEL, LocalLock(wild) != NULL);
    EXPECT_OK(GlobalUnlock(wild));
    EXPECT_FAIL(ERROR_NOT_LOCKED, LocalUnlock(wild));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GlobalHandle(wild) != NULL);
    EXPECT_FAIL(ERROR_NOACCESS, LocalHandle(wild) != NULL);
}

TEST(memorymatrix, nothing, "O262")
{
    for
        EACH_FAMILY(f)
        {
            EXPECT((*f)->free(NULL) == NULL);
            EXPECT((*f)->resize(NULL, 10, 0) == NULL);
            EXPECT((*f)->resize(NULL, 0, GMEM_MOVEABLE) == NULL);
        }
}

/* --- the matrix of ReAlloc: fixed memory --- */

TEST(memorymatrix, fixed_memory_with_modify_alone_stays, "O263")
{
    static const SIZE_T wanted[] = {0, 5, SMALL, 1000, 3 * LARGE};

    for
        EACH_FAMILY(f)
        for
            EACH_SIZE(size)
        for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
            BYTE *p = fixed(*f, *size);

            EXPECT((*f)->resize(p, wanted[i], GMEM_MODIFY) == p);
            EXPECT_EQ((*f)->size(p), *size);
            EXPECT(holds(p, *size, 0x5A));
            gone(*f, p);
        }
}

TEST(memorymatrix, global_fixed_memory_becomes_movable, "O264")
{
    static const UINT flags[] = {0, GMEM_DISCARDABLE};

    for
        EACH_SIZE(size)
    for (size_t i = 0; i < 2; i++) {
        BYTE *p = fixed(&global, *size),
             *handle = GlobalReAlloc(p, 7, GMEM_MODIFY | GMEM_MOVEABLE | flags[i]);

        MUST(handle != NULL);
        EXPECT(handle != p);
        EXPECT_RETURNS(*size, GlobalSize(handle));
        EXPECT_EQ(GlobalFlags(handle), flags[i]);
        EXPECT(holds(data_of(&global, handle), *size, 0x5A));
        gone(&global, handle);
    }
}

TEST(memorymatrix, local_fixed_memory_does_not, "O264")
{
    static const UINT flags[] = {0, LMEM_DISCARDABLE};

    for
        EACH_SIZE(size)
    for (size_t i = 0; i < 2; i++) {
        BYTE *p = fixed(&local, *size);

        EXPECT(LocalReAlloc(p, 7, LMEM_MODIFY | LMEM_MOVEABLE | flags[i]) == p);
        EXPECT_RETURNS(*size, LocalSize(p));
        EXPECT_FAIL(CHECK_SENTINEL, LocalFlags(p));
        gone(&local, p);
    }
}

TEST(memorymatrix, fixed_memory_that_may_move_stays_fixed, "O265")
{
    static const struct {
        SIZE_T before, after;
        int stays;
    } rows[] = {
        {SMALL, SMALL + 512, 0}, {SMALL, 10, 0}, {LARGE, LARGE + 512, 1}, {LARGE, 10, 1}, {LARGE, 0, 1}};

    for
        EACH_FAMILY(f)
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        BYTE *p = fixed(*f, rows[i].before), *q = (*f)->resize(p, rows[i].after, GMEM_MOVEABLE);

        MUST(q != NULL);
        EXPECT(q == p || !rows[i].stays);
        EXPECT_EQ(AT(q) % 16, 0);
        EXPECT_EQ((*f)->size(q), rows[i].after);
        EXPECT(holds(q, rows[i].before < rows[i].after ? rows[i].before : rows[i].after, 0x5A));
        gone(*f, q);
    }
}

/* Windows refuses small ones whatever the size, and grants large ones; what fits where it is may be granted. */
TEST(memorymatrix, fixed_memory_that_may_not_move, "O266 O281")
{
    for
        EACH_FAMILY(f)
        {
            BYTE *p = fixed(*f, SMALL), *q = fixed(*f, LARGE);

            EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, (*f)->resize(p, 100000, 0) != NULL);
            EXPECT_EQ((*f)->size(p), SMALL);
            EXPECT(holds(p, SMALL, 0x5A));
            EXPECT((*f)->resize(q, LARGE + 512, 0) == q);
            EXPECT_EQ((*f)->size(q), LARGE + 512);
            EXPECT((*f)->resize(q, 10, 0) == q);
            EXPECT_EQ((*f)->size(q), 10);
            EXPECT((*f)->resize(q, LARGE, GMEM_ZEROINIT) == q);
            EXPECT(holds(q, 10, 0x5A) && holds(q + 10, LARGE - 10, 0));
            gone(*f, p);
            gone(*f, q);
        }
}

TEST(memorymatrix, discardable_without_modify_is_refused, "O267 O269")
{
    static const UINT more[] = {0, GMEM_MOVEABLE, GMEM_ZEROINIT};

    for
        EACH_FAMILY(f)
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
        BYTE *p = fixed(*f, SMALL), *handle = movable(*f, SMALL);
        UINT flags = (*f)->discardable | more[i];

        EXPECT_REFUSED(*f, p, SMALL, (*f)->resize(p, 30, flags));
        EXPECT_REFUSED(*f, handle, SMALL, (*f)->resize(handle, 30, flags));
        EXPECT((*f)->lock(handle) != NULL);
        EXPECT_REFUSED(*f, handle, SMALL, (*f)->resize(handle, 5, flags));
        EXPECT_RETURNS(1, (*f)->flags(handle));
        gone(*f, p);
        gone(*f, handle);
    }
}

/* --- the matrix of ReAlloc: movable memory --- */

TEST(memorymatrix, movable_memory_with_modify_changes_its_flags, "O268")
{
    for
        EACH_FAMILY(f)
    for (int locked = 0; locked < 2; locked++) {
        BYTE *handle = movable(*f, SMALL), *p = data_of(*f, handle);

        if (locked)
            EXPECT((*f)->lock(handle) == p);
        EXPECT((*f)->resize(handle, 500, GMEM_MODIFY) == handle);
        EXPECT((*f)->resize(handle, 500, GMEM_MODIFY | GMEM_MOVEABLE) == handle);
        EXPECT_EQ((*f)->flags(handle), (UINT)locked);
        EXPECT((*f)->resize(handle, 500, GMEM_MODIFY | (*f)->discardable) == handle);
        EXPECT_EQ((*f)->flags(handle), (*f)->discardable | (UINT)locked);
        EXPECT_EQ((*f)->size(handle), SMALL);
        EXPECT(data_of(*f, handle) == p);
        gone(*f, handle);
    }
}

TEST(memorymatrix, movable_memory_that_is_not_locked, "O270")
{
    static const UINT flags[] = {0, GMEM_MOVEABLE};

    for
        EACH_FAMILY(f)
    for (size_t i = 0; i < 2; i++)
            for
                EACH_SIZE(size)
                {
                    BYTE *handle = movable(*f, *size), *p;

                    EXPECT((*f)->resize(handle, *size + 512, flags[i]) == handle);
                    EXPECT_EQ((*f)->size(handle), *size + 512);
                    p = data_of(*f, handle);
                    EXPECT(holds(p, *size, 0x5A));
                    EXPECT((*f)->resize(handle, 10, flags[i]) == handle);
                    EXPECT_EQ((*f)->size(handle), 10);
                    EXPECT(data_of(*f, handle) == p);
                    gone(*f, handle);
                }
}

TEST(memorymatrix, movable_memory_of_no_bytes, "O270 O271")
{
    for
        EACH_FAMILY(f)
        {
            BYTE *handle = movable(*f, SMALL);

            EXPECT_REFUSED(*f, handle, SMALL, (*f)->resize(handle, 0, 0));
            EXPECT((*f)->lock(handle) != NULL);
            EXPECT_REFUSED(*f, handle, SMALL, (*f)->resize(handle, 0, 0));
            EXPECT_REFUSED(*f, handle, SMALL, (*f)->resize(handle, 0, GMEM_MOVEABLE));
            EXPECT_FAIL(NO_ERROR, (*f)->unlock(handle));
            EXPECT((*f)->resize(handle, 0, GMEM_MOVEABLE) == handle);
            EXPECT_EQ((*f)->flags(handle), GMEM_DISCARDED);
            EXPECT((*f)->lock(handle) == NULL);
            EXPECT_EQ((*f)->size(handle), 0);
            gone(*f, handle);
        }
}

TEST(memorymatrix, locked_memory_that_may_not_move, "O271 O281")
{
    for
        EACH_FAMILY(f)
        {
            BYTE *small = movable(*f, SMALL), *large = movable(*f, LARGE), *p = (*f)->lock(small);
            BYTE *q = (*f)->lock(large);

            EXPECT_REFUSED(*f, small, SMALL, (*f)->resize(small, 100000, 0));
            EXPECT(holds(p, SMALL, 0x5A));
            EXPECT((*f)->resize(large, LARGE + 512, 0) == large);
            EXPECT((*f)->resize(large, 10, 0) == large);
            EXPECT((*f)->resize(large, LARGE, 0) == large);
            EXPECT_EQ((*f)->size(large), LARGE);
            EXPECT(data_of(*f, large) == q && holds(q, 10, 0x5A));
            EXPECT_EQ((*f)->flags(large), 1);
            gone(*f, small);
            gone(*f, large);
        }
}

TEST(memorymatrix, locked_memory_that_may_move, "O271")
{
    for
        EACH_FAMILY(f)
        for
            EACH_SIZE(size)
            {
                BYTE *handle = movable(*f, *size), *p = (*f)->lock(handle);

                EXPECT((*f)->resize(handle, 5, GMEM_MOVEABLE) == handle);
                EXPECT(data_of(*f, handle) == p);
                EXPECT((*f)->resize(handle, 2 * *size, GMEM_MOVEABLE) == handle);
                EXPECT_EQ((*f)->size(handle), 2 * *size);
                EXPECT_RETURNS(1, (*f)->flags(handle));
                EXPECT(holds(data_of(*f, handle), 5, 0x5A));
                gone(*f, handle);
            }
}

TEST(memorymatrix, what_is_added_is_zeroed, "O272")
{
    for
        EACH_FAMILY(f)
        for
            EACH_SIZE(size)
            {
                BYTE *handle = movable(*f, *size), *p;

                EXPECT((*f)->resize(handle, 2 * *size, GMEM_MOVEABLE | GMEM_ZEROINIT) == handle);
                p = data_of(*f, handle);
                EXPECT(holds(p, *size, 0x5A) && holds(p + *size, *size, 0));
                EXPECT((*f)->resize(handle, 0, GMEM_MOVEABLE) == handle);
                EXPECT((*f)->resize(handle, *size, GMEM_MOVEABLE | GMEM_ZEROINIT) == handle);
                EXPECT(holds(data_of(*f, handle), *size, 0));
                gone(*f, handle);
            }
}
