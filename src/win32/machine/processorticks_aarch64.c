/*
 * processorticks_aarch64.c: the counters that a program may read have a speed of their own here. But additions that wait for each
 * other take one cycle each, so they are counted.
 */
#include "win32/machine/processorticks.h"

#include "kern/clock.h"

enum { MEASURED_FOR = 2000000, ADDITIONS = 1000 };

static void add(void)
{
    uint64_t sum = 0;

    __asm__ volatile(".rept %c1\n"
                     "add %0, %0, #1\n"
                     ".endr"
                     : "+r"(sum)
                     : "i"(ADDITIONS));
}

uint32_t wm_processor_measure(void)
{
    uint64_t begun = wm_clock_now(), now = begun, cycles = 0;

    for (; now - begun < MEASURED_FOR; now = wm_clock_now(), cycles += ADDITIONS)
        add();
    return (uint32_t)(cycles * 1000 / (now - begun));
}
