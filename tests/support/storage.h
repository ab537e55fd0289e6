/*
 * storage.h: memory for pools. It begins without access, so that a read beyond what was grown is a
 * crash, and it runs out when a test says so.
 */
#ifndef STORAGE_H
#define STORAGE_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>

static bool storage_is_used_up;

static inline int storage_grow(void *start, size_t bytes)
{
    if (storage_is_used_up)
        return -ENOMEM;
    return mprotect(start, bytes, PROT_READ | PROT_WRITE) == 0 ? 0 : -errno;
}

static inline void *storage_new(size_t bytes)
{
    return mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

#endif
