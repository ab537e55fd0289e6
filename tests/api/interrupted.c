/*
 * Every function interrupted by every function: a timer's signal comes in the middle of a call, and its handler makes
 * another one. That has the right result or is told that it came at the wrong moment (1131), and nobody waits for himself.
 *
 * The same with forks: children made in the middle of other threads' calls, by fork, _Fork and clone.
 */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR

#include "everycall.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "../support/oldlibc.h"

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

#ifdef CHECK_THREAD_SANITIZER
/* That malloc was interrupted nobody but this library knows, which asks (heap/inside.h): to the sanitizer each malloc in a
 * handler is wrong. */
const char *__tsan_default_options(void);

const char *__tsan_default_options(void)
{
    return "report_signal_unsafe=0";
}
#endif

enum { SECONDS = 3, PATIENCE = 20, SHORTEST_NS = 1000, LONGEST_NS = SANITIZED ? 400000 : 40000, FORKERS = 2 };

/* Written by the process that is watched, read by the one that watches. */
struct record {
    uint64_t calls, handlers, told; /* so many */
    uint32_t call, handled;         /* which, at this moment */
    uint32_t failed;                /* calls that were wrong; the first one: */
    char what[160];
};

static struct record *record;
static struct side outer, inner;

static uint64_t wanted_rounds(void)
{
    const char *all = getenv("WM_ALL");

    return all != NULL && *all != '\0' ? 100000 : 0;
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void *shared_page(void)
{
    void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    MUST(page != MAP_FAILED);
    return page;
}

static void say_failed(const struct every *call, const struct side *side, const char *where)
{
    if (__atomic_fetch_add(&record->failed, 1, __ATOMIC_SEQ_CST) == 0)
        snprintf(record->what, sizeof record->what, "%s, %s: error %u, wrong in line %u of everycall.h",
                 where, call->name, (unsigned)GetLastError(), side->wrong);
}

/* --- one process that interrupts itself --- */

static timer_t timer;
static uint32_t dice = 1;

static uint32_t roll(void)
{
    dice = dice * 1664525 + 1013904223;
    return dice >> 8;
}

/* Once: a handler that takes longer than the timer would leave its thread no time. */
static void wind(void)
{
    struct itimerspec once = {.it_value.tv_nsec = SHORTEST_NS + roll() % (LONGEST_NS - SHORTEST_NS)};

    timer_settime(timer, 0, &once, NULL);
}

static bool may_be_told(const struct every *call)
{
    DWORD error = GetLastError();

    return error == ERROR_POSSIBLE_DEADLOCK ||
           ((call->kind & ASKS_MALLOC) != 0 && (error == ERROR_NOT_ENOUGH_MEMORY || error == CHECK_SENTINEL));
}

/* The one that is called in handlers; NULL: one after the other. */
static const struct every *chosen;

/* Before a side could be made there are calls that need none. */
static const struct every *next_call(void)
{
    uint64_t at = record->handlers * 7;

    if (chosen != NULL)
        return chosen;
    while (inner.memory == NULL && !(every_call[at % EVERY].kind & NEEDS_NOTHING))
        at++;
    return &every_call[at % EVERY];
}

static void interrupt(int signal)
{
    const struct every *call = next_call();
    DWORD last = GetLastError();
    int saved = errno;

    (void)signal;
    record->handled = (uint32_t)(call - every_call);
    SetLastError(CHECK_SENTINEL);
    if (!call->run(&inner)) {
        record->told++;
        if (!may_be_told(call))
            say_failed(call, &inner, "in a handler");
    } else if (inner.wrong != 0) {
        say_failed(call, &inner, "in a handler");
    }
    record->handlers++;
    SetLastError(last);
    errno = saved;
    wind();
}

static void begin_interrupting(void)
{
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = SA_RESTART};
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1};

    event.sigev_notify_thread_id = (pid_t)syscall(SYS_gettid);
    MUST(sigaction(SIGUSR1, &action, NULL) == 0 && timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
    wind();
}

static void be_interrupted_in(const struct every *call)
{
    record->call = (uint32_t)(call - every_call);
    SetLastError(CHECK_SENTINEL);
    if (!call->run(&outer) || outer.wrong != 0)
        say_failed(call, &outer, "interrupted");
    record->calls++;
}

static void interrupt_calls(void)
{
    uint64_t rounds = wanted_rounds();
    double end = now() + SECONDS;

    must_make_side(&outer);
    must_make_side(&inner);
    begin_interrupting();
    while ((rounds == 0 ? now() < end : record->handlers < rounds) && record->failed == 0)
        be_interrupted_in(&every_call[record->calls % EVERY]);
    timer_delete(timer);
}

/* What a call has half done is what the same call meets first. */
static void interrupt_each_by_itself(void)
{
    must_make_side(&outer);
    must_make_side(&inner);
    chosen = every_call;
    begin_interrupting();
    for (int i = 0; i < EVERY; i++) {
        chosen = &every_call[i];
        for (double end = now() + (double)SECONDS / EVERY; now() < end && record->failed == 0;)
            be_interrupted_in(chosen);
    }
    timer_delete(timer);
}

/* The first call of all is interrupted, too: each process has one. */
static void interrupt_first_call(void)
{
    dice = (uint32_t)getpid();
    memset(&inner, 0, sizeof inner);
    begin_interrupting();
    for (int i = 0; i < 20; i++)
        if (!every_alloc(&outer))
            say_failed(&every_call[0], &outer, "interrupted");
    if (!every_heap_block(&outer))
        say_failed(&every_call[1], &outer, "interrupted");
    timer_delete(timer);
}

/* --- watching it --- */

/* False: it did not come on for a long time. */
static bool came_on(uint64_t *seen, double *since)
{
    uint64_t at = record->calls + record->handlers;

    if (at != *seen) {
        *seen = at;
        *since = now();
    }
    return now() - *since < PATIENCE;
}

static void expect_ends(pid_t child)
{
    uint64_t seen = 0;
    double since = now();
    int status = 0;

    while (waitpid(child, &status, WNOHANG) == 0 && came_on(&seen, &since))
        usleep(1000);
    if (now() - since >= PATIENCE) {
        printf("hangs: interrupted %s, in the handler %s\n", every_call[record->call].name,
               every_call[record->handled].name);
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
    }
    if (record->failed != 0)
        printf("%s\n", record->what);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(record->failed, 0);
}

static pid_t begin(void (*run)(void))
{
    pid_t child;

    fflush(NULL);
    child = fork();
    MUST(child >= 0);
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        check_failures = 0;
        run();
        _exit(check_failures != 0);
    }
    return child;
}

static void expect_calls_work(void (*run)(void))
{
    record = shared_page();
    expect_ends(begin(run));
    printf("%llu calls, %llu in handlers, of which %llu were told\n", (unsigned long long)record->calls,
           (unsigned long long)record->handlers, (unsigned long long)record->told);
    EXPECT(record->handlers > 20);
}

TEST(interrupted, every_call_by_every_call, "L140")
{
    expect_calls_work(interrupt_calls);
}

TEST(interrupted, every_call_by_itself, "L140")
{
    expect_calls_work(interrupt_each_by_itself);
}

TEST(interrupted, the_first_call_of_all, "L140")
{
    double end = now() + SECONDS;

    record = shared_page();
    for (int i = 0; now() < end && check_failures == 0; i++)
        expect_ends(begin(interrupt_first_call));
}

/* --- forks in the middle of calls --- */

enum way { BY_FORK, BY__FORK, BY_CLONE, WAYS };

static int stop;

static void *be_busy(void *arg)
{
    struct side *side = arg;

    for (uint64_t i = 0; !__atomic_load_n(&stop, __ATOMIC_RELAXED); i++) {
        const struct every *call = &every_call[i * 11 % EVERY];

        if (strcmp(call->name, "module") != 0 && (!call->run(side) || side->wrong != 0))
            say_failed(call, side, "beside forks");
        __atomic_fetch_add(&record->calls, 1, __ATOMIC_RELAXED);
    }
    return NULL;
}

static pid_t fork_by(enum way way)
{
    return way == BY_FORK    ? fork()
           : way == BY__FORK ? _Fork()
                             : (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

/* A copy that was made in the middle of a change, and not by fork, may say so; it never waits. */
static bool all_calls_work(enum way way)
{
    for (unsigned i = 0; i < EVERY; i++) {
        const struct every *call = &every_call[i];

        if (way != BY_FORK && (call->kind & ASKS_MALLOC) != 0)
            continue;
        SetLastError(CHECK_SENTINEL);
        record->handled = i;
        if ((!call->run(&inner) && (way == BY_FORK || GetLastError() != ERROR_POSSIBLE_DEADLOCK)) ||
            inner.wrong != 0) {
            say_failed(call, &inner, way == BY_FORK ? "in a child of fork" : "in a child of _Fork or clone");
            return false;
        }
    }
    return true;
}

static bool ends(pid_t child, int *status)
{
    double end = now() + PATIENCE;

    while (waitpid(child, status, WNOHANG) == 0)
        if (now() > end) {
            kill(child, SIGKILL);
            waitpid(child, status, 0);
            return false;
        } else {
            usleep(200);
        }
    return true;
}

static void fork_once(enum way way)
{
    pid_t child = fork_by(way);
    int status = 0;

    if (child == 0)
        _exit(!all_calls_work(way));
    MUST(child > 0);
    if (!ends(child, &status))
        printf("child %d hangs in %s\n", way, every_call[record->handled].name);
    if (record->failed != 0)
        printf("%s\n", record->what);
    EXPECT_EQ(status, 0);
}

static void fork_beside_calls(unsigned ways, double seconds)
{
    static struct side sides[FORKERS];
    pthread_t threads[FORKERS];
    double end = now() + seconds;
    unsigned forks = 0;

    record = shared_page();
    must_make_side(&inner);
    for (int i = 0; i < FORKERS; i++) {
        must_make_side(&sides[i]);
        MUST(pthread_create(&threads[i], NULL, be_busy, &sides[i]) == 0);
    }
    for (; now() < end && check_failures == 0; forks++)
        fork_once(ways & 1u << forks % WAYS ? (enum way)(forks % WAYS) : BY_FORK);
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < FORKERS; i++)
        pthread_join(threads[i], NULL);
    printf("%u children beside %llu calls\n", forks, (unsigned long long)record->calls);
    EXPECT_EQ(record->failed, 0);
}

TEST(interrupted, forks_beside_calls, "L139")
{
    if (SANITIZED)
        SKIP("a sanitizer's malloc cannot fork while threads are in it");
    fork_beside_calls(1u << BY_FORK, SECONDS);
}

TEST(interrupted, children_that_libc_does_not_know, "L139")
{
    if (SANITIZED)
        SKIP("a sanitizer cannot be cloned");
    if (!WinmemFeature("wipe_on_fork"))
        SKIP("without the page that forks wipe such children must not use the library");
    fork_beside_calls(1u << BY__FORK | 1u << BY_CLONE, SECONDS);
}

#endif
