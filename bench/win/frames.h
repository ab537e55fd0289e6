/* frames.h: physical pages through the Win32 API (AWE). */
#ifndef BENCH_FRAMES_H
#define BENCH_FRAMES_H

#include <windows.h>

static char *window;
static ULONG_PTR frames[BENCH_FRAMES];
static PVOID places[BENCH_FRAMES];

static inline bool make_frames(bool scattered)
{
    ULONG_PTR count = BENCH_FRAMES;

    window = VirtualAlloc(NULL, BENCH_FRAMES * PAGE, MEM_RESERVE | MEM_PHYSICAL, PAGE_READWRITE);
    for (size_t i = 0; i < BENCH_FRAMES; i++)
        places[i] = window + (scattered ? bench_scattered(i) : i) * PAGE;
    return window != NULL && AllocateUserPhysicalPages(GetCurrentProcess(), &count, frames) &&
           count == BENCH_FRAMES;
}

static inline bool drop_frames(void)
{
    ULONG_PTR count = BENCH_FRAMES;

    return FreeUserPhysicalPages(GetCurrentProcess(), &count, frames) && release(window, BENCH_FRAMES * PAGE);
}

static inline bool in_and_out(bool scattered)
{
    (void)scattered;
    return MapUserPhysicalPagesScatter(places, BENCH_FRAMES, frames) &&
           MapUserPhysicalPagesScatter(places, BENCH_FRAMES, NULL);
}

#endif
