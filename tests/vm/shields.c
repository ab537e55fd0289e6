/*
 * Read-only pages without a mapping of their own (vm/pages/shield.h): forced from the first protection on, as WINMEM_DENSE=first
 * does it. What holds of such memory is asked by all other tests, which run with that as well; here it is whether there are
 * as few mappings as there should be, and what becomes of the pages in the moments in which the kernel forgets them.
 */
#include "audit.h"
#include "mappings.h"

#include <sys/resource.h>
#include <sys/wait.h>

#include "kern/probe.h"
#include "vm/pages/dense.h"
#include "vm/pages/shield.h"

enum { LENGTH = 64 * PAGE };

static bool can_write(uintptr_t addr)
{
    return wm_kern_touches(addr, true);
}

/* Every second one is read-only. */
static uintptr_t alternating(void)
{
    uintptr_t p = allocate(LENGTH);

    stamp_pages(p, 16); /* and the others nobody has touched */
    for (uintptr_t page = p; page < p + LENGTH; page += 2 * PAGE)
        must_protect(page, PAGE, WM_READONLY);
    return p;
}

static void expect_alternating(uintptr_t p)
{
    for (uintptr_t page = p; page < p + LENGTH; page += PAGE)
        assert_int_equal(can_write(page), (page - p) / PAGE % 2);
}

static void read_only_beside_writable_is_one_mapping(void **state)
{
    uintptr_t p = alternating();

    (void)state;
    assert_int_equal(mappings_in(p, LENGTH), 1);
    assert_int_equal(state_at(p), WM_READONLY | WM_PAGE_DENSE);
    assert_int_equal(wm_home.dense.shielded, LENGTH / 2);
    assert_int_equal(wm_home.space.edges, 0);
    assert_int_equal(region_at(p).range.end, p + PAGE);
    assert_int_equal(region_at(p).protect, WM_READONLY);
    expect_alternating(p);
    assert_int_equal(stamped(p + 3 * PAGE), p + 3);
    assert_int_equal(wm_op_fault(p, WM_ACCESS_WRITE), WM_FAULT_VIOLATION);
    assert_int_equal(wm_op_fault(p + PAGE, WM_ACCESS_WRITE), WM_FAULT_EARLY);
    audit_or_fail(audit_book());
    must_protect(p, LENGTH, WM_READWRITE);
    for (uintptr_t page = p; page < p + LENGTH; page += PAGE)
        assert_true(can_write(page));
    assert_int_equal(wm_home.dense.shielded, 0);
    audit_or_fail(audit_book());
    release(p);
}

static void other_protections_are_mappings_as_ever(void **state)
{
    uintptr_t p = alternating();

    (void)state;
    must_protect(p + 4 * PAGE, PAGE, WM_EXECUTE_READ);
    must_protect(p + 7 * PAGE, 2 * PAGE, WM_NOACCESS);
    must_protect(p + 10 * PAGE, PAGE, WM_READWRITE | WM_PAGE_GUARD);
    must_protect(p + 11 * PAGE, 4 * PAGE, WM_READONLY);
    must_protect(p + 7 * PAGE, PAGE, WM_READONLY);
    assert_false(can_write(p + 12 * PAGE));
    audit_or_fail(audit_book());
    must_protect(p, LENGTH, WM_READWRITE);
    for (uintptr_t page = p; page < p + LENGTH; page += PAGE)
        assert_true(can_write(page));
    audit_or_fail(audit_book());
    release(p);
    assert_int_equal(wm_home.dense.shielded, 0);
}

static void what_is_decommitted_comes_back_writable(void **state)
{
    uintptr_t p = alternating();

    (void)state;
    decommit(p + 3 * PAGE, 4 * PAGE);
    audit_or_fail(audit_book());
    commit(p + 3 * PAGE, 2 * PAGE, WM_READWRITE);
    commit(p + 5 * PAGE, PAGE, WM_READONLY);
    assert_true(can_write(p + 4 * PAGE) && !can_write(p + 5 * PAGE));
    assert_int_equal(stamped(p + 4 * PAGE), 0);
    audit_or_fail(audit_book());
    release(p);
    assert_int_equal(wm_home.dense.shielded, 0);
    audit_or_fail(audit_book());
}

/* Not of memory whose contents may go, or which is to stay. */
static void what_is_reset_offered_or_locked_is_settled_first(void **state)
{
    uintptr_t p = alternating(), result = 0;

    (void)state;
    MUST(wm_op_lock(wm_range_of(p + 4 * PAGE, PAGE)));
    assert_int_equal(state_at(p + 4 * PAGE), WM_READONLY | WM_PAGE_LOCKED);
    MUST(alloc(WM_ALLOC_RESET, p + 8 * PAGE, 4 * PAGE, WM_READWRITE, false, &result));
    assert_int_equal(state_at(p + 8 * PAGE), WM_READONLY);
    MUST(wm_op_offer(wm_range_of(p + 16 * PAGE, 4 * PAGE)));
    assert_int_equal(state_at(p + 16 * PAGE), WM_READONLY | WM_PAGE_OFFERED);
    assert_int_equal(state_at(p + 20 * PAGE), WM_READONLY | WM_PAGE_DENSE);
    must_protect(p + 21 * PAGE, PAGE, WM_READONLY);
    assert_int_equal(state_at(p + 21 * PAGE), WM_READONLY);
    audit_or_fail(audit_book());
    MUST(wm_op_reclaim(wm_range_of(p + 16 * PAGE, 4 * PAGE)));
    assert_false(can_write(p + 16 * PAGE) || can_write(p + 20 * PAGE) || can_write(p + 4 * PAGE));
    assert_true(can_write(p + 17 * PAGE));
    audit_or_fail(audit_book());
    release(p);
}

/* Every second page is without access, in turns by a guard. */
static uintptr_t barred(void)
{
    uintptr_t p = reserve(LENGTH);

    for (uintptr_t page = p; page < p + LENGTH; page += 4 * PAGE) {
        commit(page, PAGE, WM_READWRITE);
        commit(page + PAGE, PAGE, WM_NOACCESS);
        commit(page + 2 * PAGE, PAGE, WM_READWRITE);
        commit(page + 3 * PAGE, PAGE, WM_READWRITE | WM_PAGE_GUARD);
        stamp_pages(page, 1);
    }
    return p;
}

static void no_access_beside_writable_is_one_mapping(void **state)
{
    uintptr_t p = barred(), result = 0;

    (void)state;
    assert_int_equal(mappings_in(p, LENGTH), 1);
    assert_int_equal(wm_home.space.edges, 0);
    assert_int_equal(wm_home.dense.bytes, 0);
    audit_or_fail(audit_book());
    assert_int_equal(region_at(p + PAGE).protect, WM_NOACCESS);
    assert_true(faults(p + PAGE) && faults(p + 3 * PAGE));
    assert_int_equal(wm_op_fault(p + PAGE, WM_ACCESS_READ), WM_FAULT_PLAIN);
    assert_int_equal(wm_op_fault(p + 3 * PAGE, WM_ACCESS_READ), WM_FAULT_GUARD);
    assert_int_equal(stamped(p + 3 * PAGE), 0);
    audit_or_fail(audit_book());
    must_protect(p + PAGE, PAGE, WM_READWRITE | WM_PAGE_GUARD);
    must_protect(p + 5 * PAGE, PAGE, WM_READONLY | WM_PAGE_GUARD);
    assert_int_equal(wm_op_fault(p + 5 * PAGE, WM_ACCESS_WRITE), WM_FAULT_GUARD);
    assert_true(can_write(p + 4 * PAGE) && !can_write(p + 5 * PAGE));
    must_protect(p + 7 * PAGE, PAGE, WM_READONLY);
    assert_true(!can_write(p + 7 * PAGE) && stamped(p + 7 * PAGE) == 0);
    must_protect(p + 9 * PAGE, PAGE, WM_EXECUTE_READ);
    decommit(p + 10 * PAGE, 3 * PAGE);
    audit_or_fail(audit_book());
    MUST(alloc(WM_ALLOC_RESET, p + 16 * PAGE, 4 * PAGE, WM_READWRITE, false, &result));
    MUST(wm_op_offer(wm_range_of(p + 20 * PAGE, 4 * PAGE)));
    audit_or_fail(audit_book());
    commit(p, LENGTH, WM_READWRITE);
    for (uintptr_t page = p; page < p + LENGTH; page += PAGE)
        assert_true(can_write(page) || (page >= p + 20 * PAGE && page < p + 24 * PAGE));
    audit_or_fail(audit_book());
    release(p);
    assert_int_equal(wm_home.dense.bytes, 0);
    assert_int_equal(wm_home.dense.shielded, 0);
}

/* What may have contents is a mapping. */
static void what_was_accessible_is_not_barred(void **state)
{
    uintptr_t p = barred();

    (void)state;
    must_protect(p, PAGE, WM_NOACCESS);
    must_protect(p + 2 * PAGE, PAGE, WM_READWRITE | WM_PAGE_GUARD);
    audit_or_fail(audit_book());
    must_protect(p, PAGE, WM_READWRITE);
    assert_int_equal(stamped(p), p);
    release(p);
}

static bool is_alternating(uintptr_t p)
{
    for (uintptr_t page = p; page < p + LENGTH; page += PAGE)
        if (can_write(page) != ((page - p) / PAGE % 2 != 0))
            return false;
    return true;
}

static int in_a_child(uintptr_t p, bool (*holds)(uintptr_t p))
{
    int ended = 1;
    pid_t child = fork();

    if (child == 0)
        _exit(holds(p) && audit_book() == NULL ? 0 : 1);
    assert_int_equal(waitpid(child, &ended, 0), child);
    return ended;
}

static bool is_alternating_and_changes(uintptr_t p)
{
    bool was = is_alternating(p) && mappings_in(p, LENGTH) == 1;

    must_protect(p, PAGE, WM_READWRITE);
    must_protect(p + PAGE, PAGE, WM_READONLY);
    return was && can_write(p) && !can_write(p + PAGE);
}

static void a_child_has_them(void **state)
{
    uintptr_t p = alternating();

    (void)state;
    assert_int_equal(in_a_child(p, is_alternating_and_changes), 0);
    expect_alternating(p);
    audit_or_fail(audit_book());
    release(p);
}

static struct rlimit descriptors;

static bool is_alternating_by_mappings(uintptr_t p)
{
    return setrlimit(RLIMIT_NOFILE, &descriptors) == 0 && is_alternating(p) &&
           mappings_in(p, LENGTH) > LENGTH / PAGE / 2;
}

/* It has no descriptor left for them. */
static void a_child_that_can_have_none_has_mappings(void **state)
{
    uintptr_t p = alternating();
    struct rlimit none = {0, 0};

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &descriptors), 0);
    none.rlim_max = descriptors.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    assert_int_equal(in_a_child(p, is_alternating_by_mappings), 0);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &descriptors), 0);
    expect_alternating(p);
    release(p);
}

/* Whoever closes all descriptors ends the protection; the next change of memory notices. */
static void a_closed_descriptor_is_noticed(void **state)
{
    uintptr_t p = alternating(), other = allocate(LENGTH);

    (void)state;
    for (int fd = 3; fd < 256; fd++)
        if (fd != audit.maps && fd != audit.pagemap)
            close(fd);
    assert_true(can_write(p));
    decommit(other, PAGE);
    expect_alternating(p);
    audit_or_fail(audit_book());
    release(other);
    release(p);
}

static void without_userfaultfd_it_is_off(void **state)
{
    uintptr_t p;

    (void)state;
    wm_probe_lacks(WM_FEATURE_UFFD_PROTECT);
    p = alternating();
    assert_int_equal(wm_home.dense.shielded, 0);
    assert_int_equal(mappings_in(p, LENGTH), 64);
    expect_alternating(p);
    release(p);
}

static wm_status nobody(void)
{
    return WM_GUARD_UNHANDLED;
}

static void where_nobody_answers_for_faults_it_is_off(void **state)
{
    uintptr_t p;

    (void)state;
    wm_guard_catch_faults = nobody;
    p = alternating();
    assert_int_equal(wm_home.dense.shielded, 0);
    expect_alternating(p);
    release(p);
}

#ifdef WM_FAULT_SCRIPT

/* Whatever fails, the pages are as they were or as they are to be. */
static void each_call_fails_once(void **state)
{
    static const uint16_t to[] = {WM_READONLY, WM_READWRITE, WM_EXECUTE_READ, WM_NOACCESS};
    uint16_t old = 0;

    (void)state;
    for (size_t i = 0; i < 2 * (sizeof to / sizeof to[0]); i++)
        for (unsigned nth = 1; nth < 8; nth++) {
            uintptr_t p = alternating(), where = p + (i % 2) * 3 * PAGE;
            size_t bytes = i % 2 ? PAGE : 6 * PAGE;
            bool done;

            wm_fault_nth(nth, i % 2 ? ENOMEM : EAGAIN);
            done = wm_ok(protect(where, bytes, to[i / 2], &old));
            wm_fault_nth(0, 0);
            if (!done)
                expect_alternating(p);
            audit_or_fail(audit_book());
            must_protect(p, LENGTH, WM_READWRITE);
            assert_true(can_write(p) && can_write(p + PAGE));
            release(p);
        }
}

#endif

static int open_audit(void **state)
{
    (void)state;
    audit_open();
    return 0;
}

#define SHIELDS(test) cmocka_unit_test_setup(test, open_audit)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SHIELDS(read_only_beside_writable_is_one_mapping),
        SHIELDS(other_protections_are_mappings_as_ever),
        SHIELDS(what_is_decommitted_comes_back_writable),
        SHIELDS(what_is_reset_offered_or_locked_is_settled_first),
        SHIELDS(no_access_beside_writable_is_one_mapping),
        SHIELDS(what_was_accessible_is_not_barred),
        SHIELDS(a_child_has_them),
        SHIELDS(a_child_that_can_have_none_has_mappings),
        SHIELDS(a_closed_descriptor_is_noticed),
        SHIELDS(without_userfaultfd_it_is_off),
        SHIELDS(where_nobody_answers_for_faults_it_is_off),
#ifdef WM_FAULT_SCRIPT
        SHIELDS(each_call_fails_once),
#endif
    };

    setenv("WINMEM_DENSE", "first", 1);
    MUST(wm_home_ready());
    if (!wm_feature_in_use("uffd_protect"))
        return 77; /* Linux 6.4, and not in every container */
    wm_dense_read("first");
    return RUN_APART(tests);
}
