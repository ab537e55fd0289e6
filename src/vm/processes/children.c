/*
 * children.c: starting programs, and ending them (children.h).
 *
 * All that can fail for want of records is done before the program is started, so a program that runs has its handles.
 */
#include "vm/processes/children.h"

#include <errno.h>
#include <signal.h>

#include "base/atomic.h"
#include "vm/errno_status.h"
#include "vm/handles/inherited.h"
#include "vm/ops.h"
#include "vm/processes/firstthread.h"
#include "vm/processes/orphans.h"

enum { WM_PROCESS_ALL = 0x1fffff };

/* --- starting --- */

struct start {
    struct wm_spawn *spawn;
    struct wm_peer peer;
    int error;
};

static void run(void *arg)
{
    struct start *start = arg;

    start->error = wm_kern_spawn(start->spawn, &start->peer);
}

/* Two handles to what is not there yet; the objects have no process before it runs. */
static wm_status open_handles(struct wm_started *out, uint32_t *process)
{
    struct wm_process none = {.peer.pidfd = -1};
    wm_status st = wm_object_new(WM_HANDLE_PROCESS, &none, process);

    if (!wm_ok(st))
        return st;
    st = wm_handle_new(WM_HANDLE_PROCESS, *process, WM_PROCESS_ALL, &out->process);
    if (!wm_ok(st)) {
        wm_object_unpin(WM_HANDLE_PROCESS, *process);
        return st;
    }
    st = wm_first_thread_handle(*process, &out->thread);
    if (!wm_ok(st))
        wm_op_close(out->process);
    return st;
}

static void close_handles(const struct wm_started *out)
{
    wm_op_close(out->process);
    wm_op_close(out->thread);
}

wm_status wm_op_start_process(struct wm_spawn *spawn, bool passes_on, struct wm_started *out, int *error)
{
    struct start start = {.spawn = spawn};
    struct wm_process *process;
    uint32_t index;
    wm_status st = open_handles(out, &index);

    *error = 0;
    if (!wm_ok(st))
        return st;
    wm_orphans_sweep();
    spawn->prepare = passes_on ? NULL : wm_inherited_refuse;
    st = wm_inherited_hold(run, &start);
    if (wm_ok(st) && start.error != 0) {
        *error = start.error;
        st = WM_KERNEL;
    }
    if (!wm_ok(st)) {
        close_handles(out);
        return st;
    }
    process = wm_process_at(index);
    process->peer = start.peer;
    process->child = true;
    WM_STORE(process->suspended, spawn->suspended);
    out->pid = start.peer.pid;
    return WM_OK;
}

/* --- ending --- */

/* A process that ends for another reason in this moment is told to have ended by that one. */
wm_status wm_op_terminate(const struct wm_target *target, uint32_t code)
{
    struct wm_process *process = target->other;
    int error;

    if (!wm_peer_alive(&process->peer))
        return WM_PROCESS_ENDED;
    error = wm_peer_signal(&process->peer, SIGKILL);
    if (error == -ESRCH)
        return WM_PROCESS_ENDED;
    if (error != 0)
        return wm_from_errno(WM_OP_PROCESS, error);
    process->code = code;
    WM_STORE(process->terminated, true);
    return WM_OK;
}
