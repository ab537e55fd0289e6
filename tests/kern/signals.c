/* signals.c: how faults are told, and the stacks on which they are handled (src/kern/signals). */
#include <alloca.h>
#include <pthread.h>
#include <sys/auxv.h>
#include <ucontext.h>

#include "handle.h"
#include "touch.h"

#ifndef AT_MINSIGSTKSZ
#define AT_MINSIGSTKSZ 51
#endif

/* --- faults --- */

/*
 * Seen on 6.18: the address is exact, and the processor's error code says what was tried: 2 a write, 16 an
 * instruction.
 */
PIN(faults_are_told_by_the_byte_and_the_kind, "sigsegv.c trap.c")
{
    char *p = map_pages(1, NONE);

    EXPECT(touch(p + 5, LOOK).addr == (uintptr_t)p + 5 && (met.error & (2 | 16)) == 0);
    EXPECT(touch(p + 6, STORE).addr == (uintptr_t)p + 6 && (met.error & 2));
    EXPECT(touch(p + 7, EXECUTE).addr == (uintptr_t)p + 7);
    MUST(mprotect(p, PAGE, READ) == 0);
    EXPECT(touch(p + 7, EXECUTE).addr == (uintptr_t)p + 7 && (met.error & 16));
}

/* Seen on 6.18: without access is SEGV_ACCERR, whether a page is there or not, and unmapped SEGV_MAPERR. */
PIN(no_access_is_accerr, "pagefault.c trap.c")
{
    char *p = map_pages(3, BOTH);

    p[0] = 1;
    MUST(mprotect(p, 2 * PAGE, NONE) == 0 && munmap(p + 2 * PAGE, PAGE) == 0);
    EXPECT(touch(p, LOOK).code == SEGV_ACCERR && !(met.error & 1));
    EXPECT(touch(p + PAGE, LOOK).code == SEGV_ACCERR && !(met.error & 1));
    EXPECT(touch(p + 2 * PAGE, LOOK).code == SEGV_MAPERR);
}

static void never(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)info;
    (void)context;
    _exit(3);
}

/* Seen on 6.18: a fault whose signal is blocked ends the process; its handler is not asked. */
PIN(a_blocked_fault_is_the_end, "signals.h sigsegv.c")
{
    volatile char *p = map_pages(1, NONE);
    sigset_t set;
    int status;

    IN_CHILD(status)
    {
        handle(SIGSEGV, never, 0);
        sigemptyset(&set);
        sigaddset(&set, SIGSEGV);
        sigprocmask(SIG_BLOCK, &set, NULL);
        *p = 1;
    }
    EXPECT(is_killed_by(status, SIGSEGV));
}

/* Down by half a page at a time. */
static void run_down(void)
{
    for (size_t gone = 0; gone < 16 * MIB; gone += PAGE / 2)
        *(volatile char *)alloca(PAGE / 2) = 1;
}

static void fine(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)info;
    (void)context;
    _exit(0);
}

/* Seen on 6.18: a fault at the end of a thread's own stack can be handled on another stack only. */
PIN(the_end_of_a_stack_is_handled_on_another, "altstack.h newthread.c")
{
    int status;

    limit(RLIMIT_STACK, MIB);
    IN_CHILD(status)
    {
        handle(SIGSEGV, fine, SA_ONSTACK);
        run_down();
    }
    EXPECT(is_killed_by(status, SIGSEGV));
    IN_CHILD(status)
    {
        alternate_stack();
        handle(SIGSEGV, fine, SA_ONSTACK);
        run_down();
    }
    EXPECT(is_fine(status));
}

/* Seen on 6.18 (since 5.14): the kernel tells how much a signal's frame takes with this processor's registers. */
PIN(the_size_of_a_frame_is_told, "altstack.c")
{
    SKIP_IF(getauxval(AT_MINSIGSTKSZ) == 0, "AT_MINSIGSTKSZ is not told (Linux 5.14)");
    EXPECT(getauxval(AT_MINSIGSTKSZ) >= 1024);
}

/* --- alternate stacks --- */

static char *own_stack;
static volatile uintptr_t first_at, second_at;

/* The first runs on the alternate stack, steps down into the 128 bytes at its very bottom, and faults there. */
static void fault_at_the_bottom(int number, siginfo_t *info, void *context)
{
    char here;

    (void)number;
    (void)info;
    (void)context;
    if (first_at != 0) {
        second_at = (uintptr_t)&here;
        _exit(second_at >= first_at - PAGE && second_at < first_at + PAGE ? 0 : 4);
    }
    first_at = (uintptr_t)&here;
    __asm__ volatile("mov %0, %%rsp\n\tud2" : : "r"(own_stack + 64) : "memory");
}

/*
 * Seen on 6.18: whether a thread is on its alternate stack already is seen by its stack pointer less 128 bytes. Just
 * above the end it counts as elsewhere, and the kernel begins at the top again: a handler that faults there would
 * never end.
 */
PIN(at_its_end_an_alternate_stack_begins_anew, "altstack.h sigsegv.c")
{
    int status;

    IN_CHILD(status)
    {
        own_stack = alternate_stack();
        handle(SIGILL, fault_at_the_bottom, SA_ONSTACK | SA_NODEFER);
        __asm__ volatile("ud2");
    }
    EXPECT(is_fine(status));
}

static stack_t given;

static void take_another_stack(int number, siginfo_t *info, void *context)
{
    stack_t stack = {.ss_sp = map_pages(16, BOTH), .ss_size = STACK_BYTES};

    (void)number;
    (void)info;
    (void)context;
    MUST(sigaltstack(&stack, NULL) == 0);
    given = stack;
}

static void *stack_after_a_handler(void *now)
{
    MUST(raise(SIGUSR1) == 0 && given.ss_sp != NULL && sigaltstack(NULL, now) == 0);
    return now;
}

/*
 * Seen on 6.18: when a handler returns, the thread has the alternate stack again that it had before, or none. (A main
 * thread that never had one keeps the new one: its frame says that there was one of no size, which cannot be set.)
 */
PIN(a_handlers_return_gives_back_the_old_stack, "sigsegv.c altstack.c")
{
    char *old = alternate_stack();
    pthread_t thread;
    stack_t now;

    handle(SIGUSR1, take_another_stack, 0);
    stack_after_a_handler(&now);
    EXPECT(now.ss_sp == old);
    MUST(pthread_create(&thread, NULL, stack_after_a_handler, &now) == 0 && pthread_join(thread, NULL) == 0);
    EXPECT(now.ss_flags & SS_DISABLE);
}
