/*
 * borrow.c: sending a stopped thread somewhere, with its way back (borrow.h).
 *
 * The way back is planned before anything is changed, and travels with the thread: registers and signal
 * mask lie on its own stack, below the red zone, where it takes them up itself when it is done. So from the
 * moment of sending nobody needs us any more, and before it the kernel lets the thread go as it was, should
 * we die.
 *
 * Two states of a thread cannot be taken up again by setting registers, and are asked about first: a
 * restartable sequence, in which the kernel would have to see it (then it is let go and tried again), and
 * an interrupted system call, which the kernel does not make again once registers were set (interrupted.c).
 */
#include "kern/process/borrow.h"

#include <errno.h>
#include <linux/ptrace.h>
#include <string.h>

#include "kern/process/hold.h"
#include "kern/process/interrupted.h"
#include "kern/patience.h"
#include "kern/process/loans.h"
#include "kern/sys.h"

enum { MASK_BYTES = 8, USER_CODE = 0x33, RED_ZONE = 128 };

/*
 * Flags that our code must not find set: alignment checks, string instructions that go downwards, single
 * steps.
 */
enum { FLAGS_TO_CLEAR = 0x40500 };

static int read_thread(struct wm_loan *loan)
{
    long result = wm_trace(PTRACE_GETREGS, loan->tid, 0, (uintptr_t)&loan->registers);

    if (result == 0)
        result = wm_trace(PTRACE_GETSIGMASK, loan->tid, MASK_BYTES, (uintptr_t)&loan->back.mask);
    if (result == 0 && loan->registers.cs != USER_CODE)
        result = -ENOTSUP;
    if (result == 0 && wm_is_in_rseq(loan))
        result = -EAGAIN;
    return (int)result;
}

static void plan_return(struct wm_loan *loan)
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
    loan->frame = loan->home = r->rsp - RED_ZONE - sizeof loan->back;
}

void wm_borrow_give_back(struct wm_loan *loan)
{
    wm_hold_let_go(loan);
    wm_loan_end(loan);
}

int wm_borrow_take(int32_t pid, int32_t tid, struct wm_loan *loan)
{
    int result;

    memset(loan, 0, sizeof *loan);
    loan->pid = pid;
    loan->tid = tid;
    wm_loan_begin(loan);
    wm_loans_settle(wm_hold_release, loan->mask);
    result = wm_hold_take(loan);
    if (result != 0) {
        wm_loan_end(loan);
        return result;
    }
    result = read_thread(loan);
    if (result != 0)
        wm_borrow_give_back(loan);
    else
        plan_return(loan);
    return result;
}

/* The registers first: once they are set the thread unblocks its signals by itself, whatever happens to us. */
int wm_borrow_send(struct wm_loan *loan, uintptr_t code, uint64_t first, uint64_t second)
{
    struct user_regs_struct r = loan->registers;
    uint64_t all = UINT64_MAX;
    long result;

    r.orig_rax = UINT64_MAX;
    r.rip = code;
    r.rsp = loan->frame;
    r.rdi = first;
    r.rsi = second;
    r.eflags &= ~(uint64_t)FLAGS_TO_CLEAR;
    result = wm_trace(PTRACE_SETREGS, loan->tid, 0, (uintptr_t)&r);
    if (result != 0) {
        wm_borrow_give_back(loan);
        return (int)result;
    }
    wm_trace(PTRACE_SETSIGMASK, loan->tid, MASK_BYTES, (uintptr_t)&all);
    loan->sent = loan->stopped && loan->exact;
    if (loan->stopped)
        wm_trace(loan->sent ? PTRACE_SYSCALL : PTRACE_CONT, loan->tid, 0, 0);
    else
        wm_borrow_give_back(loan);
    return 0;
}

/* --- a thread that was stopped, and is to stand where it stood --- */

static bool read_back(struct wm_loan *loan)
{
    uint64_t *to = (uint64_t *)&loan->back;

    for (size_t i = 0; i < sizeof loan->back / sizeof *to; i++)
        if (wm_trace(PTRACE_PEEKDATA, loan->tid, loan->home + i * sizeof *to, (uintptr_t)&to[i]) != 0)
            return false;
    return true;
}

/* What that call and the instructions behind it would do; should we die between the two, they do it. */
static void take_back(struct wm_loan *loan)
{
    struct user_regs_struct r = loan->registers;
    const uint64_t *from = loan->back.registers;

    if (!read_back(loan))
        return;
    r.rax = from[WM_BORROWED_RAX];
    r.rcx = from[WM_BORROWED_RCX];
    r.rdx = from[WM_BORROWED_RDX];
    r.rsi = from[WM_BORROWED_RSI];
    r.rdi = from[WM_BORROWED_RDI];
    r.r11 = from[WM_BORROWED_R11];
    r.rip = from[WM_BORROWED_RIP];
    r.orig_rax = UINT64_MAX;
    if (wm_trace(PTRACE_SETSIGMASK, loan->tid, MASK_BYTES, (uintptr_t)&loan->back.mask) == 0)
        wm_trace(PTRACE_SETREGS, loan->tid, 0, (uintptr_t)&r);
}

/* False: it is held no more. */
static bool bring_home(struct wm_loan *loan)
{
    struct wm_patience patience = wm_patience_for(WM_HOLD_PATIENCE);

    while (!wm_hold_is_home(loan)) {
        if (!wm_hold_push(loan))
            return false;
        if (!wm_patience_nap(&patience))
            return true;
    }
    take_back(loan);
    return true;
}

bool wm_borrow_push(struct wm_loan *loan)
{
    return wm_hold_push(loan);
}

void wm_borrow_release(struct wm_loan *loan)
{
    if (loan->sent && !bring_home(loan)) {
        wm_loan_end(loan);
        return;
    }
    if (!wm_hold_release(loan, WM_HOLD_PATIENCE))
        wm_loan_leave(loan);
    wm_loan_end(loan);
}
