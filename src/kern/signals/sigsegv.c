/*
 * sigsegv.c: what happens when a signal arrives.
 *
 * In this order, because each step relies on less than the next:
 *
 *   a try that failed goes on where its table says (tryread.h): nothing else has happened, on whatever
 *   stack
 *   a handler that has used up its alternate stack ends the process. The kernel would begin at the top
 *   again and go round for ever (pinned: signals.at_its_end_an_alternate_stack_begins_anew)
 *   whoever answers for faults is asked, and errno is put back as it was
 *   the program's own action runs, if nobody has answered (sigchain.c)
 *
 * What is known is what the kernel tells: the byte, whether it was a write or an instruction (pinned:
 * signals.faults_are_told_by_the_byte_and_the_kind), and the registers, which are changed in the kernel's
 * frame and become the thread's when the handler returns. A general protection fault has no address
 * (traps.general_protection_has_no_address).
 *
 * A signal that we raise ourselves carries a word by which it is known again; a full queue loses the word
 * and not the signal (frames.a_full_queue_loses_the_word_and_not_the_signal).
 */
#include "kern/signals/signals.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <ucontext.h>

#include "kern/arch/signalframe.h"
#include "kern/signals/altstack.h"
#include "kern/signals/frame.h"
#include "kern/signals/raising.h"
#include "kern/signals/sigchain.h"
#include "kern/signals/trap.h"
#include "kern/signals/tryread.h"
#include "kern/sys.h"

#define INITIAL_EXEC __attribute__((tls_model("initial-exec")))

wm_fault_fn *wm_fault_asked;

static __thread void *volatile raised_here INITIAL_EXEC; /* volatile: a signal handler takes it away */

/* For arrive.S: a handler of the program's to be called on the alternate stack, or 0. */
struct wm_onward {
    uintptr_t handler;
    uint64_t signal;
};

struct wm_onward wm_signal_handle(int signal, siginfo_t *info, void *context, int called);

static int access_of(const ucontext_t *context)
{
    return wm_frame_has_fetched(context)   ? WM_ACCESS_EXECUTE
           : wm_frame_has_written(context) ? WM_ACCESS_WRITE
                                           : WM_ACCESS_READ;
}

/* A general protection fault has no address, and its error code tells no access. */
static void decode_address(struct wm_fault *fault, const siginfo_t *info, const ucontext_t *context)
{
    bool known = info->si_code != SI_KERNEL;

    fault->addr = known ? (uintptr_t)info->si_addr : UINTPTR_MAX;
    fault->access = known ? access_of(context) : WM_ACCESS_READ;
}

/* Where as many signals are pending as may be (RLIMIT_SIGPENDING) ours comes without what we gave it, from nobody. */
static bool is_raised(int signal, const siginfo_t *info)
{
    if (signal != SIGSEGV || raised_here == NULL)
        return false;
    return info->si_code == SI_QUEUE ? info->si_value.sival_ptr == raised_here
                                     : info->si_code == SI_USER && info->si_pid == 0;
}

static bool decode(int signal, const siginfo_t *info, ucontext_t *context, struct wm_fault *fault)
{
    wm_frame_registers(context, &fault->registers);
    fault->raised = NULL;
    fault->forbidden = false;
    if (is_raised(signal, info)) {
        fault->cause = WM_CAUSE_RAISED;
        fault->raised = raised_here;
        raised_here = NULL;
        return true;
    }
    fault->cause = wm_trap_cause(signal, info->si_code, &fault->registers);
    if (fault->cause == WM_CAUSE_NONE)
        return false;
    decode_address(fault, info, context);
    return true;
}

static bool is_answered(struct wm_fault *fault)
{
    wm_fault_fn *asked = WM_LOAD(wm_fault_asked);

    return asked != NULL && asked(fault);
}

/* Before all else, and on whatever stack: nothing has happened. */
static bool was_a_try(int signal, const siginfo_t *info, ucontext_t *context)
{
    bool memory = signal == SIGSEGV || (signal == SIGBUS && info->si_code != BUS_MCEERR_AO);
    uintptr_t onwards = memory && info->si_code > 0 ? wm_try_failed(wm_frame_general(context)[WM_PC]) : 0;

    if (onwards == 0)
        return false;
    wm_frame_general(context)[WM_PC] = onwards;
    return true;
}

/* --- alternate stacks --- */

/* The alternate stack that a handler begins on, until that returns. */
static __thread void *handled_on INITIAL_EXEC;

/* Has the handler run over its end, or is this a stack that happens to end there? Ours has ground below. */
static bool is_used_up(ucontext_t *context)
{
    uintptr_t at = wm_frame_general(context)[WM_SP];
    uintptr_t lowest = (uintptr_t)context->uc_stack.ss_sp;

    return wm_altstack_is_used_up(at) || (handled_on != NULL && handled_on == context->uc_stack.ss_sp &&
                                          lowest + WM_RED_ZONE - at <= WM_ALTSTACK_GUARD);
}

/* True: this handler is the first on its stack, so that it has to say when it is done. */
static bool begins_on(const ucontext_t *context, int called)
{
    if (called == WM_CALLED_BY_OTHERS || (context->uc_stack.ss_flags & SS_ONSTACK))
        return false;
    handled_on = called == WM_CALLED_MOVED || (context->uc_stack.ss_flags & SS_DISABLE)
                     ? NULL
                     : context->uc_stack.ss_sp;
    return handled_on != NULL;
}

/*
 * A thread that got its alternate stack while it handled this would lose it: when a handler returns the
 * kernel gives back the stack that it found when it came (pinned:
 * signals.a_handlers_return_gives_back_the_old_stack), here none.
 */
static void keep_stack(ucontext_t *context, uintptr_t lowest)
{
    if (wm_altstack_lowest != lowest)
        wm_sys_enter(SYS_sigaltstack, 0, (long)&context->uc_stack, 0, 0, 0, 0);
}

/* --- the handler --- */

/* Before all else, and on whatever stack. */
static bool is_the_end(int signal, siginfo_t *info, ucontext_t *context)
{
    if (!is_used_up(context))
        return false;
    wm_chain_die(signal, info);
    return true;
}

static bool is_done(int signal, const siginfo_t *info, ucontext_t *context, bool *forbidden)
{
    uintptr_t lowest = wm_altstack_lowest;
    int saved = errno;
    struct wm_fault fault;
    bool done = decode(signal, info, context, &fault) && is_answered(&fault);

    *forbidden = fault.forbidden;
    keep_stack(context, lowest);
    errno = saved;
    return done;
}

/* What was forbidden is SIGSEGV to the program, though the kernel calls it SIGBUS. */
static uintptr_t run_forbidden(siginfo_t *info, void *context, int called)
{
    info->si_signo = SIGSEGV;
    info->si_code = SEGV_ACCERR;
    if (!wm_chain_is_default(SIGSEGV))
        return wm_chain_run(SIGSEGV, info, context, called, false);
    wm_chain_send(SIGSEGV, info); /* it will not happen again by itself */
    return 0;
}

/*
 * Another handler than the kernel that calls us was put over ours and took it for the one before; if we have taken the
 * top again, it asks back and must not be asked again.
 */
struct wm_onward wm_signal_handle(int signal, siginfo_t *info, void *context, int called)
{
    bool recalled = called == WM_CALLED_BY_OTHERS && wm_chain_was_covered(signal), forbidden = false, first;
    struct wm_onward onward = {0, (uint64_t)signal};

    if (was_a_try(signal, info, context) || wm_chain_is_stepped(signal, info) ||
        is_the_end(signal, info, context))
        return onward;
    first = begins_on(context, called);
    if (recalled || !is_done(signal, info, context, &forbidden)) {
        onward.signal = forbidden ? SIGSEGV : (uint64_t)signal;
        onward.handler = forbidden && signal == SIGBUS
                             ? run_forbidden(info, context, called)
                             : wm_chain_run(signal, info, context, called, recalled);
    }
    if (first)
        handled_on = NULL;
    return onward;
}

/* --- raising --- */

static long pid(void)
{
    return wm_sys3(SYS_getpid, 0, 0, 0);
}

static long tid(void)
{
    return wm_sys3(SYS_gettid, 0, 0, 0);
}

_Static_assert(offsetof(struct wm_raising, process) == WM_RAISING_PROCESS &&
                   offsetof(struct wm_raising, thread) == WM_RAISING_THREAD &&
                   offsetof(struct wm_raising, info) == WM_RAISING_INFO &&
                   sizeof(struct wm_raising) <= WM_RAISING_BYTES,
               "raise.S");

/*
 * The handler that meets our signal takes raised_here away: by that wm_kern_raise_end sees that it has
 * come.
 */
void wm_kern_raise_begin(void *what, struct wm_raising *raising)
{
    memset(raising, 0, sizeof *raising);
    raising->process = pid();
    raising->thread = tid();
    raising->blocked = wm_kern_unblock_faults();
    raising->info.si_signo = SIGSEGV;
    raising->info.si_code = SI_QUEUE;
    raising->info.si_pid = (pid_t)raising->process;
    raising->info.si_value.sival_ptr = what;
    raising->outer = raised_here;
    raised_here = what;
}

bool wm_kern_raise_end(const struct wm_raising *raising)
{
    bool answered = raised_here == NULL;

    raised_here = raising->outer;
    wm_kern_block_faults(raising->blocked);
    return answered;
}
