/* clock.h: time that goes on whatever the date is set to. */
#ifndef MAPS_CLOCK_H
#define MAPS_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline uint64_t maps_clock_milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

#endif
