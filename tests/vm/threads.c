/*
 * Threads that work on allocations of their own, look at each other's, and fork: everybody always finds
 * its pages as it left them, and the book is in order at the end and in every child.
 */
#include "vm.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/atomic.h"

enum { THREADS = 4, FORKER = THREADS, WORKERS, SLOTS = 24, PAGES_MAX = 24 };

static const double duration = 2.0;

static bool stop;
static uintptr_t shared_handle;
static size_t shared_bytes = 16 * PAGE;

/* Where somebody has something, or had it; the forker only in its children, at whom nobody looks. */
static uintptr_t seen[WORKERS * SLOTS];

struct slot {
    uintptr_t base;
    size_t pages;
    uint8_t stamps[PAGES_MAX]; /* 0: not committed */
};

struct worker {
    pthread_t thread;
    struct dice dice;
    int number;
    unsigned ops, forks;
    struct slot slots[SLOTS];
    const char *wrong; /* what went wrong, and with which status */
    wm_status status;
};

/* False: the operation ended otherwise than it had to. */
static bool ended(struct worker *w, const char *what, wm_status st, wm_status expected)
{
    if (st == expected)
        return true;
    w->wrong = what;
    w->status = st;
    return false;
}

static bool holds(struct worker *w, const char *what, bool condition)
{
    return ended(w, what, condition ? WM_OK : WM_STATUS_COUNT, WM_OK);
}

/* What the book says of a page is what the kernel does with it. */
static bool agrees_with_kernel(const struct wm_extent *e)
{
    struct wm_range r = wm_extent_range(e);
    struct wm_vma vma;

    while (r.start < r.end) {
        struct wm_run run = wm_pages_at(&wm_home.space, e, r.start);

        uint16_t mapped_as = run.state & (WM_PAGE_WARM | WM_PAGE_DENSE) ? WM_READWRITE : run.state;

        if (wm_kern_vma(r.start, &vma) != 0 || vma.range.start > r.start ||
            vma.access != wm_access_of(mapped_as))
            return false;
        r.start = run.range.end < vma.range.end ? run.range.end : vma.range.end;
    }
    return true;
}

static bool book_agrees_with_kernel(void)
{
    struct wm_found found;

    for (uintptr_t addr = 0; wm_space_from(&wm_home.space, addr, &found); addr = found.extent.start + 1)
        if (found.extent.kind != WM_FREE && !agrees_with_kernel(&found.extent))
            return false;
    return true;
}

/* --- one's own pages --- */

static volatile uint8_t *byte_of(const struct slot *s, size_t page)
{
    return (volatile uint8_t *)(s->base + page * PAGE + s->stamps[page]);
}

static void write_page(struct worker *w, struct slot *s, size_t page)
{
    s->stamps[page] = (uint8_t)(1 + below(&w->dice, 255));
    *byte_of(s, page) = s->stamps[page];
}

static bool check_slot(struct worker *w, const struct slot *s)
{
    struct wm_region region;

    for (size_t i = 0; i < s->pages; i++) {
        bool committed = s->stamps[i] != 0;

        if (!ended(w, "querying", wm_op_query(s->base + i * PAGE, &region), WM_OK) ||
            !holds(w, "another state",
                   region.state == (committed ? WM_REGION_COMMITTED : WM_REGION_RESERVED)) ||
            !holds(w, "another allocation", region.allocation.start == s->base) ||
            (committed && !holds(w, "other contents", *byte_of(s, i) == s->stamps[i])))
            return false;
    }
    return true;
}

static bool fill(struct worker *w, struct slot *s)
{
    bool commit = below(&w->dice, 2);

    *s = (struct slot){.pages = 1 + below(&w->dice, PAGES_MAX)};
    if (!ended(w, "reserving", alloc(WM_ALLOC_RESERVE, 0, s->pages * PAGE, WM_READWRITE, commit, &s->base),
               WM_OK))
        return false;
    for (size_t i = 0; commit && i < s->pages; i++) {
        if (!holds(w, "new pages that are not zero", *(volatile uint64_t *)(s->base + i * PAGE) == 0))
            return false;
        write_page(w, s, i);
    }
    WM_STORE(seen[w->number * SLOTS + (s - w->slots)], s->base);
    return true;
}

static bool empty(struct worker *w, struct slot *s)
{
    uintptr_t base = s->base, again = 0;
    size_t bytes = s->pages * PAGE;
    wm_status st;

    if (!check_slot(w, s) || !ended(w, "releasing", free_pages(WM_FREE_RELEASE, base, 0), WM_OK))
        return false;
    *s = (struct slot){0};
    if (below(&w->dice, 4) != 0)
        return true;
    st = alloc(WM_ALLOC_RESERVE, base, bytes, WM_READWRITE, true, &again);
    if (st == WM_ADDRESS_TAKEN) /* somebody was faster */
        return true;
    return ended(w, "reserving the same again", st, WM_OK) &&
           ended(w, "releasing it", free_pages(WM_FREE_RELEASE, again, 0), WM_OK);
}

static bool recommit(struct worker *w, struct slot *s)
{
    size_t first = below(&w->dice, (unsigned)s->pages);
    size_t count = 1 + below(&w->dice, (unsigned)(s->pages - first));
    uintptr_t start = s->base + first * PAGE, result = 0;

    if (below(&w->dice, 3) == 0) {
        memset(&s->stamps[first], 0, count);
        return ended(w, "decommitting", free_pages(WM_FREE_DECOMMIT, start, count * PAGE), WM_OK);
    }
    if (!ended(w, "committing", alloc(WM_ALLOC_COMMIT, start, count * PAGE, WM_READWRITE, false, &result),
               WM_OK))
        return false;
    for (size_t i = first; i < first + count; i++) {
        if (s->stamps[i] == 0 &&
            !holds(w, "committed pages that are not zero", *(volatile uint64_t *)(s->base + i * PAGE) == 0))
            return false;
        write_page(w, s, i);
    }
    return true;
}

/* Read-only and back, so that the pages stay writable. */
static bool reprotect(struct worker *w, struct slot *s)
{
    size_t page = below(&w->dice, (unsigned)s->pages);
    wm_status expected = s->stamps[page] != 0 ? WM_OK : WM_NOT_COMMITTED;
    uint16_t old = 0;

    return ended(w, "protecting", protect(s->base + page * PAGE, PAGE, WM_READONLY, &old), expected) &&
           ended(w, "protecting back", protect(s->base + page * PAGE, PAGE, WM_READWRITE, &old), expected);
}

static bool work_on_own(struct worker *w)
{
    struct slot *s = &w->slots[below(&w->dice, SLOTS)];

    if (s->base == 0)
        return fill(w, s);
    switch (below(&w->dice, 8)) {
    case 0:
    case 1: return empty(w, s);
    case 2: return reprotect(w, s);
    case 3: return check_slot(w, s);
    default: return recommit(w, s);
    }
}

/* --- what they share --- */

/* What comes back may be old by then, but it covers the address. */
static bool look_at_others(struct worker *w)
{
    uintptr_t addr = WM_LOAD(seen[below(&w->dice, THREADS * SLOTS)]) + below(&w->dice, 32) * PAGE;
    struct wm_region region;

    if (addr < WM_SPACE_START)
        return true;
    return ended(w, "querying others", wm_op_query(addr, &region), WM_OK) &&
           holds(w, "a region beside its address", region.range.start == addr && region.range.end > addr);
}

/*
 * To each its page of the section, which is the same memory in a child: a worker waits for its children, but a
 * forker that had the number of a worker saw its child and that worker overwrite each other's stamps.
 */
static bool share_a_section(struct worker *w)
{
    uintptr_t offset = (uintptr_t)w->number * PAGE, p = 0, own = 0;
    bool same;

    if (!ended(w, "duplicating", wm_op_duplicate(shared_handle, 0, WM_SAME_RIGHTS, &own), WM_OK) ||
        !ended(w, "mapping", map_view(own, 0, 0, false, WM_READWRITE, &p), WM_OK) ||
        !ended(w, "closing", wm_op_close(own), WM_OK))
        return false;
    stamp(p + offset, w->ops);
    same = stamped(p + offset) == w->ops;
    return holds(w, "a section that changes", same) && ended(w, "unmapping", unmap_view(p, false), WM_OK);
}

static bool use_placeholders(struct worker *w)
{
    uintptr_t p = 0, result = 0, own = 0;

    if (!ended(w, "placeholder", alloc(WM_ALLOC_PLACEHOLDER, 0, shared_bytes, WM_NOACCESS, false, &p),
               WM_OK) ||
        !ended(w, "splitting", free_pages(WM_FREE_SPLIT, p, 4 * PAGE), WM_OK) ||
        !ended(w, "section", create_section(4 * PAGE, WM_READWRITE, false, &own), WM_OK) ||
        !ended(w, "view", map_view(own, p, 4 * PAGE, true, WM_READWRITE, &result), WM_OK))
        return false;
    stamp(p, 1);
    return ended(w, "replacing",
                 alloc(WM_ALLOC_REPLACE, p + 4 * PAGE, 12 * PAGE, WM_READWRITE, true, &result), WM_OK) &&
           ended(w, "preserving", unmap_view(p, true), WM_OK) &&
           ended(w, "restoring", free_pages(WM_FREE_SPLIT, p + 4 * PAGE, 12 * PAGE), WM_OK) &&
           ended(w, "coalescing", free_pages(WM_FREE_COALESCE, p, shared_bytes), WM_OK) &&
           ended(w, "releasing it", free_pages(WM_FREE_RELEASE, p, 0), WM_OK) &&
           ended(w, "closing", wm_op_close(own), WM_OK);
}

/* --- forks --- */

/* The child has everything its parent had, and may go on. */
static int live_as_child(struct worker *w)
{
    alarm(30);
    if (!holds(w, "another book than the kernel's", book_agrees_with_kernel()))
        return 1;
    for (int i = 0; i < SLOTS; i++)
        if (w->slots[i].base != 0 && !check_slot(w, &w->slots[i]))
            return 1;
    for (int i = 0; i < 50; i++)
        if (!work_on_own(w) || !share_a_section(w))
            return 1;
    if (!wm_ok(wm_home_enter()))
        return 1;
    wm_space_check(&wm_home.space);
    wm_home_leave();
    return 0;
}

static bool have_a_child(struct worker *w)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        status = live_as_child(w);
        if (status != 0)
            dprintf(STDERR_FILENO, "child: %s: %s\n", w->wrong, wm_status_name(w->status % WM_STATUS_COUNT));
        _exit(status);
    }
    w->forks++;
    waitpid(child, &status, 0);
    return holds(w, "a child that fails", child > 0 && status == 0);
}

/* --- running --- */

static bool work(struct worker *w)
{
    switch (below(&w->dice, 32)) {
    case 0:
    case 1: return share_a_section(w);
    case 2: return use_placeholders(w);
    case 3:
    case 4:
    case 5:
    case 6: return look_at_others(w);
    case 7: return w->number % 2 != 0 || w->ops % 512 != 0 || have_a_child(w);
    default: return work_on_own(w);
    }
}

static void *work_until_stopped(void *argument)
{
    struct worker *w = argument;

    while (!WM_LOAD(stop) && w->wrong == NULL) {
        w->ops++;
        if (!work(w))
            break;
    }
    return NULL;
}

static void leave_nothing(struct worker *w)
{
    for (int i = 0; i < SLOTS; i++)
        if (w->slots[i].base != 0 && check_slot(w, &w->slots[i]))
            release(w->slots[i].base);
    if (w->wrong != NULL)
        fail_msg("worker %d after %u operations: %s: %s", w->number, w->ops, w->wrong,
                 w->status == WM_STATUS_COUNT ? "" : wm_status_name(w->status));
}

static void threads_do_not_notice_each_other(void **state)
{
    static struct worker workers[THREADS], forker = {.number = FORKER, .dice = {99}};
    double end = seconds() + duration;
    unsigned ops = 0;

    (void)state;
    shared_handle = section(shared_bytes);
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.number = i, .dice = {(uint64_t)i + 1}};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work_until_stopped, &workers[i]), 0);
    }
    while (seconds() < end && have_a_child(&forker))
        usleep(20000);
    WM_STORE(stop, true);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        ops += workers[i].ops;
        forker.forks += workers[i].forks;
    }
    print_message("%u operations, %u forks\n", ops, forker.forks);
    leave_nothing(&forker);
    for (int i = 0; i < THREADS; i++)
        leave_nothing(&workers[i]);
    MUST(wm_op_close(shared_handle));
    check_book();
    assert_true(book_agrees_with_kernel());
    assert_true(ops > 100 && forker.forks > 3);
}

/* --- the same pages --- */

enum { FIELD_PAGES = 32 };

static uintptr_t field, field_view;

/* Everybody undoes what the others do; each request ends in one of the ways that fit. */
static void *trample(void *argument)
{
    static const uint16_t protects[] = {WM_READWRITE, WM_READONLY, WM_NOACCESS, WM_WRITECOPY};
    struct worker *w = argument;
    uintptr_t result = 0;
    uint16_t old = 0;
    wm_status st;

    for (; !WM_LOAD(stop); w->ops++) {
        size_t first = below(&w->dice, FIELD_PAGES), bytes = (1 + below(&w->dice, 4)) * PAGE;
        unsigned what = below(&w->dice, 8);

        bytes = first * PAGE + bytes > FIELD_PAGES * PAGE ? PAGE : bytes;
        if (what < 3)
            st = alloc(WM_ALLOC_COMMIT, field + first * PAGE, bytes, protects[below(&w->dice, 3)], false,
                       &result);
        else if (what < 5)
            st = free_pages(WM_FREE_DECOMMIT, field + first * PAGE, bytes);
        else if (what < 6)
            st = protect(field + first * PAGE, bytes, protects[below(&w->dice, 3)], &old);
        else
            st = protect(field_view + first * PAGE, bytes, protects[below(&w->dice, 4)], &old);
        if (!wm_ok(st) && !(what == 5 && st == WM_NOT_COMMITTED))
            ended(w, "trampling", st, WM_OK);
    }
    return NULL;
}

static void book_and_kernel_agree_on_pages_that_threads_fought_over(void **state)
{
    static struct worker workers[THREADS];

    (void)state;
    shared_handle = section(FIELD_PAGES * PAGE);
    field = reserve(FIELD_PAGES * PAGE);
    field_view = view(shared_handle, WM_READWRITE);
    for (int round = 0; round < 10; round++) {
        stop = false;
        for (int i = 0; i < THREADS; i++) {
            workers[i] = (struct worker){.dice = {(uint64_t)(round * THREADS + i)}};
            assert_int_equal(pthread_create(&workers[i].thread, NULL, trample, &workers[i]), 0);
        }
        usleep(50000);
        WM_STORE(stop, true);
        for (int i = 0; i < THREADS; i++)
            pthread_join(workers[i].thread, NULL);
        for (int i = 0; i < THREADS; i++)
            leave_nothing(&workers[i]);
        check_book();
        assert_true(book_agrees_with_kernel());
    }
}

/* --- the same addresses --- */

static unsigned owners; /* how many believe that the field is theirs */

static void *reserve_and_release(void *argument)
{
    struct worker *w = argument;
    size_t bytes = FIELD_PAGES * PAGE;
    uintptr_t result = 0;

    for (; !WM_LOAD(stop) && w->wrong == NULL; w->ops++) {
        bool commit = below(&w->dice, 2);
        wm_status st = alloc(WM_ALLOC_RESERVE, field, bytes, WM_READWRITE, commit, &result);

        if (st == WM_ADDRESS_TAKEN) {
            st = free_pages(WM_FREE_DECOMMIT, field, bytes);
            if (st != WM_OK && st != WM_NOT_ALLOCATED)
                ended(w, "decommitting another's", st, WM_OK);
            continue;
        }
        w->forks++;
        if (ended(w, "reserving", st, WM_OK) &&
            holds(w, "two owners", __atomic_add_fetch(&owners, 1, __ATOMIC_ACQ_REL) == 1)) {
            __atomic_sub_fetch(&owners, 1, __ATOMIC_ACQ_REL);
            ended(w, "releasing", free_pages(WM_FREE_RELEASE, field, 0), WM_OK);
        }
    }
    return NULL;
}

static void addresses_that_threads_compete_for_have_one_owner(void **state)
{
    static struct worker workers[THREADS];

    (void)state;
    field = empty_room(MiB);
    stop = false;
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.number = i, .dice = {(uint64_t)i}};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, reserve_and_release, &workers[i]), 0);
    }
    usleep(500000);
    WM_STORE(stop, true);
    for (int i = 0; i < THREADS; i++)
        pthread_join(workers[i].thread, NULL);
    for (int i = 0; i < THREADS; i++)
        leave_nothing(&workers[i]);
    check_book();
    assert_int_equal(region_at(field).state, WM_REGION_FREE);
}

/* Markers are set without the lock for so long (vm/book/claims.c). */
static void who_has_to_wait_for_the_lock_is_remembered_for_a_while(void **state)
{
    uintptr_t p = allocate(PAGE);
    int calls = 0;

    (void)state;
    assert_true(wm_ok(wm_home_enter()));
    while (wm_home_is_contended())
        calls++;
    assert_int_equal(calls, 0);
    __atomic_fetch_add(&wm_lock_waits, 1, __ATOMIC_RELAXED);
    while (wm_home_is_contended() && calls < 1000)
        calls++;
    assert_int_equal(calls, 64);
    wm_home_leave();
    release(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_do_not_notice_each_other),
        cmocka_unit_test(book_and_kernel_agree_on_pages_that_threads_fought_over),
        cmocka_unit_test(addresses_that_threads_compete_for_have_one_owner),
        cmocka_unit_test(who_has_to_wait_for_the_lock_is_remembered_for_a_while),
    };

    force_by_environment();
    return RUN_APART(tests);
}
