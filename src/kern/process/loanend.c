/*
 * loanend.c: the last thing that a borrowed thread does by itself (borrowed.h).
 *
 * A signal that came while the thread was away, and that its program catches, would have ended the call
 * that it was in, with EINTR. A program may wait for that very signal in that very call: made again without
 * a word the call might never end. So it is asked here, with signals still blocked, what the kernel would
 * have done.
 */
#include <errno.h>
#include <signal.h>

#include "kern/process/borrowed.h"
#include "kern/signals/sigchain.h"
#include "kern/sys.h"

enum { MASK_BYTES = 8, SIGNALS = 64 };

/* Signals that came while everything was blocked, and that the thread would have taken. */
static uint64_t waiting_signals(const struct wm_borrowed *self)
{
    uint64_t pending = 0;

    wm_sys3(SYS_rt_sigpending, (long)&pending, MASK_BYTES, 0);
    return pending & ~self->mask;
}

/* Without a handler a signal ends the process, or nothing. */
static bool ends_the_call(int signal, enum wm_restart restart)
{
    struct wm_action action = {0};

    if (wm_sys4(SYS_rt_sigaction, signal, 0, (long)&action, MASK_BYTES) != 0 ||
        action.handler == (uintptr_t)SIG_DFL || action.handler == (uintptr_t)SIG_IGN)
        return false;
    return restart == WM_RESTART_NEVER || (restart == WM_RESTART_MAYBE && !(action.flags & SA_RESTART));
}

static void end_with_eintr(struct wm_borrowed *self)
{
    self->registers[WM_BORROWED_ANSWER] = (uint64_t)-EINTR;
    self->registers[WM_BORROWED_PC] = self->pc;
    self->restart = WM_RESTART_NONE;
}

/* The kernel would have decided so itself, had the thread not been sent elsewhere. */
void wm_kern_end_loan(struct wm_borrowed *self)
{
    uint64_t signals = self->restart == WM_RESTART_NONE ? 0 : waiting_signals(self);

    for (int signal = 1; signal <= SIGNALS && signals != 0; signal++)
        if ((signals & 1ull << (signal - 1)) && ends_the_call(signal, (enum wm_restart)self->restart)) {
            end_with_eintr(self);
            return;
        }
}
