/*
 * trap.c: one table from a signal and its code to a cause.
 *
 * Where one code has several causes, the registers or the instruction decide. Seen on Linux 4.x to 6.18:
 * int3 has no code of its own (SI_KERNEL), int1 has that of a breakpoint; each single step is TRAP_TRACE; a
 * division's code is FPE_INTDIV whatever was wrong; a denormal operand counts as an underflow.
 * tests/kern/traps.c pins each of them.
 */
#include "kern/signals/trap.h"

#include <string.h>

#include "kern/signals/instruction.h"

enum { ANY = 0 }; /* rows with a code come before the one that takes the others */

#ifndef TRAP_UNK
#define TRAP_UNK 5
#endif
enum { TRAP_COUNTED = 6 }; /* a counter of perf_event_open */

static const struct {
    int signal, code;
    enum wm_cause cause;
} rows[] = {
    {SIGSEGV, SI_KERNEL, WM_CAUSE_PROTECTION},
    {SIGSEGV, ANY, WM_CAUSE_ACCESS},
    {SIGBUS, SI_KERNEL, WM_CAUSE_ACCESS}, /* a stack segment fault */
    {SIGBUS, BUS_ADRALN, WM_CAUSE_ALIGNMENT},
    {SIGBUS, BUS_MCEERR_AR, WM_CAUSE_BROKEN},
    {SIGBUS, BUS_MCEERR_AO, WM_CAUSE_NONE},
    {SIGBUS, ANY, WM_CAUSE_NO_DATA},
    {SIGFPE, FPE_INTDIV, WM_CAUSE_DIVISION},
    {SIGFPE, FPE_INTOVF, WM_CAUSE_OVERFLOW},
    {SIGFPE, ANY, WM_CAUSE_FLOAT},
    {SIGILL, ANY, WM_CAUSE_ILLEGAL},
    {SIGTRAP, SI_KERNEL, WM_CAUSE_BREAKPOINT},
    {SIGTRAP, TRAP_UNK, WM_CAUSE_NONE},
    {SIGTRAP, TRAP_COUNTED, WM_CAUSE_NONE},
    {SIGTRAP, ANY, WM_CAUSE_STEP},
};

static enum wm_cause look_up(int signal, int code)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].signal == signal && (rows[i].code == ANY || rows[i].code == code))
            return rows[i].cause;
    return WM_CAUSE_NONE;
}

/* --- numbers --- */

enum { CONTROL_AT = 0, STATUS_AT = 2, MXCSR_AT = 24 }; /* in what FXSAVE stores */
enum {
    INVALID = 1,
    DENORMAL = 2,
    ZERO = 4,
    OVERFLOW = 8,
    UNDERFLOW = 16,
    INEXACT = 32,
    STACK = 64,
    FLAGS = 63
};

/* What has happened and is not masked. */
static unsigned float_flags(const struct wm_registers *registers)
{
    uint16_t control, status;
    uint32_t mxcsr;

    memcpy(&control, registers->floating + CONTROL_AT, sizeof control);
    memcpy(&status, registers->floating + STATUS_AT, sizeof status);
    memcpy(&mxcsr, registers->floating + MXCSR_AT, sizeof mxcsr);
    return registers->trap == WM_TRAP_SSE ? mxcsr & ~(mxcsr >> 7) & FLAGS
                                          : (status & ~control & FLAGS) | (status & STACK);
}

/* Of several the one that the processor finds first. */
static enum wm_cause float_cause(const struct wm_registers *registers)
{
    unsigned flags = registers->floating != NULL ? float_flags(registers) : INVALID;

    return flags & INVALID     ? (flags & STACK ? WM_CAUSE_FLOAT_STACK : WM_CAUSE_FLOAT_INVALID)
           : flags & ZERO      ? WM_CAUSE_FLOAT_ZERO
           : flags & DENORMAL  ? WM_CAUSE_FLOAT_DENORMAL
           : flags & OVERFLOW  ? WM_CAUSE_FLOAT_OVERFLOW
           : flags & UNDERFLOW ? WM_CAUSE_FLOAT_UNDERFLOW
           : flags & INEXACT   ? WM_CAUSE_FLOAT_INEXACT
                               : WM_CAUSE_FLOAT_INVALID;
}

enum wm_cause wm_trap_cause(int signal, int code, const struct wm_registers *registers)
{
    enum wm_cause cause = code > 0 ? look_up(signal, code) : WM_CAUSE_NONE;

    if (cause == WM_CAUSE_PROTECTION)
        return wm_instruction_is_privileged(registers) ? WM_CAUSE_PRIVILEGED : WM_CAUSE_ACCESS;
    if (cause == WM_CAUSE_DIVISION)
        return wm_instruction_divides_by_zero(registers) ? WM_CAUSE_DIVISION : WM_CAUSE_OVERFLOW;
    return cause == WM_CAUSE_FLOAT ? float_cause(registers) : cause;
}
