/* threadslots.c: TLS, FLS and its callbacks, the TEB and the bounds of stacks. */
#include "../support/check.h"

#include <process.h>
#include <winternl.h>

#ifdef WINMEM_VERSION_MAJOR
#include <sys/resource.h>

#include "../support/child.h"
#endif

enum { TLS_ALL = TLS_MINIMUM_AVAILABLE + 1024 };

static void run(LPTHREAD_START_ROUTINE fn, LPVOID arg)
{
    HANDLE thread = CreateThread(NULL, 0, fn, arg, 0, NULL);
    DWORD code = 0;

    MUST(thread != NULL);
    EXPECT_EQ(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
    EXPECT_OK(GetExitCodeThread(thread, &code));
    EXPECT_EQ(code, 1);
    EXPECT_OK(CloseHandle(thread));
}

/* What it returns, and that the last error says that there was none. */
#define EXPECT_VALUE(want, call)                                                                             \
    do {                                                                                                     \
        SetLastError(CHECK_SENTINEL);                                                                        \
        EXPECT_EQ(call, want);                                                                               \
        EXPECT_EQ(GetLastError(), 0);                                                                        \
    } while (0)

/* --- TLS --- */

static DWORD indexes[TLS_ALL];

static DWORD WINAPI use_all(LPVOID arg)
{
    for (DWORD i = 0; i < (DWORD)(size_t)arg; i++) {
        EXPECT_VALUE(NULL, TlsGetValue(indexes[i]));
        EXPECT_OK(TlsSetValue(indexes[i], &indexes[i]));
    }
    for (DWORD i = 0; i < (DWORD)(size_t)arg; i++)
        EXPECT_VALUE(&indexes[i], TlsGetValue(indexes[i]));
    return 1;
}

TEST(threadslots, each_thread_has_its_own_values, "L497 L498")
{
    DWORD count = 0, index;

    while ((index = TlsAlloc()) != TLS_OUT_OF_INDEXES)
        indexes[count++] = index;
    EXPECT_EQ(GetLastError(), ERROR_NO_MORE_ITEMS);
    EXPECT(count >= TLS_ALL - 8);
    use_all((LPVOID)(size_t)count);
    run(use_all, (LPVOID)(size_t)count);
    for (DWORD i = 0; i < count; i++)
        EXPECT_VALUE(&indexes[i], TlsGetValue(indexes[i]));
    for (DWORD i = 0; i < count; i++)
        EXPECT_OK(TlsFree(indexes[i]));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, TlsFree(indexes[count - 1]));
    EXPECT_OK((index = TlsAlloc()) != TLS_OUT_OF_INDEXES);
    EXPECT_VALUE(NULL, TlsGetValue(index));
}

TEST(threadslots, indexes_that_there_are_not, "L497")
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, TlsGetValue(TLS_ALL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, TlsGetValue(TLS_OUT_OF_INDEXES));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, TlsSetValue(TLS_ALL, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, TlsFree(TLS_ALL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, TlsFree(TLS_OUT_OF_INDEXES));
}

static DWORD shared_index;
static _Atomic LONG stage;

static void wait_for_stage(LONG wanted)
{
    for (int i = 0; i < 20000 && stage < wanted; i++)
        Sleep(1);
}

static DWORD WINAPI hold_value(LPVOID arg)
{
    TlsSetValue(shared_index, arg);
    stage = 1;
    wait_for_stage(2);
    return TlsGetValue(shared_index) == NULL;
}

TEST(threadslots, a_freed_index_is_empty_in_all_threads, "L497")
{
    HANDLE thread;
    DWORD code;

    shared_index = TlsAlloc();
    thread = CreateThread(NULL, 0, hold_value, &code, 0, NULL);
    wait_for_stage(1);
    EXPECT_OK(TlsFree(shared_index));
    EXPECT_EQ(TlsAlloc(), shared_index);
    stage = 2;
    EXPECT_EQ(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
    EXPECT_OK(GetExitCodeThread(thread, &code));
    EXPECT_EQ(code, 1);
}

/* --- FLS --- */

static _Atomic LONG calls;
static void *_Atomic called_with;
static _Atomic DWORD called_in;
static DWORD fls;

static VOID WINAPI callback(PVOID value)
{
    called_with = value;
    called_in = GetCurrentThreadId();
    calls++;
}

static DWORD WINAPI set_fls(LPVOID arg)
{
    EXPECT_VALUE(NULL, FlsGetValue(fls));
    EXPECT_OK(FlsSetValue(fls, arg));
    EXPECT_VALUE(arg, FlsGetValue(fls));
    *(volatile DWORD *)arg = GetCurrentThreadId();
    return 1;
}

TEST(threadslots, a_callback_is_called_when_its_thread_ends, "L499")
{
    DWORD id = 0;

    EXPECT_OK((fls = FlsAlloc(callback)) != FLS_OUT_OF_INDEXES);
    run(set_fls, &id);
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(called_with, &id);
    EXPECT_EQ(called_in, id);
    EXPECT_OK(FlsFree(fls));
    EXPECT_EQ(calls, 1);
}

static DWORD WINAPI hold_fls(LPVOID arg)
{
    FlsSetValue(fls, arg);
    stage = 1;
    wait_for_stage(2);
    return FlsGetValue(fls) == NULL;
}

TEST(threadslots, freeing_calls_it_for_all_values, "L500")
{
    HANDLE thread;
    DWORD code = 0;

    fls = FlsAlloc(callback);
    thread = CreateThread(NULL, 0, hold_fls, &code, 0, NULL);
    wait_for_stage(1);
    EXPECT_OK(FlsSetValue(fls, &fls));
    EXPECT_OK(FlsFree(fls));
    EXPECT_EQ(calls, 2);
    EXPECT_EQ(called_in, GetCurrentThreadId());
    stage = 2;
    EXPECT_EQ(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
    EXPECT_EQ(calls, 2);
    EXPECT_OK(GetExitCodeThread(thread, &code));
    EXPECT_EQ(code, 1);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, FlsFree(fls));
}

TEST(threadslots, indexes_of_fls, "L501")
{
    static DWORD all[FLS_MAXIMUM_AVAILABLE];
    DWORD index, count = 0;

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, FlsGetValue(0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, FlsSetValue(0, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, FlsFree(0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, FlsGetValue(99999));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, FlsSetValue(99999, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, FlsFree(FLS_OUT_OF_INDEXES));
    while ((index = FlsAlloc(NULL)) != FLS_OUT_OF_INDEXES)
        all[count++] = index;
    EXPECT_EQ(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
    EXPECT(count > FLS_MAXIMUM_AVAILABLE - 16);
    for (DWORD i = 0; i < count; i++)
        EXPECT_OK(FlsSetValue(all[i], &all[i]));
    for (DWORD i = 0; i < count; i++)
        EXPECT_VALUE(&all[i], FlsGetValue(all[i]));
    for (DWORD i = 0; i < count; i++)
        EXPECT_OK(FlsFree(all[i]));
    EXPECT_OK((index = FlsAlloc(NULL)) != FLS_OUT_OF_INDEXES);
    EXPECT_VALUE(NULL, FlsGetValue(index));
    EXPECT_EQ(IsThreadAFiber(), FALSE);
}

/* --- the TEB --- */

static DWORD WINAPI look_at_teb(LPVOID other)
{
    NT_TIB *tib = (NT_TIB *)NtCurrentTeb();
    ULONG_PTR low = 0, high = 0;
    char here;

    EXPECT(tib != NULL && tib != other);
    EXPECT_EQ(tib, NtCurrentTeb());
    EXPECT_EQ(tib->Self, tib);
    EXPECT((char *)tib->StackLimit <= &here && &here < (char *)tib->StackBase);
    GetCurrentThreadStackLimits(&low, &high);
    EXPECT_EQ(high, (ULONG_PTR)tib->StackBase);
    EXPECT(low <= (ULONG_PTR)tib->StackLimit);
    EXPECT_EQ(*(ULONG_PTR *)((char *)tib + 0x1478), low); /* DeallocationStack */
    EXPECT_EQ(*(ULONG_PTR *)((char *)tib + 0x48), GetCurrentThreadId());
    return 1;
}

TEST(threadslots, each_thread_has_a_teb_that_tells_its_stack, "L502")
{
    look_at_teb(NULL);
    run(look_at_teb, NtCurrentTeb());
}

TEST(threadslots, slots_are_where_the_teb_has_them, "L502")
{
    DWORD index = TlsAlloc();
    char value;

    MUST(index < TLS_MINIMUM_AVAILABLE);
    EXPECT_OK(TlsSetValue(index, &value));
    EXPECT_EQ(((TEB *)NtCurrentTeb())->TlsSlots[index], &value);
}

TEST(threadslots, how_much_stack_a_handler_has, "L503")
{
    ULONG bytes = 0;

    EXPECT_OK(SetThreadStackGuarantee(&bytes));
    EXPECT_EQ(bytes, 0);
    bytes = 0x8000;
    EXPECT_OK(SetThreadStackGuarantee(&bytes));
    EXPECT_EQ(bytes, 0);
    bytes = 0x1000;
    EXPECT_OK(SetThreadStackGuarantee(&bytes));
    EXPECT_EQ(bytes, 0x8000);
    bytes = 0;
    EXPECT_OK(SetThreadStackGuarantee(&bytes));
    EXPECT_EQ(bytes, 0x8000);
    bytes = 0x10000000;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetThreadStackGuarantee(&bytes));
#ifdef WINMEM_VERSION_MAJOR
    EXPECT_FAIL(ERROR_NOACCESS, SetThreadStackGuarantee(NULL));
    EXPECT(_resetstkoflw() != 0);
#endif
}

#ifdef WINMEM_VERSION_MAJOR

static DWORD WINAPI touch_all(LPVOID arg)
{
    volatile char *limit = ((NT_TIB *)NtCurrentTeb())->StackLimit, *here = __builtin_alloca(16);

    (void)arg;
    while ((here -= 4096) > limit + 4096)
        *here = 1;
    return 1;
}

TEST(threadslots, all_of_a_stack_may_be_touched, "L502")
{
    run(touch_all, NULL);
}

static void *with_teb(void *arg)
{
    look_at_teb(arg);
    return NULL;
}

static void of_pthread(const pthread_attr_t *attr, char *stack, size_t bytes)
{
    pthread_t thread;

    MUST(pthread_create(&thread, attr, with_teb, NtCurrentTeb()) == 0);
    MUST(pthread_join(thread, NULL) == 0);
    (void)stack, (void)bytes;
}

/* Made by libc; in memory that the program has given; without ground below. */
TEST(threadslots, threads_of_libc_know_their_stack, "L502")
{
    pthread_attr_t attr;
    static char stack[0x40000] __attribute__((aligned(4096)));

    of_pthread(NULL, NULL, 0);
    pthread_attr_init(&attr);
    pthread_attr_setguardsize(&attr, 0);
    of_pthread(&attr, NULL, 0);
    pthread_attr_setstack(&attr, stack, sizeof stack);
    of_pthread(&attr, stack, sizeof stack);
}

/* --- ends of other kinds --- */

static void *set_and_end(void *arg)
{
    FlsSetValue(fls, arg);
    return NULL;
}

static void *set_and_exit(void *arg)
{
    FlsSetValue(fls, arg);
    pthread_exit(NULL);
}

static void end_pthread(void *(*fn)(void *))
{
    pthread_t thread;

    MUST(pthread_create(&thread, NULL, fn, &fls) == 0);
    MUST(pthread_join(thread, NULL) == 0);
}

static unsigned __stdcall set_and_leave(void *arg)
{
    FlsSetValue(fls, arg);
    _endthreadex(1);
}

TEST(threadslots, callbacks_run_however_a_thread_ends, "L499")
{
    HANDLE thread;

    fls = FlsAlloc(callback);
    end_pthread(set_and_end);
    EXPECT_EQ(calls, 1);
    end_pthread(set_and_exit);
    EXPECT_EQ(calls, 2);
    thread = (HANDLE)_beginthreadex(NULL, 0, set_and_leave, &fls, 0, NULL);
    EXPECT_EQ(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
    EXPECT_EQ(calls, 3);
    EXPECT_OK(CloseHandle(thread));
}

static DWORD second_fls;

static VOID WINAPI set_the_other(PVOID value)
{
    calls++;
    FlsSetValue(second_fls, value);
}

static DWORD WINAPI set_first(LPVOID arg)
{
    FlsSetValue(fls, arg);
    return 1;
}

TEST(threadslots, a_callback_may_set_values, "L499")
{
    second_fls = FlsAlloc(callback);
    fls = FlsAlloc(set_the_other);
    run(set_first, &fls);
    EXPECT_EQ(calls, 2);
    EXPECT_EQ(called_with, &fls);
}

/* One thread frees the index while others end: each value once. */
static DWORD WINAPI end_with_value(LPVOID arg)
{
    FlsSetValue(fls, arg);
    return 1;
}

static VOID WINAPI count(PVOID value)
{
    __atomic_fetch_add((LONG *)value, 1, __ATOMIC_SEQ_CST);
}

TEST(threadslots, each_value_is_called_for_once, "L500")
{
    enum { THREADS = 8 };
    HANDLE threads[THREADS];
    static LONG counted;

    for (int round = 0; round < (SANITIZED ? 20 : 200); round++) {
        LONG before = counted, expected = 0;

        fls = FlsAlloc(count);
        for (int i = 0; i < THREADS; i++)
            MUST((threads[i] = CreateThread(NULL, 0, end_with_value, &counted, 0, NULL)) != NULL);
        for (int i = 0; i < THREADS / 2; i++)
            EXPECT_EQ(WaitForSingleObject(threads[i], 20000), WAIT_OBJECT_0);
        EXPECT_OK(FlsFree(fls));
        for (int i = 0; i < THREADS; i++) {
            EXPECT_EQ(WaitForSingleObject(threads[i], 20000), WAIT_OBJECT_0);
            EXPECT_OK(CloseHandle(threads[i]));
            expected++;
        }
        EXPECT(counted - before >= THREADS / 2 && counted - before <= expected);
    }
}

static void slots_in_child(void)
{
    DWORD index = TlsAlloc();

    EXPECT_VALUE(&fls, TlsGetValue(shared_index));
    EXPECT_VALUE(NULL, TlsGetValue(index));
    EXPECT_VALUE(&fls, FlsGetValue(fls));
    look_at_teb(NULL);
#ifndef CHECK_THREAD_SANITIZER /* which allows no new threads there */
    run(look_at_teb, NtCurrentTeb());
#endif
}

TEST(threadslots, a_child_has_its_threads_values, "L487")
{
    shared_index = TlsAlloc();
    fls = FlsAlloc(callback);
    EXPECT_OK(TlsSetValue(shared_index, &fls));
    EXPECT_OK(FlsSetValue(fls, &fls));
    EXPECT_EQ(end_of(slots_in_child), 0);
    EXPECT_EQ(calls, 0);
}

#endif /* WINMEM_VERSION_MAJOR */
