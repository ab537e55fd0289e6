#include "remote/thread.h"

#include <errno.h>

#include "kern/process/procstat.h"
#include "remote/line.h"

enum { THREADS = 64 };

static bool suits(const struct wm_errand *errand)
{
    return !errand->wants_libc || errand->loan.registers.fs_base != 0;
}

static int send(const struct wm_process *process, struct wm_errand *errand, int32_t tid)
{
    int error = wm_borrow_take(process->peer.pid, tid, &errand->loan);

    if (error != 0)
        return error;
    if (!suits(errand) || !errand->deliver(&errand->loan, errand->context)) {
        wm_borrow_give_back(&errand->loan);
        return -EAGAIN;
    }
    return wm_borrow_send(&errand->loan, errand->code, errand->first, errand->second);
}

static int send_other(const struct wm_process *process, struct wm_errand *errand)
{
    int32_t tids[THREADS];
    int count = wm_peer_threads(&process->peer, tids, THREADS), error = -ESRCH;

    for (int i = 0; i < count && error != 0; i++)
        error = send(process, errand, tids[((uint32_t)i + errand->turn) % (uint32_t)count]);
    return error;
}

/*
 * The first thread mostly serves. It may have ended before the others, have no room on its stack, or be the one that
 * holds the lock each time it is met.
 */
static int send_any(const struct wm_process *process, struct wm_errand *errand)
{
    int error;

    if (errand->turn != 0)
        return send_other(process, errand);
    error = send(process, errand, process->peer.pid);
    return error == 0 || error == -ESRCH || send_other(process, errand) != 0 ? error : 0;
}

wm_status wm_thread_send(struct wm_process *process, struct wm_errand *errand)
{
    int error = send_any(process, errand);

    if (error == 0)
        return WM_OK;
    if (error == -ESRCH || !wm_peer_alive(&process->peer))
        return WM_PROCESS_ENDED;
    if (error == -EAGAIN)
        return WM_REENTERED;
    if (error == -ENOTSUP)
        return WM_TARGET_KIND;
    return error == -EPERM || error == -EACCES ? WM_TARGET_DENIED : WM_TARGET_BUSY;
}

bool wm_thread_is_stuck(const struct wm_process *process)
{
    struct wm_procstat stat;

    return wm_procstat_read(process->peer.pid, &stat) == 0 && stat.state == 'T';
}
