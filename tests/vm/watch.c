/*
 * Write watch from below: whatever the kernel refuses, a written page is never missed; and locked pages, which
 * are counted.
 */
#include "vm.h"

#include <errno.h>

#include "vm/watch/watch.h"

enum { PAGES = 16, LENGTH = PAGES * PAGE, CALLS = 40 };

/* 0 if that fails. */
static uintptr_t watched(size_t bytes, bool commit)
{
    struct wm_alloc_req req = {.kind = WM_ALLOC_RESERVE,
                               .commit = commit,
                               .at = {0, bytes},
                               .protect = WM_READWRITE,
                               .traits = WM_TRAIT_WATCHED};

    return wm_ok(wm_op_alloc(&req)) ? req.result : 0;
}

/* A bit for each page of [p, p + LENGTH) that is reported. */
static uint64_t ask(uintptr_t p, bool reset)
{
    struct wm_page_run runs[4];
    struct wm_watch_req req = {
        .range = wm_range_of(p, LENGTH), .reset = reset, .max_pages = 5, .runs = runs, .capacity = 4};
    uint64_t bits = 0;

    for (; req.range.start < p + LENGTH; req.range.start = req.stopped) {
        MUST(wm_op_get_written(&req));
        assert_true(req.pages <= 5 && req.stopped > req.range.start);
        for (size_t i = 0; i < req.count; i++)
            for (uintptr_t at = runs[i].range.start; at < runs[i].range.end; at += PAGE) {
                assert_true(at >= req.range.start && at < req.stopped);
                bits |= (uint64_t)1 << (at - p) / PAGE;
            }
    }
    return bits;
}

static void write_to(uintptr_t p, int page)
{
    ((volatile char *)p)[page * PAGE + 5]++;
}

static void expect_at_least(uint64_t bits, uint64_t want)
{
    if ((bits & want) != want)
        fail_msg("0x%lx were reported, 0x%lx were written", bits, want);
}

/* A whole life, in which a page that was written must be reported whatever fails. */
static void live(void)
{
    uintptr_t p = watched(LENGTH, true), q = watched(LENGTH, false);
    uint16_t old = 0;
    uintptr_t ignored = 0;

    if (p == 0 || q == 0)
        return;
    write_to(p, 3);
    expect_at_least(ask(p, true), 0x8);
    write_to(p, 5);
    if (wm_ok(protect(p, 8 * PAGE, WM_READONLY, &old)) && !wm_ok(protect(p, 8 * PAGE, WM_READWRITE, &old)))
        return;
    write_to(p, 1);
    expect_at_least(ask(p, false), 0x20);
    if (wm_ok(free_pages(WM_FREE_DECOMMIT, p + 8 * PAGE, 4 * PAGE)) &&
        !wm_ok(alloc(WM_ALLOC_COMMIT, p + 8 * PAGE, 4 * PAGE, WM_READWRITE, false, &ignored)))
        return;
    write_to(p, 9);
    expect_at_least(ask(p, true), 0x222);
    MUST(wm_op_reset_written(wm_range_of(p, LENGTH)));
    write_to(p, 2);
    expect_at_least(ask(p, false), 0x4);
    if (wm_ok(alloc(WM_ALLOC_COMMIT, q, LENGTH, WM_READWRITE, false, &ignored))) {
        write_to(q, 7);
        expect_at_least(ask(q, false), 0x80);
    }
    wm_fault_nth(0, 0);
    release(p);
    release(q);
}

static void a_written_page_is_never_missed(void **state)
{
    static const int errors[] = {ENOMEM, EPERM, EMFILE, EINVAL};

    (void)state;
    for (size_t e = 0; e < sizeof errors / sizeof errors[0]; e++)
        for (unsigned n = 1; n <= CALLS; n++) {
            pid_t child = fork();
            int status = 0;

            if (child == 0) {
                uintptr_t first = allocate(GRAIN); /* the book and its arenas are there */

                alarm(20);
                wm_fault_nth(n, errors[e]);
                live();
                wm_fault_nth(0, 0);
                release(first);
                check_book();
                _exit(0);
            }
            waitpid(child, &status, 0);
            if (status != 0)
                fail_msg("error %d at call %u: status %x", errors[e], n, (unsigned)status);
        }
}

static struct wm_extent extent_at(uintptr_t p)
{
    struct wm_found found;

    assert_true(wm_space_at(&wm_home.space, p, &found));
    return found.extent;
}

static bool nobody_tells(uintptr_t p)
{
    unsigned both = WM_TRAIT_BLIND | WM_TRAIT_SPARSE;

    return (extent_at(p).traits & both) == both;
}

/*
 * Of a commit that is too long to be armed page by page, untouched pages do not count, nor those that were only
 * read. Where the kernel does not tell these, it is armed.
 */
static void a_long_commit_is_exact(void **state)
{
    uintptr_t p = watched(2 * GiB, true);

    (void)state;
    if (nobody_tells(p))
        skip();
    if ((extent_at(p).traits & WM_TRAIT_BLIND) == 0)
        assert_int_equal((extent_at(p).traits & WM_TRAIT_SPARSE) != 0, wm_kern_tells_zeros());
    assert_int_equal(ask(p, false), 0);
    write_to(p, 3);
    assert_int_equal(((volatile char *)p)[8 * PAGE], 0);
    assert_int_equal(ask(p, false), 0x8);
    assert_int_equal(ask(p, true), 0x8);
    assert_int_equal(ask(p, false), 0);
    write_to(p, 3);
    write_to(p, 9);
    assert_int_equal(ask(p, false), 0x208);
    release(p);
    check_book();
}

/* And where even that is too long, too much is told and never too little. */
static void a_very_long_commit_misses_nothing(void **state)
{
    uintptr_t p = watched(17 * GiB, true);

    (void)state;
    if (p == 0 || (extent_at(p).traits & WM_TRAIT_BLIND))
        skip();
    assert_true(extent_at(p).traits & WM_TRAIT_SPARSE);
    assert_int_equal(ask(p, false), 0);
    assert_int_equal(((volatile char *)p)[8 * PAGE], 0);
    write_to(p, 3);
    assert_int_equal(ask(p, true), wm_kern_tells_zeros() ? 0x8 : 0x108);
    assert_int_equal(((volatile char *)p)[8 * PAGE], 0);
    write_to(p, 5);
    assert_int_equal(ask(p, false), 0x20);
    release(p);
    check_book();
}

static void locked_pages_are_counted(void **state)
{
    uintptr_t p = allocate(LENGTH);
    uint16_t old = 0;

    (void)state;
    MUST(wm_op_lock(wm_range_of(p, 4 * PAGE)));
    MUST(wm_op_lock(wm_range_of(p + 2 * PAGE, 4 * PAGE)));
    assert_int_equal(wm_home.locked_pages, 6);
    MUST(protect(p, LENGTH, WM_READONLY, &old));
    assert_int_equal(wm_home.locked_pages, 6);
    MUST(unlock_pages(wm_range_of(p, PAGE)));
    assert_int_equal(wm_home.locked_pages, 5);
    decommit(p + 3 * PAGE, 2 * PAGE);
    assert_int_equal(wm_home.locked_pages, 3);
    release(p);
    assert_int_equal(wm_home.locked_pages, 0);
    check_book();
}

static void a_lock_that_fails_locks_nothing(void **state)
{
    uintptr_t p = allocate(LENGTH);

    (void)state;
    for (unsigned n = 1; n < 4; n++) {
        wm_fault_nth(n, ENOMEM);
        if (wm_ok(wm_op_lock(wm_range_of(p, 4 * PAGE)))) {
            wm_fault_nth(0, 0);
            assert_int_equal(wm_home.locked_pages, 4);
            MUST(unlock_pages(wm_range_of(p, 4 * PAGE)));
        }
        wm_fault_nth(0, 0);
        assert_int_equal(wm_home.locked_pages, 0);
        assert_false(wm_kern_are_locked(wm_range_of(p, PAGE)));
    }
    release(p);
    check_book();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_written_page_is_never_missed),    cmocka_unit_test(a_long_commit_is_exact),
        cmocka_unit_test(a_very_long_commit_misses_nothing), cmocka_unit_test(locked_pages_are_counted),
        cmocka_unit_test(a_lock_that_fails_locks_nothing),
    };

    return RUN_APART(tests);
}
