/* child.h: a process that waits until it is told to do something. */
#ifndef CHILD_H
#define CHILD_H

#include "pin.h"

struct child {
    pid_t pid;
    int tell, hear; /* pipes */
};

/* What it does between its birth and its first word; NULL: nothing. */
typedef void child_begins(void);

static inline void fine_end(int signal)
{
    (void)signal;
    _exit(0);
}

/* Until its parent says something: 'e', begin the program again by exec, which then waits likewise. */
__attribute__((noreturn)) static inline void child_obeys(int hear, int tell)
{
    char *const again[] = {(char *)"pin", (char *)"--hold", NULL};
    char word;

    while (read(hear, &word, 1) == 1)
        if (word == 'e') {
            dup2(hear, 0);
            dup2(tell, 1);
            execv("/proc/self/exe", again);
        }
    _exit(0);
}

static inline bool child_has_spoken(const struct child *c)
{
    char word;

    return read(c->hear, &word, 1) == 1;
}

/* pid -1: it was not able to begin. */
static inline struct child child_of(child_begins *begins)
{
    int down[2], up[2], status;
    struct child c;

    fflush(NULL);
    MUST(pipe2(down, O_CLOEXEC) == 0 && pipe2(up, O_CLOEXEC) == 0);
    c = (struct child){.pid = fork(), .tell = down[1], .hear = up[0]};
    MUST(c.pid >= 0);
    if (c.pid == 0) {
        close(down[1]);
        close(up[0]);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (begins != NULL)
            begins();
        MUST(write(up[1], "b", 1) == 1);
        child_obeys(down[0], up[1]);
    }
    close(down[0]);
    close(up[1]);
    if (!child_has_spoken(&c)) {
        MUST(waitpid(c.pid, &status, 0) == c.pid);
        c.pid = -1;
    }
    return c;
}

static inline void child_execs(struct child *c)
{
    MUST(write(c->tell, "e", 1) == 1 && child_has_spoken(c));
}

/* Nobody has waited for it yet. */
static inline void child_dies(struct child *c)
{
    siginfo_t info;

    MUST(kill(c->pid, SIGKILL) == 0 && waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOWAIT) == 0);
}

static inline void child_is_waited_for(struct child *c)
{
    MUST(waitpid(c->pid, NULL, 0) == c->pid);
}

static inline void child_ends(struct child *c)
{
    child_dies(c);
    child_is_waited_for(c);
}

static inline int child_file(const struct child *c, const char *name, int flags)
{
    char path[60];
    int fd;

    snprintf(path, sizeof path, "/proc/%d/%s", c->pid, name);
    fd = open(path, flags | O_CLOEXEC);
    SKIP_IF(fd < 0 && (errno == EACCES || errno == EPERM), "a child cannot be looked into (Yama, a sandbox)");
    MUST(fd >= 0);
    return fd;
}

#endif
