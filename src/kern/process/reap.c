/*
 * reap.c: signals to another process, and the end of a child.
 *
 * By the pidfd, where there is one: it means this process and no later one.
 */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "kern/process/peer.h"
#include "kern/process/procstat.h"
#include "kern/sys.h"

enum { BY_NUMBER = 1, BY_PIDFD = 3 };

/* A dead child keeps its number until it is waited for. One whose birth nobody knows was born a moment ago (spawn.c). */
static int is_dead(const struct wm_peer *child)
{
    struct wm_procstat stat;
    int result;

    if (child->born == 0)
        return 0;
    result = wm_procstat_read(child->pid, &stat);
    if (result != 0)
        return result == -ENOENT || result == -ESRCH ? -ECHILD : -EAGAIN;
    if (stat.born != child->born)
        return -ECHILD;
    return wm_procstat_dead(&stat) ? 0 : -EAGAIN;
}

int wm_peer_reap(const struct wm_peer *child)
{
    siginfo_t info = {0};
    bool by_number = child->pidfd < 0;
    long result = by_number ? is_dead(child) : 0;

    if (result != 0)
        return (int)result;
    result = wm_sys6(SYS_waitid, by_number ? BY_NUMBER : BY_PIDFD, by_number ? child->pid : child->pidfd,
                     (long)&info, WEXITED | WNOHANG, 0, 0);
    if (result != 0)
        return (int)result;
    return info.si_pid == 0 ? -EAGAIN : 0;
}

/*
 * Without a pidfd the number may be another one's by now, but for a moment only. -EPERM may be a filter's, which knows one
 * of the two calls alone: the kernel says it to both.
 */
int wm_peer_signal(const struct wm_peer *peer, int signal)
{
    int fd = wm_peer_borrow(peer);
    long result = fd >= 0 ? wm_sys4(SYS_pidfd_send_signal, fd, signal, 0, 0) : fd;

    wm_peer_give_back(peer, fd);
    if (result == 0 || result == -ESRCH)
        return (int)result;
    return peer->born == 0 || wm_peer_alive(peer) ? (int)wm_sys3(SYS_kill, peer->pid, signal, 0) : -ESRCH;
}
