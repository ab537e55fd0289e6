/* bins.h: free extents by size. */
#include "core/bins.h"

#include "book.h"

static int bin_of(size_t first, size_t count)
{
    struct wm_extent e = {.start = page(first), .bytes = count * WM_PAGE, .kind = WM_FREE};

    return wm_bins_of(&e);
}

static bool pick(size_t count, struct wm_found *out)
{
    return wm_space_pick(&book, WM_GROUND_HELD, count * WM_PAGE, out);
}

static void an_extent_without_a_whole_granule_is_in_no_bin(void **state)
{
    (void)state;
    assert_int_equal(bin_of(0, 15), -1);
    assert_int_equal(bin_of(1, 30), -1);
    assert_true(bin_of(0, 16) >= 0);
    assert_true(bin_of(1, 31) >= 0);
}

static void bins_ascend_with_the_size(void **state)
{
    int before = 0;

    (void)state;
    for (size_t granules = 1; granules < (size_t)1 << 30; granules += granules / 9 + 1) {
        int bin = bin_of(0, granules * GRANULE_PAGES);

        assert_in_range(bin, before, WM_BIN_COUNT - 1);
        before = bin;
    }
}

/* An extent of the next bin or a greater one always holds what was asked for. */
static void four_bins_double_the_size(void **state)
{
    (void)state;
    for (size_t granules = 4; granules < (size_t)1 << 30; granules *= 2)
        assert_int_equal(bin_of(0, 2 * granules * GRANULE_PAGES) - bin_of(0, granules * GRANULE_PAGES), 4);
}

static void nothing_too_small_is_picked(void **state)
{
    struct wm_found found;

    (void)state;
    add_arena(1, 32, WM_GROUND_HELD); /* one whole granule, and ends of two */
    assert_true(pick(16, &found));
    assert_false(pick(17, &found));
}

static void only_the_ground_asked_for_is_picked(void **state)
{
    struct wm_found found;

    (void)state;
    add_arena(0, 64, WM_GROUND_OPEN);
    assert_false(pick(1, &found));
    assert_true(wm_space_pick(&book, WM_GROUND_OPEN, WM_PAGE, &found));
}

static void what_is_used_is_not_picked(void **state)
{
    struct wm_found found;

    (void)state;
    add_arena(0, 32, WM_GROUND_HELD);
    carve(private_pages(0, 16));
    assert_true(pick(16, &found));
    carve(private_pages(16, 1));
    assert_false(pick(1, &found));
    drop(0);
    assert_true(pick(16, &found));
    assert_int_equal(found.extent.start, page(0));
}

static void a_great_extent_serves_when_those_of_its_size_are_gone(void **state)
{
    struct wm_found found;

    (void)state;
    add_arena(0, 16, WM_GROUND_HELD);
    add_arena(1024, 1024, WM_GROUND_HELD);
    assert_true(pick(32, &found));
    assert_int_equal(found.extent.start, page(1024));
}

/* Extents that share a bin are of different sizes: the first few are looked at. */
static void an_extent_of_the_same_bin_serves_if_it_is_long_enough(void **state)
{
    struct wm_found found;

    (void)state;
    assert_int_equal(bin_of(0, 16 * 16), bin_of(0, 19 * 16));
    add_arena(0, 16 * 16, WM_GROUND_HELD);
    assert_false(pick(19 * 16, &found));
    add_arena(10000, 19 * 16, WM_GROUND_HELD);
    add_arena(20000, 17 * 16, WM_GROUND_HELD);
    assert_true(pick(19 * 16, &found));
    assert_int_equal(found.extent.start, page(10000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BOOK(an_extent_without_a_whole_granule_is_in_no_bin),
        WITH_BOOK(bins_ascend_with_the_size),
        WITH_BOOK(four_bins_double_the_size),
        WITH_BOOK(nothing_too_small_is_picked),
        WITH_BOOK(only_the_ground_asked_for_is_picked),
        WITH_BOOK(what_is_used_is_not_picked),
        WITH_BOOK(a_great_extent_serves_when_those_of_its_size_are_gone),
        WITH_BOOK(an_extent_of_the_same_bin_serves_if_it_is_long_enough),
    };

    return RUN(tests);
}
