/*
 * stopping.c: the signal by which threads are stopped (stopping.h).
 *
 * Which signal that is: the highest real-time one but one, going down, that has its default action when the first thread is
 * to be stopped. It is looked at before each use: who has set a handler of his own meanwhile keeps it, and ours becomes
 * another one. A thread that got the old one asks all the same if its handler was still ours.
 *
 * Under a thread sanitizer the handler is set by libc's function: the sanitizer puts signals off until its own locks are
 * free, which it must be told of.
 */
#include "kern/threads/stopping.h"

#include <errno.h>
#include <ucontext.h>

#include "base/atomic.h"
#include "kern/arch/signalframe.h"
#include "kern/busy.h"
#include "kern/lock.h"
#include "kern/renew.h"
#include "kern/signals/sigchain.h"
#include "kern/sys.h"

void wm_kern_sigaction_return(void); /* arrive.S */

enum { HIGHEST = 63, LOWEST = 35, RESTORER = 0x04000000, NONE = 0 };

/* libc's own: to cancel a thread, and to change the user of all of them. */
#define LIBC_SIGNALS ((uint64_t)3 << (32 - 1))

static int ours; /* the signal; NONE: not chosen yet */
static wm_stop_fn *asked;

/* The interrupted thread may be in the middle of a call, and looks at errno afterwards. */
static void arrive(int signal, siginfo_t *info, void *frame)
{
    ucontext_t *context = frame;
    int saved = errno;
    struct wm_registers registers;

    (void)signal, (void)info;
    wm_frame_registers(context, &registers);
    WM_LOAD(asked)(&registers);
    errno = saved;
}

static int send(uint32_t thread, int signal)
{
    return (int)wm_sys3(SYS_tgkill, wm_sys_pid(), (long)thread, signal);
}

/* If the thread blocks the signal it comes later. */
static void send_to_myself(void)
{
    send((uint32_t)wm_sys3(SYS_gettid, 0, 0, 0), WM_LOAD(ours));
}

/* --- which signal --- */

#if defined(__SANITIZE_THREAD__)
#define DEFERRED 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define DEFERRED 1
#endif
#endif

#ifdef DEFERRED
static int set_handler(int signal)
{
    struct sigaction action = {.sa_sigaction = arrive, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART};

    sigfillset(&action.sa_mask);
    return sigaction(signal, &action, NULL);
}
#else
static int set_handler(int signal)
{
    const struct wm_action action = {.handler = (uintptr_t)arrive,
                                     .flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART | RESTORER,
                                     .restorer = (uintptr_t)wm_kern_sigaction_return,
                                     .mask = ~LIBC_SIGNALS};

    return wm_chain_kernel(signal, &action, NULL);
}
#endif

static uintptr_t handler_of(int signal)
{
    struct wm_action found = {.handler = (uintptr_t)SIG_IGN};

    wm_chain_kernel(signal, NULL, &found);
    return found.handler;
}

/* What the kernel calls for it; a sanitizer's handler stands before ours. */
static uintptr_t set;

static bool choose(void)
{
    for (int signal = HIGHEST; signal >= LOWEST; signal--) {
        if (handler_of(signal) != (uintptr_t)SIG_DFL || set_handler(signal) != 0)
            continue;
        WM_STORE(wm_busy_is_over, send_to_myself);
        WM_STORE(set, handler_of(signal));
        WM_STORE(ours, signal);
        return true;
    }
    return false;
}

static bool is_ours(void)
{
    return WM_LOAD(ours) != NONE && handler_of(WM_LOAD(ours)) == WM_LOAD(set);
}

/* One thread chooses. Whoever comes here in a handler that has interrupted that goes without. */
static struct wm_lock choosing;

static bool has_signal(void)
{
    bool has = is_ours();

    if (has || !wm_lock_take(&choosing))
        return has;
    has = is_ours() || choose();
    wm_lock_drop(&choosing);
    return has;
}

int wm_kern_send_stop(uint32_t thread, wm_stop_fn *fn)
{
    WM_STORE(asked, fn);
    return has_signal() ? send(thread, WM_LOAD(ours)) : -EAGAIN;
}

static int send_unblocked(uint32_t thread, int signal)
{
    uint64_t wanted = (uint64_t)1 << (signal - 1), mask;
    int result = (int)wm_sys4(SYS_rt_sigprocmask, SIG_UNBLOCK, (long)&wanted, (long)&mask, sizeof mask);

    if (result != 0)
        return result;
    result = send(thread, signal);
    wm_sys_enter(SYS_rt_sigprocmask, SIG_SETMASK, (long)&mask, 0, sizeof mask, 0, 0);
    return result;
}

int wm_kern_stop_myself(wm_stop_fn *fn)
{
    if (!has_signal())
        return -EAGAIN;
    WM_STORE(asked, fn);
    return send_unblocked((uint32_t)wm_sys3(SYS_gettid, 0, 0, 0), WM_LOAD(ours));
}

const struct wm_renewal wm_renewed_stopping = {.lock = &choosing};
