/* views.h: sections are memory descriptors. */
#ifndef BENCH_VIEWS_H
#define BENCH_VIEWS_H

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
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

#define BENCH_NAME "/dev/shm/winmem-bench"

static inline bool make_named(bench_section *out)
{
    int fd = open(BENCH_NAME, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    *out = (bench_section)(intptr_t)fd;
    return fd >= 0 && ftruncate(fd, SMALL) == 0;
}

static inline bool open_named(bench_section *out)
{
    struct stat st;
    int fd = open(BENCH_NAME, O_RDWR | O_CLOEXEC);

    *out = (bench_section)(intptr_t)fd;
    return fd >= 0 && fstat(fd, &st) == 0 && st.st_size == SMALL;
}

static inline bool drop_named(bench_section first)
{
    return unlink(BENCH_NAME) == 0 && close_section(first);
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
