/* thread.h: sending some thread of another process on an errand. */
#ifndef WM_REMOTE_THREAD_H
#define WM_REMOTE_THREAD_H

#include "kern/process/borrow.h"
#include "vm/processes/process.h"

struct wm_errand {
    uintptr_t code;
    uint64_t first, second; /* its arguments */
    bool wants_libc;        /* the thread must have a thread pointer */
    uint32_t turn;          /* 0: the first thread if it will do; else another one each time */

    /*
     * Writes loan->back and whatever else to where the thread will find it. False: this thread will not do, or the
     * process has begun another program: what is meant for the old one must not be written to that.
     */
    bool (*deliver)(struct wm_loan *loan, void *context);
    void *context;
    struct wm_loan loan; /* out: the thread that was sent */
};

/*
 * The caller has the line. A stopped process does not go on by itself: the loan says
 * so, and wm_borrow_push and wm_borrow_release are for that. WM_REENTERED: no thread was fit at this moment.
 */
wm_status wm_thread_send(struct wm_process *process, struct wm_errand *errand);

/* Is the process stopped? What was sent there will not run before somebody holds it. */
bool wm_thread_is_stuck(const struct wm_process *process);

#endif
