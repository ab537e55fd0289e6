/*
 * abort.c: the end of the process, and signals that must not be held up.
 *
 * Raw system calls, because it may be the program's libc that is in pieces. A fault whose signal is blocked
 * ends the process at once, whatever handlers there are (pinned: signals.a_blocked_fault_is_the_end): so
 * whoever is about to raise or meet one unblocks it first. Aborting cannot be caught: the default action is
 * set behind the program's sigaction.
 */
#include <signal.h>

#include "kern/signals/sigchain.h"
#include "kern/signals/signals.h"
#include "kern/sys.h"

enum { MASK_BYTES = 8 };

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
    wm_sys3(SYS_tgkill, wm_sys3(SYS_getpid, 0, 0, 0), wm_sys3(SYS_gettid, 0, 0, 0), SIGABRT);
    wm_kern_exit(128 + SIGABRT);
}
