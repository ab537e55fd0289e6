/* frames.h: which frame is where, and which changes are possible. */
#include "support/unit.h"

#include <string.h>

#include "core/frames.h"

enum { LIMIT = 200, PAGES = 16, BASE = 0x100000 };

static uintptr_t at[LIMIT];
static uint64_t given[LIMIT / 64 + 1];
static uint32_t table[PAGES];
static struct wm_frames frames;
static struct wm_shift shifts[PAGES];

static uint32_t *slot_at(uintptr_t addr)
{
    return &table[(addr - BASE) / WM_PAGE];
}

static int set_up(void **state)
{
    (void)state;
    memset(at, 0, sizeof at);
    memset(given, 0, sizeof given);
    memset(table, 0, sizeof table);
    memset(shifts, 0, sizeof shifts);
    wm_frames_init(&frames, at, given, LIMIT);
    return 0;
}

static struct wm_frame_run pick(uint32_t most)
{
    struct wm_frame_run run;

    assert_true(wm_frames_pick(&frames, most, &run));
    return run;
}

static void take(uint32_t count)
{
    wm_frames_take(&frames, pick(count));
}

static void shift(size_t i, uintptr_t page, uint32_t in)
{
    shifts[i] = (struct wm_shift){.at = BASE + page * WM_PAGE, .slot = &table[page], .in = in};
}

static enum wm_shift_verdict plan(size_t count)
{
    uint32_t table_before[PAGES];
    uintptr_t at_before[LIMIT];
    enum wm_shift_verdict verdict;

    memcpy(table_before, table, sizeof table);
    memcpy(at_before, at, sizeof at);
    verdict = wm_frames_plan(&frames, shifts, count, slot_at);
    assert_memory_equal(table_before, table, sizeof table);
    assert_memory_equal(at_before, at, sizeof at);
    return verdict;
}

static void carry_out(size_t count, bool back)
{
    struct wm_frame_run run;

    for (size_t i = 0; wm_shifts_to_park(shifts, count, back, &i, &run); i += run.pages)
        wm_frames_parked(&frames, &shifts[i], run.pages);
    for (size_t i = 0; wm_shifts_to_bring(shifts, count, back, &i, &run); i += run.pages)
        wm_frames_brought(&frames, &shifts[i], run.pages, back);
}

static void map_in_a_row(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        shift(i, i, i + 1);
    assert_int_equal(plan(count), WM_SHIFT_FINE);
    carry_out(count, false);
}

static void frames_are_handed_out_once(void **state)
{
    struct wm_frame_run run;

    (void)state;
    run = pick(10);
    assert_int_equal(run.frame, 1);
    assert_int_equal(run.pages, 10);
    wm_frames_take(&frames, run);
    assert_int_equal(pick(5).frame, 11);
    take(LIMIT);
    assert_int_equal(frames.fresh, LIMIT);
    assert_false(wm_frames_pick(&frames, 1, &run));
    assert_true(wm_frames_owned(&frames, LIMIT - 1));
    assert_false(wm_frames_owned(&frames, 0) || wm_frames_owned(&frames, LIMIT) ||
                 wm_frames_owned(&frames, SIZE_MAX));
}

static void freed_frames_come_first_and_in_runs(void **state)
{
    (void)state;
    take(100);
    wm_frames_give(&frames, (struct wm_frame_run){0, 60, 10});
    wm_frames_give(&frames, (struct wm_frame_run){0, 7, 1});
    assert_false(wm_frames_owned(&frames, 7) || wm_frames_owned(&frames, 69));
    assert_int_equal(pick(50).frame, 7);
    assert_int_equal(pick(50).pages, 1);
    take(50);
    assert_int_equal(pick(4).frame, 60);
    take(4);
    assert_int_equal(pick(50).frame, 64);
    assert_int_equal(pick(50).pages, 6);
    take(50);
    assert_int_equal(pick(50).frame, 101);
    assert_int_equal(frames.given_count, 0);
}

static void a_row_is_one_run(void **state)
{
    struct wm_frame_run run;
    size_t from = 0;

    (void)state;
    take(20);
    for (uint32_t i = 0; i < 8; i++)
        shift(i, i, i < 5 ? i + 1 : i + 2);
    assert_int_equal(plan(8), WM_SHIFT_FINE);
    assert_true(wm_shifts_to_bring(shifts, 8, false, &from, &run));
    assert_int_equal(run.window, BASE);
    assert_int_equal(run.frame, 1);
    assert_int_equal(run.pages, 5);
    from += run.pages;
    assert_true(wm_shifts_to_bring(shifts, 8, false, &from, &run));
    assert_int_equal(run.frame, 7);
    assert_int_equal(run.pages, 3);
    from += run.pages;
    assert_false(wm_shifts_to_bring(shifts, 8, false, &from, &run));
}

static void impossible_plans_are_told_apart(void **state)
{
    (void)state;
    take(20);
    map_in_a_row(4);
    shift(0, 8, 21);
    assert_int_equal(plan(1), WM_SHIFT_UNKNOWN);
    shift(0, 8, 10);
    shift(1, 9, 10);
    assert_int_equal(plan(2), WM_SHIFT_TWICE);
    shift(1, 8, 11);
    assert_int_equal(plan(2), WM_SHIFT_TWICE);
    shift(1, 9, 2);
    assert_int_equal(plan(2), WM_SHIFT_ELSEWHERE);
    shift(0, 1, 10); /* where frame 2 lies */
    assert_int_equal(plan(2), WM_SHIFT_FINE);
    assert_int_equal(shifts[0].out, 2);
}

static void frames_change_places_and_back(void **state)
{
    (void)state;
    take(20);
    map_in_a_row(6);
    for (uint32_t i = 0; i < 6; i++)
        shift(i, i, (i + 2) % 6 + 1);
    assert_int_equal(plan(6), WM_SHIFT_FINE);
    carry_out(6, false);
    for (uint32_t i = 0; i < 6; i++) {
        assert_int_equal(table[i], (i + 2) % 6 + 1);
        assert_int_equal(at[table[i]], BASE + i * WM_PAGE);
    }
    carry_out(6, true);
    for (uint32_t i = 0; i < 6; i++)
        assert_int_equal(at[i + 1], BASE + i * WM_PAGE);
}

static void the_frames_of_a_window_are_found(void **state)
{
    uint32_t frame = 1;

    (void)state;
    take(20);
    map_in_a_row(6);
    assert_true(wm_frames_next_in(&frames, wm_range_of(BASE + 2 * WM_PAGE, 3 * WM_PAGE), &frame));
    assert_int_equal(frame, 3);
    frame = 6;
    assert_false(wm_frames_next_in(&frames, wm_range_of(BASE + 2 * WM_PAGE, 3 * WM_PAGE), &frame));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(frames_are_handed_out_once, set_up),
        cmocka_unit_test_setup(freed_frames_come_first_and_in_runs, set_up),
        cmocka_unit_test_setup(a_row_is_one_run, set_up),
        cmocka_unit_test_setup(impossible_plans_are_told_apart, set_up),
        cmocka_unit_test_setup(frames_change_places_and_back, set_up),
        cmocka_unit_test_setup(the_frames_of_a_window_are_found, set_up),
    };

    return RUN(tests);
}
