/*
 * numbers.h: system calls that the headers of an older libc (glibc 2.31) do not name. The kernel may know them all the same:
 * it is tried, whatever the headers say. These numbers are the same on every machine.
 */
#ifndef WM_KERN_NUMBERS_H
#define WM_KERN_NUMBERS_H

#include <sys/syscall.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif
#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 441
#endif
#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif

#endif
