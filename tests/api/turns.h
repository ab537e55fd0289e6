/*
 * turns.h: a child process and its test take turns, each of which has its own handles. For Linux, behind names.h.
 */
#ifndef TURNS_H
#define TURNS_H

#include "../support/child.h"

#include <sys/wait.h>
#include <unistd.h>

/* A child that was begun before there was anything to inherit. It is told to go on, and tells how it went. */
struct other {
    pid_t pid;
    int go[2], went[2];
};

static inline void say(int fd, char c)
{
    MUST(write(fd, &c, 1) == 1);
}

static inline char hear(int fd)
{
    char c = 0;

    return read(fd, &c, 1) == 1 ? c : 0;
}

static inline struct other begin(void (*run)(struct other *))
{
    struct other other;

    names_of();
    MUST(pipe(other.go) == 0 && pipe(other.went) == 0);
    other.pid = fork_child();
    if (other.pid == 0) {
        hear(other.go[0]);
        run(&other);
        _exit(check_failures != 0);
    }
    return other;
}

/* The child goes on, and has come to its next stop. */
static inline void let_go_on(struct other *other)
{
    say(other->go[1], 'x');
    EXPECT_EQ(hear(other->went[0]), 'x');
}

static inline void stop_here(struct other *other)
{
    say(other->went[1], 'x');
    hear(other->go[0]);
}

static inline void end_other(struct other *other)
{
    int status = 1;

    say(other->go[1], 'x');
    MUST(waitpid(other->pid, &status, 0) == other->pid);
    EXPECT_EQ(status, 0);
}

#endif
