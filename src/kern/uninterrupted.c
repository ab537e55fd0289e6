/*
 * uninterrupted.c: a handler that comes in the middle of a change might wait for what its own thread has begun. So the
 * thread blocks all signals for those few instructions.
 */
#include "kern/uninterrupted.h"

#include <signal.h>

#include "kern/sys.h"

enum { MASK_BYTES = 8 };

uint64_t wm_kern_hold_signals(void)
{
    const uint64_t all = UINT64_MAX;
    uint64_t before = 0;

    wm_sys4(SYS_rt_sigprocmask, SIG_SETMASK, (long)&all, (long)&before, MASK_BYTES);
    return before;
}

void wm_kern_let_signals(uint64_t before)
{
    wm_sys4(SYS_rt_sigprocmask, SIG_SETMASK, (long)&before, 0, MASK_BYTES);
}
