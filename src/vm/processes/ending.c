/* ending.c: the end of a process: how it was, and waiting for it. */
#include <errno.h>

#include "kern/clock.h"
#include "vm/errno_status.h"
#include "vm/ops.h"
#include "vm/processes/process.h"

wm_status wm_op_ending(const struct wm_target *target, struct wm_ending *out)
{
    int status = 0, result = -EAGAIN;

    if (target->other != NULL)
        result = wm_peer_exit(&target->other->peer, &status);
    if (result != 0 && result != -EAGAIN)
        return WM_ENDING_UNKNOWN;
    *out = (struct wm_ending){.ended = result == 0, .signal = status & 0x7f, .code = status >> 8 & 0xff};
    return WM_OK;
}

/* The calling process does not see its own end. */
wm_status wm_process_await(uint32_t index, uint64_t nanoseconds, bool *signalled)
{
    if (index == 0)
        wm_clock_sleep(wm_clock_after(nanoseconds));
    *signalled = index != 0 && wm_peer_wait(&wm_process_at(index)->peer, nanoseconds) == 0;
    return WM_OK;
}
