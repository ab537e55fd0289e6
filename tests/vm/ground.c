/*
 * ground.c: wherever two extents become one, or what lies under one changes its kind, the book goes on saying
 * what the kernel has; and what is free there to the book alone stays whoever's it is.
 */
#include "audit.h"

#include "support/apart.h"

#include "vm/ground/arena.h"

static void audit_now(void)
{
    check_book();
    audit_or_fail(audit_book());
}

static void need_arenas(void)
{
    MUST(wm_home_ready());
    if (!wm_probe_has(WM_FEATURE_ARENAS))
        skip();
    audit_open();
}

static void hold_at(uintptr_t at, size_t bytes)
{
    uintptr_t result = 0;

    MUST(alloc(WM_ALLOC_PLACEHOLDER, at, bytes, WM_NOACCESS, false, &result));
    assert_int_equal(result, at);
}

/* The first granule of open ground, with room in front of it that is nobody's. */
static uintptr_t start_of_open_ground(void)
{
    uintptr_t start;

    release(allocate(MiB));
    start = straddling_room(WM_GROUND_OPEN, GRAIN);
    if (start == 0)
        skip();
    return start + GRAIN;
}

static void somebody_in_the_slack_of_joined_placeholders_is_left_alone(void **state)
{
    uintptr_t open, result = 0;
    struct other *somebody;

    (void)state;
    need_arenas();
    open = start_of_open_ground();
    hold_at(open, 12 * PAGE);
    hold_at(open - GRAIN, GRAIN);
    MUST(free_pages(WM_FREE_COALESCE, open - GRAIN, GRAIN + 12 * PAGE));
    audit_now();
    somebody = others_settle(wm_range_of(open + 12 * PAGE, 4 * PAGE), 3, false, 1);
    assert_non_null(somebody);
    release(open - GRAIN);
    audit_now();
    assert_int_equal(region_at(open + 12 * PAGE).state, WM_REGION_COMMITTED);
    EXPECT_STATUS(WM_ADDRESS_TAKEN,
                  alloc(WM_ALLOC_RESERVE, open - GRAIN, 2 * GRAIN, WM_READWRITE, true, &result));
    audit_now();
    others_leave(somebody);
    MUST(alloc(WM_ALLOC_RESERVE, open - GRAIN, 2 * GRAIN, WM_READWRITE, true, &result));
    audit_now();
}

/* What the kernel gives us may begin in what it knows nothing of. */
static void new_ground_may_begin_in_slack(void **state)
{
    uintptr_t used = 0;
    struct wm_range given;

    (void)state;
    need_arenas();
    used = allocate(12 * PAGE);
    given = wm_range_of(used + 13 * PAGE, 19 * PAGE);
    assert_int_equal(wm_kern_map(given, WM_ACCESS_NONE, WM_AT_FREE), 0);
    MUST(wm_home_enter());
    assert_int_equal(wm_arena_add(given, WM_GROUND_HELD), 0);
    wm_home_leave();
    audit_now();
    assert_int_equal(region_at(used + 12 * PAGE).state, WM_REGION_FREE);
    release(used);
    audit_now();
}

/* Its pages are given up; the slack was never mapped. */
static void giving_up_pages_does_not_give_up_slack(void **state)
{
    uintptr_t p;

    (void)state;
    need_arenas();
    if (!wm_feature_in_use("guard_markers"))
        skip();
    p = must_alloc(WM_ALLOC_RESERVE, 12 * PAGE, WM_READONLY, true);
    assert_non_null(others_settle(wm_range_of(p + 13 * PAGE, 2 * PAGE), 3, false, 2));
#ifdef WM_FAULT_SCRIPT
    wm_fault_nth(1, ENOMEM);
    release(p);
    wm_fault_nth(0, 0);
#endif
    audit_now();
    assert_int_equal(region_at(p + 13 * PAGE).state, WM_REGION_COMMITTED);
}

/* A large mapping is looked for where one was freed, and that may have begun anywhere in a granule. */
static void large_reservations_begin_at_granules(void **state)
{
    uintptr_t p, q;

    (void)state;
    MUST(wm_home_ready());
    audit_open();
    p = placeholder(4 * GiB);
    MUST(free_pages(WM_FREE_SPLIT, p, PAGE));
    release(p + PAGE);
    q = reserve(2 * GiB);
    assert_int_equal(q % GRAIN, 0);
    audit_now();
    release(q);
    release(p);
    assert_int_equal(reserve(2 * GiB) % GRAIN, 0);
    audit_now();
}

static void expect_marks(const struct wm_extent *e, uintptr_t first, uintptr_t end)
{
    struct wm_range marked;

    assert_true(wm_marks_first(e, WM_MARK_RESET, wm_extent_range(e), &marked));
    assert_int_equal(marked.start, first);
    assert_int_equal(marked.end, end);
}

/* What is noted of pages is noted of what is left, at the same addresses. */
static void what_is_noted_of_pages_stays_when_a_part_is_cut_out(void **state)
{
    uintptr_t p = placeholder(16 * PAGE);
    struct wm_found found;

    (void)state;
    audit_open();
    MUST(alloc(WM_ALLOC_REPLACE, p, 16 * PAGE, WM_READWRITE, true, &p));
    stamp_pages(p, 16);
    assert_true(wm_space_at(&wm_home.space, p, &found) && wm_marks_ready(&found));
    assert_true(wm_marks_canaries_ready(&found.extent));
    wm_marks_set(&found.extent, WM_MARK_RESET, wm_range_of(p + 2 * PAGE, 12 * PAGE));
    *wm_marks_canary(&found.extent, p + 13 * PAGE) = (struct wm_canary){13, 8};
    MUST(free_pages(WM_FREE_SPLIT, p + 4 * PAGE, 6 * PAGE));
    assert_true(wm_space_at(&wm_home.space, p, &found));
    expect_marks(&found.extent, p + 2 * PAGE, p + 4 * PAGE);
    assert_true(wm_space_at(&wm_home.space, p + 10 * PAGE, &found));
    expect_marks(&found.extent, p + 10 * PAGE, p + 14 * PAGE);
    assert_int_equal(wm_marks_canary(&found.extent, p + 13 * PAGE)->word, 13);
    audit_now();
    release(p + 10 * PAGE);
    release(p);
    audit_now();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(somebody_in_the_slack_of_joined_placeholders_is_left_alone),
        cmocka_unit_test(new_ground_may_begin_in_slack),
        cmocka_unit_test(giving_up_pages_does_not_give_up_slack),
        cmocka_unit_test(large_reservations_begin_at_granules),
        cmocka_unit_test(what_is_noted_of_pages_stays_when_a_part_is_cut_out),
    };

    return RUN_APART(tests);
}
