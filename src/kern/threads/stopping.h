/*
 * stopping.h: a thread is sent a signal, whose handler looks what is wanted of it.
 *
 * The signal is a real-time one for which the program has set nothing. It means nothing by itself: whoever gets it asks
 * (wm_stop_fn) in the handler, all other signals blocked but the two that libc keeps for itself, on the alternate stack if
 * the thread has one. A busy thread (kern/busy.h) that wants to wait is sent it again when it is not busy any more.
 *
 * A system call that the signal meets goes on, as after any handler (SA_RESTART): those that Linux does not go on with
 * (signal(7): sleeping, polling) end with EINTR.
 */
#ifndef WM_KERN_STOPPING_H
#define WM_KERN_STOPPING_H

#include "kern/signals/signals.h"

/* In the handler. The registers are those with which the thread goes on. */
typedef void wm_stop_fn(const struct wm_registers *registers);

/* Sends it; fn is the same each time. 0, -ESRCH: there is no such thread, -EAGAIN: no signal is left that would be ours. */
int wm_kern_send_stop(uint32_t thread, wm_stop_fn *fn);

/* To the calling thread, although it may block it: when this returns 0 it has come. -EAGAIN, too. */
int wm_kern_stop_myself(wm_stop_fn *fn);

#endif
