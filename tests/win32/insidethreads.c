/*
 * insidethreads.c: what public headers cannot bring about with threads: each system call failing once, a short patience, a
 * thread that is busy. Linked statically, with the library's own headers.
 */
#include "files.h"

#include <errno.h>
#include <pthread.h>

#include "kern/busy.h"
#include "kern/faults.h"
#include "kern/lock.h"
#include "vm/threads/suspend.h"

static _Atomic LONG stop;
static _Atomic LONG stage;

static DWORD WINAPI turn(LPVOID arg)
{
    (void)arg;
    while (!stop)
        ;
    return 5;
}

static void end(HANDLE thread)
{
    stop = 1;
    EXPECT_EQ(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
    EXPECT_OK(CloseHandle(thread));
    stop = 0;
}

static void wait_for_stage(LONG wanted)
{
    for (int i = 0; i < 20000 && stage < wanted; i++)
        Sleep(1);
}

/* --- deaf and busy threads --- */

static DWORD WINAPI be_deaf(LPVOID arg)
{
    sigset_t all;

    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    stage = 1;
    return turn(arg);
}

TEST(insidethreads, who_blocks_all_signals_is_not_stopped, "L495")
{
    HANDLE thread = CreateThread(NULL, 0, be_deaf, NULL, 0, NULL);

    wm_stop_patience = 50000000;
    wait_for_stage(1);
    SetLastError(CHECK_SENTINEL);
    EXPECT_EQ(SuspendThread(thread), (DWORD)-1);
    EXPECT_EQ(GetLastError(), ERROR_SEM_TIMEOUT);
    EXPECT_EQ(ResumeThread(thread), 0);
    end(thread);
}

static struct wm_lock a_lock;
static _Atomic LONG was_inside;

/* Holds a lock for a while, many times, and says so. */
static DWORD WINAPI lock_often(LPVOID arg)
{
    (void)arg;
    while (!stop) {
        if (!wm_lock_take(&a_lock))
            continue;
        was_inside = 1;
        for (volatile int i = 0; i < 2000; i++)
            ;
        was_inside = 0;
        wm_lock_drop(&a_lock);
    }
    return 0;
}

TEST(insidethreads, nobody_is_stopped_with_a_lock, "L492")
{
    HANDLE thread = CreateThread(NULL, 0, lock_often, NULL, 0, NULL);

    for (int i = 0; i < (SANITIZED ? 200 : 5000); i++) {
        EXPECT_EQ(SuspendThread(thread), 0);
        EXPECT_EQ(was_inside, 0);
        EXPECT(wm_lock_take(&a_lock));
        wm_lock_drop(&a_lock);
        EXPECT_EQ(ResumeThread(thread), 1);
    }
    end(thread);
}

/* A thread that waits inside malloc, for one that has been stopped there, is stopped as well. */
static pthread_mutex_t like_malloc = PTHREAD_MUTEX_INITIALIZER;

static DWORD WINAPI hold_it(LPVOID arg)
{
    pthread_mutex_lock(&like_malloc);
    stage = 1;
    turn(arg);
    pthread_mutex_unlock(&like_malloc);
    return 0;
}

static DWORD WINAPI wait_for_it(LPVOID arg)
{
    (void)arg;
    wm_busy_inside_begin();
    stage = 2;
    pthread_mutex_lock(&like_malloc);
    pthread_mutex_unlock(&like_malloc);
    wm_busy_inside_end();
    return 0;
}

TEST(insidethreads, who_waits_inside_malloc_is_stopped, "L492")
{
    HANDLE holder = CreateThread(NULL, 0, hold_it, NULL, 0, NULL), waiter;

    wait_for_stage(1);
    waiter = CreateThread(NULL, 0, wait_for_it, NULL, 0, NULL);
    wait_for_stage(2);
    EXPECT_EQ(SuspendThread(holder), 0);
    EXPECT_EQ(SuspendThread(waiter), 0);
    EXPECT_EQ(ResumeThread(waiter), 1);
    EXPECT_EQ(ResumeThread(holder), 1);
    end(holder);
    end(waiter);
}

/* --- each call fails --- */

#ifdef WM_FAULT_SCRIPT

static DWORD tls, fls;
static _Atomic LONG calls;

static VOID WINAPI callback(PVOID value)
{
    (void)value;
    calls++;
}

static DWORD WINAPI use_slots(LPVOID arg)
{
    ULONG_PTR low, high;

    TlsSetValue(tls, arg);
    FlsSetValue(fls, arg);
    GetCurrentThreadStackLimits(&low, &high);
    Sleep(1);
    return 7;
}

static void told(BOOL done)
{
    EXPECT(done || GetLastError() != CHECK_SENTINEL);
    SetLastError(CHECK_SENTINEL);
}

static void use(HANDLE thread, DWORD id)
{
    CONTEXT context = {.ContextFlags = CONTEXT_FULL};
    FILETIME a, b, c, d;
    PWSTR text;
    HANDLE other = OpenThread(THREAD_ALL_ACCESS, FALSE, id);

    told(other != NULL);
    told(other == NULL || CloseHandle(other));
    told(GetThreadContext(thread, &context));
    told(GetThreadTimes(thread, &a, &b, &c, &d));
    told(SetThreadPriority(thread, THREAD_PRIORITY_BELOW_NORMAL));
    GetThreadPriority(thread);
    told(SetThreadAffinityMask(thread, 1) != 0);
    if (SUCCEEDED(SetThreadDescription(thread, L"name")) && SUCCEEDED(GetThreadDescription(thread, &text)))
        LocalFree(text);
    SetLastError(CHECK_SENTINEL);
    Sleep(0);
}

static void suspend(HANDLE thread)
{
    DWORD before = SuspendThread(thread);

    told(before != (DWORD)-1);
    if (before != (DWORD)-1)
        EXPECT_EQ(ResumeThread(thread), before + 1);
    SetLastError(CHECK_SENTINEL);
}

/* Whatever fails meanwhile, the thread runs once it is resumed, and ends. */
static void all_of_it(void)
{
    DWORD id = 0, code = 0;
    HANDLE thread;

    SetLastError(CHECK_SENTINEL);
    thread = CreateThread(NULL, 0x10000, use_slots, &tls, CREATE_SUSPENDED, &id);
    told(thread != NULL);
    if (thread == NULL)
        return;
    suspend(thread);
    use(thread, id);
    EXPECT_EQ(ResumeThread(thread), 1);
    suspend(thread);
    for (int i = 0; i < 3 && WaitForSingleObject(thread, 20000) != WAIT_OBJECT_0; i++)
        ;
    EXPECT_EQ(WaitForSingleObject(thread, 0), WAIT_OBJECT_0);
    EXPECT(GetExitCodeThread(thread, &code) && code == 7);
    EXPECT(CloseHandle(thread));
}

static void each_call_fails(int error)
{
    for (unsigned n = 1, asked = n; asked >= n && n < 500; n++) {
        int before = open_descriptors();

        wm_fault_nth(n, error);
        all_of_it();
        asked = wm_fault_count();
        wm_fault_nth(0, 0);
        EXPECT(open_descriptors() <= before + 1); /* a kept one that could not be looked at (kern/kept.h) */
        EXPECT(n < 499);
        if (check_failures) {
            printf("call %u failed with %d\n", n, error);
            system("ls -l /proc/$PPID/fd");
        }
        if (check_failures)
            return;
    }
}

TEST(insidethreads, each_system_call_fails_once, "L509")
{
    static const int errors[] = {EIO, ENOMEM, EMFILE, EACCES, EINTR, ENOSYS, EAGAIN};

#ifdef CHECK_THREAD_SANITIZER
    SKIP("the script of failures is not for several threads");
#endif
    wm_stop_patience = 1000000000;
    while ((tls = TlsAlloc()) < TLS_MINIMUM_AVAILABLE)
        ;
    for (int i = 0; i < 100; i++)
        fls = FlsAlloc(callback);
    all_of_it(); /* what is kept open from call to call is open then */
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
        each_call_fails(errors[i]);
    EXPECT(calls > 0);
}

#endif
