/*
 * sigchain.h: what the program wants done about a signal while our handler has taken its place.
 *
 * What we found when we installed ours, or what the program has set since through sigaction or signal. Guarded by a
 * lock under which signals are blocked; the fault handler reads without it.
 */
#ifndef WM_KERN_SIGCHAIN_H
#define WM_KERN_SIGCHAIN_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/* A signal's action as the kernel takes and gives it. */
struct wm_action {
    uintptr_t handler;
    uint64_t flags;
    uintptr_t restorer;
    uint64_t mask;
};

/* The raw system call. */
int wm_chain_kernel(int signal, const struct wm_action *act, struct wm_action *old);

/* Puts `ours` on top unless it is there; what was there is asked behind it from now on. 0 or a negative errno. */
int wm_chain_take_top(int signal, const struct wm_action *ours);

/* Is ours on top of this signal? */
bool wm_chain_covers(int signal);

/* As sigaction, for a signal that is covered. */
void wm_chain_exchange(int signal, const struct wm_action *act, struct wm_action *old);

/*
 * Runs the program's handler as the kernel would have. recalled: the program's handler itself has called ours, so
 * that what was there before it is next. Returns a handler that is still to be called, on the alternate stack, which we
 * have left (called: frame.h); 0: none.
 */
uintptr_t wm_chain_run(int signal, siginfo_t *info, void *context, int called, bool recalled);

/* A step of a thread that is changing an action: nobody is asked then. */
bool wm_chain_is_stepped(int signal, const siginfo_t *info);

/*
 * The default action, where the thread was interrupted: a fault happens again when its handler returns; what is over is
 * sent again, and comes when the handler's mask goes.
 */
void wm_chain_die(int signal, siginfo_t *info);

/* The default action when the handler's mask goes, also of what would not happen again as this signal. */
void wm_chain_send(int signal, siginfo_t *info);

/* Has the program no handler for it? */
bool wm_chain_is_default(int signal);

/* A handler was put over ours, and we over it: it may take ours for the one before it. */
bool wm_chain_was_covered(int signal);

#endif
