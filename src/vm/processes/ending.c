/* ending.c: how a process ended. */
#include <errno.h>

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
