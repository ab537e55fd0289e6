/*
 * Handles to other processes: who may have one, with which rights, what they tell of the process, and that one
 * never means another process than the one it was opened for.
 */
#include "api.h"

#include <psapi.h>

#ifndef _WIN32
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#endif

static HANDLE const self = (HANDLE)(intptr_t)-1;

/* WaitForSingleObject sets the last error only when it fails, and then always. */
static void expect_wait(DWORD want, DWORD error, HANDLE handle, DWORD milliseconds)
{
    DWORD got;

    SetLastError(CHECK_SENTINEL);
    got = WaitForSingleObject(handle, milliseconds);
    EXPECT_EQ(got, want);
    EXPECT_EQ(GetLastError(), want == WAIT_FAILED ? error : CHECK_SENTINEL);
}

/* --- the calling process --- */

TEST(processhandles, the_id_of_oneself, "D12.8a")
{
    EXPECT_RETURNS(GetCurrentProcessId(), GetProcessId(GetCurrentProcess()));
    EXPECT_RETURNS(GetCurrentProcessId(), GetProcessId(self_with(PROCESS_QUERY_LIMITED_INFORMATION)));
    EXPECT_RETURNS(GetCurrentProcessId(), GetProcessId(self_with(PROCESS_QUERY_INFORMATION)));
}

TEST(processhandles, the_id_needs_a_query_right, "D12.8a O8")
{
    EXPECT_FAIL(ERROR_ACCESS_DENIED, GetProcessId(self_with(PROCESS_VM_OPERATION | SYNCHRONIZE)));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GetProcessId(NULL));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GetProcessId(section(GRAIN, PAGE_READWRITE)));
}

TEST(processhandles, whoever_asks_is_still_active, "D12.8b")
{
    DWORD code = 0;

    EXPECT_OK(GetExitCodeProcess(self, &code));
    EXPECT_EQ(code, STILL_ACTIVE);
    code = 0;
    EXPECT_OK(GetExitCodeProcess(self_with(PROCESS_QUERY_LIMITED_INFORMATION), &code));
    EXPECT_EQ(code, STILL_ACTIVE);
}

TEST(processhandles, the_exit_code_needs_a_query_right, "D12.8b O8")
{
    DWORD code = 4711;

    EXPECT_FAIL(ERROR_ACCESS_DENIED, GetExitCodeProcess(self_with(SYNCHRONIZE), &code));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GetExitCodeProcess(NULL, &code));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GetExitCodeProcess(section(GRAIN, PAGE_READWRITE), &code));
    EXPECT_EQ(code, 4711);
}

TEST(processhandles, waiting_for_oneself_times_out, "D12.8c")
{
    double before = check_seconds();

    expect_wait(WAIT_TIMEOUT, 0, self, 0);
    expect_wait(WAIT_TIMEOUT, 0, self_with(SYNCHRONIZE), 50);
    EXPECT(check_seconds() - before >= 0.045);
    SetLastError(CHECK_SENTINEL);
    EXPECT_EQ(WaitForSingleObjectEx(self, 1, TRUE), WAIT_TIMEOUT);
}

TEST(processhandles, waiting_needs_synchronize, "D12.8d")
{
    expect_wait(WAIT_FAILED, ERROR_ACCESS_DENIED, self_with(PROCESS_QUERY_INFORMATION), 0);
    expect_wait(WAIT_FAILED, ERROR_INVALID_HANDLE, NULL, 0);
}

TEST(processhandles, a_closed_handle_cannot_be_waited_for, "O8")
{
    HANDLE closed = self_with(SYNCHRONIZE);

    MUST(CloseHandle(closed));
    expect_wait(WAIT_FAILED, ERROR_INVALID_HANDLE, closed, 0);
}

TEST(processhandles, plenty_of_memory_can_be_waited_for, "D9.9e")
{
    HANDLE low = CreateMemoryResourceNotification(LowMemoryResourceNotification);
    HANDLE high = CreateMemoryResourceNotification(HighMemoryResourceNotification);
    BOOL is_low = TRUE, is_high = FALSE;

    MUST(low != NULL && high != NULL);
    MUST(QueryMemoryResourceNotification(low, &is_low) && QueryMemoryResourceNotification(high, &is_high));
    if (is_low || !is_high)
        SKIP("memory is short here");
    expect_wait(WAIT_OBJECT_0, 0, high, 5000);
    expect_wait(WAIT_TIMEOUT, 0, low, 30);
    EXPECT_OK(CloseHandle(high));
    expect_wait(WAIT_FAILED, ERROR_INVALID_HANDLE, high, 0);
}

TEST(processhandles, impossible_ids, "D12.3d")
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, OpenProcess(PROCESS_QUERY_INFORMATION, FALSE, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, OpenProcess(PROCESS_QUERY_INFORMATION, FALSE, 0x7FFFFFF0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, OpenProcess(PROCESS_QUERY_INFORMATION, FALSE, 0xFFFFFFF0));
}

#ifdef __linux__

/* Linux: a section's descriptor is nothing to wait for. Windows lets one wait for sections, for nothing. */
TEST(processhandles, sections_cannot_be_waited_for, "L153")
{
    expect_wait(WAIT_FAILED, ERROR_INVALID_HANDLE, section(GRAIN, PAGE_READWRITE), 0);
}

TEST(processhandles, an_exit_code_goes_to_memory_that_can_be_written, "O7")
{
    EXPECT_FAIL(ERROR_NOACCESS, GetExitCodeProcess(self, NULL));
}

/* --- children --- */

static pid_t must_fork(void)
{
    pid_t child = fork();

    MUST(child >= 0);
    return child;
}

/* Lives until it is killed, or its parent has ended. */
static pid_t a_child(void)
{
    pid_t parent = getpid(), child = must_fork();

    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        while (getppid() == parent)
            pause();
        _exit(1);
    }
    return child;
}

static void reap(pid_t child)
{
    MUST(waitpid(child, NULL, 0) == child);
}

static void end(pid_t child)
{
    MUST(kill(child, SIGKILL) == 0);
    reap(child);
}

/* Ended, and nobody has waited for it. */
static void await_zombie(pid_t child)
{
    siginfo_t info;

    MUST(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) == 0);
}

static pid_t a_zombie(int code)
{
    pid_t child = must_fork();

    if (child == 0)
        _exit(code);
    await_zombie(child);
    return child;
}

static HANDLE open_process(pid_t pid, DWORD access)
{
    HANDLE handle = OpenProcess(access, FALSE, (DWORD)pid);

    MUST(handle != NULL);
    return handle;
}

static int descriptors(void)
{
    int count = 0, fd;

    for (fd = 0; fd < 4096; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void expect_code(HANDLE handle, DWORD want)
{
    DWORD code = 4711;

    EXPECT_OK(GetExitCodeProcess(handle, &code));
    EXPECT_EQ(code, want);
}

TEST(processhandles, another_process_can_be_opened, "S110 D12.3c O205")
{
    pid_t child = a_child();
    HANDLE handle;

    SetLastError(CHECK_SENTINEL);
    handle = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)child);
    EXPECT_EQ(GetLastError(), CHECK_SENTINEL);
    MUST(handle != NULL);
    EXPECT(AT(handle) % 4 == 0);
    EXPECT_RETURNS((DWORD)child, GetProcessId(handle));
    expect_code(handle, STILL_ACTIVE);
    EXPECT_OK(CloseHandle(handle));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, CloseHandle(handle));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GetProcessId(handle));
    end(child);
}

TEST(processhandles, the_parent_can_be_opened, "D12.3c")
{
    HANDLE handle = open_process(getppid(), PROCESS_QUERY_INFORMATION | SYNCHRONIZE);

    EXPECT_RETURNS((DWORD)getppid(), GetProcessId(handle));
    expect_code(handle, STILL_ACTIVE);
    expect_wait(WAIT_TIMEOUT, 0, handle, 0);
}

TEST(processhandles, each_handle_has_its_own_rights, "D12.3c O204 O79")
{
    pid_t child = a_child();
    HANDLE query = open_process(child, PROCESS_QUERY_LIMITED_INFORMATION);
    HANDLE wait = open_process(child, SYNCHRONIZE), generic = open_process(child, GENERIC_READ);
    DWORD code = 4711;

    EXPECT(query != wait);
    EXPECT_RETURNS((DWORD)child, GetProcessId(query));
    expect_wait(WAIT_FAILED, ERROR_ACCESS_DENIED, query, 0);
    expect_wait(WAIT_TIMEOUT, 0, wait, 0);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, GetProcessId(wait));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, GetExitCodeProcess(wait, &code));
    EXPECT_EQ(code, 4711);
    EXPECT_RETURNS((DWORD)child, GetProcessId(generic));
    end(child);
}

TEST(processhandles, a_handle_without_rights_is_one, "L69")
{
    pid_t child = a_child();
    HANDLE handle = open_process(child, 0);

    EXPECT_FAIL(ERROR_ACCESS_DENIED, GetProcessId(handle));
    EXPECT_OK(CloseHandle(handle));
    end(child);
}

TEST(processhandles, nobody_has_the_number_any_more, "D12.3d")
{
    pid_t child = a_child();

    end(child);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, OpenProcess(SYNCHRONIZE, FALSE, (DWORD)child));
}

static int thread_id, thread_may_end;

static void tell_id(void *arg)
{
    (void)arg;
    ATOMIC_SET(thread_id, (int)syscall(SYS_gettid));
    while (!ATOMIC_GET(thread_may_end))
        check_yield();
}

TEST(processhandles, a_thread_is_no_process, "L70")
{
    struct check_thread thread;

    thread_start(&thread, tell_id, NULL);
    while (ATOMIC_GET(thread_id) == 0)
        check_yield();
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, OpenProcess(SYNCHRONIZE, FALSE, (DWORD)ATOMIC_GET(thread_id)));
    ATOMIC_SET(thread_may_end, 1);
    thread_join(&thread);
}

TEST(processhandles, functions_that_work_on_oneself_only_say_so, "L71 O204")
{
    pid_t child = a_child();
    HANDLE all = open_process(child, PROCESS_ALL_ACCESS), none = open_process(child, SYNCHRONIZE);
    PROCESS_MEMORY_COUNTERS counters;

    EXPECT_FAIL(ERROR_NOT_SUPPORTED, GetProcessMemoryInfo(all, &counters, sizeof counters));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, GetProcessMemoryInfo(none, &counters, sizeof counters));
    EXPECT_OK(FlushInstructionCache(all, &child, sizeof child));
    end(child);
}

/* --- how it ended --- */

TEST(processhandles, exit_codes_of_children, "D12.8b")
{
    static const int codes[] = {0, 1, 3, 42, 255};
    size_t i;

    for (i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        pid_t child = a_zombie(codes[i]);
        HANDLE handle = open_process(child, PROCESS_QUERY_LIMITED_INFORMATION);
        int status = 0;

        expect_code(handle, (DWORD)codes[i]);
        EXPECT_RETURNS((DWORD)child, GetProcessId(handle));
        EXPECT_EQ(waitpid(child, &status, 0), child); /* it is still there to be waited for */
        EXPECT_EQ(WEXITSTATUS(status), codes[i]);
        EXPECT_OK(CloseHandle(handle));
    }
}

TEST(processhandles, exit_codes_of_those_whom_a_signal_ended, "L72")
{
    static const struct {
        int number;
        DWORD code;
    } ends[] = {{SIGSEGV, 0xC0000005}, {SIGBUS, 0xC0000005}, {SIGILL, 0xC000001D}, {SIGFPE, 0xC0000094},
                {SIGTRAP, 0x80000003}, {SIGINT, 0xC000013A}, {SIGABRT, 3},         {SIGKILL, 1},
                {SIGTERM, 1},          {SIGUSR1, 1}};
    struct rlimit no_core = {0, 0};
    size_t i;

    setrlimit(RLIMIT_CORE, &no_core);
    for (i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        pid_t child = must_fork();
        HANDLE handle;

        if (child == 0) {
            signal(ends[i].number, SIG_DFL);
            raise(ends[i].number);
            pause();
        }
        handle = open_process(child, PROCESS_QUERY_INFORMATION | SYNCHRONIZE);
        expect_wait(WAIT_OBJECT_0, 0, handle, INFINITE);
        expect_code(handle, ends[i].code);
        reap(child);
        EXPECT_OK(CloseHandle(handle));
    }
}

/* Whoever ends while he is opened was there when he was asked for. */
TEST(processhandles, opened_at_the_moment_of_its_end, "D12.3c")
{
    int round, i;

    for (round = 0; round < 600; round++) {
        pid_t child = must_fork();
        HANDLE handle;

        if (child == 0)
            _exit(6);
        for (i = 0; i < round % 200 * 2000; i++)
            __asm__ volatile("");
        handle = open_process(child, PROCESS_QUERY_INFORMATION | SYNCHRONIZE);
        expect_wait(WAIT_OBJECT_0, 0, handle, 10000);
        expect_code(handle, 6);
        reap(child);
        EXPECT_OK(CloseHandle(handle));
    }
}

/* Known from Linux 6.15 on, by the pidfd; honestly unknown before. */
static void expect_code_or_unknown(HANDLE handle, DWORD want)
{
    DWORD code = 4711;

    SetLastError(CHECK_SENTINEL);
    if (GetExitCodeProcess(handle, &code)) {
        EXPECT_EQ(code, want);
        EXPECT_EQ(GetLastError(), CHECK_SENTINEL);
    } else {
        EXPECT_EQ(GetLastError(), ERROR_NO_SYSTEM_RESOURCES);
        EXPECT_EQ(code, 4711);
    }
}

TEST(processhandles, the_exit_code_when_somebody_has_waited, "L72")
{
    pid_t child = a_child(), other;
    HANDLE killed = open_process(child, PROCESS_QUERY_INFORMATION), left;

    other = must_fork();
    if (other == 0) {
        check_sleep(50);
        _exit(9);
    }
    left = open_process(other, PROCESS_QUERY_INFORMATION);
    end(child);
    reap(other);
    expect_code_or_unknown(killed, 1);
    expect_code_or_unknown(left, 9);
}

/* Of a process that is nobody's child here. */
TEST(processhandles, the_exit_code_of_a_grandchild, "L72")
{
    int told[2], go[2];
    pid_t child, grandchild = 0;
    HANDLE handle;
    char byte = 0;

    MUST(pipe(told) == 0 && pipe(go) == 0);
    child = must_fork();
    if (child == 0) {
        grandchild = fork();
        if (grandchild == 0) {
            while (read(go[0], &byte, 1) != 1)
                ;
            _exit(77);
        }
        while (write(told[1], &grandchild, sizeof grandchild) < 0)
            ;
        for (;;)
            pause();
    }
    MUST(read(told[0], &grandchild, sizeof grandchild) == sizeof grandchild);
    handle = open_process(grandchild, PROCESS_QUERY_INFORMATION | SYNCHRONIZE);
    expect_code(handle, STILL_ACTIVE);
    MUST(write(go[1], &byte, 1) == 1);
    expect_wait(WAIT_OBJECT_0, 0, handle, 10000);
    expect_code(handle, 77); /* its parent does not wait for it */
    end(child);
}

/* --- waiting --- */

TEST(processhandles, waiting_for_a_process_that_runs, "D12.8c")
{
    pid_t child = a_child();
    HANDLE handle = open_process(child, SYNCHRONIZE);
    double before = check_seconds();

    expect_wait(WAIT_TIMEOUT, 0, handle, 0);
    EXPECT(check_seconds() - before < 1);
    expect_wait(WAIT_TIMEOUT, 0, handle, 120);
    EXPECT(check_seconds() - before >= 0.119);
    end(child);
    expect_wait(WAIT_OBJECT_0, 0, handle, 0);
    expect_wait(WAIT_OBJECT_0, 0, handle, INFINITE);
}

TEST(processhandles, waiting_for_the_end, "D12.8c")
{
    pid_t child = must_fork();
    HANDLE handle;

    if (child == 0) {
        check_sleep(100);
        _exit(5);
    }
    handle = open_process(child, SYNCHRONIZE | PROCESS_QUERY_INFORMATION);
    expect_wait(WAIT_OBJECT_0, 0, handle, 20000);
    expect_code(handle, 5);
    EXPECT_EQ(waitpid(child, NULL, WNOHANG), child);
    expect_wait(WAIT_OBJECT_0, 0, handle, 0);
}

static volatile sig_atomic_t alarms;

static void count_alarm(int number)
{
    (void)number;
    alarms++;
}

TEST(processhandles, signals_do_not_end_a_wait, "L73")
{
    pid_t child = a_child();
    struct sigaction action;
    struct itimerval often = {{0, 20000}, {0, 20000}}, never = {{0, 0}, {0, 0}};
    double before = check_seconds();

    memset(&action, 0, sizeof action);
    action.sa_handler = count_alarm;
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    expect_wait(WAIT_TIMEOUT, 0, open_process(child, SYNCHRONIZE), 200);
    expect_wait(WAIT_TIMEOUT, 0, self, 100);
    setitimer(ITIMER_REAL, &never, NULL);
    EXPECT(alarms > 2);
    EXPECT(check_seconds() - before >= 0.299);
    end(child);
}

/* A first thread that has left is a zombie in /proc, and the process goes on. */
static void *stay(void *arg)
{
    for (;;)
        pause();
    return arg;
}

TEST(processhandles, a_process_lives_as_long_as_any_of_its_threads, "L73")
{
    pid_t child = must_fork();
    HANDLE handle;

    if (child == 0) {
        pthread_t thread;

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        pthread_create(&thread, NULL, stay, NULL);
        syscall(SYS_exit, 3);
    }
    handle = open_process(child, SYNCHRONIZE | PROCESS_QUERY_INFORMATION);
    expect_wait(WAIT_TIMEOUT, 0, handle, 200);
    expect_code(handle, STILL_ACTIVE);
    end(child);
    expect_wait(WAIT_OBJECT_0, 0, handle, 0);
}

/* --- the right process --- */

/* Gives the number to a new process. Needs root; false where that does not work. */
static BOOL reuse(pid_t pid)
{
    struct clone_args args = {.exit_signal = SIGCHLD, .set_tid = (uintptr_t)&pid, .set_tid_size = 1};
    long child = syscall(SYS_clone3, &args, sizeof args);

    while (child == 0) /* as system calls: this was no fork of the C library's */
        syscall(syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL) == 0 ? SYS_ppoll : SYS_exit, NULL, 0, NULL,
                NULL, 0);
    return child == pid;
}

TEST(processhandles, a_number_that_is_used_again_is_another_process, "L74")
{
    pid_t first = a_child(), second = first;
    HANDLE old = open_process(first, PROCESS_QUERY_INFORMATION | SYNCHRONIZE), new, again;

    check_sleep(30); /* start times are told in hundredths of a second */
    end(first);
    if (!reuse(first))
        SKIP("numbers cannot be chosen here");
    expect_wait(WAIT_OBJECT_0, 0, old, 0);
    expect_code_or_unknown(old, 1);
    new = open_process(second, PROCESS_QUERY_INFORMATION | SYNCHRONIZE);
    again = open_process(second, PROCESS_QUERY_INFORMATION | SYNCHRONIZE);
    expect_wait(WAIT_TIMEOUT, 0, new, 0);
    expect_code(again, STILL_ACTIVE);
    EXPECT_OK(CloseHandle(old));
    expect_wait(WAIT_TIMEOUT, 0, new, 0);
    end(second);
    expect_wait(WAIT_OBJECT_0, 0, new, 0);
}

/* Start times cannot tell the two apart then: the pidfd does. */
TEST(processhandles, so_it_is_within_a_hundredth_of_a_second, "L74")
{
    if (!WinmemFeature("pidfd"))
        SKIP("without pidfds nobody can tell");
    for (int i = 0; i < 10; i++) {
        pid_t first = a_child();
        HANDLE old = open_process(first, PROCESS_QUERY_INFORMATION | SYNCHRONIZE);

        end(first);
        if (!reuse(first))
            SKIP("numbers cannot be chosen here");
        expect_wait(WAIT_OBJECT_0, 0, old, 0);
        expect_code_or_unknown(old, 1);
        EXPECT_OK(CloseHandle(old));
        end(first);
    }
}

TEST(processhandles, nothing_is_copied_from_and_to_who_took_the_number, "L74 L618")
{
    static const DWORD rights[] = {PROCESS_VM_READ, PROCESS_VM_WRITE | PROCESS_VM_OPERATION};
    static DWORD there = 5;
    pid_t first = a_child();
    HANDLE reads = open_process(first, rights[0]), writes = open_process(first, rights[1]), gone = reads;
    DWORD here = 0;
    SIZE_T done;

    for (int i = 0; i < 100; i++) {
        EXPECT_OK(ReadProcessMemory(reads, &there, &here, sizeof here, &done));
        EXPECT(here == 5 && done == sizeof here);
        EXPECT_OK(WriteProcessMemory(writes, &there, &here, sizeof here, &done));
        EXPECT_FAIL(ERROR_ACCESS_DENIED, ReadProcessMemory(writes, &there, &here, sizeof here, &done));
        EXPECT_FAIL(ERROR_ACCESS_DENIED, WriteProcessMemory(reads, &there, &here, sizeof here, &done));
    }
    check_sleep(30); /* start times are told in hundredths of a second */
    reads = open_process(first, rights[0]);
    EXPECT_OK(CloseHandle(gone));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, ReadProcessMemory(gone, &there, &here, sizeof here, &done));
    EXPECT_OK(ReadProcessMemory(reads, &there, &here, sizeof here, &done)); /* seen alive a moment ago */
    end(first);
    if (!reuse(first))
        SKIP("numbers cannot be chosen here");
    EXPECT(!ReadProcessMemory(reads, &there, &here, sizeof here, &done));
    EXPECT(!WriteProcessMemory(writes, &there, &here, sizeof here, &done));
    gone = open_process(first, PROCESS_VM_READ);
    EXPECT_OK(ReadProcessMemory(gone, &there, &here, sizeof here, &done));
    EXPECT_EQ(here, 5);
    end(first);
}

static void close_all_descriptors(void)
{
    int fd;

    for (fd = 3; fd < 256; fd++)
        close(fd);
}

/* What the program opens takes the numbers; some of it can be read from, which is how a pidfd says that it ended. */
static int take_all_numbers(void)
{
    int fd, last = -1;

    while ((fd = open("/dev/zero", O_RDONLY)) >= 0 && fd < 40)
        last = fd;
    close(fd);
    return last;
}

TEST(processhandles, a_program_may_close_all_descriptors, "L74")
{
    pid_t child = a_child();
    HANDLE handle = open_process(child, PROCESS_QUERY_INFORMATION | SYNCHRONIZE);

    close_all_descriptors();
    expect_wait(WAIT_TIMEOUT, 0, handle, 0);
    expect_wait(WAIT_TIMEOUT, 0, handle, 50);
    expect_code(handle, STILL_ACTIVE);
    MUST(kill(child, SIGKILL) == 0);
    expect_wait(WAIT_OBJECT_0, 0, handle, 10000);
    expect_code(handle, 1);
    reap(child);
    expect_wait(WAIT_OBJECT_0, 0, handle, 0);
    EXPECT_OK(CloseHandle(handle));
}

TEST(processhandles, and_use_their_numbers_again, "L74")
{
    pid_t child = a_child();
    HANDLE handle = open_process(child, PROCESS_QUERY_INFORMATION | SYNCHRONIZE);
    int last, fd;

    close_all_descriptors();
    last = take_all_numbers();
    expect_wait(WAIT_TIMEOUT, 0, handle, 50);
    expect_code(handle, STILL_ACTIVE);
    EXPECT_OK(CloseHandle(handle));
    for (fd = 3; fd <= last; fd++)
        EXPECT(fcntl(fd, F_GETFD) >= 0); /* nobody closed what is not his */
    end(child);
}

/* A pipe that nobody writes to looks like a pidfd of a process that runs. */
TEST(processhandles, a_quiet_descriptor_is_not_taken_for_a_living_process, "L74")
{
    pid_t child = a_child();
    HANDLE handle = open_process(child, PROCESS_QUERY_INFORMATION | SYNCHRONIZE);
    int ends[2], fd;

    close_all_descriptors();
    MUST(pipe(ends) == 0);
    while ((fd = dup(ends[0])) < 40)
        MUST(fd >= 0);
    end(child);
    expect_wait(WAIT_OBJECT_0, 0, handle, 5000);
    expect_code_or_unknown(handle, 1);
}

TEST(processhandles, ten_thousand_openings_leave_nothing_behind, "L75")
{
    pid_t child = a_child();
    int before = descriptors(), i;

    for (i = 0; i < 10000; i++) {
        HANDLE handle = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)child);

        MUST(handle != NULL && CloseHandle(handle));
    }
    EXPECT_EQ(descriptors(), before);
    end(child);
}

TEST(processhandles, many_handles_to_one_process_cost_one_descriptor, "L75")
{
    static HANDLE handles[1000];
    pid_t child = a_child();
    int before = descriptors(), i;

    for (i = 0; i < 1000; i++)
        handles[i] = open_process(child, PROCESS_QUERY_INFORMATION);
    EXPECT(descriptors() <= before + 1);
    for (i = 0; i < 1000; i++)
        MUST(CloseHandle(handles[i]));
    EXPECT_EQ(descriptors(), before);
    end(child);
}

TEST(processhandles, without_a_free_descriptor_no_process_is_opened, "L75")
{
    pid_t child = a_child();
    struct rlimit limit;
    rlim_t soft;

    MUST(CloseHandle(open_process(child, SYNCHRONIZE)));
    MUST(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    soft = limit.rlim_cur;
    limit.rlim_cur = (rlim_t)dup(0);
    close((int)limit.rlim_cur);
    MUST(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    EXPECT_FAIL(ERROR_TOO_MANY_OPEN_FILES, OpenProcess(SYNCHRONIZE, FALSE, (DWORD)child));
    limit.rlim_cur = soft;
    MUST(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    EXPECT_OK(CloseHandle(open_process(child, SYNCHRONIZE)));
    end(child);
}

/* --- copies --- */

TEST(processhandles, a_duplicate_means_the_same_process, "O172 D12.4a")
{
    pid_t child = a_child();
    int before = descriptors();
    HANDLE handle = open_process(child, PROCESS_ALL_ACCESS), copy = NULL, less = NULL;

    EXPECT_OK(DuplicateHandle(self, handle, self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS));
    EXPECT_OK(DuplicateHandle(self, handle, self, &less, SYNCHRONIZE, FALSE, 0));
    MUST(copy != NULL && less != NULL);
    EXPECT_OK(CloseHandle(handle));
    EXPECT_RETURNS((DWORD)child, GetProcessId(copy));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, GetProcessId(less));
    end(child);
    expect_wait(WAIT_OBJECT_0, 0, less, 0);
    EXPECT_OK(CloseHandle(copy));
    EXPECT_OK(CloseHandle(less));
    EXPECT_EQ(descriptors(), before);
}

TEST(processhandles, a_handle_moves_with_close_source, "D12.4b")
{
    pid_t child = a_child();
    HANDLE handle = open_process(child, SYNCHRONIZE), copy = NULL;

    EXPECT_OK(
        DuplicateHandle(self, handle, self, &copy, PROCESS_QUERY_INFORMATION, FALSE, DUPLICATE_CLOSE_SOURCE));
    EXPECT_RETURNS((DWORD)child, GetProcessId(copy));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, CloseHandle(handle));
    end(child);
}

/* --- forks --- */

/* 0 if no check failed. */
static void expect_child_content(pid_t child)
{
    int status = 0;

    MUST(waitpid(child, &status, 0) == child);
    EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(processhandles, a_forked_child_has_copies, "L77")
{
    pid_t third = a_child(), child;
    HANDLE other = open_process(third, PROCESS_QUERY_INFORMATION | SYNCHRONIZE);
    HANDLE mine = self_with(PROCESS_QUERY_INFORMATION | SYNCHRONIZE);

    child = must_fork();
    if (child == 0) {
        EXPECT_RETURNS((DWORD)third, GetProcessId(other));
        expect_wait(WAIT_TIMEOUT, 0, other, 10);
        EXPECT_RETURNS((DWORD)getpid(), GetProcessId(mine)); /* means whoever has it */
        EXPECT_OK(CloseHandle(other));
        EXPECT_FAIL(ERROR_INVALID_HANDLE, CloseHandle(other));
        check_end(check_failures != 0);
    }
    expect_child_content(child);
    EXPECT_RETURNS((DWORD)third, GetProcessId(other));
    end(third);
    expect_wait(WAIT_OBJECT_0, 0, other, 0);
    EXPECT_OK(CloseHandle(other));
}

TEST(processhandles, a_forked_child_opens_its_parent, "D12.3c")
{
    pid_t parent = getpid(), child;
    HANDLE mine = self_with(PROCESS_QUERY_INFORMATION);

    MUST(mine != NULL);
    child = must_fork();
    if (child == 0) {
        HANDLE handle = open_process(parent, PROCESS_QUERY_INFORMATION | SYNCHRONIZE);

        EXPECT_RETURNS((DWORD)parent, GetProcessId(handle));
        expect_wait(WAIT_TIMEOUT, 0, handle, 0);
        check_end(check_failures != 0);
    }
    expect_child_content(child);
}

/* --- others' processes --- */

#define NOBODY 65534

static void become_nobody(void)
{
    MUST(setresgid(NOBODY, NOBODY, NOBODY) == 0 && setresuid(NOBODY, NOBODY, NOBODY) == 0);
}

static void must_be_root(void)
{
    if (geteuid() != 0)
        SKIP("needs root, to become somebody else");
}

TEST(processhandles, another_users_process_is_closed, "L76")
{
    pid_t target, asker;

    must_be_root();
    target = a_child();
    asker = must_fork();
    if (asker == 0) {
        HANDLE little, copy = NULL;

        become_nobody();
        EXPECT_FAIL(ERROR_ACCESS_DENIED, OpenProcess(PROCESS_VM_READ, FALSE, (DWORD)target));
        EXPECT_FAIL(ERROR_ACCESS_DENIED, OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)target));
        EXPECT_FAIL(ERROR_ACCESS_DENIED, OpenProcess(PROCESS_QUERY_INFORMATION, FALSE, (DWORD)target));
        EXPECT_FAIL(ERROR_ACCESS_DENIED, OpenProcess(GENERIC_READ, FALSE, (DWORD)target));
        little = open_process(target, PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE);
        EXPECT_RETURNS((DWORD)target, GetProcessId(little));
        expect_code(little, STILL_ACTIVE);
        expect_wait(WAIT_TIMEOUT, 0, little, 10);
        EXPECT_FAIL(ERROR_ACCESS_DENIED,
                    DuplicateHandle(self, little, self, &copy, PROCESS_VM_WRITE, FALSE, 0));
        EXPECT_OK(DuplicateHandle(self, little, self, &copy, SYNCHRONIZE, FALSE, 0));
        EXPECT_OK(DuplicateHandle(self, little, self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS));
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, OpenProcess(PROCESS_VM_READ, FALSE, 0x7FFFFFF0));
        check_end(check_failures != 0);
    }
    expect_child_content(asker);
    end(target);
}

/* Root may look into everybody's. */
TEST(processhandles, a_privilege_opens_it, "L76")
{
    pid_t target;

    must_be_root();
    target = must_fork();
    if (target == 0) {
        become_nobody();
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;)
            pause();
    }
    EXPECT_OK(CloseHandle(open_process(target, PROCESS_ALL_ACCESS)));
    end(target);
}

/* The same user, but protected against being looked into, as keepers of keys are. */
TEST(processhandles, a_protected_process_is_closed_to_its_user_too, "L76")
{
    pid_t asker;

    must_be_root();
    asker = must_fork();
    if (asker == 0) {
        pid_t target;

        become_nobody();
        target = a_child();
        prctl(PR_SET_DUMPABLE, 0); /* of the asker, which changes nothing; setuid did so to the target */
        EXPECT_FAIL(ERROR_ACCESS_DENIED, OpenProcess(PROCESS_VM_READ, FALSE, (DWORD)target));
        EXPECT(OpenProcess(SYNCHRONIZE, FALSE, (DWORD)target) != NULL);
        end(target);
        check_end(check_failures != 0);
    }
    expect_child_content(asker);
}

/* --- threads --- */

enum { THREADS = 4, ROUNDS = 500 };

static pid_t common;

static void open_and_close(void *arg)
{
    int i;

    (void)arg;
    for (i = 0; i < ROUNDS; i++) {
        HANDLE handle = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)common);

        EXPECT(handle != NULL && GetProcessId(handle) == (DWORD)common);
        EXPECT(WaitForSingleObject(handle, 0) == WAIT_TIMEOUT);
        EXPECT(CloseHandle(handle));
    }
}

TEST(processhandles, threads_open_and_close_the_same_process, "L78")
{
    struct check_thread threads[THREADS];
    int before, i;

    common = a_child();
    before = descriptors();
    for (i = 0; i < THREADS; i++)
        thread_start(&threads[i], open_and_close, NULL);
    for (i = 0; i < THREADS; i++)
        thread_join(&threads[i]);
    EXPECT_EQ(descriptors(), before);
    end(common);
}

#endif
