/* A million live handles: all different, each with its own contents, whatever becomes of the others. */
#include "heap.h"

#include <stdlib.h>

enum { HANDLES = SANITIZED ? 100000 : 1000000, BYTES = 16 };

static HGLOBAL *handles;

static int compare(const void *a, const void *b)
{
    uintptr_t x = *(const uintptr_t *)a, y = *(const uintptr_t *)b;

    return (x > y) - (x < y);
}

static void expect_distinct(const HGLOBAL *all, size_t count)
{
    uintptr_t *sorted = malloc(count * sizeof *sorted);

    assert_non_null(sorted);
    memcpy(sorted, all, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare);
    for (size_t i = 1; i < count; i++)
        assert_true(sorted[i - 1] != sorted[i]);
    free(sorted);
}

static void make(size_t number)
{
    uint64_t *at;

    handles[number] = GlobalAlloc(GMEM_MOVEABLE, BYTES + number % 7);
    assert_non_null(handles[number]);
    at = GlobalLock(handles[number]);
    *at = number;
    GlobalUnlock(handles[number]);
}

static void check(size_t number)
{
    const uint64_t *at = GlobalLock(handles[number]);

    assert_non_null(at);
    assert_int_equal(*at, number);
    assert_ptr_equal(GlobalHandle(at), handles[number]);
    assert_int_equal(GlobalSize(handles[number]), BYTES + number % 7);
    assert_int_equal(GlobalFlags(handles[number]), 1);
    assert_false(GlobalUnlock(handles[number]));
}

/* What was a handle before is none now, though its slot is in use again. */
static void replace(size_t number)
{
    HGLOBAL old = handles[number];

    assert_null(GlobalFree(old));
    make(number);
    assert_ptr_not_equal(handles[number], old);
    assert_null(GlobalLock(old));
}

static void a_million_handles(void **state)
{
    (void)state;
    handles = calloc(HANDLES, sizeof *handles);
    assert_non_null(handles);
    for (size_t i = 0; i < HANDLES; i++)
        make(i);
    expect_distinct(handles, HANDLES);
    for (size_t i = 0; i < HANDLES; i++)
        check(i);
    for (size_t i = 0; i < HANDLES; i += 3)
        replace(i);
    expect_distinct(handles, HANDLES);
    for (size_t i = 0; i < HANDLES; i++)
        check(i);
    assert_true(HeapValidate(GetProcessHeap(), 0, NULL));
    for (size_t i = 0; i < HANDLES; i++)
        assert_null(GlobalFree(handles[i]));
    for (size_t i = 0; i < HANDLES; i += 97)
        assert_null(GlobalLock(handles[i]));
    free(handles);
}

/* Each use of a slot has another handle for 127 uses; then the first comes again. */
static void handles_of_one_slot(void **state)
{
    enum { USES = 128 };
    HGLOBAL seen[USES + 1];

    (void)state;
    for (unsigned i = 0; i <= USES; i++) {
        seen[i] = GlobalAlloc(GMEM_MOVEABLE, 100);
        for (unsigned j = 0; j < i && j < USES - 1; j++)
            assert_true(i == USES || GlobalFlags(seen[j]) == GMEM_INVALID_HANDLE);
        assert_null(GlobalFree(seen[i]));
        assert_ptr_equal(GlobalFree(seen[i]), seen[i]);
    }
    expect_distinct(seen, USES);
    assert_ptr_equal(seen[USES], seen[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_million_handles),
        cmocka_unit_test(handles_of_one_slot),
    };

    return RUN_HEAP(tests);
}
