/*
 * child.h: a test's child: a copy of it, which does one thing and ends. For Linux, behind check.h.
 */
#ifndef CHILD_H
#define CHILD_H

#include "check.h"

#include <sys/resource.h>

/* 0 in the child, which leaves no core, lasts 20 seconds at most, and in which no check has failed. */
static inline pid_t fork_child(void)
{
    struct rlimit no_core = {0, 0};
    pid_t pid;

    fflush(NULL);
    pid = fork();
    MUST(pid >= 0);
    if (pid == 0) {
        setrlimit(RLIMIT_CORE, &no_core);
        alarm(20);
        check_failures = 0;
    }
    return pid;
}

/* How a child ended that does this: what is returned, 64 more if a check failed, or minus the signal. */
static inline int end_of_child(int (*run)(void *), void *arg)
{
    int status = 0;
    pid_t pid = fork_child();

    if (pid == 0)
        _exit(run(arg) + (check_failures ? 64 : 0));
    while (waitpid(pid, &status, 0) < 0)
        ;
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static inline int child_runs(void *run)
{
    (*(void (**)(void))run)();
    return 0;
}

static inline int end_of(void (*run)(void))
{
    return end_of_child(child_runs, &run);
}

#endif
