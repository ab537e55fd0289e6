/*
 * Warm memory: what was given back a moment ago stays mapped under guard markers (vm/ground/warm.h). Nobody may
 * notice, but for the time it takes.
 */
#include "audit.h"

#include "support/locked.h"

#include <errno.h>

#include "kern/faults.h"
#include "kern/map/mapping.h"
#include "kern/probe.h"

enum { LENGTH = 16 * PAGE };

static enum wm_ground ground_at(uintptr_t addr)
{
    struct wm_found found;

    assert_true(wm_space_at(&wm_home.space, addr, &found));
    return found.extent.ground;
}

static uint16_t state_at(uintptr_t addr)
{
    struct wm_found found;

    assert_true(wm_space_at(&wm_home.space, addr, &found));
    return wm_pages_at(&wm_home.space, &found.extent, addr).state;
}

static void decommitted_pages_are_reserved_and_come_back_empty(void **state)
{
    uintptr_t p = allocate(LENGTH);

    (void)state;
    stamp_pages(p, 16);
    decommit(p + 4 * PAGE, 4 * PAGE);
    assert_int_equal(state_at(p + 4 * PAGE), WM_PAGE_MARKED | WM_PAGE_WARM);
    assert_int_equal(region_at(p + 4 * PAGE).state, WM_REGION_RESERVED);
    assert_int_equal(region_at(p + 4 * PAGE).range.end, p + 8 * PAGE);
    assert_true(faults(p + 4 * PAGE) && faults(p + 8 * PAGE - 1));
    commit(p + 4 * PAGE, 4 * PAGE, WM_READWRITE);
    assert_int_equal(stamped(p + 4 * PAGE), 0);
    assert_int_equal(stamped(p + 3 * PAGE), p + 3);
    assert_int_equal(wm_home.warm_bytes, 0);
    release(p);
    check_book();
}

static void decommitted_pages_come_back_with_any_protection(void **state)
{
    uintptr_t p = allocate(LENGTH);

    (void)state;
    decommit(p, 4 * PAGE);
    commit(p, 2 * PAGE, WM_READONLY);
    commit(p + 2 * PAGE, PAGE, WM_NOACCESS);
    assert_false(wm_kern_writable((void *)p, 4));
    assert_true(wm_kern_readable((void *)p, 1) && faults(p + 2 * PAGE) && faults(p + 3 * PAGE));
    assert_int_equal(wm_home.warm_bytes, PAGE);
    release(p);
    assert_int_equal(wm_home.warm_bytes, 0);
    check_book();
}

static void a_released_allocation_is_free_and_used_again(void **state)
{
    uintptr_t p = allocate(LENGTH);

    (void)state;
    stamp_pages(p, 16);
    release(p);
    assert_int_equal(ground_at(p), WM_GROUND_WARM);
    assert_int_equal(region_at(p).state, WM_REGION_FREE);
    assert_true(faults(p));
    assert_int_equal(allocate(LENGTH), p);
    assert_int_equal(stamped(p), 0);
    assert_int_equal(wm_home.warm_bytes, 0);
    check_book();
}

static void a_program_may_reserve_it_by_address(void **state)
{
    uintptr_t p = allocate(LENGTH), result;

    (void)state;
    release(p);
    MUST(alloc(WM_ALLOC_RESERVE, p, LENGTH, WM_READWRITE, false, &result));
    assert_true(result == p && faults(p));
    assert_int_equal(wm_home.warm_bytes, 0);
    release(p);
    check_book();
}

static void what_is_kept_is_bounded(void **state)
{
    enum { COUNT = 2000 };
    static uintptr_t p[COUNT];

    (void)state;
    for (int i = 0; i < COUNT; i++)
        p[i] = allocate(LENGTH);
    for (int i = 0; i < COUNT; i++)
        release(p[i]);
    assert_in_range(wm_home.warm_bytes, LENGTH, 1 << 25);
    check_book();
}

/* Another kind of memory is refused for want of promises: what is kept goes first. */
static void it_is_given_up_before_anybody_is_refused(void **state)
{
    uintptr_t p = allocate(LENGTH), q = reserve(LENGTH);

    (void)state;
    release(p);
    assert_int_equal(wm_home.warm_bytes, LENGTH);
    wm_fault_nth(1, ENOMEM); /* the mprotect of a commit */
    commit(q, LENGTH, WM_READWRITE);
    wm_fault_nth(0, 0);
    assert_int_equal(wm_home.warm_bytes, 0);
    release(q);
    check_book();
}

static void other_protections_are_not_kept(void **state)
{
    uintptr_t p = allocate(LENGTH);

    (void)state;
    must_protect(p, PAGE, WM_READONLY);
    decommit(p, PAGE);
    assert_int_equal(state_at(p), 0);
    release(p);
    assert_int_equal(ground_at(p), WM_GROUND_OPEN);
    check_book();
}

/* --- ground whose pages were all there --- */

static void stamp_all(uintptr_t p)
{
    for (uintptr_t i = 0; i < LENGTH / PAGE; i++)
        stamp(p + i * PAGE + 8 * i, ~(uint64_t)i);
}

static bool is_zero(uintptr_t p)
{
    for (uintptr_t at = p; at < p + LENGTH; at += sizeof(uint64_t))
        if (stamped(at) != 0)
            return false;
    return true;
}

/* Until what is released is kept with its contents. */
static uintptr_t full_ground(void)
{
    uintptr_t p = 0;

    for (int i = 0; i < 100 && (p == 0 || ground_at(p) != WM_GROUND_FULL); i++) {
        p = allocate(LENGTH);
        assert_true(is_zero(p));
        stamp_all(p);
        release(p);
    }
    assert_int_equal(ground_at(p), WM_GROUND_FULL);
    return p;
}

static void expect_sound(void)
{
    check_book();
    audit_or_fail(audit_book());
}

static void what_was_touched_is_cleared_for_the_next(void **state)
{
    uintptr_t p = full_ground();

    (void)state;
    assert_int_equal(region_at(p).state, WM_REGION_FREE);
    assert_true(faults(p) && faults(p + LENGTH - 1));
    expect_sound();
    for (int i = 0; i < 100; i++) {
        uintptr_t q = allocate(LENGTH);

        assert_true(is_zero(q));
        stamp_all(q);
        release(q);
    }
    expect_sound();
}

static void who_does_not_touch_it_any_more_is_noticed(void **state)
{
    uintptr_t p = full_ground();

    (void)state;
    for (int i = 0; i < 100; i++)
        release(p = allocate(LENGTH));
    assert_int_equal(ground_at(p), WM_GROUND_WARM);
    expect_sound();
}

static void a_program_may_reserve_full_ground_by_address(void **state)
{
    uintptr_t p = full_ground(), result;

    (void)state;
    MUST(alloc(WM_ALLOC_RESERVE, p, LENGTH, WM_READWRITE, false, &result));
    assert_true(result == p && faults(p));
    commit(p, LENGTH, WM_READWRITE);
    assert_true(is_zero(p));
    expect_sound();
    release(p);
}

static void a_part_of_it_can_be_used(void **state)
{
    uintptr_t p = full_ground(), q, r;

    (void)state;
    q = allocate(LENGTH);
    r = allocate(LENGTH);
    assert_true(is_zero(q) && is_zero(r));
    stamp_all(q);
    release(q);
    q = must_alloc(WM_ALLOC_RESERVE, 2 * LENGTH, WM_READWRITE, true);
    assert_true(is_zero(q) && is_zero(q + LENGTH) && is_zero(r));
    (void)p;
    expect_sound();
}

/* The kernel may refuse to close it, and to open it. */
static void full_ground_that_the_kernel_refuses(void **state)
{
    uintptr_t p = full_ground(), q;

    (void)state;
    wm_fault_nth(1, ENOMEM); /* the mprotect that opens it */
    q = allocate(LENGTH);
    wm_fault_nth(0, 0);
    assert_true(q != p && is_zero(q));
    assert_int_equal(ground_at(p), WM_GROUND_FULL);
    q = allocate(LENGTH);
    assert_true(q == p && is_zero(q));
    stamp_all(q);
    wm_fault_nth(2, ENOMEM); /* the one that closes it; the first asks for locks */
    release(q);
    wm_fault_nth(0, 0);
    assert_int_equal(ground_at(q), WM_GROUND_WARM);
    assert_true(is_zero(allocate(LENGTH)));
    expect_sound();
}

static void what_the_program_has_locked_is_not_kept(void **state)
{
    uintptr_t p = full_ground(), q = allocate(LENGTH);

    (void)state;
    if (program_locks(q, PAGE) != 0)
        skip();
    release(q);
    assert_int_equal(ground_at(q), WM_GROUND_OPEN);
    (void)p;
    expect_sound();
}

static void full_ground_is_given_up_before_anybody_is_refused(void **state)
{
    uintptr_t p = full_ground(), q = reserve(LENGTH);

    (void)state;
    wm_fault_nth(1, ENOMEM); /* the mprotect of a commit */
    commit(q, LENGTH, WM_READWRITE);
    wm_fault_nth(0, 0);
    assert_int_equal(wm_home.warm_bytes, 0);
    assert_int_equal(ground_at(p), WM_GROUND_OPEN);
    expect_sound();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decommitted_pages_are_reserved_and_come_back_empty),
        cmocka_unit_test(decommitted_pages_come_back_with_any_protection),
        cmocka_unit_test(a_released_allocation_is_free_and_used_again),
        cmocka_unit_test(a_program_may_reserve_it_by_address),
        cmocka_unit_test(what_is_kept_is_bounded),
        cmocka_unit_test(it_is_given_up_before_anybody_is_refused),
        cmocka_unit_test(other_protections_are_not_kept),
        cmocka_unit_test(what_was_touched_is_cleared_for_the_next),
        cmocka_unit_test(who_does_not_touch_it_any_more_is_noticed),
        cmocka_unit_test(a_program_may_reserve_full_ground_by_address),
        cmocka_unit_test(a_part_of_it_can_be_used),
        cmocka_unit_test(full_ground_that_the_kernel_refuses),
        cmocka_unit_test(what_the_program_has_locked_is_not_kept),
        cmocka_unit_test(full_ground_is_given_up_before_anybody_is_refused),
    };

    MUST(wm_home_ready());
    if (!wm_feature_in_use("guard_markers"))
        return 77; /* Linux 6.13 */
    audit_open();
    return RUN_APART(tests);
}
