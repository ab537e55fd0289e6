/*
 * borrow.h: a thread of another process that does something for us.
 *
 * It is stopped by ptrace, which the kernel allows to those who could read and write its memory anyway, sent to
 * code that returns by itself (borrowed.h), and let go at once. If we die at any step it lives on.
 *
 * All calls for one loan are made by one thread, with all of its signals blocked. Functions return 0 or a negative
 * errno: -EPERM not allowed, or traced by somebody else; -ESRCH gone; -EAGAIN not at this moment; -ETIMEDOUT.
 */
#ifndef WM_KERN_BORROW_H
#define WM_KERN_BORROW_H

#include <stdbool.h>
#include <sys/types.h>
#include <sys/user.h>

#include "kern/process/borrowed.h"

struct wm_loan {
    int32_t pid, tid;
    bool stopped; /* by SIGSTOP or such: it goes on only while we hold it */
    struct user_regs_struct registers;
    struct wm_borrowed back;
    uintptr_t frame; /* where `back` is to be written before the thread is sent */
};

/* Blocks this thread's signals; returns what they were. */
uint64_t wm_borrow_begin(void);
void wm_borrow_end(uint64_t mask);

/*
 * Stops a thread and finds out how it is to go on. If it fails, the thread has been let go; but one that did not stop in
 * time (-ETIMEDOUT) cannot be.
 */
int wm_borrow_take(int32_t pid, int32_t tid, struct wm_loan *loan);

/* Lets it go, as it was. */
void wm_borrow_give_back(const struct wm_loan *loan);

/* Lets it go, to code that gets these two arguments. A stopped thread is held on to. */
int wm_borrow_send(struct wm_loan *loan, uintptr_t code, uint64_t first, uint64_t second);

/* A stopped thread may have stopped again before it was done: makes it go on. */
void wm_borrow_push(const struct wm_loan *loan);

/* And lets it stop again. */
void wm_borrow_release(const struct wm_loan *loan);

#endif
