/*
 * signals.h: faults: what the processor or the kernel refuses.
 *
 * One handler, installed for SIGSEGV and SIGBUS when somebody first wants to know of faults, for SIGFPE, SIGILL and SIGTRAP
 * when he wants to know of those as well. It finds out what happened (trap.h) and asks whoever registered; what he does
 * not want goes to the handler that the program itself has, as if ours were not there (sigchain.h). Reading what may not be
 * there, by such a fault, is tryread.h.
 *
 * What kern.h says holds, and besides
 *   none of it is in a planted agent, whose threads are somebody else's: there only wm_kern_all_signals may be used
 *   this room keeps something for each thread (initial-exec, so that it needs no memory); a borrowed thread leaves that alone
 *   whoever is asked runs in the thread that met the fault, wherever that was: also inside malloc, or holding a lock
 */
#ifndef WM_KERN_SIGNALS_H
#define WM_KERN_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/atomic.h"
#include "base/private.h"
#include "kern/arch/machine.h"
#include "kern/kern.h"

enum wm_cause {
    WM_CAUSE_NONE,
    WM_CAUSE_RAISED,  /* no fault: wm_kern_raise_begin */
    WM_CAUSE_ACCESS,  /* the page does not allow it, or there is none */
    WM_CAUSE_NO_DATA, /* the page is there, but its file ends before it or cannot be read */
    WM_CAUSE_BROKEN,  /* the memory itself is damaged */
    /* Of the processor: memory has nothing to do with them. */
    WM_CAUSE_ALIGNMENT, /* it was told to check that */
    WM_CAUSE_PRIVILEGED,
    WM_CAUSE_ILLEGAL,
    WM_CAUSE_DIVISION, /* by zero */
    WM_CAUSE_OVERFLOW, /* a quotient that is too large */
    WM_CAUSE_BREAKPOINT,
    WM_CAUSE_STEP,
    WM_CAUSE_FLOAT_INVALID,
    WM_CAUSE_FLOAT_STACK,
    WM_CAUSE_FLOAT_ZERO,
    WM_CAUSE_FLOAT_DENORMAL,
    WM_CAUSE_FLOAT_OVERFLOW,
    WM_CAUSE_FLOAT_UNDERFLOW,
    WM_CAUSE_FLOAT_INEXACT,
    WM_CAUSE_COUNT,
    WM_CAUSE_PROTECTION, /* no answers yet: a signal has several causes */
    WM_CAUSE_FLOAT
};

struct wm_fault {
    enum wm_cause cause;
    int access;     /* memory: WM_ACCESS_READ, WRITE or EXECUTE */
    uintptr_t addr; /* memory: the exact byte; UINTPTR_MAX where the processor tells none */
    void *raised;   /* what wm_kern_raise_begin was given */
    bool forbidden; /* out: the page is there, and may not be touched so, whatever the kernel calls it */
    struct wm_registers registers;
};

/*
 * False: not mine, and then the program's own handler is asked: that for SIGSEGV, if it was forbidden. Runs in the faulting
 * thread, in a signal handler that does not block its own signal.
 */
typedef bool wm_fault_fn(struct wm_fault *fault);

/* --- being asked (sigsegv.c) --- */

/*
 * From now on faults go to fn. Costs two questions to the kernel when they do already: whoever has put a handler of
 * his own over ours without libc (a raw system call) is then asked behind us. Returns 0 or a negative errno.
 */
int wm_kern_catch_faults(wm_fault_fn *fn);

/* The same for what else a processor raises: divisions, instructions, breakpoints, single steps. */
int wm_kern_catch_traps(void);

/* Who is asked; NULL before the first wm_kern_catch_faults. */
extern wm_fault_fn *wm_fault_asked;

/* Do faults come to us? */
static inline bool wm_kern_catches_faults(void)
{
    return WM_LOAD(wm_fault_asked) != NULL;
}

/* --- a stack to handle them on (altstack.c) --- */

/* Gives the calling thread a stack of its own for faults if it has none. A borrowed thread is left as it is. */
void wm_altstack_settle(void);

extern __thread bool wm_altstack_settled __attribute__((tls_model("initial-exec")));

/* The same while faults are being caught: cheap enough for every call. A planted agent catches none. */
static inline void wm_kern_alternate_stack(void)
{
#ifndef WM_PLANTED
    if (__builtin_expect(!wm_altstack_settled && wm_kern_catches_faults(), false))
        wm_altstack_settle();
#endif
}

/* --- blocking (abort.c) --- */

/*
 * All signals, for a thread that must not be interrupted for a moment. One that is stepped through would be ended by its
 * next step if SIGTRAP were among them.
 */
static inline uint64_t wm_kern_all_signals(void)
{
    return wm_machine_steps() ? ~(1ull << (SIGTRAP - 1)) : UINT64_MAX;
}

/* A fault whose signal the thread blocks ends the process. These let it come, and give back what was blocked. */
uint64_t wm_kern_unblock_faults(void);
void wm_kern_block_faults(uint64_t blocked);

/* --- raising (sigsegv.c) --- */

/*
 * A fault of cause WM_CAUSE_RAISED in this thread is a signal to itself, since its frame holds every register: so whoever
 * wants one makes the system call himself, rt_tgsigqueueinfo, where the fault is to be.
 */
struct wm_raising {
    int64_t process, thread;
    uint64_t blocked;
    siginfo_t info;
    void *outer; /* what this thread was about to raise when a signal handler came, which raises this */
};

void wm_kern_raise_begin(void *what, struct wm_raising *raising);

/* After that call. False: the fault could not be had. */
bool wm_kern_raise_end(const struct wm_raising *raising);

/* The end of the process: as after SIGABRT, whatever the program does about that; with an exit status. */
WM_FOR_WIN32 _Noreturn void wm_kern_abort(void);
_Noreturn void wm_kern_exit(int status);

#endif
