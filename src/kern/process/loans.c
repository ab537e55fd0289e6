/*
 * loans.c: what a thread owes while it traces another one (loans.h).
 *
 * Only the thread that the kernel knows as the tracer can let go (pinned: tracing.the_tracer_is_a_thread).
 * So its signals are blocked meanwhile: a handler that never returns would leave the other process
 * standing. If that takes long, they are let through for a moment, after the loan was written down: should
 * the handler jump away, the next loan of this thread finds it and lets go. If the thread ends, the kernel
 * does (tracing.a_dead_tracer_has_let_go).
 */
#include "kern/process/loans.h"

#include <signal.h>

#include "base/atomic.h"
#include "kern/signals/signals.h"
#include "kern/sys.h"
#include "kern/clock.h"

/* How long signals wait at most, about; and how long we wait for what was left behind. */
#define BREATH 8000000u
#define SETTLE 5000000u

enum { MASK_BYTES = 8, LEFT_MOST = 16 };

/* Whom the kernel knows as the tracer is a thread: no other one can let go. */
struct left {
    uint32_t tracer; /* 0: nothing is written down here */
    int32_t pid, tid;
};

static struct left left[LEFT_MOST];
static uint32_t left_count;

static uint32_t this_thread(void)
{
    return (uint32_t)wm_sys3(SYS_gettid, 0, 0, 0);
}

static bool claim(struct left *place, uint32_t self)
{
    uint32_t none = 0;

    return __atomic_compare_exchange_n(&place->tracer, &none, self, false, __ATOMIC_ACQ_REL,
                                       __ATOMIC_RELAXED);
}

/* NULL: there are too many. The kernel will do it, when this thread ends. */
static struct left *write_down(const struct wm_loan *loan)
{
    uint32_t self = this_thread();

    for (struct left *place = left; place < left + LEFT_MOST; place++)
        if (claim(place, self)) {
            place->pid = loan->pid;
            place->tid = loan->tid;
            __atomic_fetch_add(&left_count, 1, __ATOMIC_RELAXED);
            return place;
        }
    return NULL;
}

/*
 * If it still stands there: a signal handler that made a loan of its own meanwhile has settled this one
 * before.
 */
static void strike(struct left *place)
{
    uint32_t self = this_thread();

    if (place != NULL &&
        __atomic_compare_exchange_n(&place->tracer, &self, 0, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        __atomic_fetch_sub(&left_count, 1, __ATOMIC_RELAXED);
}

void wm_loan_leave(const struct wm_loan *loan)
{
    write_down(loan);
}

void wm_loans_settle(bool release(struct wm_loan *loan, uint64_t nanoseconds), uint64_t mask)
{
    uint32_t self;

    if (__atomic_load_n(&left_count, __ATOMIC_RELAXED) == 0)
        return;
    self = this_thread();
    for (struct left *place = left; place < left + LEFT_MOST; place++)
        if (WM_LOAD(place->tracer) == self) {
            struct wm_loan loan = {.pid = place->pid, .tid = place->tid, .mask = mask};

            if (release(&loan, SETTLE))
                strike(place);
        }
}

void wm_loan_begin(struct wm_loan *loan)
{
    uint64_t all = wm_kern_all_signals();

    wm_sys4(SYS_rt_sigprocmask, SIG_BLOCK, (long)&all, (long)&loan->mask, MASK_BYTES);
}

void wm_loan_end(const struct wm_loan *loan)
{
    wm_sys4(SYS_rt_sigprocmask, SIG_SETMASK, (long)&loan->mask, 0, MASK_BYTES);
}

void wm_loan_breathe(struct wm_loan *loan)
{
    uint64_t now = wm_clock_now();
    struct left *place;

    if (loan->breathed == 0)
        loan->breathed = now;
    if (now - loan->breathed < BREATH)
        return;
    place = write_down(loan);
    wm_loan_end(loan);
    wm_loan_begin(loan);
    strike(place);
    loan->breathed = wm_clock_now();
}
