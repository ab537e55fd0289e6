/* ending.c: the end of a process: waiting for it, and how it was. */
#include <errno.h>

#include "kern/clock.h"
#include "vm/errno_status.h"
#include "vm/ops.h"
#include "vm/processes/process.h"

enum { RIGHT_SYNCHRONIZE = 0x100000 };

#define NOTIFICATION_PAUSE 20000000u /* nanoseconds: memory does not become short in less */

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
static bool await_process(const struct wm_target *target, uint64_t nanoseconds)
{
    if (target->other != NULL)
        return wm_peer_wait(&target->other->peer, nanoseconds) == 0;
    wm_clock_sleep(wm_clock_after(nanoseconds));
    return false;
}

static wm_status await_notification(uintptr_t handle, uint64_t nanoseconds, bool *signalled)
{
    uint64_t until = wm_clock_after(nanoseconds), next;
    wm_status st;

    for (;;) {
        st = wm_op_query_notification(handle, RIGHT_SYNCHRONIZE, signalled);
        if (!wm_ok(st) || *signalled || wm_clock_now() >= until)
            return st;
        next = wm_clock_after(NOTIFICATION_PAUSE);
        wm_clock_sleep(next < until ? next : until);
    }
}

wm_status wm_op_wait(uintptr_t handle, uint64_t nanoseconds, bool *signalled)
{
    struct wm_target target;
    wm_status st = wm_target_of(handle, RIGHT_SYNCHRONIZE, &target);

    if (st == WM_HANDLE)
        return await_notification(handle, nanoseconds, signalled);
    if (!wm_ok(st))
        return st;
    *signalled = await_process(&target, nanoseconds);
    wm_target_drop(&target);
    return WM_OK;
}
