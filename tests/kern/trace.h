/* trace.h: stopping a child by ptrace. */
#ifndef TRACE_H
#define TRACE_H

#include <linux/ptrace.h>

#include "child.h"

#ifndef PTRACE_EVENT_STOP
#define PTRACE_EVENT_STOP 128
#endif

enum { PATIENCE = 2000 }; /* of 1 ms */

static inline long trace(long request, pid_t tid, unsigned long addr, unsigned long data)
{
    return CALL(ptrace, request, tid, addr, data);
}

static inline void nap(void)
{
    usleep(1000);
}

static inline void seize(pid_t tid, long options)
{
    long answer = trace(PTRACE_SEIZE, tid, 0, (unsigned long)options);

    SKIP_IF(answer == -EPERM || answer == -EACCES, "a child cannot be traced (Yama, a sandbox)");
    MUST(answer == 0);
}

/* What it stands for: siginfo's code; 0 in time: it does not. */
static inline int stands(pid_t tid)
{
    siginfo_t info = {.si_code = 0};

    for (int i = 0; i < PATIENCE && trace(PTRACE_GETSIGINFO, tid, 0, (unsigned long)&info) != 0; i++)
        nap();
    return info.si_code;
}

static inline void stop(pid_t tid)
{
    seize(tid, PTRACE_O_TRACEEXIT);
    MUST(trace(PTRACE_INTERRUPT, tid, 0, 0) == 0);
    MUST(stands(tid) >> 8 == PTRACE_EVENT_STOP);
}

static inline char state_of(pid_t pid)
{
    char path[40], text[600];
    FILE *stat;

    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    stat = fopen(path, "re");
    MUST(stat != NULL && fgets(text, sizeof text, stat) != NULL);
    fclose(stat);
    return strrchr(text, ')')[2];
}

static inline void until_it_is(pid_t pid, char state)
{
    for (int i = 0; i < PATIENCE && state_of(pid) != state; i++)
        nap();
    MUST(state_of(pid) == state);
}

#endif
