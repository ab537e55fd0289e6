/*
 * Exceptions on Linux: beside the program's own handlers for SIGSEGV and SIGBUS, on alternate stacks, and where nobody
 * handles them. What is the same on Windows: exceptions.c.
 */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <ucontext.h>

#include "../support/child.h"
#include "../support/oldlibc.h"

#ifdef CHECK_THREAD_SANITIZER
#define THREAD_SANITIZED 1
#else
#define THREAD_SANITIZED 0
#endif

static unsigned asked;

static LONG CALLBACK passes(EXCEPTION_POINTERS *info)
{
    (void)info;
    ATOMIC_ADD(asked, 1);
    return EXCEPTION_CONTINUE_SEARCH;
}

static EXCEPTION_RECORD record;
static BYTE *fix;

static LONG CALLBACK fixes(EXCEPTION_POINTERS *info)
{
    DWORD old;

    record = *info->ExceptionRecord;
    ATOMIC_ADD(asked, 1);
    errno = ENOTTY;
    return VirtualProtect(fix, PAGE, PAGE_READWRITE, &old) ? EXCEPTION_CONTINUE_EXECUTION
                                                           : EXCEPTION_CONTINUE_SEARCH;
}

static void touch(BYTE *p)
{
    *(volatile BYTE *)p = 1;
}

/* ---- the program's own handler -------------------------------------------------------------- */

static siginfo_t got_info;
static greg_t got_rip;
static sigset_t got_mask;
static volatile sig_atomic_t got_signals;
static struct sigaction none; /* what a signal's action is before anybody sets one */

static void opens_the_page(int number, siginfo_t *info, void *context)
{
    (void)number;
    got_signals++;
    got_info = *info;
    got_rip = ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
    sigprocmask(SIG_SETMASK, NULL, &got_mask);
    mprotect((void *)(AT(info->si_addr) & ~(PAGE - 1)), PAGE, PROT_READ | PROT_WRITE);
}

static struct sigaction opening(int flags)
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_sigaction = opens_the_page;
    action.sa_flags = SA_SIGINFO | flags;
    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, SIGUSR2);
    return action;
}

static void expect_the_programs_handler_works(BYTE *p)
{
    sigset_t now;

    touch(p + 0x21);
    EXPECT_EQ(got_signals, 1);
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(got_info.si_addr, p + 0x21);
    EXPECT_EQ(got_info.si_code, SEGV_ACCERR);
    EXPECT(AT(got_rip) - AT(touch) < 0x200);
    EXPECT(sigismember(&got_mask, SIGSEGV) == 1 && sigismember(&got_mask, SIGUSR2) == 1);
    EXPECT(sigismember(&got_mask, SIGUSR1) == 0 || THREAD_SANITIZED); /* it blocks all */
    sigprocmask(SIG_SETMASK, NULL, &now);
    EXPECT(sigismember(&now, SIGSEGV) == 0 && sigismember(&now, SIGUSR2) == 0);
    EXPECT_EQ(p[0x21], 1);
}

TEST(chaining, a_handler_that_was_there_before_gets_what_nobody_continues, "L56")
{
    BYTE *p = commit(PAGE, PAGE_NOACCESS);
    struct sigaction action = opening(0), old;

    MUST(sigaction(SIGSEGV, &action, NULL) == 0);
    MUST(AddVectoredExceptionHandler(1, passes) != NULL);
    expect_the_programs_handler_works(p);
    MUST(sigaction(SIGSEGV, NULL, &old) == 0);
    EXPECT(old.sa_sigaction == opens_the_page && (old.sa_flags & SA_SIGINFO));
    EXPECT(sigismember(&old.sa_mask, SIGUSR2) == 1 && sigismember(&old.sa_mask, SIGUSR1) == 0);
}

TEST(chaining, a_handler_that_is_set_later_gets_what_nobody_continues, "L56")
{
    BYTE *p = commit(PAGE, PAGE_NOACCESS);
    struct sigaction action = opening(0), old;

    MUST(sigaction(SIGSEGV, NULL, &none) == 0);
    MUST(AddVectoredExceptionHandler(1, passes) != NULL);
    MUST(sigaction(SIGSEGV, &action, &old) == 0);
    EXPECT(old.sa_sigaction == none.sa_sigaction);
    expect_the_programs_handler_works(p);
    MUST(sigaction(SIGSEGV, &none, &old) == 0);
    EXPECT(old.sa_sigaction == opens_the_page && (old.sa_flags & SA_SIGINFO));
}

TEST(chaining, vectored_handlers_come_before_the_programs, "L56 O105")
{
    BYTE *p = commit(PAGE, PAGE_NOACCESS);
    struct sigaction action = opening(0);

    fix = p;
    MUST(AddVectoredExceptionHandler(1, fixes) != NULL);
    MUST(sigaction(SIGSEGV, &action, NULL) == 0);
    touch(p);
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(got_signals, 0);
}

TEST(chaining, nodefer_leaves_the_signal_unblocked, "L56")
{
    BYTE *p = commit(PAGE, PAGE_NOACCESS);
    struct sigaction action = opening(SA_NODEFER);

    if (THREAD_SANITIZED)
        SKIP("the thread sanitizer blocks all signals in a handler");
    MUST(AddVectoredExceptionHandler(1, passes) != NULL);
    MUST(sigaction(SIGSEGV, &action, NULL) == 0);
    touch(p);
    EXPECT_EQ(got_signals, 1);
    EXPECT(sigismember(&got_mask, SIGSEGV) == 0 && sigismember(&got_mask, SIGUSR2) == 1);
}

static BYTE *two_pages;

static void faults_twice(void)
{
    struct sigaction action = opening(SA_RESETHAND), now;

    sigaction(SIGSEGV, &action, NULL);
    touch(two_pages);
    EXPECT_EQ(got_signals, 1);
    sigaction(SIGSEGV, NULL, &now);
    EXPECT(now.sa_handler == SIG_DFL);
    if (check_failures)
        return;
    touch(two_pages + PAGE);
}

TEST(chaining, resethand_is_for_one_signal, "L56")
{
    two_pages = commit(2 * PAGE, PAGE_NOACCESS);
    MUST(AddVectoredExceptionHandler(1, passes) != NULL);
    EXPECT_EQ(end_of(faults_twice), -SIGSEGV);
}

static void notes_the_number(int number)
{
    got_signals = number;
    siglongjmp(check_jump, 1);
}

TEST(chaining, a_plain_handler_may_jump_away, "L56")
{
    BYTE *p = commit(PAGE, PAGE_NOACCESS);
    sigset_t now;
    int i;

    MUST(AddVectoredExceptionHandler(1, passes) != NULL);
    MUST(signal(SIGSEGV, notes_the_number) != SIG_ERR);
    EXPECT(signal(SIGSEGV, notes_the_number) == notes_the_number);
    for (i = 0; i < 100; i++) {
        got_signals = 0;
        if (sigsetjmp(check_jump, 1) == 0)
            touch(p);
        EXPECT_EQ(got_signals, SIGSEGV);
    }
    sigprocmask(SIG_SETMASK, NULL, &now);
    EXPECT(sigismember(&now, SIGSEGV) == 0);
    EXPECT_EQ(asked, 100);
}

TEST(chaining, other_signals_are_libcs_business, "L57")
{
    struct sigaction action = opening(0), old;

    MUST(AddVectoredExceptionHandler(1, passes) != NULL);
    MUST(sigaction(SIGUSR1, &action, NULL) == 0);
    MUST(sigaction(SIGUSR1, NULL, &old) == 0);
    EXPECT(old.sa_sigaction == opens_the_page);
    raise(SIGUSR1);
    EXPECT_EQ(got_signals, 1);
    EXPECT(signal(SIGUSR1, SIG_IGN) == (__sighandler_t)(uintptr_t)opens_the_page);
    EXPECT(sigaction(SIGKILL, &action, NULL) == -1 && errno == EINVAL);
    EXPECT(sigaction(12345, NULL, &old) == -1 && errno == EINVAL);
}

/* ---- signals that are no faults --------------------------------------------------------------- */

TEST(chaining, a_signal_that_was_sent_is_no_exception, "L57")
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = notes_the_number;
    MUST(AddVectoredExceptionHandler(1, passes) != NULL);
    MUST(sigaction(SIGSEGV, &action, NULL) == 0);
    if (sigsetjmp(check_jump, 1) == 0)
        kill(getpid(), SIGSEGV);
    EXPECT_EQ(got_signals, SIGSEGV);
    EXPECT_EQ(asked, 0);
}

static void sends_to_itself(void)
{
    kill(getpid(), SIGSEGV);
    check_sleep(1000);
}

TEST(chaining, a_sent_signal_has_its_default_action, "L57")
{
    MUST(AddVectoredExceptionHandler(1, passes) != NULL);
    MUST(signal(SIGSEGV, SIG_DFL) != SIG_ERR);
    EXPECT_EQ(end_of(sends_to_itself), -SIGSEGV);
    MUST(signal(SIGSEGV, SIG_IGN) != SIG_ERR);
    EXPECT_EQ(end_of(sends_to_itself), 0);
}

/* ---- nobody handles it --------------------------------------------------------------------------- */

static void faults(void)
{
    touch(fix);
}

TEST(chaining, an_unhandled_violation_ends_the_process_by_its_signal, "D12.7g L58")
{
    fix = commit(PAGE, PAGE_NOACCESS);
    MUST(AddVectoredExceptionHandler(1, passes) != NULL);
    MUST(signal(SIGSEGV, SIG_DFL) != SIG_ERR);
    EXPECT_EQ(end_of(faults), -SIGSEGV);
    MUST(signal(SIGSEGV, SIG_IGN) != SIG_ERR);
    EXPECT_EQ(end_of(faults), -SIGSEGV);
}

static LONG filter_answer;

static LONG WINAPI filter(EXCEPTION_POINTERS *info)
{
    (void)info;
    return filter_answer;
}

static void must_not_run(void)
{
    _exit(77);
}

static void faults_with_atexit(void)
{
    atexit(must_not_run);
    faults();
}

static void raises(void)
{
    RaiseException(0xE00000A5, 0, 0, NULL);
}

TEST(chaining, the_filter_decides_how_the_process_ends, "D12.7f L58")
{
    fix = commit(PAGE, PAGE_NOACCESS);
    SetUnhandledExceptionFilter(filter);
    MUST(signal(SIGSEGV, SIG_DFL) != SIG_ERR);
    filter_answer = EXCEPTION_EXECUTE_HANDLER;
    EXPECT_EQ(end_of(faults_with_atexit), EXCEPTION_ACCESS_VIOLATION & 0xff);
    EXPECT_EQ(end_of(raises), 0xA5);
    filter_answer = EXCEPTION_CONTINUE_SEARCH;
    EXPECT_EQ(end_of(faults), -SIGSEGV);
    EXPECT_EQ(end_of(raises), -SIGABRT);
    filter_answer = EXCEPTION_CONTINUE_EXECUTION;
    EXPECT_EQ(end_of(raises), 0);
}

static void raises_unstoppably(void)
{
    RaiseException(0xE00000A5, EXCEPTION_NONCONTINUABLE, 0, NULL);
}

static LONG CALLBACK continues(EXCEPTION_POINTERS *info)
{
    (void)info;
    return EXCEPTION_CONTINUE_EXECUTION;
}

TEST(chaining, an_unhandled_raised_exception_ends_the_process_like_abort, "D12.7g L58")
{
    MUST(signal(SIGABRT, SIG_IGN) != SIG_ERR);
    EXPECT_EQ(end_of(raises), -SIGABRT);
    MUST(AddVectoredExceptionHandler(1, continues) != NULL);
    EXPECT_EQ(end_of(raises), 0);
    EXPECT_EQ(end_of(raises_unstoppably), -SIGABRT);
}

TEST(chaining, raising_works_while_the_signal_is_blocked, "L61")
{
    sigset_t segv, now;

    sigemptyset(&segv);
    sigaddset(&segv, SIGSEGV);
    MUST(AddVectoredExceptionHandler(1, continues) != NULL);
    sigprocmask(SIG_BLOCK, &segv, NULL);
    errno = EDOM;
    raises();
    EXPECT_EQ(errno, EDOM);
    sigprocmask(SIG_SETMASK, NULL, &now);
    EXPECT(sigismember(&now, SIGSEGV) == 1);
}

static size_t frame_bytes;

static LONG CALLBACK faults_itself(EXCEPTION_POINTERS *info)
{
    volatile BYTE *frame = __builtin_alloca(frame_bytes);

    (void)info;
    *frame = 1;
    touch(fix);
    return EXCEPTION_CONTINUE_SEARCH;
}

/* Whether it is a frame of the kernel's or one of the handlers' that no longer fits depends on their sizes. */
TEST(chaining, a_handler_that_faults_for_ever_ends_the_process, "L67")
{
    stack_t stack;

    fix = commit(PAGE, PAGE_NOACCESS);
    MUST(AddVectoredExceptionHandler(1, faults_itself) != NULL);
    MUST(sigaltstack(NULL, &stack) == 0);
    if (SANITIZED && stack.ss_size < 0x10000)
        SKIP("the sanitizer's alternate stack has no inaccessible page below");
    for (frame_bytes = 16; frame_bytes < 4000; frame_bytes += 160)
        EXPECT_EQ(end_of(faults), -SIGSEGV);
}

/* ---- who is on top ------------------------------------------------------------------------------------ */

struct kernel_action {
    void (*handler)(int, siginfo_t *, void *);
    unsigned long flags;
    void (*restorer)(void);
    unsigned long mask;
};

static struct kernel_action below;

static void calls_the_one_below(int number, siginfo_t *info, void *context)
{
    got_signals++;
    if (got_signals < 10)
        below.handler(number, info, context);
    else
        check_end(65); /* in a circle */
}

static void covers_ours(void)
{
    struct kernel_action mine;

    MUST(syscall(SYS_rt_sigaction, SIGSEGV, NULL, &below, 8) == 0);
    mine = below; /* with the restorer, which libc does not show */
    mine.handler = calls_the_one_below;
    MUST(syscall(SYS_rt_sigaction, SIGSEGV, &mine, NULL, 8) == 0);
}

TEST(chaining, a_handler_put_over_ours_is_asked_behind_it_again, "L59")
{
    BYTE *p = commit(2 * PAGE, PAGE_NOACCESS);
    struct sigaction action = opening(0);
    PVOID handle = AddVectoredExceptionHandler(1, passes);

    MUST(handle != NULL && sigaction(SIGSEGV, &action, NULL) == 0);
    covers_ours();
    touch(p); /* theirs, ours, the vectored handler, the program's */
    EXPECT_EQ(got_signals, 2);
    EXPECT_EQ(asked, 1);
    MUST(AddVectoredExceptionHandler(1, passes) != NULL);
    got_signals = 0;
    asked = 0;
    touch(p + PAGE); /* ours, two vectored handlers, theirs, back to us: the program's */
    EXPECT_EQ(got_signals, 2);
    EXPECT_EQ(asked, 2);
}

int other_library_handles(int number, void (*handler)(int));

/* Were it libc's sigaction that other libraries call, the vectored handler would not be asked any more. */
TEST(chaining, a_handler_that_a_library_sets_is_asked_behind_ours, "L59")
{
    BYTE *p = commit(PAGE, PAGE_NOACCESS);
    struct sigaction old;

    MUST(AddVectoredExceptionHandler(1, passes) != NULL);
    MUST(other_library_handles(SIGSEGV, notes_the_number) == 0);
    if (sigsetjmp(check_jump, 1) == 0)
        touch(p);
    EXPECT_EQ(got_signals, SIGSEGV);
    EXPECT_EQ(asked, 1);
    MUST(sigaction(SIGSEGV, NULL, &old) == 0);
    EXPECT(old.sa_handler == notes_the_number);
}

static int linked_statically(void)
{
    Dl_info info;

    return dladdr((const void *)(uintptr_t)VirtualAlloc, &info) == 0 ||
           strstr(info.dli_fname, "libwinmem") == NULL;
}

static int depth_of_touch;

static LONG CALLBACK looks_back(EXCEPTION_POINTERS *info)
{
    void *frames[40];
    int i, count = backtrace(frames, 40);

    for (i = 0; i < count; i++)
        if (AT(frames[i]) == (uintptr_t)info->ContextRecord->Rip)
            depth_of_touch = i;
    for (i = depth_of_touch; i < count; i++)
        if (AT(frames[i]) - AT(check_run) < 0x1000)
            got_signals = 1;
    return fixes(info);
}

TEST(chaining, unwinding_leads_from_a_handler_to_the_fault_and_on, "L60")
{
    void *frames[2];

    if (SANITIZED)
        SKIP("the sanitizer unwinds itself");
    backtrace(frames, 2); /* loads what it needs */
    fix = commit(PAGE, PAGE_NOACCESS);
    MUST(AddVectoredExceptionHandler(1, looks_back) != NULL);
    touch(fix);
    EXPECT(depth_of_touch > 0);
    EXPECT(got_signals);
}

/* What gdb says when the test above has come to its handler. */
static size_t ask_gdb(char *text, size_t size)
{
    FILE *gdb =
        popen("gdb -nx -q -batch -ex 'set follow-fork-mode child' -ex 'handle all nostop noprint pass'"
              " -ex 'break looks_back' -ex run -ex bt --args /proc/$PPID/exe"
              " chaining.unwinding_leads_from_a_handler_to_the_fault_and_on 2>&1",
              "r");
    size_t length = gdb != NULL ? fread(text, 1, size - 1, gdb) : 0;

    text[length] = '\0';
    if (gdb != NULL)
        pclose(gdb);
    return length;
}

TEST(chaining, a_debugger_sees_a_signal_handler_and_where_it_was_called, "L60")
{
    static char text[50000];

    if (SANITIZED)
        SKIP("the sanitizers want a debugger to know them");
    if (ask_gdb(text, sizeof text) == 0 || strstr(text, "looks_back (info=") == NULL)
        SKIP("no gdb, or it may not trace");
    EXPECT(strstr(text, "<signal handler called>") != NULL);
    EXPECT(strstr(text, " touch (") != NULL);
    if (check_failures)
        printf("%s\n", text);
}

/* ---- stacks ---------------------------------------------------------------------------------------------- */

static ucontext_t back, there;

/* Below a frame of its own page; the first byte of the stack is in its lowest page. */
static void touches_the_end_of_its_stack(void)
{
    touch(fix);
}

/* A stack of our memory whose lowest page cannot be accessed: the interrupted stack is the one with the fault. */
static void faults_on_a_stack_of_ours(void *arg)
{
    BYTE *stack = commit(64 * PAGE, PAGE_READWRITE);

    (void)arg;
    protect(stack, PAGE, PAGE_NOACCESS);
    fix = stack;
    asked = 0;
    MUST(getcontext(&there) == 0);
    there.uc_stack.ss_sp = stack;
    there.uc_stack.ss_size = 64 * PAGE;
    there.uc_link = &back;
    makecontext(&there, touches_the_end_of_its_stack, 0);
    MUST(swapcontext(&back, &there) == 0);
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(record.ExceptionCode, EXCEPTION_ACCESS_VIOLATION);
    EXPECT_EQ(record.ExceptionInformation[1], AT(stack));
}

/* Puts the stack pointer itself into the page that faults. */
static void pushes_at_the_end_of_its_stack(void *arg)
{
    BYTE *stack = commit(64 * PAGE, PAGE_READWRITE);

    (void)arg;
    protect(stack, PAGE, PAGE_NOACCESS);
    fix = stack;
    asked = 0;
    __asm__ volatile("movq %%rsp, %%rbx\n"
                     "movq %0, %%rsp\n"
                     "pushq $7\n"
                     "popq %%rax\n"
                     "movq %%rbx, %%rsp"
                     :
                     : "r"(stack + PAGE)
                     : "rax", "rbx", "memory");
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(record.ExceptionCode, EXCEPTION_ACCESS_VIOLATION);
    EXPECT_EQ(record.ExceptionInformation[0], EXCEPTION_WRITE_FAULT);
    EXPECT_EQ(record.ExceptionInformation[1], AT(stack + PAGE - 8));
}

TEST(chaining, a_fault_on_the_running_stack_is_handled_in_the_main_thread, "L65")
{
    MUST(AddVectoredExceptionHandler(1, fixes) != NULL);
    faults_on_a_stack_of_ours(NULL);
    pushes_at_the_end_of_its_stack(NULL);
}

static int may_go;

static void waits_and_pushes(void *arg)
{
    while (!ATOMIC_GET(may_go))
        check_sleep(1);
    pushes_at_the_end_of_its_stack(arg);
}

TEST(chaining, a_fault_on_the_running_stack_is_handled_in_a_thread_from_before, "L65")
{
    struct check_thread thread;

    thread_start(&thread, waits_and_pushes, NULL);
    MUST(AddVectoredExceptionHandler(1, fixes) != NULL);
    ATOMIC_SET(may_go, 1);
    thread_join(&thread);
}

/* Without any call of ours in the thread. */
static void pushes_onto(void *stack)
{
    __asm__ volatile("movq %%rsp, %%rbx\n"
                     "movq %0, %%rsp\n"
                     "pushq $7\n"
                     "popq %%rax\n"
                     "movq %%rbx, %%rsp"
                     :
                     : "r"((BYTE *)stack + PAGE)
                     : "rax", "rbx", "memory");
}

TEST(chaining, a_fault_on_the_running_stack_is_handled_in_a_new_thread, "L65")
{
    struct check_thread thread;

    MUST(AddVectoredExceptionHandler(1, fixes) != NULL);
    if (linked_statically())
        SKIP("linked statically: a thread gets its stack with its first call");
    fix = commit(64 * PAGE, PAGE_READWRITE);
    protect(fix, PAGE, PAGE_NOACCESS);
    thread_start(&thread, pushes_onto, fix);
    thread_join(&thread);
    EXPECT_EQ(asked, 1);
}

/* Where the thread sanitizer keeps what it knows about memory. It maps pieces anew as stacks come and go. */
static int is_sanitizers(unsigned long start)
{
    return THREAD_SANITIZED && start >= 0x300000000000 && start < 0x340000000000;
}

static int mappings(void)
{
    FILE *file = fopen("/proc/self/maps", "r");
    unsigned long start;
    int lines = 0;

    MUST(file != NULL);
    while (fscanf(file, "%lx-%*[^\n]", &start) == 1)
        lines += !is_sanitizers(start);
    fclose(file);
    return lines;
}

static void calls_us(void *arg)
{
    (void)arg;
    release(reserve(GRAIN));
}

TEST(chaining, the_stacks_go_with_their_threads, "L66")
{
    struct check_thread thread;
    int i, before = 0;

    MUST(AddVectoredExceptionHandler(1, fixes) != NULL);
    for (i = 0; i < 300; i++) {
        thread_start(&thread, calls_us, NULL);
        thread_join(&thread);
        if (i == 20)
            before = mappings();
    }
    EXPECT(mappings() < before + 40);
}

/* Nothing of libc's runs at the end of such a thread: its stack is found by whoever makes a later one. */
static void *ends_behind_libcs_back(void *arg)
{
    calls_us(NULL);
    syscall(SYS_exit, 0);
    return arg;
}

TEST(chaining, the_stacks_go_with_threads_that_end_without_libc, "L66")
{
    pthread_t thread;
    int i, before = 0;

    if (SANITIZED)
        SKIP("the sanitizer wants to be told that a thread ends");
    MUST(AddVectoredExceptionHandler(1, fixes) != NULL);
    for (i = 0; i < 300; i++) {
        MUST(pthread_create(&thread, NULL, ends_behind_libcs_back, NULL) == 0 &&
             pthread_join(thread, NULL) == 0);
        if (i == 20)
            before = mappings();
    }
    EXPECT(mappings() < before + 40);
}

static void *ends_early(void *arg)
{
    pthread_exit((BYTE *)arg + 1);
}

TEST(chaining, threads_get_their_argument_and_return_their_result, "L68")
{
    BYTE object[2];
    void *result = NULL;
    pthread_t thread;
    pthread_attr_t attr;

    MUST(AddVectoredExceptionHandler(1, fixes) != NULL);
    MUST(pthread_create(&thread, NULL, ends_early, object) == 0 && pthread_join(thread, &result) == 0);
    EXPECT(result == object + 1);
    MUST(pthread_attr_init(&attr) == 0);
    MUST(pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED) == 0);
    EXPECT(pthread_create(&thread, &attr, ends_early, object) == 0);
    check_sleep(20);
}

TEST(chaining, an_alternate_stack_of_the_programs_own_stays, "L66")
{
    static BYTE own[0x10000];
    stack_t mine, now;

    memset(&mine, 0, sizeof mine);
    mine.ss_sp = own;
    mine.ss_size = sizeof own;
    MUST(sigaltstack(&mine, NULL) == 0);
    MUST(AddVectoredExceptionHandler(1, fixes) != NULL);
    calls_us(NULL);
    MUST(sigaltstack(NULL, &now) == 0);
    EXPECT(now.ss_sp == own && now.ss_size == sizeof own);
}

static LONG CALLBACK expects_overflow(EXCEPTION_POINTERS *info)
{
    const EXCEPTION_RECORD *seen = info->ExceptionRecord;

    EXPECT_EQ(seen->ExceptionCode, EXCEPTION_STACK_OVERFLOW);
    EXPECT_EQ(seen->NumberParameters, 2);
    EXPECT(seen->ExceptionInformation[1] - info->ContextRecord->Rsp + GRAIN < 2 * GRAIN);
    check_end(check_failures ? 1 : 0);
}

/* Not optimised into a loop: each call uses the result of the next and memory of its own. */
static int recurses(volatile BYTE *from)
{
    volatile BYTE frame[2000];

    frame[0] = *from;
    return frame[0] == 1 ? 1 : recurses(frame) + frame[0];
}

static void overflows(void *arg)
{
    volatile BYTE zero = 0;

    (void)arg;
    EXPECT(recurses(&zero) == 1);
}

TEST(chaining, a_thread_that_runs_out_of_stack_has_overflown_it, "L67")
{
    struct check_thread thread;

    if (SANITIZED && linked_statically())
        SKIP("linked statically: no alternate stack in a sanitizer's thread");
    MUST(AddVectoredExceptionHandler(1, expects_overflow) != NULL);
    if (!linked_statically()) {
        thread_start(&thread, overflows, NULL);
        thread_join(&thread);
    } else {
        overflows(NULL);
    }
}

/* ---- where handlers run ---------------------------------------------------------------------------------- */

static uintptr_t handler_at;

static LONG CALLBACK tells_where(EXCEPTION_POINTERS *info)
{
    BYTE here;

    handler_at = AT(&here);
    return fixes(info);
}

static void faults_on_its_own_stack(void *arg)
{
    BYTE here;

    (void)arg;
    calls_us(NULL);
    fix = commit(PAGE, PAGE_NOACCESS);
    asked = 0;
    touch(fix);
    EXPECT_EQ(asked, 1);
    EXPECT(handler_at < AT(&here) && AT(&here) - handler_at < 0x8000);
}

TEST(chaining, handlers_run_on_the_stack_of_the_thread, "L64")
{
    struct check_thread thread;
    int i;

    if (SANITIZED)
        SKIP("the sanitizers keep variables elsewhere");
    MUST(AddVectoredExceptionHandler(1, tells_where) != NULL);
    faults_on_its_own_stack(NULL);
    for (i = 0; i < 3; i++) {
        thread_start(&thread, faults_on_its_own_stack, NULL);
        thread_join(&thread);
    }
}

enum { DEEP = SANITIZED ? 200 : 1000 };

static LONG CALLBACK goes_deeper(EXCEPTION_POINTERS *info)
{
    asked++;
    if (asked < DEEP)
        touch(fix);
    return fixes(info);
}

/* The kernel's frames alone would need fifty of the stacks that a signal has for itself. */
TEST(chaining, handlers_meet_exceptions_as_deep_as_the_stack_is, "L64")
{
    fix = commit(PAGE, PAGE_NOACCESS);
    MUST(AddVectoredExceptionHandler(1, goes_deeper) != NULL);
    touch(fix);
    EXPECT_EQ(asked, 2 * DEEP);
}

/* As small as the kernel allows, or a little larger, in memory with nothing below. */
static void use_small_stack(size_t more)
{
    size_t bytes = smallest_signal_stack() + more, whole = (bytes + PAGE - 1) & ~(PAGE - 1);
    BYTE *p = mmap(NULL, PAGE + whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    stack_t small;

    memset(&small, 0, sizeof small);
    MUST(p != MAP_FAILED && mprotect(p, PAGE, PROT_NONE) == 0);
    small.ss_sp = p + PAGE;
    small.ss_size = bytes;
    MUST(sigaltstack(&small, NULL) == 0);
}

static void leaves_its_stack(void)
{
    faults_on_a_stack_of_ours(NULL);
}

TEST(chaining, the_smallest_alternate_stack_is_enough_or_the_end, "L67")
{
    MUST(AddVectoredExceptionHandler(1, fixes) != NULL);
    fix = commit(PAGE, PAGE_NOACCESS);
    touch(fix); /* the stack of this thread is known from here on */
    use_small_stack(0);
    if (!SANITIZED) { /* which take the stack for theirs */
        fix = commit(PAGE, PAGE_NOACCESS);
        asked = 0;
        touch(fix);
        EXPECT_EQ(asked, 1);
    }
    EXPECT_EQ(end_of(leaves_its_stack), -SIGSEGV);
}

static void runs_over_its_stack(void)
{
    use_small_stack(0x1000);
    faults_on_a_stack_of_ours(NULL);
}

TEST(chaining, an_alternate_stack_that_is_run_over_is_the_end, "L67")
{
    if (SANITIZED)
        SKIP("the sanitizers take the stack for theirs");
    MUST(AddVectoredExceptionHandler(1, faults_itself) != NULL);
    for (frame_bytes = 16; frame_bytes < 20000; frame_bytes += 1600)
        EXPECT_EQ(end_of(runs_over_its_stack), -SIGSEGV);
}

static void touches_and_pushes(void *arg)
{
    while (!ATOMIC_GET(may_go))
        check_sleep(1);
    touch(fix);
    EXPECT_EQ(asked, 1);
    pushes_at_the_end_of_its_stack(arg);
}

/* The handler's own call gives the thread its alternate stack; the kernel knows of none when it is left. */
TEST(chaining, a_stack_that_a_thread_gets_in_a_handler_stays, "L65 L66")
{
    struct check_thread thread;

    thread_start(&thread, touches_and_pushes, NULL);
    MUST(AddVectoredExceptionHandler(1, fixes) != NULL);
    fix = commit(PAGE, PAGE_NOACCESS);
    ATOMIC_SET(may_go, 1);
    thread_join(&thread);
}

static stack_t own_stack;

static void opens_and_tells_where(int number, siginfo_t *info, void *context)
{
    BYTE here;

    handler_at = AT(&here);
    opens_the_page(number, info, context);
}

static int ran_on_alternate_stack(int flags)
{
    struct sigaction action = opening(flags);
    stack_t now;

    action.sa_sigaction = opens_and_tells_where;
    MUST(sigaction(SIGSEGV, &action, NULL) == 0);
    got_signals = 0;
    touch(commit(PAGE, PAGE_NOACCESS));
    EXPECT_EQ(got_signals, 1);
    EXPECT(sigaltstack(NULL, &now) == 0 && now.ss_sp == own_stack.ss_sp && now.ss_flags == 0);
    return handler_at - AT(own_stack.ss_sp) < own_stack.ss_size;
}

TEST(chaining, a_programs_handler_runs_where_it_asked_to, "L56")
{
    if (SANITIZED)
        SKIP("the sanitizers keep variables elsewhere");
    own_stack.ss_size = 0x10000;
    own_stack.ss_sp = malloc(own_stack.ss_size);
    MUST(sigaltstack(&own_stack, NULL) == 0);
    MUST(AddVectoredExceptionHandler(1, passes) != NULL);
    EXPECT(ran_on_alternate_stack(SA_ONSTACK));
    EXPECT(!ran_on_alternate_stack(0));
    EXPECT(ran_on_alternate_stack(SA_ONSTACK | SA_NODEFER));
    EXPECT_EQ(asked, 3);
}

/* A signal that cannot be queued any more comes without what it was to say. */
TEST(chaining, raising_works_where_no_signal_can_be_queued, "L61")
{
    struct rlimit none_pending = {0, 0};

    MUST(AddVectoredExceptionHandler(1, continues) != NULL);
    MUST(setrlimit(RLIMIT_SIGPENDING, &none_pending) == 0);
    raises();
    raises();
}

/* ---- other faults --------------------------------------------------------------------------------------------- */

static LONG CALLBACK fills_the_file(EXCEPTION_POINTERS *info)
{
    record = *info->ExceptionRecord;
    asked++;
    return ftruncate((int)(intptr_t)fix, 2 * (off_t)PAGE) == 0 ? EXCEPTION_CONTINUE_EXECUTION
                                                               : EXCEPTION_CONTINUE_SEARCH;
}

TEST(chaining, data_that_a_file_does_not_have_is_an_in_page_error, "D6.7a")
{
    int fd = memfd_create("short", 0);
    BYTE *p;

    MUST(fd >= 0 && ftruncate(fd, 2 * (off_t)PAGE) == 0);
    p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    MUST(p != MAP_FAILED && ftruncate(fd, (off_t)PAGE) == 0);
    fix = (BYTE *)(intptr_t)fd;
    MUST(AddVectoredExceptionHandler(1, fills_the_file) != NULL);
    touch(p + PAGE + 3);
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(record.ExceptionCode, EXCEPTION_IN_PAGE_ERROR);
    EXPECT_EQ(record.NumberParameters, 3);
    EXPECT_EQ(record.ExceptionInformation[0], EXCEPTION_WRITE_FAULT);
    EXPECT_EQ(record.ExceptionInformation[1], AT(p + PAGE + 3));
    EXPECT_EQ(record.ExceptionInformation[2], 0xC0000011);
    EXPECT_EQ(p[PAGE + 3], 1);
}

TEST(chaining, errno_survives_a_fault, "L53 L130")
{
    fix = commit(PAGE, PAGE_NOACCESS);
    MUST(AddVectoredExceptionHandler(1, fixes) != NULL);
    errno = EDOM;
    touch(fix);
    EXPECT_EQ(errno, EDOM);
    EXPECT_EQ(asked, 1);
}

static void faults_and_is_fixed(void)
{
    faults();
    EXPECT_EQ(asked, 1);
    MUST(AddVectoredExceptionHandler(1, fixes) != NULL);
}

TEST(chaining, a_forked_child_keeps_the_handlers, "L138")
{
    fix = commit(PAGE, PAGE_NOACCESS);
    MUST(AddVectoredExceptionHandler(1, fixes) != NULL);
    EXPECT_EQ(end_of(faults_and_is_fixed), 0);
    EXPECT_EQ(asked, 0);
}

static int churning;

static void *adds_and_removes(void *arg)
{
    while (!ATOMIC_GET(churning))
        RemoveVectoredExceptionHandler(AddVectoredExceptionHandler(0, passes));
    return arg;
}

TEST(chaining, forks_while_handlers_come_and_go, "L138 L52")
{
    pthread_t thread;
    int i;

    fix = commit(PAGE, PAGE_NOACCESS);
    MUST(AddVectoredExceptionHandler(1, fixes) != NULL);
    MUST(pthread_create(&thread, NULL, adds_and_removes, NULL) == 0);
    for (i = 0; i < 50; i++)
        EXPECT_EQ(end_of(faults_and_is_fixed), 0);
    ATOMIC_SET(churning, 1);
    pthread_join(thread, NULL);
}

TEST(chaining, as_many_handlers_as_there_is_room_for, "L55")
{
    static PVOID handles[1100];
    int i, count = 0;

    for (i = 0; i < 1100; i++) {
        handles[i] = AddVectoredExceptionHandler(0, passes);
        count += handles[i] != NULL;
    }
    EXPECT_EQ(count, 1023);
    for (i = 0; i < count; i++)
        EXPECT(RemoveVectoredExceptionHandler(handles[i]));
    EXPECT(AddVectoredExceptionHandler(0, passes) != NULL);
    EXPECT(AddVectoredExceptionHandler(0, NULL) == NULL);
}

#endif
