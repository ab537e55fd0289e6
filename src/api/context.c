/*
 * context.c: the registers of a stopped thread in the form of a Windows CONTEXT, and back.
 *
 * The integers have other places in the two forms, the floating-point registers the same ones: both are what
 * FXSAVE stores. ContextFlags says which parts are there; on the way back only those parts are taken that it
 * still names, so that a handler may leave some alone (L54).
 *
 * A handler may put anything into a CONTEXT. What the processor would refuse must not reach it, because it
 * would raise a fault on the way out of the handler, where nobody can help: the kernel filters EFlags, MxCsr
 * is filtered here, segments are never taken back. Debug registers are not in a signal's frame, so they are
 * not told at all.
 */
#include "api/context.h"

#include <stddef.h>
#include <string.h>

/* clang-format off */
static const struct { uint16_t offset; uint16_t from; } integers[] = {
#define REGISTER(windows, ours) {offsetof(CONTEXT, windows), ours}
    REGISTER(Rax, WM_RAX), REGISTER(Rcx, WM_RCX), REGISTER(Rdx, WM_RDX), REGISTER(Rbx, WM_RBX),
    REGISTER(Rbp, WM_RBP), REGISTER(Rsi, WM_RSI), REGISTER(Rdi, WM_RDI),
    REGISTER(R8, WM_R8),   REGISTER(R9, WM_R9),   REGISTER(R10, WM_R10), REGISTER(R11, WM_R11),
    REGISTER(R12, WM_R12), REGISTER(R13, WM_R13), REGISTER(R14, WM_R14), REGISTER(R15, WM_R15),
#undef REGISTER
};
/* clang-format on */

enum { INTEGERS = sizeof integers / sizeof integers[0] };

_Static_assert(offsetof(XMM_SAVE_AREA32, Reserved4) == WM_FLOAT_BYTES, "both are what FXSAVE stores");

/* Windows loads these into the data segments of every 64-bit thread, where they have no meaning. */
enum { DATA_SEGMENT = 0x2b, THREAD_SEGMENT = 0x53 };

static void capture_control(const uint64_t *general, CONTEXT *out)
{
    uint64_t segments = general[WM_SEGMENTS];

    out->Rip = general[WM_RIP];
    out->Rsp = general[WM_RSP];
    out->EFlags = (DWORD)general[WM_EFLAGS];
    out->SegCs = (WORD)segments;
    out->SegSs = (WORD)(segments >> 48);
    out->SegDs = out->SegEs = out->SegGs = DATA_SEGMENT;
    out->SegFs = THREAD_SEGMENT;
}

void wm_context_capture(const struct wm_registers *from, CONTEXT *out)
{
    memset(out, 0, sizeof *out);
    out->ContextFlags = CONTEXT_CONTROL | CONTEXT_INTEGER | CONTEXT_SEGMENTS;
    capture_control(from->general, out);
    for (int i = 0; i < INTEGERS; i++)
        memcpy((char *)out + integers[i].offset, &from->general[integers[i].from], sizeof(DWORD64));
    if (from->floating == NULL)
        return;
    out->ContextFlags |= CONTEXT_FLOATING_POINT;
    memcpy(&out->FltSave, from->floating, WM_FLOAT_BYTES);
    out->MxCsr = out->FltSave.MxCsr;
}

/*
 * MxCsr stands in two places; whichever was changed counts. The processor refuses reserved bits, and which those are
 * only the kernel's copy says (0: those of the first processors). That the frame is extended (XSAVE) does not matter:
 * the kernel marks x87 and SSE as present in every frame, so what is written here is loaded.
 */
static DWORD wanted_mxcsr(const CONTEXT *from, const XMM_SAVE_AREA32 *before)
{
    DWORD mask = before->MxCsr_Mask != 0 ? before->MxCsr_Mask : 0xffbf;

    return (from->MxCsr != before->MxCsr ? from->MxCsr : from->FltSave.MxCsr) & mask;
}

static void apply_floating(const CONTEXT *from, const struct wm_registers *to)
{
    XMM_SAVE_AREA32 before, after = from->FltSave;

    memcpy(&before, to->floating, WM_FLOAT_BYTES);
    after.MxCsr = wanted_mxcsr(from, &before);
    after.MxCsr_Mask = before.MxCsr_Mask;
    memcpy(to->floating, &after, WM_FLOAT_BYTES);
}

static bool names(const CONTEXT *context, DWORD part)
{
    return (context->ContextFlags & part) == part;
}

/* The kernel takes of EFlags what a program may change. */
void wm_context_apply(const CONTEXT *from, const struct wm_registers *to)
{
    if (names(from, CONTEXT_CONTROL)) {
        to->general[WM_RIP] = from->Rip;
        to->general[WM_RSP] = from->Rsp;
        to->general[WM_EFLAGS] = from->EFlags;
    }
    for (int i = 0; i < INTEGERS && names(from, CONTEXT_INTEGER); i++)
        memcpy(&to->general[integers[i].from], (const char *)from + integers[i].offset, sizeof(DWORD64));
    if (names(from, CONTEXT_FLOATING_POINT) && to->floating != NULL)
        apply_floating(from, to);
}

/* --- for GetThreadContext --- */

static bool is_any_of(DWORD flags, DWORD part)
{
    return (flags & part & ~CONTEXT_AMD64) != 0;
}

static void copy_control(const CONTEXT *from, CONTEXT *to)
{
    to->Rip = from->Rip;
    to->Rsp = from->Rsp;
    to->EFlags = from->EFlags;
    to->SegCs = from->SegCs;
    to->SegSs = from->SegSs;
}

/* From Rax to R15 they stand one behind the other, with Rsp among them, which belongs to the other part. */
static void copy_integers(const CONTEXT *from, CONTEXT *to)
{
    DWORD64 rsp = to->Rsp;

    memcpy(&to->Rax, &from->Rax, offsetof(CONTEXT, Rip) - offsetof(CONTEXT, Rax));
    to->Rsp = rsp;
}

static void copy_segments(const CONTEXT *from, CONTEXT *to)
{
    to->SegDs = from->SegDs;
    to->SegEs = from->SegEs;
    to->SegFs = from->SegFs;
    to->SegGs = from->SegGs;
}

void wm_context_copy(const CONTEXT *all, CONTEXT *out)
{
    if (is_any_of(out->ContextFlags, CONTEXT_INTEGER))
        copy_integers(all, out);
    if (is_any_of(out->ContextFlags, CONTEXT_CONTROL))
        copy_control(all, out);
    if (is_any_of(out->ContextFlags, CONTEXT_SEGMENTS))
        copy_segments(all, out);
    if (is_any_of(out->ContextFlags, CONTEXT_FLOATING_POINT)) {
        out->FltSave = all->FltSave;
        out->MxCsr = all->MxCsr;
    }
    if (is_any_of(out->ContextFlags, CONTEXT_DEBUG_REGISTERS))
        out->Dr0 = out->Dr1 = out->Dr2 = out->Dr3 = out->Dr6 = out->Dr7 = 0;
}

/* --- for exceptions --- */

DWORD64 wm_context_pc(const CONTEXT *context)
{
    return context->Rip;
}

enum { TRAP_FLAG = 0x100 };

/* Windows tells a breakpoint at its instruction, and a step with the flag cleared: whoever wants another sets it. */
void wm_context_adjust(enum wm_cause cause, uint64_t *general)
{
    if (cause == WM_CAUSE_BREAKPOINT)
        general[WM_RIP] -= 1;
    if (cause == WM_CAUSE_STEP)
        general[WM_EFLAGS] &= ~(uint64_t)TRAP_FLAG;
}

/* MxCsr, of an exception of the vector unit. */
bool wm_context_float_word(const struct wm_registers *registers, ULONG_PTR *out)
{
    const XMM_SAVE_AREA32 *floating = (const XMM_SAVE_AREA32 *)(void *)registers->floating;

    if (registers->trap != WM_TRAP_SSE || floating == NULL)
        return false;
    *out = floating->MxCsr;
    return true;
}
