/*
 * catch.c: which signals come to us. What is done with them then is in sigsegv.c.
 *
 * A program keeps its signals to itself until it asks for something that needs them: guard pages, heaps that
 * try an address, exception handlers. Then ours is put on top of what is there, which goes on
 * being asked for everything that is not ours (sigchain.c). It is put there again whenever somebody needs
 * it, since others may have come in between.
 *
 *   SA_ONSTACK  a fault at the end of a stack is handled on another one or ends the process (pinned:
 *               signals.the_end_of_a_stack_is_handled_on_another)
 *   SA_NODEFER  what we call inside may meet a fault itself: a try, or an exception handler of the program's
 */
#include <signal.h>

#include "base/atomic.h"
#include "kern/signals/sigchain.h"
#include "kern/signals/signals.h"
#include "kern/signals/tryread.h"
#include "kern/sys.h"

/* Linked from an archive, the program's sigaction comes along with us, whoever refers to it first. */
extern const bool wm_sigaction_is_ours;
const bool *const wm_sigaction_comes_along = &wm_sigaction_is_ours;

/* arrive.S */
void wm_kern_arrive(int signal, siginfo_t *info, void *context);
void wm_kern_sigaction_return(void);

enum { RESTORER = 0x04000000 };

static int take_top(const int *signals, int count)
{
    const struct wm_action ours = {
        .handler = (uintptr_t)wm_kern_arrive,
        .flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | RESTORER,
        .restorer = (uintptr_t)wm_kern_sigaction_return,
    };
    int result = 0;

    for (int i = 0; i < count && result == 0; i++)
        result = wm_chain_take_top(signals[i], &ours);
    return result;
}

static int install(void)
{
    static const int signals[] = {SIGSEGV, SIGBUS};

    return take_top(signals, 2);
}

int wm_kern_allow_tries(void)
{
    wm_try_look_around();
    return install();
}

static bool is_on_top(int signal)
{
    struct wm_action found = {0};

    return wm_chain_kernel(signal, NULL, &found) == 0 && found.handler == (uintptr_t)wm_kern_arrive;
}

static bool comes(void)
{
    const uint64_t faults = 1ull << (SIGSEGV - 1) | 1ull << (SIGBUS - 1);
    uint64_t blocked = faults;

    wm_sys4(SYS_rt_sigprocmask, SIG_BLOCK, 0, (long)&blocked, sizeof blocked);
    return (blocked & faults) == 0;
}

bool wm_kern_answers_tries(void)
{
    return !wm_try_asks && comes() && is_on_top(SIGSEGV) && is_on_top(SIGBUS);
}

int wm_kern_catch_traps(void)
{
    static const int signals[] = {SIGFPE, SIGILL, SIGTRAP};

    return take_top(signals, 3);
}

int wm_kern_catch_faults(wm_fault_fn *fn)
{
    WM_STORE(wm_fault_asked, fn);
    return install();
}
