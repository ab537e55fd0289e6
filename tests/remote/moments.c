/*
 * moments.c: processes that are called at any moment of their lives: just forked, just begun, in the dynamic loader, in
 * malloc, on their way to their end, and killed at each system call of their caller in turn. None is harmed, every parent
 * is told how its child ended, and the caller's signals are as they were.
 */
#include "support/apart.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include <windows.h>

#include "kern/faults.h"

enum {
    BYTES = 0x10000,
    ROUNDS = 60,
    KEYS = 40,
    UNHARMED = 42,
    CALLS_MAX = 200,
    SHORT_NAP = 20,
    MASK_BYTES = 8
};

static void nap(unsigned microseconds)
{
    nanosleep(&(struct timespec){0, 1000 * (long)microseconds}, NULL);
}

/* --- lives --- */

/* Blocks that nobody has used, so that malloc is inside its locks most of the time; and keys whose values are its own. */
static void live_in_malloc(int until)
{
    pthread_key_t key;
    char byte;

    for (int i = 0; i < KEYS; i++)
        if (pthread_key_create(&key, NULL) == 0)
            pthread_setspecific(key, &byte);
    fcntl(until, F_SETFL, O_NONBLOCK);
    for (size_t i = 0; read(until, &byte, 1) != 0; i++) {
        char *blocks[64];

        for (size_t b = 0; b < 64; b++) {
            blocks[b] = malloc(16 + (i * 64 + b) % 5000);
            memset(blocks[b], (int)b, 16);
        }
        for (size_t b = 0; b < 64; b++) {
            if (blocks[b][15] != (char)b)
                _exit(1);
            free(blocks[b]);
        }
    }
    _exit(UNHARMED);
}

static void begin_again(int until)
{
    char number[16];

    snprintf(number, sizeof number, "%d", until);
    execl("/proc/self/exe", "moments", number, (char *)NULL);
    _exit(1);
}

static void begin_shell(int until)
{
    dup2(until, 0);
    execl("/bin/sh", "sh", "-c", "read word; exit 42", (char *)NULL);
    _exit(1);
}

static void end_at_once(int until)
{
    (void)until;
    _exit(UNHARMED);
}

static void end_soon(int until)
{
    (void)until;
    nap(200);
    _exit(UNHARMED);
}

static void end_as_program(int until)
{
    (void)until;
    execl("/bin/sh", "sh", "-c", "exit 42", (char *)NULL);
    _exit(1);
}

struct kind {
    const char *name;
    void (*live)(int until);
    bool ends;
};

static const struct kind kinds[] = {
    {"forked, in malloc", live_in_malloc, false},
    {"a program, in malloc", begin_again, false},
    {"a program without the library", begin_shell, false},
    {"ends at once", end_at_once, true},
    {"ends soon", end_soon, true},
    {"a program that ends", end_as_program, true},
};

static pid_t begin(const struct kind *kind, int *tell)
{
    int until[2];
    pid_t pid;

    assert_int_equal(pipe(until), 0);
    pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        alarm(60);
        close(until[1]);
        kind->live(until[0]);
    }
    close(until[0]);
    *tell = until[1];
    return pid;
}

/* --- calls --- */

/* 0, or the error. */
static DWORD call(pid_t pid)
{
    HANDLE process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)pid);
    void *p = process == NULL
                  ? NULL
                  : VirtualAllocEx(process, NULL, BYTES, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    DWORD error = p == NULL ? GetLastError() : 0;

    if (p != NULL)
        VirtualFreeEx(process, p, 0, MEM_RELEASE);
    CloseHandle(process);
    return error;
}

static bool is_documented(DWORD error)
{
    return error == 0 || error == ERROR_ACCESS_DENIED || error == ERROR_NOT_SUPPORTED ||
           error == ERROR_BUSY || error == ERROR_INVALID_PARAMETER;
}

static sigset_t blocked(void)
{
    sigset_t set;

    sigprocmask(SIG_BLOCK, NULL, &set);
    return set;
}

static int how_it_ended(const struct kind *kind, pid_t pid)
{
    int status = 0;
    pid_t told = 0;

    for (double until = seconds() + 20; told == 0 && seconds() < until; nap(SHORT_NAP))
        told = waitpid(pid, &status, WNOHANG);
    if (told != pid)
        fail_msg("%s: its parent is told nothing", kind->name);
    return status;
}

static void called_at_any_moment(void **state)
{
    const struct kind *kind = *state;
    unsigned worked = 0;
    double longest = 0;

    for (unsigned round = 0; round < ROUNDS; round++) {
        int tell, status;
        pid_t pid = begin(kind, &tell);
        sigset_t before = blocked(), after;
        double began;
        DWORD error;

        nap(round % 20 * 75);
        began = seconds();
        error = call(pid);
        if (seconds() - began > longest)
            longest = seconds() - began;
        after = blocked();
        assert_memory_equal(&before, &after, MASK_BYTES);
        if (!is_documented(error))
            fail_msg("%s, round %u: error %u", kind->name, round, (unsigned)error);
        worked += error == 0;
        close(tell);
        status = how_it_ended(kind, pid);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != UNHARMED)
            fail_msg("%s, round %u: it ended with %x; the call answered %u", kind->name, round, status,
                     (unsigned)error);
    }
    printf("%s: %u of %d calls worked, the longest took %.3f s\n", kind->name, worked, ROUNDS, longest);
    assert_true(longest < 15);
    assert_true(kind->ends || worked > 0);
}

/* --- killed in the middle --- */

/* Each process that is called is a new one, the caller is the same all along. */
static bool is_killed_at(const struct kind *kind, unsigned n, bool after, bool by_parent)
{
    int tell, status, *answer = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t pid = begin(kind, &tell), caller = 0;
    double began = seconds();

    nap(1000);
    if (!by_parent)
        caller = fork();
    if (caller == 0 && !by_parent) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(tell);
    }
    if (caller == 0) {
        wm_fault_kill_at(n, after, pid);
        call(pid);
        wm_fault_kill_at(0, false, 0);
        __atomic_store_n(answer, 1, __ATOMIC_RELEASE);
    }
    while (!by_parent && caller == 0)
        pause();
    while (__atomic_load_n(answer, __ATOMIC_ACQUIRE) == 0 && seconds() - began < 20)
        nap(SHORT_NAP);
    assert_int_equal(*answer, 1);
    close(tell);
    status = how_it_ended(kind, pid);
    if (caller > 0) {
        kill(caller, SIGKILL);
        waitpid(caller, NULL, 0);
    }
    munmap(answer, 4096);
    if (WIFEXITED(status))
        assert_int_equal(WEXITSTATUS(status), UNHARMED);
    else
        assert_int_equal(WTERMSIG(status), SIGKILL);
    return WIFSIGNALED(status);
}

static void killed_at_each_call(void **state)
{
    const struct kind *kind = *state;
    unsigned step = getenv("WM_KILLS_ALL") != NULL ? 1 : 3, kills = 0;
    double began = seconds();
    bool killed = true;

    for (unsigned n = 1; killed && n < CALLS_MAX; n += step)
        for (int i = 0; i < 4; i++)
            kills += killed = is_killed_at(kind, n, i % 2, i / 2);
    printf("%s: killed %u times in the middle of a call, %.1f s\n", kind->name, kills, seconds() - began);
}

/* --- all of them --- */

int main(int argc, char **argv)
{
    enum { KINDS = sizeof kinds / sizeof kinds[0] };
    static struct CMUnitTest tests[2 * KINDS];
    static char names[2 * KINDS][96];
    size_t count = 0;

    if (THREAD_SANITIZED) {
        puts("skipped: the thread that is borrowed may be inside the sanitizer");
        return SKIPPED;
    }
    if (argc > 1)
        live_in_malloc(atoi(argv[1]));
    for (const struct kind *kind = kinds; kind < kinds + KINDS; kind++)
        for (int killed = 0; killed < 2 - kind->ends; killed++) {
            snprintf(names[count], sizeof names[count], "%s: %s", killed ? "killed" : "called", kind->name);
            tests[count] = (struct CMUnitTest)cmocka_unit_test_prestate(
                killed ? killed_at_each_call : called_at_any_moment, (void *)(uintptr_t)kind);
            tests[count].name = names[count];
            count++;
        }
    return run_apart(tests, count);
}
