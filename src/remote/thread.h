/* thread.h: sending some thread of another process on an errand. */
#ifndef WM_REMOTE_THREAD_H
#define WM_REMOTE_THREAD_H

#include "kern/patience.h"
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
 * The caller has the line. A stopped process does not go on by itself: the loan says so, and wm_borrow_push and
 * wm_borrow_release are for that. WM_REENTERED: no thread was fit at this moment.
 */
wm_status wm_thread_send(struct wm_process *process, struct wm_errand *errand);

/* Is the process stopped? What was sent there will not run before somebody holds it. */
bool wm_thread_is_stuck(const struct wm_process *process);

/*
 * Waiting for a thread that was sent: as long as the patience lasts if the thread shows signs of life, and for a second
 * without. To run, to wait for a processor or for a device, to be stopped, to have slept and woken are such signs; a thread
 * that sleeps and sleeps is not at work for us, whatever the words of its agent say, or will not be in our time.
 */
struct wm_vigil {
    struct wm_patience patience;
    uint64_t looked, lived; /* when (wm_clock_now); 0: not yet */
    uint64_t switches;      /* of the thread, when it was looked at last */
};

static inline struct wm_vigil wm_vigil_for(uint64_t nanoseconds)
{
    return (struct wm_vigil){.patience = wm_patience_for(nanoseconds)};
}

/* As wm_patience_nap. */
bool wm_vigil_nap(struct wm_vigil *vigil, const struct wm_loan *loan);

#endif
