#include "kern/process/borrow.h"

#include <errno.h>
#include <linux/ptrace.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "kern/patience.h"
#include "kern/process/interrupted.h"
#include "kern/sys.h"

#ifndef PTRACE_EVENT_STOP
#define PTRACE_EVENT_STOP 128
#endif

/* A thread in an uninterruptible sleep stops late, and cannot be let go before. */
#define STOP_NANOSECONDS 10000000000u

enum {
    MASK_BYTES = 8,
    USER_CODE = 0x33,
    RED_ZONE = 128,
    FLAGS_TO_CLEAR = 0x40500
}; /* alignment, direction, step */

static long trace(long request, int32_t tid, uintptr_t addr, uintptr_t data)
{
    return wm_sys4(SYS_ptrace, request, tid, (long)addr, (long)data);
}

uint64_t wm_borrow_begin(void)
{
    uint64_t all = UINT64_MAX, before = 0;

    wm_sys4(SYS_rt_sigprocmask, SIG_BLOCK, (long)&all, (long)&before, MASK_BYTES);
    return before;
}

void wm_borrow_end(uint64_t mask)
{
    wm_sys4(SYS_rt_sigprocmask, SIG_SETMASK, (long)&mask, 0, MASK_BYTES);
}

/* --- waiting --- */

/* A thread that died while we held it is a zombie until it is asked after; our own child is somebody else's to ask. */
static void bury(const struct wm_loan *loan)
{
    if (loan->tid != loan->pid)
        wm_sys4(SYS_wait4, loan->tid, 0, WNOHANG | __WALL, 0);
}

/* Of what is traced the kernel tells stops as well, though it was asked for ends only. */
static bool has_died(const struct wm_loan *loan)
{
    siginfo_t info;

    info.si_pid = 0;
    if (wm_sys6(SYS_waitid, P_PID, loan->tid, (long)&info, WEXITED | WNOHANG | WNOWAIT | __WALL, 0, 0) != 0)
        return true;
    return info.si_pid != 0 &&
           (info.si_code == CLD_EXITED || info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED);
}

/*
 * The kernel tells through wait() that a thread has stopped, and so does every question that only a stopped thread
 * answers. We ask: a program that waits for all its children in another thread would take the answer from us.
 */
static int await_stop(struct wm_loan *loan)
{
    struct wm_patience p = wm_patience_for(STOP_NANOSECONDS);
    siginfo_t info;

    for (;;) {
        long result = trace(PTRACE_GETSIGINFO, loan->tid, 0, (uintptr_t)&info);

        if (result == 0 && info.si_code >> 8 == PTRACE_EVENT_STOP) {
            loan->stopped = (info.si_code & 0xff) != SIGTRAP;
            return 0;
        }
        if (result == 0) /* a signal is about to be delivered: let it */
            trace(PTRACE_CONT, loan->tid, 0, (uintptr_t)info.si_signo);
        else if (wm_patience_wavers(&p) && has_died(loan)) {
            bury(loan);
            return -ESRCH;
        }
        if (!wm_patience_nap(&p))
            return -ETIMEDOUT;
    }
}

/* --- the thread --- */

static int read_thread(struct wm_loan *loan)
{
    long result = trace(PTRACE_GETREGS, loan->tid, 0, (uintptr_t)&loan->registers);

    if (result == 0)
        result = trace(PTRACE_GETSIGMASK, loan->tid, MASK_BYTES, (uintptr_t)&loan->back.mask);
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
    loan->frame = r->rsp - RED_ZONE - sizeof loan->back;
}

/* It cannot be let go before it has stopped: so this must not fail. */
static void interrupt(int32_t tid)
{
    if (trace(PTRACE_INTERRUPT, tid, 0, 0) != 0)
        trace(PTRACE_INTERRUPT, tid, 0, 0);
}

void wm_borrow_give_back(const struct wm_loan *loan)
{
    if (trace(PTRACE_DETACH, loan->tid, 0, 0) == -ESRCH)
        bury(loan);
}

int wm_borrow_take(int32_t pid, int32_t tid, struct wm_loan *loan)
{
    long result;

    memset(loan, 0, sizeof *loan);
    loan->pid = pid;
    loan->tid = tid;
    result = trace(PTRACE_SEIZE, tid, 0, 0);
    if (result != 0)
        return (int)result;
    interrupt(tid);
    result = await_stop(loan);
    if (result != 0)
        return (int)result;
    result = read_thread(loan);
    if (result != 0) {
        wm_borrow_give_back(loan);
        return (int)result;
    }
    plan_return(loan);
    return 0;
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
    result = trace(PTRACE_SETREGS, loan->tid, 0, (uintptr_t)&r);
    if (result != 0) {
        wm_borrow_give_back(loan);
        return (int)result;
    }
    trace(PTRACE_SETSIGMASK, loan->tid, MASK_BYTES, (uintptr_t)&all);
    if (loan->stopped)
        trace(PTRACE_CONT, loan->tid, 0, 0);
    else
        wm_borrow_give_back(loan);
    return 0;
}

void wm_borrow_push(const struct wm_loan *loan)
{
    siginfo_t info;

    if (trace(PTRACE_GETSIGINFO, loan->tid, 0, (uintptr_t)&info) == 0)
        trace(PTRACE_CONT, loan->tid, 0,
              info.si_code >> 8 == PTRACE_EVENT_STOP ? 0 : (uintptr_t)info.si_signo);
}

void wm_borrow_release(const struct wm_loan *loan)
{
    struct wm_loan held = *loan;

    interrupt(loan->tid);
    if (await_stop(&held) == 0)
        wm_borrow_give_back(&held);
}
