/*
 * borrow.h: a thread of another process that does something for us.
 *
 * It is stopped by ptrace, which the kernel allows to those who could read and write its memory anyway, sent to
 * code that returns by itself (borrowed.h), and let go at once. If we die at any step it lives on; if it dies, its
 * parent is told as if nobody had held it.
 *
 * All calls for one loan are made by one thread, whose signals are blocked from a successful take until the thread is
 * held no more, and handled now and then if that takes long (loans.h). Functions return 0 or a negative errno: -EPERM
 * not allowed, or traced by somebody else; -ESRCH gone; -EAGAIN not at this moment; -ETIMEDOUT.
 */
#ifndef WM_KERN_BORROW_H
#define WM_KERN_BORROW_H

#include "kern/process/loans.h"

/*
 * Stops a thread and finds out how it is to go on. If it fails, the thread has been let go; one that did not stop in
 * time (-ETIMEDOUT) will be, by the next loan.
 */
int wm_borrow_take(int32_t pid, int32_t tid, struct wm_loan *loan);

/* Lets it go, as it was. */
void wm_borrow_give_back(struct wm_loan *loan);

/* Lets it go, to code that gets these two arguments. A stopped thread is held on to. */
int wm_borrow_send(struct wm_loan *loan, uintptr_t code, uint64_t first, uint64_t second);

/* A stopped thread may have stopped again before it was done: makes it go on. False: it is held no more. */
bool wm_borrow_push(struct wm_loan *loan);

/* And lets it stop again. */
void wm_borrow_release(struct wm_loan *loan);

#endif
