/*
 * world.c: runs a program in another world: as containers, sandboxes and careful administrators make them.
 *
 *   world <name> <program> [argument ...]      what the program returned; 77 where the world cannot be made
 *   world --list                               names, and what each is
 *
 * A world is a row: the steps that make it, in order, each of which fails with an errno or is done. What they change
 * (mounts, processes, rights, filters) belongs to this process alone, and ends with it. Root makes all of them; others
 * those for which a user namespace will do.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "../support/filter.h"

enum { SKIPPED = 77, MOST_STEPS = 10, PATH_BYTES = 64 };

static int failed_with_errno(int result)
{
    return result == 0 ? 0 : -errno;
}

static int write_text(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

    if (fd >= 0)
        close(fd);
    return done ? 0 : -errno;
}

/* --- namespaces --- */

/* Who is not root stays who he is, and may mount until he starts a program. */
static int user_of_his_own(int flags)
{
    char map[PATH_BYTES];
    unsigned uid = getuid(), gid = getgid();
    int result;

    if (unshare(CLONE_NEWUSER | flags) != 0)
        return -errno;
    snprintf(map, sizeof map, "%u %u 1", uid, uid);
    result = write_text("/proc/self/uid_map", map);
    if (result != 0)
        return result;
    write_text("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "%u %u 1", gid, gid);
    return write_text("/proc/self/gid_map", map);
}

static int own_mounts(void)
{
    if (unshare(CLONE_NEWNS) != 0) {
        int result = user_of_his_own(CLONE_NEWNS);

        if (result != 0)
            return result;
    }
    return failed_with_errno(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
}

static int outcome(pid_t child)
{
    int status;

    while (waitpid(child, &status, 0) != child)
        if (errno != EINTR)
            return 1;
    if (WIFSIGNALED(status))
        printf("ended by signal %d\n", WTERMSIG(status));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* The program is number 1 of its namespace, as in most containers: what loses its parent comes to it. */
static int own_pids(void)
{
    pid_t child;

    if (unshare(CLONE_NEWPID) != 0)
        return -errno;
    child = fork();
    if (child > 0)
        exit(outcome(child));
    return child == 0 ? failed_with_errno(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)) : -errno;
}

/* --- what can be seen --- */

static int put_over(const char *folder, const char *type, const char *options)
{
    return failed_with_errno(mount(type, folder, type, MS_NOSUID | MS_NODEV, options));
}

/* Flags that a mount has already, and that stay. */
static int read_only(const char *folder)
{
    struct statvfs is;

    if (statvfs(folder, &is) != 0 || mount(folder, folder, NULL, MS_BIND, NULL) != 0)
        return -errno;
    return failed_with_errno(
        mount(NULL, folder, NULL,
              MS_BIND | MS_REMOUNT | MS_RDONLY | (is.f_flag & (ST_NOSUID | ST_NODEV | ST_NOEXEC)), NULL));
}

static int keep_writable(const char *folder)
{
    return access(folder, F_OK) != 0 ? 0 : failed_with_errno(mount(folder, folder, NULL, MS_BIND, NULL));
}

/* But for temporary files, and the folder in which the program is started: the volume that containers are given. */
static int read_only_root(void)
{
    char *here = getcwd(NULL, 0);
    struct statvfs is;
    int result = here == NULL ? -errno : keep_writable("/tmp");

    if (result == 0)
        result = keep_writable("/var/tmp");
    if (result == 0)
        result = keep_writable(here);
    free(here);
    if (result == 0 && statvfs("/", &is) != 0)
        result = -errno;
    return result != 0 ? result
                       : failed_with_errno(mount(
                             NULL, "/", NULL,
                             MS_BIND | MS_REMOUNT | MS_RDONLY | (is.f_flag & (ST_NOSUID | ST_NODEV)), NULL));
}

static int small_shm(void)
{
    return put_over("/dev/shm", "tmpfs", "size=64m,mode=1777");
}

static int full_shm(void)
{
    return put_over("/dev/shm", "tmpfs", "nr_inodes=1");
}

static int bind_device(const char *folder, const char *name)
{
    char from[PATH_BYTES], to[2 * PATH_BYTES];
    int fd;

    snprintf(from, sizeof from, "/dev/%s", name);
    snprintf(to, sizeof to, "%s/%s", folder, name);
    fd = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return -errno;
    close(fd);
    return failed_with_errno(mount(from, to, NULL, MS_BIND, NULL));
}

/* A /dev of these alone, made beside the old one and then put over it. */
static int fill_dev(const char *folder, bool with_shm)
{
    static const char *const devices[] = {"null", "zero", "full", "random", "urandom", "tty"};
    char shm[2 * PATH_BYTES];
    int result = 0;

    for (size_t i = 0; result == 0 && i < sizeof devices / sizeof devices[0]; i++)
        result = bind_device(folder, devices[i]);
    snprintf(shm, sizeof shm, "%s/shm", folder);
    if (result == 0 && with_shm &&
        (mkdir(shm, 01777) != 0 || mount("/dev/shm", shm, NULL, MS_BIND, NULL) != 0))
        return -errno;
    if (result == 0)
        result = failed_with_errno(mount(folder, "/dev", NULL, MS_BIND | MS_REC, NULL));
    return result != 0 ? result : failed_with_errno(symlink("/proc/self/fd", "/dev/fd"));
}

static int small_dev(bool with_shm)
{
    char folder[PATH_BYTES];
    int result;

    snprintf(folder, sizeof folder, "/tmp/world.%d", (int)getpid());
    if (mkdir(folder, 0755) != 0)
        return -errno;
    result = put_over(folder, "tmpfs", "mode=755");
    if (result == 0)
        result = fill_dev(folder, with_shm);
    umount2(folder, MNT_DETACH);
    rmdir(folder);
    return result;
}

/* No userfaultfd among them, for instance. */
static int dev_of_engines(void)
{
    return small_dev(true);
}

static int dev_without_shm(void)
{
    return small_dev(false);
}

static int own_proc(void)
{
    return put_over("/proc", "proc", NULL);
}

static int no_proc(void)
{
    return put_over("/proc", "tmpfs", "mode=555");
}

static int proc_that_hides(void)
{
    return put_over("/proc", "proc", "hidepid=2");
}

/* As engines mask it: settings can be read, not written, and some files are empty. */
static int masked_proc(void)
{
    static const char *const empty[] = {"/proc/kcore", "/proc/keys", "/proc/timer_list"};
    int result = read_only("/proc/sys");

    for (size_t i = 0; result == 0 && i < sizeof empty / sizeof empty[0]; i++)
        if (access(empty[i], F_OK) == 0)
            result = failed_with_errno(mount("/dev/null", empty[i], NULL, MS_BIND, NULL));
    return result;
}

/* --- who one is --- */

static int keep_rights(uint64_t kept)
{
    if (geteuid() != 0)
        return 0;
    for (int i = 0; i < 64 && prctl(PR_CAPBSET_READ, i, 0, 0, 0) >= 0; i++)
        if (!(kept >> i & 1) && prctl(PR_CAPBSET_DROP, i, 0, 0, 0) != 0)
            return -errno;
    return 0;
}

/* The rights of root in a container that was given no more. */
static int few_rights(void)
{
    static const int kept[] = {CAP_CHOWN,      CAP_DAC_OVERRIDE,     CAP_FSETID, CAP_FOWNER,     CAP_MKNOD,
                               CAP_NET_RAW,    CAP_SETGID,           CAP_SETUID, CAP_SETFCAP,    CAP_SETPCAP,
                               CAP_SYS_CHROOT, CAP_NET_BIND_SERVICE, CAP_KILL,   CAP_AUDIT_WRITE};
    uint64_t keep = 0;

    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        keep |= UINT64_C(1) << kept[i];
    return keep_rights(keep);
}

/* A user as any other, whatever his number: what he may not trace he does not see. */
static int no_rights(void)
{
    return keep_rights(0);
}

/* --- which calls there are --- */

static int engine_filter(void)
{
    return failed_with_errno(filter_calls(engine_rows, sizeof engine_rows / sizeof engine_rows[0], 0));
}

static int old_engine_filter(void)
{
    return failed_with_errno(
        filter_calls(old_engine_rows, sizeof old_engine_rows / sizeof old_engine_rows[0], 0));
}

/*
 * A kernel written anew, as gVisor's (its page "Linux/amd64 syscall reference"): calls, advice and requests it has never
 * heard of, and no pagemap and clear_refs in /proc. Files are told by name, and names lie in memory: a supervisor reads
 * each that is opened.
 */
enum { LAST_OLD_ADVICE = 17, FIRST_NEW_ADVICE = 18, LAST_NEW_ADVICE = 21, PAGEMAP_IOCTLS = 'f' << 8 };

/* clang-format off */
static const struct filter_row small_kernel_rows[] = {
    FILTER_CALL(SYS_openat, FILTER_TELL),
#ifdef SYS_open
    FILTER_CALL(SYS_open, FILTER_TELL),
#endif
    FILTER_CALL(SYS_userfaultfd, ENOSYS), FILTER_CALL(SYS_bpf, EPERM), FILTER_CALL(SYS_perf_event_open, ENODEV),
    FILTER_CALL(SYS_kcmp, ENOSYS), FILTER_CALL(SYS_migrate_pages, EPERM), FILTER_CALL(SYS_move_pages, EPERM),
    FILTER_CALL(SYS_pidfd_send_signal, ENOSYS), FILTER_CALL(SYS_pidfd_open, ENOSYS), FILTER_CALL(FILTER_PIDFD_GETFD, ENOSYS),
    FILTER_CALL(FILTER_OPENAT2, ENOSYS), FILTER_CALL(FILTER_PROCESS_MADVISE, ENOSYS),
    FILTER_CALLS(FILTER_EPOLL_PWAIT2, FILTER_BEHIND_THE_LAST - 1, ENOSYS),
    FILTER_IF(SYS_madvise, 2, ~0u, 8, EINVAL),      /* MADV_FREE */
    FILTER_IF(SYS_madvise, 2, ~3u, 16, EINVAL),     /* MADV_DONTDUMP .. MADV_KEEPONFORK */
    FILTER_IF(SYS_madvise, 2, ~1u, 20, EINVAL),     /* MADV_COLD, MADV_PAGEOUT */
    FILTER_IF(SYS_madvise, 2, ~1u, 24, EINVAL),     /* MADV_DONTNEED_LOCKED, MADV_COLLAPSE */
    FILTER_IF(SYS_madvise, 2, ~1u, 102, EINVAL),    /* guard markers */
    FILTER_IF(SYS_ioctl, 1, 0xff00, PAGEMAP_IOCTLS, ENOTTY), /* PROCMAP_QUERY, PAGEMAP_SCAN */
};
/* clang-format on */

static bool is_hidden(const char *path)
{
    static const char *const hidden[] = {"pagemap", "clear_refs", "map_files"};
    const char *last = strrchr(path, '/');

    last = last == NULL ? path : last + 1;
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
        if (strcmp(last, hidden[i]) == 0)
            return true;
    return false;
}

static void read_path(const struct seccomp_notif *asked, char *path, size_t bytes)
{
    int index = asked->data.nr == SYS_openat ? 1 : 0;
    uint64_t at = asked->data.args[index], left = 4096 - at % 4096; /* the next page may not be there */
    struct iovec here = {path, bytes - 1};
    struct iovec there = {(void *)(uintptr_t)at, left < bytes - 1 ? left : bytes - 1};
    struct iovec rest = {(void *)(uintptr_t)(at + left), bytes - 1 - there.iov_len};
    struct iovec both[] = {there, rest};

    memset(path, 0, bytes);
    process_vm_readv((pid_t)asked->pid, &here, 1, both, 2, 0);
}

/* Until nobody is left who could ask. */
static void supervise(int listener)
{
    struct pollfd ready = {listener, POLLIN, 0};
    char path[256];

    for (;;) {
        struct seccomp_notif asked = {0};
        struct seccomp_notif_resp answer = {0};

        if (poll(&ready, 1, -1) < 0 && errno == EINTR)
            continue;
        if (!(ready.revents & POLLIN))
            return;
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0)
            continue;
        read_path(&asked, path, sizeof path);
        answer.id = asked.id;
        if (is_hidden(path))
            answer.error = -ENOENT;
        else
            answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
        ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
    }
}

/* The supervisor is a child with the same descriptors: whoever starts the program waits for that alone. */
static int small_kernel(void)
{
    int told[2], listener;
    pid_t child;

    if (pipe2(told, O_CLOEXEC) != 0)
        return -errno;
    child = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, NULL, NULL, NULL, 0);
    if (child < 0)
        return -errno;
    if (child == 0) {
        if (read(told[0], &listener, sizeof listener) != sizeof listener || unshare(CLONE_FILES) != 0)
            _exit(1);
        close(told[1]);
        supervise(listener);
        _exit(0);
    }
    listener = filter_calls(small_kernel_rows, sizeof small_kernel_rows / sizeof small_kernel_rows[0],
                            SECCOMP_FILTER_FLAG_NEW_LISTENER);
    if (listener < 0 || write(told[1], &listener, sizeof listener) != sizeof listener)
        return -errno;
    return 0;
}

/* --- worlds that begin when the program runs: moment.c, which lies beside this program --- */

static int begins(const char *moment)
{
    char path[PATH_MAX];
    ssize_t bytes = readlink("/proc/self/exe", path, sizeof path - sizeof "/moment.so");
    char *slash;

    if (bytes < 0)
        return -errno;
    path[bytes] = '\0';
    slash = strrchr(path, '/');
    strcpy(slash, "/moment.so");
    if (access(path, R_OK) != 0)
        return -errno;
    return setenv("LD_PRELOAD", path, 1) != 0 || setenv("WORLD_MOMENT", moment, 1) != 0 ? -errno : 0;
}

static int begins_late(void)
{
    return begins("late");
}

static int begins_in_a_child(void)
{
    return begins("child");
}

static int begins_in_a_thread(void)
{
    return begins("thread");
}

static int of_old_engines(void)
{
    return failed_with_errno(setenv("WORLD_FILTER", "old", 1));
}

/* --- the worlds --- */

static const struct world {
    const char *name, *what;
    int (*steps[MOST_STEPS])(void);
} worlds[] = {
    {"engine",
     "the system calls and capabilities of a container",
     {own_mounts, dev_of_engines, few_rights, engine_filter}},
    {"old-engine",
     "the same before Linux 4.8: no ptrace, no process_vm_*, EPERM for calls after 2018",
     {own_mounts, dev_of_engines, few_rights, old_engine_filter}},
    {"small-kernel",
     "a kernel written anew: no pagemap, no clear_refs, no advice and calls of late",
     {own_mounts, dev_of_engines, small_kernel}},
    {"read-only", "nothing can be written but /tmp and /dev/shm", {own_mounts, read_only_root}},
    {"no-shm", "no /dev/shm", {own_mounts, dev_without_shm}},
    {"small-shm", "64 MiB in /dev/shm", {own_mounts, small_shm}},
    {"full-shm", "a /dev/shm in which no file can be made", {own_mounts, full_shm}},
    {"outer-proc", "a pid namespace of its own, and the /proc of the outer one", {own_mounts, own_pids}},
    {"hidepid",
     "no rights, and of other processes those only that may be traced",
     {own_mounts, proc_that_hides, no_rights}},
    {"no-proc", "nothing in /proc", {own_mounts, no_proc}},
    {"container",
     "all of it: its own processes, 64 MiB in /dev/shm, nothing to write, few rights and calls",
     {own_mounts, small_shm, dev_of_engines, read_only_root, own_pids, own_proc, masked_proc, few_rights,
      engine_filter}},
    {"late", "engine, from when everything has been used once", {own_mounts, dev_of_engines, begins_late}},
    {"late-old",
     "old-engine, from when everything has been used once",
     {own_mounts, dev_of_engines, of_old_engines, begins_late}},
    {"in-child",
     "old-engine, in a child of the process that has used everything",
     {own_mounts, dev_of_engines, of_old_engines, begins_in_a_child}},
    {"in-thread",
     "old-engine, in one thread of a process that has used everything",
     {own_mounts, dev_of_engines, of_old_engines, begins_in_a_thread}},
};

static const struct world *find(const char *name)
{
    for (size_t i = 0; i < sizeof worlds / sizeof worlds[0]; i++)
        if (strcmp(worlds[i].name, name) == 0)
            return &worlds[i];
    return NULL;
}

/* Also where the program stands: its folder may lie on another mount by then. */
static void make(const struct world *world)
{
    char *folder = getcwd(NULL, 0);

    for (size_t i = 0; i < MOST_STEPS && world->steps[i] != NULL; i++) {
        int result = world->steps[i]();

        if (result != 0) {
            printf("skipped: the world %s (%s) cannot be made here: step %zu, %s\n", world->name, world->what,
                   i + 1, strerror(-result));
            exit(SKIPPED);
        }
    }
    if (folder != NULL && chdir(folder) != 0)
        perror(folder);
    free(folder);
}

int main(int argc, char **argv)
{
    const struct world *world = argc > 1 ? find(argv[1]) : NULL;

    setvbuf(stdout, NULL, _IONBF, 0);
    if (argc == 2 && strcmp(argv[1], "--list") == 0) {
        for (size_t i = 0; i < sizeof worlds / sizeof worlds[0]; i++)
            printf("%-13s %s\n", worlds[i].name, worlds[i].what);
        return 0;
    }
    if (world == NULL || argc < 3) {
        fprintf(stderr, "usage: world <name> <program> [argument ...], or world --list\n");
        return 2;
    }
    make(world);
    execvp(argv[2], argv + 2);
    perror(argv[2]);
    return 1;
}
