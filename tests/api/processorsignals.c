/*
 * Exceptions of the processor on Linux: beside the program's own handlers for SIGFPE, SIGILL and SIGTRAP, and where nobody
 * handles them. What is the same on Windows: processorexceptions.c.
 */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR

#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <ucontext.h>

#include "../support/child.h"

/* ---- what raises them ---------------------------------------------------------------------------- */

__attribute__((noinline)) static void divides(void)
{
    __asm__ volatile("xorl %%ecx, %%ecx\n xorl %%edx, %%edx\n divl %%ecx" : : : "eax", "ecx", "edx", "cc");
}

__attribute__((noinline)) static void executes_nothing(void)
{
    __asm__ volatile("ud2");
}

__attribute__((noinline)) static void breaks(void)
{
    __asm__ volatile("int3\n nop");
}

__attribute__((noinline)) static void steps_once(void)
{
    __asm__ volatile("subq $128, %%rsp\n pushfq\n orl $0x100, (%%rsp)\n popfq\n nop\n nop\n addq $128, %%rsp"
                     :
                     :
                     : "cc", "memory");
}

static const struct kind {
    const char *name;
    int signal;
    DWORD code;
    void (*run)(void);
} kinds[] = {
    {"a division", SIGFPE, EXCEPTION_INT_DIVIDE_BY_ZERO, divides},
    {"an instruction", SIGILL, EXCEPTION_ILLEGAL_INSTRUCTION, executes_nothing},
    {"a breakpoint", SIGTRAP, EXCEPTION_BREAKPOINT, breaks},
    {"a step", SIGTRAP, EXCEPTION_SINGLE_STEP, steps_once},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static unsigned asked;
static DWORD asked_code;

static LONG CALLBACK passes(EXCEPTION_POINTERS *info)
{
    asked_code = info->ExceptionRecord->ExceptionCode;
    asked++;
    return EXCEPTION_CONTINUE_SEARCH;
}

/* ---- the program's handlers ------------------------------------------------------------------------ */

static volatile sig_atomic_t got_signals;
static siginfo_t got_info;
static greg_t got_rip, got_flags;
static sigset_t got_mask;

static void leaves(int number, siginfo_t *info, void *context)
{
    (void)number;
    got_signals++;
    got_info = *info;
    got_rip = ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
    got_flags = ((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL];
    sigprocmask(SIG_SETMASK, NULL, &got_mask);
    siglongjmp(check_jump, 1);
}

struct met {
    siginfo_t info;
    greg_t rip, flags;
    unsigned signals;
};

static struct met meet(const struct kind *kind)
{
    struct met met;

    got_signals = 0;
    asked = 0;
    if (sigsetjmp(check_jump, 1) == 0)
        kind->run();
    met.info = got_info;
    met.rip = got_rip;
    met.flags = got_flags;
    met.signals = (unsigned)got_signals;
    return met;
}

static void set_handler(int signal)
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_sigaction = leaves;
    action.sa_flags = SA_SIGINFO;
    MUST(sigaction(signal, &action, NULL) == 0);
}

static void expect_the_same(const struct kind *kind, const struct met *alone)
{
    struct met now = meet(kind);

    if (now.signals != 1 || asked != 1 || asked_code != kind->code)
        check_fail(__FILE__, __LINE__, "%s: %u signals, asked %u times, for %x", kind->name, now.signals,
                   asked, (unsigned)asked_code);
    if (now.info.si_code != alone->info.si_code || now.info.si_addr != alone->info.si_addr ||
        now.rip != alone->rip || (now.flags & 0x100) != (alone->flags & 0x100))
        check_fail(__FILE__, __LINE__, "%s: code %d at %p, rip %llx, flags %llx; alone %d, %p, %llx, %llx",
                   kind->name, now.info.si_code, now.info.si_addr, now.rip, now.flags, alone->info.si_code,
                   alone->info.si_addr, alone->rip, alone->flags);
}

TEST(processorsignals, a_programs_handler_sees_what_it_sees_alone, "O277 L56")
{
    struct met alone[KINDS];
    PVOID handle;
    int i;

    for (i = 0; i < KINDS; i++) {
        set_handler(kinds[i].signal);
        alone[i] = meet(&kinds[i]);
        MUST(alone[i].signals == 1);
    }
    MUST((handle = AddVectoredExceptionHandler(1, passes)) != NULL);
    for (i = 0; i < KINDS; i++)
        expect_the_same(&kinds[i], &alone[i]);
    for (i = 0; i < KINDS; i++) { /* set anew, over ours */
        set_handler(kinds[i].signal);
        expect_the_same(&kinds[i], &alone[i]);
    }
    MUST(RemoveVectoredExceptionHandler(handle));
    for (i = 0; i < KINDS; i++)
        EXPECT_EQ(meet(&kinds[i]).rip, alone[i].rip);
}

static LONG CALLBACK takes_all(EXCEPTION_POINTERS *info)
{
    DWORD code = info->ExceptionRecord->ExceptionCode;

    asked++;
    info->ContextRecord->Rip += code == EXCEPTION_SINGLE_STEP ? 0 : code == EXCEPTION_BREAKPOINT ? 1 : 2;
    return EXCEPTION_CONTINUE_EXECUTION;
}

TEST(processorsignals, vectored_handlers_come_before_the_programs, "O277 L56")
{
    int i;

    MUST(AddVectoredExceptionHandler(1, takes_all) != NULL);
    for (i = 0; i < KINDS; i++) {
        set_handler(kinds[i].signal);
        EXPECT_EQ(meet(&kinds[i]).signals, 0);
        EXPECT_EQ(asked, 1);
    }
}

TEST(processorsignals, a_signal_that_was_sent_is_no_exception, "L57")
{
    int i;

    MUST(AddVectoredExceptionHandler(1, passes) != NULL);
    for (i = 0; i < KINDS; i++) {
        set_handler(kinds[i].signal);
        got_signals = 0;
        if (sigsetjmp(check_jump, 1) == 0)
            raise(kinds[i].signal);
        EXPECT_EQ(got_signals, 1);
    }
    EXPECT_EQ(asked, 0);
}

/* ---- nobody handles it ------------------------------------------------------------------------------- */

static const struct kind *ending;
static __sighandler_t before;

static void (*mishap)(void);

static void meets_with_it(void)
{
    signal(ending->signal, before);
    mishap();
}

static int end_by(void (*run)(void))
{
    mishap = run;
    return end_of(meets_with_it);
}

TEST(processorsignals, unhandled_they_end_the_process_by_their_signal, "O277 L58")
{
    MUST(AddVectoredExceptionHandler(1, passes) != NULL);
    for (ending = kinds; ending < kinds + KINDS; ending++) {
        before = SIG_DFL;
        EXPECT_EQ(end_by(ending->run), -ending->signal);
        before = SIG_IGN;
        EXPECT_EQ(end_by(ending->run), -ending->signal);
    }
}

static void sends_itself(void)
{
    raise(ending->signal);
    kill(getpid(), ending->signal);
}

TEST(processorsignals, a_sent_signal_has_its_default_action, "L57")
{
    MUST(AddVectoredExceptionHandler(1, passes) != NULL);
    for (ending = kinds; ending < kinds + KINDS; ending++) {
        before = SIG_DFL;
        EXPECT_EQ(end_by(sends_itself), -ending->signal);
        before = SIG_IGN;
        EXPECT_EQ(end_by(sends_itself), 0);
    }
}

/* ---- debuggers ------------------------------------------------------------------------------------------ */

static pid_t trace(const struct kind *kind)
{
    int status = 0;
    pid_t pid = fork_child();

    if (pid == 0) {
        signal(kind->signal, SIG_DFL);
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
            _exit(CHECK_SKIPPED);
        raise(SIGSTOP);
        kind->run();
        _exit(0);
    }
    MUST(waitpid(pid, &status, 0) == pid);
    if (WIFEXITED(status) && WEXITSTATUS(status) == CHECK_SKIPPED)
        SKIP("ptrace is not allowed here");
    MUST(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
    return pid;
}

/* Lets it run to its next stop; 0 if that is not one by this signal. */
static unsigned long long next_stop(pid_t pid, int deliver, int signal)
{
    struct user_regs_struct registers;
    int status = 0;

    MUST(ptrace(PTRACE_CONT, pid, NULL, (void *)(intptr_t)deliver) == 0);
    MUST(waitpid(pid, &status, 0) == pid);
    if (!WIFSTOPPED(status) || WSTOPSIG(status) != signal)
        return 0;
    MUST(ptrace(PTRACE_GETREGS, pid, NULL, &registers) == 0);
    return registers.rip;
}

/* A debugger, like a core, shows the instruction and not our handler. */
TEST(processorsignals, they_end_the_process_where_they_happened, "O277")
{
    unsigned long long first, second;
    int i, status = 0;
    pid_t pid;

    if (SANITIZED)
        SKIP("the sanitizers have handlers of their own");
    MUST(AddVectoredExceptionHandler(1, passes) != NULL);
    for (i = 0; i < KINDS; i++) {
        pid = trace(&kinds[i]);
        first = next_stop(pid, 0, kinds[i].signal);
        second = next_stop(pid, kinds[i].signal, kinds[i].signal);
        EXPECT(first != 0);
        EXPECT_EQ(second, first);
        EXPECT_EQ(next_stop(pid, kinds[i].signal, 0), 0);
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
    }
}

TEST(processorsignals, a_debuggers_breakpoint_stays_the_debuggers, "O277")
{
    int status = 0;
    pid_t pid;

    if (SANITIZED)
        SKIP("the sanitizers have handlers of their own");
    MUST(AddVectoredExceptionHandler(1, passes) != NULL);
    pid = trace(&kinds[2]);
    EXPECT(next_stop(pid, 0, SIGTRAP) != 0);
    MUST(ptrace(PTRACE_CONT, pid, NULL, NULL) == 0);
    MUST(waitpid(pid, &status, 0) == pid);
    EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* ---- who asks for them -------------------------------------------------------------------------------------- */

static uintptr_t kernels_handler(int signal)
{
    uintptr_t action[4] = {0};

    MUST(syscall(SYS_rt_sigaction, signal, NULL, action, 8) == 0);
    return action[0];
}

TEST(processorsignals, guard_pages_alone_leave_them_to_the_program, "L62")
{
    static const int signals[] = {SIGFPE, SIGILL, SIGTRAP};
    uintptr_t alone[3];
    int i;

    for (i = 0; i < 3; i++)
        alone[i] = kernels_handler(signals[i]);
    commit(PAGE, PAGE_READWRITE | PAGE_GUARD);
    for (i = 0; i < 3; i++)
        EXPECT_EQ(kernels_handler(signals[i]), alone[i]);
    MUST(AddVectoredExceptionHandler(1, passes) != NULL);
    for (i = 0; i < 3; i++)
        EXPECT(kernels_handler(signals[i]) != alone[i]);
}

/* ---- stepping through us ---------------------------------------------------------------------------------------- */

static unsigned steps, refused;
static int stepping;

static LONG CALLBACK steps_and_asks(EXCEPTION_POINTERS *info)
{
    MEMORY_BASIC_INFORMATION mbi;
    DWORD code = info->ExceptionRecord->ExceptionCode;

    if (code == EXCEPTION_BREAKPOINT)
        info->ContextRecord->Rip++;
    else if (code != EXCEPTION_SINGLE_STEP)
        return EXCEPTION_CONTINUE_SEARCH;
    steps++;
    if (steps % 64 == 0)
        refused += VirtualQuery(&mbi, &mbi, sizeof mbi) != sizeof mbi;
    if (stepping)
        info->ContextRecord->EFlags |= 0x100;
    return EXCEPTION_CONTINUE_EXECUTION;
}

/* On Windows a call is one step, nearly; here it is stepped through but where it holds a lock of ours. */
TEST(processorsignals, our_calls_can_be_stepped_through, "O277 L63")
{
    struct sigaction action;
    DWORD old = 0;
    HGLOBAL memory = GlobalAlloc(GMEM_FIXED, 100);
    BYTE *p;
    int i;

    if (SANITIZED)
        SKIP("the sanitizers' allocators would be stepped through");
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    MUST(AddVectoredExceptionHandler(1, steps_and_asks) != NULL);
    for (i = 0; i < 3; i++) {
        stepping = 1;
        breaks();
        p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
        EXPECT(p != NULL && VirtualProtect(p, PAGE, PAGE_READONLY, &old));
        EXPECT(VirtualFree(p, 0, MEM_RELEASE));
        EXPECT_EQ(GlobalSize(memory), 100); /* reads what may not be there */
        EXPECT(RemoveVectoredExceptionHandler(AddVectoredExceptionHandler(0, passes)));
        EXPECT(sigaction(SIGSEGV, &action, NULL) == 0);
        stepping = 0;
        breaks();
    }
    EXPECT(steps > 500);
    EXPECT_EQ(refused, 0);
}

#endif
