/*
 * memory.h: memory by bare system calls. Questions go to the kernel (PROCMAP_QUERY, Linux 6.11) by a kept descriptor.
 *
 * Decommitting is mmap(MAP_FIXED, PROT_NONE): the one call that takes contents and commit charge away.
 */
#ifndef BENCH_MEMORY_H
#define BENCH_MEMORY_H

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    NONE = PROT_NONE,
    READ = PROT_READ,
    BOTH = PROT_READ | PROT_WRITE,
    ANON = MAP_PRIVATE | MAP_ANONYMOUS
};

static inline char *map(size_t bytes, int access)
{
    char *p = mmap(NULL, bytes, access, ANON, -1, 0);

    return p == MAP_FAILED ? NULL : p;
}

static inline char *reserve(size_t bytes)
{
    return map(bytes, NONE);
}

static inline char *allocate(size_t bytes)
{
    return map(bytes, BOTH);
}

static inline bool release(void *p, size_t bytes)
{
    return munmap(p, bytes) == 0;
}

static inline bool commit(char *p, size_t bytes)
{
    return mprotect(p, bytes, BOTH) == 0;
}

static inline bool decommit(char *p, size_t bytes)
{
    return mmap(p, bytes, NONE, ANON | MAP_FIXED, -1, 0) == p;
}

static inline bool make_read_only(char *p, size_t bytes)
{
    return mprotect(p, bytes, READ) == 0;
}

static inline bool make_writable(char *p, size_t bytes)
{
    return mprotect(p, bytes, BOTH) == 0;
}

/* Neighbours differ, or they would be one mapping. */
static inline char *one_of_a_crowd(size_t i, size_t bytes)
{
    return map(bytes, i % 2 ? BOTH : NONE);
}

/* Within a reservation, as separate mappings may be put anywhere. */
static char *row;

static inline bool make_row(char **low, char **high)
{
    bool ok;

    row = reserve(BENCH_WALKED * SMALL);
    ok = row != NULL;
    for (size_t i = 0; ok && i < BENCH_WALKED; i += 2)
        ok = commit(row + i * SMALL, SMALL);
    *low = row;
    *high = row + BENCH_WALKED * SMALL;
    return ok;
}

static inline bool drop_row(void)
{
    return release(row, BENCH_WALKED * SMALL);
}

/* --- asking --- */

/* Debian 12's headers are older than this ioctl. */
struct question {
    uint64_t size, flags, address;
    uint64_t start, end, access, page_size, offset, inode;
    uint32_t device[2], name_size, build_id_size;
    uint64_t name, build_id;
};

enum { COVERING_OR_NEXT = 0x10 };

#define PROCMAP_QUERY _IOWR('f', 17, struct question)

static int maps = -1;

static inline bool ask_for(const void *p, struct question *q)
{
    if (maps < 0)
        maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    *q = (struct question){.size = sizeof *q, .flags = COVERING_OR_NEXT, .address = (uintptr_t)p};
    return ioctl(maps, PROCMAP_QUERY, q) == 0;
}

static inline bool ask(const void *p)
{
    struct question q;

    return ask_for(p, &q);
}

static inline bool ask_into_static(const void *p)
{
    static struct question q;

    return ask_for(p, &q);
}

static inline const char *end_of_region(const char *p)
{
    struct question q;

    return ask_for(p, &q) ? (const char *)(uintptr_t)q.end : NULL;
}

static inline const char *free_space(size_t least)
{
    struct question q;
    const char *p = (const char *)0x10000;

    for (; ask_for(p, &q); p = (const char *)(uintptr_t)q.end)
        if (q.start > (uintptr_t)p && q.start - (uintptr_t)p >= least)
            return p;
    return NULL;
}

static inline const void *somewhere_in_a_library(void)
{
    return dlsym(RTLD_DEFAULT, "mmap");
}

#endif
