/*
 * interrupted_aarch64.c: what a thread was in the middle of, and how it goes on with that (interrupted.h).
 *
 * Where a system call was interrupted by our stop and is to be made again, the kernel has put the thread back to its
 * instruction already, with its first argument, before a tracer sees it. So to take up its registers makes the call again. A
 * thread that was just about to make a call for the first time looks alike, and is treated alike.
 *
 * What cannot be helped: a call that ends with EINTR on a mere stop (epoll_wait and its like) has lost its first argument, and
 * ends so; one that sleeps for a time sleeps for all of it again.
 */
#include "kern/process/interrupted.h"

#include <linux/ptrace.h>

#include "kern/process/traced.h"

enum { CALL_NUMBER = 8, CALL_BYTES = 4 };

#define CALL_INSTRUCTION 0xd4000001u /* svc #0 */

/* With a handler for a signal that comes these end, whatever the handler was installed for (signal(7)). */
static bool never_restarts(uint64_t call)
{
    switch (call) {
    case SYS_rt_sigsuspend:
    case SYS_rt_sigtimedwait:
    case SYS_nanosleep:
    case SYS_clock_nanosleep:
    case SYS_ppoll:
    case SYS_pselect6:
    case SYS_epoll_pwait:
    case SYS_semtimedop:
    case SYS_semop:
    case SYS_io_getevents: return true;
    default: return false;
    }
}

static bool is_at_a_call(const struct wm_loan *loan)
{
    uint64_t words;
    uintptr_t pc = loan->registers.pc, word = pc & ~(uintptr_t)7;

    return wm_trace(PTRACE_PEEKDATA, loan->tid, word, (uintptr_t)&words) == 0 &&
           (uint32_t)(words >> (pc - word) * 8) == CALL_INSTRUCTION;
}

void wm_plan_restart(struct wm_loan *loan)
{
    loan->back.pc = loan->registers.pc + CALL_BYTES;
    loan->back.restart = !is_at_a_call(loan)                                 ? WM_RESTART_NONE
                         : never_restarts(loan->registers.regs[CALL_NUMBER]) ? WM_RESTART_NEVER
                                                                             : WM_RESTART_MAYBE;
}
