/*
 * borrow.c: sending a stopped thread somewhere, with its way back (borrow.h).
 *
 * The way back is planned before anything is changed, and travels with the thread: registers and signal
 * mask lie on its own stack, below the red zone, where it takes them up itself when it is done (traced.h). So from the
 * moment of sending nobody needs us any more, and before it the kernel lets the thread go as it was, should
 * we die.
 */
#include "kern/process/borrow.h"

#include <errno.h>
#include <linux/ptrace.h>
#include <string.h>

#include "kern/process/hold.h"
#include "kern/patience.h"
#include "kern/process/loans.h"
#include "kern/process/traced.h"
#include "kern/sys.h"

enum { MASK_BYTES = 8 };

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
    result = wm_traced_read(loan);
    if (result != 0)
        wm_borrow_give_back(loan);
    else
        wm_traced_plan_return(loan);
    return result;
}

/* The registers first: once they are set the thread unblocks its signals by itself, whatever happens to us. */
int wm_borrow_send(struct wm_loan *loan, uintptr_t code, uint64_t first, uint64_t second)
{
    uint64_t all = UINT64_MAX;
    long result = wm_traced_send(loan, code, first, second);

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

static void take_back(struct wm_loan *loan)
{
    if (read_back(loan))
        wm_traced_take_back(loan);
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
