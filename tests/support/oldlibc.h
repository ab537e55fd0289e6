/* oldlibc.h: what tests ask of Linux that the headers of an older libc (glibc 2.31) do not name. */
#ifndef OLDLIBC_H
#define OLDLIBC_H

#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

#ifndef AT_MINSIGSTKSZ
#define AT_MINSIGSTKSZ 51
#endif

static inline size_t smallest_signal_stack(void)
{
    return (size_t)getauxval(AT_MINSIGSTKSZ);
}

/* A fork without what libc does beside it: _Fork, which came with glibc 2.34. */
#ifdef __GLIBC__
#if !__GLIBC_PREREQ(2, 34)
#define _Fork() ((pid_t)syscall(SYS_fork))
#endif
#endif

#endif
