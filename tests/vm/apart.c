/*
 * Pages whose protection goes to and fro are kept in mappings of their own (vm/ground/apart.h). Nobody may notice, and
 * nothing of it may stay when they go.
 */
#include "audit.h"

#include <errno.h>
#include <linux/mempolicy.h>
#include <sys/syscall.h>

enum { ENOUGH = 4, LENGTH = 16 * GRAIN };

static struct wm_range mapping_at(uintptr_t addr)
{
    struct wm_vma vma;

    assert_int_equal(wm_kern_vma(addr, &vma), 0);
    return vma.range;
}

static bool is_apart(uintptr_t addr, size_t bytes)
{
    struct wm_range r = mapping_at(addr);

    return r.start == addr && r.end == addr + bytes;
}

static int policy_at(uintptr_t addr)
{
    int policy = -1;

    assert_int_equal(syscall(SYS_get_mempolicy, &policy, NULL, 0, addr, MPOL_F_ADDR), 0);
    return policy;
}

/* So many changes; an even number leaves it writable. */
static void change(uintptr_t addr, size_t bytes, int times)
{
    for (int i = 0; i < times; i++)
        must_protect(addr, bytes, i % 2 == 0 ? WM_READONLY : WM_READWRITE);
}

static uintptr_t kept_page(uintptr_t *base)
{
    uintptr_t page = (*base = allocate(LENGTH)) + 5 * PAGE;

    stamp_pages(*base, LENGTH / PAGE);
    change(page, PAGE, ENOUGH);
    assert_true(is_apart(page, PAGE));
    assert_int_equal(wm_home.apart.kept, 1);
    return page;
}

static void expect_nothing_kept(uintptr_t from, size_t bytes)
{
    struct wm_vma vma;

    assert_int_equal(wm_home.apart.kept, 0);
    for (uintptr_t at = from; at < from + bytes; at += PAGE)
        if (wm_kern_vma(at, &vma) == 0 && vma.range.start <= at)
            assert_int_equal(policy_at(at), MPOL_DEFAULT);
    check_book();
    audit_or_fail(audit_book());
}

static void the_fourth_change_makes_a_mapping(void **state)
{
    uintptr_t base = allocate(LENGTH), page = base + 5 * PAGE;

    (void)state;
    stamp_pages(base, LENGTH / PAGE);
    change(page, PAGE, ENOUGH - 2);
    assert_false(is_apart(page, PAGE));
    assert_int_equal(wm_home.apart.kept, 0);
    change(page, PAGE, 2);
    assert_true(is_apart(page, PAGE));
    for (int i = 0; i < 10; i++) {
        must_protect(page, PAGE, WM_READONLY);
        assert_int_equal(region_at(page).range.end, page + PAGE);
        must_protect(page, PAGE, WM_READWRITE);
        assert_int_equal(region_at(page).range.end, base + LENGTH);
        stamp(page, 7);
    }
    must_protect(base, LENGTH, WM_READONLY);
    must_protect(base, LENGTH, WM_READWRITE);
    assert_int_equal(stamped(page + PAGE), base + 6);
    release(base);
    expect_nothing_kept(base, LENGTH);
}

static void what_is_decommitted_is_joined(void **state)
{
    uintptr_t base, page = kept_page(&base);

    (void)state;
    decommit(page, PAGE);
    expect_nothing_kept(base, LENGTH);
    commit(page, PAGE, WM_READWRITE);
    assert_int_equal(stamped(page), 0);
    release(base);
}

static void what_is_released_in_part_is_joined(void **state)
{
    uintptr_t base, page = kept_page(&base);

    (void)state;
    MUST(free_pages(WM_FREE_PART, base, GRAIN));
    expect_nothing_kept(base, LENGTH);
    assert_int_equal(stamped(page + GRAIN), base + 16 + 5);
    release(base + GRAIN);
}

static void a_part_of_it_may_change_alone(void **state)
{
    uintptr_t base = allocate(LENGTH), part = base + GRAIN;

    (void)state;
    change(part, 4 * PAGE, ENOUGH);
    assert_true(is_apart(part, 4 * PAGE));
    must_protect(part + PAGE, PAGE, WM_NOACCESS);
    must_protect(base, LENGTH, WM_READWRITE);
    decommit(part + 2 * PAGE, PAGE);
    assert_int_equal(wm_home.apart.kept, 0);
    audit_or_fail(audit_book());
    release(base);
    expect_nothing_kept(base, LENGTH);
}

static void no_more_than_so_many_are_kept(void **state)
{
    uintptr_t base = allocate(LENGTH);

    (void)state;
    for (int page = 0; page < LENGTH / PAGE; page += 3)
        change(base + (uintptr_t)page * PAGE, PAGE, 2 * ENOUGH + 2);
    assert_in_range(wm_home.apart.kept, 1, WM_APARTS);
    audit_or_fail(audit_book());
    release(base);
    expect_nothing_kept(base, LENGTH);
}

static void a_guard_is_kept_as_well(void **state)
{
    uintptr_t base = allocate(LENGTH), page = base + 5 * PAGE;
    bool guarded;

    (void)state;
    for (int i = 0; i < 2 * ENOUGH; i++) {
        must_protect(page, PAGE, WM_READWRITE | WM_PAGE_GUARD);
        MUST(lift_guard(page, &guarded));
        assert_true(guarded);
    }
    assert_true(is_apart(page, PAGE));
    release(base);
    expect_nothing_kept(base, LENGTH);
}

static void the_policy_of_the_program_stays(void **state)
{
    uintptr_t base = allocate(LENGTH), page = base + 5 * PAGE;
    unsigned long node_0 = 1;

    (void)state;
    assert_int_equal(syscall(SYS_mbind, page, PAGE, MPOL_PREFERRED, &node_0, 64, 0), 0);
    change(page, PAGE, 3 * ENOUGH);
    assert_int_equal(wm_home.apart.kept, 0);
    assert_int_equal(policy_at(page), MPOL_PREFERRED);
    release(base);

    page = kept_page(&base);
    assert_int_equal(syscall(SYS_mbind, page, PAGE, MPOL_PREFERRED, &node_0, 64, 0), 0);
    change(page + WM_APARTS * PAGE, PAGE, 2 * ENOUGH);
    assert_int_equal(policy_at(page), MPOL_PREFERRED);
    release(base);
}

/* A child of a fork has the mappings, and what is known of them. */
static void a_child_joins_them(void **state)
{
    uintptr_t base, page = kept_page(&base);
    int status = 0;
    pid_t child = fork();

    (void)state;
    if (child == 0) {
        change(page, PAGE, 2);
        release(base);
        _exit(wm_home.apart.kept != 0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    change(page, PAGE, 2);
    release(base);
    expect_nothing_kept(base, LENGTH);
}

/* Each of its calls fails once: the changes go on, and the next time it is done. */
static void what_the_kernel_refuses_is_done_later(void **state)
{
    (void)state;
    for (unsigned n = 1; n <= 3; n++) {
        uintptr_t base = allocate(LENGTH), page = base + 5 * PAGE;
        uint16_t old = 0;
        wm_status st;

        change(page, PAGE, ENOUGH - 1);
        wm_fault_nth(n, ENOMEM);
        st = protect(page, PAGE, WM_READWRITE, &old);
        wm_fault_nth(0, 0);
        assert_int_equal(wm_ok(st), n > 1);
        audit_or_fail(audit_book());
        change(page, PAGE, 2 * ENOUGH);
        assert_int_equal(wm_home.apart.kept, 1);
        release(base);
        expect_nothing_kept(base, LENGTH);
    }
}

static void where_it_is_forbidden_nothing_is_kept(void **state)
{
    uintptr_t base = allocate(LENGTH), page = base + 5 * PAGE;

    (void)state;
    wm_probe_lacks(WM_FEATURE_APART);
    change(page, PAGE, 3 * ENOUGH);
    assert_int_equal(policy_at(page), MPOL_DEFAULT);
    release(base);
    expect_nothing_kept(base, LENGTH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fourth_change_makes_a_mapping),
        cmocka_unit_test(what_is_decommitted_is_joined),
        cmocka_unit_test(what_is_released_in_part_is_joined),
        cmocka_unit_test(a_part_of_it_may_change_alone),
        cmocka_unit_test(no_more_than_so_many_are_kept),
        cmocka_unit_test(a_guard_is_kept_as_well),
        cmocka_unit_test(the_policy_of_the_program_stays),
        cmocka_unit_test(a_child_joins_them),
        cmocka_unit_test(what_the_kernel_refuses_is_done_later),
        cmocka_unit_test(where_it_is_forbidden_nothing_is_kept),
    };

    MUST(wm_home_ready());
    if (!wm_feature_in_use("apart"))
        return 77; /* no nodes, or mbind is forbidden */
    audit_open();
    return RUN_APART(tests);
}
