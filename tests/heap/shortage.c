/* malloc has nothing, once, at each of the places where somebody asks. Nothing is lost, and nothing else changes. */
#include "mallocs.h"
#include "script.h"

enum { CALLS_MAX = 1000 };

static unsigned failures(void)
{
    return refused;
}

static bool is_shortage(DWORD error)
{
    return error == ERROR_NOT_ENOUGH_MEMORY;
}

static void expect_nothing_lost(void)
{
    assert_int_equal(given, table_parts());
}

static void run_with_failure(unsigned n)
{
    fail_malloc(n);
    script();
    expect_nothing_lost();
}

/* In a process that has heaps already. */
static void each_call_fails_once(void **state)
{
    unsigned n = 0, before = operations_failed;

    (void)state;
    run_with_failure(0);
    do
        run_with_failure(++n);
    while (refused > 0 && n < CALLS_MAX);
    print_message("%u calls of malloc, %u operations failed\n", n - 1, operations_failed - before);
    assert_in_range(n, 60, CALLS_MAX - 1);
    assert_in_range(operations_failed - before, n / 2, n);
}

/* In one that has none: an n-th child each. */
static void each_call_of_a_first_use_fails(void **state)
{
    enum { FIRST = SANITIZED ? 20 : 60 };

    (void)state;
    for (unsigned n = 1; n <= FIRST; n++) {
        int status = 0;
        pid_t child = fork();

        if (child == 0) {
            alarm(20);
            run_with_failure(n);
            _exit(refused == 1 ? 0 : 3);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
}

/* Where malloc fails it is malloc's. */
static void errno_stays(void **state)
{
    HANDLE heap = HeapCreate(0, 0, 0);

    (void)state;
    errno = E2BIG;
    fail_malloc(2); /* the slot */
    assert_null(HeapAlloc(heap, 0, 10));
    fail_malloc(0);
    assert_non_null(HeapAlloc(heap, 0, 10));
    assert_int_equal(errno, E2BIG);
    assert_true(HeapDestroy(heap));
}

/* More than any malloc has. */
static void sizes_that_cannot_be(void **state)
{
    HANDLE heap = HeapCreate(0, 0, 0), code = HeapCreate(HEAP_CREATE_ENABLE_EXECUTE, 0, 0);
    const size_t sizes[] = {SIZE_MAX,        SIZE_MAX - 15,   SIZE_MAX - 63,
                            (size_t)1 << 63, (size_t)1 << 47, WM_BLOCK_MOST + 1};
    struct held held;

    (void)state;
    script_alloc(heap, &held, 100, 0);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        assert_null(HeapAlloc(heap, 0, sizes[i]));
        assert_int_equal(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
        assert_null(HeapAlloc(code, 0, sizes[i]));
        assert_null(HeapReAlloc(heap, 0, held.at, sizes[i]));
        assert_null(HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, held.at, sizes[i]));
        assert_null(GlobalAlloc(GMEM_MOVEABLE, sizes[i]));
        assert_null(GlobalAlloc(GMEM_FIXED, sizes[i]));
        assert_int_equal(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
        assert_true(is_held(&held));
    }
    assert_true(HeapDestroy(heap) && HeapDestroy(code));
    expect_nothing_lost();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_call_fails_once),
        cmocka_unit_test(each_call_of_a_first_use_fails),
        cmocka_unit_test(errno_stays),
        cmocka_unit_test(sizes_that_cannot_be),
    };

    return RUN_HEAP(tests);
}
