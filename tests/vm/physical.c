/*
 * Physical pages and their windows, with each system call failing in turn: a call that fails changes
 * nothing, whatever way it had gone, and succeeds the next time. Contents are compared page by page.
 */
#include "picture.h"

#include <errno.h>

#include "vm/physical/shifts.h"

enum { PAGES = 8, FRAMES = 2 * PAGES, CALLS_MAX = 200, REASONS = 8 };

/* Frames PAGES.. are parked, the others lie in window p, the one after the other. */
static uintptr_t p, q;
static uintptr_t frames[FRAMES];
static bool q_is_ours;

static wm_status new_window(uintptr_t *out)
{
    struct wm_alloc_req req = {.kind = WM_ALLOC_RESERVE,
                               .at = {0, FRAMES * PAGE},
                               .protect = WM_READWRITE,
                               .traits = WM_TRAIT_PHYSICAL};
    wm_status st = wm_op_alloc(&req);

    if (wm_ok(st))
        *out = req.result;
    return st;
}

static wm_status map(uintptr_t at, const uintptr_t *numbers, size_t count)
{
    return wm_op_map_frames(&(struct wm_map_frames_req){.base = at, .frames = numbers, .count = count});
}

/* Every frame's stamp, read through another window: afterwards all are parked. */
static void expect_contents(void)
{
    uintptr_t look = 0;

    MUST(new_window(&look));
    MUST(map(look, frames, FRAMES));
    for (uintptr_t i = 0; i < FRAMES; i++)
        assert_int_equal(stamped(look + i * PAGE), i + 1);
    release(look);
}

static void set_up(void)
{
    size_t got = 0;

    q_is_ours = true;
    MUST(new_window(&p));
    MUST(new_window(&q));
    MUST(wm_op_allocate_frames(FRAMES, frames, &got));
    assert_int_equal(got, FRAMES);
    MUST(map(q, frames, FRAMES));
    for (uintptr_t i = 0; i < FRAMES; i++)
        stamp(q + i * PAGE, i + 1);
    MUST(map(q, NULL, FRAMES));
    MUST(map(p, frames, PAGES));
}

static void expect_as_set_up(void)
{
    for (uintptr_t i = 0; i < PAGES; i++) {
        assert_int_equal(stamped(p + i * PAGE), i + 1);
        assert_false(wm_kern_readable((void *)(p + (PAGES + i) * PAGE), 1));
        assert_false(wm_kern_readable((void *)(q + i * PAGE), 1));
        assert_false(wm_physical_reachable(q + i * PAGE, true));
        assert_true(wm_physical_reachable(p + i * PAGE, true));
    }
}

static void clean_up(void)
{
    size_t freed;

    MUST(wm_op_free_frames(frames, FRAMES, &freed));
    release(p);
    if (q_is_ours)
        release(q);
}

static void need_moving(void)
{
    MUST(wm_home_ready());
    if (!wm_feature_in_use("uffd_move"))
        skip();
}

/* --- operations --- */

/* Every second page, backwards: runs of one page. */
static wm_status run_scatter(void)
{
    uintptr_t addresses[PAGES], numbers[PAGES];

    for (uintptr_t i = 0; i < PAGES; i++) {
        addresses[i] = q + 2 * (PAGES - 1 - i) * PAGE;
        numbers[i] = frames[PAGES + i];
    }
    return wm_op_map_frames(
        &(struct wm_map_frames_req){.addresses = addresses, .frames = numbers, .count = PAGES});
}

static void after_scatter(void)
{
    for (uintptr_t i = 0; i < PAGES; i++)
        assert_int_equal(stamped(q + 2 * (PAGES - 1 - i) * PAGE), PAGES + i + 1);
    assert_false(wm_kern_readable((void *)(q + PAGE), 1));
    MUST(map(q, NULL, FRAMES));
}

/* Frames that are there go, others come, and some only change places. */
static wm_status run_replace(void)
{
    uintptr_t numbers[PAGES];

    for (int i = 0; i < PAGES; i++)
        numbers[i] = i % 2 ? frames[PAGES + i] : frames[PAGES - 2 - i];
    return map(p, numbers, PAGES);
}

static void after_replace(void)
{
    for (uintptr_t i = 0; i < PAGES; i++)
        assert_int_equal(stamped(p + i * PAGE), i % 2 ? PAGES + i + 1 : PAGES - 2 - i + 1);
}

static wm_status run_unmap(void)
{
    return map(p, NULL, PAGES);
}

static void after_unmap(void)
{
    for (uintptr_t i = 0; i < PAGES; i++)
        assert_false(wm_kern_readable((void *)(p + i * PAGE), 1));
}

/* q holds frames, not all in a row. */
static void set_up_release(void)
{
    set_up();
    MUST(map(p, NULL, PAGES));
    MUST(map(p, frames, 3));
    MUST(map(p + 5 * PAGE, frames + 3, 5));
}

static void expect_as_set_up_release(void)
{
    for (uintptr_t i = 0; i < 3; i++)
        assert_int_equal(stamped(p + i * PAGE), i + 1);
    for (uintptr_t i = 0; i < 5; i++)
        assert_int_equal(stamped(p + (5 + i) * PAGE), i + 4);
    assert_false(wm_kern_readable((void *)(p + 3 * PAGE), 1));
}

static wm_status run_release(void)
{
    return free_pages(WM_FREE_RELEASE, p, 0);
}

static void after_release(void)
{
    assert_int_equal(region_at(p).state, WM_REGION_FREE);
    p = q;
    q_is_ours = false;
}

static uintptr_t third;

static wm_status run_reserve(void)
{
    return new_window(&third);
}

static void after_reserve(void)
{
    assert_false(wm_kern_readable((void *)third, 1));
    release(third);
}

static uintptr_t more[PAGES];
static size_t delivered;

static wm_status run_allocate(void)
{
    return wm_op_allocate_frames(PAGES, more, &delivered);
}

static void after_allocate(void)
{
    size_t freed;

    assert_true(delivered > 0 && delivered <= PAGES);
    MUST(map(p + PAGES * PAGE, more, delivered));
    for (uintptr_t i = 0; i < delivered; i++)
        assert_int_equal(stamped(p + (PAGES + i) * PAGE), 0);
    MUST(wm_op_free_frames(more, delivered, &freed));
    assert_int_equal(freed, delivered);
}

/* --- failing --- */

/* clang-format off */
static const struct operation {
    const char *name;
    void (*set_up)(void);
    wm_status (*run)(void);
    void (*expect_unchanged)(void);
    void (*after)(void);
    wm_status reasons[REASONS];
} operations[] = {
    {"scatter", set_up, run_scatter, expect_as_set_up, after_scatter,
        {WM_FRAME_BUSY, WM_FRAMES_NONE, WM_MAP_COUNT}},
    {"replace", set_up, run_replace, expect_as_set_up, after_replace,
        {WM_FRAME_BUSY, WM_FRAMES_NONE, WM_MAP_COUNT}},
    {"unmap", set_up, run_unmap, expect_as_set_up, after_unmap, {WM_FRAME_BUSY, WM_FRAMES_NONE, WM_MAP_COUNT}},
    {"release", set_up_release, run_release, expect_as_set_up_release, after_release,
        {WM_FRAME_BUSY, WM_FRAMES_NONE, WM_MAP_COUNT, WM_BOOK_MEMORY}},
    {"reserve", set_up, run_reserve, expect_as_set_up, after_reserve,
        {WM_ADDRESS_SPACE, WM_BOOK_MEMORY, WM_MAP_COUNT, WM_KERNEL}},
    {"allocate", set_up, run_allocate, expect_as_set_up, after_allocate,
        {WM_FRAMES_NONE, WM_FRAME_BUSY, WM_BOOK_MEMORY, WM_COMMIT_LIMIT, WM_MAP_COUNT}},
};
/* clang-format on */

static struct picture before, after;

static void expect_reason(const struct operation *op, unsigned n, wm_status st)
{
    for (int i = 0; i < REASONS && op->reasons[i] != WM_OK; i++)
        if (op->reasons[i] == st)
            return;
    fail_msg("%s, call %u fails: %s is no reason", op->name, n, wm_status_name(st));
}

static void expect_nothing_elsewhere(const struct operation *op, unsigned n)
{
    take_picture((struct wm_range){0, 0}, &after);
    if (difference_elsewhere(&before, &after) != NULL)
        fail_msg("%s, call %u failed: %s", op->name, n, difference_elsewhere(&before, &after));
}

static bool meets_failure(const struct operation *op, unsigned n, int error)
{
    unsigned calls;
    wm_status st;

    op->set_up();
    take_picture((struct wm_range){0, 0}, &before);
    wm_fault_nth(n, error);
    st = op->run();
    calls = wm_fault_count();
    wm_fault_nth(0, 0);
    check_book();
    if (!wm_ok(st)) {
        expect_reason(op, n, st);
        expect_nothing_elsewhere(op, n);
        op->expect_unchanged();
        MUST(op->run());
    }
    op->after();
    MUST(map(p, NULL, FRAMES));
    expect_contents();
    clean_up();
    check_book();
    return calls >= n;
}

static void a_failed_call_changes_nothing(const struct operation *op, int error)
{
    unsigned n = 1;

    op->set_up(); /* the parking area is there from now on */
    clean_up();
    while (meets_failure(op, n, error) && n < CALLS_MAX)
        n++;
    assert_in_range(n, 2, CALLS_MAX - 1);
}

static void each_operation_with(int error)
{
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++)
        a_failed_call_changes_nothing(&operations[i], error);
}

static void without_memory(void **state)
{
    (void)state;
    each_operation_with(ENOMEM);
}

/* Only moving pages is ever refused so. */
static void while_a_device_works_on_pages(void **state)
{
    (void)state;
    need_moving();
    for (int i = 0; i < 4; i++)
        a_failed_call_changes_nothing(&operations[i], EBUSY);
}

static void expect_it_begins(unsigned n, int error)
{
    uintptr_t window = 0;
    size_t got = 0;

    wm_fault_nth(n, error);
    (void)new_window(&window);
    wm_fault_nth(0, 0);
    if (window != 0)
        release(window);
    check_book();
    set_up();
    expect_as_set_up();
    MUST(map(p, NULL, PAGES));
    expect_contents();
    clean_up();
    MUST(wm_op_allocate_frames(1, frames, &got));
    MUST(wm_op_free_frames(frames, 1, &got));
}

static void the_first_window_of_all_without_memory(void **state)
{
    unsigned n = *(unsigned *)*state;

    MUST(wm_home_ready());
    expect_it_begins(n, ENOMEM);
}

static void the_first_window_of_all_without_a_descriptor(void **state)
{
    (void)state;
    MUST(wm_home_ready());
    expect_it_begins(1, EMFILE);
}

/* Interrupted by the kernel, again and again: it is asked again. */
static void a_move_that_is_to_be_tried_again(void **state)
{
    (void)state;
    need_moving();
    set_up();
    for (int i = 0; i < 2; i++) {
        wm_fault_script("ioctl:EAGAIN,EAGAIN,ok,EAGAIN,EAGAIN,EAGAIN");
        MUST(i == 0 ? run_replace() : run_unmap());
        wm_fault_script(NULL);
    }
    expect_contents();
    clean_up();
}

/* The table says what is where even if the way back is barred as well. */
static void a_way_back_that_is_barred(void **state)
{
    (void)state;
    need_moving();
    set_up();
    wm_fault_script("ioctl:ok,ok,EPERM,EPERM");
    assert_false(wm_ok(run_scatter()));
    wm_fault_script(NULL);
    MUST(map(q, NULL, FRAMES));
    MUST(map(p, NULL, FRAMES));
    expect_contents();
    clean_up();
}

enum { FIRST_CALLS = 24 };

/* A signal handler or another thread comes in between. */
static void one_call_at_a_time_has_the_list_that_is_kept(void **state)
{
    enum { MANY = WM_SHIFTS_ON_STACK + 1 };
    struct wm_shift_list first, second, third;
    struct wm_shift *kept;

    (void)state;
    MUST(wm_shifts_make(&first, MANY));
    MUST(wm_shifts_make(&second, MANY));
    kept = first.list;
    assert_true(second.list != kept);
    wm_shifts_end(&second);
    MUST(wm_shifts_make(&second, MANY));
    assert_true(second.list != kept);
    wm_shifts_end(&first);
    MUST(wm_shifts_make(&third, WM_SHIFTS_KEPT));
    assert_true(third.list == kept);
    wm_shifts_end(&third);
    MUST(wm_shifts_make(&third, WM_SHIFTS_KEPT + 1));
    assert_true(third.list != kept);
    third.list[WM_SHIFTS_KEPT].in = 1;
    wm_shifts_end(&third);
    wm_shifts_end(&second);
}

int main(void)
{
    static unsigned numbers[FIRST_CALLS];
    static struct CMUnitTest tests[FIRST_CALLS + 8];
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(without_memory),
        cmocka_unit_test(while_a_device_works_on_pages),
        cmocka_unit_test(the_first_window_of_all_without_a_descriptor),
        cmocka_unit_test(a_move_that_is_to_be_tried_again),
        cmocka_unit_test(a_way_back_that_is_barred),
        cmocka_unit_test(one_call_at_a_time_has_the_list_that_is_kept),
    };
    size_t count = sizeof others / sizeof others[0];

    memcpy(tests, others, sizeof others);
    for (unsigned i = 0; i < FIRST_CALLS; i++) {
        numbers[i] = i + 1;
        tests[count++] =
            (struct CMUnitTest)cmocka_unit_test_prestate(the_first_window_of_all_without_memory, &numbers[i]);
    }
    return run_apart(tests, count);
}
