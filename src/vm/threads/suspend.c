/*
 * suspend.c: stopping threads (suspend.h).
 *
 * One word of a thread's record says how often it is suspended, and whether it has stopped:
 *
 *   count     whoever suspends adds one and then waits for STOPPED; whoever resumes takes one away
 *   STOPPED   set by the thread itself in the handler of our signal, as long as the count is not 0; taken away by itself, at a
 *             count of 0. So who has added his one beside STOPPED knows that it stays stopped
 *
 * Registers are read and written where the kernel has put them for the thread's return from the handler. They are told
 * before STOPPED is, and hold as long as it does.
 *
 * The signal may find the thread busy. Then it comes again when that is over. Inside malloc that is waited for only for a few
 * milliseconds: the thread may be waiting there for one that has been stopped with malloc's lock, by a collector that stops
 * them all. Signals that get lost (a handler of the program's on the same signal, for a moment) are sent again.
 */
#include "vm/threads/suspend.h"

#include <errno.h>

#include "base/atomic.h"
#include "kern/busy.h"
#include "kern/clock.h"
#include "kern/futex.h"
#include "kern/threads/stopping.h"
#include "vm/threads/ends.h"
#include "vm/threads/records.h"

#define POLITE_NANOSECONDS ((uint64_t)3000000)
#define AGAIN_NANOSECONDS ((uint64_t)20000000)
uint64_t wm_stop_patience = 10000000000;

static uint32_t count_of(uint32_t stop)
{
    return stop & WM_STOP_COUNT;
}

static bool swap(struct wm_thread *thread, uint32_t *seen, uint32_t wanted)
{
    return __atomic_compare_exchange_n(&thread->stop, seen, wanted, false, __ATOMIC_ACQ_REL,
                                       __ATOMIC_ACQUIRE);
}

static void sleep_on(struct wm_thread *thread, uint32_t seen, uint64_t until)
{
    const struct wm_futex_word word = {&thread->stop, seen, WM_FUTEX_OURS};

    wm_futex_wait(&word, WM_FUTEX_ALL_BITS, until);
}

static void wake(struct wm_thread *thread)
{
    wm_futex_wake(&thread->stop, WM_FUTEX_OURS, WM_FUTEX_ALL_BITS, INT32_MAX);
}

/* --- in the thread --- */

/* A thread that others have opened may never have been here: it has a record, but does not know it. */
static struct wm_thread *find_own(void)
{
    return wm_thread_mine != NULL ? wm_thread_mine : wm_thread_of_id(wm_thread_id());
}

static void look_at_own(struct wm_thread *self, const struct wm_registers *registers)
{
    if (self->look == NULL)
        return;
    self->look(registers, self->look_arg);
    self->look = NULL;
}

static void stay(struct wm_thread *self, const struct wm_registers *registers)
{
    uint32_t seen = WM_LOAD(self->stop);

    WM_STORE(self->registers, registers);
    while (count_of(seen) != 0 || (seen & WM_STOPPED)) {
        uint32_t wanted = count_of(seen) != 0 ? seen | WM_STOPPED : 0;

        if (seen == wanted)
            sleep_on(self, seen, UINT64_MAX);
        else if (swap(self, &seen, wanted) && wanted != 0)
            wake(self);
        seen = WM_LOAD(self->stop);
    }
}

static void arrived(const struct wm_registers *registers)
{
    struct wm_thread *self = find_own();

    if (self == NULL)
        return;
    look_at_own(self, registers);
    if (count_of(WM_LOAD(self->stop)) == 0 || WM_LOAD(self->leaves) ||
        wm_busy_defers(WM_LOAD(self->insisted)))
        return;
    stay(self, registers);
}

/* In a handler that has interrupted its own busy thread it returns at once, and the thread stops when it is not busy. */
static wm_status stop_self(void)
{
    return wm_kern_stop_myself(arrived) == 0 ? WM_OK : WM_NO_STOP_SIGNAL;
}

/* Without a signal it waits all the same; nobody is told its registers then. */
void wm_thread_stop_if_suspended(struct wm_thread *self)
{
    if (count_of(WM_LOAD(self->stop)) != 0 && !wm_ok(stop_self()))
        stay(self, NULL);
}

/* --- from another one --- */

static wm_status add(struct wm_thread *thread, uint32_t most, uint32_t *before)
{
    uint32_t seen = WM_LOAD(thread->stop);

    do {
        if (wm_thread_is_gone(thread) || WM_LOAD(thread->leaves))
            return WM_THREAD_ENDED;
        if (count_of(seen) >= most)
            return WM_SUSPENDED_OFTEN;
    } while (!swap(thread, &seen, seen + 1));
    *before = count_of(seen);
    return WM_OK;
}

static uint32_t take_away(struct wm_thread *thread)
{
    uint32_t seen = WM_LOAD(thread->stop);

    do {
        if (count_of(seen) == 0)
            return 0;
    } while (!swap(thread, &seen, seen - 1));
    if (count_of(seen) == 1) {
        WM_STORE(thread->insisted, false);
        wake(thread);
    }
    return count_of(seen);
}

static wm_status send(struct wm_thread *thread)
{
    int result = wm_kern_send_stop(WM_LOAD(thread->id), arrived);

    if (result == 0)
        return WM_OK;
    return result == -ESRCH ? WM_THREAD_ENDED : WM_NO_STOP_SIGNAL;
}

/* Until it has, or the time for one signal is over. */
static bool stops_soon(struct wm_thread *thread, uint64_t until)
{
    uint32_t seen;

    while (!((seen = WM_LOAD(thread->stop)) & WM_STOPPED)) {
        if (wm_clock_now() >= until || wm_thread_is_gone(thread) || WM_LOAD(thread->leaves))
            return false;
        sleep_on(thread, seen, until);
    }
    return true;
}

static wm_status await_stop(struct wm_thread *thread)
{
    uint64_t end = wm_clock_after(wm_stop_patience), wait = POLITE_NANOSECONDS;
    wm_status st;

    if (WM_LOAD(thread->stop) & WM_STOPPED)
        return WM_OK;
    do {
        st = send(thread);
        if (!wm_ok(st))
            return st;
        if (stops_soon(thread, wm_clock_after(wait)))
            return WM_OK;
        if (wm_thread_is_gone(thread) || WM_LOAD(thread->leaves))
            return WM_THREAD_ENDED;
        WM_STORE(thread->insisted, true);
        wait = AGAIN_NANOSECONDS;
    } while (wm_clock_now() < end);
    return WM_THREAD_DEAF;
}

static bool has_begun(const struct wm_thread *thread)
{
    return WM_LOAD(thread->id) != 0;
}

static wm_status add_and_await(struct wm_thread *thread, uint32_t most, bool begun, uint32_t *before)
{
    wm_status st = add(thread, most, before);

    if (!wm_ok(st))
        return st;
    if (begun)
        st = await_stop(thread);
    if (!wm_ok(st))
        take_away(thread);
    return st;
}

static wm_status suspend_self(struct wm_thread *self, uint32_t *before)
{
    wm_status st = add(self, WM_SUSPENDED_MOST, before);

    if (wm_ok(st) && !wm_ok(stop_self())) {
        take_away(self);
        st = WM_NO_STOP_SIGNAL;
    }
    return st;
}

wm_status wm_thread_suspend(struct wm_thread *thread, uint32_t *before)
{
    if (thread == wm_thread_mine)
        return suspend_self(thread, before);
    return add_and_await(thread, WM_SUSPENDED_MOST, has_begun(thread), before);
}

wm_status wm_thread_resume(struct wm_thread *thread, uint32_t *before)
{
    if (wm_thread_is_gone(thread))
        return WM_THREAD_ENDED;
    *before = take_away(thread);
    return WM_OK;
}

/* --- registers --- */

static wm_status with_own(struct wm_thread *self, wm_registers_fn *look, void *arg)
{
    wm_status st;

    self->look_arg = arg;
    self->look = look;
    st = stop_self();
    if (wm_ok(st) && self->look != NULL)
        st = WM_THREAD_DEAF;
    self->look = NULL;
    return st;
}

/* A thread that has been made a moment ago is waited for, until it has begun. */
static wm_status await_begin(struct wm_thread *thread)
{
    uint64_t end = wm_clock_after(wm_stop_patience);

    while (!has_begun(thread)) {
        if (wm_clock_now() > end)
            return WM_THREAD_DEAF;
        wm_clock_sleep(wm_clock_after(POLITE_NANOSECONDS / 100));
    }
    return WM_OK;
}

wm_status wm_thread_with_registers(struct wm_thread *thread, wm_registers_fn *look, void *arg)
{
    uint32_t before;
    wm_status st;

    if (thread == wm_thread_mine)
        return with_own(thread, look, arg);
    st = await_begin(thread);
    if (wm_ok(st))
        st = add_and_await(thread, WM_STOP_COUNT, true, &before);
    if (!wm_ok(st))
        return st;
    if (WM_LOAD(thread->registers) != NULL)
        look(thread->registers, arg);
    else
        st = WM_NO_STOP_SIGNAL; /* it has not even begun */
    take_away(thread);
    return st;
}

/* --- as something that ends --- */

/* From here on the thread may be in libc's hands, with locks of libc's: it is not stopped any more. */
static void leave(struct wm_thread *self)
{
    WM_STORE(self->leaves, true);
    wake(self);
}

const struct wm_thread_ending wm_ending_suspension = {.leave = leave};
