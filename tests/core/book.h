/*
 * book.h: a book of its own for each test, without a kernel.
 *
 * BASE is a granule; the tests speak of pages behind it.
 */
#ifndef BOOK_H
#define BOOK_H

#include "support/unit.h"

#include <string.h>

#include "core/pages.h"
#include "core/space.h"
#include "support/storage.h"

enum { BOOK_POOL_BYTES = 64 << 20, GRANULE_PAGES = 16 };

#define BASE ((uintptr_t)0x10000000)

static struct wm_space book;
static uint32_t hints[WM_HINTS];

static inline int new_book(void **state)
{
    (void)state;
    storage_is_used_up = false;
    book = (struct wm_space){0};
    wm_pool_init(&book.extents, storage_new(BOOK_POOL_BYTES), BOOK_POOL_BYTES, sizeof(struct wm_extent_cell),
                 storage_grow);
    wm_pool_init(&book.nodes, storage_new(BOOK_POOL_BYTES), BOOK_POOL_BYTES, sizeof(struct wm_bnode),
                 storage_grow);
    memset(hints, 0, sizeof hints);
    wm_space_init(&book, hints);
    return book.extents.items == MAP_FAILED || book.nodes.items == MAP_FAILED;
}

/* Every test ends with a book that is in order. */
static inline int check_book(void **state)
{
    (void)state;
    wm_space_check(&book);
    return munmap(book.extents.items, BOOK_POOL_BYTES) | munmap(book.nodes.items, BOOK_POOL_BYTES);
}

#define WITH_BOOK(test) cmocka_unit_test_setup_teardown(test, new_book, check_book)

static inline uintptr_t page(size_t number)
{
    return BASE + number * WM_PAGE;
}

static inline struct wm_range pages(size_t first, size_t count)
{
    return wm_range_of(page(first), count * WM_PAGE);
}

static inline struct wm_extent private_pages(size_t first, size_t count)
{
    return (struct wm_extent){.start = page(first), .bytes = count * WM_PAGE, .kind = WM_PRIVATE};
}

static inline void ready(void)
{
    assert_true(wm_space_ready(&book, 4, 2 * WM_PAGES_RUNS));
}

static inline struct wm_found at(size_t number)
{
    struct wm_found found = {0};

    if (!wm_space_at(&book, page(number), &found))
        fail_msg("nothing at page %zu", number);
    return found;
}

static inline void add_arena(size_t first, size_t count, enum wm_ground ground)
{
    ready();
    WM_SPACE_CHANGES(&book)
        wm_space_add_free(&book, pages(first, count), ground);
}

static inline void carve(struct wm_extent e)
{
    struct wm_found from;

    ready();
    assert_true(wm_space_at(&book, e.start, &from));
    WM_SPACE_CHANGES(&book)
        wm_space_carve(&book, from, e);
}

static inline void drop(size_t number)
{
    ready();
    WM_SPACE_CHANGES(&book)
        wm_space_drop(&book, at(number));
}

static inline void set_pages(size_t number, size_t count, uint16_t state)
{
    struct wm_found found = at(number);

    ready();
    WM_SPACE_CHANGES(&book)
        wm_pages_set(&book, &found, pages(number, count), state);
}

#endif
