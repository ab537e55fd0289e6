/*
 * remotestate.h: processes that are called while they do something, and notice whether they were disturbed.
 */
#ifndef REMOTESTATE_H
#define REMOTESTATE_H

#include "remote.h"
#include "../support/registers.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ptrace.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#ifdef CHECK_THREAD_SANITIZER
#define NOT_UNDER_TSAN SKIP("the thread that is borrowed may be inside the sanitizer")
#else
#define NOT_UNDER_TSAN (void)0
#endif

#define RW PAGE_READWRITE

enum { ROUNDS = 67 }; /* three calls each */

/* --- calling --- */

static inline bool one_round(HANDLE process)
{
    BYTE *p = VirtualAllocEx(process, NULL, GRAIN, MEM_RESERVE | MEM_COMMIT, RW);
    DWORD old = 0;

    if (p == NULL)
        return false;
    if (!VirtualProtectEx(process, p + PAGE, PAGE, PAGE_READONLY, &old) || old != RW)
        return false;
    return VirtualFreeEx(process, p, 0, MEM_RELEASE);
}

/* Ends at the first call that fails. */
static inline void exercise(const struct target *t, int rounds)
{
    for (int i = 0; i < rounds; i++)
        if (!one_round(t->handle)) {
            check_fail(__FILE__, __LINE__, "round %d: %s", i, WinmemLastCause());
            return;
        }
}

static inline void expect_undisturbed(const struct target *t)
{
    if (t->w->wrong != 0)
        check_fail(__FILE__, __LINE__, "disturbed %u times: %s", t->w->wrong, t->w->what);
    EXPECT_EQ(kill(t->pid, 0), 0);
    EXPECT_EQ(waitpid(t->pid, NULL, WNOHANG), 0);
}

static inline void expect_progress(const struct target *t, uint64_t rounds)
{
    uint64_t before = ATOMIC_GET(t->w->rounds);

    AWAIT(10, ATOMIC_GET(t->w->rounds) >= before + rounds);
    if (ATOMIC_GET(t->w->rounds) < before + rounds)
        check_fail(__FILE__, __LINE__, "it does not go on: %llu rounds, then %llu",
                   (unsigned long long)before, (unsigned long long)ATOMIC_GET(t->w->rounds));
}

struct state {
    void (*live)(struct witness *);
    void (*call)(struct target *);
};

static inline void in_state(const struct state *state, enum kind first, enum kind last)
{
    struct target target[KINDS];

    for (enum kind kind = first; kind <= last; kind++)
        target[kind] = start(kind, state->live);
    for (enum kind kind = first; kind <= last; kind++)
        check_on(&target[kind], state->call);
}

static inline void in_both(void (*live)(struct witness *), void (*call)(struct target *))
{
    NOT_UNDER_TSAN;
    in_state(&(struct state){live, call}, FOREIGN, LIBRARY);
}

static inline void in_library(void (*live)(struct witness *), void (*call)(struct target *))
{
    NOT_UNDER_TSAN;
    in_state(&(struct state){live, call}, LIBRARY, LIBRARY);
}

static int pipes[2];

static inline void about_to_wait(struct witness *w)
{
    ATOMIC_SET(w->ready, 1);
}

static inline void came_back(struct witness *w, long result, long want, int error)
{
    if (result != want || (want < 0 && errno != error))
        complain(w, "returned %ld, errno %d, wanted %ld, %d", result, errno, want, error);
    ATOMIC_SET(w->rounds, 1);
    for (;;)
        pause();
}

/* A file of /proc/PID from its beginning, as far as it fits. */
static inline void read_proc(pid_t pid, const char *name, char *text, size_t size)
{
    char path[64];
    ssize_t got = -1;
    int fd;

    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    fd = open(path, O_RDONLY);
    if (fd >= 0) {
        got = read(fd, text, size - 1);
        close(fd);
    }
    text[got < 0 ? 0 : got] = '\0';
}

static inline char state_of(pid_t pid)
{
    char text[512], *state;

    read_proc(pid, "stat", text, sizeof text);
    state = strrchr(text, ')');
    return state == NULL ? '?' : state[2];
}

/* The thread sleeps in the kernel. */
static inline bool is_asleep(pid_t pid)
{
    return state_of(pid) == 'S';
}

static inline void make_pipe(void)
{
    MUST(pipe(pipes) == 0);
}

static inline void call_and_wake(struct target *t, void (*wake)(struct target *))
{
    AWAIT(5, is_asleep(t->pid));
    exercise(t, ROUNDS);
    check_sleep(2);
    EXPECT_EQ(ATOMIC_GET(t->w->rounds), 0);
    expect_undisturbed(t);
    wake(t);
    expect_progress(t, ATOMIC_GET(t->w->rounds) == 0);
    expect_undisturbed(t);
}

static inline void wake_reader(struct target *t)
{
    (void)t;
    MUST(write(pipes[1], "x", 1) == 1);
}

static volatile sig_atomic_t handled;

static inline void on_signal(int number)
{
    (void)number;
    handled = handled + 1;
}

static inline void handle(int number, int flags)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = flags};

    MUST(sigaction(number, &action, NULL) == 0);
}

static inline void block(int number)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, number);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

static inline bool is_blocked(int number)
{
    sigset_t set;

    sigprocmask(SIG_SETMASK, NULL, &set);
    return sigismember(&set, number) == 1;
}

static inline void call_running(struct target *t)
{
    exercise(t, ROUNDS);
    expect_progress(t, 3);
    expect_undisturbed(t);
}

static inline void live_general(struct witness *w)
{
    uint64_t pattern = 0x0123456789abcdef;

    ATOMIC_SET(w->ready, 1);
    for (;;) {
        if (!keeps_registers(&pattern, 300))
            complain(w, "a general register, the red zone or the carry flag");
        ATOMIC_ADD(w->rounds, 1);
    }
}

static inline int tracer_of(pid_t pid)
{
    char text[4096], *line;

    read_proc(pid, "status", text, sizeof text);
    line = strstr(text, "TracerPid:");
    return line == NULL ? -1 : atoi(line + 10);
}

#endif
