/*
 * traced.c: the registers of a held thread of x86-64 (traced.h).
 *
 * Two states of a thread cannot be taken up again by setting registers, and are asked about first: a restartable sequence, in
 * which the kernel would have to see it (then it is let go and tried again), and an interrupted system call, which the kernel
 * does not make again once registers were set (interrupted.c).
 */
#include "kern/process/traced.h"

#include <errno.h>
#include <linux/ptrace.h>
#include <signal.h>

#include "kern/process/interrupted.h"
#include "kern/process/rseq.h"
#include "kern/sys.h"

enum { MASK_BYTES = 8, USER_CODE = 0x33 };

/*
 * Flags that our code must not find set: alignment checks, string instructions that go downwards, single
 * steps.
 */
enum { FLAGS_TO_CLEAR = 0x40500 };

int wm_traced_read(struct wm_loan *loan)
{
    long result = wm_trace(WM_TRACE_GET_REGISTERS, loan->tid, 0, (uintptr_t)&loan->registers);

    if (result == 0)
        result = wm_trace(PTRACE_GETSIGMASK, loan->tid, MASK_BYTES, (uintptr_t)&loan->back.mask);
    if (result == 0 && loan->registers.cs != USER_CODE)
        result = -ENOTSUP;
    if (result == 0 && (int64_t)loan->registers.orig_rax < 0 && wm_is_in_rseq(loan, loan->registers.rip))
        result = -EAGAIN;
    return (int)result;
}

void wm_traced_plan_return(struct wm_loan *loan)
{
    const struct user_regs_struct *r = &loan->registers;
    uint64_t *to = loan->back.registers;

    to[WM_BORROWED_R15] = r->r15;
    to[WM_BORROWED_R14] = r->r14;
    to[WM_BORROWED_R13] = r->r13;
    to[WM_BORROWED_R12] = r->r12;
    to[WM_BORROWED_RBP] = r->rbp;
    to[WM_BORROWED_RBX] = r->rbx;
    to[WM_BORROWED_R11] = r->r11;
    to[WM_BORROWED_R10] = r->r10;
    to[WM_BORROWED_R9] = r->r9;
    to[WM_BORROWED_R8] = r->r8;
    to[WM_BORROWED_RAX] = r->rax;
    to[WM_BORROWED_RCX] = r->rcx;
    to[WM_BORROWED_RDX] = r->rdx;
    to[WM_BORROWED_RSI] = r->rsi;
    to[WM_BORROWED_RDI] = r->rdi;
    to[WM_BORROWED_RFLAGS] = r->eflags;
    to[WM_BORROWED_RIP] = r->rip;
    wm_plan_restart(loan);
    loan->frame = loan->home = r->rsp - WM_RED_ZONE - sizeof loan->back;
}

long wm_traced_send(const struct wm_loan *loan, uintptr_t code, uint64_t first, uint64_t second)
{
    struct user_regs_struct r = loan->registers;

    r.orig_rax = UINT64_MAX;
    r.rip = code;
    r.rsp = loan->frame;
    r.rdi = first;
    r.rsi = second;
    r.eflags &= ~(uint64_t)FLAGS_TO_CLEAR;
    return wm_trace(WM_TRACE_SET_REGISTERS, loan->tid, 0, (uintptr_t)&r);
}

/* The last that it asks of the kernel is its mask (goback.inc), with its registers on the stack in front of it. */
bool wm_traced_is_home(const struct wm_loan *loan)
{
    struct user_regs_struct r;

    return wm_trace(WM_TRACE_GET_REGISTERS, loan->tid, 0, (uintptr_t)&r) == 0 &&
           r.orig_rax == SYS_rt_sigprocmask && r.rdi == SIG_SETMASK && r.rsi == loan->home &&
           r.rsp == loan->home;
}

void wm_traced_take_back(const struct wm_loan *loan)
{
    struct user_regs_struct r = loan->registers;
    const uint64_t *from = loan->back.registers;

    r.rax = from[WM_BORROWED_RAX];
    r.rcx = from[WM_BORROWED_RCX];
    r.rdx = from[WM_BORROWED_RDX];
    r.rsi = from[WM_BORROWED_RSI];
    r.rdi = from[WM_BORROWED_RDI];
    r.r11 = from[WM_BORROWED_R11];
    r.rip = from[WM_BORROWED_RIP];
    r.orig_rax = UINT64_MAX;
    if (wm_trace(PTRACE_SETSIGMASK, loan->tid, MASK_BYTES, (uintptr_t)&loan->back.mask) == 0)
        wm_trace(WM_TRACE_SET_REGISTERS, loan->tid, 0, (uintptr_t)&r);
}

uintptr_t wm_traced_pc(const struct wm_loan *loan)
{
    return loan->registers.rip;
}

uintptr_t wm_traced_sp(const struct wm_loan *loan)
{
    return loan->registers.rsp;
}

bool wm_traced_has_libc(const struct wm_loan *loan)
{
    return loan->registers.fs_base != 0;
}
