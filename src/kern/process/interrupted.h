/* interrupted.h: what a thread was doing when it was stopped. */
#ifndef WM_KERN_INTERRUPTED_H
#define WM_KERN_INTERRUPTED_H

#include <stdbool.h>

#include "kern/process/loans.h"

/* Is it in a restartable sequence? The kernel would restart that, and cannot once the thread was sent elsewhere. */
bool wm_is_in_rseq(const struct wm_loan *loan);

/* Sets how an interrupted system call goes on: the kernel does that no more once the thread was sent elsewhere. */
void wm_plan_restart(struct wm_loan *loan);

#endif
