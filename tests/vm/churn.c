/*
 * Reservations all over which memory is committed and decommitted: whole stretches of them are opened under guard
 * markers (vm/ground/churn.h). Nobody may notice, but for the time it takes.
 */
#include "audit.h"

#include <errno.h>
#include <sys/resource.h>

#include "kern/probe.h"
#include "kern/system/system.h"

enum { STRETCH = 2 * MiB, LENGTH = 64 * MiB };

static const uint16_t WARM = WM_PAGE_MARKED | WM_PAGE_WARM;

static uint16_t state_at(uintptr_t addr)
{
    struct wm_found found;

    assert_true(wm_space_at(&wm_home.space, addr, &found));
    return wm_pages_at(&wm_home.space, &found.extent, addr).state;
}

/* Where a stretch begins, with so much churned before it that the next commit opens one. */
static uintptr_t churned(uintptr_t *base)
{
    *base = reserve(LENGTH);
    churn(*base, 4);
    return wm_up(*base + 4 * MiB, STRETCH) + STRETCH;
}

static void expect_sound(void)
{
    check_book();
    audit_or_fail(audit_book());
}

static void a_stretch_is_opened_around_what_is_committed(void **state)
{
    uintptr_t base, at = churned(&base), p = at + 5 * GRAIN;

    (void)state;
    commit(p, GRAIN, WM_READWRITE);
    stamp_pages(p, 16);
    assert_int_equal(state_at(p), WM_READWRITE);
    assert_true(state_at(at) == WARM && state_at(p + GRAIN) == WARM && state_at(at + STRETCH - 1) == WARM);
    assert_true(state_at(at - 1) == 0 && state_at(at + STRETCH) == 0);
    assert_true(faults(p - 1) && faults(p + GRAIN) && faults(at + STRETCH - PAGE));
    assert_int_equal(region_at(p + GRAIN).state, WM_REGION_RESERVED);
    assert_int_equal(region_at(p + GRAIN).range.end, base + LENGTH);
    expect_sound();
    decommit(p, GRAIN);
    commit(p, GRAIN, WM_READWRITE);
    assert_int_equal(stamped(p), 0);
    commit(at + 20 * GRAIN, GRAIN, WM_EXECUTE_READ);
    expect_sound();
    release(base);
    assert_int_equal(wm_home.warm_pages, 0);
    expect_sound();
}

static void what_is_committed_and_warm_in_it_stays(void **state)
{
    uintptr_t base, at = wm_up((base = reserve(LENGTH)) + 8 * MiB, STRETCH);

    (void)state;
    commit(at + 2 * GRAIN, GRAIN, WM_READWRITE);
    stamp_pages(at + 2 * GRAIN, 16);
    commit(at + 4 * GRAIN, GRAIN, WM_READWRITE);
    decommit(at + 4 * GRAIN, GRAIN);
    churn(base, 4);
    commit(at + 7 * GRAIN, GRAIN, WM_READWRITE);
    assert_int_equal(stamped(at + 2 * GRAIN + PAGE), at + 2 * GRAIN + 1);
    assert_true(state_at(at + 3 * GRAIN) == WARM && state_at(at + 6 * GRAIN) == WARM);
    expect_sound();
    release(base);
    expect_sound();
}

static void pages_that_are_kept_can_be_committed_with_others(void **state)
{
    uintptr_t base = reserve(LENGTH), p = base + 8 * MiB + 7 * GRAIN;

    (void)state;
    commit(p, GRAIN, WM_READWRITE);
    decommit(p, GRAIN);
    churn(base, 4);
    commit(p - GRAIN, 3 * GRAIN, WM_READWRITE);
    assert_int_equal(stamped(p - GRAIN) + stamped(p) + stamped(p + GRAIN), 0);
    expect_sound();
    release(base);
}

static void other_memory_in_it_keeps_it_closed(void **state)
{
    uintptr_t base, at = churned(&base);

    (void)state;
    commit(at, PAGE, WM_READONLY);
    commit(at + 7 * GRAIN, GRAIN, WM_READWRITE);
    assert_int_equal(state_at(at + 6 * GRAIN), 0);
    commit(at + STRETCH, GRAIN, WM_READONLY);
    assert_int_equal(state_at(at + STRETCH + GRAIN), 0);
    expect_sound();
    release(base);
}

/* It would cost 16 us, and nothing would be gained. */
static void who_comes_back_to_the_same_places_has_nothing_opened(void **state)
{
    uintptr_t base = reserve(LENGTH);

    (void)state;
    for (int i = 0; i < 100; i++) {
        commit(base, GRAIN, WM_READWRITE);
        decommit(base, GRAIN);
    }
    commit(base + 8 * GRAIN, GRAIN, WM_READWRITE);
    assert_int_equal(state_at(base + 9 * GRAIN), 0);
    release(base);
}

static void where_promises_are_counted_little_is_kept(void **state)
{
    const struct rlimit limit = {1ul << 62, RLIM_INFINITY};
    uintptr_t base, at = churned(&base);

    (void)state;
    assert_int_equal(setrlimit(RLIMIT_DATA, &limit), 0);
    for (; at < base + LENGTH - STRETCH; at += STRETCH)
        commit(at, GRAIN, WM_READWRITE);
    assert_in_range(wm_home.warm_bytes, 2 * STRETCH, 1 << 25);
    assert_int_equal(state_at(base + LENGTH - 1), 0);
    expect_sound();
    release(base);
}

static void where_they_are_not_it_may_be_more(void **state)
{
    uintptr_t base, at = churned(&base);

    (void)state;
    if (wm_kern_overcommit() == 2 || wm_kern_data_limit() != UINT64_MAX)
        skip();
    for (; at < base + LENGTH - STRETCH; at += STRETCH)
        commit(at, GRAIN, WM_READWRITE);
    assert_in_range(wm_home.warm_bytes, (1 << 25) + STRETCH, LENGTH);
    expect_sound();
    release(base);
}

/* The kernel refuses another allocation: what is kept goes first, wherever it is. */
static void it_is_given_up_before_anybody_is_refused(void **state)
{
    const struct rlimit limit = {1ul << 62, RLIM_INFINITY};
    uintptr_t base, at = churned(&base), other = reserve(GRAIN);

    (void)state;
    commit(at, GRAIN, WM_READWRITE);
    stamp_pages(at, 16);
    assert_int_equal(setrlimit(RLIMIT_DATA, &limit), 0);
    wm_fault_nth(1, ENOMEM); /* the mprotect of a commit */
    commit(other, GRAIN, WM_READONLY);
    wm_fault_nth(0, 0);
    assert_true(wm_home.warm_bytes == 0 && wm_home.warm_pages == 0);
    assert_int_equal(state_at(at + GRAIN), 0);
    assert_int_equal(stamped(at), at);
    expect_sound();
    release(base);
    release(other);
}

/* The markers are there, the access is refused: the commit goes on without, and nothing else is promised. */
static void what_was_opened_in_vain_is_given_back(void **state)
{
    uintptr_t base, at = churned(&base);
    size_t kept = wm_home.warm_bytes;

    (void)state;
    wm_fault_nth(2, ENOMEM);
    commit(at + 5 * GRAIN, GRAIN, WM_READWRITE);
    wm_fault_nth(0, 0);
    assert_true(state_at(at) == 0 && state_at(at + STRETCH - 1) == 0);
    assert_int_equal(wm_home.warm_bytes, kept);
    expect_sound();
    release(base);
    expect_sound();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stretch_is_opened_around_what_is_committed),
        cmocka_unit_test(what_is_committed_and_warm_in_it_stays),
        cmocka_unit_test(pages_that_are_kept_can_be_committed_with_others),
        cmocka_unit_test(other_memory_in_it_keeps_it_closed),
        cmocka_unit_test(who_comes_back_to_the_same_places_has_nothing_opened),
        cmocka_unit_test(where_promises_are_counted_little_is_kept),
        cmocka_unit_test(where_they_are_not_it_may_be_more),
        cmocka_unit_test(it_is_given_up_before_anybody_is_refused),
        cmocka_unit_test(what_was_opened_in_vain_is_given_back),
    };

    MUST(wm_home_ready());
    if (!wm_feature_in_use("guard_markers"))
        return 77; /* Linux 6.13 */
    audit_open();
    return RUN_APART(tests);
}
