/*
 * A caller is killed at each of its system calls in turn: the process that it called lives on as if nothing had
 * been, and the next caller finds it in order.
 *
 * And each of a caller's system calls fails once: the call fails or works, nothing else.
 */
#include "support/apart.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include <windows.h>

#include "kern/faults.h"
#include "support/registers.h"

enum { BYTES = 0x10000, CALLS_MAX = 400, DETAILS = 2048 };

/* --- targets --- */

struct witness {
    uint32_t ready, wrong;
    uint64_t rounds;
};

struct target {
    const struct kind *kind;
    pid_t pid;
    int wake[2];
    struct witness *w;
    char blocked[32]; /* its SigBlk */
    HANDLE handle;    /* of another caller */
};

struct kind {
    const char *name;
    bool library, stopped;
    void (*live)(struct target *);
};

static uint64_t rounds_of(const struct target *t)
{
    return __atomic_load_n(&t->w->rounds, __ATOMIC_SEQ_CST);
}

static void a_round(struct target *t, bool right)
{
    __atomic_fetch_add(&t->w->wrong, !right, __ATOMIC_SEQ_CST);
    __atomic_fetch_add(&t->w->rounds, 1, __ATOMIC_SEQ_CST);
}

static void live_reading(struct target *t)
{
    char byte = 0;

    a_round(t, read(t->wake[0], &byte, 1) == 1 && byte == 'x');
}

static void live_spinning(struct target *t)
{
    static uint64_t pattern = 1;

    a_round(t, keeps_registers(&pattern, 200) && keeps_vectors(&pattern, 200));
}

static void live_sleeping(struct target *t)
{
    struct timespec nap = {0, 20000000};
    double began = seconds();

    a_round(t, nanosleep(&nap, NULL) == 0 && seconds() - began >= 0.0199);
}

static const struct kind kinds[] = {
    {"foreign, blocked in read", false, false, live_reading},
    {"foreign, spinning", false, false, live_spinning},
    {"foreign, asleep", false, false, live_sleeping},
    {"foreign, stopped", false, true, live_sleeping},
    {"library, blocked in read", true, false, live_reading},
    {"library, spinning", true, false, live_spinning},
    {"library, asleep", true, false, live_sleeping},
    {"library, stopped", true, true, live_spinning},
};

static void block_some(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

static void live(struct target *t)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(120);
    block_some();
    if (t->kind->library && VirtualAlloc(NULL, BYTES, MEM_RESERVE, PAGE_NOACCESS) == NULL)
        _exit(1);
    __atomic_store_n(&t->w->ready, 1, __ATOMIC_SEQ_CST);
    for (;;)
        t->kind->live(t);
}

/* --- what is seen of them --- */

static void details(pid_t pid, char text[DETAILS])
{
    char path[64];
    ssize_t got = -1;
    int fd;

    snprintf(path, sizeof path, "/proc/%d/status", pid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0)
        got = read(fd, text, DETAILS - 1);
    close(fd);
    text[got < 0 ? 0 : got] = '\0';
}

static const char *field(const char *text, const char *name)
{
    const char *at = strstr(text, name);

    return at == NULL ? "" : at + strlen(name) + strspn(at + strlen(name), "\t ");
}

/* A stopped one is looked at when it runs again: what a dead caller sent it to do is not done before. */
static bool is_in_order(const struct target *t, char text[DETAILS])
{
    char state;

    details(t->pid, text);
    state = *field(text, "\nState:");
    return strncmp(field(text, "\nSigBlk:"), t->blocked, 16) == 0 && *field(text, "\nTracerPid:") == '0' &&
           (state == 'S' || state == 'R' || state == 'D');
}

static void nap(void)
{
    nanosleep(&(struct timespec){0, 200000}, NULL);
}

/* Whoever stops in the last microseconds of a request keeps others out (docs/support.md): it stands before it is called. */
static void stop(const struct target *t)
{
    double until = seconds() + 3;
    char text[DETAILS];

    assert_int_equal(kill(t->pid, SIGSTOP), 0);
    do
        details(t->pid, text);
    while (*field(text, "\nState:") != 'T' && seconds() < until);
    assert_int_equal(*field(text, "\nState:"), 'T');
}

static void goes_on(struct target *t)
{
    double until = seconds() + 5;
    uint64_t before = rounds_of(t);

    if (t->kind->live == live_reading)
        assert_int_equal(write(t->wake[1], "x", 1), 1);
    while (rounds_of(t) == before && seconds() < until)
        nap();
    assert_true(rounds_of(t) > before);
    assert_int_equal(t->w->wrong, 0);
}

static bool comes_to_order(const struct target *t, char text[DETAILS])
{
    double until = seconds() + 3;
    bool done;

    while (!(done = is_in_order(t, text)) && seconds() < until)
        nap();
    return done;
}

/*
 * It goes on first, by itself: before that it may look as if nothing had been, and begin only then with what a dead caller sent
 * it to do.
 */
static void must_be_in_order(struct target *t, const char *what, unsigned n)
{
    char text[DETAILS];

    if (t->kind->stopped)
        assert_int_equal(kill(t->pid, SIGCONT), 0);
    goes_on(t);
    if (!comes_to_order(t, text))
        fail_msg("%s, %s %u: %s; SigBlk was %.16s", t->kind->name, what, n, text, t->blocked);
    if (t->kind->stopped)
        stop(t);
}

static void start(struct target *t, const struct kind *kind)
{
    char text[DETAILS];

    memset(t, 0, sizeof *t);
    t->kind = kind;
    t->w = mmap(NULL, sizeof *t->w, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_int_equal(pipe2(t->wake, O_CLOEXEC), 0);
    t->pid = fork();
    if (t->pid == 0)
        live(t);
    while (!__atomic_load_n(&t->w->ready, __ATOMIC_SEQ_CST))
        nap();
    details(t->pid, text);
    memcpy(t->blocked, field(text, "\nSigBlk:"), 16);
    if (kind->stopped)
        stop(t);
}

static void end(struct target *t)
{
    if (t->handle != NULL)
        CloseHandle(t->handle);
    kill(t->pid, SIGKILL);
    waitpid(t->pid, NULL, 0);
    close(t->wake[0]);
    close(t->wake[1]);
    munmap(t->w, sizeof *t->w);
}

/* --- the next caller --- */

static DWORD state_at(HANDLE process, void *p)
{
    MEMORY_BASIC_INFORMATION mbi = {0};

    return VirtualQueryEx(process, p, &mbi, sizeof mbi) == sizeof mbi ? mbi.State : 0;
}

static void call_again(struct target *t, const char *what, unsigned n)
{
    double began = seconds();
    void *p;

    if (t->handle == NULL)
        t->handle = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)t->pid);
    p = VirtualAllocEx(t->handle, NULL, BYTES, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (p == NULL)
        fail_msg("%s, %s %u: the next call fails with %u", t->kind->name, what, n, (unsigned)GetLastError());
    assert_int_equal(state_at(t->handle, p), MEM_COMMIT);
    if (!VirtualFreeEx(t->handle, p, 0, MEM_RELEASE))
        fail_msg("%s, %s %u: freeing fails with %u", t->kind->name, what, n, (unsigned)GetLastError());
    assert_int_equal(state_at(t->handle, p), MEM_FREE);
    if (seconds() - began > 10)
        fail_msg("%s, %s %u: the next call takes %f s", t->kind->name, what, n, seconds() - began);
}

/* --- killing --- */

static unsigned kills, longest;

/* The process that is to be killed. */
static void call_once(const struct target *t, void *p)
{
    HANDLE process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)t->pid);

    if (p != NULL)
        VirtualFreeEx(process, p, 0, MEM_RELEASE);
    else
        VirtualAllocEx(process, NULL, BYTES, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
}

/* False: it came through, because there are fewer system calls. */
static bool is_killed_at(const struct target *t, unsigned n, bool after, void *p)
{
    int status = 0;
    pid_t caller = fork();

    if (caller == 0) {
        alarm(60);
        wm_fault_die_at(n, after);
        call_once(t, p);
        _exit(0);
    }
    assert_int_equal(waitpid(caller, &status, 0), caller);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return false;
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    kills++;
    longest = n > longest ? n : longest;
    return true;
}

/* Each time in a process that nobody has called before. */
static void the_first_caller_is_killed(const struct kind *kind, unsigned first, unsigned step)
{
    bool killed = true;

    for (unsigned n = first; killed && n < CALLS_MAX; n += step)
        for (int after = 0; after < 2; after++) {
            struct target t;

            start(&t, kind);
            killed = is_killed_at(&t, n, after, NULL);
            must_be_in_order(&t, "killed at", n);
            call_again(&t, "killed at", n);
            must_be_in_order(&t, "called after kill at", n);
            end(&t);
        }
}

static void later_callers_are_killed(const struct kind *kind, unsigned step)
{
    bool killed = true;
    struct target t;

    start(&t, kind);
    call_again(&t, "not killed", 0);
    for (unsigned n = 1; killed && n < CALLS_MAX; n += step)
        for (int i = 0; i < 4; i++) {
            void *p = i < 2 ? VirtualAllocEx(t.handle, NULL, BYTES, MEM_RESERVE, PAGE_READWRITE) : NULL;

            assert_true(i >= 2 || p != NULL);
            killed = is_killed_at(&t, n, i % 2, p);
            if (kind->stopped) /* what the dead caller began is ended by the next one, not by SIGCONT */
                call_again(&t, "stopped, killed at", n);
            must_be_in_order(&t, "killed at", n);
            call_again(&t, "killed at", n);
        }
    must_be_in_order(&t, "after all", 0);
    end(&t);
}

/* WM_KILLS_ALL: at every call; else at some of those which only wait. Forks of a sanitizer's process take long. */
static unsigned step_of(unsigned otherwise)
{
    return getenv("WM_KILLS_ALL") != NULL ? 1 : SANITIZED ? 2 * otherwise : otherwise;
}

static void a_killed_caller_leaves_no_trace(void **state)
{
    const struct kind *kind = *state;
    double began = seconds();

    later_callers_are_killed(kind, step_of(2));
    printf("%s: %u kills of later callers, at up to %u calls, %.1f s\n", kind->name, kills, longest,
           seconds() - began);
}

static void a_killed_first_caller_leaves_no_trace(void **state)
{
    const struct kind *kind = *state;
    double began = seconds();

    the_first_caller_is_killed(kind, 1, step_of(3));
    printf("%s: %u kills of first callers, at up to %u calls, %.1f s\n", kind->name, kills, longest,
           seconds() - began);
}

/* --- failing --- */

static unsigned descriptors(void)
{
    unsigned count = 0;

    for (int fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static const int errors[] = {EPERM, ENOMEM, ESRCH, EAGAIN, EMFILE};

static void fail_nth(struct target *t, unsigned n, int error, bool *through, unsigned *failed)
{
    void *p;

    wm_fault_nth(n, error);
    p = VirtualAllocEx(t->handle, NULL, BYTES, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    *through = wm_fault_count() < n;
    wm_fault_nth(0, 0);
    *failed += p == NULL;
    if (p == NULL)
        assert_int_not_equal(GetLastError(), 0);
    else
        assert_true(VirtualFreeEx(t->handle, p, 0, MEM_RELEASE));
}

static void calls_fail(const struct kind *kind, bool fresh, int error, unsigned step)
{
    unsigned before = 0, failed = 0, n = 1;
    double began = seconds();
    bool through = false;
    struct target t;

    start(&t, kind);
    call_again(&t, "nothing fails", 0);
    before = descriptors();
    for (; !through && n < CALLS_MAX; n += step) {
        if (fresh) {
            end(&t);
            start(&t, kind);
            t.handle = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)t.pid);
        }
        fail_nth(&t, n, error, &through, &failed);
        must_be_in_order(&t, strerror(error), n);
        call_again(&t, strerror(error), n);
        assert_int_equal(descriptors(), before);
    }
    printf("%s: %s at each of %u calls, %u failed, %.1f s\n", kind->name, strerror(error), n - 1, failed,
           seconds() - began);
    end(&t);
}

static void a_failing_system_call_does_no_harm(void **state)
{
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
        calls_fail(*state, false, errors[i], step_of(2));
}

static void a_failing_system_call_of_a_first_caller_does_no_harm(void **state)
{
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
        calls_fail(*state, true, errors[i], step_of(5));
}

/* --- all of them --- */

enum { KINDS = sizeof kinds / sizeof kinds[0], TESTS_MAX = 4 * KINDS };

static struct CMUnitTest tests[TESTS_MAX];
static char names[TESTS_MAX][96];
static unsigned count;

static void add(const char *what, CMUnitTestFunction test, const struct kind *kind)
{
    snprintf(names[count], sizeof names[count], "%s: %s", what, kind->name);
    tests[count] = (struct CMUnitTest)cmocka_unit_test_prestate(test, (void *)(uintptr_t)kind);
    tests[count].name = names[count];
    count++;
}

int main(int argc, char **argv)
{
    const char *only = argc > 1 ? argv[1] : "";

    if (THREAD_SANITIZED) {
        puts("skipped: the thread that is borrowed may be inside the sanitizer");
        return SKIPPED;
    }
    for (const struct kind *kind = kinds; kind < kinds + KINDS; kind++) {
        if (strstr(kind->name, only) == NULL)
            continue;
        add("killed", a_killed_caller_leaves_no_trace, kind);
        if (!kind->library)
            add("killed first", a_killed_first_caller_leaves_no_trace, kind);
        add("failing", a_failing_system_call_does_no_harm, kind);
        if (!kind->library && !kind->stopped) /* one may be given two books, if the first is late */
            add("failing first", a_failing_system_call_of_a_first_caller_does_no_harm, kind);
    }
    return run_apart(tests, count);
}
