/*
 * Named mutexes when a process that makes, takes, gives back and closes one is killed between any two steps: afterwards no
 * name is left that nobody holds, and whoever holds it gets the mutex.
 */
#include "support/apart.h"
#include "support/dying.h"

#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "kern/faults.h"
#include "vm/ops.h"
#include "vm/waits/waitable.h"

enum { STEPS_MAX = 200, ALL = 0x1f0003 };

static struct wm_name name;

static wm_status make(unsigned type, bool owned, uintptr_t *handle)
{
    struct wm_waitable_req req = {
        .type = type, .name = &name, .rights = ALL, .start = {.most = 1, .state = owned}};
    wm_status st = wm_op_create_waitable(&req);

    *handle = req.result;
    return st;
}

static bool is_there(void)
{
    struct wm_waitable_req req = {.type = WM_HANDLE_MUTEX, .name = &name, .rights = ALL};

    if (!wm_ok(wm_op_open_waitable(&req)))
        return false;
    assert_true(wm_ok(wm_op_close(req.result)));
    return true;
}

static void live(void)
{
    enum wm_signal signal;
    uintptr_t mutex, again;

    make(WM_HANDLE_MUTEX, true, &mutex);
    if (wm_op_release_mutex(mutex) == WM_MUTEX_OWNER) /* somebody had made it */
        wm_op_wait(mutex, 1000000000, &signal);
    make(WM_HANDLE_MUTEX, false, &again);
    wm_op_wait(again, 1000000000, &signal);
    wm_op_wait(mutex, 0, &signal);
    wm_op_release_mutex(again);
    wm_op_release_mutex(again);
    wm_op_close(again);
    wm_op_close(mutex);
}

static void choose_name(void)
{
    name = (struct wm_name){.bytes = 0};
    name.bytes = (uint16_t)snprintf(name.text, sizeof name.text, "winmem-test-%d", getpid());
}

static void killed_alone(void **state)
{
    unsigned kills = 0;

    (void)state;
    choose_name();
    for (int after = 0; after < 2; after++)
        for (unsigned step = 1; step < STEPS_MAX && dies_at(live, step, after); step++, kills++)
            assert_false(is_there());
    assert_in_range(kills, 40, 2 * STEPS_MAX);
}

static void killed_beside_a_holder(void **state)
{
    enum wm_signal signal;
    unsigned kills = 0;
    uintptr_t mutex;

    (void)state;
    choose_name();
    assert_true(wm_ok(make(WM_HANDLE_MUTEX, false, &mutex)));
    for (int after = 0; after < 2; after++)
        for (unsigned step = 1; step < STEPS_MAX && dies_at(live, step, after); step++, kills++) {
            assert_true(is_there());
            assert_true(wm_ok(wm_op_wait(mutex, 5000000000, &signal)));
            assert_int_not_equal(signal, WM_NOT_SIGNALLED);
            assert_true(wm_ok(wm_op_release_mutex(mutex)));
        }
    assert_in_range(kills, 40, 2 * STEPS_MAX);
    assert_true(wm_ok(wm_op_close(mutex)));
    assert_false(is_there());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_alone),
        cmocka_unit_test(killed_beside_a_holder),
    };

    return RUN_APART(tests);
}
