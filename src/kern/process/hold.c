/*
 * hold.c: a traced thread, until it is let go.
 *
 * Whoever is traced belongs to its tracer in death, too: its parent waits in vain until the tracer has let go. So a
 * thread that is killed while we hold it is let go like any other. It was seized with PTRACE_O_TRACEEXIT, so it stands
 * once more on its way to the end, and is detached there; its parent is told as if nobody had ever traced it.
 *
 * A few die without that stop: those that had passed the place when they were seized, and those that are killed there
 * once more. They are buried. If one thread calls exec the others die so; the one that calls goes on under the number of
 * the first, traced as it was.
 *
 * One case is left: a first thread that ends alone, has passed that place and then is seized can be let go by nobody
 * before the other threads have ended (some microseconds in the life of a process which nobody can reach afterwards).
 */
#include "kern/process/hold.h"

#include <errno.h>
#include <linux/ptrace.h>
#include <signal.h>
#include <sys/wait.h>

#include "kern/patience.h"
#include "kern/process/loans.h"
#include "kern/process/procstat.h"
#include "kern/process/traced.h"
#include "kern/signals/sigchain.h"
#include "kern/sys.h"

#ifndef PTRACE_EVENT_STOP
#define PTRACE_EVENT_STOP 128
#endif

enum { MASK_BYTES = 8 };

static bool interrupt(int32_t tid)
{
    return wm_trace(PTRACE_INTERRUPT, tid, 0, 0) == 0;
}

/* --- the dead --- */

static bool is_zombie(int32_t tid)
{
    struct wm_procstat stat;

    return wm_procstat_read(tid, &stat) == 0 && (stat.state == 'Z' || stat.state == 'X');
}

/*
 * Of what is traced the kernel tells stops as well, though it was asked for ends only; of a first thread that has ended
 * before others it tells nothing.
 */
static bool has_died(const struct wm_loan *loan)
{
    siginfo_t info;
    long result;

    info.si_pid = 0;
    result = wm_sys6(SYS_waitid, P_PID, loan->tid, (long)&info, WEXITED | WNOHANG | WNOWAIT | __WALL, 0, 0);
    if (result != 0)
        return result == -ECHILD;
    if (info.si_pid == 0)
        return is_zombie(loan->tid);
    return info.si_code == CLD_EXITED || info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED;
}

static bool ignores_children(void)
{
    struct wm_action action = {0};

    return wm_sys4(SYS_rt_sigaction, SIGCHLD, 0, (long)&action, MASK_BYTES) == 0 &&
           (action.handler == (uintptr_t)SIG_IGN || (action.flags & SA_NOCLDWAIT) != 0);
}

/* A child of the program's, whose end the program will ask for, unless it has told the kernel that it will not. */
static bool is_asked_for(const struct wm_loan *loan)
{
    struct wm_procstat stat;

    return loan->tid == loan->pid && wm_procstat_read(loan->pid, &stat) == 0 &&
           stat.parent == (uint64_t)wm_sys3(SYS_getpid, 0, 0, 0) && !ignores_children();
}

/*
 * The dead who were traced lie there until the tracer has asked after them. To ask after the first thread of a process
 * gives it back to the process's parent, who is told all that there is to tell; but of a child of our own it would take
 * the answer away from the program, which finds those without our help.
 */
static void bury(const struct wm_loan *loan)
{
    if (!is_asked_for(loan))
        wm_sys4(SYS_wait4, loan->tid, 0, WNOHANG | __WALL, 0);
}

/* It is traced by us no more under its own number: has it taken the first thread's? */
static bool has_called_exec(struct wm_loan *loan)
{
    if (loan->tid == loan->pid || !interrupt(loan->pid))
        return false;
    loan->tid = loan->pid;
    return true;
}

static bool is_ours(struct wm_loan *loan)
{
    return interrupt(loan->tid) || has_called_exec(loan);
}

static bool is_gone(struct wm_loan *loan)
{
    if (!is_ours(loan))
        return true;
    if (!has_died(loan) || has_called_exec(loan)) /* it may have done so between the two questions */
        return false;
    bury(loan);
    return true;
}

/* --- standing --- */

enum stance { RUNS, STANDS, STOPPED_BY_SIGNAL, ENDS, HAS_SIGNAL, AT_A_CALL };

/* What the kernel says of a stop before or behind a system call (PTRACE_O_TRACESYSGOOD). */
#define CALL_STOP (SIGTRAP | 0x80)

/*
 * The kernel tells through wait() that a thread has stopped, and so does every question that only a stopped thread
 * answers. We ask: a program that waits for all its children in another thread would take the answer from us.
 */
static enum stance look(const struct wm_loan *loan, uintptr_t *signal)
{
    siginfo_t info;

    if (wm_trace(PTRACE_GETSIGINFO, loan->tid, 0, (uintptr_t)&info) != 0)
        return RUNS;
    *signal = (uintptr_t)info.si_signo;
    if (info.si_code >> 8 == PTRACE_EVENT_STOP)
        return (info.si_code & 0xff) == SIGTRAP ? STANDS : STOPPED_BY_SIGNAL;
    if (info.si_code == CALL_STOP)
        return AT_A_CALL;
    return info.si_code == (SIGTRAP | PTRACE_EVENT_EXIT << 8) ? ENDS : HAS_SIGNAL;
}

/* If it was killed meanwhile it is on its way to its last stop, or dead. */
void wm_hold_let_go(struct wm_loan *loan)
{
    struct wm_patience p = wm_patience_for(WM_HOLD_PATIENCE);

    while (wm_trace(PTRACE_DETACH, loan->tid, 0, 0) != 0) {
        if (wm_patience_wavers(&p) && is_gone(loan))
            return;
        if (!wm_patience_nap(&p)) {
            wm_loan_leave(loan);
            return;
        }
        if (wm_patience_wavers(&p))
            wm_loan_breathe(loan);
    }
}

static int await_stop(struct wm_loan *loan, uint64_t nanoseconds)
{
    struct wm_patience p = wm_patience_for(nanoseconds);
    uintptr_t signal;

    for (;;) {
        enum stance stance = look(loan, &signal);

        if (stance == STANDS || stance == STOPPED_BY_SIGNAL || stance == AT_A_CALL) {
            loan->stopped = stance == STOPPED_BY_SIGNAL;
            return 0;
        }
        if (stance == ENDS) {
            wm_hold_let_go(loan);
            return -ESRCH;
        }
        if (stance == HAS_SIGNAL) /* one is about to be delivered: let it */
            wm_trace(PTRACE_CONT, loan->tid, 0, signal);
        else if (wm_patience_wavers(&p) && is_gone(loan))
            return -ESRCH;
        if (!wm_patience_nap(&p))
            return -ETIMEDOUT;
        if (wm_patience_wavers(&p))
            wm_loan_breathe(loan);
    }
}

/* --- the loan --- */

/* It cannot be let go before it has stopped: so it must be told to. */
int wm_hold_take(struct wm_loan *loan)
{
    long result = wm_trace(PTRACE_SEIZE, loan->tid, 0, PTRACE_O_TRACEEXIT | PTRACE_O_TRACESYSGOOD);

    if (result == 0)
        result = is_ours(loan) ? await_stop(loan, WM_HOLD_PATIENCE) : -ESRCH;
    if (result == -ETIMEDOUT)
        wm_loan_leave(loan);
    return (int)result;
}

bool wm_hold_release(struct wm_loan *loan, uint64_t nanoseconds)
{
    int result;

    if (!is_ours(loan))
        return true;
    result = await_stop(loan, nanoseconds);
    if (result == 0)
        wm_hold_let_go(loan);
    return result != -ETIMEDOUT;
}

bool wm_hold_is_home(const struct wm_loan *loan)
{
    return loan->sent && wm_traced_is_home(loan);
}

/*
 * One that was sent goes from one system call to the next, or it would go on with its own work before somebody looks. What it
 * does for us may take hundreds of them: as long as the next one comes soon it is awaited here.
 */
bool wm_hold_push(struct wm_loan *loan)
{
    enum { LOOKS = 200, STEPS = 2000 };
    long request = loan->sent ? PTRACE_SYSCALL : PTRACE_CONT;
    int steps = 0;
    uintptr_t signal;

    for (int looks = 0; looks < LOOKS && steps < STEPS; looks++) {
        enum stance stance = look(loan, &signal);

        if (stance == ENDS) {
            wm_hold_let_go(loan);
            return false;
        }
        if (stance == AT_A_CALL && wm_hold_is_home(loan))
            return true;
        if (stance != RUNS) {
            wm_trace(request, loan->tid, 0, stance == HAS_SIGNAL ? signal : 0);
            looks = 0;
            steps++;
        }
        if (!loan->sent)
            break;
    }
    wm_loan_breathe(loan);
    return true;
}
