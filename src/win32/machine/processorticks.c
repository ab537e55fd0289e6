/* processorticks.c: by the counter of x86-64, which runs at the speed that the processor is sold with. */
#include "win32/machine/processorticks.h"

#include <x86intrin.h>

#include "kern/clock.h"

enum { MEASURED_FOR = 2000000 };

uint32_t wm_processor_measure(void)
{
    uint64_t begun = wm_clock_now(), ticks = __rdtsc(), now = begun;

    while (now - begun < MEASURED_FOR)
        now = wm_clock_now();
    ticks = __rdtsc() - ticks;
    return (uint32_t)(ticks * 1000 / (now - begun));
}
