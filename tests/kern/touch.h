/* touch.h: touching memory that may not be there, and what comes of it. */
#ifndef TOUCH_H
#define TOUCH_H

#include <setjmp.h>
#include <ucontext.h>

#include "pin.h"

#if defined(__x86_64__)
#define ERROR_CODE(context) ((unsigned long)(context)->uc_mcontext.gregs[REG_ERR])
#else
#define ERROR_CODE(context) ((void)(context), 0ul)
#endif

/* What a fault was told as; signal 0: there was none. */
struct met {
    int signal, code;
    uintptr_t addr;
    unsigned long error; /* of x86-64: 2 a write, 16 an instruction */
};

static struct met met;
static sigjmp_buf met_back;

static inline void meet(int signal, siginfo_t *info, void *context)
{
    met = (struct met){signal, info->si_code, (uintptr_t)info->si_addr, ERROR_CODE((ucontext_t *)context)};
    siglongjmp(met_back, 1);
}

enum how { LOOK, STORE, EXECUTE };

static inline void do_touch(volatile char *p, enum how how)
{
    if (how == LOOK)
        (void)*p;
    else if (how == STORE)
        *p = 1;
    else
        ((void (*)(void))(uintptr_t)p)();
}

/* A store writes 1. */
__attribute__((noinline)) static struct met touch(const void *p, enum how how)
{
    struct sigaction action = {.sa_sigaction = meet, .sa_flags = SA_SIGINFO | SA_NODEFER}, segv, bus;

    met.signal = 0;
    sigaction(SIGSEGV, &action, &segv);
    sigaction(SIGBUS, &action, &bus);
    if (sigsetjmp(met_back, 1) == 0)
        do_touch((volatile char *)(uintptr_t)p, how);
    sigaction(SIGSEGV, &segv, NULL);
    sigaction(SIGBUS, &bus, NULL);
    return met;
}

static inline bool works(const void *p, enum how how)
{
    return touch(p, how).signal == 0;
}

/* --- by the kernel: it answers -EFAULT where the processor would fault --- */

/* A word is read and nothing else happens: the call is refused for its first argument. */
static inline long kernel_reads(const void *p)
{
    return CALL(rt_sigprocmask, -1, p, NULL, 8);
}

/* A word is written back as it is, in one step: the call is refused for a comparison that does not exist. */
static inline long kernel_writes(const void *p)
{
    enum { WAKE_OP = 5 | 128, ADD_0 = 1u << 28, NO_SUCH_COMPARISON = 15 << 24 };
    uint32_t nobody = 0;

    return CALL(futex, &nobody, WAKE_OP, 0, 0, p, ADD_0 | NO_SUCH_COMPARISON);
}

#endif
