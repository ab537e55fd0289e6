/* namespace.h: a test in a pid namespace of its own, under the /proc of the outer one. Linux only; skips where none can be made. */
#ifndef NAMESPACE_H
#define NAMESPACE_H

#include <sched.h>
#include <sys/wait.h>

/* The test as the first process of a namespace: an end of it is the end of all. Others are known by pidfds alone there. */
static inline void in_a_namespace(void (*run)(void))
{
    int status = 0;
    pid_t child;

#if defined __SANITIZE_ADDRESS__ || defined CHECK_THREAD_SANITIZER
    SKIP("the leak checker does not work in a pid namespace of its own");
#endif
    if (unshare(CLONE_NEWPID) != 0)
        SKIP("no pid namespace can be made here");
    child = fork();
    if (child == 0) {
        run();
        check_end(check_failures != 0);
    }
    MUST(child > 0 && waitpid(child, &status, 0) == child);
    EXPECT_EQ(status, 0);
}

#endif
