/*
 * shadow.c: a process that shares this one's memory until somebody writes.
 *
 * A fork makes all private pages shared at one moment, whoever is writing, and the kernel gives whoever writes next a page
 * of his own: program, kernel, or another process. That is told without any privilege (WM_IS_ALONE). Nothing else of the
 * kernel's notices a write between two other steps and refuses none; write-protection would fail system calls with EFAULT.
 *
 * It must not be noticed: it has no signals and sends none (clone with no signal: an ordinary wait passes it over), shares
 * the table of descriptors, so that what the program closes is closed, and dies with this process. It does not run a line
 * of the program, nor of libc. If nobody ends it, it does so itself: then pages count as written that are not.
 */
#include "kern/pages/shadow.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "kern/pages/pagestate.h"
#include "kern/sys.h"

enum { LIFE_SECONDS = 10, SIGNALLED = 128 };

int32_t wm_shadow_fork(unsigned long flags)
{
    uint64_t all = ~(uint64_t)0, before;
    long pid;

    wm_sys4(SYS_rt_sigprocmask, SIG_SETMASK, (long)&all, (long)&before, sizeof all);
    pid = wm_sys6(SYS_clone, (long)flags, 0, 0, 0, 0, 0);
    if (pid != 0)
        wm_sys4(SYS_rt_sigprocmask, SIG_SETMASK, (long)&before, 0, sizeof before);
    return (int32_t)pid;
}

void wm_shadow_exit(int code)
{
    for (;;)
        wm_sys3(SYS_exit_group, code, 0, 0);
}

int wm_shadow_await(int32_t pid)
{
    int status = 0;
    long error;

    do
        error = wm_sys4(SYS_wait4, pid, (long)&status, __WALL, 0);
    while (error == -EINTR); /* by a signal each time */
    return error < 0 ? (int)error : WIFEXITED(status) ? WEXITSTATUS(status) : SIGNALLED;
}

__attribute__((noreturn)) static void be_a_shadow(void)
{
    struct timespec life = {LIFE_SECONDS, 0};

    wm_sys4(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0);
    wm_sys3(SYS_nanosleep, (long)&life, 0, 0);
    wm_shadow_exit(0);
}

int wm_kern_shadow(int32_t *pid)
{
    int32_t child = wm_shadow_fork(CLONE_FILES | CLONE_FS);

    if (child == 0)
        be_a_shadow();
    *pid = child;
    return child < 0 ? child : 0;
}

/* Its number is its own as long as nobody has waited for it. */
void wm_kern_shadow_end(int32_t pid)
{
    if (wm_sys4(SYS_wait4, pid, 0, __WALL | WNOHANG, 0) != 0)
        return;
    wm_sys3(SYS_kill, pid, SIGKILL, 0);
    wm_shadow_await(pid);
}
