/*
 * floatunit_aarch64.c: FPCR and FPSR (floatunit.h).
 *
 * Most processors never trap: there an exception stays masked whatever is asked for, and that is what is told afterwards. Denormal
 * numbers are flushed as operands and as results, or not at all.
 */
#include "win32/crt/floatunit.h"

#include <crt/float.h>
#include <stddef.h>
#include <stdint.h>

/* What has happened in FPSR; in FPCR the same bits, shifted, let it trap. */
static const struct {
    unsigned windows, processor;
} exceptions[] = {
    {_EM_INVALID, 0x01},   {_EM_ZERODIVIDE, 0x02}, {_EM_OVERFLOW, 0x04},
    {_EM_UNDERFLOW, 0x08}, {_EM_INEXACT, 0x10},    {_EM_DENORMAL, 0x80},
};

enum { EXCEPTIONS = sizeof exceptions / sizeof exceptions[0], HAPPENED = 0x9f };
enum { TRAPS = 8, ROUNDING = 22, FLUSH_TO_0 = 1 << 24 };

/* To the nearest, down, up, towards 0: the processor has down and up the other way round. */
static const unsigned char roundings[] = {0, 2, 1, 3};

static uint64_t read_control(void)
{
    uint64_t word;

    __asm__ volatile("mrs %0, fpcr" : "=r"(word));
    return word;
}

unsigned wm_float_modes(void)
{
    uint64_t control = read_control();
    unsigned word = (unsigned)roundings[control >> ROUNDING & 3] << 8;

    for (size_t i = 0; i < EXCEPTIONS; i++)
        if (!(control >> TRAPS & exceptions[i].processor))
            word |= exceptions[i].windows;
    return control & FLUSH_TO_0 ? word | _DN_FLUSH : word;
}

void wm_float_set_modes(unsigned word)
{
    uint64_t control = (uint64_t)roundings[word >> 8 & 3] << ROUNDING;

    for (size_t i = 0; i < EXCEPTIONS; i++)
        if (!(word & exceptions[i].windows))
            control |= (uint64_t)exceptions[i].processor << TRAPS;
    if ((word & _MCW_DN) != _DN_SAVE)
        control |= FLUSH_TO_0;
    __asm__ volatile("msr fpcr, %0" : : "r"(control));
}

unsigned wm_float_happened(void)
{
    unsigned windows = 0;
    uint64_t status;

    __asm__ volatile("mrs %0, fpsr" : "=r"(status));
    for (size_t i = 0; i < EXCEPTIONS; i++)
        if (status & exceptions[i].processor)
            windows |= exceptions[i].windows;
    return windows;
}

void wm_float_forget(void)
{
    uint64_t status;

    __asm__ volatile("mrs %0, fpsr" : "=r"(status));
    status &= ~(uint64_t)HAPPENED;
    __asm__ volatile("msr fpsr, %0" : : "r"(status));
}
