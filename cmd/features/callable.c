/* callable.c: each call in a form that asks for nothing (callable.h). A row is a name and how to try it. */
#include "features/callable.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FUTEX_WAITV_NUMBER = 449, PIDFD_OPEN_NUMBER = 434, USER_MODE_ONLY = 1, MEMBARRIER_QUERY = 0 };

/* What is opened for a try is closed at once. */
static int closed(long fd)
{
    if (fd < 0)
        return errno;
    close((int)fd);
    return 0;
}

static int error_of(long result)
{
    return result < 0 ? errno : 0;
}

/* Asked for nothing, the kernel itself answers this error: then the call got through to it. */
static int error_but(long result, int expected)
{
    return result < 0 && errno != expected ? errno : 0;
}

static int try_nothing(void)
{
    return 0;
}

static int try_madvise(void)
{
    return error_of(syscall(SYS_madvise, 0, 0, MADV_NORMAL));
}

static int try_userfaultfd(void)
{
    return closed(syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | USER_MODE_ONLY));
}

static int try_mbind(void)
{
    int error = error_of(syscall(SYS_mbind, 0, 0, 0, 0, 0, 0));

    return error != 0 ? error : error_of(syscall(SYS_get_mempolicy, 0, 0, 0, 0, 0));
}

static int try_move_pages(void)
{
    return error_of(syscall(SYS_move_pages, 0, 0, 0, 0, 0, 0));
}

static int try_mlock(void)
{
    return error_of(syscall(SYS_mlock, 0, 0));
}

static int try_memfd(void)
{
    return error_but(syscall(SYS_memfd_create, 0, 0), EFAULT);
}

static int try_pidfd(void)
{
    return closed(syscall(PIDFD_OPEN_NUMBER, getpid(), 0));
}

static int try_process_vm(void)
{
    char from = 1, to = 0;
    struct iovec local = {&to, 1}, remote = {&from, 1};

    return error_of(process_vm_readv(getpid(), &local, 1, &remote, 1, 0));
}

static int try_futex_waitv(void)
{
    return error_but(syscall(FUTEX_WAITV_NUMBER, 0, 0, 0, 0, 0), EINVAL);
}

static int try_membarrier(void)
{
    return error_of(syscall(SYS_membarrier, MEMBARRIER_QUERY, 0, 0));
}

static int try_maps(void)
{
    return closed(open("/proc/self/maps", O_RDONLY | O_CLOEXEC));
}

static int try_pagemap(void)
{
    return closed(open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC));
}

static int try_huge_pools(void)
{
    return error_of(access("/sys/kernel/mm/hugepages", F_OK));
}

static int try_transparent(void)
{
    return error_of(access("/sys/kernel/mm/transparent_hugepage", F_OK));
}

static const struct {
    const char *name;
    int (*try)(void);
} rows[CALLS] = {
    [CALL_NOTHING] = {"", try_nothing},
    [CALL_MADVISE] = {"madvise", try_madvise},
    [CALL_USERFAULTFD] = {"userfaultfd", try_userfaultfd},
    [CALL_MBIND] = {"mbind or get_mempolicy", try_mbind},
    [CALL_MOVE_PAGES] = {"move_pages", try_move_pages},
    [CALL_MLOCK] = {"mlock", try_mlock},
    [CALL_MEMFD] = {"memfd_create", try_memfd},
    [CALL_PIDFD] = {"pidfd_open", try_pidfd},
    [CALL_PROCESS_VM] = {"process_vm_readv", try_process_vm},
    [CALL_FUTEX_WAITV] = {"futex_waitv", try_futex_waitv},
    [CALL_MEMBARRIER] = {"membarrier", try_membarrier},
    [CALL_MAPS] = {"/proc/self/maps", try_maps},
    [CALL_PAGEMAP] = {"/proc/self/pagemap", try_pagemap},
    [CALL_HUGE_POOLS] = {"/sys/kernel/mm/hugepages", try_huge_pools},
    [CALL_TRANSPARENT] = {"/sys/kernel/mm/transparent_hugepage", try_transparent},
};

const char *callable_name(enum callable call)
{
    return rows[call].name;
}

int callable_error(enum callable call)
{
    return rows[call].try();
}
