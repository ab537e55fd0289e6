/* space.h: the book of extents, change by change. */
#include "book.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void expect_extent(size_t number, enum wm_kind kind, size_t first, size_t count, size_t slack)
{
    struct wm_found found = at(number);

    assert_int_equal(found.extent.kind, kind);
    assert_int_equal(found.extent.start, page(first));
    assert_int_equal(found.extent.bytes, count * WM_PAGE);
    assert_int_equal(found.extent.slack, slack);
}

static void expect_nothing(size_t number)
{
    struct wm_found found;

    assert_false(wm_space_at(&book, page(number), &found));
}

static void an_empty_book_knows_nothing(void **state)
{
    struct wm_found found;
    struct wm_peek peek;

    (void)state;
    expect_nothing(0);
    assert_false(wm_space_from(&book, 0, &found));
    assert_false(wm_space_pick(&book, WM_GROUND_HELD, 1, &found));
    assert_true(wm_space_peek(&book, BASE, &peek));
    assert_true(!peek.found && peek.below == 0 && peek.above == UINTPTR_MAX);
}

static void free_neighbours_of_one_ground_become_one(void **state)
{
    (void)state;
    add_arena(0, 16, WM_GROUND_HELD);
    add_arena(32, 16, WM_GROUND_HELD);
    expect_extent(0, WM_FREE, 0, 16, 0);
    add_arena(16, 16, WM_GROUND_HELD);
    expect_extent(40, WM_FREE, 0, 48, 0);
}

static void free_neighbours_of_different_ground_stay_apart(void **state)
{
    (void)state;
    add_arena(0, 16, WM_GROUND_HELD);
    add_arena(16, 16, WM_GROUND_OPEN);
    expect_extent(0, WM_FREE, 0, 16, 0);
    expect_extent(16, WM_FREE, 16, 16, 0);
}

static void free_ground_of_no_length_is_nothing(void **state)
{
    (void)state;
    add_arena(0, 0, WM_GROUND_HELD);
    expect_nothing(0);
}

static void what_is_carved_takes_the_rest_of_its_last_granule_as_slack(void **state)
{
    (void)state;
    add_arena(0, 64, WM_GROUND_HELD);
    carve(private_pages(16, 3));
    expect_extent(0, WM_FREE, 0, 16, 0);
    expect_extent(16, WM_PRIVATE, 16, 3, 13);
    expect_extent(31, WM_PRIVATE, 16, 3, 13);
    expect_extent(32, WM_FREE, 32, 32, 0);
}

static void slack_ends_with_the_arena(void **state)
{
    (void)state;
    add_arena(0, 20, WM_GROUND_HELD);
    carve(private_pages(16, 2));
    expect_extent(16, WM_PRIVATE, 16, 2, 2);
    expect_nothing(20);
}

static void carving_gives_the_ground_of_where_it_was_cut(void **state)
{
    (void)state;
    add_arena(0, 16, WM_GROUND_OPEN);
    carve(private_pages(0, 16));
    assert_int_equal(at(0).extent.ground, WM_GROUND_OPEN);
    drop(0);
    assert_int_equal(at(0).extent.ground, WM_GROUND_OPEN);
}

static void carving_at_either_end_or_all_leaves_the_rest_free(void **state)
{
    (void)state;
    add_arena(0, 64, WM_GROUND_HELD);
    carve(private_pages(0, 16));
    carve(private_pages(48, 16));
    expect_extent(16, WM_FREE, 16, 32, 0);
    carve(private_pages(16, 32));
    expect_extent(47, WM_PRIVATE, 16, 32, 0);
}

static void dropping_gives_slack_back_and_merges_on_both_sides(void **state)
{
    (void)state;
    add_arena(0, 64, WM_GROUND_HELD);
    carve(private_pages(0, 1));
    carve(private_pages(16, 1));
    carve(private_pages(32, 1));
    drop(0);
    drop(32);
    expect_extent(0, WM_FREE, 0, 16, 0);
    drop(16);
    expect_extent(16, WM_FREE, 0, 64, 0);
}

static void dropping_a_mapping_of_its_own_leaves_nothing(void **state)
{
    struct wm_extent e = private_pages(0, 4);

    (void)state;
    e.ground = WM_GROUND_OWN;
    ready();
    WM_SPACE_CHANGES(&book)
        wm_space_add(&book, &e);
    expect_extent(3, WM_PRIVATE, 0, 4, 0);
    expect_nothing(4);
    drop(0);
    expect_nothing(0);
}

static void forgetting_leaves_nothing_whatever_the_ground(void **state)
{
    (void)state;
    add_arena(0, 64, WM_GROUND_HELD);
    carve(private_pages(16, 1));
    set_pages(16, 1, 4);
    WM_SPACE_CHANGES(&book)
        wm_space_forget(&book, at(16));
    expect_nothing(16);
    WM_SPACE_CHANGES(&book)
        wm_space_forget(&book, at(0));
    expect_nothing(0);
    expect_extent(32, WM_FREE, 32, 32, 0);
}

static void dropping_takes_the_page_runs_along(void **state)
{
    (void)state;
    add_arena(0, 64, WM_GROUND_HELD);
    carve(private_pages(0, 32));
    set_pages(3, 5, 4);
    set_pages(12, 5, 2);
    drop(0);
    assert_int_equal(wm_btree_check(&book.runs), 0);
}

static struct wm_extent placeholder_pages(size_t first, size_t count)
{
    struct wm_extent e = private_pages(first, count);

    e.kind = WM_PLACEHOLDER;
    return e;
}

static void split(size_t number)
{
    ready();
    WM_SPACE_CHANGES(&book)
        wm_space_split(&book, at(number), page(number));
}

static void splitting_leaves_two_and_the_slack_with_the_second(void **state)
{
    (void)state;
    add_arena(0, 32, WM_GROUND_HELD);
    carve(placeholder_pages(0, 20));
    split(5);
    expect_extent(0, WM_PLACEHOLDER, 0, 5, 0);
    expect_extent(5, WM_PLACEHOLDER, 5, 15, 12);
}

static void joining_undoes_splitting(void **state)
{
    (void)state;
    add_arena(0, 32, WM_GROUND_HELD);
    carve(placeholder_pages(0, 20));
    split(5);
    split(11);
    WM_SPACE_CHANGES(&book) {
        wm_space_join(&book, at(0), at(5));
        wm_space_join(&book, at(0), at(11));
    }
    expect_extent(31, WM_PLACEHOLDER, 0, 20, 12);
}

/* An arena's own kind of ground for both, but what is free behind the second is as unmapped as before. */
static void joining_different_ground_makes_open_slack_free(void **state)
{
    struct wm_extent own = placeholder_pages(0, 16);

    (void)state;
    own.ground = WM_GROUND_OWN;
    ready();
    WM_SPACE_CHANGES(&book)
        wm_space_add(&book, &own);
    add_arena(16, 32, WM_GROUND_OPEN);
    carve(placeholder_pages(16, 12));
    WM_SPACE_CHANGES(&book)
        wm_space_join(&book, at(0), at(16));
    expect_extent(0, WM_PLACEHOLDER, 0, 28, 0);
    assert_int_equal(at(0).extent.ground, WM_GROUND_OWN);
    expect_extent(28, WM_FREE, 28, 20, 0);
    assert_int_equal(at(28).extent.ground, WM_GROUND_OPEN);
}

static void joining_with_held_ground_is_held(void **state)
{
    (void)state;
    add_arena(0, 16, WM_GROUND_OPEN);
    add_arena(16, 16, WM_GROUND_HELD);
    carve(placeholder_pages(0, 16));
    carve(placeholder_pages(16, 12));
    ready();
    WM_SPACE_CHANGES(&book)
        wm_space_join(&book, at(0), at(16));
    expect_extent(0, WM_PLACEHOLDER, 0, 28, 4);
    assert_int_equal(at(0).extent.ground, WM_GROUND_HELD);
}

/* Of a view with runs, a window, whatever: nothing is left but the addresses and what lies under them. */
static void what_becomes_a_placeholder_keeps_its_ground_alone(void **state)
{
    struct wm_extent e = private_pages(0, 12);
    struct wm_found before, after;

    (void)state;
    add_arena(0, 32, WM_GROUND_OPEN);
    e.kind = WM_VIEW;
    e.section = 7;
    e.flags = WM_EXTENT_REPLACED;
    e.traits = WM_TRAIT_LARGE;
    e.node = 2;
    e.alloc_protect = 4;
    carve(e);
    set_pages(3, 2, 4);
    before = at(0);
    assert_true(before.extent.flags & WM_EXTENT_MIXED);
    WM_SPACE_CHANGES(&book)
        wm_space_become_placeholder(&book, before);
    expect_extent(0, WM_PLACEHOLDER, 0, 12, 4);
    e = (struct wm_extent){.start = page(0), .bytes = 12 * WM_PAGE, .kind = WM_PLACEHOLDER, .slack = 4};
    e.ground = WM_GROUND_OPEN;
    e.alloc_protect = WM_PLACEHOLDER_PROTECT;
    after = at(0);
    assert_memory_equal(&after.extent, &e, sizeof e);
    assert_int_equal(after.index, before.index);
    assert_int_equal(wm_btree_check(&book.runs), 0);
}

static void what_takes_the_place_of_a_placeholder_gets_its_ground(void **state)
{
    struct wm_extent e = private_pages(0, 12);

    (void)state;
    add_arena(0, 32, WM_GROUND_OPEN);
    carve(placeholder_pages(0, 12));
    e.ground = WM_GROUND_OWN;
    e.state = 4;
    e.marks = 64;
    WM_SPACE_CHANGES(&book)
        wm_space_become(&book, at(0), e);
    expect_extent(0, WM_PRIVATE, 0, 12, 4);
    assert_int_equal(at(0).extent.ground, WM_GROUND_OPEN);
    assert_int_equal(at(0).extent.state, 4);
    assert_int_equal(at(0).extent.marks, 64);
}

/* Only its slack comes back. */
static void lifting_leaves_slack_alone(void **state)
{
    struct wm_found found;

    (void)state;
    add_arena(0, 16, WM_GROUND_OPEN);
    carve(private_pages(0, 12));
    ready();
    WM_SPACE_CHANGES(&book)
        wm_space_lift(&book, at(0));
    assert_false(wm_space_at(&book, page(11), &found));
    expect_extent(12, WM_FREE, 12, 4, 0);
}

static void a_piece_dropped_between_two_others_is_free(void **state)
{
    (void)state;
    add_arena(0, 32, WM_GROUND_HELD);
    carve(placeholder_pages(0, 20));
    split(5);
    split(11);
    drop(5);
    expect_extent(5, WM_FREE, 5, 6, 0);
    drop(0);
    expect_extent(0, WM_FREE, 0, 11, 0);
    drop(11);
    expect_extent(0, WM_FREE, 0, 32, 0);
}

/* Its record and its entry in the map stay where they are, which costs least (docs/design/book.md). */
static void what_becomes_free_among_others_and_is_taken_again_keeps_its_record(void **state)
{
    uint32_t index, spare;

    (void)state;
    add_arena(0, 48, WM_GROUND_HELD);
    carve(private_pages(0, 16));
    carve(private_pages(16, 3));
    carve(private_pages(32, 16));
    set_pages(17, 1, 4);
    index = at(16).index;
    spare = book.extents.free_count;
    drop(16);
    expect_extent(16, WM_FREE, 16, 16, 0);
    assert_int_equal(at(16).index, index);
    wm_space_check(&book);
    carve(private_pages(16, 16));
    expect_extent(31, WM_PRIVATE, 16, 16, 0);
    assert_int_equal(at(16).index, index);
    assert_int_equal(book.extents.free_count, spare);
}

/* Ground of another kind is no neighbour; what is free already changes its kind in the same way. */
static void ground_that_becomes_another_kind_joins_that_kind(void **state)
{
    (void)state;
    add_arena(0, 16, WM_GROUND_OPEN);
    add_arena(16, 16, WM_GROUND_WARM);
    add_arena(32, 16, WM_GROUND_HELD);
    ready();
    WM_SPACE_CHANGES(&book)
        wm_space_free(&book, at(16), WM_GROUND_OPEN);
    expect_extent(16, WM_FREE, 0, 32, 0);
    expect_extent(32, WM_FREE, 32, 16, 0);
    WM_SPACE_CHANGES(&book)
        wm_space_free(&book, at(32), WM_GROUND_WARM);
    assert_int_equal(at(32).extent.ground, WM_GROUND_WARM);
    WM_SPACE_CHANGES(&book)
        wm_space_free(&book, at(0), WM_GROUND_WARM);
    expect_extent(0, WM_FREE, 0, 48, 0);
}

static void what_reaches_into_a_range_is_found_slack_included(void **state)
{
    struct wm_found found;

    (void)state;
    add_arena(0, 16, WM_GROUND_OPEN);
    add_arena(16, 48, WM_GROUND_HELD);
    carve(private_pages(16, 1));
    assert_true(wm_space_first_in(&book, pages(20, 1), true, &found));
    assert_int_equal(found.extent.start, page(16));
    assert_true(wm_space_first_in(&book, pages(0, 17), false, &found));
    assert_int_equal(found.extent.start, page(0));
    assert_true(wm_space_first_in(&book, pages(0, 17), true, &found)); /* passes over free open ground */
    assert_int_equal(found.extent.start, page(16));
    assert_false(wm_space_first_in(&book, pages(0, 16), true, &found));
    assert_false(wm_space_first_in(&book, pages(64, 16), true, &found));
}

static void ground_given_up_is_neither_merged_nor_handed_out(void **state)
{
    struct wm_extent e = private_pages(16, 16);
    struct wm_found found;

    (void)state;
    e.kind = WM_FREE;
    e.state = WM_PAGE_MARKED;
    ready();
    WM_SPACE_CHANGES(&book)
        wm_space_add(&book, &e);
    add_arena(0, 16, WM_GROUND_HELD);
    add_arena(32, 16, WM_GROUND_HELD);
    expect_extent(16, WM_FREE, 16, 16, 0);
    expect_extent(0, WM_FREE, 0, 16, 0);
    assert_false(wm_space_pick(&book, WM_GROUND_HELD, 17 * WM_PAGE, &found));
}

static void without_memory_a_book_is_not_ready_and_unchanged(void **state)
{
    struct wm_space before;

    (void)state;
    add_arena(0, 64, WM_GROUND_HELD);
    carve(private_pages(16, 3));
    storage_is_used_up = true;
    before = book;
    assert_false(wm_space_ready(&book, 100000, 0));
    assert_memory_equal(&book, &before, sizeof book);
    assert_false(wm_space_ready(&book, 0, 100000));
    assert_memory_equal(&book, &before, sizeof book);
    expect_extent(16, WM_PRIVATE, 16, 3, 13);
}

/* The longest way of every change, each time with no more than was promised. */
static void a_ready_book_needs_no_memory(void **state)
{
    struct wm_found found;

    (void)state;
    for (size_t i = 0; i < 2000; i++) {
        storage_is_used_up = false;
        assert_true(wm_space_ready(&book, 2, 2 * WM_PAGES_RUNS));
        storage_is_used_up = true;
        if (i % 2 == 0) {
            WM_SPACE_CHANGES(&book)
                wm_space_add_free(&book, pages(i * 64, 64), WM_GROUND_HELD);
            continue;
        }
        found = at(i * 64 - 64);
        WM_SPACE_CHANGES(&book)
            wm_space_carve(&book, found, private_pages(i * 64 - 64 + 16, 17));
        found = at(i * 64 - 64 + 16);
        WM_SPACE_CHANGES(&book) {
            wm_pages_set(&book, &found, pages(i * 64 - 64 + 20, 3), 4);
            wm_pages_set(&book, &found, pages(i * 64 - 64 + 26, 3), 2);
        }
    }
}

/* Others may use up all that is left; then there is still enough for the change that was promised. */
static void what_was_promised_is_there_when_it_is_redeemed(void **state)
{
    struct wm_extent e = {.bytes = WM_PAGE, .kind = WM_PRIVATE, .ground = WM_GROUND_OWN};
    struct wm_found found;
    size_t others = 0;

    (void)state;
    add_arena(0, 64, WM_GROUND_HELD);
    ready();
    wm_space_promise(&book);
    storage_is_used_up = true;
    for (e.start = page(1000); wm_space_ready(&book, 1, WM_PAGES_RUNS); e.start += 2 * WM_PAGE, others++)
        WM_SPACE_CHANGES(&book)
            wm_space_add(&book, &e);
    assert_true(others > 10);
    wm_space_redeem(&book);
    WM_SPACE_CHANGES(&book)
        wm_space_carve(&book, at(0), private_pages(16, 17));
    found = at(16);
    WM_SPACE_CHANGES(&book)
        wm_pages_set(&book, &found, pages(20, 3), 4);
}

static void a_peek_tells_what_lies_around(void **state)
{
    struct wm_peek peek;

    (void)state;
    add_arena(16, 16, WM_GROUND_HELD);
    carve(private_pages(16, 2));
    add_arena(64, 16, WM_GROUND_HELD);
    assert_true(wm_space_peek(&book, page(17), &peek));
    assert_true(peek.found && peek.extent.start == page(16));
    assert_true(wm_space_peek(&book, page(40), &peek));
    assert_true(!peek.found && peek.below == page(32) && peek.above == page(64));
    assert_true(wm_space_peek(&book, page(0), &peek));
    assert_true(!peek.found && peek.below == 0 && peek.above == page(16));
}

/* Private copies and guard markers are the kernel's business; one run for VirtualQuery. */
static void a_peek_widens_a_run_by_pages_that_look_the_same(void **state)
{
    struct wm_peek peek;

    (void)state;
    add_arena(0, 16, WM_GROUND_HELD);
    carve(private_pages(0, 12));
    set_pages(2, 2, 4);
    set_pages(4, 2, 4 | WM_PAGE_COPY);
    set_pages(6, 2, 2);
    set_pages(8, 2, WM_PAGE_MARKED);
    assert_true(wm_space_peek(&book, page(2), &peek));
    assert_int_equal(peek.run.end, page(6));
    assert_true(wm_space_peek(&book, page(8), &peek));
    assert_int_equal(peek.run.end, page(12));
}

static void a_peek_beside_a_writer_is_refused(void **state)
{
    struct wm_peek peek;

    (void)state;
    add_arena(0, 16, WM_GROUND_HELD);
    WM_SPACE_CHANGES(&book)
        assert_false(wm_space_peek(&book, page(0), &peek));
    assert_true(wm_space_peek(&book, page(0), &peek));
}

static void returns_inside_a_change(void)
{
    WM_SPACE_CHANGES(&book)
        return;
}

static void a_change_ends_however_it_is_left(void **state)
{
    int passed = 0;

    (void)state;
    WM_SPACE_CHANGES(&book) {
        assert_int_equal(book.sequence % 2, 1);
        passed++;
    }
    assert_int_equal(passed, 1);
    assert_int_equal(book.sequence, 2);
    WM_SPACE_CHANGES(&book)
        break;
    assert_int_equal(book.sequence, 4);
    returns_inside_a_change();
    assert_int_equal(book.sequence, 6);
}

static bool dies(void (*writes)(void))
{
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        signal(SIGABRT, SIG_DFL);
        fclose(stderr);
        writes();
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void writes_an_extent(void)
{
    struct wm_found found = at(0);

    wm_space_set(&book, found.index, &found.extent);
}

static void takes_an_extent_out(void)
{
    wm_space_forget(&book, at(0));
}

static void changes_twice_at_once(void)
{
    WM_SPACE_CHANGES(&book)
        WM_SPACE_CHANGES(&book)
            writes_an_extent();
}

static void writing_outside_of_a_change_aborts(void **state)
{
    (void)state;
#ifdef NDEBUG
    skip();
#endif
    add_arena(0, 16, WM_GROUND_HELD);
    assert_true(dies(writes_an_extent));
    assert_true(dies(takes_an_extent_out));
    assert_true(dies(changes_twice_at_once));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BOOK(an_empty_book_knows_nothing),
        WITH_BOOK(free_neighbours_of_one_ground_become_one),
        WITH_BOOK(free_neighbours_of_different_ground_stay_apart),
        WITH_BOOK(free_ground_of_no_length_is_nothing),
        WITH_BOOK(what_is_carved_takes_the_rest_of_its_last_granule_as_slack),
        WITH_BOOK(slack_ends_with_the_arena),
        WITH_BOOK(carving_gives_the_ground_of_where_it_was_cut),
        WITH_BOOK(carving_at_either_end_or_all_leaves_the_rest_free),
        WITH_BOOK(dropping_gives_slack_back_and_merges_on_both_sides),
        WITH_BOOK(dropping_a_mapping_of_its_own_leaves_nothing),
        WITH_BOOK(forgetting_leaves_nothing_whatever_the_ground),
        WITH_BOOK(dropping_takes_the_page_runs_along),
        WITH_BOOK(splitting_leaves_two_and_the_slack_with_the_second),
        WITH_BOOK(joining_undoes_splitting),
        WITH_BOOK(joining_different_ground_makes_open_slack_free),
        WITH_BOOK(joining_with_held_ground_is_held),
        WITH_BOOK(what_becomes_a_placeholder_keeps_its_ground_alone),
        WITH_BOOK(what_takes_the_place_of_a_placeholder_gets_its_ground),
        WITH_BOOK(lifting_leaves_slack_alone),
        WITH_BOOK(a_piece_dropped_between_two_others_is_free),
        WITH_BOOK(what_becomes_free_among_others_and_is_taken_again_keeps_its_record),
        WITH_BOOK(ground_that_becomes_another_kind_joins_that_kind),
        WITH_BOOK(what_reaches_into_a_range_is_found_slack_included),
        WITH_BOOK(ground_given_up_is_neither_merged_nor_handed_out),
        WITH_BOOK(without_memory_a_book_is_not_ready_and_unchanged),
        WITH_BOOK(a_ready_book_needs_no_memory),
        WITH_BOOK(what_was_promised_is_there_when_it_is_redeemed),
        WITH_BOOK(a_peek_tells_what_lies_around),
        WITH_BOOK(a_peek_widens_a_run_by_pages_that_look_the_same),
        WITH_BOOK(a_peek_beside_a_writer_is_refused),
        WITH_BOOK(a_change_ends_however_it_is_left),
        WITH_BOOK(writing_outside_of_a_change_aborts),
    };

    return RUN(tests);
}
