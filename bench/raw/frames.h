/* frames.h: pages that move by UFFDIO_MOVE, Linux 6.8; the headers may be older. */
#ifndef BENCH_FRAMES_H
#define BENCH_FRAMES_H

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int mover;
static char *parking, *window;

static inline bool open_mover(void)
{
    uint64_t api[3] = {0xAA, 1 << 16 | 1 << 7, 0};

    mover = (int)syscall(SYS_userfaultfd, O_CLOEXEC | 1);
    return mover >= 0 && ioctl(mover, _IOWR(0xAA, 0x3F, uint64_t[3]), api) == 0;
}

static inline char *map_movable(bool filled)
{
    char *p = allocate(BENCH_FRAMES * PAGE);
    uint64_t registration[4] = {(uintptr_t)p, BENCH_FRAMES * PAGE, 1, 0};

    if (p != NULL && filled)
        bench_touch(p, BENCH_FRAMES * PAGE);
    return p != NULL && ioctl(mover, _IOWR(0xAA, 0, uint64_t[4]), registration) == 0 ? p : NULL;
}

static inline bool make_frames(bool scattered)
{
    bool ok = open_mover();

    (void)scattered;
    parking = ok ? map_movable(true) : NULL;
    window = ok ? map_movable(false) : NULL;
    return parking != NULL && window != NULL;
}

static inline bool drop_frames(void)
{
    return release(parking, BENCH_FRAMES * PAGE) && release(window, BENCH_FRAMES * PAGE) && close(mover) == 0;
}

static inline bool move_pages(char *to, char *from, size_t bytes)
{
    uint64_t move[5] = {(uintptr_t)to, (uintptr_t)from, bytes, 1, 0};

    return ioctl(mover, _IOWR(0xAA, 5, uint64_t[5]), move) == 0;
}

static inline bool in_and_out(bool scattered)
{
    bool ok = true;

    if (!scattered)
        return move_pages(window, parking, BENCH_FRAMES * PAGE) &&
               move_pages(parking, window, BENCH_FRAMES * PAGE);
    for (size_t i = 0; i < BENCH_FRAMES; i++)
        ok &= move_pages(window + bench_scattered(i) * PAGE, parking + i * PAGE, PAGE);
    for (size_t i = 0; i < BENCH_FRAMES; i++)
        ok &= move_pages(parking + i * PAGE, window + bench_scattered(i) * PAGE, PAGE);
    return ok;
}

#endif
