/* views.h: sections are memory descriptors. */
#ifndef BENCH_VIEWS_H
#define BENCH_VIEWS_H

#include <sys/mman.h>
#include <unistd.h>

static inline bool have_placeholders(void)
{
    return true;
}

static inline char *reserve_halves(void)
{
    return reserve(2 * SMALL);
}

static inline bool map_over(bench_section fd, char *half)
{
    return mmap(half, SMALL, BOTH, MAP_SHARED | MAP_FIXED, (int)(intptr_t)fd, 0) == half;
}

static inline bool unmap_half(char *half)
{
    return release(half, SMALL);
}

static inline bool make_section(bench_section *out)
{
    int fd = memfd_create("bench", MFD_CLOEXEC);

    *out = (bench_section)(intptr_t)fd;
    return fd >= 0 && ftruncate(fd, SMALL) == 0;
}

static inline bool close_section(bench_section fd)
{
    return close((int)(intptr_t)fd) == 0;
}

static inline char *map_view(bench_section fd)
{
    return mmap(NULL, SMALL, BOTH, MAP_SHARED, (int)(intptr_t)fd, 0);
}

static inline bool unmap_view(char *p)
{
    return release(p, SMALL);
}

#endif
