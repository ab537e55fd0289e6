/*
 * Contents that may go, with each system call failing in turn: whatever the kernel refuses, "intact" is never
 * said of what is not, and what was called intact stays.
 */
#include "vm.h"

#include "support/locked.h"
#include "vm/reset/reset.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { PAGES = 64, CALLS_MAX = 600, PAGEOUT = 21, QUARTER = PAGES / 4 };

static const int errors[] = {ENOMEM, EPERM, EINVAL, EAGAIN, EMFILE, EIO, ENOTTY};

enum { ERRORS = sizeof errors / sizeof errors[0] };

static uintptr_t base;

static wm_status reset(void)
{
    uintptr_t result = 0;

    return alloc(WM_ALLOC_RESET, base, PAGES * PAGE, WM_READWRITE, false, &result);
}

static wm_status undo(void)
{
    uintptr_t result = 0;

    return alloc(WM_ALLOC_UNDO, base, PAGES * PAGE, WM_READWRITE, false, &result);
}

static wm_status offer(void)
{
    return wm_op_offer(wm_range_of(base, PAGES * PAGE));
}

static wm_status reclaim(void)
{
    return wm_op_reclaim(wm_range_of(base, PAGES * PAGE));
}

/* Read/write, read-only, without access, and one quarter of which only every third page was touched. */
static void make_pages(void)
{
    base = allocate(PAGES * PAGE);
    for (size_t i = 0; i < PAGES; i++)
        if (i < 3 * QUARTER || i % 3 == 0)
            stamp(base + i * PAGE, base + i);
    must_protect(base + QUARTER * PAGE, QUARTER * PAGE, WM_READONLY);
    must_protect(base + 2 * QUARTER * PAGE, QUARTER * PAGE, WM_NOACCESS);
}

static bool whole(void)
{
    bool ok = true;

    must_protect(base, PAGES * PAGE, WM_READWRITE);
    for (size_t i = 0; i < PAGES; i++)
        ok &= stamped(base + i * PAGE) == (i < 3 * QUARTER || i % 3 == 0 ? base + i : 0);
    return ok;
}

/* The kernel takes what it may: everything, or from one page on. */
static void push_out(size_t first)
{
    madvise((void *)(base + first * PAGE), (PAGES - first) * PAGE, PAGEOUT);
}

/* What was dropped is there again, as zeros: on a kernel without a page of zeros as memory like any other. */
static void read_what_can_be_read(void)
{
    for (size_t i = 0; i < PAGES; i++)
        if (i / QUARTER != 2)
            (void)stamped(base + i * PAGE);
}

struct pair {
    wm_status (*give)(void), (*take)(void);
};

static const struct pair resetting = {reset, undo}, offering = {offer, reclaim};

struct moment {
    bool giving;  /* a call of giving fails, else one of taking */
    size_t first; /* dropped in between, from this page on */
    int error;
    bool read; /* by the program, after it was dropped; not what is offered, which is inaccessible */
};

/* False: there were fewer than n calls. */
static bool tell_the_truth(const struct pair *pair, const struct moment *m, unsigned n)
{
    unsigned calls;
    wm_status st;

    make_pages();
    wm_fault_nth(m->giving ? n : 0, m->error);
    st = pair->give();
    calls = wm_fault_count();
    wm_fault_nth(0, 0);
    if (wm_ok(st)) {
        if (m->first < PAGES)
            push_out(m->first);
        if (m->read)
            read_what_can_be_read();
        wm_fault_nth(m->giving ? 0 : n, m->error);
        st = pair->take();
        calls = m->giving ? calls : wm_fault_count();
        wm_fault_nth(0, 0);
        if (st != WM_CONTENTS_LOST && !wm_ok(st)) /* nothing has happened */
            st = pair->take();
        push_out(0);
        if (wm_ok(st) && !whole())
            fail_msg("call %u of %s fails with %s: lost contents are called intact", n,
                     m->giving ? "giving" : "taking", strerror(m->error));
        if (!wm_ok(st) && st != WM_CONTENTS_LOST)
            fail_msg("call %u: %s", n, wm_status_name(st));
    } else if (!whole()) {
        fail_msg("call %u fails with %s: contents are gone", n, strerror(m->error));
    }
    check_book();
    release(base);
    return calls >= n;
}

static void try_all(const struct pair *pair)
{
    static const size_t firsts[] = {0, PAGES / 2, PAGES - 1, PAGES};

    for (int e = 0; e < ERRORS; e++)
        for (int i = 0; i < 8; i++) {
            struct moment m = {i % 2 == 0, firsts[i / 2], errors[e], pair == &resetting && e % 2 == 0};
            unsigned n = 1;

            while (tell_the_truth(pair, &m, n) && n < CALLS_MAX)
                n++;
            assert_true(n < CALLS_MAX);
        }
}

/* What is remembered of mechanisms that the kernel lacks begins anew with each process. */
static void undoing_tells_the_truth(void **state)
{
    (void)state;
    try_all(&resetting);
}

static void reclaiming_tells_the_truth(void **state)
{
    (void)state;
    try_all(&offering);
}

static void every_failure_comes_first(const struct pair *pair, unsigned n, int error)
{
    struct moment giving = {true, PAGES / 2, error, false}, taking = {false, PAGES / 2, error, false};

    tell_the_truth(pair, &giving, n);
    tell_the_truth(pair, &taking, n);
    tell_the_truth(pair, &taking, 0);
}

static void the_first_use_may_fail(void **state)
{
    unsigned n = *(unsigned *)*state;

    every_failure_comes_first(&resetting, n, errors[n % ERRORS]);
    every_failure_comes_first(&offering, n, errors[n % ERRORS]);
}

/* --- without failures --- */

static void without_failures_nothing_is_lost(void **state)
{
    static const struct pair *const pairs[] = {&resetting, &offering};

    (void)state;
    for (int i = 0; i < 2; i++) {
        make_pages();
        MUST(pairs[i]->give());
        MUST(pairs[i]->take());
        push_out(0);
        assert_true(whole());
        release(base);
    }
}

static void what_is_dropped_is_reported(void **state)
{
    static const struct pair *const pairs[] = {&resetting, &offering};

    (void)state;
    for (int i = 0; i < 2; i++) {
        make_pages();
        MUST(pairs[i]->give());
        push_out(PAGES / 2);
        EXPECT_STATUS(WM_CONTENTS_LOST, pairs[i]->take());
        release(base);
    }
}

static void reading_what_is_lost_does_not_make_it_whole(void **state)
{
    (void)state;
    make_pages();
    MUST(reset());
    push_out(PAGES / 2);
    read_what_can_be_read();
    EXPECT_STATUS(WM_CONTENTS_LOST, undo());
    release(base);
}

/* What VirtualLock does before the kernel fills the gaps. */
static void locking_hides_no_loss(void **state)
{
    struct wm_found found;
    bool exists;

    (void)state;
    make_pages();
    must_protect(base, PAGES * PAGE, WM_READWRITE);
    MUST(reset());
    push_out(PAGES / 2);
    MUST(wm_home_enter());
    MUST(wm_home_find(base, &found, &exists));
    assert_true(exists && wm_space_ready(&wm_home.space, 0, 2 * WM_PAGES_RUNS));
    wm_reset_settle(&found, wm_range_of(base, PAGES * PAGE));
    if (program_locks(base, PAGES * PAGE) != 0)
        skip();
    WM_SPACE_CHANGES(&wm_home.space)
        wm_pages_change(&wm_home.space, &found, wm_range_of(base, PAGES * PAGE), 0xffff, WM_PAGE_LOCKED);
    wm_home_leave();
    MUST(alloc(WM_ALLOC_UNDO, base, PAGES / 2 * PAGE, WM_READWRITE, false, &(uintptr_t){0}));
    EXPECT_STATUS(WM_CONTENTS_LOST, undo());
    MUST(reset()); /* locked: nothing happens */
    MUST(undo());
    MUST(offer()); /* unlocks */
    assert_true(wm_space_at(&wm_home.space, base, &found));
    assert_false(wm_pages_at(&wm_home.space, &found.extent, base).state & WM_PAGE_LOCKED);
    push_out(0);
    EXPECT_STATUS(WM_CONTENTS_LOST, reclaim());
    release(base);
}

int main(void)
{
    enum { FIRST_CALLS = 28 };
    static struct CMUnitTest tests[FIRST_CALLS + 6] = {
        cmocka_unit_test(undoing_tells_the_truth),
        cmocka_unit_test(reclaiming_tells_the_truth),
        cmocka_unit_test(without_failures_nothing_is_lost),
        cmocka_unit_test(what_is_dropped_is_reported),
        cmocka_unit_test(reading_what_is_lost_does_not_make_it_whole),
        cmocka_unit_test(locking_hides_no_loss),
    };
    static unsigned numbers[FIRST_CALLS];
    size_t count = 6;

    for (unsigned n = 0; n < FIRST_CALLS; n++) {
        numbers[n] = n + 1;
        tests[count++] = (struct CMUnitTest)cmocka_unit_test_prestate(the_first_use_may_fail, &numbers[n]);
    }
    return run_apart(tests, count);
}
