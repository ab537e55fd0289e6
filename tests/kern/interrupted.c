/* interrupted.c: what becomes of a system call whose thread is stopped (src/kern/process/interrupted.c). */
#include <sys/epoll.h>
#include <sys/user.h>
#include <time.h>

#include "trace.h"

#ifndef PTRACE_GET_RSEQ_CONFIGURATION
#define PTRACE_GET_RSEQ_CONFIGURATION 0x420f
#endif

enum { ERESTARTSYS = 512, ERESTART_RESTARTBLOCK = 516 }; /* what the kernel returns to itself */

/* What a child says of a call that it waited in: the number that it returned, or errno. */
static struct child waiter;
static volatile bool *says;
static volatile long *said;

static void share_words(void)
{
    char *p = map_with(PAGE, BOTH, MAP_SHARED);

    says = (volatile bool *)p;
    said = (volatile long *)(p + 64);
}

static void say(long answer)
{
    *said = answer;
    *says = true;
    for (;;)
        pause();
}

static void begin_waiting(void (*wait)(void))
{
    share_words();
    fflush(NULL);
    waiter.pid = fork();
    MUST(waiter.pid >= 0);
    if (waiter.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        wait();
        _exit(0);
    }
    until_it_is(waiter.pid, 'S');
}

static bool has_said(long answer)
{
    for (int i = 0; i < PATIENCE && !*says; i++)
        nap();
    return *says && *said == answer;
}

static struct user_regs_struct registers(pid_t pid)
{
    struct user_regs_struct r;

    MUST(trace(PTRACE_GETREGS, pid, 0, (unsigned long)&r) == 0);
    return r;
}

static void wait_in_epoll(void)
{
    struct epoll_event event;

    say(CALL(epoll_wait, epoll_create1(0), &event, 1, -1));
}

/* Seen on 6.18: epoll_wait ends with EINTR on a mere stop, though no signal came; so it is made again by hand. */
PIN(epoll_ends_on_a_mere_stop, "interrupted.c")
{
    begin_waiting(wait_in_epoll);
    stop(waiter.pid);
    EXPECT((long)registers(waiter.pid).rax == -EINTR);
    MUST(trace(PTRACE_DETACH, waiter.pid, 0, 0) == 0);
    EXPECT(has_said(-EINTR));
    child_ends(&waiter);
}

static void wait_in_read(void)
{
    int ends[2];
    char byte;

    MUST(pipe(ends) == 0);
    say(CALL(read, ends[0], &byte, 1));
}

/*
 * Seen on 6.18: other calls stand at a number of the kernel's own, and the kernel makes them again when they go on.
 */
PIN(reads_are_made_again, "interrupted.c")
{
    begin_waiting(wait_in_read);
    stop(waiter.pid);
    EXPECT((long)registers(waiter.pid).rax == -ERESTARTSYS &&
           (long)registers(waiter.pid).orig_rax == SYS_read);
    MUST(trace(PTRACE_DETACH, waiter.pid, 0, 0) == 0);
    usleep(20000);
    EXPECT(!*says && state_of(waiter.pid) == 'S');
    child_ends(&waiter);
}

static void wait_in_nanosleep(void)
{
    struct timespec wait = {100, 0};

    say(CALL(nanosleep, &wait, NULL));
}

/*
 * Seen on 6.18: those with a time limit stand at another one, for a call that takes the rest of it: restart_syscall.
 */
PIN(sleeps_are_made_again_by_another_call, "interrupted.c")
{
    begin_waiting(wait_in_nanosleep);
    stop(waiter.pid);
    EXPECT((long)registers(waiter.pid).rax == -ERESTART_RESTARTBLOCK);
    MUST(trace(PTRACE_DETACH, waiter.pid, 0, 0) == 0);
    usleep(20000);
    EXPECT(!*says);
    child_ends(&waiter);
}

/*
 * Seen on 6.18: set registers that say "in no call", and the kernel makes nothing again: the program sees its number.
 */
PIN(set_registers_make_nothing_again, "interrupted.c borrow.c")
{
    struct user_regs_struct r;

    begin_waiting(wait_in_read);
    stop(waiter.pid);
    r = registers(waiter.pid);
    r.orig_rax = UINT64_MAX;
    MUST(trace(PTRACE_SETREGS, waiter.pid, 0, (unsigned long)&r) == 0);
    MUST(trace(PTRACE_DETACH, waiter.pid, 0, 0) == 0);
    EXPECT(has_said(-ERESTARTSYS));
    child_ends(&waiter);
}

/* Since 5.13: where a thread's restartable sequence is noted can be asked. */
PIN(restartable_sequences_can_be_asked_for, "interrupted.c")
{
    struct child c = child_of(NULL);
    struct {
        uint64_t area;
        uint32_t bytes, signature, flags, pad;
    } rseq;
    long answer;

    stop(c.pid);
    answer = trace(PTRACE_GET_RSEQ_CONFIGURATION, c.pid, sizeof rseq, (unsigned long)&rseq);
    child_ends(&c);
    SKIP_IF(answer == -EIO || answer == -EINVAL, "the kernel does not tell (Linux 5.13, CONFIG_RSEQ)");
    EXPECT_ANSWER(sizeof rseq, answer);
}
