/* remotebusy.c: registers, handlers, debuggers: what was at work finds everything as it was. */
#include "api.h"

#ifndef _WIN32

#include "remotestate.h"

/* --- at work --- */

static void live_counting(struct witness *w)
{
    uint64_t mine = 0;

    ATOMIC_SET(w->ready, 1);
    for (;;) {
        uint64_t seen = __atomic_fetch_add(&w->rounds, 1, __ATOMIC_SEQ_CST);

        if (seen != mine++)
            complain(w, "%llu, not %llu", (unsigned long long)seen, (unsigned long long)mine);
    }
}

TEST(remotebusy, spinning, "L83 S122 S124 S126")
{
    in_both(live_counting, call_running);
}

TEST(remotebusy, spinning_with_all_general_registers, "L83 S122 S124 S126")
{
    in_both(live_general, call_running);
}

static void live_vectors(struct witness *w)
{
    uint64_t pattern = 88172645463325252u;

    ATOMIC_SET(w->ready, 1);
    for (;;) {
        if (!keeps_vectors(&pattern, 300))
            complain(w, "a vector, a number of the coprocessor or how they round");
        ATOMIC_ADD(w->rounds, 1);
    }
}

TEST(remotebusy, spinning_with_vectors_and_coprocessor, "L83 S122 S124 S126")
{
    in_both(live_vectors, call_running);
}

static void live_system_calls(struct witness *w)
{
    pid_t parent = getppid();
    char byte = 0, got;

    ATOMIC_SET(w->ready, 1);
    for (uint64_t i = 0;; i++, byte = (char)i) {
        if (getppid() != parent || read(-1, &got, 1) != -1 || errno != EBADF)
            complain(w, "getppid or read, errno %d", errno);
        if (write(pipes[1], &byte, 1) != 1 || read(pipes[0], &got, 1) != 1 || got != byte)
            complain(w, "pipe: %d, not %d, errno %d", got, byte, errno);
        ATOMIC_ADD(w->rounds, 1);
    }
}

TEST(remotebusy, busy_with_system_calls, "L83 S122 S124 S126")
{
    NOT_UNDER_TSAN;
    make_pipe();
    in_state(&(struct state){live_system_calls, call_running}, FOREIGN, FOREIGN);
    make_pipe();
    in_state(&(struct state){live_system_calls, call_running}, LIBRARY, LIBRARY);
}

static void live_forking(struct witness *w)
{
    ATOMIC_SET(w->ready, 1);
    for (;;) {
        pid_t child = fork();
        int status = 0;

        if (child == 0)
            _exit(7);
        if (waitpid(child, &status, 0) != child || WEXITSTATUS(status) != 7)
            complain(w, "child %d, errno %d, status %x", child, errno, status);
        ATOMIC_ADD(w->rounds, 1);
    }
}

TEST(remotebusy, forking, "L83 S122 S124 S126")
{
    in_both(live_forking, call_running);
}

static LONG CALLBACK passes(EXCEPTION_POINTERS *info)
{
    (void)info;
    return EXCEPTION_CONTINUE_SEARCH;
}

static void *registers(void *witness)
{
    AddVectoredExceptionHandler(1, passes);
    ATOMIC_SET(((struct witness *)witness)->number[0], 1);
    while (pause())
        ;
    return NULL;
}

/*
 * Faults are caught, and the thread that is borrowed has no stack for them yet: it is in malloc nearly always. For a
 * program with many keys libc keeps a thread's values in memory that it allocates.
 */
static void live_in_malloc(struct witness *w)
{
    void *volatile blocks[64];
    pthread_key_t key;
    pthread_t thread;

    for (int i = 0; i < 40; i++)
        MUST(pthread_key_create(&key, NULL) == 0);
    MUST(pthread_create(&thread, NULL, registers, w) == 0);
    while (!ATOMIC_GET(w->number[0]))
        sched_yield();
    ATOMIC_SET(w->ready, 1);
    for (;;) {
        for (int i = 0; i < 64; i++)
            blocks[i] = malloc(1500 + (size_t)i * 100);
        for (int i = 0; i < 64; i++)
            free(blocks[i]);
        ATOMIC_ADD(w->rounds, 1);
    }
}

TEST(remotebusy, in_malloc_with_many_keys, "L83 S122 S124 S126")
{
    in_library(live_in_malloc, call_running);
}

/* --- in a handler --- */

static struct witness *handler_witness;

static void spin_in_handler(int number)
{
    (void)number;
    ATOMIC_SET(handler_witness->ready, 1);
    while (!ATOMIC_GET(handler_witness->stop))
        ATOMIC_ADD(handler_witness->rounds, 1);
}

static void enter_handler(struct witness *w, int flags)
{
    struct sigaction action = {.sa_handler = spin_in_handler, .sa_flags = flags};

    handler_witness = w;
    sigaction(SIGUSR1, &action, NULL);
    raise(SIGUSR1);
    ATOMIC_SET(w->number[0], 1);
    for (;;)
        pause();
}

static void live_in_handler(struct witness *w)
{
    enter_handler(w, 0);
}

static void live_on_other_stack(struct witness *w)
{
    stack_t stack = {.ss_sp = malloc(65536), .ss_size = 65536};

    sigaltstack(&stack, NULL);
    enter_handler(w, SA_ONSTACK);
}

static void call_in_handler(struct target *t)
{
    call_running(t);
    ATOMIC_SET(t->w->stop, 1);
    AWAIT(5, ATOMIC_GET(t->w->number[0]));
    EXPECT_EQ(ATOMIC_GET(t->w->number[0]), 1);
    exercise(t, 10);
    expect_undisturbed(t);
}

TEST(remotebusy, in_a_signal_handler, "L83 S122 S124 S126")
{
    in_both(live_in_handler, call_in_handler);
}

TEST(remotebusy, in_a_signal_handler_on_another_stack, "L83 S122 S124 S126")
{
    in_both(live_on_other_stack, call_in_handler);
}

/* --- traced --- */

static void call_while_traced(struct target *t)
{
    EXPECT_FAIL(ERROR_ACCESS_DENIED, VirtualAllocEx(t->handle, NULL, GRAIN, MEM_RESERVE, RW));
}

static void call_untraced(struct target *t)
{
    AWAIT(10, tracer_of(t->pid) == 0);
    exercise(t, ROUNDS);
    expect_progress(t, 1);
    expect_undisturbed(t);
}

static void call_traced(struct target *t)
{
    pid_t tracer = fork();

    if (tracer == 0) {
        if (ptrace(PTRACE_SEIZE, t->pid, NULL, NULL) == 0)
            pause();
        _exit(1);
    }
    AWAIT(5, tracer_of(t->pid) == tracer);
    MUST(tracer_of(t->pid) == tracer);
    call_while_traced(t);
    kill(tracer, SIGKILL);
    waitpid(tracer, NULL, 0);
    call_untraced(t);
}

TEST(remotebusy, traced_by_another, "L85")
{
    in_both(live_general, call_traced);
}

static void call_debugged(struct target *t)
{
    pid_t gdb = fork();
    char pid[16];

    snprintf(pid, sizeof pid, "%d", t->pid);
    if (gdb == 0) {
        dup2(open("/dev/null", O_RDWR), 1);
        dup2(1, 2);
        dup2(1, 0);
        execlp("gdb", "gdb", "-nx", "-q", "-batch", "-p", pid, "-ex", "shell sleep 1", "-ex", "detach", NULL);
        _exit(127);
    }
    AWAIT(20, tracer_of(t->pid) == gdb || waitpid(gdb, NULL, WNOHANG) == gdb);
    if (tracer_of(t->pid) != gdb)
        SKIP("gdb does not work here");
    call_while_traced(t);
    waitpid(gdb, NULL, 0);
    call_untraced(t);
}

TEST(remotebusy, stopped_by_a_debugger, "L85")
{
    in_both(live_general, call_debugged);
}

/* --- stopped at work --- */

enum { LARGE = 64 * MiB, DEATHS = 8 };

static void await_state(const struct target *t, bool stopped)
{
    AWAIT(5, (state_of(t->pid) == 'T') == stopped);
    MUST((state_of(t->pid) == 'T') == stopped);
}

/* Freeing takes milliseconds, which the process is at work in the kernel for: it stops when it comes back from there. */
static void kill_a_caller_at_work(const struct target *t, BYTE *p)
{
    pid_t caller = fork();
    double until = check_seconds() + 5;

    if (caller == 0) {
        VirtualFreeEx(t->handle, p, 0, MEM_RELEASE);
        _exit(0);
    }
    while (state_of(t->pid) != 'R' && waitpid(caller, NULL, WNOHANG) == 0 && check_seconds() < until)
        ;
    kill(caller, SIGKILL);
    waitpid(caller, NULL, 0);
    await_state(t, true);
}

static void call_after_dead_callers(struct target *t)
{
    BYTE *filled = malloc(LARGE);

    MUST(filled != NULL);
    memset(filled, 1, LARGE);
    for (int i = 0; i < DEATHS && check_failures == 0; i++) {
        BYTE *p = alloc_there(t, LARGE, MEM_RESERVE | MEM_COMMIT, RW);
        SIZE_T done = 0;

        EXPECT_OK(WriteProcessMemory(t->handle, p, filled, LARGE, &done));
        MUST(kill(t->pid, SIGSTOP) == 0);
        await_state(t, true);
        kill_a_caller_at_work(t, p);
        exercise(t, 1);
        if (look_at(t, p).State != MEM_FREE)
            release_there(t, p);
        await_state(t, true);
        MUST(kill(t->pid, SIGCONT) == 0);
    }
    free(filled);
    expect_progress(t, 3);
    expect_undisturbed(t);
}

/* Nobody but the next caller helps a thread that was left standing in the middle of its work. */
TEST(remotebusy, a_caller_dies_while_a_stopped_process_works, "L83 S122 S124 S126")
{
    in_both(live_counting, call_after_dead_callers);
}

#endif
