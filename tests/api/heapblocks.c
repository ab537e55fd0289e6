/*
 * Blocks of heaps: their sizes and places, how they grow, and what happens with pointers that are none.
 * D: sections of the documented behaviour; the O ids are those of heaps.
 */
#include "api.h"

#define LARGE MiB

static HANDLE new_heap(DWORD options, SIZE_T maximum)
{
    HANDLE heap = HeapCreate(options, 0, maximum);

    MUST(heap != NULL);
    return heap;
}

static BYTE *block(HANDLE heap, SIZE_T size)
{
    BYTE *p = HeapAlloc(heap, 0, size);

    MUST(p != NULL);
    memset(p, 0x5A, size);
    return p;
}

/* --- sizes and places --- */

TEST(heapblocks, sizes_are_exact, "O219 O217")
{
    static const SIZE_T sizes[] = {0, 1, 12, 15, 16, 17, 123, 4096, 0x40000, 0x7FFF8, MiB - 1, MiB, 5 * MiB};
    HANDLE heap = new_heap(0, 0);
    size_t i;

    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        BYTE *p = block(heap, sizes[i]);

        EXPECT_EQ(HeapSize(heap, 0, p), sizes[i]);
        EXPECT_OK(HeapFree(heap, 0, p));
    }
    EXPECT_OK(HeapDestroy(heap));
}

TEST(heapblocks, blocks_are_aligned, "O220")
{
    static const struct {
        SIZE_T size, alignment;
    } cases[] = {{0, 16},       {1, 16},   {24, 16},      {100, 16},    {4096, 16},
                 {0x40000, 16}, {MiB, 64}, {MiB + 8, 64}, {9 * MiB, 64}};
    HANDLE heap = GetProcessHeap();
    BYTE *p[4];
    size_t i, n;

    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (n = 0; n < 4; n++) {
            p[n] = block(heap, cases[i].size);
            EXPECT_EQ(AT(p[n]) % cases[i].alignment, 0);
        }
        for (n = 0; n < 4; n++)
            EXPECT_OK(HeapFree(heap, 0, p[n]));
    }
}

TEST(heapblocks, an_empty_block_is_one, "O217")
{
    HANDLE heap = new_heap(0, 0);
    BYTE *p = HeapAlloc(heap, 0, 0), *q = HeapAlloc(heap, 0, 0);

    MUST(p != NULL && q != NULL);
    EXPECT(p != q);
    EXPECT_FAIL(CHECK_SENTINEL, HeapSize(heap, 0, p));
    EXPECT_OK(HeapValidate(heap, 0, p));
    EXPECT_OK(HeapFree(heap, 0, p));
    EXPECT_OK(HeapFree(heap, 0, q));
}

TEST(heapblocks, resizing_to_nothing_keeps_the_block, "O217")
{
    HANDLE heap = new_heap(0, 0);
    BYTE *p = block(heap, 100);

    EXPECT_EQ(AT(HeapReAlloc(heap, 0, p, 0)), AT(p));
    EXPECT_FAIL(CHECK_SENTINEL, HeapSize(heap, 0, p));
    EXPECT_OK(HeapFree(heap, 0, p));
}

TEST(heapblocks, what_no_memory_has_room_for_fails, "O218")
{
    HANDLE heap = new_heap(0, 0);
    BYTE *p = block(heap, 16);

    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, HeapAlloc(heap, 0, ~(SIZE_T)0) != NULL);
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, HeapAlloc(heap, HEAP_ZERO_MEMORY, ~(SIZE_T)0 - 100) != NULL);
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, HeapReAlloc(heap, 0, p, ~(SIZE_T)0) != NULL);
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, HeapReAlloc(heap, 0, p, ~(SIZE_T)0 - 7) != NULL);
    EXPECT_RETURNS(16, HeapSize(heap, 0, p));
    EXPECT(holds(p, 16, 0x5A));
    EXPECT_OK(HeapFree(heap, 0, p));
}

/* --- zeroing --- */

TEST(heapblocks, zeroed_blocks, "O221")
{
    static const SIZE_T sizes[] = {1, 100, 5000, 0x40000, 3 * MiB};
    HANDLE heap = new_heap(0, 0);
    size_t i;
    int round;

    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (round = 0; round < 3; round++) {
            BYTE *p = HeapAlloc(heap, HEAP_ZERO_MEMORY, sizes[i]);

            MUST(p != NULL);
            EXPECT(holds(p, sizes[i], 0));
            memset(p, 0xFF, sizes[i]);
            EXPECT_OK(HeapFree(heap, 0, p));
        }
}

TEST(heapblocks, what_grows_is_zeroed, "O221")
{
    HANDLE heap = new_heap(0, 0);
    BYTE *p = block(heap, 1000);

    MUST((p = HeapReAlloc(heap, HEAP_ZERO_MEMORY, p, 3000)) != NULL);
    EXPECT(holds(p, 1000, 0x5A) && holds(p + 1000, 2000, 0));
    memset(p, 0x5A, 3000);
    MUST((p = HeapReAlloc(heap, HEAP_ZERO_MEMORY, p, 1)) != NULL);
    MUST((p = HeapReAlloc(heap, HEAP_ZERO_MEMORY, p, MiB)) != NULL);
    EXPECT(p[0] == 0x5A && holds(p + 1, MiB - 1, 0));
    EXPECT_EQ(AT(p) % 64, 0);
    EXPECT_OK(HeapFree(heap, 0, p));
}

TEST(heapblocks, contents_stay_when_the_size_changes, "D11.3a")
{
    static const SIZE_T sizes[] = {16,       4096,    100,     0x40000, MiB, 2 * MiB + 4096,
                                   MiB + 16, 7 * MiB, 0x30000, 24,      MiB, 1};
    HANDLE heap = new_heap(0, 0);
    BYTE *p = block(heap, 1);
    SIZE_T kept = 1;
    size_t i;

    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        MUST((p = HeapReAlloc(heap, 0, p, sizes[i])) != NULL);
        EXPECT(holds(p, sizes[i] < kept ? sizes[i] : kept, 0x5A));
        EXPECT_RETURNS(sizes[i], HeapSize(heap, 0, p));
        EXPECT_EQ(AT(p) % (sizes[i] >= MiB ? 64 : 16), 0);
        memset(p, 0x5A, sizes[i]);
        kept = sizes[i];
    }
    EXPECT_OK(HeapValidate(heap, 0, NULL));
    EXPECT_OK(HeapFree(heap, 0, p));
}

/* --- in place --- */

TEST(heapblocks, shrinking_in_place_always_works, "O222")
{
    static const SIZE_T sizes[] = {64, 5000, 0xC0000, 3 * MiB};
    HANDLE heap = new_heap(0, 0);
    size_t i;

    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        BYTE *p = block(heap, sizes[i]);

        EXPECT_EQ(AT(HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, p, sizes[i] / 2)), AT(p));
        EXPECT_RETURNS(sizes[i] / 2, HeapSize(heap, 0, p));
        EXPECT(holds(p, sizes[i] / 2, 0x5A));
        EXPECT_OK(HeapFree(heap, 0, p));
    }
}

TEST(heapblocks, a_block_grows_back_in_place, "O222")
{
    HANDLE heap = new_heap(0, 0);
    BYTE *p = block(heap, 0xC0000);

    EXPECT_EQ(AT(HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, p, 0x60000)), AT(p));
    EXPECT_EQ(AT(HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY | HEAP_ZERO_MEMORY, p, 0x80000)), AT(p));
    EXPECT_RETURNS(0x80000, HeapSize(heap, 0, p));
    EXPECT(holds(p, 0x60000, 0x5A) && holds(p + 0x60000, 0x20000, 0));
    EXPECT_OK(HeapFree(heap, 0, p));
}

TEST(heapblocks, a_large_block_does_not_grow_back, "O222")
{
    HANDLE heap = new_heap(0, 0);
    BYTE *p = block(heap, MiB);

    EXPECT_EQ(AT(HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, p, MiB / 2)), AT(p));
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY,
                HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, p, MiB * 3 / 4) != NULL);
    EXPECT_RETURNS(MiB / 2, HeapSize(heap, 0, p));
    EXPECT(holds(p, MiB / 2, 0x5A));
    EXPECT_OK(HeapFree(heap, 0, p));
}

TEST(heapblocks, what_cannot_grow_in_place_stays, "D11.3b")
{
    HANDLE heap = new_heap(0, 0);
    BYTE *p = block(heap, 64);

    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, p, 4 * MiB) != NULL);
    EXPECT_RETURNS(64, HeapSize(heap, 0, p));
    EXPECT(holds(p, 64, 0x5A));
    EXPECT_OK(HeapFree(heap, 0, p));
}

/* --- NULL --- */

TEST(heapblocks, freeing_nothing, "O215")
{
    HANDLE heap = new_heap(0, 0);

    EXPECT_OK(HeapFree(heap, 0, NULL));
    EXPECT_OK(HeapFree(NULL, 0, NULL));
    EXPECT_OK(HeapFree(GetProcessHeap(), HEAP_NO_SERIALIZE, NULL));
}

TEST(heapblocks, resizing_nothing, "O215")
{
    HANDLE heap = new_heap(0, 0);

    EXPECT_FAIL(NO_ERROR, HeapReAlloc(heap, 0, NULL, 1) != NULL);
    EXPECT_FAIL(NO_ERROR, HeapReAlloc(heap, HEAP_ZERO_MEMORY, NULL, 0) != NULL);
}

/* --- heaps with a maximum --- */

TEST(heapblocks, a_maximum_holds_almost_as_much, "O223")
{
    const SIZE_T maximum = 0x40000;
    HANDLE heap = HeapCreate(0, maximum, maximum);
    BYTE *p;

    MUST(heap != NULL);
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, HeapAlloc(heap, 0, maximum - 0x600) != NULL);
    MUST((p = HeapAlloc(heap, 0, maximum - 0xC00)) != NULL);
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, HeapAlloc(heap, 0, 0x1000) != NULL);
    EXPECT_OK(HeapFree(heap, 0, p));
    MUST((p = HeapAlloc(heap, 0, maximum - 0xC00)) != NULL);
    EXPECT_OK(HeapDestroy(heap));
}

TEST(heapblocks, a_heap_with_a_maximum_has_no_large_blocks, "O223")
{
    HANDLE heap = new_heap(0, 2 * MiB);
    BYTE *p;

    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, HeapAlloc(heap, 0, MiB) != NULL);
    p = HeapAlloc(heap, 0, MiB / 2);
    EXPECT(p != NULL);
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, HeapReAlloc(heap, 0, p, MiB) != NULL);
    EXPECT_OK(HeapFree(heap, 0, p));
}

TEST(heapblocks, a_maximum_is_shared_by_all_blocks, "D11.1b")
{
    HANDLE heap = new_heap(0, 0x20000);
    BYTE *p[64], *last;
    int i, n = 0, again = 0;

    while (n < 64 && (p[n] = HeapAlloc(heap, 0, 0x1000)) != NULL)
        n++;
    EXPECT(n >= 24 && n < 32);
    last = HeapReAlloc(heap, 0, p[0], 0x2800);
    EXPECT(last == NULL);
    for (i = 0; i < n; i++)
        EXPECT_OK(HeapFree(heap, 0, p[i]));
    while (again < 64 && (p[again] = HeapAlloc(heap, 0, 0x1000)) != NULL)
        again++;
    EXPECT_EQ(again, n);
    EXPECT_OK(HeapDestroy(heap));
}

/* --- valid pointers --- */

TEST(heapblocks, a_block_is_valid_until_it_is_freed, "O216")
{
    HANDLE heap = new_heap(0, 0);
    BYTE *p = block(heap, 100), *q = block(heap, 100);

    EXPECT_OK(HeapValidate(heap, 0, NULL));
    EXPECT_OK(HeapValidate(heap, 0, p));
    EXPECT_OK(HeapFree(heap, 0, p));
    EXPECT_FAIL(CHECK_SENTINEL, HeapValidate(heap, 0, p));
    EXPECT_OK(HeapValidate(heap, 0, q));
    EXPECT_OK(HeapValidate(heap, 0, NULL));
    EXPECT_OK(HeapDestroy(heap));
}

TEST(heapblocks, what_is_no_block_is_not_valid, "O216")
{
    HANDLE heap = new_heap(0, 0);
    BYTE *p = block(heap, 1000);
    char local[64];

    EXPECT_FAIL(CHECK_SENTINEL, HeapValidate(heap, 0, local));
    EXPECT_FAIL(CHECK_SENTINEL, HeapValidate(heap, 0, p + 16));
    EXPECT_FAIL(CHECK_SENTINEL, HeapValidate(heap, 0, heap));
    EXPECT_OK(HeapValidate(heap, 0, p));
    EXPECT_OK(HeapDestroy(heap));
}

#ifdef __linux__

/* --- wrong pointers: on Windows mostly the end of the process --- */

static const BYTE text[] = "not a block, but read-only memory of the program";

struct victim {
    HANDLE heap;
    BYTE *p;
};

static struct victim victim(void)
{
    struct victim v = {new_heap(0, 0), NULL};

    v.p = block(v.heap, 1000);
    return v;
}

static void expect_unharmed(const struct victim *v)
{
    EXPECT_RETURNS(1000, HeapSize(v->heap, 0, v->p));
    EXPECT(holds(v->p, 1000, 0x5A));
    EXPECT_OK(HeapValidate(v->heap, 0, NULL));
    EXPECT_OK(HeapValidate(GetProcessHeap(), 0, NULL));
}

static void expect_no_block(const struct victim *v, void *p)
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, HeapFree(v->heap, 0, p));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, HeapReAlloc(v->heap, 0, p, 10) != NULL);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, HeapReAlloc(v->heap, HEAP_REALLOC_IN_PLACE_ONLY, p, 0) != NULL);
    EXPECT_RETURNS(~(SIZE_T)0, HeapSize(v->heap, 0, p));
    EXPECT_FAIL(CHECK_SENTINEL, HeapValidate(v->heap, 0, p));
    expect_unharmed(v);
}

TEST(heapblocks, wrong_addresses, "O216 L91")
{
    struct victim v = victim();
    BYTE *none = reserve(GRAIN), *page = commit(2 * PAGE, PAGE_READWRITE);
    char local[256];

    protect(page, PAGE, PAGE_NOACCESS);
    memset(local, 0, sizeof local);
    expect_no_block(&v, (void *)1);
    expect_no_block(&v, (void *)16);
    expect_no_block(&v, local);
    expect_no_block(&v, (void *)text);
    expect_no_block(&v, (void *)(AT(expect_no_block) & ~(uintptr_t)15));
    expect_no_block(&v, v.p + 1);
    expect_no_block(&v, v.p + 8);
    expect_no_block(&v, v.p + 16);
    expect_no_block(&v, v.p - 16);
    expect_no_block(&v, none);
    expect_no_block(&v, none + 0x800);
    expect_no_block(&v, page + PAGE); /* the header would lie in the page before */
    expect_no_block(&v, page + PAGE + 16);
    expect_no_block(&v, v.heap);
    expect_no_block(&v, (void *)(TOP + 1));
    expect_no_block(&v, (void *)0xDEADBEEFDEADBEE0u);
    expect_no_block(&v, (void *)0x8000000000000000u);
    expect_no_block(&v, (void *)~(uintptr_t)15);
    EXPECT_OK(HeapDestroy(v.heap));
}

TEST(heapblocks, other_memory_is_no_block, "L91")
{
    struct victim v = victim();
    HANDLE other = new_heap(0, 0);
    BYTE *of_other = block(other, 1000), *of_process = block(GetProcessHeap(), 1000);
    char *of_malloc = malloc(1000), *aligned = aligned_alloc(64, 640);

    memset(of_malloc, 1, 1000);
    expect_no_block(&v, of_other);
    expect_no_block(&v, of_process);
    expect_no_block(&v, of_malloc);
    expect_no_block(&v, aligned);
    expect_no_block(&v, of_malloc + 16);
    free(of_malloc);
    free(aligned);
    EXPECT(holds(of_other, 1000, 0x5A) && holds(of_process, 1000, 0x5A));
    EXPECT_OK(HeapFree(GetProcessHeap(), 0, of_process));
    EXPECT_OK(HeapFree(other, 0, of_other));
    EXPECT_OK(HeapDestroy(v.heap));
}

/* Large blocks go back to the system when they are freed: nothing can be read there any more. */
TEST(heapblocks, freed_blocks, "O216 L91")
{
    static const SIZE_T sizes[] = {0, 16, 100, 2000, 0x8000, 0x40000, MiB, 40 * MiB};
    struct victim v = victim();
    size_t i;

    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        BYTE *p = block(v.heap, sizes[i]);

        EXPECT_OK(HeapFree(v.heap, 0, p));
        expect_no_block(&v, p);
    }
    EXPECT_OK(HeapDestroy(v.heap));
}

TEST(heapblocks, a_copy_of_a_block_is_none, "L91")
{
    struct victim v = victim();
    BYTE copy[256], *to = copy + (16 - AT(copy) % 16);

    memcpy(to, v.p - 16, 64);
    expect_no_block(&v, to + 16);
    EXPECT_OK(HeapDestroy(v.heap));
}

TEST(heapblocks, an_overwritten_header_is_noticed, "O216 L91")
{
    HANDLE heap = new_heap(0, 0);
    BYTE *p = block(heap, 100), saved[16];
    int i;

    memcpy(saved, p - 16, 16);
    for (i = 0; i < 128; i++) {
        p[i / 8 - 16] ^= (BYTE)(1 << i % 8);
        EXPECT_FAIL(CHECK_SENTINEL, HeapValidate(heap, 0, p));
        EXPECT_FAIL(CHECK_SENTINEL, HeapValidate(heap, 0, NULL));
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, HeapFree(heap, 0, p));
        memcpy(p - 16, saved, 16);
    }
    EXPECT_OK(HeapValidate(heap, 0, NULL));
    EXPECT_OK(HeapFree(heap, 0, p));
}

TEST(heapblocks, wrong_heaps, "L92")
{
    BYTE *p = block(GetProcessHeap(), 10), *page = commit(GRAIN, PAGE_READWRITE), *none = reserve(GRAIN);
    HANDLE const wrong[] = {NULL,
                            (HANDLE)1,
                            (HANDLE)GRAIN,
                            page,
                            none,
                            p,
                            &p,
                            section(GRAIN, PAGE_READWRITE),
                            (HANDLE)(intptr_t)-1,
                            (HANDLE)0xDEAD0000DEAD0000u};
    size_t i;

    for (i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        EXPECT_FAIL(ERROR_INVALID_HANDLE, HeapAlloc(wrong[i], 0, 10) != NULL);
        EXPECT_FAIL(ERROR_INVALID_HANDLE, HeapReAlloc(wrong[i], 0, p, 10) != NULL);
        EXPECT_FAIL(ERROR_INVALID_HANDLE, HeapFree(wrong[i], 0, p));
        EXPECT_RETURNS(~(SIZE_T)0, HeapSize(wrong[i], 0, p));
        EXPECT_FAIL(CHECK_SENTINEL, HeapValidate(wrong[i], 0, p));
        EXPECT_FAIL(ERROR_INVALID_HANDLE, HeapDestroy(wrong[i]));
        EXPECT_FAIL(ERROR_INVALID_HANDLE, HeapLock(wrong[i]));
        EXPECT_FAIL(ERROR_INVALID_HANDLE, HeapUnlock(wrong[i]));
        EXPECT_FAIL(ERROR_INVALID_HANDLE, HeapCompact(wrong[i], 0));
    }
    EXPECT_OK(HeapFree(GetProcessHeap(), 0, p));
}

TEST(heapblocks, a_wrong_pointer_before_there_is_a_heap, "L92")
{
    char local[64];

    EXPECT_FAIL(ERROR_INVALID_HANDLE, HeapFree((HANDLE)0x7FFF0000, 0, local));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GlobalLock((HGLOBAL)0x7FFF0000) != NULL);
    EXPECT(GlobalFree((HGLOBAL)0x7FFF0000) != NULL);
    EXPECT_FAIL(ERROR_INVALID_HANDLE, LocalSize(local));
}

#endif
