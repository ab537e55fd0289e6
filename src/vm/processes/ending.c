/*
 * ending.c: how a process ended.
 *
 * That it has not is an answer like any other; of the calling process it is always the answer. Linux keeps
 * a status for the parent, and shows it to others for a while (kern/process/peerexit.c): where nobody can
 * tell any more, that is an error, and no guess.
 */
#include <errno.h>
#include <signal.h>

#include "base/atomic.h"
#include "vm/errno_status.h"
#include "vm/ops.h"
#include "vm/processes/process.h"

wm_status wm_op_ending(const struct wm_target *target, struct wm_ending *out)
{
    int status = 0, result = -EAGAIN;

    if (!wm_target_is_self(target))
        result = wm_peer_exit(&target->other->peer, &status);
    if (result != 0 && result != -EAGAIN)
        return WM_ENDING_UNKNOWN;
    *out = (struct wm_ending){.ended = result == 0, .signal = status & 0x7f, .code = status >> 8 & 0xff};
    if (out->ended && out->signal == SIGKILL && WM_LOAD(target->other->terminated))
        *out = (struct wm_ending){.ended = true, .code = target->other->code};
    return WM_OK;
}
