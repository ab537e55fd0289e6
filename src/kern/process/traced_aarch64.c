/*
 * traced_aarch64.c: the registers of a held thread of aarch64 (traced.h).
 *
 * It returns by a signal's frame (kern/arch/wayback.h), which holds the vector registers of 128 bits. A thread that has longer
 * ones in use (SVE) is let go and tried again: in a system call it has none.
 */
#include "kern/process/traced.h"

#include <asm/sigcontext.h>
#include <elf.h>
#include <errno.h>
#include <linux/ptrace.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/uio.h>
#include <ucontext.h>

#include "base/range.h"
#include "kern/process/interrupted.h"
#include "kern/process/rseq.h"

#ifndef NT_ARM_SYSTEM_CALL
#define NT_ARM_SYSTEM_CALL 0x404
#endif
#ifndef NT_ARM_SVE
#define NT_ARM_SVE 0x405
#endif

enum { MASK_BYTES = 8, USER_MODE_BITS = 0x1f, NO_CALL = -1 };

/* The bytes of a frame behind its notes are the kernel's. */
#define IN_FRAME(field) (offsetof(struct wm_borrowed, field) - WM_BORROWED_NOTES - sizeof(siginfo_t))

_Static_assert(IN_FRAME(flags) == offsetof(ucontext_t, uc_flags) &&
                   IN_FRAME(stack) == offsetof(ucontext_t, uc_stack) &&
                   IN_FRAME(mask) == offsetof(ucontext_t, uc_sigmask) &&
                   IN_FRAME(registers) == offsetof(ucontext_t, uc_mcontext.regs) &&
                   IN_FRAME(records) == offsetof(ucontext_t, uc_mcontext.__reserved) &&
                   sizeof(struct wm_borrowed) == WM_BORROWED_NOTES + sizeof(siginfo_t) + sizeof(ucontext_t),
               "as the kernel has it");
_Static_assert(sizeof(struct user_regs_struct) == WM_BORROWED_COUNT * sizeof(uint64_t),
               "the same, in the same order");

static long get(const struct wm_loan *loan, long kind, void *out, size_t bytes)
{
    struct iovec part = {out, bytes};

    return wm_trace(WM_TRACE_GET_REGISTERS, loan->tid, (uintptr_t)kind, (uintptr_t)&part);
}

static long set(const struct wm_loan *loan, long kind, const void *from, size_t bytes)
{
    struct iovec part = {(void *)(uintptr_t)from, bytes};

    return wm_trace(WM_TRACE_SET_REGISTERS, loan->tid, (uintptr_t)kind, (uintptr_t)&part);
}

/* --- reading --- */

struct sve_head {
    uint32_t bytes, most;
    uint16_t length, most_length, flags, unused;
};

enum { SVE_IN_USE = 1 };

static bool uses_long_vectors(const struct wm_loan *loan)
{
    struct sve_head head = {0};

    return get(loan, NT_ARM_SVE, &head, sizeof head) == 0 && (head.flags & SVE_IN_USE) != 0;
}

static bool is_32_bit(const struct wm_loan *loan)
{
    return (loan->registers.pstate & USER_MODE_BITS) != 0;
}

int wm_traced_read(struct wm_loan *loan)
{
    struct user_fpsimd_struct floating;
    long result = get(loan, NT_PRSTATUS, &loan->registers, sizeof loan->registers);

    if (result == 0)
        result = get(loan, NT_PRFPREG, &floating, sizeof floating);
    if (result == 0)
        result = wm_trace(PTRACE_GETSIGMASK, loan->tid, MASK_BYTES, (uintptr_t)&loan->back.mask);
    if (result == 0 && is_32_bit(loan))
        result = -ENOTSUP;
    if (result == 0 && (uses_long_vectors(loan) || wm_is_in_rseq(loan, loan->registers.pc)))
        result = -EAGAIN;
    if (result != 0)
        return (int)result;
    memcpy(loan->back.records.floating + WM_FLOAT_STATUS, &floating.fpsr, sizeof floating.fpsr);
    memcpy(loan->back.records.floating + WM_FLOAT_CONTROL, &floating.fpcr, sizeof floating.fpcr);
    memcpy(loan->back.records.floating + WM_FLOAT_VECTORS, floating.vregs, sizeof floating.vregs);
    return 0;
}

/* --- the way back --- */

enum { ALIGNMENT = 16 };

/* rt_sigreturn sets the alternate stack as well, and leaves it as it is where that is refused: no stack has such flags. */
#define KEEP_THE_STACK ((uint64_t)0xffffffff)

void wm_traced_plan_return(struct wm_loan *loan)
{
    struct wm_borrowed *back = &loan->back;

    back->stack[1] = KEEP_THE_STACK;
    memcpy(back->registers, &loan->registers, sizeof back->registers);
    back->records.kind = FPSIMD_MAGIC;
    back->records.bytes = sizeof(struct fpsimd_context);
    wm_plan_restart(loan);
    loan->frame = loan->home = wm_down(loan->registers.sp - WM_RED_ZONE - sizeof loan->back, ALIGNMENT);
}

static long leave_call(const struct wm_loan *loan)
{
    const int none = NO_CALL;

    return set(loan, NT_ARM_SYSTEM_CALL, &none, sizeof none);
}

long wm_traced_send(const struct wm_loan *loan, uintptr_t code, uint64_t first, uint64_t second)
{
    struct user_regs_struct r = loan->registers;

    r.pc = code;
    r.sp = loan->frame;
    r.regs[0] = first;
    r.regs[1] = second;
    r.pstate = 0;
    return set(loan, NT_PRSTATUS, &r, sizeof r);
}

/* The last that it asks of the kernel is to return from a signal. */
bool wm_traced_is_home(const struct wm_loan *loan)
{
    struct user_regs_struct r;

    return get(loan, NT_PRSTATUS, &r, sizeof r) == 0 && r.regs[8] == SYS_rt_sigreturn &&
           r.sp == loan->home + WM_BORROWED_NOTES;
}

static void take_back_floating(const struct wm_loan *loan)
{
    struct user_fpsimd_struct floating = {0};

    memcpy(&floating.fpsr, loan->back.records.floating + WM_FLOAT_STATUS, sizeof floating.fpsr);
    memcpy(&floating.fpcr, loan->back.records.floating + WM_FLOAT_CONTROL, sizeof floating.fpcr);
    memcpy(floating.vregs, loan->back.records.floating + WM_FLOAT_VECTORS, sizeof floating.vregs);
    set(loan, NT_PRFPREG, &floating, sizeof floating);
}

void wm_traced_take_back(const struct wm_loan *loan)
{
    if (leave_call(loan) != 0 ||
        wm_trace(PTRACE_SETSIGMASK, loan->tid, MASK_BYTES, (uintptr_t)&loan->back.mask) != 0)
        return;
    take_back_floating(loan);
    set(loan, NT_PRSTATUS, loan->back.registers, sizeof loan->back.registers);
}

/* --- what it tells --- */

uintptr_t wm_traced_pc(const struct wm_loan *loan)
{
    return loan->registers.pc;
}

uintptr_t wm_traced_sp(const struct wm_loan *loan)
{
    return loan->registers.sp;
}

bool wm_traced_has_libc(const struct wm_loan *loan)
{
    uint64_t pointer = 0;

    return get(loan, NT_ARM_TLS, &pointer, sizeof pointer) == 0 && pointer != 0;
}
