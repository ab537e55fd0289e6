/* createthread.c: threads as CreateThread and _beginthreadex make them, their ids, their handles and their ends. */
#include "../support/check.h"

#include <process.h>

#ifdef WINMEM_VERSION_MAJOR
#include <errno.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <winmem.h>

#include "../support/child.h"
#include "../support/footprint.h"
#endif

#define NOT_ENDED 259

/* Shut until somebody opens it. */
static _Atomic LONG gate;

static void wait_at_gate(void)
{
    for (int i = 0; i < 20000 && !gate; i++)
        Sleep(1);
}

static DWORD code_of(HANDLE thread)
{
    DWORD code = 0xBAD;

    EXPECT_OK(GetExitCodeThread(thread, &code));
    return code;
}

/* Waits for it, closes its handle, returns its exit code. */
static DWORD end_of_thread(HANDLE thread)
{
    DWORD code;

    MUST(thread != NULL);
    EXPECT_EQ(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
    code = code_of(thread);
    EXPECT_OK(CloseHandle(thread));
    return code;
}

/* --- making --- */

static DWORD WINAPI tell_id(LPVOID arg)
{
    *(DWORD *)arg = GetCurrentThreadId();
    return 77;
}

TEST(createthread, a_new_thread_runs_its_function, "L480")
{
    DWORD inside = 0, outside = 0;
    HANDLE thread;

    EXPECT_OK(thread = CreateThread(NULL, 0, tell_id, &inside, 0, &outside));
    EXPECT_EQ(end_of_thread(thread), 77);
    EXPECT(inside != 0);
    EXPECT_EQ(inside, outside);
    EXPECT(inside != GetCurrentThreadId());
}

TEST(createthread, arguments, "L481")
{
    DWORD inside;

    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, CreateThread(NULL, (SIZE_T)1 << 50, tell_id, &inside, 0, NULL));
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, CreateThread(NULL, (SIZE_T)1 << 50, tell_id, &inside,
                                                      STACK_SIZE_PARAM_IS_A_RESERVATION, NULL));
#ifdef WINMEM_VERSION_MAJOR
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, CreateThread(NULL, 0, NULL, NULL, 0, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, CreateThread(NULL, 0, tell_id, &inside, 2, NULL));
    EXPECT_FAIL(ERROR_NOACCESS, CreateThread(NULL, 0, tell_id, &inside, 0, (LPDWORD)0x10));
#endif
}

static DWORD WINAPI use_stack(LPVOID arg)
{
    volatile char *room = __builtin_alloca((size_t)arg);

    for (size_t i = 0; i < (size_t)arg; i += 512)
        room[i] = 1;
    return room[0];
}

TEST(createthread, a_stack_is_at_least_as_large_as_asked_for, "L482")
{
    EXPECT_EQ(end_of_thread(
                  CreateThread(NULL, 1, use_stack, (LPVOID)0xC000, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL)),
              1);
    EXPECT_EQ(end_of_thread(CreateThread(NULL, 0x400000, use_stack, (LPVOID)0x3F0000,
                                         STACK_SIZE_PARAM_IS_A_RESERVATION, NULL)),
              1);
    EXPECT_EQ(end_of_thread(CreateThread(NULL, 0x1000, use_stack, (LPVOID)0xF0000, 0, NULL)), 1);
    EXPECT_EQ(end_of_thread(CreateThread(NULL, 0, use_stack, (LPVOID)0x80000, 0, NULL)), 1);
}

/* --- the C run time's --- */

static unsigned __stdcall leave_with_5(void *arg)
{
    if (arg != NULL)
        _endthreadex(5);
    return 6;
}

static void __cdecl note_and_leave(void *arg)
{
    gate = 1;
    if (arg != NULL)
        _endthread();
}

TEST(createthread, the_c_run_time_makes_threads_as_well, "L486")
{
    unsigned id = 0;

    EXPECT_EQ(end_of_thread((HANDLE)_beginthreadex(NULL, 0, leave_with_5, NULL, 0, &id)), 6);
    EXPECT(id != 0);
    EXPECT_EQ(end_of_thread((HANDLE)_beginthreadex(NULL, 0, leave_with_5, &id, 0, NULL)), 5);
}

TEST(createthread, beginthread_closes_its_handle, "L486")
{
    HANDLE thread;

    for (int i = 0; i < 2; i++) {
        thread = (HANDLE)_beginthread(note_and_leave, 0, i == 0 ? NULL : &i);
        EXPECT(thread != (HANDLE)-1);
        wait_at_gate();
        for (int looks = 0; looks < 2000 && GetThreadId(thread) != 0; looks++)
            Sleep(1);
        EXPECT_FAIL(ERROR_INVALID_HANDLE, GetThreadId(thread));
        gate = 0;
    }
}

/* --- ends --- */

static void go_deeper(size_t levels)
{
    volatile char frame[2000];

    frame[0] = 1;
    if (levels > 0)
        go_deeper(levels - 1);
    if (levels == 0)
        ExitThread(88);
    frame[1] = frame[0];
}

static DWORD WINAPI exit_deep_inside(LPVOID arg)
{
    go_deeper((size_t)arg);
    return 1;
}

TEST(createthread, exit_thread_ends_it_from_wherever_it_is, "L486")
{
    EXPECT_EQ(end_of_thread(CreateThread(NULL, 0, exit_deep_inside, (LPVOID)20, 0, NULL)), 88);
}

static DWORD WINAPI wait_for(LPVOID arg)
{
    (void)arg;
    wait_at_gate();
    return NOT_ENDED;
}

/* --- with attributes, of which Wine 8 has not that of processors --- */

#ifdef WINMEM_VERSION_MAJOR

static DWORD WINAPI tell_processors(LPVOID arg)
{
    return !GetThreadGroupAffinity(GetCurrentThread(), arg);
}

static char list_memory[512] __attribute__((aligned(16)));

static LPPROC_THREAD_ATTRIBUTE_LIST list_with(GROUP_AFFINITY *affinity)
{
    LPPROC_THREAD_ATTRIBUTE_LIST list = (LPPROC_THREAD_ATTRIBUTE_LIST)(void *)list_memory;
    SIZE_T size = sizeof list_memory;

    MUST(InitializeProcThreadAttributeList(list, 1, 0, &size));
    MUST(UpdateProcThreadAttribute(list, 0, PROC_THREAD_ATTRIBUTE_GROUP_AFFINITY, affinity, sizeof *affinity,
                                   NULL, NULL));
    return list;
}

TEST(createthread, one_is_bound_before_it_begins, "L563")
{
    GROUP_AFFINITY one, seen = {0};
    DWORD id = 0, inside = 0;
    HANDLE thread;

    MUST(GetThreadGroupAffinity(GetCurrentThread(), &one));
    one.Mask &= -one.Mask;
    thread =
        CreateRemoteThreadEx(GetCurrentProcess(), NULL, 0, tell_processors, &seen, 0, list_with(&one), &id);
    EXPECT_EQ(end_of_thread(thread), 0);
    EXPECT(id != 0 && seen.Mask == one.Mask && seen.Group == one.Group);
    seen.Mask = 0;
    thread = CreateRemoteThreadEx(GetCurrentProcess(), NULL, 0, tell_processors, &seen, CREATE_SUSPENDED,
                                  list_with(&one), NULL);
    EXPECT_EQ(WaitForSingleObject(thread, 20), WAIT_TIMEOUT);
    EXPECT(seen.Mask == 0 && ResumeThread(thread) == 1);
    EXPECT_EQ(end_of_thread(thread), 0);
    EXPECT_EQ(seen.Mask, one.Mask);
    DeleteProcThreadAttributeList(list_with(&one));
    thread = CreateRemoteThreadEx(GetCurrentProcess(), NULL, 0, tell_id, &inside, 0, NULL, &id);
    EXPECT_EQ(end_of_thread(thread), 77);
    EXPECT_EQ(inside, id);
}

static DWORD WINAPI set_flag(LPVOID arg)
{
    *(volatile LONG *)arg = 1;
    return 0;
}

TEST(createthread, where_processors_are_refused_there_is_none, "L563")
{
    GROUP_AFFINITY none = {0};
    volatile LONG began = 0;

    none.Group = 77;
    none.Mask = 1;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, CreateRemoteThreadEx(GetCurrentProcess(), NULL, 0, set_flag,
                                                              (LPVOID)&began, 0, list_with(&none), NULL));
    EXPECT_FAIL(ERROR_INVALID_HANDLE,
                CreateRemoteThreadEx(NULL, NULL, 0, set_flag, (LPVOID)&began, 0, NULL, NULL));
    Sleep(20);
    EXPECT_EQ(began, 0);
}

TEST(createthread, lists_of_attributes, "L564")
{
    const DWORD_PTR which = PROC_THREAD_ATTRIBUTE_GROUP_AFFINITY;
    GROUP_AFFINITY value = {0};
    LPPROC_THREAD_ATTRIBUTE_LIST list = (LPPROC_THREAD_ATTRIBUTE_LIST)(void *)list_memory;
    SIZE_T size = 0;

    EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER, InitializeProcThreadAttributeList(NULL, 1, 0, &size));
    MUST(size > 0 && size <= sizeof list_memory);
    size--;
    EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER, InitializeProcThreadAttributeList(list, 1, 0, &size));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, InitializeProcThreadAttributeList(list, 1, 1, &size));
    EXPECT_OK(InitializeProcThreadAttributeList(list, 0, 0, &size));
    EXPECT_FAIL(ERROR_GEN_FAILURE,
                UpdateProcThreadAttribute(list, 0, which, &value, sizeof value, NULL, NULL));
    list = list_with(&value);
    EXPECT_FAIL(ERROR_ALREADY_EXISTS,
                UpdateProcThreadAttribute(list, 0, which, &value, sizeof value, NULL, NULL));
    EXPECT_FAIL(ERROR_BAD_LENGTH, UpdateProcThreadAttribute(list, 0, which, &value, 3, NULL, NULL));
    EXPECT_FAIL(ERROR_NOT_SUPPORTED,
                UpdateProcThreadAttribute(list, 0, 0xffff, &value, sizeof value, NULL, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                UpdateProcThreadAttribute(list, 1, which, &value, sizeof value, NULL, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                UpdateProcThreadAttribute(list, 0, which, &value, sizeof value, NULL, &size));
}

#endif

TEST(createthread, it_is_signalled_when_it_has_ended, "L485")
{
    HANDLE thread = CreateThread(NULL, 0, wait_for, NULL, 0, NULL), copy;

    EXPECT_EQ(code_of(thread), NOT_ENDED);
    EXPECT_EQ(WaitForSingleObject(thread, 0), WAIT_TIMEOUT);
    EXPECT_EQ(WaitForSingleObject(thread, 20), WAIT_TIMEOUT);
    EXPECT_OK(
        DuplicateHandle(GetCurrentProcess(), thread, GetCurrentProcess(), &copy, SYNCHRONIZE, FALSE, 0));
    gate = 1;
    EXPECT_EQ(WaitForSingleObject(copy, 20000), WAIT_OBJECT_0);
    EXPECT_EQ(WaitForSingleObject(thread, 0), WAIT_OBJECT_0);
    EXPECT_EQ(code_of(thread), NOT_ENDED);
    EXPECT_OK(CloseHandle(copy));
    EXPECT_OK(CloseHandle(thread));
}

/* --- handles --- */

static DWORD WINAPI look_at_handle(LPVOID arg)
{
    return GetThreadId(*(HANDLE *)arg);
}

TEST(createthread, the_pseudo_handle_means_whoever_uses_it, "L484")
{
    HANDLE pseudo = GetCurrentThread(), real = NULL;

    EXPECT_EQ(pseudo, (HANDLE)(intptr_t)-2);
    EXPECT_EQ(GetThreadId(pseudo), GetCurrentThreadId());
    EXPECT(end_of_thread(CreateThread(NULL, 0, look_at_handle, &pseudo, 0, NULL)) != GetCurrentThreadId());
    EXPECT_OK(DuplicateHandle(GetCurrentProcess(), pseudo, GetCurrentProcess(), &real, 0, FALSE,
                              DUPLICATE_SAME_ACCESS));
    EXPECT(real != pseudo);
    EXPECT_EQ(end_of_thread(CreateThread(NULL, 0, look_at_handle, &real, 0, NULL)), GetCurrentThreadId());
    EXPECT_EQ(WaitForSingleObject(real, 0), WAIT_TIMEOUT);
    EXPECT_EQ(WaitForSingleObject(pseudo, 1), WAIT_TIMEOUT);
    EXPECT_EQ(code_of(pseudo), NOT_ENDED);
    EXPECT_OK(CloseHandle(pseudo));
    EXPECT_EQ(GetProcessIdOfThread(pseudo), GetCurrentProcessId());
    EXPECT_OK(CloseHandle(real));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GetThreadId(real));
}

TEST(createthread, a_thread_is_opened_by_its_id, "L483")
{
    HANDLE self;

    EXPECT_OK(self = OpenThread(THREAD_QUERY_INFORMATION, FALSE, GetCurrentThreadId()));
    EXPECT_EQ(GetThreadId(self), GetCurrentThreadId());
    EXPECT_EQ(GetProcessIdOfThread(self), GetCurrentProcessId());
    EXPECT_OK(CloseHandle(self));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, OpenThread(THREAD_ALL_ACCESS, FALSE, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, OpenThread(THREAD_ALL_ACCESS, FALSE, 0x7ffffff0));
}

TEST(createthread, each_function_needs_its_right, "L489")
{
    HANDLE waits = OpenThread(SYNCHRONIZE, FALSE, GetCurrentThreadId());
    CONTEXT context = {.ContextFlags = CONTEXT_FULL};
    DWORD code;

    MUST(waits != NULL);
    EXPECT_EQ(SuspendThread(waits), (DWORD)-1);
    EXPECT_EQ(GetLastError(), ERROR_ACCESS_DENIED);
    EXPECT_EQ(ResumeThread(waits), (DWORD)-1);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, GetExitCodeThread(waits, &code));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, GetThreadContext(waits, &context));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, SetThreadContext(waits, &context));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, SetThreadPriority(waits, 0));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, GetThreadId(waits));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, GetProcessIdOfThread(waits));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, SetThreadAffinityMask(waits, 1));
    EXPECT_EQ(WaitForSingleObject(waits, 0), WAIT_TIMEOUT);
    EXPECT_OK(CloseHandle(waits));
    waits = OpenThread(THREAD_QUERY_INFORMATION, FALSE, GetCurrentThreadId());
    EXPECT_EQ(code_of(waits), NOT_ENDED);
    EXPECT_EQ(GetThreadId(waits), GetCurrentThreadId());
    EXPECT_EQ(WaitForSingleObject(waits, 0), WAIT_FAILED);
    EXPECT_OK(CloseHandle(waits));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GetExitCodeThread(GetCurrentProcess(), &code));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GetThreadId(GetCurrentProcess()));
}

#ifdef WINMEM_VERSION_MAJOR

TEST(createthread, ids_are_the_kernels, "L483")
{
    EXPECT_EQ(GetCurrentThreadId(), syscall(SYS_gettid));
    EXPECT_EQ(GetCurrentThreadId(), GetCurrentProcessId());
}

static pthread_barrier_t barrier;
static DWORD foreign_id;

static void *foreign(void *arg)
{
    foreign_id = (DWORD)syscall(SYS_gettid);
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    if (arg == &foreign_id)
        ExitThread(31);
    if (arg == &barrier)
        syscall(SYS_exit, 0);
    return NULL;
}

static DWORD end_of_foreign(void *arg)
{
    pthread_t thread;
    HANDLE handle;

    pthread_barrier_init(&barrier, NULL, 2);
    MUST(pthread_create(&thread, NULL, foreign, arg) == 0);
    pthread_barrier_wait(&barrier);
    EXPECT_OK(handle = OpenThread(THREAD_ALL_ACCESS, FALSE, foreign_id));
    EXPECT_EQ(GetThreadId(handle), foreign_id);
    EXPECT_EQ(code_of(handle), NOT_ENDED);
    EXPECT_EQ(WaitForSingleObject(handle, 0), WAIT_TIMEOUT);
    pthread_barrier_wait(&barrier);
    EXPECT_EQ(WaitForSingleObject(handle, 20000), WAIT_OBJECT_0);
    pthread_join(thread, NULL);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, OpenThread(THREAD_ALL_ACCESS, FALSE, foreign_id));
    EXPECT_EQ(GetThreadId(handle), foreign_id);
    return end_of_thread(handle);
}

TEST(createthread, those_of_pthread_create_are_like_any, "L483 L485")
{
    EXPECT_EQ(end_of_foreign(NULL), 0);
    EXPECT_EQ(end_of_foreign(&foreign_id), 31);
#ifndef CHECK_THREAD_SANITIZER /* which does not know of a bare exit */
    EXPECT_EQ(end_of_foreign(&barrier), 0);
#endif
}

/* --- many --- */

static DWORD WINAPI use_everything(LPVOID arg)
{
    TlsSetValue(1000, arg);
    FlsSetValue(100, arg);
    return NtCurrentTeb() != NULL;
}

enum { AT_ONCE = 1000, TIMES = 100 };

static void many(void)
{
    static HANDLE threads[AT_ONCE];
    int at_once = SANITIZED ? AT_ONCE / 20 : AT_ONCE, times = SANITIZED ? 4 : TIMES;
    int before = 0;
    int descriptors = 0;

    for (int round = 0; round < times; round++) {
        for (int i = 0; i < at_once; i++)
            MUST((threads[i] = CreateThread(NULL, 0x10000, use_everything, &before,
                                            STACK_SIZE_PARAM_IS_A_RESERVATION, NULL)) != NULL);
        for (int i = 0; i < at_once; i++)
            EXPECT_EQ(end_of_thread(threads[i]), 1);
        if (round != times / 2)
            continue;
        before = mappings();
        descriptors = dup(0);
        close(descriptors);
    }
    EXPECT(mappings() <= before + 1000); /* stacks that libc keeps; 50,000 threads have ended since */
    EXPECT(descriptors == dup(0) && close(descriptors) == 0);
    threads[0] = CreateThread(NULL, 0, use_everything, NULL, 0, NULL);
    EXPECT(((uintptr_t)threads[0] & 0x3fffff) < 4 * 2 * AT_ONCE); /* its place in the table of handles */
    EXPECT_EQ(end_of_thread(threads[0]), 1);
}

TEST(createthread, many_come_and_go_without_growth, "L488")
{
    many();
}

/* --- forks --- */

static DWORD WINAPI stay(LPVOID arg)
{
    (void)arg;
    wait_at_gate();
    return 0;
}

static HANDLE other;

static void in_child(void)
{
    EXPECT_EQ(GetCurrentThreadId(), syscall(SYS_gettid));
    EXPECT_EQ(GetThreadId(GetCurrentThread()), syscall(SYS_gettid));
    EXPECT_EQ(WaitForSingleObject(other, 0), WAIT_OBJECT_0);
    EXPECT(code_of(other) != NOT_ENDED);
    EXPECT_EQ(SuspendThread(other), (DWORD)-1);
    EXPECT_OK(CloseHandle(other));
    gate = 1;
#ifndef CHECK_THREAD_SANITIZER /* which allows no new threads there */
    EXPECT_EQ(end_of_thread(CreateThread(NULL, 0, stay, NULL, 0, NULL)), 0);
#endif
}

TEST(createthread, in_a_child_the_others_have_ended, "L487")
{
    EXPECT_EQ(GetCurrentThreadId(), syscall(SYS_gettid));
    other = CreateThread(NULL, 0, stay, NULL, 0, NULL);
    EXPECT_EQ(end_of(in_child), 0);
    EXPECT_EQ(WaitForSingleObject(other, 0), WAIT_TIMEOUT);
    gate = 1;
    EXPECT_EQ(end_of_thread(other), 0);
}

static DWORD WINAPI fork_in_thread(LPVOID arg)
{
    (void)arg;
    return (DWORD)end_of(in_child);
}

TEST(createthread, threads_fork, "L487")
{
    other = CreateThread(NULL, 0, stay, NULL, 0, NULL);
    EXPECT_EQ(end_of_thread(CreateThread(NULL, 0, fork_in_thread, NULL, 0, NULL)), 0);
    gate = 1;
    EXPECT_EQ(end_of_thread(other), 0);
}

static int id_in_child(void *arg)
{
    (void)arg;
    return GetCurrentThreadId() == (DWORD)syscall(SYS_gettid) ? 0 : 1;
}

TEST(createthread, a_child_of_clone_knows_its_id, "L487")
{
    int status;
    pid_t pid;

    if (!WinmemFeature("wipe_on_fork"))
        SKIP("without it nobody notices such a child");
    EXPECT_EQ(GetCurrentThreadId(), syscall(SYS_gettid));
    pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (pid == 0)
        _exit(id_in_child(NULL));
    MUST(waitpid(pid, &status, 0) == pid);
    EXPECT_EQ(status, 0);
}

/* --- out of memory --- */

static void no_room(void)
{
    struct rlimit limit = {1 << 20, 1 << 20};

    MUST(setrlimit(RLIMIT_AS, &limit) == 0);
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, CreateThread(NULL, 0, tell_id, NULL, 0, NULL));
    EXPECT_EQ(_beginthreadex(NULL, 0, leave_with_5, NULL, 0, NULL), 0);
    EXPECT_EQ(errno, EAGAIN);
    EXPECT_EQ(_beginthread(note_and_leave, 0, NULL), (uintptr_t)-1);
}

TEST(createthread, without_memory_there_are_none, "L481")
{
    if (SANITIZED)
        SKIP("a sanitizer has more addresses than that");
    EXPECT_EQ(end_of(no_room), 0);
}

#endif /* WINMEM_VERSION_MAJOR */
