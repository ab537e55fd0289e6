/* range.h: half-open ranges, and rounding. */
#include "support/unit.h"

#include "base/range.h"

static void rounding_down_and_up_meets_at_multiples(void **state)
{
    (void)state;
    assert_int_equal(wm_down(0x12345, WM_PAGE), 0x12000);
    assert_int_equal(wm_up(0x12345, WM_PAGE), 0x13000);
    assert_int_equal(wm_down(0x12000, WM_PAGE), 0x12000);
    assert_int_equal(wm_up(0x12000, WM_PAGE), 0x12000);
    assert_int_equal(wm_up(1, WM_GRANULE), WM_GRANULE);
    assert_int_equal(wm_up(0, WM_GRANULE), 0);
}

static void rounding_up_wraps_to_0_where_no_multiple_exists(void **state)
{
    (void)state;
    assert_int_equal(wm_up(UINTPTR_MAX, WM_PAGE), 0);
    assert_int_equal(wm_up(UINTPTR_MAX - WM_PAGE + 2, WM_PAGE), 0);
    assert_true(wm_up(UINTPTR_MAX - WM_PAGE + 1, WM_PAGE) == UINTPTR_MAX - WM_PAGE + 1);
}

static void a_range_holds_itself_and_its_parts(void **state)
{
    struct wm_range r = {0x1000, 0x3000};

    (void)state;
    assert_true(wm_range_holds(r, r));
    assert_true(wm_range_holds(r, (struct wm_range){0x2000, 0x3000}));
    assert_true(wm_range_holds(r, (struct wm_range){0x2000, 0x2000}));
    assert_false(wm_range_holds(r, (struct wm_range){0x2000, 0x3001}));
    assert_false(wm_range_holds(r, (struct wm_range){0xfff, 0x2000}));
}

static void ranges_side_by_side_do_not_touch(void **state)
{
    struct wm_range r = {0x1000, 0x3000};

    (void)state;
    assert_false(wm_range_touches(r, (struct wm_range){0x3000, 0x4000}));
    assert_false(wm_range_touches(r, (struct wm_range){0, 0x1000}));
    assert_true(wm_range_touches(r, (struct wm_range){0x2fff, 0x4000}));
    assert_true(wm_range_touches(r, (struct wm_range){0, 0x1001}));
}

static void a_cut_is_what_both_hold_and_never_negative(void **state)
{
    struct wm_range r = wm_range_cut((struct wm_range){0x1000, 0x3000}, (struct wm_range){0x2000, 0x9000});

    (void)state;
    assert_int_equal(r.start, 0x2000);
    assert_int_equal(r.end, 0x3000);
    r = wm_range_cut((struct wm_range){0x1000, 0x3000}, (struct wm_range){0x5000, 0x9000});
    assert_int_equal(wm_range_bytes(r), 0);
}

static void pages_are_all_that_hold_a_byte(void **state)
{
    struct wm_range r = wm_range_pages(0x1fff, 2);

    (void)state;
    assert_int_equal(r.start, 0x1000);
    assert_int_equal(r.end, 0x3000);
    assert_int_equal(wm_range_bytes(wm_range_pages(0x1000, 0x1000)), 0x1000);
}

static void a_range_fits_if_it_ends_at_or_below_the_end_of_user_space(void **state)
{
    (void)state;
    assert_true(wm_range_fits(WM_SPACE_END - WM_PAGE, WM_PAGE));
    assert_false(wm_range_fits(WM_SPACE_END - WM_PAGE, WM_PAGE + 1));
    assert_false(wm_range_fits(WM_SPACE_END, 0));
    assert_false(wm_range_fits(WM_SPACE_START, SIZE_MAX));
    assert_false(wm_range_fits(UINTPTR_MAX, 2));
    assert_true(wm_range_fits(0, WM_SPACE_END));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounding_down_and_up_meets_at_multiples),
        cmocka_unit_test(rounding_up_wraps_to_0_where_no_multiple_exists),
        cmocka_unit_test(a_range_holds_itself_and_its_parts),
        cmocka_unit_test(ranges_side_by_side_do_not_touch),
        cmocka_unit_test(a_cut_is_what_both_hold_and_never_negative),
        cmocka_unit_test(pages_are_all_that_hold_a_byte),
        cmocka_unit_test(a_range_fits_if_it_ends_at_or_below_the_end_of_user_space),
    };

    return RUN(tests);
}
