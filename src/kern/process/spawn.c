/*
 * spawn.c: starting a program (spawn.h).
 *
 * The child shares the caller's memory until it is another program, and the calling thread sleeps meanwhile (CLONE_VFORK):
 * so a process of any size starts one in the same time. The other threads run on. Therefore the child touches nothing but
 * its own stack and the words that it answers by, and no handler of a signal runs in it: all signals are blocked, and
 * those that are caught are set back to their default, before they are let in again.
 *
 * A child that is to be suspended is traced while it becomes another program. The kernel stops it behind that (SIGTRAP);
 * it is let go with a SIGSTOP instead, and so has the new program's memory, of which no instruction has run.
 */
#include "kern/process/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ptrace.h>
#include <sched.h>
#include <signal.h>

#include "kern/descriptor.h"
#include "kern/patience.h"
#include "kern/probe.h"
#include "kern/process/procstat.h"
#include "kern/sys.h"

enum { STACK = 32768, SIGNALS = 64 };

/* A program may take long to load; somebody may have frozen the child. */
#define STOPS_WITHIN 10000000000u

#define ALL_SIGNALS (~0ull)

/* As the kernel has it. */
struct action {
    uintptr_t handler;
    unsigned long flags;
    uintptr_t restorer;
    uint64_t mask;
};

struct birth {
    const struct wm_spawn *spawn;
    uint64_t mask;
    volatile int error; /* the child's last word */
};

/* --- in the child --- */

static void forget_handlers(void)
{
    const struct action none = {0};
    struct action was;

    for (int signal = 1; signal <= SIGNALS; signal++)
        if (wm_sys4(SYS_rt_sigaction, signal, 0, (long)&was, sizeof was.mask) == 0 && was.handler > 1)
            wm_sys4(SYS_rt_sigaction, signal, (long)&none, 0, sizeof none.mask);
}

static int place(const struct wm_spawn *spawn)
{
    int result = 0;

    for (int i = 0; result >= 0 && i < 3; i++) {
        int fd =
            spawn->standard[i] == WM_SPAWN_NOTHING ? wm_fd_open("/dev/null", O_RDWR) : spawn->standard[i];

        if (fd != WM_SPAWN_AS_IT_IS)
            result = fd < 0 ? fd : wm_fd_replace(fd, i);
    }
    return result < 0 ? result : 0;
}

static int become(const struct birth *birth)
{
    const struct wm_spawn *spawn = birth->spawn;
    long error = place(spawn);

    if (error == 0 && spawn->group)
        error = wm_sys3(SYS_setpgid, 0, 0, 0);
    if (error == 0 && spawn->directory != NULL)
        error = wm_sys3(SYS_chdir, (long)spawn->directory, 0, 0);
    if (error == 0 && spawn->suspended)
        error = wm_sys4(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0);
    if (error != 0)
        return (int)error;
    if (spawn->prepare != NULL)
        spawn->prepare();
    forget_handlers();
    wm_sys4(SYS_rt_sigprocmask, SIG_SETMASK, (long)&birth->mask, 0, sizeof birth->mask);
    return (int)wm_sys3(SYS_execve, (long)spawn->path, (long)spawn->arguments, (long)spawn->environment);
}

__attribute__((noreturn)) static void live(void *arg)
{
    struct birth *birth = arg;

    birth->error = become(birth);
    for (;;)
        wm_sys3(SYS_exit, 127, 0, 0);
}

/* --- in the caller --- */

/* A signal that comes before is passed on. 0: it has stopped as the new program; -ESRCH: not yet, or never. */
static int stop_of(int32_t pid)
{
    siginfo_t info;
    long result = wm_sys4(SYS_ptrace, PTRACE_GETSIGINFO, pid, 0, (long)&info);

    if (result != 0)
        return -ESRCH;
    if (info.si_signo != SIGTRAP) {
        wm_sys4(SYS_ptrace, PTRACE_CONT, pid, 0, info.si_signo);
        return -ESRCH;
    }
    return (int)wm_sys4(SYS_ptrace, PTRACE_DETACH, pid, 0, SIGSTOP);
}

static int stop(const struct wm_peer *child)
{
    struct wm_patience patience = wm_patience_for(STOPS_WITHIN);

    while (stop_of(child->pid) != 0)
        if (!wm_peer_alive(child) || !wm_patience_nap(&patience))
            return -ETIMEDOUT;
    return 0;
}

/*
 * The child calls this function, on a stack of its own, and does not return. Not by libc, whose clone somebody may have put
 * another one in the place of (sanitizers).
 */
static long clone_to(int flags, unsigned char *top, int *pidfd, struct birth *birth)
{
    long result = wm_fault_for(SYS_clone, flags, 0);

    if (result != 0)
        return result;
    result = wm_machine_clone(SYS_clone, flags, top, pidfd, live, birth);
    wm_fault_passed();
    return result;
}

static long clone_child(struct birth *birth, int *pidfd)
{
    _Alignas(16) unsigned char stack[STACK];
    int flags = CLONE_VM | CLONE_VFORK | SIGCHLD | (wm_probe_has(WM_FEATURE_PIDFD) ? CLONE_PIDFD : 0);

    return clone_to(flags, stack + sizeof stack, pidfd, birth);
}

static int above_standard(int pidfd)
{
    int high = pidfd >= 0 && pidfd <= 2 ? wm_fd_duplicate(pidfd) : pidfd;

    if (high != pidfd)
        wm_kern_close(pidfd);
    return high < 0 ? -1 : high;
}

static struct wm_peer peer_of(int32_t pid, int pidfd)
{
    struct wm_procstat stat = {0};

    wm_procstat_read(pid, &stat);
    return wm_peer_of(pid, stat.born, above_standard(pidfd));
}

static void end_of(struct wm_peer *child)
{
    struct wm_patience patience = wm_patience_for(STOPS_WITHIN);

    wm_peer_signal(child, SIGKILL);
    while (wm_peer_reap(child) == -EAGAIN && wm_patience_nap(&patience))
        ;
    wm_peer_close(child);
}

int wm_kern_spawn(const struct wm_spawn *spawn, struct wm_peer *out)
{
    struct birth birth = {.spawn = spawn};
    uint64_t all = ALL_SIGNALS;
    int pidfd = -1, error;
    long pid;

    wm_sys4(SYS_rt_sigprocmask, SIG_SETMASK, (long)&all, (long)&birth.mask, sizeof all);
    pid = clone_child(&birth, &pidfd);
    wm_sys4(SYS_rt_sigprocmask, SIG_SETMASK, (long)&birth.mask, 0, sizeof all);
    if (pid < 0)
        return (int)pid;
    *out = peer_of((int32_t)pid, pidfd);
    error = birth.error;
    if (error == 0 && out->pidfd < 0 && out->born == 0)
        error = -EMFILE; /* nothing would tell it from a later one of its number */
    if (error == 0 && spawn->suspended)
        error = stop(out);
    if (error != 0)
        end_of(out);
    return error;
}
