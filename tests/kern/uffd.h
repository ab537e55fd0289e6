/* uffd.h: userfaultfd, as its newer half is used. Debian 12's headers lack that. */
#ifndef UFFD_H
#define UFFD_H

#include "looking.h"

enum { USER_MODE_ONLY = 1, MISSING = 1, FOR_WRITES = 2 };
enum { SIGBUS_INSTEAD = 1 << 7, WP_UNPOPULATED = 1 << 13, WP_ASYNC = 1 << 15, MOVE = 1 << 16 };
enum { DONT_WAKE = 1, ARM = 1 };

/* A negative errno, or a descriptor that has been asked for these features. */
static inline int uffd_try(uint64_t features)
{
    uint64_t api[3] = {0xaa, features, 0};
    int fd = (int)CALL(userfaultfd, O_CLOEXEC | O_NONBLOCK | USER_MODE_ONLY);
    long answer = fd;

    if (fd >= 0 && (answer = CALL(ioctl, fd, _IOWR(0xaa, 0x3f, uint64_t[3]), api)) != 0)
        close(fd);
    return answer == 0 ? fd : (int)answer;
}

static inline int uffd_open(uint64_t features)
{
    int fd = uffd_try(features);

    SKIP_IF(fd == -EPERM || fd == -ENOSYS, "userfaultfd is missing or forbidden");
    SKIP_IF(fd == -EINVAL, "userfaultfd lacks this (write watch: Linux 6.7, moving: 6.8)");
    MUST(fd >= 0);
    return fd;
}

static inline long uffd_register(int fd, const void *p, size_t bytes, uint64_t mode)
{
    uint64_t range[4] = {(uintptr_t)p, bytes, mode, 0};

    return CALL(ioctl, fd, _IOWR(0xaa, 0, uint64_t[4]), range);
}

static inline long uffd_arm(int fd, const void *p, size_t bytes)
{
    uint64_t range[3] = {(uintptr_t)p, bytes, ARM};

    return CALL(ioctl, fd, _IOWR(0xaa, 6, uint64_t[3]), range);
}

static inline long uffd_move(int fd, const void *to, const void *from, size_t bytes)
{
    uint64_t move[5] = {(uintptr_t)to, (uintptr_t)from, bytes, DONT_WAKE, 0};

    return CALL(ioctl, fd, _IOWR(0xaa, 5, uint64_t[5]), move);
}

#endif
