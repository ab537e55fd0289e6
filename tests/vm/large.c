/*
 * Large pages where the kernel does not do as it is asked: an older one, a cgroup without more of them, a
 * full table of mappings.
 */
#include "picture.h"

#include "support/large_pool.h"

#include <errno.h>
#include <stdlib.h>

enum { LARGE = 2 * MiB, POOL = 4, MANY_PAGES = 70000 };

static struct picture before, after;

static void a_pool(void)
{
    MUST(wm_home_ready());
    if (!wm_probe_has(WM_FEATURE_HUGE_PAGES) || !pool_set(POOL, 0))
        skip();
}

static void a_pool_and_places(void)
{
    a_pool();
    if (!wm_kern_moves_large())
        skip();
}

static wm_status large_at(enum wm_alloc_kind kind, uintptr_t at, uintptr_t *result)
{
    struct wm_alloc_req req = {.kind = kind,
                               .commit = true,
                               .at = {at, at + LARGE},
                               .protect = WM_READWRITE,
                               .traits = WM_TRAIT_LARGE,
                               .large = WM_LARGE};
    wm_status st = wm_op_alloc(&req);

    *result = req.result;
    return st;
}

static uintptr_t large(void)
{
    uintptr_t p;

    MUST(large_at(WM_ALLOC_RESERVE, 0, &p));
    return p;
}

/* Aligned, and free ground of an arena where there are any. */
static uintptr_t room(void)
{
    uintptr_t p = reserve(2 * LARGE);

    release(p);
    return wm_up(p, LARGE);
}

static uintptr_t large_in_an_arena(void)
{
    uintptr_t p;

    MUST(large_at(WM_ALLOC_RESERVE, room(), &p));
    return p;
}

static uintptr_t large_section(void)
{
    uintptr_t handle = 0;

    MUST(create_section(LARGE, WM_READWRITE, true, &handle));
    return handle;
}

static uint8_t traits_at(uintptr_t addr)
{
    struct wm_found found;

    assert_true(wm_space_at(&wm_home.space, addr, &found));
    return found.extent.traits;
}

/* The next call that changes a mapping finds the table full. */
static void fill_table_once(void)
{
    wm_fault_nth(1, ENOMEM);
}

static void the_book_knows_large_pages(void **state)
{
    uintptr_t p, handle, v;

    (void)state;
    a_pool();
    p = large();
    handle = large_section();
    v = view(handle, WM_READWRITE);
    assert_int_equal(traits_at(p), WM_TRAIT_LARGE);
    assert_int_equal(traits_at(v), WM_TRAIT_LARGE);
    release(p);
    MUST(unmap_view(v, false));
    MUST(wm_op_close(handle));
    assert_int_equal(pool_free(), POOL);
}

static void a_place_is_ordinary_afterwards(void **state)
{
    uintptr_t p = placeholder(2 * LARGE), at = wm_up(p, LARGE), handle, result = 0;

    (void)state;
    a_pool_and_places();
    if (at != p)
        MUST(free_pages(WM_FREE_SPLIT, p, at - p));
    MUST(free_pages(WM_FREE_SPLIT, at, LARGE));
    MUST(large_at(WM_ALLOC_REPLACE, at, &result));
    MUST(free_pages(WM_FREE_SPLIT, at, LARGE));
    assert_int_equal(traits_at(at), 0);
    handle = large_section();
    MUST(map_view(handle, at, LARGE, true, WM_READWRITE, &result));
    assert_int_equal(traits_at(at), WM_TRAIT_LARGE);
    MUST(unmap_view(at, true));
    assert_int_equal(traits_at(at), 0);
    assert_true(faults(at));
}

/* Linux before 5.16. */
static void where_they_cannot_be_moved_they_get_no_place(void **state)
{
    uintptr_t p, result;

    (void)state;
    a_pool();
    take_picture((struct wm_range){0, 0}, &before);
    wm_fault_script("mremap:EINVAL");
    assert_false(wm_kern_moves_large());
    wm_fault_script(NULL);
    take_picture((struct wm_range){0, 0}, &after);
    assert_null(difference_elsewhere(&before, &after));
    p = room();
    EXPECT_STATUS(WM_LARGE_PLACE, large_at(WM_ALLOC_RESERVE, p, &result));
    assert_int_equal(pool_free(), POOL);
    release(large());
}

static void where_there_are_none_nothing_is_taken(void **state)
{
    uintptr_t result;

    (void)state;
    a_pool();
    wm_fault_script("mmap:EINVAL");
    assert_false(wm_kern_has_large());
    wm_fault_script(NULL);
    EXPECT_STATUS(WM_NO_LARGE_PAGES, large_at(WM_ALLOC_RESERVE, 0, &result));
}

static void what_is_switched_off_is_known_to_the_first_call(void **state)
{
    uintptr_t handle, result;

    (void)state;
    if (!pool_set(POOL, 0))
        skip();
    setenv("WINMEM_DISABLE", "huge_pages", 1);
    if (fork() == 0)
        _exit(large_at(WM_ALLOC_RESERVE, 0, &result) != WM_NO_LARGE_PAGES);
    if (fork() == 0)
        _exit(create_section(LARGE, WM_READWRITE, true, &handle) != WM_NO_LARGE_PAGES);
    if (fork() == 0)
        _exit(wm_op_large_page() != 0);
    for (int i = 0, status = 0; i < 3; i++) {
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
}

/* A full table tells nothing about the kernel. */
static void the_question_is_asked_again(void **state)
{
    (void)state;
    a_pool();
    wm_fault_script("mmap:ENOMEM");
    wm_kern_has_large();
    wm_fault_script(NULL);
    release(large());
    assert_int_equal(wm_kern_moves_large(), wm_probe_has(WM_FEATURE_HUGE_MOVE));
}

/* Linux before 5.14. */
static void without_populating_they_are_touched(void **state)
{
    uintptr_t p;

    (void)state;
    a_pool();
    wm_fault_script("madvise:EINVAL"); /* about these pages: a page of our own tells of the kernel */
    release(large());
    assert_true(wm_probe_has(WM_FEATURE_POPULATE) || !wm_feature_in_use("populate"));
    wm_fault_script("madvise:EINVAL,EINVAL");
    p = large();
    wm_fault_script(NULL);
    assert_false(wm_probe_has(WM_FEATURE_POPULATE));
    assert_int_equal(pool_read(POOL_2M "free_hugepages"), POOL - 1);
    assert_int_equal(stamped(p), 0);
    release(p);
}

/* Reserved, but not to be had: a touch would be SIGBUS. */
static void what_cannot_be_touched_is_given_back(void **state)
{
    uintptr_t result;

    (void)state;
    a_pool();
    if (!wm_probe_has(WM_FEATURE_POPULATE))
        skip();
    MUST(wm_home_ready());
    wm_fault_script("madvise:EFAULT");
    EXPECT_STATUS(WM_LARGE_EXHAUSTED, large_at(WM_ALLOC_RESERVE, 0, &result));
    wm_fault_script(NULL);
    assert_int_equal(pool_free(), POOL);
    check_book();
}

/* There are no guard markers in large pages, and trying must not switch them off for the others. */
static void with_a_full_table_they_are_unmapped(void **state)
{
    bool markers = wm_feature_in_use("guard_markers");
    uintptr_t p;

    (void)state;
    a_pool_and_places();
    p = large_in_an_arena();
    stamp_pages(p, 4);
    fill_table_once();
    release(p);
    wm_fault_nth(0, 0);
    assert_int_equal(wm_probe_has(WM_FEATURE_GUARD_MARKERS), markers);
    assert_int_equal(region_at(p).state, WM_REGION_FREE);
    assert_int_equal(pool_free(), POOL);
    check_book();
    MUST(large_at(WM_ALLOC_RESERVE, p, &p)); /* a hole of just this size, which the kernel likes to fill */
    release(p);
}

static void with_a_full_table_views_are_unmapped(void **state)
{
    uintptr_t p = room(), handle, result = 0;

    (void)state;
    a_pool();
    handle = large_section();
    MUST(map_view(handle, p, 0, false, WM_READWRITE, &result));
    fill_table_once();
    MUST(unmap_view(p, false));
    wm_fault_nth(0, 0);
    assert_int_equal(region_at(p).state, WM_REGION_FREE);
    MUST(wm_op_close(handle));
    assert_int_equal(pool_free(), POOL);
    check_book();
}

/* A table that is really full: every second page of a long allocation is made read-only. */
static void a_full_table_is_no_exhausted_pool(void **state)
{
    uintptr_t p, many = allocate((size_t)MANY_PAGES * PAGE), result;
    uint16_t old = 0;
    wm_status st = WM_OK;

    (void)state;
    a_pool_and_places();
    p = large_in_an_arena();
    for (uintptr_t addr = many; wm_ok(st) && addr < many + (size_t)MANY_PAGES * PAGE; addr += 2 * PAGE)
        st = protect(addr, PAGE, WM_READONLY, &old);
    EXPECT_STATUS(WM_MAP_COUNT, st);
    EXPECT_STATUS(WM_MAP_COUNT, large_at(WM_ALLOC_RESERVE, room(), &result));
    assert_int_equal(pool_free(), POOL - 1);
    release(p);
    assert_int_equal(pool_free(), POOL);
    check_book();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_book_knows_large_pages),
        cmocka_unit_test(a_place_is_ordinary_afterwards),
        cmocka_unit_test(where_they_cannot_be_moved_they_get_no_place),
        cmocka_unit_test(where_there_are_none_nothing_is_taken),
        cmocka_unit_test(what_is_switched_off_is_known_to_the_first_call),
        cmocka_unit_test(the_question_is_asked_again),
        cmocka_unit_test(without_populating_they_are_touched),
        cmocka_unit_test(what_cannot_be_touched_is_given_back),
        cmocka_unit_test(with_a_full_table_they_are_unmapped),
        cmocka_unit_test(with_a_full_table_views_are_unmapped),
        cmocka_unit_test(a_full_table_is_no_exhausted_pool),
    };

    return RUN_APART(tests);
}
