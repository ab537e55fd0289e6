/*
 * descriptor.h: every descriptor that the library makes is made here, and none is 0, 1 or 2.
 *
 * A program that runs with its standard descriptors closed still writes to them: printf and perror do so whatever
 * the numbers stand for. Were a section, or /proc/self/mem, among them, a line of a log would go into memory. The
 * kernel gives the lowest number that is free, so one of these three is exchanged for a higher one at once.
 *
 *   what is returned is at least 3 and closes on exec, or is a negative errno. What an exec is to pass on is no exception:
 *   that is said of a descriptor afterwards (kern/files/testament.h), or of the place that it takes (wm_fd_replace)
 *   where only 0, 1 and 2 are left (RLIMIT_NOFILE), that is -EMFILE
 *   no other file of the library makes a system call that makes a descriptor (tests/kern/one_place.sh)
 */
#ifndef WM_KERN_DESCRIPTOR_H
#define WM_KERN_DESCRIPTOR_H

#include <stdint.h>

#include "base/private.h"

int wm_fd_open(const char *path, int flags);
WM_FOR_WIN32 int wm_fd_create(const char *path, int flags, unsigned mode);
int wm_fd_duplicate(int fd);

/* What fd stands for gets this number as well, in one step with the going of what had it; by it, it survives an exec. */
int wm_fd_replace(int fd, int number);
int wm_fd_of_process(int pidfd, int fd); /* pidfd_getfd */

int wm_fd_open_at(int directory, const char *name, int flags, unsigned mode);
int wm_fd_memory(const char *name, unsigned flags); /* memfd_create */
int wm_fd_process(int32_t pid);                     /* pidfd_open */
int wm_fd_userfault(int flags);
int wm_fd_userfault_by(int device, int flags); /* /dev/userfaultfd makes another */

#endif
