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

#define EXPORTED __attribute__((visibility("default")))

extern const bool wm_sigaction_is_ours; /* see catch.c */
const bool wm_sigaction_is_ours = true;

int __sigaction(int signal, const struct sigaction *act, struct sigaction *old);
__sighandler_t bsd_signal(int signal, __sighandler_t handler);

static struct wm_action to_kernel(const struct sigaction *act)
{
    struct wm_action action = {.handler = (uintptr_t)act->sa_handler, .flags = (unsigned)act->sa_flags};

    memcpy(&action.mask, &act->sa_mask, sizeof action.mask);
    return action;
}

static void to_libc(const struct wm_action *action, struct sigaction *out)
{
    memset(out, 0, sizeof *out);
    out->sa_handler = (__sighandler_t)action->handler;
    out->sa_flags = (int)action->flags;
    out->sa_restorer = (void (*)(void))action->restorer;
    memcpy(&out->sa_mask, &action->mask, sizeof action->mask);
}

EXPORTED int sigaction(int signal, const struct sigaction *act, struct sigaction *old)
{
    struct wm_action wanted, was;

    if (!wm_chain_covers(signal))
        return __sigaction(signal, act, old);
    if (act != NULL)
        wanted = to_kernel(act);
    wm_chain_exchange(signal, act != NULL ? &wanted : NULL, &was);
    if (old != NULL)
        to_libc(&was, old);
    return 0;
}

/* As BSD and glibc have it: the handler stays, and system calls go on. */
EXPORTED __sighandler_t signal(int signal, __sighandler_t handler)
{
    struct wm_action wanted = {.handler = (uintptr_t)handler, .flags = SA_RESTART}, was;

    if (!wm_chain_covers(signal))
        return bsd_signal(signal, handler);
    if (handler == SIG_ERR) {
        errno = EINVAL;
        return SIG_ERR;
    }
    wanted.mask = 1ull << (signal - 1);
    wm_chain_exchange(signal, &wanted, &was);
    return (__sighandler_t)was.handler;
}
