/*
 * hold.h: stopping a thread of another process, and letting it go whatever becomes of it.
 *
 * Functions for one loan are called by one thread, which has begun the loan (loans.h).
 */
#ifndef WM_KERN_HOLD_H
#define WM_KERN_HOLD_H

#include "kern/process/loans.h"

/* Nanoseconds: a thread in an uninterruptible sleep stops late, and cannot be let go before. */
#define WM_HOLD_PATIENCE 10000000000u

/* 0: it stands. Else it is not held: -ESRCH it has ended, -EPERM, -ETIMEDOUT (it will be let go when it stops). */
int wm_hold_take(struct wm_loan *loan);

/* One that stands. */
void wm_hold_let_go(struct wm_loan *loan);

/* Once it stands again, for which we wait at most so long. False: it did not. */
bool wm_hold_release(struct wm_loan *loan, uint64_t nanoseconds);

/* Makes one that was stopped by a signal go on, but not beyond its way home. False: it is held no more. */
bool wm_hold_push(struct wm_loan *loan);

/* One that was sent stands before the call that is its last, or behind that: all that is left are its registers. */
bool wm_hold_is_home(const struct wm_loan *loan);

#endif
