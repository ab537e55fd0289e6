/*
 * peer.c: another process, told from a later one that has its number (peer.h).
 *
 * Two things tell them apart: a pidfd, which stands for one process for ever, and the time at which it was
 * born, which /proc tells of a number. The pidfd is looked at when it can be had, and is believed only
 * while its inode is the one that we opened, since the program may close it and use its number (from Linux
 * 6.9 on each process has its own: pinned, ends.each_process_has_a_pidfd_inode). Without it the time of
 * birth remains, which misses a process that ends and is followed within one tick.
 *
 * Everything is asked in the order look, then read, then look again: what was read between two looks at a
 * living process is that process's. A zombie has ended, though it still has its number (pinned:
 * ends.the_dead_stand_in_proc).
 *
 * /proc may be another namespace's: then nothing in it is about the number that we mean (-EXDEV).
 */
#include "kern/process/peer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <time.h>

#include "kern/descriptor.h"
#include "kern/probe.h"
#include "kern/process/procstat.h"
#include "kern/sys.h"
#include "kern/clock.h"
#include "kern/text.h"

/* --- the pidfd --- */

/*
 * From Linux 6.9 on each process has an inode of its own. Before, all pidfds share one with eventfds and the
 * like: what such a descriptor says of an end is not believed without /proc.
 */
static uint64_t inode_of(int fd)
{
    struct stat st;

    return fd >= 0 && wm_sys3(SYS_fstat, fd, (long)&st, 0) == 0 ? st.st_ino ^ st.st_dev * 0x9e3779b1 : 0;
}

static bool is_ours(const struct wm_peer *peer)
{
    return peer->pidfd >= 0 && inode_of(peer->pidfd) == peer->inode;
}

static bool is_refused(int error)
{
    return error == -ENOSYS || error == -EPERM || error == -EACCES;
}

/* Where the call is missing or forbidden it is of oneself as well. */
int wm_trial_pidfd(void)
{
    int fd = wm_fd_process(wm_sys_pid());

    if (fd < 0)
        return is_refused(fd) ? fd : -EAGAIN;
    wm_kern_close(fd);
    return 0;
}

/* A thread that is not the first of its process has a number, but is no process: -ENOENT, before Linux 6.15 -EINVAL. */
static int open_pidfd(int32_t pid)
{
    int fd = wm_probe_has(WM_FEATURE_PIDFD) ? wm_fd_process(pid) : -ENOSYS;

    if (is_refused(fd)) {
        wm_probe_retry(WM_FEATURE_PIDFD, wm_trial_pidfd);
        return -ENOSYS;
    }
    return fd == -EINVAL || fd == -ENOENT ? -ESRCH : fd;
}

/* 0: it has not ended. */
static long ask_for_end(int pidfd)
{
    struct timespec at_once = {0}; /* the kernel writes to it */
    struct pollfd it = {.fd = pidfd, .events = POLLIN};

    return wm_sys6(SYS_ppoll, (long)&it, 1, (long)&at_once, 0, 0, 0);
}

/* --- what /proc says --- */

static bool is_there(const struct wm_peer *peer, struct wm_procstat *stat)
{
    return wm_procstat_read(peer->pid, stat) == 0 && stat->born == peer->born;
}

static enum wm_peer_state state_in_proc(const struct wm_peer *peer)
{
    struct wm_procstat stat;
    int result = wm_procstat_read(peer->pid, &stat);

    if (result == 0)
        return stat.born == peer->born && !wm_procstat_dead(&stat) ? WM_PEER_LIVES : WM_PEER_ENDED;
    return result == -ENOENT || result == -ESRCH ? WM_PEER_ENDED : WM_PEER_UNKNOWN;
}

/* /proc/TID exists for every thread, though it is not listed. */
static int check_is_process(int32_t pid)
{
    uint64_t process = 0;
    const struct wm_text_field fields[] = {{"Tgid", &process}};
    struct wm_proc_path path = wm_proc_path(pid, "status");
    int result = wm_text_file_fields(path.text, fields, 1);

    if (result != 0 && result != -ENOENT)
        return result;
    return process == (uint64_t)pid ? 0 : -ESRCH;
}

/* Nobody has the number, or /proc (hidepid) does not show us who: only the kernel tells which. */
static int why_unseen(int32_t pid)
{
    return wm_sys3(SYS_kill, pid, 0, 0) == -ESRCH ? -ESRCH : -EACCES;
}

static int open_by_number(int32_t pid, struct wm_peer *out)
{
    struct wm_procstat stat;
    int result = wm_procstat_read(pid, &stat);

    if (result == -ENOENT)
        return why_unseen(pid);
    if (result != 0)
        return result;
    *out = (struct wm_peer){.pid = pid, .pidfd = -1, .born = stat.born};
    return check_is_process(pid);
}

/* A look that it ended meanwhile says nothing, so there is another one; after an end each look says the same. */
static int look_at(int32_t pid, int pidfd, struct wm_procstat *stat, bool *ended)
{
    int result;

    do {
        *ended = ask_for_end(pidfd) > 0;
        *stat = (struct wm_procstat){0};
        result = wm_procstat_read(pid, stat);
    } while (!*ended && ask_for_end(pidfd) > 0);
    return result == -ENOENT ? 0 : result; /* hidden, or gone */
}

/* A dead process keeps its number until somebody has waited; then the number may be another one's. */
static int open_by_pidfd(int32_t pid, int pidfd, struct wm_peer *out)
{
    struct wm_procstat stat;
    bool ended;
    int result = look_at(pid, pidfd, &stat, &ended);

    if (result != 0)
        return result;
    if (ended && !wm_procstat_dead(&stat))
        return -ESRCH;
    *out = (struct wm_peer){pid, pidfd, inode_of(pidfd), stat.born};
    return 0;
}

int wm_peer_open(int32_t pid, struct wm_peer *out)
{
    int pidfd, proc, result;

    if (pid <= 0)
        return -ESRCH;
    proc = wm_proc_is_ours();
    if (proc == -EXDEV)
        return proc; /* what it says of this number is about somebody else */
    pidfd = open_pidfd(pid);
    if (pidfd == -ENOSYS)
        return proc == 0 ? open_by_number(pid, out) : proc;
    if (pidfd < 0)
        return pidfd;
    result = open_by_pidfd(pid, pidfd, out);
    if (result != 0)
        wm_kern_close(pidfd);
    return result;
}

int wm_peer_self(struct wm_peer *out)
{
    struct wm_procstat stat;
    int32_t pid = wm_sys_pid();
    int result = wm_proc_is_ours();

    if (result == 0)
        result = wm_procstat_read(pid, &stat);
    if (result == 0)
        *out = wm_peer_of(pid, stat.born, -1);
    return result;
}

struct wm_peer wm_peer_of(int32_t pid, uint64_t born, int pidfd)
{
    return (struct wm_peer){.pid = pid, .pidfd = pidfd, .inode = inode_of(pidfd), .born = born};
}

void wm_peer_close(struct wm_peer *peer)
{
    if (is_ours(peer))
        wm_kern_close(peer->pidfd);
    peer->pidfd = -1;
}

/* --- asking --- */

/* It has been waited for, and its number may be another's: that one may even be of the same tick. */
static bool has_gone(int pidfd)
{
    return wm_sys4(SYS_pidfd_send_signal, pidfd, 0, 0, 0) == -ESRCH;
}

enum wm_peer_state wm_peer_state(const struct wm_peer *peer)
{
    long ended = is_ours(peer) ? ask_for_end(peer->pidfd) : -EBADF;
    enum wm_peer_state state;

    if (ended == 0)
        return WM_PEER_LIVES;
    if (ended > 0 && has_gone(peer->pidfd))
        return WM_PEER_ENDED;
    state = state_in_proc(peer);
    return state == WM_PEER_UNKNOWN && ended > 0 ? WM_PEER_ENDED : state;
}

/* --- asking by one call --- */

#define PID_FS_MAGIC 0x50494446 /* Linux 6.9 */

/* A kernel with these descriptors tells of an owner only as long as it has its number (since 5.12). */
bool wm_peer_bind(const struct wm_peer *peer)
{
    struct statfs fs = {0};

    return is_ours(peer) && wm_sys3(SYS_fstatfs, peer->pidfd, (long)&fs, 0) == 0 &&
           fs.f_type == PID_FS_MAGIC && wm_sys3(SYS_fcntl, peer->pidfd, F_SETOWN, peer->pid) == 0;
}

bool wm_peer_has_number(int32_t pid, int pidfd)
{
    return wm_sys3(SYS_fcntl, pidfd, F_GETOWN, 0) == pid;
}

/* What a new pidfd stands for had the number just before /proc showed that it is still the same process. */
int wm_peer_borrow(const struct wm_peer *peer)
{
    struct wm_procstat stat;
    int fd;

    if (is_ours(peer))
        return peer->pidfd;
    fd = open_pidfd(peer->pid);
    if (fd < 0 || is_there(peer, &stat))
        return fd;
    wm_kern_close(fd);
    return -ESRCH;
}

void wm_peer_give_back(const struct wm_peer *peer, int fd)
{
    if (fd >= 0 && fd != peer->pidfd)
        wm_kern_close(fd);
}

int wm_peer_descriptor(const struct wm_peer *peer)
{
    return is_ours(peer) ? peer->pidfd : -1;
}

/* --- its directory --- */

int wm_peer_file(const struct wm_peer *peer, const char *name, int flags)
{
    struct wm_proc_path path = wm_proc_path(peer->pid, name);
    int foreign = wm_proc_is_ours(), fd;

    if (foreign == -EXDEV || foreign == -ENODEV)
        return foreign;
    fd = wm_fd_open(path.text, flags);
    if (wm_peer_alive(peer))
        return fd;
    if (fd >= 0)
        wm_kern_close(fd);
    return -ESRCH;
}

/* The dead and the kernel's own threads have no program to name, but the right to ask is looked at first. */
int wm_peer_admits(const struct wm_peer *peer)
{
    struct wm_proc_path path = wm_proc_path(peer->pid, "exe");
    struct wm_procstat stat;
    char name[1];
    int proc = wm_proc_is_ours();
    long result = wm_sys4(SYS_readlinkat, AT_FDCWD, (long)path.text, (long)name, sizeof name);

    if (proc != 0)
        return proc;
    if (result == -ENOENT && !is_there(peer, &stat))
        return wm_peer_alive(peer) ? -EACCES : 0; /* hidden; or gone, and nothing is left to look into */
    if (result == -ENOENT && stat.kernel)
        return -ENXIO;
    return result == -ENOENT || result > 0 ? 0 : (int)result;
}
