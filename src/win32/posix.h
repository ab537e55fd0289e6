/*
 * posix.h: what this library asks of Linux, one line each: results are the kernel's, errno is left alone. Descriptors are
 * made by kern/descriptor.h, locks on bytes by kern/files/files.h.
 */
#ifndef WM_WIN32_POSIX_H
#define WM_WIN32_POSIX_H

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>

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

static inline long wm_posix_unlink(const char *path)
{
    return wm_sys3(SYS_unlinkat, AT_FDCWD, (long)path, 0);
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

#endif
