/*
 * The way out of a full table of mappings (vm.max_map_count): guard markers stand for what cannot be
 * unmapped or discarded. With the scripted kernel first, then with a table that is really full.
 */
#include "picture.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>

#ifdef WM_FAULT_SCRIPT

enum { LENGTH = 16 * PAGE };

static struct picture before, after;

static void need_markers(void)
{
    if (!wm_probe_named("guard_markers"))
        skip();                        /* Linux 6.13 */
    wm_home.warm_bytes = SIZE_MAX / 2; /* nothing more is kept warm: that would come first */
}

static void expect_unchanged(void)
{
    take_picture(before.range, &after);
    check_book();
    assert_null(difference_of_regions(&before, &after));
    assert_null(difference_of_vmas(&before, &after));
    assert_null(difference_elsewhere(&before, &after));
}

/* The table is full for the next call that changes a mapping, and for no other. */
static void fill_table_once(void)
{
    wm_fault_nth(1, ENOMEM);
}

static void empty_table(void)
{
    wm_fault_nth(0, 0);
}

static void expect_region(uintptr_t addr, enum wm_region_state state, uintptr_t end)
{
    struct wm_region region = region_at(addr);

    assert_int_equal(region.state, state);
    assert_int_equal(region.range.end, end);
}

static uint16_t state_at(uintptr_t addr)
{
    struct wm_found found;

    assert_true(wm_space_at(&wm_home.space, addr, &found));
    return wm_pages_at(&wm_home.space, &found.extent, addr).state;
}

static void expect_fault(uintptr_t addr)
{
    assert_true(faults(addr));
}

static uintptr_t allocation_with_marked_middle(void)
{
    uintptr_t p = allocate(LENGTH);

    need_markers();
    stamp_pages(p, 16);
    fill_table_once();
    decommit(p + 4 * PAGE, 8 * PAGE);
    empty_table();
    return p;
}

static void a_decommit_without_a_mapping_left_sets_markers(void **state)
{
    uintptr_t p = allocation_with_marked_middle();

    (void)state;
    assert_int_equal(state_at(p + 4 * PAGE), WM_PAGE_MARKED);
    expect_region(p, WM_REGION_COMMITTED, p + 4 * PAGE);
    expect_region(p + 4 * PAGE, WM_REGION_RESERVED, p + 12 * PAGE);
    expect_fault(p + 4 * PAGE);
    expect_fault(p + 12 * PAGE - 1);
    assert_int_equal(stamped(p + 3 * PAGE), p + 3);
    assert_int_equal(stamped(p + 12 * PAGE), p + 12);
    release(p);
    check_book();
}

static void marked_pages_look_like_reserved_ones(void **state)
{
    uintptr_t p = reserve(LENGTH);

    (void)state;
    need_markers();
    commit(p + 4 * PAGE, 4 * PAGE, WM_READWRITE);
    fill_table_once();
    decommit(p + 4 * PAGE, 4 * PAGE);
    empty_table();
    assert_int_equal(state_at(p + 4 * PAGE), WM_PAGE_MARKED);
    expect_region(p, WM_REGION_RESERVED, p + LENGTH);
    release(p);
}

static void marked_pages_committed_again_are_zero(void **state)
{
    uintptr_t p = allocation_with_marked_middle();

    (void)state;
    commit(p + 6 * PAGE, 2 * PAGE, WM_READWRITE);
    assert_int_equal(state_at(p + 6 * PAGE), WM_READWRITE);
    for (size_t i = 0; i < 2 * PAGE / sizeof(uint64_t); i++)
        assert_int_equal(stamped(p + 6 * PAGE + i * sizeof(uint64_t)), 0);
    stamp_pages(p + 6 * PAGE, 2);
    expect_fault(p + 5 * PAGE);
    expect_fault(p + 8 * PAGE);
    commit(p, LENGTH, WM_READONLY);
    assert_int_equal(stamped(p + 5 * PAGE), 0);
    assert_int_equal(stamped(p + 7 * PAGE), p + 6 * PAGE + 1);
    release(p);
    check_book();
}

/* No access has to stay no access: the marker goes, the protection comes. */
static void marked_pages_can_be_committed_without_access(void **state)
{
    uintptr_t p = allocation_with_marked_middle();

    (void)state;
    commit(p + 4 * PAGE, 8 * PAGE, WM_NOACCESS);
    expect_fault(p + 4 * PAGE);
    must_protect(p + 4 * PAGE, 8 * PAGE, WM_READWRITE);
    assert_int_equal(stamped(p + 4 * PAGE), 0);
    release(p);
}

static void marked_pages_decommitted_again_stay_inaccessible(void **state)
{
    uintptr_t p = allocation_with_marked_middle();

    (void)state;
    decommit(p, LENGTH);
    for (int i = 0; i < 16; i += 5)
        expect_fault(p + (uintptr_t)i * PAGE);
    expect_region(p, WM_REGION_RESERVED, p + LENGTH);
    release(p);
    check_book();
}

/* The allocation is gone; its addresses are never handed out again. */
static void expect_given_up(uintptr_t p)
{
    uintptr_t result = 0;

    check_book();
    assert_int_equal(region_at(p).state, WM_REGION_FREE);
    EXPECT_STATUS(WM_NOT_ALLOCATED, free_pages(WM_FREE_RELEASE, p, 0));
    expect_fault(p);
    EXPECT_STATUS(WM_ADDRESS_TAKEN, alloc(WM_ALLOC_RESERVE, p, LENGTH, WM_READWRITE, false, &result));
    for (int i = 0; i < 100; i++)
        assert_int_not_equal(allocate(LENGTH), p);
    for (int i = 0; i < 100; i++)
        assert_int_not_equal(reserve(LENGTH), p);
}

static void a_release_that_cannot_unmap_gives_the_addresses_up(void **state)
{
    uintptr_t p = allocate(LENGTH);

    (void)state;
    need_markers();
    stamp_pages(p, 16);
    fill_table_once();
    release(p);
    empty_table();
    expect_given_up(p);
}

static void a_release_that_cannot_discard_gives_the_addresses_up(void **state)
{
    uintptr_t p = reserve(LENGTH);

    (void)state;
    need_markers();
    commit(p, 4 * PAGE, WM_READWRITE);
    stamp_pages(p, 4);
    fill_table_once();
    release(p);
    empty_table();
    expect_given_up(p);
}

static void a_large_release_that_cannot_unmap_gives_the_addresses_up(void **state)
{
    uintptr_t p = must_alloc(WM_ALLOC_RESERVE, GiB + GRAIN, WM_READWRITE, true);

    (void)state;
    need_markers();
    stamp(p, 1);
    fill_table_once();
    release(p);
    empty_table();
    check_book();
    assert_int_equal(region_at(p).state, WM_REGION_FREE);
    expect_fault(p);
}

/* Its next view would show the section through the markers' mapping. */
static void a_placeholder_is_not_restored_by_markers(void **state)
{
    uintptr_t p = placeholder(LENGTH), result = 0;

    (void)state;
    MUST(alloc(WM_ALLOC_REPLACE, p, LENGTH, WM_READWRITE, true, &result));
    stamp_pages(p, 16);
    take_picture(wm_range_of(p, LENGTH), &before);
    fill_table_once();
    EXPECT_STATUS(WM_MAP_COUNT, free_pages(WM_FREE_SPLIT, p, LENGTH));
    empty_table();
    expect_unchanged();
    MUST(free_pages(WM_FREE_SPLIT, p, LENGTH));
    release(p);
}

static void a_placeholder_is_restored_from_marked_pages(void **state)
{
    uintptr_t p = placeholder(LENGTH), handle = section(LENGTH), result = 0;

    (void)state;
    need_markers();
    MUST(alloc(WM_ALLOC_REPLACE, p, LENGTH, WM_READWRITE, true, &result));
    fill_table_once();
    decommit(p, LENGTH);
    empty_table();
    MUST(free_pages(WM_FREE_SPLIT, p, LENGTH));
    MUST(map_view(handle, p, LENGTH, true, WM_READWRITE, &result));
    stamp_pages(p, 16);
    MUST(wm_op_unmap_view(p, false));
    MUST(wm_op_close(handle));
    check_book();
}

static void a_view_that_cannot_be_unmapped_stays(void **state)
{
    uintptr_t handle = section(LENGTH), p = view(handle, WM_READWRITE);

    (void)state;
    stamp_pages(p, 16);
    take_picture(wm_range_of(p, LENGTH), &before);
    fill_table_once();
    EXPECT_STATUS(WM_MAP_COUNT, wm_op_unmap_view(p, false));
    empty_table();
    expect_unchanged();
    MUST(wm_op_unmap_view(p, false));
    MUST(wm_op_close(handle));
}

/* Kernels before 6.13. */
static void expect_refusals(void)
{
    uintptr_t p = allocate(LENGTH);

    stamp_pages(p, 16);
    take_picture(wm_range_of(p, LENGTH), &before);
    fill_table_once();
    EXPECT_STATUS(WM_MAP_COUNT, free_pages(WM_FREE_DECOMMIT, p + 4 * PAGE, 8 * PAGE));
    empty_table();
    expect_unchanged();
    fill_table_once();
    EXPECT_STATUS(WM_MAP_COUNT, free_pages(WM_FREE_RELEASE, p, 0));
    empty_table();
    expect_unchanged();
    release(p);
}

static void without_markers_both_are_refused_and_change_nothing(void **state)
{
    (void)state;
    MUST(wm_home_ready());
    wm_probe_lacks(WM_FEATURE_GUARD_MARKERS);
    expect_refusals();
}

static void markers_can_be_switched_off(void **state)
{
    (void)state;
    setenv("WINMEM_DISABLE", "guard_markers", 1);
    expect_refusals();
    assert_false(wm_probe_named("guard_markers"));
}

/* --- a table that is really full --- */

enum { MAPPINGS_MAX = 200000 };

/* Every second page of a reservation is accessible, until the kernel says no. */
static void fill_table(uintptr_t page)
{
    while (mprotect((void *)page, PAGE, PROT_READ) == 0)
        page += 2 * PAGE;
    assert_int_equal(errno, ENOMEM);
}

static void with_a_full_table_pages_are_freed_and_nothing_is_lost(void **state)
{
    size_t most = wm_kern_max_maps();
    uintptr_t p = allocate(LENGTH), q = allocate(LENGTH), r = reserve(LENGTH), result = 0;
    uint16_t old = 0;
    void *filler;

    (void)state;
    need_markers();
    if (most > MAPPINGS_MAX || SANITIZED)
        skip(); /* it would take long to fill, and sanitizers need mappings themselves */
    stamp_pages(p, 16);
    filler = mmap(NULL, 2 * most * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    assert_true(filler != MAP_FAILED);
    fill_table((uintptr_t)filler);

    decommit(p + 4 * PAGE, 2 * PAGE);
    assert_int_equal(state_at(p + 4 * PAGE), WM_PAGE_MARKED);
    EXPECT_STATUS(WM_MAP_COUNT, protect(q + 4 * PAGE, PAGE, WM_READONLY, &old));
    expect_region(q, WM_REGION_COMMITTED, q + LENGTH);
    stamp_pages(q, 16);
    EXPECT_STATUS(WM_MAP_COUNT, alloc(WM_ALLOC_COMMIT, r + 4 * PAGE, PAGE, WM_READWRITE, false, &result));
    expect_region(r, WM_REGION_RESERVED, r + LENGTH);

    munmap(filler, 2 * most * PAGE);
    commit(p, LENGTH, WM_READWRITE);
    assert_int_equal(stamped(p + 3 * PAGE), p + 3);
    assert_int_equal(stamped(p + 4 * PAGE), 0);
    release(p);
    release(q);
    release(r);
    check_book();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_decommit_without_a_mapping_left_sets_markers),
        cmocka_unit_test(marked_pages_look_like_reserved_ones),
        cmocka_unit_test(marked_pages_committed_again_are_zero),
        cmocka_unit_test(marked_pages_can_be_committed_without_access),
        cmocka_unit_test(marked_pages_decommitted_again_stay_inaccessible),
        cmocka_unit_test(a_release_that_cannot_unmap_gives_the_addresses_up),
        cmocka_unit_test(a_release_that_cannot_discard_gives_the_addresses_up),
        cmocka_unit_test(a_large_release_that_cannot_unmap_gives_the_addresses_up),
        cmocka_unit_test(a_placeholder_is_not_restored_by_markers),
        cmocka_unit_test(a_placeholder_is_restored_from_marked_pages),
        cmocka_unit_test(a_view_that_cannot_be_unmapped_stays),
        cmocka_unit_test(without_markers_both_are_refused_and_change_nothing),
        cmocka_unit_test(markers_can_be_switched_off),
        cmocka_unit_test(with_a_full_table_pages_are_freed_and_nothing_is_lost),
    };

    return RUN_APART(tests);
}

#else

int main(void)
{
    puts("skipped: built without WM_FAULT_SCRIPT");
    return SKIPPED;
}

#endif
