/*
 * The ways out of a full table of mappings (vm.max_map_count): guard markers stand for what cannot be
 * unmapped or discarded, and a few mappings are kept back. With the scripted kernel first, then with a table that
 * is really full.
 */
#include "audit.h"
#include "fill.h"
#include "picture.h"

#include "vm/ground/spare.h"
#include "vm/pages/guard.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>

enum { LENGTH = 16 * PAGE };

static struct picture before, after;

static void need_markers(void)
{
    if (!wm_feature_in_use("guard_markers"))
        skip();                        /* Linux 6.13 */
    wm_home.warm_bytes = SIZE_MAX / 2; /* nothing more is kept warm: that would come first */
}

/* With the count as it would be. */
static void audit_cold_book(void)
{
    size_t counted = wm_home.warm_bytes;

    wm_home.warm_bytes -= counted >= SIZE_MAX / 2 ? SIZE_MAX / 2 : 0;
    audit_or_fail(audit_book());
    wm_home.warm_bytes = counted;
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

/* The allocation is gone, and nobody is given its addresses until the table has room: as now. */
static void expect_given_up(uintptr_t p, size_t bytes)
{
    uintptr_t result = 0;

    check_book();
    audit_cold_book();
    assert_int_equal(region_at(p).state, WM_REGION_FREE);
    expect_fault(p);
    assert_int_not_equal(wm_home.given_up, 0);
    EXPECT_STATUS(WM_NOT_ALLOCATED, free_pages(WM_FREE_RELEASE, p, 0));
    MUST(alloc(WM_ALLOC_RESERVE, p, bytes, WM_READWRITE, false, &result));
    assert_int_equal(wm_home.given_up, 0);
    commit(p, PAGE, WM_READWRITE);
    assert_int_equal(stamped(p), 0);
    release(p);
    check_book();
    audit_cold_book();
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
    expect_given_up(p, LENGTH);
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
    expect_given_up(p, LENGTH);
}

static void a_large_release_that_cannot_unmap_gives_the_addresses_up(void **state)
{
    uintptr_t p = must_alloc(WM_ALLOC_RESERVE, GiB + GRAIN, WM_READWRITE, true);

    (void)state;
    need_markers();
    stamp(p, 1);
    wm_fault_script("munmap:ENOMEM"); /* of all it asks: which pages were touched comes first */
    release(p);
    wm_fault_script(NULL);
    expect_given_up(p, GiB + GRAIN);
}

/* A list of those that were given up is gone through from the front, or one is taken out of it. */
static void what_was_given_up_is_taken_back_in_any_order(void **state)
{
    uintptr_t p[4], result = 0;

    (void)state;
    need_markers();
    for (int i = 0; i < 4; i++)
        p[i] = allocate(LENGTH);
    for (int i = 0; i < 4; i++) {
        wm_fault_script("munmap:ENOMEM");
        wm_home.spare.kept--; /* so that nothing is taken back */
        wm_fault_nth(1, ENOMEM);
        release(p[i]);
        empty_table();
        wm_fault_script(NULL);
        wm_home.spare.kept++;
    }
    MUST(alloc(WM_ALLOC_RESERVE, p[1], LENGTH, WM_READWRITE, true, &result));
    check_book();
    audit_cold_book();
    assert_int_equal(wm_home.given_up, 0);
}

/* A page that is kept for this is spent, and kept again by the next call. */
static void a_spare_mapping_restores_a_placeholder(void **state)
{
    uintptr_t p = placeholder(LENGTH), result = 0;

    (void)state;
    MUST(alloc(WM_ALLOC_REPLACE, p, LENGTH, WM_READWRITE, true, &result));
    assert_int_equal(wm_home.spare.kept, WM_SPARE_PAGES);
    fill_table_once();
    MUST(free_pages(WM_FREE_SPLIT, p, LENGTH));
    empty_table();
    assert_int_equal(wm_home.spare.kept, WM_SPARE_PAGES - 1);
    audit_cold_book();
    release(p);
    assert_int_equal(wm_home.spare.kept, WM_SPARE_PAGES);
}

/* What was never touched is inaccessible and empty: it becomes an arena's ground. */
static void a_placeholder_that_cannot_be_unmapped_becomes_ground(void **state)
{
    uintptr_t p = must_alloc(WM_ALLOC_PLACEHOLDER, GiB + 16 * GRAIN, WM_NOACCESS, false), result = 0;

    (void)state;
    MUST(free_pages(WM_FREE_SPLIT, p + 4 * GRAIN, 4 * GRAIN));
    fill_table_once();
    release(p + 4 * GRAIN);
    empty_table();
    assert_int_equal(wm_home.given_up, 0);
    audit_cold_book();
    assert_int_equal(region_at(p + 4 * GRAIN).state, WM_REGION_FREE);
    MUST(alloc(WM_ALLOC_RESERVE, p + 4 * GRAIN, 4 * GRAIN, WM_READWRITE, true, &result));
    release(p + 4 * GRAIN);
    release(p);
    release(p + 8 * GRAIN);
    check_book();
    audit_cold_book();
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
    MUST(unmap_view(p, false));
    MUST(wm_op_close(handle));
    check_book();
}

/* --- a table that is really full --- */

static void fill_all(void)
{
    if (!can_fill())
        skip();
    fill_begin();
    fill_but(0);
}

static void empty_all(void)
{
    fill_empty();
    fill_end();
    check_book();
    audit_cold_book();
}

static void use_up_spare_mappings(void)
{
    while (wm_spare_spend(WM_SPARE_UNDO))
        continue;
}

static void with_a_full_table_pages_are_freed_and_nothing_is_lost(void **state)
{
    uintptr_t p = allocate(LENGTH), q = allocate(LENGTH), r = reserve(LENGTH), result = 0;
    uint16_t old = 0;

    (void)state;
    need_markers();
    stamp_pages(p, 16);
    fill_all();
    decommit(p + 4 * PAGE, 2 * PAGE);
    assert_int_equal(state_at(p + 4 * PAGE), WM_PAGE_MARKED);
    EXPECT_STATUS(WM_MAP_COUNT, protect(q + 4 * PAGE, PAGE, WM_READONLY, &old));
    expect_region(q, WM_REGION_COMMITTED, q + LENGTH);
    stamp_pages(q, 16);
    EXPECT_STATUS(WM_MAP_COUNT, alloc(WM_ALLOC_COMMIT, r + 4 * PAGE, PAGE, WM_READONLY, false, &result));
    expect_region(r, WM_REGION_RESERVED, r + LENGTH);
    empty_all();
    commit(p, LENGTH, WM_READWRITE);
    assert_int_equal(stamped(p + 3 * PAGE), p + 3);
    assert_int_equal(stamped(p + 4 * PAGE), 0);
    release(p);
    release(q);
    release(r);
    check_book();
}

/*
 * L600: the way out is to turn what lies around, which takes a spare mapping or two; from then on commits need none. In
 * one mapping with a page that is committed are all that an arena holds beside it.
 */
static void with_a_full_table_pages_are_committed_between_markers(void **state)
{
    uintptr_t r = reserve(LENGTH), q = reserve(4 * GiB), result = 0;

    (void)state;
    need_markers();
    fill_all();
    commit(r + 4 * PAGE, PAGE, WM_READWRITE);
    stamp_pages(r + 4 * PAGE, 1);
    assert_int_equal(state_at(r + 5 * PAGE), WM_PAGE_MARKED | WM_PAGE_DENSE);
    expect_region(r, WM_REGION_RESERVED, r + 4 * PAGE);
    expect_fault(r + 3 * PAGE);
    use_up_spare_mappings();
    fill_again();
    for (int i = 6; i < 16; i += 2)
        commit(r + (uintptr_t)i * PAGE, PAGE, WM_READWRITE);
    EXPECT_STATUS(WM_MAP_COUNT, alloc(WM_ALLOC_COMMIT, q + GiB, PAGE, WM_READWRITE, false, &result));
    expect_region(q, WM_REGION_RESERVED, q + 4 * GiB);
    empty_all();
    commit(q + GiB, PAGE, WM_READWRITE);
    release(q);
    release(r);
    assert_int_equal(wm_home.dense.bytes, 0);
    check_book();
}

/* 42 pages may be locked. */
static void locked_pages_are_decommitted_and_released(void **state)
{
    uintptr_t p = allocate(2 * LENGTH);

    (void)state;
    need_markers();
    stamp_pages(p, 32);
    MUST(wm_op_lock(wm_range_of(p, LENGTH)));
    fill_all();
    decommit(p + 4 * PAGE, PAGE);
    decommit(p + 20 * PAGE, PAGE);
    assert_true(wm_kern_are_locked(wm_range_of(p, 4 * PAGE)));
    assert_int_equal(stamped(p + 3 * PAGE), p + 3);
    release(p);
    empty_all();
}

/* Inside of one mapping there are three placeholders: the middle one goes. */
static void placeholders_are_released(void **state)
{
    uintptr_t p = must_alloc(WM_ALLOC_PLACEHOLDER, GiB + 16 * GRAIN, WM_NOACCESS, false);

    (void)state;
    MUST(free_pages(WM_FREE_SPLIT, p + 4 * GRAIN, 4 * GRAIN));
    fill_all();
    for (int i = 0; i < 3; i++)
        release(p + (uintptr_t)i * 4 * GRAIN);
    empty_all();
}

/* Views of consecutive parts that lie side by side are one mapping: none in the middle can be unmapped. */
static void views_are_unmapped(void **state)
{
    enum { VIEWS = 8 };
    uintptr_t handle = section(VIEWS * GRAIN), p = placeholder(VIEWS * GRAIN), result = 0;

    (void)state;
    need_markers();
    for (int i = 0; i < VIEWS; i++) {
        struct wm_view_req req = {.section = handle,
                                  .rights = MAP_READ,
                                  .offset = (uintptr_t)i * GRAIN,
                                  .bytes = GRAIN,
                                  .base = p + (uintptr_t)i * GRAIN,
                                  .replace = true,
                                  .protect = WM_READWRITE,
                                  .result = result};
        if (i + 1 < VIEWS)
            MUST(free_pages(WM_FREE_SPLIT, p + (uintptr_t)i * GRAIN, GRAIN));
        MUST(wm_op_map_view(&req));
        stamp_pages(req.base, 16);
    }
    fill_all();
    for (int i = 1; i < VIEWS; i += 2) {
        MUST(unmap_view(p + (uintptr_t)i * GRAIN, false));
        assert_int_equal(region_at(p + (uintptr_t)i * GRAIN).state, WM_REGION_FREE);
        assert_false(wm_kern_readable((void *)(p + (uintptr_t)i * GRAIN), 1));
    }
    assert_int_equal(stamped(p + 2 * GRAIN), p + 2 * GRAIN);
    empty_all();
    MUST(unmap_view(p, false));
    assert_int_equal(wm_home.given_up, 0);
    MUST(wm_op_close(handle));
    audit_cold_book();
}

/* Each is decommitted in its middle, and then released. */
static void pages_of_every_kind_are_freed(void **state)
{
    uintptr_t guarded = allocate(LENGTH), lent = allocate(LENGTH), mixed = allocate(LENGTH), watched = 0;
    struct wm_alloc_req req = {.kind = WM_ALLOC_RESERVE,
                               .commit = true,
                               .at = {0, LENGTH},
                               .protect = WM_READWRITE,
                               .traits = WM_TRAIT_WATCHED};
    uintptr_t all[4];

    (void)state;
    need_markers();
    MUST(wm_op_alloc(&req));
    watched = req.result;
    must_protect(guarded, LENGTH, WM_READWRITE | WM_PAGE_GUARD);
    MUST(wm_op_offer(wm_range_of(lent, LENGTH)));
    must_protect(mixed + 2 * PAGE, 4 * PAGE, WM_READONLY);
    stamp_pages(watched, 16);
    memcpy(all, (uintptr_t[]){guarded, lent, mixed, watched}, sizeof all);
    fill_all();
    for (int i = 0; i < 4; i++) {
        decommit(all[i] + 3 * PAGE, 5 * PAGE);
        assert_false(wm_kern_readable((void *)(all[i] + 4 * PAGE), 1));
        expect_region(all[i] + 3 * PAGE, WM_REGION_RESERVED, all[i] + 8 * PAGE);
    }
    fill_empty();
    fill_end();
    audit_cold_book();
    for (int i = 0; i < 4; i++) {
        commit(all[i] + 3 * PAGE, 5 * PAGE, WM_READWRITE);
        assert_int_equal(stamped(all[i] + 4 * PAGE), 0);
        decommit(all[i] + 3 * PAGE, 5 * PAGE);
    }
    fill_all();
    for (int i = 0; i < 4; i++)
        release(all[i]);
    empty_all();
}

/* Lifting one splits a mapping. */
static void a_guard_that_is_met_goes(void **state)
{
    uintptr_t p = allocate(LENGTH);
    bool guarded = false;

    (void)state;
    must_protect(p, LENGTH, WM_READWRITE | WM_PAGE_GUARD);
    fill_all();
    MUST(lift_guard(p + 4 * PAGE, &guarded));
    assert_true(guarded);
    stamp(p + 4 * PAGE, 1);
    empty_all();
    release(p);
}

/* Kernels before 6.13, when the spare mappings are used up: what lies between others cannot be taken away. */
static void expect_refusals(void)
{
    uintptr_t neighbours[] = {allocate(GRAIN), allocate(GRAIN), allocate(GRAIN)}, p = neighbours[1];
    wm_status decommitted, released;

    stamp_pages(p, 16);
    audit_open();
    take_picture(wm_range_of(p, GRAIN), &before);
    use_up_spare_mappings();
    fill_all();
    decommitted = free_pages(WM_FREE_DECOMMIT, p + 4 * PAGE, 8 * PAGE);
    released = free_pages(WM_FREE_RELEASE, p, 0);
    empty_all();
    EXPECT_STATUS(WM_MAP_COUNT, decommitted);
    if (labs((long)(neighbours[0] - neighbours[2])) == 2 * GRAIN)
        EXPECT_STATUS(WM_MAP_COUNT, released);
    if (!wm_ok(released))
        expect_unchanged();
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
    assert_false(wm_feature_in_use("guard_markers"));
}

/* With nothing kept back some things cannot be done: they change nothing. */
static void without_spare_mappings_what_is_refused_changes_nothing(void **state)
{
    uintptr_t p = placeholder(LENGTH), q = allocate(2 * LENGTH), result = 0;
    wm_status restored, unlocked;

    (void)state;
    MUST(alloc(WM_ALLOC_REPLACE, p, LENGTH, WM_READWRITE, true, &result));
    MUST(wm_op_lock(wm_range_of(q, LENGTH)));
    stamp_pages(p, 16);
    audit_open();
    take_picture(wm_range_of(p, LENGTH), &before);
    use_up_spare_mappings();
    fill_all();
    restored = free_pages(WM_FREE_SPLIT, p, LENGTH);
    unlocked = unlock_pages(wm_range_of(q + 4 * PAGE, PAGE));
    fill_empty();
    fill_end();
    EXPECT_STATUS(WM_MAP_COUNT, unlocked);
    audit_cold_book();
    if (restored != WM_OK) {
        EXPECT_STATUS(WM_MAP_COUNT, restored);
        expect_unchanged();
        MUST(free_pages(WM_FREE_SPLIT, p, LENGTH));
    }
    release(p);
    release(q);
    audit_cold_book();
}

static size_t data_pages(void)
{
    char text[4096], *line;
    int fd = open("/proc/self/status", O_RDONLY);
    ssize_t got = read(fd, text, sizeof text - 1);

    close(fd);
    assert_true(got > 0);
    text[got] = '\0';
    line = strstr(text, "VmData:");
    assert_non_null(line);
    return strtoul(line + 7, NULL, 10) * 1024 / PAGE;
}

static void allow_data(size_t pages)
{
    const struct rlimit limit = {pages * PAGE, RLIM_INFINITY};

    assert_int_equal(setrlimit(RLIMIT_DATA, &limit), 0);
}

/*
 * r.ggggggwwwwwwww, all of it to be written to and executed: the last eight go first, the first two become one mapping,
 * and then there is no memory to be promised for the guards. Two mappings must be made out of one again.
 */
static wm_status a_change_that_fails_in_its_middle(uintptr_t p)
{
    uint16_t old = 0;
    size_t data;
    wm_status st;

    commit(p, 2 * PAGE, WM_READWRITE);
    stamp_pages(p, 2);
    commit(p + 8 * PAGE, 8 * PAGE, WM_READWRITE);
    stamp_pages(p + 8 * PAGE, 8);
    must_protect(p, PAGE, WM_READONLY);
    must_protect(p + PAGE, PAGE, WM_NOACCESS);
    commit(p + 2 * PAGE, 6 * PAGE, WM_READWRITE | WM_PAGE_GUARD);
    audit_open();
    data = data_pages();
    take_picture(wm_range_of(p, LENGTH), &before);
    fill_all();
    allow_data(data + 4);
    st = protect(p, LENGTH, WM_EXECUTE_READWRITE, &old);
    allow_data(RLIM_INFINITY / PAGE);
    return st;
}

static void what_a_promise_refused_in_the_middle_has_merged_is_split_again(void **state)
{
    uintptr_t p = reserve(LENGTH);
    wm_status st = a_change_that_fails_in_its_middle(p);

    (void)state;
    empty_all();
    take_picture(before.range, &after);
    EXPECT_STATUS(WM_MAP_COUNT, st);
    assert_null(difference_of_regions(&before, &after));
    assert_null(difference_of_vmas(&before, &after));
    assert_false(wm_home.unsettled);
    release(p);
}

/* Then some pages allow less than they should, none more, and they recover when somebody meets them. */
static void without_spare_mappings_it_stays_closed(void **state)
{
    uintptr_t p = reserve(LENGTH);
    wm_status st;

    (void)state;
    use_up_spare_mappings();
    wm_home.spare.start = 0; /* nor can any be kept */
    st = a_change_that_fails_in_its_middle(p);
    fill_empty();
    fill_end();
    take_picture(before.range, &after);
    EXPECT_STATUS(WM_MAP_COUNT, st);
    for (unsigned i = 0; i < after.vmas; i++)
        for (uintptr_t at = after.vma[i].range.start; at < after.vma[i].range.end; at += PAGE)
            for (unsigned k = 0; k < before.vmas; k++)
                if (before.vma[k].range.start <= at && at < before.vma[k].range.end)
                    assert_int_equal(after.vma[i].access & ~before.vma[k].access, 0);
    assert_int_equal(wm_op_fault(p, WM_ACCESS_READ), WM_FAULT_RETRY);
    assert_int_equal(stamped(p), p);
    assert_int_equal(wm_op_fault(p + 3 * PAGE, WM_ACCESS_READ), WM_FAULT_GUARD);
    release(p);
}

/* Full and empty again, several times and empty again: what was spent and given up comes back each time. */
static void what_was_spent_comes_back(void **state)
{
    uintptr_t p = reserve(100 * LENGTH);

    (void)state;
    need_markers();
    for (int i = 0; i < 5; i++) {
        commit(p, 100 * LENGTH, WM_READWRITE);
        fill_all();
        for (uintptr_t at = p; at < p + 100 * LENGTH; at += LENGTH)
            decommit(at + PAGE, PAGE);
        empty_all();
    }
    release(p);
    release(allocate(LENGTH));
    assert_int_equal(wm_home.spare.kept, WM_SPARE_PAGES);
    assert_int_equal(wm_home.given_up, 0);
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
        cmocka_unit_test(what_was_given_up_is_taken_back_in_any_order),
        cmocka_unit_test(a_spare_mapping_restores_a_placeholder),
        cmocka_unit_test(a_placeholder_that_cannot_be_unmapped_becomes_ground),
        cmocka_unit_test(a_placeholder_is_restored_from_marked_pages),
        cmocka_unit_test(without_markers_both_are_refused_and_change_nothing),
        cmocka_unit_test(markers_can_be_switched_off),
        cmocka_unit_test(with_a_full_table_pages_are_freed_and_nothing_is_lost),
        cmocka_unit_test(with_a_full_table_pages_are_committed_between_markers),
        cmocka_unit_test(locked_pages_are_decommitted_and_released),
        cmocka_unit_test(placeholders_are_released),
        cmocka_unit_test(views_are_unmapped),
        cmocka_unit_test(pages_of_every_kind_are_freed),
        cmocka_unit_test(a_guard_that_is_met_goes),
        cmocka_unit_test(without_spare_mappings_what_is_refused_changes_nothing),
        cmocka_unit_test(what_a_promise_refused_in_the_middle_has_merged_is_split_again),
        cmocka_unit_test(without_spare_mappings_it_stays_closed),
        cmocka_unit_test(what_was_spent_comes_back),
    };

    return RUN_APART(tests);
}
