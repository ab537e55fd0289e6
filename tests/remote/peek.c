/* peek.c: what is read of another process's book is what that process would say of itself. */
#include "remote.h"

enum { MOST = 60000, ROUNDS = 40, PIECES = 64 };

struct picture {
    int step; /* even: the child may work; odd: the parent looks */
    size_t count;
    struct wm_region regions[MOST];
};

static void draw(struct picture *picture)
{
    struct wm_region region = {.range = {0, 0}};

    picture->count = 0;
    for (uintptr_t addr = 0; addr < WM_SPACE_END && picture->count < MOST; addr = region.range.end) {
        MUST(wm_op_query(addr, &region));
        picture->regions[picture->count++] = region;
    }
}

static void change(struct dice *dice, uintptr_t *pieces)
{
    uintptr_t *piece = &pieces[below(dice, PIECES)];
    uintptr_t result = 0, pages = 1 + below(dice, 8);
    uint16_t old;

    if (*piece == 0) {
        *piece = below(dice, 2) ? allocate(16 * GRAIN) : reserve(16 * GRAIN);
    } else if (below(dice, 8) == 0) {
        release(*piece);
        *piece = 0;
    } else if (below(dice, 2)) {
        alloc(WM_ALLOC_COMMIT, *piece + below(dice, 248) * PAGE, pages * PAGE, WM_READWRITE, false, &result);
    } else {
        protect(*piece + below(dice, 248) * PAGE, pages * PAGE, below(dice, 2) ? WM_READONLY : WM_READWRITE,
                &old);
    }
}

static void changes_and_draws(void *context)
{
    struct picture *picture = context;
    struct dice dice = {7};
    uintptr_t pieces[PIECES] = {0};

    for (;;) {
        while (WM_LOAD(picture->step) % 2 != 0)
            usleep(100);
        for (int i = 0; i < 200; i++)
            change(&dice, pieces);
        draw(picture);
        WM_STORE(picture->step, picture->step + 1);
    }
}

static void expect_same(const struct wm_region *got, const struct wm_region *want)
{
    if (got->range.start != want->range.start || got->range.end != want->range.end ||
        got->state != want->state || got->protect != want->protect || got->type != want->type ||
        got->ours != want->ours || got->alloc_protect != want->alloc_protect ||
        got->allocation.start != want->allocation.start)
        fail_msg("%lx-%lx state %d protect %x type %d, not %lx-%lx state %d protect %x type %d",
                 got->range.start, got->range.end, got->state, got->protect, got->type, want->range.start,
                 want->range.end, want->state, want->protect, want->type);
}

static void a_walk_sees_what_the_process_sees(void **state)
{
    struct picture *picture = shared(sizeof *picture);
    struct wm_target target;
    struct wm_region region;
    pid_t pid;

    (void)state;
    reserve(GRAIN);
    target = child_that(changes_and_draws, picture, &pid);
    for (int round = 0; round < ROUNDS; round++) {
        while (WM_LOAD(picture->step) % 2 == 0)
            usleep(100);
        assert_true(picture->count < MOST);
        for (size_t i = 0; i < picture->count; i++) {
            MUST(wm_remote_query(&target, picture->regions[i].range.start, &region));
            expect_same(&region, &picture->regions[i]);
        }
        WM_STORE(picture->step, picture->step + 1);
    }
    end_child(pid);
    EXPECT_STATUS(WM_PROCESS_ENDED, wm_remote_query(&target, 0x10000, &region));
    wm_target_drop(&target);
}

static void single_answers_are_the_same(void **state)
{
    struct picture *picture = shared(sizeof *picture);
    struct dice dice = {3};
    struct wm_target target;
    struct wm_region region;
    pid_t pid;

    (void)state;
    reserve(GRAIN);
    target = child_that(changes_and_draws, picture, &pid);
    for (int round = 0; round < ROUNDS; round++) {
        while (WM_LOAD(picture->step) % 2 == 0)
            usleep(100);
        for (int i = 0; i < 20; i++) {
            const struct wm_region *want = &picture->regions[below(&dice, (unsigned)picture->count)];

            wm_notes_stale(target.other);
            MUST(wm_remote_query(&target, want->range.start, &region));
            expect_same(&region, want);
        }
        WM_STORE(picture->step, picture->step + 1);
    }
    end_child(pid);
    wm_target_drop(&target);
}

struct toggling {
    uintptr_t base;
    int pause; /* spins between changes */
};

static void toggles(void *context)
{
    const struct toggling *t = context;

    for (int spins = 0;; spins = 0) {
        commit(t->base, 4 * PAGE, WM_READWRITE);
        while (spins < t->pause)
            WM_STORE(spins, spins + 1);
        decommit(t->base, 4 * PAGE);
        while (spins > 0)
            WM_STORE(spins, spins - 1);
    }
}

static void a_book_that_changes_often(void **state)
{
    uintptr_t base = reserve(GRAIN);
    struct toggling toggling = {base, 20000};
    struct wm_target target = {0};
    struct wm_region region;
    int seen[3] = {0};
    pid_t pid;

    (void)state;
    target = child_that(toggles, &toggling, &pid);
    /* Where processors are few the child stands still for a while, and so does its book. */
    for (int i = 0;
         i < 5000 || (i < 5000000 && (seen[WM_REGION_COMMITTED] == 0 || seen[WM_REGION_RESERVED] == 0));
         i++) {
        MUST(wm_remote_query(&target, base, &region));
        assert_int_equal(region.range.start, base);
        assert_int_equal(region.allocation.start, base);
        assert_true(region.ours);
        assert_true(region.state == WM_REGION_COMMITTED ? region.range.end == base + 4 * PAGE
                                                        : region.range.end == base + GRAIN);
        seen[region.state]++;
    }
    assert_true(seen[WM_REGION_COMMITTED] > 0 && seen[WM_REGION_RESERVED] > 0);
    end_child(pid);
    wm_target_drop(&target);
}

/* Faster than anybody can read it. */
static void a_book_that_changes_all_the_time(void **state)
{
    uintptr_t base = reserve(GRAIN), still = allocate(GRAIN);
    struct toggling toggling = {base, 0};
    struct wm_target target = {0};
    struct wm_region region;
    double start = seconds();
    int ours = 0;
    pid_t pid;

    (void)state;
    target = child_that(toggles, &toggling, &pid);
    for (int i = 0; i < 300; i++) {
        MUST(wm_remote_query(&target, base, &region));
        assert_int_equal(region.range.start, base);
        ours += region.ours;
        MUST(wm_remote_query(&target, still, &region));
        assert_int_equal(region.state, WM_REGION_COMMITTED);
    }
    assert_true(ours > 150);
    assert_true(seconds() - start < 20);
    end_child(pid);
    wm_target_drop(&target);
}

static void stops_in_a_change(void *context)
{
    (void)context;
    wm_space_begin(&wm_home.space);
}

static void a_change_that_does_not_end(void **state)
{
    uintptr_t base = allocate(GRAIN);
    struct wm_target target;
    struct wm_region region;
    double start = seconds();
    pid_t pid;

    (void)state;
    target = child_that(stops_in_a_change, NULL, &pid);
    usleep(20000);
    MUST(wm_remote_query(&target, base, &region)); /* by the kernel's list */
    assert_int_equal(region.state, WM_REGION_COMMITTED);
    assert_true(seconds() - start < 5);
    end_child(pid);
    wm_target_drop(&target);
}

/* --- a book so large that its hints need another table, and later a larger one --- */

enum { LARGE = 2 * WM_HINTS + 2000, PHASES = 3 };

static const size_t large_until[PHASES] = {WM_HINTS / 2, WM_HINTS + 1000, LARGE};

struct large {
    int step; /* of phases; even: the child is to grow, odd: the parent looks */
    uintptr_t live[LARGE];
};

static void grows_large(void *context)
{
    struct large *large = context;
    size_t count = 0;

    for (int phase = 0; phase < PHASES; phase++) {
        while (WM_LOAD(large->step) != 2 * phase)
            usleep(100);
        for (; count < large_until[phase]; count++)
            large->live[count] = reserve(GRAIN);
        WM_STORE(large->step, 2 * phase + 1);
    }
}

static void a_book_that_grows_large(void **state)
{
    struct large *large = shared(sizeof *large);
    struct dice dice = {11};
    struct wm_target target;
    pid_t pid;

    (void)state;
    reserve(GRAIN);
    target = child_that(grows_large, large, &pid);
    for (int phase = 0; phase < PHASES; phase++) {
        while (WM_LOAD(large->step) != 2 * phase + 1)
            usleep(100);
        for (int i = 0; i < 1000; i++) {
            uintptr_t at = large->live[below(&dice, (unsigned)large_until[phase])];
            struct wm_region region;

            if (i % 4 == 0)
                wm_notes_stale(target.other);
            MUST(wm_remote_query(&target, at, &region));
            assert_true(region.ours && region.allocation.start == at && region.range.end == at + GRAIN);
        }
        WM_STORE(large->step, 2 * phase + 2);
    }
    end_child(pid);
    wm_target_drop(&target);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_walk_sees_what_the_process_sees),
        cmocka_unit_test(single_answers_are_the_same),
        cmocka_unit_test(a_book_that_changes_often),
        cmocka_unit_test(a_book_that_changes_all_the_time),
        cmocka_unit_test(a_change_that_does_not_end),
        cmocka_unit_test(a_book_that_grows_large),
    };

    return RUN_APART(tests);
}
