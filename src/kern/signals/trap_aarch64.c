/*
 * trap_aarch64.c: one table from a signal and its code to a cause, as on x86-64 (trap.c).
 *
 * Divisions do not trap here: a quotient by zero is 0. Floating-point exceptions trap on few processors, and then each has its
 * code. What only a kernel may do is an instruction like one that does not exist.
 */
#include "kern/signals/trap.h"

enum { ANY = 0 }; /* rows with a code come before the one that takes the others */

static const struct {
    int signal, code;
    enum wm_cause cause;
} rows[] = {
    {SIGSEGV, ANY, WM_CAUSE_ACCESS},
    {SIGBUS, BUS_ADRALN, WM_CAUSE_ALIGNMENT},
    {SIGBUS, BUS_MCEERR_AR, WM_CAUSE_BROKEN},
    {SIGBUS, BUS_MCEERR_AO, WM_CAUSE_NONE},
    {SIGBUS, ANY, WM_CAUSE_NO_DATA},
    {SIGFPE, FPE_FLTDIV, WM_CAUSE_FLOAT_ZERO},
    {SIGFPE, FPE_FLTOVF, WM_CAUSE_FLOAT_OVERFLOW},
    {SIGFPE, FPE_FLTUND, WM_CAUSE_FLOAT_UNDERFLOW},
    {SIGFPE, FPE_FLTRES, WM_CAUSE_FLOAT_INEXACT},
    {SIGFPE, ANY, WM_CAUSE_FLOAT_INVALID},
    {SIGILL, ILL_PRVOPC, WM_CAUSE_PRIVILEGED},
    {SIGILL, ILL_PRVREG, WM_CAUSE_PRIVILEGED},
    {SIGILL, ANY, WM_CAUSE_ILLEGAL},
    {SIGTRAP, TRAP_BRKPT, WM_CAUSE_BREAKPOINT},
    {SIGTRAP, TRAP_TRACE, WM_CAUSE_STEP},
    {SIGTRAP, ANY, WM_CAUSE_NONE},
};

enum wm_cause wm_trap_cause(int signal, int code, const struct wm_registers *registers)
{
    (void)registers;
    for (size_t i = 0; code > 0 && i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].signal == signal && (rows[i].code == ANY || rows[i].code == code))
            return rows[i].cause;
    return WM_CAUSE_NONE;
}
