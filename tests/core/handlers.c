/* handlers.h: a list that changes while somebody walks it. */
#include "support/unit.h"

#include <string.h>

#include "core/handlers.h"

static struct wm_handlers list;

static int empty(void **state)
{
    (void)state;
    memset(&list, 0, sizeof list);
    return 0;
}

static uintptr_t add(uintptr_t function, bool first)
{
    uintptr_t handle = wm_handlers_add(&list, function, first);

    assert_int_not_equal(handle, 0);
    return handle;
}

/* The functions in order, as decimal digits. */
static unsigned order(void)
{
    uintptr_t function;
    unsigned digits = 0;

    for (uint16_t at = 0; (at = wm_handlers_next(&list, at, &function)) != 0;)
        digits = digits * 10 + (unsigned)function;
    return digits;
}

static void first_ones_go_to_the_front(void **state)
{
    (void)state;
    assert_int_equal(order(), 0);
    add(1, false);
    add(2, false);
    add(3, true);
    add(4, true);
    add(5, false);
    assert_int_equal(order(), 43125);
}

static void a_handle_is_good_once(void **state)
{
    uintptr_t handle = add(1, false), again;

    (void)state;
    assert_true(wm_handlers_remove(&list, handle));
    assert_false(wm_handlers_remove(&list, handle));
    again = add(2, false);
    assert_int_not_equal(again, handle);
    assert_false(wm_handlers_remove(&list, handle));
    assert_int_equal(order(), 2);
    assert_false(wm_handlers_remove(&list, 0));
    assert_false(wm_handlers_remove(&list, 77));
    assert_true(wm_handlers_remove(&list, again));
}

static void who_stands_on_a_removed_one_finds_his_way(void **state)
{
    uintptr_t first = add(1, false), second = add(2, false), function;
    uint16_t at;

    (void)state;
    add(3, false);
    at = wm_handlers_next(&list, 0, &function);
    assert_true(wm_handlers_remove(&list, first) && wm_handlers_remove(&list, second));
    assert_false(wm_handlers_remove(&list, first));
    assert_int_equal(order(), 3); /* others pass both by */
    add(4, false);
    at = wm_handlers_next(&list, at, &function);
    assert_int_equal(function, 3);
    at = wm_handlers_next(&list, at, &function);
    assert_int_equal(function, 4);
    assert_int_equal(wm_handlers_next(&list, at, &function), 0);
}

/* The place of one that is still at work is not given to another. */
static void a_place_is_free_when_the_last_has_left_it(void **state)
{
    uintptr_t first = add(1, false), function;
    uint16_t at = wm_handlers_next(&list, 0, &function);
    uint16_t nested = wm_handlers_next(&list, 0, &function);

    (void)state;
    assert_int_equal(at, nested);
    assert_true(wm_handlers_remove(&list, first));
    add(2, false);
    assert_int_equal(list.used, 2);
    wm_handlers_leave(&list, nested);
    add(3, false);
    assert_int_equal(list.used, 3);
    wm_handlers_leave(&list, at);
    add(4, false);
    assert_int_equal(list.used, 3);
    assert_int_equal(order(), 234);
}

static void there_is_room_for_so_many(void **state)
{
    static uintptr_t handles[WM_HANDLERS];

    (void)state;
    for (int i = 0; i < WM_HANDLERS; i++)
        handles[i] = add(1, i % 2 == 0);
    assert_int_equal(wm_handlers_add(&list, 1, false), 0);
    for (int i = 0; i < WM_HANDLERS; i++)
        assert_true(wm_handlers_remove(&list, handles[i]));
    assert_int_equal(order(), 0);
    for (int i = 0; i < WM_HANDLERS; i++)
        assert_int_not_equal(add(1, true), handles[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(first_ones_go_to_the_front, empty),
        cmocka_unit_test_setup(a_handle_is_good_once, empty),
        cmocka_unit_test_setup(who_stands_on_a_removed_one_finds_his_way, empty),
        cmocka_unit_test_setup(a_place_is_free_when_the_last_has_left_it, empty),
        cmocka_unit_test_setup(there_is_room_for_so_many, empty),
    };

    return RUN(tests);
}
