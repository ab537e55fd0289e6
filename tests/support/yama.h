/*
 * yama.h: whom Linux's Yama lets us look into (kernel.yama.ptrace_scope). With 1 a process gives leave to others than its
 * ancestors; with 2 and 3 nobody but root, or nobody at all, and there the tests of other processes have nobody to ask.
 */
#ifndef YAMA_H
#define YAMA_H

#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

static inline int yama_scope(void)
{
    FILE *file = fopen("/proc/sys/kernel/yama/ptrace_scope", "re");
    int scope = 0;

    if (file == NULL)
        return 0;
    if (fscanf(file, "%d", &scope) != 1)
        scope = 0;
    fclose(file);
    return scope;
}

/* Before a child is begun that shall be looked into. */
static inline void need_to_look_into_children(void)
{
    if (yama_scope() > 2 || (yama_scope() == 2 && geteuid() != 0))
        SKIP("kernel.yama.ptrace_scope lets nobody look into his children");
}

/* In the child: its parent's other children may look as well. */
static inline void let_others_look(void)
{
    prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
}

#endif
