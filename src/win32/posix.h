/*
 * posix.h: what this library asks of Linux, one line each: results are the kernel's, errno is left alone. Descriptors are
 * made by kern/descriptor.h.
 */
#ifndef WM_WIN32_POSIX_H
#define WM_WIN32_POSIX_H

#include <fcntl.h>
#include <sys/stat.h>

#include "kern/sys.h"

/* What the path leads to: symbolic links are followed. */
static inline long wm_posix_stat(const char *path, struct stat *st)
{
    return wm_sys4(SYS_newfstatat, AT_FDCWD, (long)path, (long)st, 0);
}

static inline long wm_posix_unlink(const char *path)
{
    return wm_sys3(SYS_unlinkat, AT_FDCWD, (long)path, 0);
}

#endif
