/*
 * alternating.c: pages whose protections alternate, more of them than a process can have mappings (vm.max_map_count).
 */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MANY = SANITIZED ? 50000 : 200000, ENOUGH = 40000 }; /* of 65,530 mappings each would take two */

static void need_shields(void)
{
    if (!WinmemFeature("uffd_protect"))
        SKIP("there is no such userfaultfd (Linux 6.4), or it is not allowed");
}

static void need_markers(void)
{
    if (!WinmemFeature("guard_markers"))
        SKIP("there are no guard markers (Linux 6.13)");
}
#else
enum { MANY = 4000, ENOUGH = 4000 };

static void need_shields(void)
{
}

static void need_markers(void)
{
}
#endif

enum { STEP = 4001 };

static DWORD alternations, pages;

static void change(BYTE *page, DWORD new_protect, DWORD expected)
{
    DWORD old = 0;

    if (!VirtualProtect(page, PAGE, new_protect, &old) || old != expected)
        check_fail(__FILE__, __LINE__, "%p: error %lu, it was %lx", (void *)page,
                   (unsigned long)GetLastError(), (unsigned long)old);
}

/* In no order: the numbers below alternations, each once. */
static DWORD number(DWORD i)
{
    return (DWORD)((unsigned long long)i * 7919 % alternations);
}

/* The even pages are read-only. One in 64 has contents. */
static BYTE *alternating(DWORD count)
{
    BYTE *p;

    need_shields();
    alternations = count;
    pages = 2 * count;
    p = commit((SIZE_T)pages * PAGE, PAGE_READWRITE);
    for (DWORD i = 0; i < pages; i += 64)
        *(DWORD *)(p + (SIZE_T)i * PAGE) = i + 1;
    for (DWORD i = 0; i < alternations; i++)
        change(p + (SIZE_T)number(i) * 2 * PAGE, PAGE_READONLY, PAGE_READWRITE);
    return p;
}

static void expect_contents(const BYTE *p)
{
    for (DWORD i = 0; i < pages; i += 64)
        if (*(const DWORD *)(p + (SIZE_T)i * PAGE) != i + 1)
            check_fail(__FILE__, __LINE__, "page %lu holds %lu", (unsigned long)i,
                       (unsigned long)*(const DWORD *)(p + (SIZE_T)i * PAGE));
}

TEST(alternating, read_only_pages_and_writable_ones_however_many, "L601")
{
    BYTE *p = alternating(MANY);

    for (DWORD i = 0; i < pages; i += STEP) {
        BYTE *page = p + (SIZE_T)i * PAGE;

        EXPECT_REGION(page, .size = PAGE, .state = MEM_COMMIT, .base = AT(p),
                      .protect = i % 2 ? PAGE_READWRITE : PAGE_READONLY);
        EXPECT(!IsBadReadPtr(page, PAGE) && (IsBadWritePtr(page, PAGE) == 0) == (i % 2 != 0));
    }
    expect_contents(p);
    for (DWORD i = 0; i < alternations; i++)
        change(p + (SIZE_T)number(i) * 2 * PAGE, PAGE_READWRITE, PAGE_READONLY);
    EXPECT_REGION(p, .size = (SIZE_T)pages * PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE,
                  .base = AT(p));
    expect_contents(p);
    for (DWORD i = 0; i < pages; i += STEP)
        *(DWORD *)(p + (SIZE_T)i * PAGE + 8) = i;
    release(p);
}

static volatile ULONG_PTR told[3];
static volatile unsigned met;

static LONG CALLBACK make_writable(EXCEPTION_POINTERS *pointers)
{
    DWORD old;

    met++;
    told[0] = pointers->ExceptionRecord->ExceptionCode;
    told[1] = pointers->ExceptionRecord->ExceptionInformation[0];
    told[2] = pointers->ExceptionRecord->ExceptionInformation[1];
    VirtualProtect((void *)told[2], 1, PAGE_READWRITE, &old);
    return EXCEPTION_CONTINUE_EXECUTION;
}

TEST(alternating, a_store_is_an_access_violation, "L602")
{
    BYTE *p = alternating(ENOUGH);
    PVOID handler = AddVectoredExceptionHandler(1, make_writable);

    MUST(handler != NULL);
    for (DWORD i = 0; i < pages; i += STEP) {
        BYTE *byte = p + (SIZE_T)i * PAGE + i % PAGE;

        met = 0;
        *(volatile BYTE *)byte = 7;
        EXPECT_EQ(met, (unsigned)(i % 2 == 0));
        EXPECT(*byte == 7);
        if (met == 1)
            EXPECT(told[0] == (ULONG_PTR)EXCEPTION_ACCESS_VIOLATION && told[1] == 1 && told[2] == AT(byte));
    }
    RemoveVectoredExceptionHandler(handler);
    release(p);
}

/* In turns writable, a guard, writable and without access. */
TEST(alternating, guards_and_pages_without_access_however_many, "L605")
{
    static const DWORD protects[] = {PAGE_READWRITE, PAGE_READWRITE | PAGE_GUARD, PAGE_READWRITE,
                                     PAGE_NOACCESS};
    BYTE *p;

    need_markers();
    pages = 2 * MANY;
    p = reserve((SIZE_T)pages * PAGE);
    for (DWORD i = 0; i < pages; i++)
        if (VirtualAlloc(p + (SIZE_T)i * PAGE, PAGE, MEM_COMMIT, protects[i % 4]) == NULL)
            check_fail(__FILE__, __LINE__, "page %lu: error %lu", (unsigned long)i,
                       (unsigned long)GetLastError());
    for (DWORD i = 0; i < pages; i += STEP) {
        BYTE *page = p + (SIZE_T)i * PAGE;

        EXPECT_REGION(page, .size = PAGE, .state = MEM_COMMIT, .base = AT(p), .protect = protects[i % 4]);
#ifdef WINMEM_VERSION_MAJOR /* Wine's IsBadReadPtr lets a guard's exception through */
        EXPECT((IsBadReadPtr(page, 1) == 0) == (i % 2 == 0)); /* which meets the guard */
        EXPECT((IsBadWritePtr(page, 1) == 0) == (i % 4 != 3));
        EXPECT(i % 4 == 3 || *page == 0);
#endif
    }
    release(p);
}

#ifdef WINMEM_VERSION_MAJOR

static volatile sig_atomic_t signals[2];
static BYTE *page_met;

static void on_signal(int signal, siginfo_t *info, void *context)
{
    DWORD old;

    (void)context;
    signals[0] = signal;
    signals[1] = info->si_signo == signal && info->si_code == SEGV_ACCERR && info->si_addr == page_met;
    VirtualProtect(info->si_addr, 1, PAGE_READWRITE, &old);
}

TEST(alternating, a_store_is_sigsegv_for_the_programs_handler, "L602")
{
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
    BYTE *p = alternating(ENOUGH);

    MUST(sigaction(SIGSEGV, &action, NULL) == 0 && sigaction(SIGBUS, &action, NULL) == 0);
    page_met = p + (SIZE_T)(pages - 64) * PAGE;
    *(volatile BYTE *)page_met = 7;
    EXPECT(signals[0] == SIGSEGV && signals[1] && *page_met == 7);
    release(p);
}

static void expect_end(BYTE *p)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        signal(SIGSEGV, SIG_DFL);
        *(volatile BYTE *)p = 1;
        _exit(0);
    }
    MUST(waitpid(child, &status, 0) == child);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSEGV)
        check_fail(__FILE__, __LINE__, "status %x", (unsigned)status);
}

TEST(alternating, a_store_ends_a_process_that_has_no_handler_by_sigsegv, "L602 L603")
{
    BYTE *p = alternating(ENOUGH);

#if defined __SANITIZE_ADDRESS__ || defined CHECK_THREAD_SANITIZER
    SKIP("the sanitizer has a handler");
#endif
    expect_end(p);
    release(p);
}

TEST(alternating, a_system_call_that_stores_gets_efault, "L602")
{
    BYTE *p = alternating(ENOUGH), *page = p + (SIZE_T)(pages - 64) * PAGE;
    int zeros = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    SIZE_T done;

    MUST(zeros >= 0);
    EXPECT(read(zeros, page, 8) == -1 && errno == EFAULT);
    EXPECT(read(zeros, page + PAGE, 8) == 8);
    EXPECT_FAIL(ERROR_NOACCESS, WriteProcessMemory(GetCurrentProcess(), page, "x", 1, &done));
    EXPECT_FAIL(ERROR_NOACCESS, VirtualQuery(page, (void *)page, sizeof(MEMORY_BASIC_INFORMATION)) != 0);
    expect_contents(p);
    close(zeros);
    release(p);
}

/* Its own, and its own only. */
TEST(alternating, a_child_has_them_as_its_parent, "L603")
{
    BYTE *p = alternating(ENOUGH);
    int status = 1;
    pid_t child = fork();

    if (child == 0) {
        bool fine = true;
        DWORD old;

        for (DWORD i = 0; i < pages; i += STEP)
            fine = fine && (IsBadWritePtr(p + (SIZE_T)i * PAGE, 1) == 0) == (i % 2 != 0);
        fine = fine && VirtualProtect(p, PAGE, PAGE_READWRITE, &old) && old == PAGE_READONLY;
        *(volatile DWORD *)p = 5;
        _exit(fine ? 0 : 1);
    }
    MUST(waitpid(child, &status, 0) == child);
    EXPECT_EQ(status, 0);
    EXPECT(IsBadWritePtr(p, 1));
    expect_contents(p);
    release(p);
}

/* Code beside data takes a mapping each. */
TEST(alternating, what_takes_mappings_ends_with_its_own_error, "L604")
{
    BYTE *p = commit((SIZE_T)2 * ENOUGH * PAGE, PAGE_READWRITE);
    DWORD old, i = 0;

    pages = 2 * ENOUGH;
    while (i < pages && VirtualProtect(p + (SIZE_T)i * PAGE, PAGE, PAGE_EXECUTE_READ, &old))
        i += 2;
    MUST(i < pages);
    EXPECT_EQ(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
    EXPECT(strstr(WinmemLastCause(), "vm.max_map_count") != NULL);
    EXPECT_REGION(p + (SIZE_T)i * PAGE, .size = (SIZE_T)(pages - i) * PAGE, .state = MEM_COMMIT,
                  .protect = PAGE_READWRITE, .base = AT(p));
    release(p);
}

#endif
