/*
 * otherproc.c: the /proc that is mounted is another pid namespace's, as where a container was given its host's: numbers
 * mean others there. What a process asks of itself and of its children is answered all the same.
 */
#include "files.h"

#include <sys/mman.h>
#include <sys/wait.h>

#include "../support/namespace.h"
#include "../support/pretend.h"

enum { LONG_AGO = 300, A_SECOND = 10000000 };

static ULONGLONG joined(FILETIME time)
{
    return (ULONGLONG)time.dwHighDateTime << 32 | time.dwLowDateTime;
}

static DWORD WINAPI wait_for(void *event)
{
    return WaitForSingleObject((HANDLE)event, 20000);
}

static void ask_of_oneself(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL), thread, opened;
    FILETIME born, ended, kernel, user, now;
    DWORD id;

    EXPECT_OK(opened = OpenThread(THREAD_ALL_ACCESS, FALSE, GetCurrentThreadId()));
    EXPECT_EQ(GetThreadId(opened), GetCurrentThreadId());
    thread = CreateThread(NULL, 0, wait_for, event, 0, &id);
    EXPECT_OK(opened = OpenThread(THREAD_ALL_ACCESS, FALSE, id));
    EXPECT_EQ(WaitForSingleObject(opened, 0), WAIT_TIMEOUT);
    EXPECT_EQ(SuspendThread(opened), 0);
    EXPECT_EQ(ResumeThread(opened), 1);
    EXPECT(SetEvent(event) && WaitForSingleObject(opened, 20000) == WAIT_OBJECT_0);
    EXPECT(CloseHandle(thread));
    EXPECT_OK(GetProcessTimes(GetCurrentProcess(), &born, &ended, &kernel, &user));
    GetSystemTimeAsFileTime(&now);
    EXPECT(joined(born) <= joined(now) && joined(born) + (ULONGLONG)LONG_AGO * A_SECOND > joined(now));
}

TEST(otherproc, threads_and_times_are_one_s_own, "L649")
{
    in_a_namespace(ask_of_oneself);
}

/* Nobody has waited for it, so that it has its number still. */
static void kill_the_owner(void)
{
    volatile int *owned =
        mmap(NULL, sizeof *owned, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    char name[80];
    HANDLE mutex;
    pid_t child;

    /* The number of the process is 1 in each namespace, and the name is the user's. */
    snprintf(name, sizeof name, "winmem-test-otherproc-%p-%llu", (void *)name, GetTickCount64());
    mutex = CreateMutexA(NULL, FALSE, name);
    child = fork();
    if (child == 0) {
        *owned = WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0 ? 1 : 2;
        for (;;)
            pause();
    }
    while (*owned == 0)
        check_sleep(1);
    EXPECT_EQ(*owned, 1);
    EXPECT_EQ(WaitForSingleObject(mutex, 200), WAIT_TIMEOUT); /* who lives is not called ended */
    kill(child, SIGKILL);
    EXPECT_EQ(WaitForSingleObject(mutex, 10000), WAIT_ABANDONED);
    waitpid(child, NULL, 0);
}

static void need_pidfds(void)
{
    if (!WinmemFeature("pidfd"))
        SKIP("without pidfds nothing is known of others here");
}

TEST(otherproc, a_mutex_whose_owner_was_killed_is_abandoned, "L649 L441")
{
    need_pidfds();
    in_a_namespace(kill_the_owner);
}

/* Known to live, by its handle; what a number is needed for is refused, with the reason. */
static void start_a_child(void)
{
    char line[] = "/bin/sleep 20";
    STARTUPINFOA how = {.cb = sizeof how};
    PROCESS_INFORMATION child;
    DWORD code;

    if (!CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &how, &child))
        SKIP("there is no /bin/sleep");
    EXPECT_EQ(WaitForSingleObject(child.hProcess, 50), WAIT_TIMEOUT);
    EXPECT_FAIL(ERROR_NO_SYSTEM_RESOURCES,
                VirtualAllocEx(child.hProcess, NULL, 1, MEM_RESERVE, PAGE_NOACCESS));
    EXPECT(strstr(WinmemLastCause(), "pid namespace") != NULL);
    EXPECT_OK(TerminateProcess(child.hProcess, 7));
    EXPECT_EQ(WaitForSingleObject(child.hProcess, 10000), WAIT_OBJECT_0);
    EXPECT(GetExitCodeProcess(child.hProcess, &code) && code == 7);
}

TEST(otherproc, a_child_lives_until_it_ends, "L649 L79")
{
    need_pidfds();
    in_a_namespace(start_a_child);
}
