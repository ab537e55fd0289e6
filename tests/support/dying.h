/* dying.h: children that die at the n-th place of a script (kern/faults.h), before or after its system call. */
#ifndef DYING_H
#define DYING_H

#include "support/unit.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kern/faults.h"

static inline pid_t begin_life(void (*live)(void), unsigned step, bool after)
{
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        alarm(20);
        wm_fault_die_at(step, after);
        live();
        _exit(0);
    }
    return pid;
}

/* True: it was killed before its life was over. */
static inline bool dies_at(void (*live)(void), unsigned step, bool after)
{
    int status = 0;
    pid_t pid = begin_life(live, step, after);

    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

#endif
