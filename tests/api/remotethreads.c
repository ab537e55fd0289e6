/* remotethreads.c: threads that call the library themselves, and programs that begin and end. */
#include "api.h"

#ifndef _WIN32

#include "remotestate.h"

/* --- threads --- */

static void *allocate_for_ever(void *arg)
{
    struct witness *w = arg;

    for (unsigned i = 0;; i++) {
        SIZE_T size = (i % 16 + 1) * PAGE;
        BYTE *p = VirtualAlloc(NULL, size, MEM_RESERVE | MEM_COMMIT, RW);
        DWORD old;

        if (p == NULL || p[0] != 0 || p[size - 1] != 0)
            complain(w, "allocated %p: error %u", (void *)p, (unsigned)GetLastError());
        if (p == NULL)
            continue;
        p[size - 1] = 1;
        if (!VirtualProtect(p, PAGE, PAGE_READONLY, &old) || !VirtualFree(p, 0, MEM_RELEASE))
            complain(w, "%p: error %u", (void *)p, (unsigned)GetLastError());
        ATOMIC_ADD(w->rounds, 1);
    }
    return NULL;
}

static void *map_for_ever(void *arg)
{
    struct witness *w = arg;

    for (;;) {
        char *p = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        if (p == MAP_FAILED || p[65535] != 0)
            complain(w, "mmap: errno %d", errno);
        p[65535] = 1;
        munmap(p, 65536);
        ATOMIC_ADD(w->rounds, 1);
    }
    return NULL;
}

static void start_threads(struct witness *w, int count, void *(*run)(void *))
{
    pthread_t thread;

    for (int i = 0; i < count; i++)
        if (pthread_create(&thread, NULL, run, w) != 0)
            complain(w, "no thread");
}

static void live_allocating(struct witness *w)
{
    start_threads(w, 15, allocate_for_ever);
    ATOMIC_SET(w->ready, 1);
    allocate_for_ever(w);
}

TEST(remotethreads, sixteen_threads_that_allocate, "L83 S122 S124 S126")
{
    in_library(live_allocating, call_running);
}

static void live_mapping(struct witness *w)
{
    start_threads(w, 15, map_for_ever);
    ATOMIC_SET(w->ready, 1);
    map_for_ever(w);
}

/* Sixteen that always run leave the one that is called little time. */
static void call_crowded(struct target *t)
{
    exercise(t, ROUNDS / 32);
    expect_progress(t, 3);
    expect_undisturbed(t);
}

TEST(remotethreads, sixteen_threads_that_map, "L83 S122 S124 S126")
{
    in_both(live_mapping, call_crowded);
}

static void call_stopped_threads(struct target *t)
{
    MUST(kill(t->pid, SIGSTOP) == 0);
    AWAIT(5, state_of(t->pid) == 'T');
    for (int i = 0; i < 2; i++) {
        /* a thread that holds the library's lock may be stopped for good */
        BYTE *p = VirtualAllocEx(t->handle, NULL, GRAIN, MEM_RESERVE, RW);

        if (p == NULL)
            EXPECT_EQ(GetLastError(), ERROR_BUSY);
        else
            VirtualFreeEx(t->handle, p, 0, MEM_RELEASE);
        AWAIT(1, state_of(t->pid) == 'T');
        EXPECT_EQ(state_of(t->pid), 'T');
    }
    MUST(kill(t->pid, SIGCONT) == 0);
    call_running(t);
}

TEST(remotethreads, sixteen_threads_that_allocate_are_stopped, "L83 S122 S124 S126")
{
    in_library(live_allocating, call_stopped_threads);
}

static void *count_for_ever(void *arg)
{
    struct witness *w = arg;

    ATOMIC_SET(w->ready, 1);
    for (;;) {
        ATOMIC_ADD(w->rounds, 1);
        check_sleep(1);
    }
    return NULL;
}

static void live_without_first_thread(struct witness *w)
{
    start_threads(w, 2, count_for_ever);
    pthread_exit(NULL);
}

/* The kernel shows the memory of such a process only through its other threads. */
static void call_without_first_thread(struct target *t)
{
    AWAIT(5, state_of(t->pid) == 'Z');
    EXPECT_EQ(state_of(t->pid), 'Z');
    if (VirtualAllocEx(t->handle, NULL, GRAIN, MEM_RESERVE, RW) == NULL)
        EXPECT_EQ(GetLastError(), ERROR_ACCESS_DENIED);
    else
        exercise(t, ROUNDS);
    expect_progress(t, 3);
    expect_undisturbed(t);
}

TEST(remotethreads, the_first_thread_has_ended, "L83 S122 S124 S126")
{
    in_both(live_without_first_thread, call_without_first_thread);
}

/* Nothing can be written below its stack pointer. */
__attribute__((noreturn)) static void spin_without_stack(struct witness *w)
{
    char *stack = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (mprotect(stack, PAGE, PROT_NONE) != 0)
        complain(w, "mprotect: errno %d", errno);
    ATOMIC_SET(w->ready, 1);
    __asm__ volatile("mov %0, %%rsp\n"
                     "1: lock incq (%1)\n"
                     "jmp 1b"
                     :
                     : "r"(stack + PAGE + 64), "r"(&w->rounds)
                     : "memory");
    __builtin_unreachable();
}

static void *pause_for_ever(void *arg)
{
    for (;;)
        pause();
    return arg;
}

static void live_without_stack(struct witness *w)
{
    start_threads(w, 1, pause_for_ever);
    spin_without_stack(w);
}

TEST(remotethreads, a_thread_at_the_end_of_its_stack, "L83 S122 S124 S126")
{
    in_both(live_without_stack, call_running);
}

static void call_in_vain(struct target *t)
{
    double began = check_seconds();

    EXPECT(!VirtualAllocEx(t->handle, NULL, GRAIN, MEM_RESERVE, RW));
    EXPECT_EQ(GetLastError(), ERROR_BUSY);
    EXPECT(check_seconds() - began < 10);
    expect_progress(t, 3);
    expect_undisturbed(t);
}

TEST(remotethreads, all_threads_at_the_end_of_their_stacks, "L84")
{
    in_both(spin_without_stack, call_in_vain);
}

/* --- beginning other programs, and ending --- */

#define LOOP "WINMEM_TEST_EXEC_LOOP"

/* Runs in the program that exec began: every second one uses the library. */
__attribute__((constructor)) static void go_on_with_exec_loop(void)
{
    static char path[] = "/proc/self/exe", *argv[] = {path, NULL};
    const char *text = getenv(LOOP);
    struct witness *w;
    extern char **environ;

    if (text == NULL)
        return;
    w = mmap(NULL, sizeof *w, PROT_READ | PROT_WRITE, MAP_SHARED, atoi(text), 0);
    if (w == MAP_FAILED)
        _exit(1);
    ATOMIC_SET(w->ready, 1);
    ATOMIC_ADD(w->rounds, 1);
    if (w->rounds % 2 && VirtualAlloc(NULL, PAGE, MEM_RESERVE, RW) == NULL)
        complain(w, "error %u", (unsigned)GetLastError());
    check_sleep(w->rounds % 5);
    execve("/proc/self/exe", argv, environ);
    complain(w, "errno %d", errno);
    _exit(1);
}

TEST(remotethreads, one_program_after_the_other, "L83 S122 S124 S126")
{
    struct target t = {.kind = FOREIGN};
    int fd = memfd_create("witness", 0), worked = 0, failed = 0;
    pid_t parent = getpid();
    char text[16];
    double until;

    NOT_UNDER_TSAN;
    MUST(ftruncate(fd, sizeof *t.w) == 0);
    t.w = mmap(NULL, sizeof *t.w, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    snprintf(text, sizeof text, "%d", fd);
    t.pid = fork();
    if (t.pid == 0) {
        go_with_the_parent(parent);
        setenv(LOOP, text, 1);
        go_on_with_exec_loop();
    }
    open_target(&t);
    for (until = check_seconds() + 2; check_seconds() < until;) {
        BYTE *p = VirtualAllocEx(t.handle, NULL, GRAIN, MEM_RESERVE, RW);

        worked += p != NULL;
        failed += p == NULL;
        if (p == NULL)
            EXPECT_FAIL(GetLastError(), NULL); /* there is a reason */
        if (check_failures)
            break;
    }
    printf("%d calls worked, %d did not (%s), %llu programs\n", worked, failed, WinmemLastCause(),
           (unsigned long long)t.w->rounds);
    EXPECT(worked > 20);
    expect_progress(&t, 5);
    expect_undisturbed(&t);
    kill_target(&t);
}

static void live_for_a_moment(struct witness *w)
{
    struct timespec moment = {0, (long)w->number[0] * 1000};

    ATOMIC_SET(w->ready, 1);
    nanosleep(&moment, NULL);
}

/* It ends in the middle of a call, also of the very first, at all kinds of moments. */
static void end_in_mid_call(enum kind kind, unsigned microseconds)
{
    struct target t = {.kind = kind, .w = a_witness()};
    pid_t parent = getpid();
    double began = check_seconds();

    t.w->number[0] = microseconds;
    t.pid = fork();
    if (t.pid == 0) {
        go_with_the_parent(parent);
        if (kind == LIBRARY)
            MUST(VirtualAlloc(NULL, PAGE, MEM_RESERVE, PAGE_NOACCESS) != NULL);
        live_for_a_moment(t.w);
        _exit(0);
    }
    must_be_ready(&t);
    t.handle = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)t.pid);
    if (t.handle == NULL) { /* it was even faster */
        EXPECT_EQ(GetLastError(), ERROR_INVALID_PARAMETER);
        kill_target(&t);
        return;
    }
    while (check_seconds() < began + 10 && one_round(t.handle))
        ;
    EXPECT_EQ(GetLastError(), ERROR_ACCESS_DENIED);
    EXPECT(check_seconds() < began + 5);
    AWAIT(2, state_of(t.pid) == 'Z');
    EXPECT_EQ(state_of(t.pid), 'Z');
    EXPECT_FAIL(ERROR_ACCESS_DENIED, VirtualAllocEx(t.handle, NULL, GRAIN, MEM_RESERVE, RW));
    kill_target(&t);
}

TEST(remotethreads, ending_in_mid_call, "L84")
{
    NOT_UNDER_TSAN;
    for (unsigned i = 0; i < 60 && !check_failures; i++)
        end_in_mid_call(FOREIGN, i * 40);
    for (unsigned i = 0; i < 60 && !check_failures; i++)
        end_in_mid_call(LIBRARY, i * 40);
}

/* --- real programs --- */

static int calls_until_it_ends(char *const argv[], double *seconds)
{
    double began = check_seconds();
    pid_t parent = getpid(), pid = fork();
    HANDLE process;
    int status = 0;

    if (pid == 0) {
        go_with_the_parent(parent);
        execvp(argv[0], argv);
        _exit(127);
    }
    process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)pid);
    MUST(process != NULL);
    while (waitpid(pid, &status, WNOHANG) == 0 && check_seconds() < began + 20)
        one_round(process);
    *seconds = check_seconds() - began;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(remotethreads, sleep_ends_on_time, "L83 S122 S124 S126")
{
    char *argv[] = {"sleep", "1", NULL};
    double seconds;

    EXPECT_EQ(calls_until_it_ends(argv, &seconds), 0);
    EXPECT(seconds >= 0.999 && seconds < 1.5);
}

TEST(remotethreads, a_program_with_threads_counts_right, "L83 S122 S124 S126")
{
    char *argv[] = {
        "python3", "-c",
        "import threading, time\n"
        "end = time.time() + 1.5\n"
        "wrong = []\n"
        "def work(seed):\n"
        "    n = 0; s = 0; f = 0.5\n"
        "    while time.time() < end:\n"
        "        for i in range(1000): n += 1; s += n; f = f * 0.5 + seed\n"
        "        if s != n * (n + 1) // 2 or abs(f - 2 * seed) > 1e-6 and n > 1000: wrong.append((n, s, f))\n"
        "        a = [seed] * 100000\n"
        "        if sum(a) != seed * 100000: wrong.append(a)\n"
        "        time.sleep(0.001)\n"
        "ts = [threading.Thread(target=work, args=(k,)) for k in (1, 2, 3)]\n"
        "[t.start() for t in ts]; [t.join() for t in ts]\n"
        "raise SystemExit(9 if wrong else 42)\n",
        NULL};
    double seconds;
    int code = calls_until_it_ends(argv, &seconds);

    if (code == 127)
        SKIP("there is no python3");
    EXPECT_EQ(code, 42);
}

#endif
