/* remote.h: a child that does as it is told with its address space, and what its parent sees of it. */
#ifndef REMOTE_H
#define REMOTE_H

#include "vm/vm.h"

#include <sys/mman.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include "remote/notes.h"
#include "remote/peek.h"
#include "remote/regions.h"
#include "vm/processes/process.h"

enum { EVERY_ACCESS = 0x1fffff };

/* Runs in a child until it is killed. */
static inline struct wm_target child_that(void (*work)(void *), void *context, pid_t *pid)
{
    struct wm_target target;
    uintptr_t handle;

    *pid = fork();
    if (*pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        work(context);
        for (;;)
            pause();
    }
    MUST(wm_op_open_other(*pid, EVERY_ACCESS, &handle));
    MUST(wm_target_of(handle, 0, &target));
    assert_non_null(target.other);
    return target;
}

static inline void end_child(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

/* Memory that parent and child share. */
static inline void *shared(size_t bytes)
{
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    assert_true(p != MAP_FAILED);
    return p;
}

#endif
