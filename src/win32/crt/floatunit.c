/*
 * floatunit.c: the control words of SSE and x87 (floatunit.h).
 *
 * Windows has one word for both, with bits in an order of its own; they are kept alike here as well.
 */
#include "win32/crt/floatunit.h"

#include <crt/float.h>

#include "win32/win32.h"

/* The exceptions as Windows numbers them, and as the processor does: in its control words, and in what has happened. */
static const struct {
    unsigned windows, processor;
} exceptions[] = {
    {_EM_INVALID, 0x01},  {_EM_DENORMAL, 0x02},  {_EM_ZERODIVIDE, 0x04},
    {_EM_OVERFLOW, 0x08}, {_EM_UNDERFLOW, 0x10}, {_EM_INEXACT, 0x20},
};

enum {
    MASKS_OF_SSE = 7,
    ROUNDING_OF_SSE = 13,
    ROUNDING_OF_X87 = 10,
    DENORMALS_ARE_0 = 0x40,
    FLUSH_TO_0 = 0x8000
};

static unsigned to_windows(unsigned processor)
{
    unsigned windows = 0;

    for (size_t i = 0; i < sizeof exceptions / sizeof exceptions[0]; i++)
        if (processor & exceptions[i].processor)
            windows |= exceptions[i].windows;
    return windows;
}

static unsigned to_processor(unsigned windows)
{
    unsigned processor = 0;

    for (size_t i = 0; i < sizeof exceptions / sizeof exceptions[0]; i++)
        if (windows & exceptions[i].windows)
            processor |= exceptions[i].processor;
    return processor;
}

static unsigned read_sse(void)
{
    unsigned word;

    __asm__ volatile("stmxcsr %0" : "=m"(word));
    return word;
}

unsigned wm_float_modes(void)
{
    unsigned sse = read_sse();
    unsigned word = to_windows(sse >> MASKS_OF_SSE & 0x3f) | (sse >> ROUNDING_OF_SSE & 3) << 8;

    if ((sse & (DENORMALS_ARE_0 | FLUSH_TO_0)) == (DENORMALS_ARE_0 | FLUSH_TO_0))
        word |= _DN_FLUSH;
    else if (sse & DENORMALS_ARE_0)
        word |= _DN_FLUSH_OPERANDS_SAVE_RESULTS;
    else if (sse & FLUSH_TO_0)
        word |= _DN_SAVE_OPERANDS_FLUSH_RESULTS;
    return word;
}

static unsigned denormals(unsigned word)
{
    switch (word & _MCW_DN) {
    case _DN_FLUSH: return DENORMALS_ARE_0 | FLUSH_TO_0;
    case _DN_FLUSH_OPERANDS_SAVE_RESULTS: return DENORMALS_ARE_0;
    case _DN_SAVE_OPERANDS_FLUSH_RESULTS: return FLUSH_TO_0;
    default: return 0;
    }
}

void wm_float_set_modes(unsigned word)
{
    unsigned masks = to_processor(word & _MCW_EM), rounding = word >> 8 & 3;
    unsigned sse =
        (read_sse() & 0x3f) | masks << MASKS_OF_SSE | rounding << ROUNDING_OF_SSE | denormals(word);
    unsigned short x87;

    __asm__ volatile("fnstcw %0" : "=m"(x87));
    x87 = (unsigned short)((x87 & 0x0300) | masks | 0x40 | rounding << ROUNDING_OF_X87);
    /* An exception that has happened and is masked no more would come now. */
    __asm__ volatile("fnclex\n\tfldcw %0" : : "m"(x87));
    __asm__ volatile("ldmxcsr %0" : : "m"(sse));
}

unsigned wm_float_happened(void)
{
    unsigned short x87;

    __asm__ volatile("fnstsw %0" : "=m"(x87));
    return to_windows((read_sse() | x87) & 0x3f);
}

void wm_float_forget(void)
{
    unsigned sse = read_sse() & ~0x3fu;

    __asm__ volatile("fnclex");
    __asm__ volatile("ldmxcsr %0" : : "m"(sse));
}
