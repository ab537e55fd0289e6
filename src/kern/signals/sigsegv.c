#include "kern/signals/sigsegv.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <ucontext.h>

#include "kern/kern.h"
#include "kern/signals/altstack.h"
#include "kern/signals/sigchain.h"
#include "kern/signals/trap.h"
#include "kern/signals/tryread.h"
#include "kern/sys.h"

#define INITIAL_EXEC __attribute__((tls_model("initial-exec")))

_Static_assert(WM_R8 == (int)REG_R8 && WM_R15 == (int)REG_R15 && WM_RDI == (int)REG_RDI &&
                   WM_RBX == (int)REG_RBX && WM_RCX == (int)REG_RCX && WM_RSP == (int)REG_RSP &&
                   WM_RIP == (int)REG_RIP && WM_EFLAGS == (int)REG_EFL && WM_SEGMENTS == (int)REG_CSGSFS,
               "the registers are where the kernel puts them");

wm_fault_fn *wm_fault_asked;
/* Linked from an archive, the program's sigaction comes along with us, whoever refers to it first. */
extern const bool wm_sigaction_is_ours;
const bool *const wm_sigaction_comes_along = &wm_sigaction_is_ours;

static __thread void *volatile raising INITIAL_EXEC; /* volatile: a signal handler takes it away */

/*
 * Where our handler returns to. Unwinders and debuggers know a signal frame by exactly these bytes, or by the
 * description that libc's own has; the nop keeps the byte before from being another function's.
 */
void wm_kern_sigreturn(void);
__asm__(".pushsection .text\n"
        ".p2align 4\n"
        "nop\n"
        ".globl wm_kern_sigreturn\n"
        ".hidden wm_kern_sigreturn\n"
        ".type wm_kern_sigreturn, @function\n"
        "wm_kern_sigreturn:\n"
        "movq $15, %rax\n"
        "syscall\n"
        ".size wm_kern_sigreturn, . - wm_kern_sigreturn\n"
        ".popsection\n");

enum { PAGE_FAULT_WRITE = 2, PAGE_FAULT_FETCH = 16, RESTORER = 0x04000000 };

static int access_of(uint64_t error)
{
    return error & PAGE_FAULT_FETCH   ? WM_ACCESS_EXECUTE
           : error & PAGE_FAULT_WRITE ? WM_ACCESS_WRITE
                                      : WM_ACCESS_READ;
}

/* A general protection fault has no address, and its error code tells no access. */
static void decode_address(struct wm_fault *fault, const siginfo_t *info, uint64_t error)
{
    bool known = info->si_code != SI_KERNEL;

    fault->addr = known ? (uintptr_t)info->si_addr : UINTPTR_MAX;
    fault->access = known ? access_of(error) : WM_ACCESS_READ;
}

static bool is_raised(int signal, const siginfo_t *info)
{
    return signal == SIGSEGV && info->si_code == SI_QUEUE && raising != NULL &&
           info->si_value.sival_ptr == raising;
}

static bool decode(int signal, const siginfo_t *info, ucontext_t *context, struct wm_fault *fault)
{
    fault->registers.general = (uint64_t *)context->uc_mcontext.gregs;
    fault->registers.floating = (uint8_t *)context->uc_mcontext.fpregs;
    fault->registers.trap = (unsigned)context->uc_mcontext.gregs[REG_TRAPNO];
    fault->raised = NULL;
    if (is_raised(signal, info)) {
        fault->cause = WM_CAUSE_RAISED;
        fault->raised = raising;
        raising = NULL;
        return true;
    }
    fault->cause = wm_trap_cause(signal, info->si_code, &fault->registers);
    if (fault->cause == WM_CAUSE_NONE)
        return false;
    decode_address(fault, info, (uint64_t)context->uc_mcontext.gregs[REG_ERR]);
    return true;
}

static bool is_answered(const struct wm_fault *fault)
{
    wm_fault_fn *asked = WM_LOAD(wm_fault_asked);

    return asked != NULL && asked(fault);
}

/* Before all else, and on whatever stack: nothing has happened. */
static bool was_a_try(int signal, const siginfo_t *info, ucontext_t *context)
{
    uintptr_t onwards = info->si_code > 0 ? wm_try_failed((uintptr_t)context->uc_mcontext.gregs[REG_RIP]) : 0;

    if (onwards == 0 || (signal == SIGBUS && info->si_code == BUS_MCEERR_AO))
        return false;
    context->uc_mcontext.gregs[REG_RIP] = (greg_t)onwards;
    return true;
}

/*
 * The kernel's call returns to wm_kern_sigreturn. Any other comes from a handler that was put over ours and took it
 * for the one before; if we have taken the top again, it asks back and must not be asked again.
 */
static void on_signal(int signal, siginfo_t *info, void *context)
{
    uintptr_t stack_pointer = (uintptr_t)((ucontext_t *)context)->uc_mcontext.gregs[REG_RSP];
    bool recalled =
        __builtin_return_address(0) != (void *)(uintptr_t)wm_kern_sigreturn && wm_chain_was_covered(signal);
    int saved = errno;
    struct wm_fault fault;
    bool done;

    if (was_a_try(signal, info, context))
        return;
    if (wm_altstack_is_used_up(stack_pointer)) {
        wm_chain_die(signal, info);
        return;
    }
    done = !recalled && decode(signal, info, context, &fault) && is_answered(&fault);
    errno = saved;
    if (!done)
        wm_chain_run(signal, info, context, recalled);
}

static int take_top(const int *signals, int count)
{
    const struct wm_action ours = {
        .handler = (uintptr_t)on_signal,
        .flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | RESTORER,
        .restorer = (uintptr_t)wm_kern_sigreturn,
    };
    int result = 0;

    for (int i = 0; i < count && result == 0; i++)
        result = wm_chain_take_top(signals[i], &ours);
    return result;
}

int wm_kern_install_handler(void)
{
    static const int signals[] = {SIGSEGV, SIGBUS};

    return take_top(signals, 2);
}

int wm_kern_catch_traps(void)
{
    static const int signals[] = {SIGFPE, SIGILL, SIGTRAP};

    return take_top(signals, 3);
}

int wm_kern_catch_faults(wm_fault_fn *fn)
{
    WM_STORE(wm_fault_asked, fn);
    return wm_kern_install_handler();
}

enum { MASK_BYTES = 8 };

/* --- blocking --- */

static uint64_t unblock(uint64_t set)
{
    uint64_t before = 0;

    wm_sys4(SYS_rt_sigprocmask, SIG_UNBLOCK, (long)&set, (long)&before, MASK_BYTES);
    return before & set;
}

static uint64_t bit_of(int signal)
{
    return 1ull << (signal - 1);
}

uint64_t wm_kern_unblock_faults(void)
{
    return unblock(bit_of(SIGSEGV) | bit_of(SIGBUS));
}

void wm_kern_block_faults(uint64_t blocked)
{
    if (blocked != 0)
        wm_sys4(SYS_rt_sigprocmask, SIG_BLOCK, (long)&blocked, 0, MASK_BYTES);
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

/* A signal to ourselves, since its frame holds every register. Whoever answers it takes `raising`. */
bool wm_kern_raise(void *what)
{
    siginfo_t info;
    uint64_t blocked = wm_kern_unblock_faults();

    memset(&info, 0, sizeof info);
    info.si_signo = SIGSEGV;
    info.si_code = SI_QUEUE;
    info.si_pid = (pid_t)pid();
    info.si_value.sival_ptr = what;
    raising = what;
    wm_sys4(SYS_rt_tgsigqueueinfo, pid(), tid(), SIGSEGV, (long)&info);
    wm_kern_block_faults(blocked);
    if (raising == NULL)
        return true;
    raising = NULL;
    return false;
}

_Noreturn void wm_kern_exit(int status)
{
    for (;;)
        wm_sys3(SYS_exit_group, status, 0, 0);
}

_Noreturn void wm_kern_abort(void)
{
    static const struct wm_action by_default;

    wm_chain_kernel(SIGABRT, &by_default, NULL);
    unblock(bit_of(SIGABRT));
    wm_sys3(SYS_tgkill, pid(), tid(), SIGABRT);
    wm_kern_exit(128 + SIGABRT);
}
