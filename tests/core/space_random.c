/*
 * The book against a byte per page: random changes, and after each one the book is in order and every
 * page is where the array says.
 */
#include "book.h"
#include "core/bins.h"

enum { PAGES = 320, OPS = SANITIZED ? 3000 : 12000, LOOKS = 24 };

/* One page of the model. Extents have numbers; a page of slack has its extent's. */
struct cell {
    int8_t ground; /* of enum wm_ground, or UNKNOWN */
    bool slack;
    bool placeholder;
    uint16_t state;
    int extent; /* 0: free or unknown */
};

enum { UNKNOWN = -1 };

static struct cell model[PAGES];
static int extents; /* the last number given */

static size_t random_page(struct dice *dice)
{
    return below(dice, PAGES);
}

/* [first, end) around a page, with cells that belong together: one extent, or free of one ground. */
struct stretch {
    size_t first, end;
};

static bool belong_together(const struct cell *a, const struct cell *b)
{
    return a->ground == b->ground && a->extent == b->extent && a->slack == b->slack;
}

static struct stretch stretch_of(size_t number)
{
    struct stretch s = {number, number + 1};

    while (s.first > 0 && belong_together(&model[s.first - 1], &model[number]))
        s.first--;
    while (s.end < PAGES && belong_together(&model[s.end], &model[number]))
        s.end++;
    return s;
}

static bool is_free(size_t number)
{
    return model[number].ground != UNKNOWN && model[number].extent == 0;
}

static bool is_used(size_t number)
{
    return model[number].extent != 0 && !model[number].slack;
}

/* --- changes, in the model and in the book --- */

static void learn_ground(struct dice *dice, size_t first)
{
    size_t count = 1 + below(dice, 64);
    enum wm_ground ground = below(dice, 2) ? WM_GROUND_HELD : WM_GROUND_OPEN;

    for (size_t i = first; i < first + count && i < PAGES; i++)
        if (model[i].ground != UNKNOWN)
            count = i - first;
    if (count > PAGES - first)
        count = PAGES - first;
    for (size_t i = first; i < first + count; i++)
        model[i] = (struct cell){.ground = (int8_t)ground};
    add_arena(first, count, ground);
}

static void use(size_t first, size_t count, bool placeholder)
{
    size_t end = first + count, granule = (end + GRANULE_PAGES - 1) / GRANULE_PAGES * GRANULE_PAGES;
    struct wm_extent e = private_pages(first, count);
    struct stretch s = stretch_of(first);

    extents++;
    for (size_t i = first; i < granule && i < s.end; i++) {
        model[i].extent = extents;
        model[i].slack = i >= end;
        model[i].placeholder = placeholder;
        model[i].state = 0;
    }
    e.kind = placeholder ? WM_PLACEHOLDER : WM_PRIVATE;
    carve(e);
}

static void use_some(struct dice *dice, size_t number)
{
    struct stretch s = stretch_of(number);
    size_t first = (s.first + GRANULE_PAGES - 1) / GRANULE_PAGES * GRANULE_PAGES;

    first += below(dice, 2) * GRANULE_PAGES;
    if (is_free(number) && first < s.end)
        use(first, 1 + below(dice, (unsigned)(s.end - first)), below(dice, 3) == 0);
}

static void use_own(struct dice *dice, size_t number)
{
    struct stretch s = stretch_of(number);
    size_t count = 1 + below(dice, (unsigned)(s.end - number));
    struct wm_extent e = private_pages(number, count);
    bool placeholder = below(dice, 2);

    if (model[number].ground != UNKNOWN)
        return;
    extents++;
    for (size_t i = number; i < number + count; i++)
        model[i] = (struct cell){.ground = WM_GROUND_OWN, .placeholder = placeholder, .extent = extents};
    e.ground = WM_GROUND_OWN;
    e.kind = placeholder ? WM_PLACEHOLDER : WM_PRIVATE;
    ready();
    WM_SPACE_CHANGES(&book)
        wm_space_add(&book, &e);
}

enum { DROP, LIFT, FORGET };

static void let_go(size_t number, int how)
{
    bool forget = how == FORGET;

    int extent = model[number].extent;
    struct stretch s = stretch_of(number);

    if (model[number].ground == UNKNOWN || (extent == 0 && !forget))
        return;
    ready();
    WM_SPACE_CHANGES(&book) {
        if (how == LIFT)
            wm_space_lift(&book, at(number));
        else
            forget ? wm_space_forget(&book, at(number)) : wm_space_drop(&book, at(number));
    }
    forget |= model[number].ground == WM_GROUND_OWN;
    for (size_t i = 0; i < PAGES; i++)
        if (extent != 0 ? model[i].extent == extent : i >= s.first && i < s.end)
            model[i] = (struct cell){.ground = forget || (how == LIFT && !model[i].slack) ? UNKNOWN
                                                                                          : model[i].ground};
}

static void set_some(struct dice *dice, size_t number)
{
    struct stretch s = stretch_of(number);
    size_t count = 1 + below(dice, (unsigned)(s.end - number));
    uint16_t state = (uint16_t)(below(dice, 3) * 2);

    if (!is_used(number) || model[number].placeholder)
        return;
    set_pages(number, count, state);
    for (size_t i = number; i < number + count; i++)
        model[i].state = state;
}

static void split_some(size_t number)
{
    struct stretch s = stretch_of(number);
    int extent = model[number].extent;

    if (!is_used(number) || number == s.first)
        return;
    ready();
    WM_SPACE_CHANGES(&book)
        wm_space_split(&book, at(number), page(number));
    extents++;
    for (size_t i = number; i < PAGES && model[i].extent == extent; i++)
        model[i].extent = extents;
}

static int joined_ground(int a, int b)
{
    return a == b ? a : a == WM_GROUND_HELD || b == WM_GROUND_HELD ? WM_GROUND_HELD : WM_GROUND_OWN;
}

/* Slack of another ground than the whole becomes free. */
static void join_in_model(size_t first, size_t second)
{
    int from = model[first].extent, to = model[second].extent;
    int ground = joined_ground(model[first].ground, model[second].ground);

    for (size_t i = 0; i < PAGES; i++) {
        if (model[i].extent != from && model[i].extent != to)
            continue;
        if (model[i].slack && model[i].ground != ground) {
            model[i] = (struct cell){.ground = model[i].ground};
            continue;
        }
        model[i].extent = from;
        model[i].ground = (int8_t)ground;
    }
}

static void join_some(size_t number)
{
    struct stretch s = stretch_of(number);

    if (!is_used(number) || !model[number].placeholder || s.end == PAGES || !is_used(s.end) ||
        !model[s.end].placeholder)
        return;
    ready();
    WM_SPACE_CHANGES(&book)
        wm_space_join(&book, at(number), at(s.end));
    join_in_model(number, s.end);
}

static void change(struct dice *dice)
{
    size_t number = random_page(dice);

    switch (below(dice, 14)) {
    case 0: learn_ground(dice, number); break;
    case 1: use_own(dice, number); break;
    case 2: let_go(number, (int)below(dice, 3)); break;
    case 3: let_go(number, DROP); break;
    case 4:
    case 5: split_some(number); break;
    case 6: join_some(number); break;
    case 7:
    case 8:
    case 9: use_some(dice, number); break;
    default: set_some(dice, number); break;
    }
}

/* --- comparing --- */

static void expect_cell(size_t number)
{
    struct cell *cell = &model[number];
    struct stretch s = stretch_of(number);
    struct wm_found found;
    bool known = wm_space_at(&book, page(number), &found);

    assert_int_equal(known, cell->ground != UNKNOWN);
    if (!known)
        return;
    assert_int_equal(found.extent.ground, cell->ground);
    assert_int_equal(found.extent.kind, cell->extent == 0   ? WM_FREE
                                        : cell->placeholder ? WM_PLACEHOLDER
                                                            : WM_PRIVATE);
    if (cell->slack) {
        assert_int_equal(wm_extent_range(&found.extent).end, page(s.first));
        assert_int_equal(wm_extent_ground(&found.extent).end, page(s.end));
        return;
    }
    assert_int_equal(found.extent.start, page(s.first));
    assert_int_equal(wm_extent_range(&found.extent).end, page(s.end));
    assert_int_equal(wm_pages_at(&book, &found.extent, page(number)).state, cell->state);
}

/* Something is picked if an extent of a greater bin is there, and what is picked holds what was asked for. */
static void expect_pick(struct dice *dice)
{
    size_t bytes = (1 + below(dice, 128)) * WM_PAGE;
    struct wm_extent wanted = {.start = BASE, .bytes = wm_up(bytes, WM_GRANULE)};
    bool great = false;
    struct wm_found found;

    for (size_t i = 0; i < PAGES; i++) {
        if (!is_free(i) || model[i].ground != WM_GROUND_HELD)
            continue;
        found = at(i);
        great |= wm_bins_of(&found.extent) > wm_bins_of(&wanted);
    }
    if (!wm_space_pick(&book, WM_GROUND_HELD, bytes, &found)) {
        assert_false(great);
        return;
    }
    assert_true(found.extent.kind == WM_FREE && found.extent.ground == WM_GROUND_HELD);
    assert_true(wm_up(found.extent.start, WM_GRANULE) + bytes <= wm_extent_range(&found.extent).end);
}

static void run(uint64_t seed)
{
    struct dice dice = {seed};

    extents = 0;
    for (size_t i = 0; i < PAGES; i++)
        model[i] = (struct cell){.ground = UNKNOWN};
    for (int op = 0; op < OPS; op++) {
        change(&dice);
        wm_space_check(&book);
        for (int i = 0; i < LOOKS; i++)
            expect_cell(random_page(&dice));
        if (op % 8 == 0)
            expect_pick(&dice);
    }
    for (size_t i = 0; i < PAGES; i++)
        expect_cell(i);
}

static void random_changes_give_what_an_array_gives(void **state)
{
    print_message("seed %d\n", *(int *)*state);
    new_book(NULL);
    run((uint64_t) * (int *)*state);
    check_book(NULL);
}

int main(void)
{
    static int seeds[] = {1, 2, 3, 4};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(random_changes_give_what_an_array_gives, &seeds[0]),
        cmocka_unit_test_prestate(random_changes_give_what_an_array_gives, &seeds[1]),
        cmocka_unit_test_prestate(random_changes_give_what_an_array_gives, &seeds[2]),
        cmocka_unit_test_prestate(random_changes_give_what_an_array_gives, &seeds[3]),
    };

    return RUN(tests);
}
