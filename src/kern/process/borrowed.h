/*
 * borrowed.h: how a thread that was borrowed finds back.
 *
 * The borrower writes this below the red zone of the thread's own stack and sends the thread to entry.S, which
 * takes it off again. From then on nobody else is needed: if the borrower dies, the thread returns all the
 * same. What exactly it finds there differs from processor to processor (kern/arch/wayback.h).
 *
 * Also included by entry.S.
 */
#ifndef WM_KERN_BORROWED_H
#define WM_KERN_BORROWED_H

#include "kern/arch/wayback.h"

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

/* What becomes of the system call that was interrupted when a signal has a handler. */
enum wm_restart {
    WM_RESTART_NONE,   /* there was no call, or it had ended */
    WM_RESTART_MAYBE,  /* it is made again, if the handler was installed so (SA_RESTART) */
    WM_RESTART_ALWAYS, /* it is made again */
    WM_RESTART_NEVER   /* it ends with EINTR */
};

/* The thread is on its way back: does a signal that came meanwhile end the call? For the thread itself. */
void wm_kern_end_loan(struct wm_borrowed *self);
#endif
#endif
