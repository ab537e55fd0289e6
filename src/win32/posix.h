/*
 * posix.h: what this library asks of Linux, one line each: results are the kernel's, errno is left alone. Descriptors are
 * made by kern/descriptor.h, locks on bytes by kern/files/files.h.
 */
#ifndef WM_WIN32_POSIX_H
#define WM_WIN32_POSIX_H

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/uio.h>

#ifndef STATX_BTIME /* glibc before 2.28, musl before 1.2.5 */
#include <linux/stat.h>
#endif

#include "kern/sys.h"

/* The most that one call transfers. */
enum { WM_POSIX_AT_ONCE = 0x7ffff000 };

/* What the path leads to: symbolic links are followed. */
static inline long wm_posix_stat(const char *path, struct stat *st)
{
    return wm_sys4(SYS_newfstatat, AT_FDCWD, (long)path, (long)st, 0);
}

/* Of the name itself. */
static inline long wm_posix_lstat(const char *path, struct stat *st)
{
    return wm_sys4(SYS_newfstatat, AT_FDCWD, (long)path, (long)st, AT_SYMLINK_NOFOLLOW);
}

static inline long wm_posix_fstat(int fd, struct stat *st)
{
    return wm_sys3(SYS_fstat, fd, (long)st, 0);
}

/* Of a descriptor, with the time when the file was made (Linux 4.11). */
static inline long wm_posix_statx(int fd, struct statx *st)
{
    return wm_sys6(SYS_statx, fd, (long)"", AT_EMPTY_PATH, STATX_BTIME, (long)st, 0);
}

static inline long wm_posix_statx_named(const char *path, struct statx *st)
{
    return wm_sys6(SYS_statx, AT_FDCWD, (long)path, 0, STATX_BTIME, (long)st, 0);
}

/* Of all threads, without another word. */
static inline long wm_posix_exit(int code)
{
    return wm_sys3(SYS_exit_group, code, 0, 0);
}

static inline long wm_posix_unlink(const char *path)
{
    return wm_sys3(SYS_unlinkat, AT_FDCWD, (long)path, 0);
}

static inline long wm_posix_rename(const char *from, const char *to, unsigned flags)
{
    return wm_sys6(SYS_renameat2, AT_FDCWD, (long)from, AT_FDCWD, (long)to, flags, 0);
}

static inline long wm_posix_mkdir(const char *path, unsigned mode)
{
    return wm_sys3(SYS_mkdirat, AT_FDCWD, (long)path, mode);
}

static inline long wm_posix_rmdir(const char *path)
{
    return wm_sys3(SYS_unlinkat, AT_FDCWD, (long)path, AT_REMOVEDIR);
}

static inline long wm_posix_chdir(const char *path)
{
    return wm_sys3(SYS_chdir, (long)path, 0, 0);
}

/* How long the path is, terminator and all. */
static inline long wm_posix_getcwd(char *path, size_t bytes)
{
    return wm_sys3(SYS_getcwd, (long)path, (long)bytes, 0);
}

static inline long wm_posix_chmod(const char *path, unsigned mode)
{
    return wm_sys3(SYS_fchmodat, AT_FDCWD, (long)path, mode);
}

static inline long wm_posix_fchmod(int fd, unsigned mode)
{
    return wm_sys3(SYS_fchmod, fd, mode, 0);
}

/* Of the file that the path leads to, or without one that the descriptor stands for. */
static inline long wm_posix_set_times(int fd, const char *path, const struct timespec times[2])
{
    return wm_sys4(SYS_utimensat, fd, (long)path, (long)times, 0);
}

static inline long wm_posix_readlink(const char *path, char *to, size_t bytes)
{
    return wm_sys4(SYS_readlinkat, AT_FDCWD, (long)path, (long)to, (long)bytes);
}

static inline long wm_posix_fallocate(int fd, int mode, int64_t from, int64_t bytes)
{
    return wm_sys4(SYS_fallocate, fd, mode, from, bytes);
}

static inline long wm_posix_ftruncate(int fd, int64_t bytes)
{
    return wm_sys3(SYS_ftruncate, fd, bytes, 0);
}

static inline long wm_posix_fsync(int fd)
{
    return wm_sys3(SYS_fsync, fd, 0, 0);
}

static inline long wm_posix_seek(int fd, int64_t offset, int whence)
{
    return wm_sys3(SYS_lseek, fd, offset, whence);
}

static inline long wm_posix_advise(int fd, int advice)
{
    return wm_sys4(SYS_fadvise64, fd, 0, 0, advice);
}

static inline long wm_posix_read(int fd, void *to, size_t bytes)
{
    return wm_sys3(SYS_read, fd, (long)to, (long)bytes);
}

static inline long wm_posix_read_at(int fd, void *to, size_t bytes, int64_t offset)
{
    return wm_sys4(SYS_pread64, fd, (long)to, (long)bytes, offset);
}

static inline long wm_posix_write(int fd, const void *from, size_t bytes)
{
    return wm_sys3(SYS_write, fd, (long)from, (long)bytes);
}

static inline long wm_posix_write_at(int fd, const void *from, size_t bytes, int64_t offset)
{
    return wm_sys4(SYS_pwrite64, fd, (long)from, (long)bytes, offset);
}

static inline long wm_posix_ioctl(int fd, unsigned long request, void *argument)
{
    return wm_sys3(SYS_ioctl, fd, (long)request, (long)argument);
}

/* A path by which the kernel finds what a descriptor stands for: a link that leads there. */
struct wm_posix_link {
    char path[32];
};

static inline struct wm_posix_link wm_posix_link_to(int fd)
{
    struct wm_posix_link link;

    snprintf(link.path, sizeof link.path, "/proc/self/fd/%d", fd);
    return link;
}

#endif
