/*
 * locked.h: memory that the program locks by itself.
 *
 * By system calls: the sanitizers replace libc's functions by some that do nothing and tell success.
 */
#ifndef LOCKED_H
#define LOCKED_H

#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline int program_locks(uintptr_t start, size_t bytes)
{
    return (int)syscall(SYS_mlock, start, bytes);
}

/* All memory that is mapped from now on. */
static inline int program_locks_all_to_come(void)
{
    return (int)syscall(SYS_mlockall, MCL_FUTURE);
}

#endif
