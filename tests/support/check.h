/*
 * check.h: the checks of tests/api. One header, no framework, because the same source is built
 * natively (gcc, clang) and for Windows (mingw-w64), where Windows or Wine judges the test itself.
 *
 *   TEST(virtualfree, release_needs_the_base, "O46")     registers itself; named by the rule
 *   {
 *       BYTE *p = reserve(0x10000);
 *       EXPECT_NO_CHANGE(p, 0x10000, EXPECT_FAIL(ERROR_INVALID_ADDRESS,
 *                                                VirtualFree(p + 0x1000, 0, MEM_RELEASE)));
 *   }
 *
 * A program runs the test named by its argument (exit 0, 1, or 77 for a skip), all of them
 * without an argument, each in a process of its own, or prints their names with --list.
 * Include this header first: it brings windows.h.
 *
 * EXPECT_ says what it wanted and got, and goes on; MUST ends the test at once, for what the rest
 * of the test stands on; SKIP("why") is for a missing feature of the system, nothing else.
 */
#ifndef CHECK_H
#define CHECK_H

#include "windows_compat.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <process.h>
#else
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check_moment.h"
#endif

/* EXPECT_REGION gives every field a default and lets the test override it: that is its point. */
#if defined(__clang__)
#pragma clang diagnostic ignored "-Winitializer-overrides"
#elif defined(__GNUC__)
#pragma GCC diagnostic ignored "-Woverride-init"
#endif

#if defined(__SANITIZE_THREAD__)
#define CHECK_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CHECK_THREAD_SANITIZER 1
#endif
#endif

#if defined __SANITIZE_ADDRESS__ || defined CHECK_THREAD_SANITIZER
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

/* A last error that nothing sets; bit 29 marks it as the application's own. */
#define CHECK_SENTINEL 0x20BADBADu
#define CHECK_SKIPPED 77

struct check_test {
    const char *group, *name, *ids, *file;
    int line;
    void (*run)(void);
    struct check_test *next;
};

static struct check_test *check_tests;
static const struct check_test *check_current;
static int check_failures;

/* Kept in the order of the source, whatever order the constructors run in. */
static inline void check_add(struct check_test *test)
{
    struct check_test **at = &check_tests;

    while (*at && (*at)->line < test->line)
        at = &(*at)->next;
    test->next = *at;
    *at = test;
}

#define TEST(group_, name_, ids_)                                                                            \
    static void check_run_##group_##_##name_(void);                                                          \
    static struct check_test check_test_##group_##_##name_ = {                                               \
        #group_, #name_, ids_, __FILE__, __LINE__, check_run_##group_##_##name_, NULL};                      \
    __attribute__((constructor)) static void check_add_##group_##_##name_(void)                              \
    {                                                                                                        \
        check_add(&check_test_##group_##_##name_);                                                           \
    }                                                                                                        \
    static void check_run_##group_##_##name_(void)

/* ---- messages ---------------------------------------------------------------------------- */

static inline const char *check_error_name(DWORD error)
{
    static const struct {
        DWORD error;
        const char *name;
    } names[] = {
        {0, "no error"},
        {2, "FILE_NOT_FOUND"},
        {5, "ACCESS_DENIED"},
        {6, "INVALID_HANDLE"},
        {8, "NOT_ENOUGH_MEMORY"},
        {24, "BAD_LENGTH"},
        {50, "NOT_SUPPORTED"},
        {59, "UNEXP_NET_ERR"},
        {87, "INVALID_PARAMETER"},
        {126, "MOD_NOT_FOUND"},
        {127, "PROC_NOT_FOUND"},
        {170, "BUSY"},
        {193, "BAD_EXE_FORMAT"},
        {487, "INVALID_ADDRESS"},
        {998, "NOACCESS"},
        {1132, "MAPPED_ALIGNMENT"},
        {1314, "PRIVILEGE_NOT_HELD"},
        {1455, "COMMITMENT_LIMIT"},
        {CHECK_SENTINEL, "untouched"},
    };
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].error == error)
            return names[i].name;
    return "?";
}

__attribute__((format(printf, 3, 4))) static inline void check_fail(const char *file, int line,
                                                                    const char *format, ...)
{
    va_list args;
    char text[900];

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    printf("%s:%d: %s.%s [%s]: %s\n", file, line, check_current ? check_current->group : "",
           check_current ? check_current->name : "", check_current ? check_current->ids : "", text);
    fflush(stdout);
    (void)__atomic_add_fetch(&check_failures, 1, __ATOMIC_SEQ_CST);
}

__attribute__((noreturn)) static inline void check_end(int code)
{
    fflush(NULL);
    _exit(code);
}

/* Not supported here: a feature of the system is missing. Also called by windows_compat.h. */
__attribute__((noreturn)) static inline void check_skip(const char *why)
{
    printf("skip %s.%s: %s\n", check_current ? check_current->group : "",
           check_current ? check_current->name : "", why);
    check_end(check_failures ? 1 : CHECK_SKIPPED);
}

#define SKIP(why) check_skip(why)

/* ---- plain checks ------------------------------------------------------------------------ */

#define EXPECT(condition)                                                                                    \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            check_fail(__FILE__, __LINE__, "not true: %s", #condition);                                      \
    } while (0)

#define MUST(condition)                                                                                      \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            check_fail(__FILE__, __LINE__, "the test stands on this: %s (last error %lu: %s)", #condition,   \
                       (unsigned long)GetLastError(), check_cause());                                        \
            check_end(1);                                                                                    \
        }                                                                                                    \
    } while (0)

static inline void check_eq(const char *file, int line, const char *what, uintptr_t got, uintptr_t want)
{
    if (got != want)
        check_fail(file, line, "%s: got 0x%llx, wanted 0x%llx", what, (unsigned long long)got,
                   (unsigned long long)want);
}

#define EXPECT_EQ(got, want) check_eq(__FILE__, __LINE__, #got, (uintptr_t)(got), (uintptr_t)(want))

/* Why, where the library under test can say so. */
static inline const char *check_cause(void)
{
#ifdef WINMEM_VERSION_MAJOR
    return WinmemLastCause();
#else
    return "";
#endif
}

static inline void check_refused(const char *file, int line, const char *call, uintptr_t result, DWORD error,
                                 DWORD want, DWORD or_want)
{
    if (result)
        check_fail(file, line, "%s: succeeded with 0x%llx, wanted error %lu %s", call,
                   (unsigned long long)result, (unsigned long)want, check_error_name(want));
    else if (error != want && error != or_want)
        check_fail(file, line, "%s: got error %lu %s, wanted %lu %s: %s", call, (unsigned long)error,
                   check_error_name(error), (unsigned long)want, check_error_name(want), check_cause());
}

/* The call returns 0 (NULL, FALSE) and the last error says this, or one of the two. */
#define EXPECT_FAIL(error, call) CHECK_FAILS(error, error, call, #call)
#define EXPECT_FAIL_EITHER(error1, error2, call) CHECK_FAILS(error1, error2, call, #call)

#define CHECK_FAILS(error1, error2, call, text)                                                              \
    do {                                                                                                     \
        uintptr_t check_result_;                                                                             \
        SetLastError(CHECK_SENTINEL);                                                                        \
        check_result_ = (uintptr_t)(call);                                                                   \
        check_refused(__FILE__, __LINE__, text, check_result_, GetLastError(), (error1), (error2));          \
    } while (0)

static inline void check_granted(const char *file, int line, const char *call, uintptr_t result, DWORD error)
{
    if (!result)
        check_fail(file, line, "%s: failed with error %lu %s: %s", call, (unsigned long)error,
                   check_error_name(error), check_cause());
    else if (error != CHECK_SENTINEL)
        check_fail(file, line, "%s: succeeded but set the last error to %lu %s", call, (unsigned long)error,
                   check_error_name(error));
}

/* The call succeeds and leaves the last error as it was. */
#define EXPECT_OK(call)                                                                                      \
    do {                                                                                                     \
        uintptr_t check_result_;                                                                             \
        SetLastError(CHECK_SENTINEL);                                                                        \
        check_result_ = (uintptr_t)(call);                                                                   \
        check_granted(__FILE__, __LINE__, #call, check_result_, GetLastError());                             \
    } while (0)

/* The call returns exactly this, and leaves the last error as it was. */
#define EXPECT_RETURNS(want, call)                                                                           \
    do {                                                                                                     \
        uintptr_t check_result_;                                                                             \
        SetLastError(CHECK_SENTINEL);                                                                        \
        check_result_ = (uintptr_t)(call);                                                                   \
        check_granted(__FILE__, __LINE__, #call, check_result_, GetLastError());                             \
        if (check_result_)                                                                                   \
            check_eq(__FILE__, __LINE__, #call, check_result_, (uintptr_t)(want));                           \
    } while (0)

/* ---- what VirtualQuery says -------------------------------------------------------------- */

#define CHECK_ANY ((uintptr_t)0xA5A5A5A5A5A5A5A5u)

/* Fields that a test does not name are not compared, except start: the page asked for. */
struct check_region {
    uintptr_t start, base, alloc_protect, size, state, protect, type;
};

/* what: which question was asked */
static inline void check_region_is(const char *file, int line, const char *what,
                                   const MEMORY_BASIC_INFORMATION *mbi, struct check_region want)
{
#define CHECK_FIELD(field, member)                                                                           \
    if (want.field != CHECK_ANY && (uintptr_t)mbi->member != want.field)                                     \
    check_fail(file, line, "%s: " #member " got 0x%llx, wanted 0x%llx", what,                                \
               (unsigned long long)(uintptr_t)mbi->member, (unsigned long long)want.field)
    CHECK_FIELD(start, BaseAddress);
    CHECK_FIELD(base, AllocationBase);
    CHECK_FIELD(alloc_protect, AllocationProtect);
    CHECK_FIELD(size, RegionSize);
    CHECK_FIELD(state, State);
    CHECK_FIELD(protect, Protect);
    CHECK_FIELD(type, Type);
#undef CHECK_FIELD
}

static inline void check_region(const char *file, int line, const char *what, const void *address,
                                struct check_region want)
{
    MEMORY_BASIC_INFORMATION mbi;
    SIZE_T length;
    DWORD error;

    memset(&mbi, 0xEE, sizeof mbi);
    SetLastError(CHECK_SENTINEL);
    length = VirtualQuery(address, &mbi, sizeof mbi);
    error = GetLastError();
    if (length != sizeof mbi || error != CHECK_SENTINEL) {
        check_fail(file, line, "VirtualQuery(%s): returned %llu, last error %lu %s: %s", what,
                   (unsigned long long)length, (unsigned long)error, check_error_name(error), check_cause());
        return;
    }
    check_region_is(file, line, what, &mbi, want);
}

/* The region that begins in the address's page, and what else is said of it. */
#define CHECK_REGION_AT(address, ...)                                                                        \
    (struct check_region)                                                                                    \
    {                                                                                                        \
        .start = (uintptr_t)(address) & ~(uintptr_t)0xFFF, .base = CHECK_ANY, .alloc_protect = CHECK_ANY,    \
        .size = CHECK_ANY, .state = CHECK_ANY, .protect = CHECK_ANY, .type = CHECK_ANY, __VA_ARGS__          \
    }

/* EXPECT_REGION(p, .size = 0x1000, .state = MEM_COMMIT, .base = (uintptr_t)p, ...) */
#define EXPECT_REGION(address, ...)                                                                          \
    check_region(__FILE__, __LINE__, #address, (address), CHECK_REGION_AT(address, __VA_ARGS__))

static inline DWORD check_state(const void *address)
{
    MEMORY_BASIC_INFORMATION mbi = {0};

    return VirtualQuery(address, &mbi, sizeof mbi) == sizeof mbi ? mbi.State : 0;
}

static inline DWORD check_protect(const void *address)
{
    MEMORY_BASIC_INFORMATION mbi = {0};

    return VirtualQuery(address, &mbi, sizeof mbi) == sizeof mbi ? mbi.Protect : 0;
}

/* What a walk over [start, start + size) saw, cut off at its end. */
struct check_snapshot {
    const BYTE *start;
    SIZE_T size;
    int count;
    MEMORY_BASIC_INFORMATION regions[64];
};

static inline void check_take(struct check_snapshot *snap, const void *start, SIZE_T size)
{
    const BYTE *at = start;
    const BYTE *end = at + size;

    memset(snap, 0, sizeof *snap);
    snap->start = start;
    snap->size = size;
    while (at < end && snap->count < 64) {
        MEMORY_BASIC_INFORMATION *mbi = &snap->regions[snap->count];
        const BYTE *next;

        if (VirtualQuery(at, mbi, sizeof *mbi) != sizeof *mbi)
            return;
        next = (const BYTE *)mbi->BaseAddress + mbi->RegionSize;
        if (next > end)
            mbi->RegionSize = (SIZE_T)(end - (const BYTE *)mbi->BaseAddress);
        snap->count++;
        if (next <= at)
            return;
        at = next;
    }
}

static inline void check_unchanged(const char *file, int line, const char *what,
                                   const struct check_snapshot *before)
{
    static struct check_snapshot after;
    int i;

    check_take(&after, before->start, before->size);
    if (before->count != after.count)
        check_fail(file, line, "%s: %d regions before, %d after", what, before->count, after.count);
    for (i = 0; i < before->count && i < after.count; i++) {
        const MEMORY_BASIC_INFORMATION *a = &before->regions[i], *b = &after.regions[i];

        if (a->BaseAddress != b->BaseAddress || a->AllocationBase != b->AllocationBase ||
            a->AllocationProtect != b->AllocationProtect || a->RegionSize != b->RegionSize ||
            a->State != b->State || a->Protect != b->Protect || a->Type != b->Type) {
            check_fail(file, line,
                       "%s: region %d (%p) changed: base %p->%p size 0x%llx->0x%llx "
                       "state 0x%lx->0x%lx protect 0x%lx->0x%lx type 0x%lx->0x%lx",
                       what, i, a->BaseAddress, a->AllocationBase, b->AllocationBase,
                       (unsigned long long)a->RegionSize, (unsigned long long)b->RegionSize,
                       (unsigned long)a->State, (unsigned long)b->State, (unsigned long)a->Protect,
                       (unsigned long)b->Protect, (unsigned long)a->Type, (unsigned long)b->Type);
            return;
        }
    }
}

/* The statement leaves every region of [start, start + size) as it was. */
#define EXPECT_NO_CHANGE(start, size, ...)                                                                   \
    do {                                                                                                     \
        static struct check_snapshot check_before_;                                                          \
        check_take(&check_before_, (start), (size));                                                         \
        __VA_ARGS__;                                                                                         \
        check_unchanged(__FILE__, __LINE__, #__VA_ARGS__, &check_before_);                                   \
    } while (0)

/* ---- touching memory without falling over ------------------------------------------------ */

enum check_touch { CHECK_READ, CHECK_WRITE, CHECK_EXECUTE };

#ifdef _WIN32

static __thread void *check_jump[5];
static __thread volatile int check_armed;

static void check_landed(void)
{
    __builtin_longjmp(check_jump, 1);
}

static LONG CALLBACK check_on_fault(EXCEPTION_POINTERS *info)
{
    if (!check_armed || info->ExceptionRecord->ExceptionCode != EXCEPTION_ACCESS_VIOLATION)
        return EXCEPTION_CONTINUE_SEARCH;
    check_armed = 0;
    info->ContextRecord->Rsp = (info->ContextRecord->Rsp & ~(DWORD64)15) - 0x108;
    info->ContextRecord->Rip = (DWORD64)(uintptr_t)check_landed;
    return EXCEPTION_CONTINUE_EXECUTION;
}

#else

static __thread sigjmp_buf check_jump;

static void check_on_fault(int number)
{
    (void)number;
    siglongjmp(check_jump, 1);
}

#endif

static inline void check_do_touch(const volatile void *address, enum check_touch how)
{
    volatile BYTE *byte = (volatile BYTE *)(uintptr_t)address;
    union {
        const volatile void *data;
        void (*code)(void);
    } target;

    target.data = address;
    if (how == CHECK_READ)
        (void)*byte;
    else if (how == CHECK_WRITE)
        *byte = 0xC3;
    else
        target.code();
}

/* Did the access work? A write stores CHECK_RETURN, which executing then can use. */
__attribute__((noinline)) static int check_touches(const volatile void *address, enum check_touch how)
{
    volatile int worked = 0;
#ifdef _WIN32
    static void *handler;

    if (!handler)
        handler = AddVectoredExceptionHandler(1, check_on_fault);
    if (__builtin_setjmp(check_jump) == 0) {
        check_armed = 1;
        check_do_touch(address, how);
        worked = 1;
    }
    check_armed = 0;
#else
    struct sigaction mine, old_segv, old_bus;

    memset(&mine, 0, sizeof mine);
    mine.sa_handler = check_on_fault;
    mine.sa_flags = SA_NODEFER;
    sigemptyset(&mine.sa_mask);
    sigaction(SIGSEGV, &mine, &old_segv);
    sigaction(SIGBUS, &mine, &old_bus);
    if (sigsetjmp(check_jump, 1) == 0) {
        check_do_touch(address, how);
        worked = 1;
    }
    sigaction(SIGSEGV, &old_segv, NULL);
    sigaction(SIGBUS, &old_bus, NULL);
#endif
    return worked;
}

#define CHECK_RETURN 0xC3 /* the x86 instruction ret */

static inline int readable(const volatile void *p)
{
    return check_touches(p, CHECK_READ);
}
static inline int writable(volatile void *p)
{
    return check_touches(p, CHECK_WRITE);
}

/* Calls the code at p: the page must hold CHECK_RETURN there. */
static inline int executable(const volatile void *p)
{
#if defined(__x86_64__) || defined(__i386__)
    return check_touches(p, CHECK_EXECUTE);
#else
    (void)p;
    SKIP("executing is probed on x86 only");
#endif
}

static inline int all_zero(const void *p, SIZE_T size)
{
    const BYTE *bytes = p;
    SIZE_T i;

    for (i = 0; i < size; i++)
        if (bytes[i])
            return 0;
    return 1;
}

/* ---- threads and time -------------------------------------------------------------------- */

#define ATOMIC_GET(variable) __atomic_load_n(&(variable), __ATOMIC_SEQ_CST)
#define ATOMIC_SET(variable, value) __atomic_store_n(&(variable), (value), __ATOMIC_SEQ_CST)
#define ATOMIC_ADD(variable, value) ((void)__atomic_add_fetch(&(variable), (value), __ATOMIC_SEQ_CST))

struct check_thread {
    void (*run)(void *);
    void *arg;
#ifdef _WIN32
    HANDLE handle;
#else
    pthread_t handle;
#endif
};

#ifdef _WIN32
static inline DWORD WINAPI check_thread_main(void *arg)
{
    struct check_thread *thread = arg;

    thread->run(thread->arg);
    return 0;
}
#else
static inline void *check_thread_main(void *arg)
{
    struct check_thread *thread = arg;

    thread->run(thread->arg);
    return NULL;
}
#endif

static inline void thread_start(struct check_thread *thread, void (*run)(void *), void *arg)
{
    thread->run = run;
    thread->arg = arg;
#ifdef _WIN32
    thread->handle = CreateThread(NULL, 0, check_thread_main, thread, 0, NULL);
    MUST(thread->handle != NULL);
#else
    MUST(pthread_create(&thread->handle, NULL, check_thread_main, thread) == 0);
#endif
}

static inline void thread_join(struct check_thread *thread)
{
#ifdef _WIN32
    WaitForSingleObject(thread->handle, INFINITE);
    CloseHandle(thread->handle);
#else
    pthread_join(thread->handle, NULL);
#endif
}

static inline double check_seconds(void)
{
#ifdef _WIN32
    return (double)GetTickCount64() / 1000.0;
#else
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
#endif
}

static inline void check_yield(void)
{
#ifdef _WIN32
    Sleep(0);
#else
    sched_yield();
#endif
}

static inline void check_sleep(unsigned milliseconds)
{
#ifdef _WIN32
    Sleep(milliseconds);
#else
    struct timespec wait = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000L};

    nanosleep(&wait, NULL);
#endif
}

/* ---- the runner -------------------------------------------------------------------------- */

/* A test that hangs is a failed test; CHECK_SECONDS widens the limit (valgrind, sanitizers). */
static inline unsigned check_limit(void)
{
    const char *text = getenv("CHECK_SECONDS");

    return text ? (unsigned)strtoul(text, NULL, 10) : 30u;
}

#ifdef _WIN32
static DWORD WINAPI check_watchdog(void *arg)
{
    Sleep(check_limit() * 1000u);
    check_fail(__FILE__, __LINE__, "still running after %u seconds", check_limit());
    check_end(1);
    return arg != NULL;
}
#endif

#ifndef _WIN32
static int check_failed(void)
{
    return check_failures;
}
#endif

static inline int check_run(const struct check_test *test)
{
    check_current = test;
#ifdef _WIN32
    {
        HANDLE watchdog = CreateThread(NULL, 0, check_watchdog, NULL, 0, NULL);

        if (watchdog)
            CloseHandle(watchdog);
        setvbuf(stdout, NULL, _IONBF, 0);
    }
#else
    alarm(check_limit());
#endif
#ifndef _WIN32
    if (check_moment != NULL)
        check_moment(test->run, check_failed);
    else
#endif
        test->run();
    fflush(stdout);
    return check_failures ? 1 : 0;
}

static inline int check_spawn(char *self, const char *full_name)
{
#ifdef _WIN32
    return (int)_spawnl(_P_WAIT, self, self, full_name, NULL);
#else
    extern char **environ;
    char name[200];
    char *argv[3];
    pid_t pid;
    int status;

    snprintf(name, sizeof name, "%s", full_name);
    argv[0] = self;
    argv[1] = name;
    argv[2] = NULL;
    if (posix_spawn(&pid, access("/proc/self/exe", X_OK) == 0 ? "/proc/self/exe" : self, NULL, NULL, argv,
                    environ) != 0)
        return 1;
    while (waitpid(pid, &status, 0) < 0)
        ;
    if (WIFSIGNALED(status))
        printf("%s: ended by signal %d\n", full_name, WTERMSIG(status));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
#endif
}

int main(int argc, char **argv)
{
    int passed = 0, failed = 0, skipped = 0;
    const struct check_test *test;
    char name[200];

    for (test = check_tests; test; test = test->next) {
        int code;

        snprintf(name, sizeof name, "%s.%s", test->group, test->name);
        if (argc > 1 && strcmp(argv[1], "--list") == 0) {
            printf("%s  %s\n", name, test->ids);
            continue;
        }
        if (argc > 1) {
            if (strcmp(argv[1], name) == 0)
                return check_run(test);
            continue;
        }
        code = check_spawn(argv[0], name);
        passed += code == 0;
        skipped += code == CHECK_SKIPPED;
        failed += code != 0 && code != CHECK_SKIPPED;
        if (code != 0 && code != CHECK_SKIPPED)
            printf("FAILED %s (exit 0x%x)\n", name, (unsigned)code);
        fflush(stdout);
    }
    if (argc > 1 && strcmp(argv[1], "--list") == 0)
        return 0;
    if (argc > 1) {
        fprintf(stderr, "no test is called %s; --list names them\n", argv[1]);
        return 2;
    }
    printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
    return failed ? 1 : 0;
}

#endif
