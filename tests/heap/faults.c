/* Each system call that a heap makes fails once. What could not be done is as if nobody had tried. */
#include "mallocs.h"
#include "script.h"

#include "kern/faults.h"
#include "vm/book/home.h"

enum { CALLS_MAX = 2000, STEP = SANITIZED ? 7 : 1 };

static unsigned fails_at;

static unsigned failures(void)
{
    return fails_at != 0 && wm_fault_count() >= fails_at;
}

/* No signal handler could be had: that is not memory. */
static bool is_shortage(DWORD error)
{
    return error == ERROR_NOT_ENOUGH_MEMORY || error == ERROR_NO_SYSTEM_RESOURCES;
}

static size_t allocations(void)
{
    size_t count = 0;
    struct wm_found found;

    assert_true(wm_ok(wm_home_enter()));
    for (uintptr_t addr = 0; wm_space_from(&wm_home.space, addr, &found); addr = found.extent.start + 1)
        count += found.extent.kind != WM_FREE;
    wm_home_leave();
    return count;
}

/* How many calls there were. */
static unsigned run_with_failure(unsigned n, int error)
{
    size_t before = allocations();
    unsigned count;

    regions_lost = 0;
    fails_at = n;
    wm_fault_nth(n, error);
    script();
    count = wm_fault_count();
    wm_fault_nth(0, 0);
    assert_int_equal(given, table_parts());
    assert_in_range(allocations(), before, before + regions_lost);
    return count;
}

static void each_call_fails_once(void **state)
{
    unsigned count, n;

    (void)state;
    script(); /* makes what stays */
    count = run_with_failure(CALLS_MAX, ENOMEM);
    assert_in_range(count, 3, CALLS_MAX - 1);
    for (n = 1; n <= count; n += STEP)
        run_with_failure(n, ENOMEM);
    print_message("%u system calls, %u operations failed\n", count, operations_failed);
}

/* The process's heap and all that stays are made anew each time. */
static void each_call_of_a_first_use_fails(void **state)
{
    enum { FIRST = 40 };

    (void)state;
    for (unsigned n = 1; n <= FIRST; n += STEP) {
        int status = 0;
        pid_t child = fork();

        if (child == 0) {
            alarm(20);
            fails_at = n;
            wm_fault_nth(n, ENOMEM);
            script();
            wm_fault_nth(0, 0);
            _exit(given == table_parts() ? 0 : 3);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_call_fails_once),
        cmocka_unit_test(each_call_of_a_first_use_fails),
    };

    return RUN_HEAP(tests);
}
