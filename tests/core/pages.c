/* pages.h: the states of an extent's pages, as runs. */
#include "book.h"

enum { COUNT = 96, READONLY = 2, READWRITE = 4 };

static uint16_t model[COUNT];

static int new_extent(void **state)
{
    int failed = new_book(state);

    add_arena(0, COUNT + 32, WM_GROUND_HELD);
    carve(private_pages(GRANULE_PAGES, COUNT));
    for (int i = 0; i < COUNT; i++)
        model[i] = 0;
    return failed;
}

static struct wm_found the_extent(void)
{
    return at(GRANULE_PAGES);
}

static struct wm_range part(int first, int count)
{
    return pages((size_t)(GRANULE_PAGES + first), (size_t)count);
}

static void set(int first, int count, uint16_t state)
{
    set_pages((size_t)(GRANULE_PAGES + first), (size_t)count, state);
    for (int i = first; i < first + count; i++)
        model[i] = state;
}

static int run_end(int from)
{
    int end = from;

    while (end < COUNT && model[end] == model[from])
        end++;
    return end;
}

static void expect_model(void)
{
    struct wm_extent e = the_extent().extent;

    for (int i = 0, runs = 0; i < COUNT; i = run_end(i), runs++) {
        struct wm_run run = wm_pages_at(&book, &e, part(i, 1).start);

        assert_int_equal(run.state, model[i]);
        assert_int_equal(run.range.start, part(i, 1).start);
        assert_int_equal(run.range.end, part(run_end(i), 1).start);
    }
    assert_int_equal((e.flags & WM_EXTENT_MIXED) != 0, run_end(0) < COUNT);
}

static void pages_begin_in_the_state_of_their_extent(void **state)
{
    (void)state;
    expect_model();
    assert_int_equal(wm_btree_check(&book.runs), 0);
}

static void equal_neighbours_are_one_run(void **state)
{
    (void)state;
    set(10, 2, READWRITE);
    set(12, 2, READWRITE);
    set(8, 2, READWRITE);
    expect_model();
    assert_int_equal(wm_btree_check(&book.runs), 3);
}

static void a_run_is_divided_by_what_is_set_inside_it(void **state)
{
    (void)state;
    set(10, 20, READWRITE);
    set(15, 1, READONLY);
    expect_model();
    assert_int_equal(wm_btree_check(&book.runs), 5);
}

static void runs_inside_what_is_set_go(void **state)
{
    (void)state;
    for (int i = 1; i < COUNT; i += 2)
        set(i, 1, READONLY);
    expect_model();
    set(3, COUNT - 6, READWRITE);
    expect_model();
}

static void an_extent_of_like_pages_keeps_no_runs(void **state)
{
    (void)state;
    set(0, 40, READWRITE);
    set(40, COUNT - 40, READWRITE);
    expect_model();
    assert_int_equal(wm_btree_check(&book.runs), 0);
    set(7, 1, READONLY);
    set(0, COUNT, READONLY);
    assert_int_equal(wm_btree_check(&book.runs), 0);
    expect_model();
}

static void runs_end_with_their_extent(void **state)
{
    struct wm_found before = at(0), beside;

    (void)state;
    carve(private_pages(GRANULE_PAGES + COUNT, 16));
    set(COUNT - 1, 1, READWRITE);
    set_pages(GRANULE_PAGES + COUNT, 1, READWRITE);
    beside = at(GRANULE_PAGES + COUNT);
    assert_int_equal(wm_pages_at(&book, &beside.extent, beside.extent.start).state, READWRITE);
    expect_model();
    assert_int_equal(before.extent.state, 0);
}

static void a_range_is_committed_if_all_its_pages_are(void **state)
{
    struct wm_extent e;

    (void)state;
    set(10, 10, READWRITE);
    set(20, 10, READONLY);
    e = the_extent().extent;
    assert_true(wm_pages_committed(&book, &e, part(10, 20)));
    assert_false(wm_pages_committed(&book, &e, part(9, 20)));
    assert_false(wm_pages_committed(&book, &e, part(11, 20)));
}

/* The runs of a range are those of the array, each page of the range is met once, and none beside it. */
static void expect_walk(int first, int count)
{
    struct wm_extent e = the_extent().extent;
    int next = first, end;

    for (struct wm_run_walk w = wm_runs_of(&book, &e, part(first, count)); wm_run_next(&w); next = end) {
        end = run_end(next) < first + count ? run_end(next) : first + count;
        assert_int_equal(w.run.state, model[next]);
        assert_int_equal(w.run.range.start, part(next, 1).start);
        assert_int_equal(w.run.range.end, part(end, 1).start);
    }
    assert_int_equal(next, first + count);
    assert_int_equal(wm_pages_count(&book, &e, part(first, count)) == 1, run_end(first) >= first + count);
}

static void a_walk_stays_in_its_range(void **state)
{
    (void)state;
    expect_walk(5, 20);
    set(10, 10, READWRITE);
    for (int first = 0; first < 24; first++)
        for (int count = 1; count < 24; count++)
            expect_walk(first, count);
}

static void a_walk_stays_in_its_extent(void **state)
{
    struct wm_range beyond = {part(0, 1).start - WM_PAGE, part(COUNT + 1, 1).start};
    struct wm_extent e = the_extent().extent;
    struct wm_run_walk w = wm_runs_of(&book, &e, beyond);

    (void)state;
    assert_true(wm_run_next(&w));
    assert_int_equal(w.run.range.start, part(0, 1).start);
    assert_int_equal(w.run.range.end, part(COUNT, 1).start);
    assert_false(wm_run_next(&w));
    w = wm_runs_of(&book, &e, part(3, 0));
    assert_false(wm_run_next(&w));
    w = wm_runs_of(&book, &e, part(COUNT, 4));
    assert_false(wm_run_next(&w));
}

/* What is set joins the run behind it: that is met from where the walk is, not once more from its start. */
static void a_walk_goes_on_where_its_pages_become_like_those_behind(void **state)
{
    struct wm_found found;
    int next = 4;

    (void)state;
    for (int i = 0; i < 12; i += 2)
        set(4 + i, 2, i % 4 == 0 ? READWRITE : READONLY);
    found = the_extent();
    assert_true(wm_space_ready(&book, 0, 6 * WM_PAGES_RUNS));
    WM_SPACE_CHANGES(&book)
        for (struct wm_run_walk w = wm_runs_of(&book, &found.extent, part(4, 12)); wm_run_next(&w);
             next += 2) {
            assert_int_equal(w.run.range.start, part(next, 1).start);
            assert_int_equal(w.run.range.end, part(next + 2, 1).start);
            wm_pages_set(&book, &found, w.run.range, READONLY);
        }
    assert_int_equal(next, 16);
    for (int i = 4; i < 16; i++)
        model[i] = READONLY;
    expect_model();
}

static void random_sets_give_what_an_array_gives(void **state)
{
    static const uint16_t states[] = {
        0, READONLY, READWRITE, READWRITE | WM_PAGE_COPY, WM_PAGE_MARKED, WM_PAGE_MARKED | WM_PAGE_DENSE};
    struct dice dice = {4};

    (void)state;
    for (int i = 0; i < 20000; i++) {
        int first = (int)below(&dice, COUNT);
        int count = 1 + (int)below(&dice, below(&dice, 4) == 0 ? (unsigned)(COUNT - first) : 4);

        if (count > COUNT - first)
            count = COUNT - first;
        set(first, count, states[below(&dice, i / 1000 % 2 == 0 ? 6 : 2)]);
        expect_model();
        expect_walk(first, count);
        wm_space_check(&book);
    }
}

#define WITH_EXTENT(test) cmocka_unit_test_setup_teardown(test, new_extent, check_book)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_EXTENT(pages_begin_in_the_state_of_their_extent),
        WITH_EXTENT(equal_neighbours_are_one_run),
        WITH_EXTENT(a_run_is_divided_by_what_is_set_inside_it),
        WITH_EXTENT(runs_inside_what_is_set_go),
        WITH_EXTENT(an_extent_of_like_pages_keeps_no_runs),
        WITH_EXTENT(runs_end_with_their_extent),
        WITH_EXTENT(a_range_is_committed_if_all_its_pages_are),
        WITH_EXTENT(a_walk_stays_in_its_range),
        WITH_EXTENT(a_walk_stays_in_its_extent),
        WITH_EXTENT(a_walk_goes_on_where_its_pages_become_like_those_behind),
        WITH_EXTENT(random_sets_give_what_an_array_gives),
    };

    return RUN(tests);
}
