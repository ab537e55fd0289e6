/*
 * peerexit.c: how a process ended.
 *
 * A child of ours tells until somebody has waited for it. A zombie of others stands in /proc with its status,
 * for those who may look into it. From Linux 6.15 on a pidfd that was open at the end goes on telling.
 */
#include <errno.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "kern/process/peer.h"
#include "kern/process/procstat.h"
#include "kern/sys.h"

/* From linux/pidfd.h, which Debian 12 has without them. */
enum { BY_PIDFD = 3, INFO_EXIT = 1 << 3 };

struct pidfd_facts {
    uint64_t mask, cgroup;
    uint32_t pid, process, parent, users[8];
    int32_t exit_code;
};

#define GET_FACTS _IOWR(0xFF, 11, struct pidfd_facts)

_Static_assert(sizeof(struct pidfd_facts) == 64, "the kernel knows it by its size");

static int status_of(const siginfo_t *info)
{
    return info->si_code == CLD_EXITED ? (info->si_status & 0xff) << 8 : info->si_status & 0x7f;
}

/* Leaves the child to be waited for by the program. */
static bool tells_parent(int pidfd, int *status)
{
    siginfo_t info = {0};

    if (wm_sys6(SYS_waitid, BY_PIDFD, pidfd, (long)&info, WEXITED | WNOHANG | WNOWAIT, 0, 0) != 0 ||
        info.si_pid == 0)
        return false;
    *status = status_of(&info);
    return true;
}

static bool tells_proc(const struct wm_peer *peer, int *status)
{
    struct wm_procstat stat;

    if (wm_peer_admits(peer) != 0 || wm_procstat_read(peer->pid, &stat) != 0 || stat.born != peer->born ||
        !wm_procstat_dead(&stat))
        return false;
    *status = (int)stat.exited;
    return true;
}

static bool tells_pidfd(int pidfd, int *status)
{
    struct pidfd_facts facts = {.mask = INFO_EXIT};

    if (wm_sys3(SYS_ioctl, pidfd, (long)GET_FACTS, (long)&facts) != 0 || (facts.mask & INFO_EXIT) == 0)
        return false;
    *status = facts.exit_code;
    return true;
}

/* In this order: whoever has waited for it meanwhile does not make us miss it. */
int wm_peer_exit(const struct wm_peer *peer, int *status)
{
    enum wm_peer_state state = wm_peer_state(peer);
    int pidfd;
    bool told;

    if (state != WM_PEER_ENDED)
        return state == WM_PEER_LIVES ? -EAGAIN : -ENODATA;
    pidfd = wm_peer_borrow(peer);
    told = pidfd >= 0 && tells_parent(pidfd, status);
    told = told || tells_proc(peer, status) || (pidfd >= 0 && tells_pidfd(pidfd, status));
    wm_peer_give_back(peer, pidfd);
    return told ? 0 : -ENODATA;
}
