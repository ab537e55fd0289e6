/*
 * trap.h: why a signal came, as far as the kernel and the processor tell.
 */
#ifndef WM_KERN_TRAP_H
#define WM_KERN_TRAP_H

#include <signal.h>

#include "kern/signals/signals.h"

/*
 * WM_CAUSE_NONE: somebody sent it, it announces damage that nobody has met yet, or it is the business of whoever set a
 * counter.
 */
enum wm_cause wm_trap_cause(int signal, int code, const struct wm_registers *registers);

/* When its handler returns, the thread goes on behind what a trap tells of. A fault happens again. */
static inline bool wm_trap_is_past(int signal)
{
    return WM_TRAPS_ARE_PAST && signal == SIGTRAP;
}

#endif
