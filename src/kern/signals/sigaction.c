/*
 * sigaction.c: the program's sigaction and signal.
 *
 * They stand in for libc's. While our handler is on top of a signal the program's lies below it and is
 * reported back as if it were the only one; everything else is libc's business.
 *
 * A program that sets its handler after ours would otherwise take ours away without knowing, and guard
 * pages would kill it. Who sets his by the bare system call is not seen here: he is on top then, and ours
 * comes below him only if he asks it (wm_chain_was_covered).
 */
#include <errno.h>
#include <string.h>

#include "kern/signals/sigchain.h"

void wm_kern_sigaction_return(void); /* arrive.S */

enum { WITH_RESTORER = 0x04000000, FIRST_OF_LIBC = 32 }; /* SA_RESTORER */

#define EXPORTED __attribute__((visibility("default")))

extern const bool wm_sigaction_is_ours; /* see catch.c */
const bool wm_sigaction_is_ours = true;

static struct wm_action to_kernel(const struct sigaction *act)
{
    struct wm_action action = {.handler = (uintptr_t)act->sa_handler, .flags = (unsigned)act->sa_flags};

    memcpy(&action.mask, &act->sa_mask, sizeof action.mask);
    return action;
}

static void to_libc(const struct wm_action *action, struct sigaction *out)
{
    memset(out, 0, sizeof *out);
    out->sa_handler = (sighandler_t)action->handler;
    out->sa_flags = (int)action->flags;
    out->sa_restorer = (void (*)(void))action->restorer;
    memcpy(&out->sa_mask, &action->mask, sizeof action->mask);
}

#ifdef __GLIBC__

/* libc's own, under the other names that it exports. */
int __sigaction(int signal, const struct sigaction *act, struct sigaction *old);
sighandler_t bsd_signal(int signal, sighandler_t handler);
#define libc_sigaction __sigaction
#define libc_signal bsd_signal

#else

/* musl exports its sigaction under no other name, so the kernel is asked, and signals that are libc's own are refused. */
static int libc_sigaction(int signal, const struct sigaction *act, struct sigaction *old)
{
    struct wm_action wanted, was;
    int result;

    if (act != NULL) {
        wanted = to_kernel(act);
        wanted.flags |= WITH_RESTORER;
        wanted.restorer = (uintptr_t)wm_kern_sigaction_return;
    }
    result = signal >= FIRST_OF_LIBC && signal < SIGRTMIN
                 ? -EINVAL
                 : wm_chain_kernel(signal, act != NULL ? &wanted : NULL, &was);
    if (result < 0) {
        errno = -result;
        return -1;
    }
    if (old != NULL)
        to_libc(&was, old);
    return 0;
}

static sighandler_t libc_signal(int signal, sighandler_t handler)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART}, was;

    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, signal);
    return libc_sigaction(signal, &action, &was) == 0 ? was.sa_handler : SIG_ERR;
}

#endif

EXPORTED int sigaction(int signal, const struct sigaction *act, struct sigaction *old)
{
    struct wm_action wanted, was;

    if (!wm_chain_covers(signal))
        return libc_sigaction(signal, act, old);
    if (act != NULL)
        wanted = to_kernel(act);
    wm_chain_exchange(signal, act != NULL ? &wanted : NULL, &was);
    if (old != NULL)
        to_libc(&was, old);
    return 0;
}

/* As BSD and glibc have it: the handler stays, and system calls go on. */
EXPORTED sighandler_t signal(int signal, sighandler_t handler)
{
    struct wm_action wanted = {.handler = (uintptr_t)handler, .flags = SA_RESTART}, was;

    if (!wm_chain_covers(signal))
        return libc_signal(signal, handler);
    if (handler == SIG_ERR) {
        errno = EINVAL;
        return SIG_ERR;
    }
    wanted.mask = 1ull << (signal - 1);
    wm_chain_exchange(signal, &wanted, &was);
    return (sighandler_t)was.handler;
}
