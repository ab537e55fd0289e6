/*
 * signalframe.h: what the kernel leaves for a signal's handler: the thread's registers, and what the processor said.
 *
 * On aarch64 all but the general registers are records, one behind the other, each with its kind and its length. Where the
 * vector registers are longer than 128 bits a record tells of the rest; it is left alone.
 */
#ifndef WM_KERN_SIGNALFRAME_H
#define WM_KERN_SIGNALFRAME_H

#include <signal.h>
#include <ucontext.h>

#include "kern/arch/machine.h"

#if defined(__x86_64__)

_Static_assert(WM_R8 == (int)REG_R8 && WM_R15 == (int)REG_R15 && WM_RDI == (int)REG_RDI &&
                   WM_RBX == (int)REG_RBX && WM_RCX == (int)REG_RCX && WM_RSP == (int)REG_RSP &&
                   WM_RIP == (int)REG_RIP && WM_EFLAGS == (int)REG_EFL && WM_SEGMENTS == (int)REG_CSGSFS,
               "the registers are where the kernel puts them");

static inline uint64_t *wm_frame_general(ucontext_t *context)
{
    return (uint64_t *)context->uc_mcontext.gregs;
}

static inline void wm_frame_registers(ucontext_t *context, struct wm_registers *out)
{
    out->general = wm_frame_general(context);
    out->floating = (uint8_t *)context->uc_mcontext.fpregs;
    out->trap = (unsigned)context->uc_mcontext.gregs[REG_TRAPNO];
}

/* A page fault's error code. */
enum { PAGE_FAULT_WRITE = 2, PAGE_FAULT_FETCH = 16 };

static inline bool wm_frame_has_fetched(const ucontext_t *context)
{
    return (context->uc_mcontext.gregs[REG_ERR] & PAGE_FAULT_FETCH) != 0;
}

static inline bool wm_frame_has_written(const ucontext_t *context)
{
    return (context->uc_mcontext.gregs[REG_ERR] & PAGE_FAULT_WRITE) != 0;
}

#else

#include <asm/sigcontext.h>

_Static_assert(offsetof(mcontext_t, sp) - offsetof(mcontext_t, regs) == WM_SP * sizeof(uint64_t) &&
                   offsetof(mcontext_t, pc) - offsetof(mcontext_t, regs) == WM_PC * sizeof(uint64_t) &&
                   offsetof(mcontext_t, pstate) - offsetof(mcontext_t, regs) == WM_PSTATE * sizeof(uint64_t),
               "the registers are where the kernel puts them");
_Static_assert(offsetof(struct fpsimd_context, vregs) - offsetof(struct fpsimd_context, fpsr) ==
                       WM_FLOAT_VECTORS &&
                   offsetof(struct fpsimd_context, fpcr) - offsetof(struct fpsimd_context, fpsr) ==
                       WM_FLOAT_CONTROL,
               "and these");

static inline uint64_t *wm_frame_general(ucontext_t *context)
{
    return (uint64_t *)context->uc_mcontext.regs;
}

/* NULL: the frame has none of that kind. */
static inline uint8_t *wm_frame_record(const ucontext_t *context, uint32_t kind)
{
    uint8_t *at = (uint8_t *)(uintptr_t)context->uc_mcontext.__reserved;
    const uint8_t *end = at + sizeof context->uc_mcontext.__reserved;

    while ((size_t)(end - at) > sizeof(struct _aarch64_ctx)) {
        const struct _aarch64_ctx *head = (const void *)at;

        if (head->magic == kind)
            return at;
        if (head->magic == 0 || head->size < sizeof *head || head->size > (size_t)(end - at))
            return NULL;
        at += head->size;
    }
    return NULL;
}

/* The syndrome: what was tried, and why it failed. 0: it was no fault. */
static inline uint64_t wm_frame_syndrome(const ucontext_t *context)
{
    const struct esr_context *record = (const void *)wm_frame_record(context, ESR_MAGIC);

    return record == NULL ? 0 : record->esr;
}

static inline void wm_frame_registers(ucontext_t *context, struct wm_registers *out)
{
    uint8_t *floating = wm_frame_record(context, FPSIMD_MAGIC);

    out->general = wm_frame_general(context);
    out->floating = floating == NULL ? NULL : floating + sizeof(struct _aarch64_ctx);
    out->trap = (unsigned)wm_frame_syndrome(context);
}

/* The class of an exception; in one of a data abort, a write, and that cache maintenance is called one. */
enum { ESR_CLASS_SHIFT = 26, ESR_FETCH = 0x20, ESR_WRITE = 1 << 6, ESR_MAINTENANCE = 1 << 8 };

static inline bool wm_frame_has_fetched(const ucontext_t *context)
{
    return wm_frame_syndrome(context) >> ESR_CLASS_SHIFT == ESR_FETCH;
}

static inline bool wm_frame_has_written(const ucontext_t *context)
{
    return (wm_frame_syndrome(context) & (ESR_WRITE | ESR_MAINTENANCE)) == ESR_WRITE;
}

#endif
#endif
