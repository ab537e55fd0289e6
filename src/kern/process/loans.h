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

#include <stdbool.h>
#include <sys/types.h>
#include <sys/user.h>

#include "kern/process/borrowed.h"

struct wm_loan {
    int32_t pid, tid;
    bool stopped; /* by SIGSTOP or such: it goes on only while we hold it */
    bool exact;   /* and is to stand where it stood afterwards: it makes no step of its own */
    bool sent;    /* and was: it is held until it is home */
    struct user_regs_struct registers;
    struct wm_borrowed back;
    uintptr_t frame;   /* where `back` is to be written before the thread is sent, or what comes before it */
    uintptr_t home;    /* where `back` is on the thread's stack */
    uint64_t mask;     /* our own, as it was */
    uint64_t breathed; /* when our handlers had their turn last; 0: not yet */
};

/* Blocks signals, and gives back what was blocked. */
void wm_loan_begin(struct wm_loan *loan);
void wm_loan_end(const struct wm_loan *loan);

/* To be called from time to time, where the loan can be ended by wm_hold_release. */
void wm_loan_breathe(struct wm_loan *loan);

/* It cannot be let go now. */
void wm_loan_leave(const struct wm_loan *loan);

/* What this thread has left behind is offered to `release`; what that could let go of is forgotten. */
void wm_loans_settle(bool release(struct wm_loan *loan, uint64_t nanoseconds), uint64_t mask);

#endif
