/*
 * pretend.h: another machine for one test. In a mount namespace of its own a folder of /proc or /sys is
 * hidden under an empty one, and files are written there. Linux only; skips where that is not allowed.
 */
#ifndef PRETEND_H
#define PRETEND_H

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

static inline void pretend_write(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

    MUST(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
}

/* As root of a user namespace. Who has no number in it can mount, and make no file in what he has mounted (EOVERFLOW). */
static inline int pretend_root(void)
{
    unsigned user = getuid(), group = getgid();
    char map[64];

    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
        return 0;
    snprintf(map, sizeof map, "0 %u 1", user);
    pretend_write("/proc/self/uid_map", map);
    pretend_write("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "0 %u 1", group);
    pretend_write("/proc/self/gid_map", map);
    return 1;
}

/* As root at once; else as root of a user namespace, which a process with threads cannot enter. */
static inline void pretend_alone(void)
{
    static int alone;

    if (alone)
        return;
    if (unshare(CLONE_NEWNS) != 0 && !pretend_root())
        SKIP("no mount namespace of its own is allowed");
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        SKIP("mounts cannot be made private");
    alone = 1;
}

/* The folder is empty from now on, for this process. */
static inline void pretend_empty(const char *folder)
{
    pretend_alone();
    if (mount("tmpfs", folder, "tmpfs", 0, NULL) != 0)
        SKIP("nothing can be mounted over this folder");
}

/* As it was before: the leak checker looks into /proc when a test ends. */
static inline void pretend_no_more(const char *folder)
{
    MUST(umount2(folder, MNT_DETACH) == 0);
}

/* The soft limit alone, so that it can be lifted again. Returns what it was. */
static inline rlim_t pretend_limit(int resource, rlim_t value)
{
    struct rlimit limit;
    rlim_t old;

    MUST(getrlimit(resource, &limit) == 0);
    old = limit.rlim_cur;
    limit.rlim_cur = value;
    MUST(setrlimit(resource, &limit) == 0);
    return old;
}

/* A file in such a folder, with the folders that lead to it. */
static inline void pretend_file(const char *path, const char *text)
{
    char folder[256];
    const char *slash = path;

    while ((slash = strchr(slash + 1, '/')) != NULL) {
        snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
        mkdir(folder, 0755);
    }
    pretend_write(path, text);
}

#endif
