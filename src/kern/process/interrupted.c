/*
 * interrupted.c: what a thread was in the middle of, and how it goes on with that (interrupted.h).
 *
 * A system call that was interrupted by our stop would have been made again by the kernel, some by another
 * number (restart_syscall), but not after the registers were set (pinned:
 * interrupted.set_registers_make_nothing_again). So the way back leads to the instruction of the call
 * itself, and what the kernel would have decided about signals is decided at the end of the loan
 * (loanend.c).
 *
 * A few calls end with EINTR on a mere stop, though no signal came (pinned:
 * interrupted.epoll_ends_on_a_mere_stop). Programs that never catch a signal do not expect that, so these
 * are made again as well.
 */
#include "kern/process/interrupted.h"

#include <errno.h>

#include "kern/sys.h"

/*
 * Errors that the kernel keeps for itself: a tracer sees them where the result will be, the program never
 * does.
 */
enum { ERESTARTSYS = 512, ERESTARTNOINTR = 513, ERESTARTNOHAND = 514, ERESTART_RESTARTBLOCK = 516 };

enum { SYSCALL_BYTES = 2 };

/*
 * These end with EINTR on a mere stop, though no signal came, and are made again: with a time limit, that begins
 * anew. The others of their kind (signal(7)) restart by themselves on current kernels.
 */
static bool ends_on_a_stop(uint64_t call)
{
    switch (call) {
    case SYS_epoll_wait:
    case SYS_epoll_pwait:
    case SYS_epoll_pwait2:
    case SYS_semop:
    case SYS_semtimedop:
    case SYS_rt_sigtimedwait:
    case SYS_io_getevents:
    case SYS_io_pgetevents:
    case SYS_io_uring_enter:
    case SYS_read:
    case SYS_recvfrom:
    case SYS_recvmsg:
    case SYS_recvmmsg:
    case SYS_accept:
    case SYS_accept4:
    case SYS_sendto:
    case SYS_sendmsg: return true;
    default: return false;
    }
}

static enum wm_restart restart_of(int64_t answer, uint64_t call)
{
    switch (-answer) {
    case ERESTARTNOINTR: return WM_RESTART_ALWAYS;
    case ERESTARTSYS: return WM_RESTART_MAYBE;
    case ERESTARTNOHAND:
    case ERESTART_RESTARTBLOCK: return WM_RESTART_NEVER;
    case EINTR: return ends_on_a_stop(call) ? WM_RESTART_NEVER : WM_RESTART_NONE;
    default: return WM_RESTART_NONE;
    }
}

void wm_plan_restart(struct wm_loan *loan)
{
    const struct user_regs_struct *r = &loan->registers;
    struct wm_borrowed *back = &loan->back;

    back->pc = r->rip;
    back->restart = (int64_t)r->orig_rax >= 0 ? restart_of((int64_t)r->rax, r->orig_rax) : WM_RESTART_NONE;
    if (back->restart == WM_RESTART_NONE)
        return;
    back->registers[WM_BORROWED_RIP] = r->rip - SYSCALL_BYTES;
    back->registers[WM_BORROWED_RAX] =
        (int64_t)r->rax == -ERESTART_RESTARTBLOCK ? SYS_restart_syscall : r->orig_rax;
}
