/*
 * clock.c: time as a number of nanoseconds that never goes back (CLOCK_MONOTONIC), so that a wait does not
 * depend on somebody setting the clock. Sums stop at the greatest number: "for ever" is a time like any
 * other.
 */
#include "kern/clock.h"

#include <errno.h>

#include "kern/sys.h"

#define SECOND 1000000000u

static struct timespec as_timespec(uint64_t nanoseconds)
{
    return (struct timespec){(time_t)(nanoseconds / SECOND), (long)(nanoseconds % SECOND)};
}

/* libc's needs no system call, and cannot fail for this clock. */
uint64_t wm_clock_now(void)
{
    struct timespec now = {0, 0};

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec;
}

uint64_t wm_clock_after(uint64_t nanoseconds)
{
    uint64_t now = wm_clock_now();

    return nanoseconds > UINT64_MAX - now ? UINT64_MAX : now + nanoseconds;
}

struct timespec wm_clock_left(uint64_t until, uint64_t most)
{
    uint64_t now = wm_clock_now(), left = until > now ? until - now : 0;

    return as_timespec(left < most ? left : most);
}

/* Until, not for: a signal that interrupts the sleep does not make it longer. */
void wm_clock_sleep(uint64_t until)
{
    struct timespec then = as_timespec(until < INT64_MAX ? until : INT64_MAX);

    while (wm_sys4(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, (long)&then, 0) == -EINTR)
        ;
}
