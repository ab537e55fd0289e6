/*
 * Stretches that are mapped read/write as a whole, with markers over what is reserved (vm/pages/dense.h): forced from the
 * first commit on, as WINMEM_DENSE=first does it. What holds of memory under them is asked by all other tests, which run
 * with that as well; here it is whether there are as few mappings as there should be.
 */
#include "audit.h"
#include "mappings.h"

#include <sys/wait.h>

#include "kern/system/system.h"
#include "vm/pages/dense.h"

enum { LENGTH = 64 * PAGE };

/* Between two stretches of others' protections, so that mappings end with it. */
static uintptr_t every_second_page(void)
{
    uintptr_t p = reserve(LENGTH);

    for (uintptr_t page = p + PAGE; page < p + LENGTH; page += 2 * PAGE) {
        commit(page, PAGE, WM_READWRITE);
        stamp_pages(page, 1);
    }
    return p;
}

static void what_is_committed_apart_is_one_mapping(void **state)
{
    uintptr_t p = every_second_page();

    (void)state;
    assert_int_equal(mappings_in(p, LENGTH), 1);
    for (uintptr_t page = p; page < p + LENGTH; page += 2 * PAGE) {
        assert_int_equal(state_at(page), WM_PAGE_MARKED | WM_PAGE_DENSE);
        assert_true(faults(page));
        assert_int_equal(stamped(page + PAGE), page + PAGE);
    }
    assert_int_equal(wm_home.dense.bytes, LENGTH / 2);
    assert_int_equal(wm_home.space.edges, 0);
    audit_or_fail(audit_book());
    release(p);
    assert_int_equal(wm_home.dense.bytes, 0);
    audit_or_fail(audit_book());
}

static void what_is_decommitted_apart_stays_one_mapping(void **state)
{
    uintptr_t p = every_second_page();

    (void)state;
    for (uintptr_t page = p + 5 * PAGE; page < p + LENGTH - 4 * PAGE; page += 4 * PAGE)
        decommit(page, PAGE);
    assert_int_equal(mappings_in(p, LENGTH), 1);
    assert_int_equal(region_at(p + 4 * PAGE).range.end, p + 7 * PAGE);
    audit_or_fail(audit_book());
    release(p);
}

/* And the markers and the promise with it. */
static void what_is_reserved_to_its_end_is_given_back(void **state)
{
    uintptr_t p = every_second_page();

    (void)state;
    for (uintptr_t page = p + PAGE; page < p + LENGTH; page += 2 * PAGE)
        decommit(page, PAGE);
    assert_int_equal(state_at(p), 0);
    assert_int_equal(state_at(p + LENGTH - 2 * PAGE), 0);
    assert_int_equal(wm_home.dense.bytes, 0);
    audit_or_fail(audit_book());
    release(p);
}

static void other_protections_are_no_part_of_it(void **state)
{
    uintptr_t p = every_second_page();

    (void)state;
    wm_probe_lacks(WM_FEATURE_UFFD_PROTECT); /* which are some then (shields.c) */
    must_protect(p + 5 * PAGE, PAGE, WM_READONLY);
    commit(p + 8 * PAGE, PAGE, WM_EXECUTE_READ);
    commit(p + 10 * PAGE, PAGE, WM_READWRITE | WM_PAGE_GUARD);
    assert_int_equal(mappings_in(p, LENGTH), 5); /* the guard keeps its marker */
    audit_or_fail(audit_book());
    decommit(p + 8 * PAGE, 3 * PAGE);
    must_protect(p + 5 * PAGE, PAGE, WM_READWRITE);
    assert_int_equal(stamped(p + 5 * PAGE), p + 5 * PAGE);
    commit(p, LENGTH, WM_READWRITE);
    assert_int_equal(mappings_in(p, LENGTH), 1);
    assert_int_equal(wm_home.dense.bytes, 0);
    audit_or_fail(audit_book());
    release(p);
}

static void locked_pages_stay_locked(void **state)
{
    uintptr_t p = reserve(LENGTH);

    (void)state;
    wm_home.dense.first = false;
    commit(p + 4 * PAGE, 2 * PAGE, WM_READWRITE);
    MUST(wm_op_lock(wm_range_of(p + 4 * PAGE, 2 * PAGE)));
    wm_home.dense.first = true;
    commit(p + 8 * PAGE, PAGE, WM_READWRITE);
    assert_int_equal(state_at(p + 4 * PAGE), WM_READWRITE | WM_PAGE_LOCKED);
    assert_int_equal(state_at(p + 6 * PAGE), WM_PAGE_MARKED | WM_PAGE_DENSE);
    audit_or_fail(audit_book());
    decommit(p + 4 * PAGE, PAGE);
    audit_or_fail(audit_book());
    release(p);
}

/* Offered pages are out of reach until they are reclaimed. */
static void what_is_watched_or_offered_is_left_alone(void **state)
{
    uintptr_t p = every_second_page(), q;
    struct wm_alloc_req req = {
        .kind = WM_ALLOC_RESERVE, .at = {0, LENGTH}, .protect = WM_READWRITE, .traits = WM_TRAIT_WATCHED};

    (void)state;
    MUST(wm_op_alloc(&req));
    q = req.result;
    commit(q + 4 * PAGE, PAGE, WM_READWRITE);
    assert_int_equal(state_at(q), 0);
    release(q);
    MUST(wm_op_offer(wm_range_of(p + 5 * PAGE, PAGE)));
    commit(p + 8 * PAGE, PAGE, WM_READWRITE);
    assert_true(faults(p + 5 * PAGE));
    audit_or_fail(audit_book());
    release(p);
}

/* In an arena: what is reserved beside it can be of the same mapping. */
static void neighbouring_reservations_are_one_mapping(void **state)
{
    uintptr_t p[8];

    (void)state;
    for (int i = 0; i < 8; i++)
        p[i] = reserve(GRAIN);
    if (p[7] != p[0] + 7 * GRAIN)
        skip();
    for (int i = 1; i < 8; i += 2)
        commit(p[i], PAGE, WM_READWRITE);
    assert_int_equal(mappings_in(p[0], 8 * GRAIN), 1);
    audit_or_fail(audit_book());
    decommit(p[3], PAGE);
    release(p[2]);
    audit_or_fail(audit_book());
    for (int i = 0; i < 8; i++)
        if (i != 2)
            release(p[i]);
    audit_or_fail(audit_book());
}

static void a_child_has_them(void **state)
{
    uintptr_t p = every_second_page();
    int ended = 1;
    pid_t child = fork();

    (void)state;
    if (child == 0) {
        bool whole = faults(p) && stamped(p + PAGE) == p + PAGE;

        decommit(p + PAGE, PAGE);
        commit(p, 2 * PAGE, WM_READWRITE);
        _exit(whole && stamped(p) == 0 && stamped(p + PAGE) == 0 && faults(p + 2 * PAGE) ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_int_equal(ended, 0);
    assert_int_equal(stamped(p + PAGE), p + PAGE);
    release(p);
}

/* In pairs that lie far apart: from so many edges on for each that comes the nearer two become one, and no more is marked. */
static void where_islands_lie_far_apart_the_least_gaps_are_bridged(void **state)
{
    enum { NEAR = 3 * MiB, FAR = 16 * MiB, LIMIT = 8192, MOST = LIMIT / 2, PAIRS = MOST / 4 + 6 };
    uintptr_t p = reserve((size_t)PAIRS * FAR);
    size_t gap = NEAR - PAGE, bridged;

    (void)state;
    wm_home.dense.first = false;
    wm_home.dense.limit = LIMIT;
    for (int i = 0; i < 2 * PAIRS; i++) {
        uintptr_t page = p + (uintptr_t)(i / 2) * FAR + (uintptr_t)(i % 2) * NEAR + 5 * PAGE;

        commit(page, PAGE, WM_READWRITE);
        stamp_pages(page, 1);
    }
    bridged = wm_home.dense.bytes / gap;
    assert_int_equal(wm_home.dense.bytes % gap, 0);
    assert_in_range(wm_home.space.edges, MOST - 4, MOST + 4);
    assert_int_equal(wm_home.space.edges + 2 * bridged, 2 * 2 * PAIRS);
    assert_int_equal(mappings_in(p, (size_t)PAIRS * FAR), wm_home.space.edges + 1);
    for (uintptr_t page = p + 5 * PAGE; page < p + (size_t)PAIRS * FAR; page += FAR) {
        assert_int_equal(stamped(page), page);
        assert_int_equal(stamped(page + NEAR), page + NEAR);
    }
    assert_true(faults(p + (size_t)PAIRS * FAR - FAR + NEAR));
    release(p);
    assert_int_equal(wm_home.dense.bytes, 0);
}

/* Where promises are limited, nothing is turned before the table is full. */
static void where_promises_are_counted_it_waits(void **state)
{
    uintptr_t p = reserve(GiB);

    (void)state;
    wm_home.dense.first = false;
    wm_home.dense.limit = SIZE_MAX;
    for (uintptr_t page = p + PAGE; page < p + 10000 * PAGE; page += 2 * PAGE)
        commit(page, PAGE, WM_READWRITE);
    assert_int_equal(wm_home.dense.bytes, 0);
    wm_home.dense.limit = wm_kern_max_maps();
    release(p);
}

static void without_markers_it_is_off(void **state)
{
    uintptr_t p;

    (void)state;
    wm_probe_lacks(WM_FEATURE_GUARD_MARKERS);
    p = every_second_page();
    assert_int_equal(wm_home.dense.bytes, 0);
    assert_int_equal(mappings_in(p, LENGTH), 64);
    release(p);
}

static int open_audit(void **state)
{
    (void)state;
    audit_open();
    return 0;
}

#define DENSE(test) cmocka_unit_test_setup(test, open_audit)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DENSE(what_is_committed_apart_is_one_mapping),
        DENSE(what_is_decommitted_apart_stays_one_mapping),
        DENSE(what_is_reserved_to_its_end_is_given_back),
        DENSE(other_protections_are_no_part_of_it),
        DENSE(locked_pages_stay_locked),
        DENSE(what_is_watched_or_offered_is_left_alone),
        DENSE(neighbouring_reservations_are_one_mapping),
        DENSE(a_child_has_them),
        DENSE(where_islands_lie_far_apart_the_least_gaps_are_bridged),
        DENSE(where_promises_are_counted_it_waits),
        DENSE(without_markers_it_is_off),
    };

    setenv("WINMEM_DENSE", "first", 1);
    MUST(wm_home_ready());
    if (!wm_feature_in_use("guard_markers"))
        return 77; /* Linux 6.13 */
    wm_dense_read("first");
    return RUN_APART(tests);
}
