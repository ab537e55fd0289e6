/* interrupted.h: what a thread was doing when it was stopped. */
#ifndef WM_KERN_INTERRUPTED_H
#define WM_KERN_INTERRUPTED_H

#include <stdbool.h>

#include "kern/process/loans.h"

/* Sets how an interrupted system call goes on: the kernel does that no more once the thread was sent elsewhere. */
void wm_plan_restart(struct wm_loan *loan);

#endif
