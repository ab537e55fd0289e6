/*
 * large_pool.h: a pool of large pages for one test.
 *
 * The pool belongs to the whole machine: tests take turns (flock on the pool's own file), and a child
 * process keeps the turn and puts everything back when the test has ended, however it ended.
 */
#ifndef LARGE_POOL_H
#define LARGE_POOL_H

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <unistd.h>

#define POOL_2M "/sys/kernel/mm/hugepages/hugepages-2048kB/"
#define POOL_1G "/sys/kernel/mm/hugepages/hugepages-1048576kB/"

enum { POOL_FILES = 3, KEEPER_CLOSES = 1024 };

static const char *const pool_files[POOL_FILES] = {POOL_2M "nr_hugepages", POOL_2M "nr_overcommit_hugepages",
                                                   POOL_1G "nr_hugepages"};

/* Without stdio, whose memory would be a change in a test that looks for changes. */
static inline long pool_read(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char text[32] = "";
    long got = fd >= 0 ? read(fd, text, sizeof text - 1) : -1;

    if (fd >= 0)
        close(fd);
    return got > 0 ? strtol(text, NULL, 10) : -1;
}

static inline bool pool_write(const char *path, long number)
{
    char text[32];
    int length = snprintf(text, sizeof text, "%ld", number), fd = open(path, O_WRONLY | O_CLOEXEC);
    bool written = fd >= 0 && write(fd, text, (size_t)length) == length;

    if (fd >= 0)
        close(fd);
    return written;
}

/* Pages that nobody has, or has a right to. */
static inline long pool_free(void)
{
    return pool_read(POOL_2M "free_hugepages") - pool_read(POOL_2M "resv_hugepages");
}

__attribute__((noreturn)) static inline void pool_keep(pid_t test, int turn, const long *before)
{
    sigset_t set;
    int signal;

    for (int fd = 0; fd < KEEPER_CLOSES; fd++)
        if (fd != turn)
            close(fd);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    prctl(PR_SET_PDEATHSIG, SIGUSR1);
    if (getppid() == test)
        sigwait(&set, &signal);
    for (int i = 0; i < POOL_FILES; i++)
        if (before[i] >= 0)
            pool_write(pool_files[i], before[i]);
    _exit(0);
}

/*
 * From here to the end of the process the pool has that many pages of 2 MiB (and of 1 GiB), and does not
 * grow. False: this user may not do that, or memory is too fragmented.
 */
static inline bool pool_set(long pages, long huge)
{
    const long wanted[POOL_FILES] = {pages, 0, huge};
    static bool kept;
    long before[POOL_FILES];
    pid_t test = getpid();
    int turn;

    if (!kept) {
        turn = open(pool_files[0], O_RDONLY | O_CLOEXEC);
        if (turn < 0 || flock(turn, LOCK_EX) != 0)
            return false;
        for (int i = 0; i < POOL_FILES; i++)
            before[i] = pool_read(pool_files[i]);
        if (!pool_write(pool_files[0], before[0]))
            return false;
        if (fork() == 0)
            pool_keep(test, turn, before);
        close(turn);
        kept = true;
    }
    for (int i = 0; i < POOL_FILES; i++)
        if (pool_read(pool_files[i]) != wanted[i])
            pool_write(pool_files[i], wanted[i]);
    return pool_read(pool_files[0]) == pages && (huge == 0 || pool_read(pool_files[2]) == huge);
}

#endif
