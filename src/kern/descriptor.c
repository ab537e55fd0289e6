/*
 * descriptor.c: the one place where descriptors are made (tests/kern/one_place.sh holds all others to it).
 *
 *   none of ours is 0, 1 or 2 (L142). The kernel gives the lowest number that is free (pinned:
 *   system.descriptors_take_the_lowest_number), and a program that has closed its standard streams would
 *   write its messages into ours
 *   no other program inherits one by exec (L143) that is not to: each is made close-on-exec, in the same call
 */
#include "kern/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>

#include "kern/kern.h"
#include "kern/sys.h"

enum { FIRST_OF_OURS = 3 };

#define UFFD_NEW (0xaau << 8)

void wm_kern_close(int fd)
{
    wm_sys3(SYS_close, fd, 0, 0);
}

int wm_fd_duplicate(int fd)
{
    long high = wm_sys3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, FIRST_OF_OURS);

    return high == -EINVAL ? -EMFILE : (int)high; /* so fcntl says that no higher number is allowed */
}

int wm_fd_replace(int fd, int number)
{
    return (int)wm_sys3(SYS_dup3, fd, number, 0);
}

static int not_standard(long fd)
{
    int high;

    if (fd < 0 || fd >= FIRST_OF_OURS)
        return (int)fd;
    high = wm_fd_duplicate((int)fd);
    wm_kern_close((int)fd);
    return high;
}

int wm_fd_open(const char *path, int flags)
{
    return not_standard(wm_sys4(SYS_openat, AT_FDCWD, (long)path, flags | O_CLOEXEC, 0));
}

int wm_fd_create(const char *path, int flags, unsigned mode)
{
    return not_standard(wm_sys4(SYS_openat, AT_FDCWD, (long)path, flags | O_CLOEXEC, (long)mode));
}

int wm_fd_open_at(int directory, const char *name, int flags, unsigned mode)
{
    return not_standard(wm_sys4(SYS_openat, directory, (long)name, flags | O_CLOEXEC, mode));
}

int wm_fd_memory(const char *name, unsigned flags)
{
    return not_standard(wm_sys3(SYS_memfd_create, (long)name, MFD_CLOEXEC | flags, 0));
}

int wm_fd_process(int32_t pid)
{
    return not_standard(wm_sys3(SYS_pidfd_open, pid, 0, 0));
}

int wm_fd_of_process(int pidfd, int fd)
{
    return not_standard(wm_sys3(SYS_pidfd_getfd, pidfd, fd, 0));
}

int wm_fd_userfault(int flags)
{
    return not_standard(wm_sys3(SYS_userfaultfd, flags | O_CLOEXEC, 0, 0));
}

int wm_fd_userfault_by(int device, int flags)
{
    return not_standard(wm_sys3(SYS_ioctl, device, UFFD_NEW, flags | O_CLOEXEC));
}
