/*
 * suspend.c: SuspendThread and ResumeThread, the registers of a thread, and a pretend collector: it stops threads wherever they
 * are, and uses the library while they stand.
 */
#include "../support/check.h"

#ifdef WINMEM_VERSION_MAJOR
#include <dlfcn.h>
#include <poll.h>
#include <sys/syscall.h>

#include "../support/child.h"
#endif

#define FAILED_COUNT ((DWORD)-1)

static _Atomic LONG stop;
static _Atomic LONG64 turns;

static DWORD WINAPI turn(LPVOID arg)
{
    (void)arg;
    while (!stop)
        turns++;
    return 0;
}

static void end(HANDLE thread)
{
    stop = 1;
    EXPECT_EQ(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
    EXPECT_OK(CloseHandle(thread));
    stop = 0;
}

static HANDLE start(LPTHREAD_START_ROUTINE run, LPVOID arg)
{
    HANDLE thread = CreateThread(NULL, 0, run, arg, 0, NULL);

#ifdef CHECK_THREAD_SANITIZER
    SKIP("a thread sanitizer puts signals off until the thread calls libc");
#endif
    MUST(thread != NULL);
    return thread;
}

/* --- counts --- */

static DWORD WINAPI note(LPVOID arg)
{
    __atomic_store_n((LONG *)arg, 1, __ATOMIC_SEQ_CST);
    return 3;
}

TEST(suspend, a_thread_made_suspended_does_nothing_until_it_is_resumed, "L490")
{
    LONG ran = 0;
    HANDLE thread = CreateThread(NULL, 0, note, &ran, CREATE_SUSPENDED, NULL);
    DWORD code = 0;

    MUST(thread != NULL);
    EXPECT_EQ(WaitForSingleObject(thread, 30), WAIT_TIMEOUT);
    EXPECT_EQ(__atomic_load_n(&ran, __ATOMIC_SEQ_CST), 0);
    EXPECT_EQ(SuspendThread(thread), 1);
    EXPECT_EQ(ResumeThread(thread), 2);
    EXPECT_EQ(WaitForSingleObject(thread, 10), WAIT_TIMEOUT);
    EXPECT_EQ(__atomic_load_n(&ran, __ATOMIC_SEQ_CST), 0);
    EXPECT_EQ(ResumeThread(thread), 1);
    EXPECT_EQ(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
    EXPECT_EQ(__atomic_load_n(&ran, __ATOMIC_SEQ_CST), 1);
    EXPECT_OK(GetExitCodeThread(thread, &code));
    EXPECT_EQ(code, 3);
    EXPECT_OK(CloseHandle(thread));
}

TEST(suspend, it_is_counted_up_to_127, "L490")
{
    HANDLE thread = start(turn, NULL);

    EXPECT_EQ(ResumeThread(thread), 0);
    for (DWORD i = 0; i < MAXIMUM_SUSPEND_COUNT; i++)
        EXPECT_EQ(SuspendThread(thread), i);
    SetLastError(CHECK_SENTINEL);
    EXPECT_EQ(SuspendThread(thread), FAILED_COUNT);
    EXPECT_EQ(GetLastError(), ERROR_SIGNAL_REFUSED);
    for (DWORD i = MAXIMUM_SUSPEND_COUNT; i > 0; i--)
        EXPECT_EQ(ResumeThread(thread), i);
    EXPECT_EQ(ResumeThread(thread), 0);
    end(thread);
}

TEST(suspend, what_has_ended_cannot_be_suspended, "L490")
{
    LONG ran;
    HANDLE thread = start(note, &ran);

    EXPECT_EQ(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
    SetLastError(CHECK_SENTINEL);
    EXPECT_EQ(SuspendThread(thread), FAILED_COUNT);
    EXPECT_EQ(GetLastError(), ERROR_ACCESS_DENIED);
    EXPECT_EQ(SuspendThread((HANDLE)0x123450), FAILED_COUNT);
    EXPECT_EQ(GetLastError(), ERROR_INVALID_HANDLE);
    EXPECT_OK(CloseHandle(thread));
}

TEST(suspend, when_it_returns_the_thread_has_stopped, "L491")
{
    CONTEXT context = {.ContextFlags = CONTEXT_CONTROL};
    HANDLE thread = start(turn, NULL);
    LONG64 seen;

    for (int i = 0; i < 200; i++) {
        EXPECT_EQ(SuspendThread(thread), 0);
        EXPECT_OK(GetThreadContext(thread, &context));
        seen = turns;
        if (i % 50 == 0)
            Sleep(2);
        EXPECT_EQ(turns, seen);
        EXPECT_EQ(ResumeThread(thread), 1);
    }
    seen = turns;
    for (int i = 0; i < 5000 && turns == seen; i++)
        Sleep(1);
    EXPECT(turns != seen);
    end(thread);
}

/* --- oneself --- */

static DWORD WINAPI suspend_oneself(LPVOID arg)
{
    DWORD before = SuspendThread(GetCurrentThread());

    (void)arg;
    return before + 20;
}

TEST(suspend, a_thread_may_suspend_itself, "L490")
{
    HANDLE thread = start(suspend_oneself, NULL);
    DWORD code = 0, before = 0;

    for (int i = 0; i < 20000 && before == 0; i++) {
        Sleep(1);
        before = ResumeThread(thread);
    }
    EXPECT_EQ(before, 1);
    EXPECT_EQ(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
    EXPECT_OK(GetExitCodeThread(thread, &code));
    EXPECT_EQ(code, 20);
    EXPECT_OK(CloseHandle(thread));
}

#ifdef WINMEM_VERSION_MAJOR

/* --- registers --- */

/*
 * Loads each register with a number of its own, and waits for one of them to be changed (rax), then tells what the others are.
 * rsp and rbp stay what they are.
 */
struct machine {
    uint64_t general[13]; /* rcx rdx rbx rsi rdi r8 r9 r10 r11 r12 r13 r14 r15 */
    uint64_t floating[4]; /* xmm6, xmm15 */
    uint64_t stack;
};

__attribute__((noinline)) static void spin_with(struct machine *m)
{
    __asm__ volatile(
        "push %%rbx\n\tpush %%rbp\n\tpush %%r12\n\tpush %%r13\n\tpush %%r14\n\tpush %%r15\n\t"
        "mov %0, %%rbp\n\t"
        "mov %%rsp, 136(%%rbp)\n\t"
        "movdqu 104(%%rbp), %%xmm6\n\tmovdqu 120(%%rbp), %%xmm15\n\t"
        "mov 0(%%rbp), %%rcx\n\tmov 8(%%rbp), %%rdx\n\tmov 16(%%rbp), %%rbx\n\tmov 24(%%rbp), %%rsi\n\t"
        "mov 32(%%rbp), %%rdi\n\tmov 40(%%rbp), %%r8\n\tmov 48(%%rbp), %%r9\n\tmov 56(%%rbp), %%r10\n\t"
        "mov 64(%%rbp), %%r11\n\tmov 72(%%rbp), %%r12\n\tmov 80(%%rbp), %%r13\n\tmov 88(%%rbp), %%r14\n\t"
        "mov 96(%%rbp), %%r15\n\txor %%eax, %%eax\n\t"
        "1: pause\n\ttest %%rax, %%rax\n\tjz 1b\n\t"
        "mov %%rcx, 0(%%rbp)\n\tmov %%rdx, 8(%%rbp)\n\tmov %%rbx, 16(%%rbp)\n\tmov %%rsi, 24(%%rbp)\n\t"
        "mov %%rdi, 32(%%rbp)\n\tmov %%r8, 40(%%rbp)\n\tmov %%r9, 48(%%rbp)\n\tmov %%r10, 56(%%rbp)\n\t"
        "mov %%r11, 64(%%rbp)\n\tmov %%r12, 72(%%rbp)\n\tmov %%r13, 80(%%rbp)\n\tmov %%r14, 88(%%rbp)\n\t"
        "mov %%r15, 96(%%rbp)\n\t"
        "movdqu %%xmm6, 104(%%rbp)\n\tmovdqu %%xmm15, 120(%%rbp)\n\t"
        "pop %%r15\n\tpop %%r14\n\tpop %%r13\n\tpop %%r12\n\tpop %%rbp\n\tpop %%rbx"
        :
        : "a"(m)
        : "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "xmm6", "xmm15", "memory", "cc");
}

static DWORD WINAPI run_machine(LPVOID arg)
{
    spin_with(arg);
    return 0;
}

static uint64_t *general_of(CONTEXT *c, int i)
{
    DWORD64 *all[] = {&c->Rcx, &c->Rdx, &c->Rbx, &c->Rsi, &c->Rdi, &c->R8, &c->R9,
                      &c->R10, &c->R11, &c->R12, &c->R13, &c->R14, &c->R15};

    return (uint64_t *)all[i];
}

static struct machine numbered(uint64_t base)
{
    struct machine m;

    for (int i = 0; i < 13; i++)
        m.general[i] = base + (uint64_t)i;
    for (int i = 0; i < 4; i++)
        m.floating[i] = base + 100 + (uint64_t)i;
    m.stack = 0;
    return m;
}

static void wait_in(HANDLE thread, const struct machine *m, CONTEXT *context)
{
    for (int i = 0; i < 20000; i++) {
        EXPECT_EQ(SuspendThread(thread), 0);
        EXPECT_OK(GetThreadContext(thread, context));
        if (context->Rbp == (uintptr_t)m && context->R15 == m->general[12] && context->Rax == 0)
            return;
        EXPECT_EQ(ResumeThread(thread), 1);
        Sleep(1);
    }
    MUST(0);
}

TEST(suspend, every_register_is_told_and_can_be_set, "L491 L494")
{
    struct machine m = numbered(0x1234567800000000), want = numbered(0x1234567800000000);
    CONTEXT context = {.ContextFlags = CONTEXT_FULL};
    HANDLE thread = start(run_machine, &m);

    wait_in(thread, &m, &context);
    for (int i = 0; i < 13; i++)
        EXPECT_EQ(*general_of(&context, i), want.general[i]);
    EXPECT(memcmp(&context.FltSave.XmmRegisters[6], &want.floating[0], 16) == 0);
    EXPECT(memcmp(&context.FltSave.XmmRegisters[15], &want.floating[2], 16) == 0);
    EXPECT_EQ(context.Rsp, m.stack);
    EXPECT((context.EFlags & 2) != 0);
    EXPECT(context.SegCs != 0);
    want = numbered(0x7654321000000000);
    for (int i = 0; i < 13; i++)
        *general_of(&context, i) = want.general[i];
    memcpy(&context.FltSave.XmmRegisters[6], &want.floating[0], 16);
    memcpy(&context.FltSave.XmmRegisters[15], &want.floating[2], 16);
    context.Rax = 1;
    EXPECT_OK(SetThreadContext(thread, &context));
    EXPECT_EQ(ResumeThread(thread), 1);
    EXPECT_EQ(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
    EXPECT(memcmp(m.general, want.general, sizeof m.general) == 0);
    EXPECT(memcmp(m.floating, want.floating, sizeof m.floating) == 0);
    EXPECT_OK(CloseHandle(thread));
}

TEST(suspend, only_the_parts_that_are_named, "L491 L494")
{
    struct machine m = numbered(0x1234567800000000);
    CONTEXT context = {.ContextFlags = CONTEXT_FULL}, part;
    HANDLE thread = start(run_machine, &m);

    wait_in(thread, &m, &context);
    memset(&part, 0xEE, sizeof part);
    part.ContextFlags = CONTEXT_CONTROL;
    EXPECT_OK(GetThreadContext(thread, &part));
    EXPECT_EQ(part.Rip, context.Rip);
    EXPECT_EQ(part.Rsp, m.stack);
    EXPECT_EQ(part.Rax, 0xEEEEEEEEEEEEEEEE);
    EXPECT_EQ(part.R15, 0xEEEEEEEEEEEEEEEE);
    EXPECT_EQ(part.FltSave.XmmRegisters[6].Low, 0xEEEEEEEEEEEEEEEE);
    memset(&part, 0xEE, sizeof part);
    part.ContextFlags = CONTEXT_INTEGER;
    EXPECT_OK(GetThreadContext(thread, &part));
    EXPECT_EQ(part.R15, m.general[12]);
    EXPECT_EQ(part.Rip, 0xEEEEEEEEEEEEEEEE);
    EXPECT_EQ(part.Rsp, 0xEEEEEEEEEEEEEEEE);
    part.ContextFlags = 0;
    EXPECT_OK(SetThreadContext(thread, &part));
    part.ContextFlags = CONTEXT_INTEGER;
    part.Rax = 1;
    EXPECT_OK(SetThreadContext(thread, &part));
    EXPECT_FAIL(ERROR_NOACCESS, GetThreadContext(thread, NULL));
    EXPECT_FAIL(ERROR_NOACCESS, SetThreadContext(thread, NULL));
    EXPECT_EQ(ResumeThread(thread), 1);
    EXPECT_EQ(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, GetThreadContext(thread, &context));
    EXPECT_OK(CloseHandle(thread));
}

TEST(suspend, registers_of_a_running_thread_are_of_some_moment, "L491")
{
    struct machine m = numbered(0x1234567800000000);
    CONTEXT context = {.ContextFlags = CONTEXT_FULL};
    HANDLE thread = start(run_machine, &m);

    wait_in(thread, &m, &context);
    EXPECT_EQ(ResumeThread(thread), 1);
    context.R15 = 0;
    EXPECT_OK(GetThreadContext(thread, &context));
    EXPECT_EQ(context.R15, m.general[12]);
    context.ContextFlags = CONTEXT_INTEGER;
    context.Rax = 1;
    EXPECT_OK(SetThreadContext(thread, &context));
    EXPECT_EQ(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
    EXPECT_OK(CloseHandle(thread));
    context.ContextFlags = CONTEXT_FULL;
    EXPECT_OK(GetThreadContext(GetCurrentThread(), &context));
    EXPECT((uintptr_t)&context - context.Rsp < 0x10000 || context.Rsp - (uintptr_t)&context < 0x10000);
}

/* --- wherever it is --- */

static void on_signal(int signal)
{
    (void)signal;
    for (volatile int i = 0; i < 50; i++)
        ;
    turns++;
}

enum { IN_MALLOC, IN_OUR_LOCK, IN_A_SYSTEM_CALL, IN_A_HANDLER, IN_OUR_HEAP, IN_THREADS, PLACES };

static void be_in(int place)
{
    void *memory;
    struct pollfd none = {.fd = -1};

    switch (place) {
    case IN_MALLOC:
        memory = malloc(turns % 3000 + 1);
        __asm__ volatile("" : : "r"(memory) : "memory");
        free(memory);
        break;
    case IN_OUR_LOCK:
        memory = VirtualAlloc(NULL, 0x20000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
        VirtualFree(memory, 0, MEM_RELEASE);
        break;
    case IN_A_SYSTEM_CALL:
        poll(&none, 1, 0);
        syscall(SYS_getppid);
        break;
    case IN_A_HANDLER: raise(SIGUSR1); break;
    case IN_OUR_HEAP:
        memory = HeapAlloc(GetProcessHeap(), 0, turns % 3000 + 1);
        HeapFree(GetProcessHeap(), 0, memory);
        break;
    default: CloseHandle(OpenThread(THREAD_ALL_ACCESS, FALSE, GetCurrentThreadId())); TlsFree(TlsAlloc());
    }
}

static DWORD WINAPI be_everywhere(LPVOID arg)
{
    int place = (int)(intptr_t)arg;

    while (!stop) {
        be_in(place < PLACES ? place : (int)(turns % PLACES));
        turns++;
    }
    return 0;
}

/* What a collector does while the others stand: everything but malloc. */
static void use_library(int i)
{
    MEMORY_BASIC_INFORMATION info;
    BYTE *memory = VirtualAlloc(NULL, 0x20000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    DWORD old, index;
    HANDLE handle;

    MUST(memory != NULL);
    memory[0] = 1;
    EXPECT(VirtualQuery(memory, &info, sizeof info) == sizeof info);
    if (i % 16 == 0) {
        EXPECT(VirtualProtect(memory, 0x1000, PAGE_READONLY, &old));
        EXPECT((handle = OpenThread(THREAD_ALL_ACCESS, FALSE, GetCurrentThreadId())) != NULL);
        EXPECT(CloseHandle(handle));
        EXPECT((index = TlsAlloc()) != TLS_OUT_OF_INDEXES);
        EXPECT(TlsSetValue(index, memory) && TlsGetValue(index) == memory);
        EXPECT(TlsFree(index));
    }
    EXPECT(VirtualFree(memory, 0, MEM_RELEASE));
}

enum { ALL_TIMES = SANITIZED ? 2000 : 100000 };

static void collect(int place, int times)
{
    CONTEXT context = {.ContextFlags = CONTEXT_CONTROL | CONTEXT_INTEGER};
    HANDLE thread = start(be_everywhere, (LPVOID)(intptr_t)place);
    LONG64 seen;

    for (int i = 0; i < times; i++) {
        EXPECT_EQ(SuspendThread(thread), 0);
        seen = turns;
        EXPECT(GetThreadContext(thread, &context));
        EXPECT(context.Rsp != 0 && context.Rip != 0);
        if (i % 4 == 0)
            use_library(i);
        EXPECT_EQ(turns, seen);
        EXPECT_EQ(ResumeThread(thread), 1);
        if (check_failures)
            break;
    }
    end(thread);
}

TEST(suspend, at_random_instants, "L492")
{
    signal(SIGUSR1, on_signal);
    for (int place = 0; place <= PLACES; place++)
        collect(place, ALL_TIMES / (PLACES + 1));
}

/* A collector that stops all: none of them waits for one that has been stopped before. */
enum { THREADS = 6 };

TEST(suspend, all_threads_are_stopped_one_after_the_other, "L492")
{
    HANDLE threads[THREADS];
    LONG64 seen;

    signal(SIGUSR1, on_signal);
    for (int i = 0; i < THREADS; i++)
        threads[i] = start(be_everywhere, (LPVOID)(intptr_t)(i % 2 == 0 ? PLACES : IN_OUR_HEAP));
    for (int round = 0; round < (SANITIZED ? 20 : 300); round++) {
        for (int i = 0; i < THREADS; i++)
            EXPECT_EQ(SuspendThread(threads[i]), 0);
        seen = turns;
        use_library(round);
        EXPECT_EQ(turns, seen);
        for (int i = 0; i < THREADS; i++)
            EXPECT_EQ(ResumeThread(threads[i]), 1);
    }
    stop = 1;
    for (int i = 0; i < THREADS; i++)
        EXPECT_EQ(WaitForSingleObject(threads[i], 20000), WAIT_OBJECT_0);
}

/* --- ends meanwhile --- */

static DWORD WINAPI end_soon(LPVOID arg)
{
    for (volatile int i = 0; i < (int)(intptr_t)arg; i++)
        ;
    return 0;
}

TEST(suspend, of_a_thread_that_ends_meanwhile, "L490")
{
    for (int i = 0; i < (SANITIZED ? 100 : 1000); i++) {
        HANDLE thread = start(end_soon, (LPVOID)(intptr_t)(i % 50 * 100));
        DWORD before = SuspendThread(thread);

        EXPECT(before == 0 || (before == FAILED_COUNT && GetLastError() == ERROR_ACCESS_DENIED));
        if (before == 0)
            EXPECT_EQ(ResumeThread(thread), 1);
        EXPECT_EQ(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
        EXPECT_OK(CloseHandle(thread));
    }
}

/* --- system calls go on --- */

static int pipes[2];

static DWORD WINAPI read_pipe(LPVOID arg)
{
    char byte = 0;

    turns++;
    *(int *)arg = (int)read(pipes[0], &byte, 1);
    return (DWORD)byte;
}

static DWORD WINAPI sleep_long(LPVOID arg)
{
    DWORD64 before, after;
    struct timespec now;

    (void)arg;
    clock_gettime(CLOCK_MONOTONIC, &now);
    before = (DWORD64)now.tv_sec * 1000 + (DWORD64)now.tv_nsec / 1000000;
    turns++;
    Sleep(100);
    clock_gettime(CLOCK_MONOTONIC, &now);
    after = (DWORD64)now.tv_sec * 1000 + (DWORD64)now.tv_nsec / 1000000;
    return after - before >= 99;
}

static void interrupt_often(HANDLE thread)
{
    while (turns == 0)
        Sleep(1);
    Sleep(5);
    for (int i = 0; i < 20; i++) {
        EXPECT_EQ(SuspendThread(thread), 0);
        EXPECT_EQ(ResumeThread(thread), 1);
    }
}

TEST(suspend, a_system_call_goes_on, "L493")
{
    int got = -1;
    HANDLE thread;
    DWORD code = 0;

    MUST(pipe(pipes) == 0);
    thread = start(read_pipe, &got);
    interrupt_often(thread);
    EXPECT(write(pipes[1], "x", 1) == 1);
    EXPECT_EQ(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
    EXPECT_EQ(got, 1);
    EXPECT_OK(CloseHandle(thread));
    turns = 0;
    thread = start(sleep_long, NULL);
    interrupt_often(thread);
    EXPECT_EQ(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
    EXPECT_OK(GetExitCodeThread(thread, &code));
    EXPECT_EQ(code, 1);
    EXPECT_OK(CloseHandle(thread));
}

/* --- signals of the program --- */

static volatile sig_atomic_t theirs;

static void on_theirs(int signal)
{
    theirs = signal;
}

/* Whatever real-time signal is ours: the program can have it. */
TEST(suspend, the_program_keeps_its_signals, "L496")
{
    HANDLE thread = start(turn, NULL);
    struct sigaction action = {.sa_handler = on_theirs}, found;

    EXPECT_EQ(SuspendThread(thread), 0);
    EXPECT_EQ(ResumeThread(thread), 1);
    for (int signal = SIGRTMAX - 20; signal <= SIGRTMAX; signal++) {
        EXPECT_EQ(sigaction(signal, &action, NULL), 0);
        EXPECT_EQ(SuspendThread(thread), 0);
        EXPECT_EQ(ResumeThread(thread), 1);
        EXPECT_EQ(sigaction(signal, NULL, &found), 0);
        EXPECT_EQ(found.sa_handler, on_theirs);
        raise(signal);
        EXPECT_EQ(theirs, signal);
    }
    end(thread);
}

static DWORD WINAPI turn_deaf(LPVOID arg)
{
    sigset_t all;

    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    EXPECT_EQ(SuspendThread(GetCurrentThread()), 0);
    return turn(arg);
}

TEST(suspend, who_blocks_all_signals_can_suspend_himself, "L495")
{
    HANDLE thread = start(turn_deaf, NULL);
    DWORD before = 0;

    for (int i = 0; i < 20000 && before == 0; i++) {
        before = ResumeThread(thread);
        Sleep(1);
    }
    EXPECT_EQ(before, 1);
    end(thread);
}

/* --- forks --- */

static void suspend_in_child(void)
{
    HANDLE thread = start(turn, NULL);

    EXPECT_EQ(SuspendThread(thread), 0);
    EXPECT_EQ(ResumeThread(thread), 1);
    end(thread);
}

TEST(suspend, a_child_of_a_fork_suspends_as_well, "L492")
{
    HANDLE thread = start(be_everywhere, (LPVOID)(intptr_t)IN_OUR_LOCK);

    for (int i = 0; i < (SANITIZED ? 3 : 20); i++) {
        EXPECT_EQ(SuspendThread(thread), 0);
        EXPECT_EQ(end_of(suspend_in_child), 0);
        EXPECT_EQ(ResumeThread(thread), 1);
    }
    end(thread);
}

#endif /* WINMEM_VERSION_MAJOR */
