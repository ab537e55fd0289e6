/*
 * loans.h: threads that we hold, and our own signals meanwhile.
 *
 * All signals are blocked while a thread is held, because a handler that does not return would leave it stopped. Mostly
 * that takes microseconds. Where it takes longer handlers have their turn now and then. What is held then is written
 * down first: if a handler does not return, the next loan of the same thread lets it go; if there is none, the kernel
 * does when our thread ends.
 */
#ifndef WM_KERN_LOANS_H
#define WM_KERN_LOANS_H

#include "kern/process/borrow.h"

/* Blocks signals; and lets go, as far as it can be done at once, of what this thread has left behind. */
void wm_loan_begin(struct wm_loan *loan);
void wm_loan_end(const struct wm_loan *loan);

/* To be called from time to time, where the loan can be ended by wm_hold_release. */
void wm_loan_breathe(struct wm_loan *loan);

/* It cannot be let go now. */
void wm_loan_leave(const struct wm_loan *loan);

#endif
