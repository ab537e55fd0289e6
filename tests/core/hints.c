/* hints.h: where an address was found before, in a table that grows with the book. */
#include "core/hints.h"

#include "book.h"

/* There is room for twice as many words as there are ever extents. */
enum { WORDS_BYTES = 1 << 20, MANY = 2 * WM_HINTS };

static int new_book_that_grows(void **state)
{
    int failed = new_book(state);

    wm_pool_init(&book.more_hints, storage_new(WORDS_BYTES), WORDS_BYTES, sizeof(uint32_t), storage_grow);
    return failed || book.more_hints.items == MAP_FAILED;
}

static int check_book_that_grows(void **state)
{
    int failed = check_book(state);

    return failed | munmap(book.more_hints.items, WORDS_BYTES);
}

#define WITH_HINTS(test) cmocka_unit_test_setup_teardown(test, new_book_that_grows, check_book_that_grows)

/* A granule each, side by side. */
static void add(size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        struct wm_extent e = private_pages(i * GRANULE_PAGES, GRANULE_PAGES);

        e.ground = WM_GROUND_OWN;
        ready();
        WM_SPACE_CHANGES(&book)
            wm_space_add(&book, &e);
    }
}

static size_t words(void)
{
    return (size_t)book.hint_mask + 1;
}

static size_t hinted(size_t count)
{
    size_t right = 0;

    for (size_t i = 0; i < count; i++) {
        struct wm_extent e;
        uint32_t index;

        right +=
            wm_hints_find(&book, page(i * GRANULE_PAGES), &index, &e) && e.start == page(i * GRANULE_PAGES);
    }
    return right;
}

static void a_small_book_has_the_table_that_it_was_given(void **state)
{
    (void)state;
    add(0, WM_HINTS - 1);
    assert_ptr_equal(book.hints, hints);
    assert_int_equal(words(), WM_HINTS);
    assert_int_equal(hinted(WM_HINTS - 1), WM_HINTS - 1);
}

static void a_word_for_each_extent_and_none_is_lost_when_the_table_grows(void **state)
{
    (void)state;
    for (size_t count = WM_HINTS; count <= MANY; count *= 2) {
        add(count == WM_HINTS ? 0 : count / 2, count);
        assert_int_equal(hinted(count), count);
        ready();
        assert_int_equal(words(), 2 * count);
        assert_ptr_equal(book.hints, book.more_hints.items);
        assert_int_equal(hinted(count), count);
    }
}

static void no_more_words_than_there_is_room_for(void **state)
{
    (void)state;
    add(0, 100);
    for (int i = 0; i < 10; i++)
        wm_hints_grow(&book);
    assert_int_equal(words() * sizeof(uint32_t), WORDS_BYTES);
    assert_int_equal(hinted(100), 100);
}

static void without_memory_the_table_stays(void **state)
{
    (void)state;
    add(0, WM_HINTS - 1);
    assert_true(wm_pool_reserve(&book.extents, 1000) && wm_pool_reserve(&book.nodes, 10000));
    storage_is_used_up = true;
    add(WM_HINTS - 1, WM_HINTS + 1);
    assert_int_equal(words(), WM_HINTS);
    assert_true(hinted(WM_HINTS + 1) >= WM_HINTS - 1);
    storage_is_used_up = false;
    assert_true(wm_space_ready(&book, 1, 0));
    assert_int_equal(words(), 2 * WM_HINTS);
}

/* Who leaves the book is found by no hint, nor by its copy. */
static void what_left_the_book_is_not_found(void **state)
{
    struct wm_found found;

    (void)state;
    add(0, WM_HINTS + 1);
    ready();
    for (size_t i = 0; i < WM_HINTS; i += 2)
        drop(i * GRANULE_PAGES);
    for (size_t i = 0; i < WM_HINTS; i++)
        assert_int_equal(wm_space_at(&book, page(i * GRANULE_PAGES), &found), i % 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_HINTS(a_small_book_has_the_table_that_it_was_given),
        WITH_HINTS(a_word_for_each_extent_and_none_is_lost_when_the_table_grows),
        WITH_HINTS(no_more_words_than_there_is_room_for),
        WITH_HINTS(without_memory_the_table_stays),
        WITH_HINTS(what_left_the_book_is_not_found),
    };

    return RUN(tests);
}
