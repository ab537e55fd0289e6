/*
 * threadend.c: has a thread ended, of whichever process?
 *
 * A thread has its number until it is gone. But the first thread of a process keeps it until somebody has waited for the
 * process, and that may be long after its end: so /proc is asked for its state. Where /proc shows the processes of another
 * pid namespace, or cannot be read, a pidfd tells: only the first thread of a process has one, and no other keeps its
 * number. Without that nobody knows, and nobody is called ended who may not be.
 */
#include <errno.h>
#include <poll.h>
#include <time.h>

#include "kern/descriptor.h"
#include "kern/kern.h"
#include "kern/probe.h"
#include "kern/process/peer.h"
#include "kern/process/procstat.h"
#include "kern/sys.h"

bool wm_kern_has_number(int32_t tid)
{
    return wm_sys3(SYS_tkill, tid, 0, 0) != -ESRCH;
}

static bool has_ended_by_pidfd(int32_t tid)
{
    int fd = wm_probe_has(WM_FEATURE_PIDFD) ? wm_fd_process(tid) : -ENOSYS;
    struct timespec at_once = {0, 0}; /* the kernel writes to it */
    struct pollfd end = {.fd = fd, .events = POLLIN};
    bool ended;

    if (fd < 0)
        return false;
    ended = wm_sys6(SYS_ppoll, (long)&end, 1, (long)&at_once, 0, 0, 0) > 0;
    wm_kern_close(fd);
    return ended;
}

bool wm_kern_thread_ended(int32_t tid)
{
    struct wm_procstat stat = {0};
    int error;

    if (!wm_kern_has_number(tid))
        return true;
    error = wm_procstat_read(tid, &stat);
    if (error == -EXDEV || error == -ENODEV)
        return has_ended_by_pidfd(tid);
    return error == 0 && (stat.state == 'Z' || stat.state == 'X');
}
