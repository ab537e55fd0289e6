/* ends.c: how a process ends, and what is left of it (src/kern/process/peer.c, peerexit.c). */
#include <poll.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "child.h"

static int pidfd_of(pid_t pid)
{
    int fd = (int)CALL(pidfd_open, pid, 0);

    SKIP_IF(fd == -ENOSYS || fd == -EPERM, "there are no pidfds (Linux 5.3)");
    MUST(fd >= 0);
    return fd;
}

static bool has_ended(int pidfd)
{
    struct pollfd p = {.fd = pidfd, .events = POLLIN};

    return poll(&p, 1, 0) == 1;
}

/* Seen on 6.18: a pidfd can be read from the end of its process on, before and after somebody has waited for that. */
PIN(a_pidfd_tells_the_end, "peer.c")
{
    struct child c = child_of(NULL);
    int pidfd = pidfd_of(c.pid);

    EXPECT(!has_ended(pidfd));
    child_dies(&c);
    EXPECT(has_ended(pidfd));
    child_is_waited_for(&c);
    EXPECT(has_ended(pidfd));
}

/* Since 6.9: each process has an inode of its own by which its pidfd is known; before, all had one. */
PIN(each_process_has_a_pidfd_inode, "peer.c")
{
    struct child c = child_of(NULL);
    struct stat ours, again, its;

    MUST(fstat(pidfd_of(getpid()), &ours) == 0 && fstat(pidfd_of(getpid()), &again) == 0);
    MUST(fstat(pidfd_of(c.pid), &its) == 0);
    child_ends(&c);
    EXPECT(ours.st_ino == again.st_ino);
    SKIP_IF(ours.st_ino == its.st_ino, "all pidfds share an inode (before Linux 6.9)");
}

/*
 * Seen on 6.18: whoever is named as the owner of a description is told until somebody has waited for him, and not if the
 * number is another's. By one call that is the whole question whether a process has its number still (since 5.12; asked
 * where pidfds are a file system, since 6.9).
 */
PIN(an_owner_is_told_while_it_has_its_number, "peer.c")
{
    struct child c = child_of(NULL);
    int fd = pidfd_of(c.pid);
    struct statfs fs;

    MUST(fstatfs(fd, &fs) == 0);
    SKIP_IF(fs.f_type != 0x50494446, "pidfds are no file system (before Linux 6.9)");
    EXPECT_ANSWER(0, CALL(fcntl, fd, F_GETOWN, 0));
    EXPECT_ANSWER(0, CALL(fcntl, fd, F_SETOWN, c.pid));
    EXPECT_ANSWER(c.pid, CALL(fcntl, fd, F_GETOWN, 0));
    EXPECT_ANSWER(0, CALL(fcntl, pidfd_of(c.pid), F_GETOWN, 0));
    child_ends(&c);
    EXPECT_ANSWER(0, CALL(fcntl, fd, F_GETOWN, 0));
}

static void *hold_still(void *tid)
{
    *(pid_t *)tid = (pid_t)CALL(gettid, 0);
    for (;;)
        pause();
    return NULL;
}

/* Seen on 6.18: a thread that is not the first has a number and is no process: -ENOENT; before 6.15 -EINVAL. */
PIN(a_thread_is_no_process, "peer.c")
{
    static volatile pid_t tid;
    pthread_t thread;
    long answer;

    MUST(pthread_create(&thread, NULL, hold_still, (void *)&tid) == 0);
    while (tid == 0)
        usleep(100);
    (void)pidfd_of(getpid());
    answer = CALL(pidfd_open, tid, 0);
    EXPECT(answer == -ENOENT || answer == -EINVAL);
}

/* Seen on 6.18: asked with WNOWAIT a child tells how it ended, and is left for whoever waits for it. */
PIN(an_end_can_be_asked_without_taking_it, "peerexit.c")
{
    struct child c = child_of(NULL);
    int pidfd = pidfd_of(c.pid);
    siginfo_t info = {.si_pid = 0};

    EXPECT_ANSWER(0, CALL(waitid, 3, pidfd, &info, WEXITED | WNOHANG | WNOWAIT, NULL));
    EXPECT(info.si_pid == 0);
    child_dies(&c);
    EXPECT_ANSWER(0, CALL(waitid, 3, pidfd, &info, WEXITED | WNOHANG | WNOWAIT, NULL));
    EXPECT(info.si_code == CLD_KILLED && info.si_status == SIGKILL);
    child_is_waited_for(&c);
}

struct pidfd_facts {
    uint64_t mask, cgroup;
    uint32_t pid, process, parent, users[8];
    int32_t exit_code;
};

/* Since 6.15: a pidfd that was open at the end tells how it ended, also after somebody has waited. */
PIN(a_pidfd_tells_how_it_ended, "peerexit.c")
{
    struct child c = child_of(NULL);
    int pidfd = pidfd_of(c.pid);
    struct pidfd_facts facts = {.mask = 1 << 3};

    child_ends(&c);
    SKIP_IF(CALL(ioctl, pidfd, _IOWR(0xff, 11, struct pidfd_facts), &facts) != 0 || !(facts.mask & 1 << 3),
            "a pidfd does not tell that (Linux 6.15)");
    EXPECT(WIFSIGNALED(facts.exit_code) && WTERMSIG(facts.exit_code) == SIGKILL);
}

/* Seen on 6.18: the dead who were not waited for have a state, Z, their status in the last field, and no program. */
PIN(the_dead_stand_in_proc, "procstat.c peerexit.c peer.c")
{
    struct child c = child_of(NULL);
    char path[40], text[600], *state;
    FILE *stat;

    snprintf(path, sizeof path, "/proc/%d/exe", c.pid);
    EXPECT(CALL(readlink, path, text, sizeof text) > 0);
    child_dies(&c);
    EXPECT_ANSWER(-ENOENT, CALL(readlink, path, text, sizeof text));
    snprintf(path, sizeof path, "/proc/%d/stat", c.pid);
    stat = fopen(path, "re");
    MUST(stat != NULL && fgets(text, sizeof text, stat) != NULL);
    fclose(stat);
    state = strrchr(text, ')') + 2;
    EXPECT(*state == 'Z' && atoi(strrchr(text, ' ')) == SIGKILL);
    child_is_waited_for(&c);
    EXPECT_ANSWER(-ENOENT, CALL(openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC));
}

/*
 * Seen on 6.18: through a directory that was open before, a file of somebody who has gone is -ESRCH, whoever has the
 * number.
 */
PIN(an_open_directory_of_the_gone_is_esrch, "peer.c threads.c")
{
    struct child c = child_of(NULL);
    char path[40];
    int folder;

    snprintf(path, sizeof path, "/proc/%d", c.pid);
    folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    MUST(folder >= 0);
    child_ends(&c);
    EXPECT_ANSWER(-ESRCH, CALL(openat, folder, "maps", O_RDONLY | O_CLOEXEC));
}

static bool speaks_of_memory(const char *path)
{
    FILE *file = fopen(path, "re");
    char line[200];
    bool found = false;

    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        found |= strncmp(line, "VmRSS:", 6) == 0;
    if (file != NULL)
        fclose(file);
    return found;
}

static void *outlive_the_first(void *unused)
{
    char text[600];
    FILE *stat;

    usleep(20000);
    EXPECT(!speaks_of_memory("/proc/self/status"));
    EXPECT(speaks_of_memory("/proc/thread-self/status"));
    stat = fopen("/proc/self/stat", "re");
    MUST(stat != NULL && fgets(text, sizeof text, stat) != NULL);
    EXPECT(strrchr(text, ')')[2] == 'Z');
    pin_end(pin_failures != 0);
    return unused;
}

/*
 * Seen on 6.18: when the first thread has ended, /proc/self says Z and nothing of memory, though the process lives.
 */
PIN(a_first_thread_can_be_dead_alone, "usage.c procstat.c")
{
    int status;
    pthread_t thread;

    IN_CHILD(status)
    {
        MUST(pthread_create(&thread, NULL, outlive_the_first, NULL) == 0);
        CALL(exit, 0);
    }
    EXPECT(is_fine(status));
}
