/*
 * context_aarch64.c: the registers of a stopped thread in the form of a Windows CONTEXT for ARM64, and back.
 *
 * The general registers stand in the same order in both forms. ContextFlags says which parts are there; on the way back only
 * those parts are taken that it still names, so that a handler may leave some alone (L54). X18, which Windows keeps for itself
 * and Linux leaves to everybody, belongs to a part of its own.
 *
 * Of the flags only those are taken that a program may set, since the kernel ends a process that asks for others. Debug
 * registers are not in a signal's frame, so they are not told at all.
 */
#include "api/context.h"

#include <stddef.h>
#include <string.h>

/* N, Z, C, V: conditions. */
enum { CONDITIONS_SHIFT = 28 };

#define CONDITIONS ((uint64_t)0xf << CONDITIONS_SHIFT)

enum { INTEGERS = 29, PLATFORM = 18 };

_Static_assert(offsetof(CONTEXT, X) == 8 && offsetof(CONTEXT, Sp) == 0x100 && offsetof(CONTEXT, V) == 0x110 &&
                   offsetof(CONTEXT, Bcr) == 0x318 && sizeof(CONTEXT) == 0x390,
               "as Windows lays it out");
_Static_assert(sizeof((CONTEXT *)0)->V == WM_FLOAT_BYTES - WM_FLOAT_VECTORS, "all of them");

void wm_context_capture(const struct wm_registers *from, CONTEXT *out)
{
    memset(out, 0, sizeof *out);
    out->ContextFlags = CONTEXT_CONTROL | CONTEXT_INTEGER | CONTEXT_ARM64_X18;
    memcpy(out->X, from->general, sizeof out->X);
    out->Sp = from->general[WM_SP];
    out->Pc = from->general[WM_PC];
    out->Cpsr = (DWORD)from->general[WM_PSTATE];
    if (from->floating == NULL)
        return;
    out->ContextFlags |= CONTEXT_FLOATING_POINT;
    memcpy(&out->Fpsr, from->floating + WM_FLOAT_STATUS, sizeof out->Fpsr);
    memcpy(&out->Fpcr, from->floating + WM_FLOAT_CONTROL, sizeof out->Fpcr);
    memcpy(out->V, from->floating + WM_FLOAT_VECTORS, sizeof out->V);
}

static bool names(const CONTEXT *context, DWORD part)
{
    return (context->ContextFlags & part) == part;
}

static void apply_control(const CONTEXT *from, uint64_t *general)
{
    general[WM_X29] = from->Fp;
    general[WM_X30] = from->Lr;
    general[WM_SP] = from->Sp;
    general[WM_PC] = from->Pc;
    general[WM_PSTATE] = (general[WM_PSTATE] & ~CONDITIONS) | (from->Cpsr & CONDITIONS);
}

static void apply_floating(const CONTEXT *from, uint8_t *floating)
{
    memcpy(floating + WM_FLOAT_STATUS, &from->Fpsr, sizeof from->Fpsr);
    memcpy(floating + WM_FLOAT_CONTROL, &from->Fpcr, sizeof from->Fpcr);
    memcpy(floating + WM_FLOAT_VECTORS, from->V, sizeof from->V);
}

void wm_context_apply(const CONTEXT *from, const struct wm_registers *to)
{
    if (names(from, CONTEXT_CONTROL))
        apply_control(from, to->general);
    for (int i = 0; i < INTEGERS && names(from, CONTEXT_INTEGER); i++)
        if (i != PLATFORM)
            to->general[WM_X0 + i] = from->X[i];
    if (names(from, CONTEXT_ARM64_X18))
        to->general[WM_X0 + PLATFORM] = from->X18;
    if (names(from, CONTEXT_FLOATING_POINT) && to->floating != NULL)
        apply_floating(from, to->floating);
}

/* --- for GetThreadContext --- */

static void copy_control(const CONTEXT *from, CONTEXT *to)
{
    to->Fp = from->Fp;
    to->Lr = from->Lr;
    to->Sp = from->Sp;
    to->Pc = from->Pc;
    to->Cpsr = from->Cpsr;
}

static void copy_integers(const CONTEXT *from, CONTEXT *to)
{
    for (int i = 0; i < INTEGERS; i++)
        if (i != PLATFORM)
            to->X[i] = from->X[i];
}

static void copy_floating(const CONTEXT *from, CONTEXT *to)
{
    memcpy(to->V, from->V, sizeof to->V);
    to->Fpcr = from->Fpcr;
    to->Fpsr = from->Fpsr;
}

static void clear_debug(CONTEXT *to)
{
    memset(to->Bcr, 0, sizeof *to - offsetof(CONTEXT, Bcr));
}

void wm_context_copy(const CONTEXT *all, CONTEXT *out)
{
    if (names(out, CONTEXT_INTEGER))
        copy_integers(all, out);
    if (names(out, CONTEXT_ARM64_X18))
        out->X18 = all->X18;
    if (names(out, CONTEXT_CONTROL))
        copy_control(all, out);
    if (names(out, CONTEXT_FLOATING_POINT))
        copy_floating(all, out);
    if (names(out, CONTEXT_DEBUG_REGISTERS))
        clear_debug(out);
}

/* --- for exceptions --- */

DWORD64 wm_context_pc(const CONTEXT *context)
{
    return context->Pc;
}

/* A breakpoint is told at its instruction by both. */
void wm_context_adjust(enum wm_cause cause, uint64_t *general)
{
    (void)cause, (void)general;
}

bool wm_context_float_word(const struct wm_registers *registers, ULONG_PTR *out)
{
    (void)registers, (void)out;
    return false;
}
