/* fibers.c: stacks that a thread changes between by itself. */
#include "../support/check.h"

#if defined __x86_64__
#include <xmmintrin.h>
#endif

static LPVOID ground, first, second;
static int steps[64], taken;
static ULONG_PTR limits[2];

static void step(int number)
{
    if (taken < 64)
        steps[taken++] = number;
}

static int went(const int *wanted, int count)
{
    int i;

    for (i = 0; i < count && i < taken && wanted[i] == steps[i]; i++)
        continue;
    return i == count && taken == count;
}

static VOID WINAPI goes_to_and_fro(LPVOID parameter)
{
    for (;;) {
        step(GetFiberData() == parameter && GetCurrentFiber() == first ? 1 : -1);
        SwitchToFiber(second);
        step(2);
        SwitchToFiber(ground);
    }
}

static VOID WINAPI goes_to_the_first(LPVOID parameter)
{
    for (;;) {
        step(*(int *)parameter);
        SwitchToFiber(first);
    }
}

TEST(fibers, each_goes_on_where_it_was_left, "L590")
{
    static const int wanted[] = {1, 7, 2, 9, 1, 7, 2, 9};
    int seven = 7;

    EXPECT(!IsThreadAFiber());
    ground = ConvertThreadToFiber(&seven);
    EXPECT(ground != NULL && IsThreadAFiber() && GetFiberData() == &seven && GetCurrentFiber() == ground);
    first = CreateFiber(0, goes_to_and_fro, steps);
    second = CreateFiberEx(0x4000, 0x40000, FIBER_FLAG_FLOAT_SWITCH, goes_to_the_first, &seven);
    EXPECT(first != NULL && second != NULL);
    for (int i = 0; i < 2; i++) {
        SwitchToFiber(first);
        step(9);
    }
    EXPECT(went(wanted, 8));
    DeleteFiber(first);
    DeleteFiber(second);
    EXPECT_OK(ConvertFiberToThread());
    EXPECT(!IsThreadAFiber());
}

TEST(fibers, refused, "L591")
{
    MUST((ground = ConvertThreadToFiberEx(NULL, FIBER_FLAG_FLOAT_SWITCH)) != NULL);
    EXPECT_FAIL(ERROR_ALREADY_FIBER, ConvertThreadToFiber(NULL));
    EXPECT_FAIL(ERROR_ALREADY_FIBER, ConvertThreadToFiberEx(NULL, 0));
    EXPECT_OK(ConvertFiberToThread());
#ifdef WINMEM_VERSION_MAJOR /* Wine 8 lets all of these pass */
    EXPECT_FAIL(ERROR_ALREADY_THREAD, ConvertFiberToThread());
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, ConvertThreadToFiberEx(NULL, 2));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, CreateFiberEx(0, 0, 2, goes_to_the_first, NULL));
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, CreateFiberEx(0, (SIZE_T)1 << 46, 0, goes_to_the_first, NULL));
    EXPECT_FAIL(ERROR_NOT_ENOUGH_MEMORY, CreateFiberEx(~(SIZE_T)0, 0, 0, goes_to_the_first, NULL));
    SetLastError(0);
    SwitchToFiber(&ground);
    EXPECT(GetLastError() == ERROR_ALREADY_THREAD);
#endif
}

static VOID WINAPI looks_at_its_stack(LPVOID parameter)
{
    MEMORY_BASIC_INFORMATION info;

    GetCurrentThreadStackLimits(&limits[0], &limits[1]);
    if (VirtualQuery(&info, &info, sizeof info) == sizeof info)
        *(PVOID *)parameter = info.AllocationBase;
    SwitchToFiber(ground);
}

TEST(fibers, the_thread_tells_of_the_stack_that_it_is_on, "L592")
{
    ULONG_PTR before[2], after[2];
    PVOID base = NULL;

    MUST((ground = ConvertThreadToFiber(NULL)) != NULL);
    MUST((first = CreateFiberEx(0, 0x30000, 0, looks_at_its_stack, &base)) != NULL);
    GetCurrentThreadStackLimits(&before[0], &before[1]);
    SwitchToFiber(first);
    GetCurrentThreadStackLimits(&after[0], &after[1]);
    EXPECT(before[0] == after[0] && before[1] == after[1]);
    EXPECT_EQ(limits[0], (ULONG_PTR)base);
    EXPECT(limits[1] - limits[0] >= 0x30000);
    DeleteFiber(first);
    EXPECT_OK(ConvertFiberToThread());
}

/* --- values of their own --- */

static DWORD slot;
static int called;

static VOID WINAPI counts(PVOID value)
{
    called += *(int *)value;
}

static VOID WINAPI has_a_value(LPVOID parameter)
{
    step(FlsGetValue(slot) == NULL ? 1 : -1);
    FlsSetValue(slot, parameter);
    SwitchToFiber(ground);
    step(FlsGetValue(slot) == parameter ? 2 : -2);
    SwitchToFiber(ground);
}

TEST(fibers, values_of_fibers_are_their_own, "L593")
{
    static const int wanted[] = {1, 2};
    int mine = 1, its = 10, others = 100;

    MUST((slot = FlsAlloc(counts)) != FLS_OUT_OF_INDEXES);
    MUST((ground = ConvertThreadToFiber(NULL)) != NULL);
    EXPECT_OK(FlsSetValue(slot, &mine));
    MUST((first = CreateFiber(0, has_a_value, &its)) != NULL &&
         (second = CreateFiber(0, has_a_value, &others)) != NULL);
    SwitchToFiber(first);
    EXPECT(FlsGetValue(slot) == &mine);
    SwitchToFiber(first);
    EXPECT(FlsGetValue(slot) == &mine && called == 0);
    EXPECT(went(wanted, 2));
    DeleteFiber(first);
    EXPECT_EQ(called, 10);
    SwitchToFiber(second);
    EXPECT_OK(FlsFree(slot));
    EXPECT_EQ(called, 111);
    DeleteFiber(second);
    EXPECT_EQ(called, 111);
    EXPECT_OK(ConvertFiberToThread());
}

/* --- threads --- */

static DWORD ids[2];

static VOID WINAPI says_where_it_is(LPVOID parameter)
{
    for (int i = 0; i < 2; i++) {
        ids[i] = GetCurrentThreadId();
        SwitchToFiber(*(LPVOID *)parameter);
    }
}

static LPVOID whose;

static DWORD WINAPI goes_on_with_it(LPVOID unused)
{
    LPVOID self = ConvertThreadToFiber(unused);

    whose = self;
    SwitchToFiber(first);
    ConvertFiberToThread();
    return 5;
}

static DWORD ended_with(HANDLE thread)
{
    DWORD code = 0;

    EXPECT_EQ(WaitForSingleObject(thread, 10000), WAIT_OBJECT_0);
    EXPECT_OK(GetExitCodeThread(thread, &code));
    CloseHandle(thread);
    return code;
}

TEST(fibers, a_fiber_goes_on_in_another_thread, "L590")
{
    HANDLE thread;

    whose = ConvertThreadToFiber(NULL);
    MUST((first = CreateFiber(0, says_where_it_is, &whose)) != NULL);
    SwitchToFiber(first);
    MUST((thread = CreateThread(NULL, 0, goes_on_with_it, NULL, 0, NULL)) != NULL);
    EXPECT_EQ(ended_with(thread), 5);
    EXPECT(ids[0] == GetCurrentThreadId() && ids[1] != ids[0] && ids[1] != 0);
    DeleteFiber(first);
    ConvertFiberToThread();
}

static VOID WINAPI returns(LPVOID unused)
{
    (void)unused;
}

static VOID WINAPI deletes_itself(LPVOID unused)
{
    (void)unused;
    DeleteFiber(GetCurrentFiber());
}

static DWORD WINAPI goes_to(LPVOID fiber)
{
    ConvertThreadToFiber(NULL);
    SwitchToFiber(fiber);
    return 5;
}

static DWORD thread_that_goes_to(LPFIBER_START_ROUTINE function, int delete_it)
{
    LPVOID fiber = CreateFiber(0, function, NULL);
    HANDLE thread = CreateThread(NULL, 0, goes_to, fiber, 0, NULL);
    DWORD code;

    MUST(fiber != NULL && thread != NULL);
    code = ended_with(thread);
    if (delete_it)
        DeleteFiber(fiber);
    return code;
}

TEST(fibers, a_function_that_returns_ends_the_thread, "L594")
{
    EXPECT_EQ(thread_that_goes_to(returns, 1), 1);
}

TEST(fibers, whoever_deletes_his_own_ends_the_thread, "L594")
{
    EXPECT_EQ(thread_that_goes_to(deletes_itself, 0), 1);
}

#ifdef WINMEM_VERSION_MAJOR

#include "../support/footprint.h"

#include <sys/wait.h>
#include <unistd.h>

TEST(fibers, nothing_is_left_of_them, "L594")
{
    int before, i;

    MUST((ground = ConvertThreadToFiber(NULL)) != NULL);
    for (i = 0; i < 3; i++)
        thread_that_goes_to(deletes_itself, 0);
    before = mappings();
    for (i = 0; i < 200; i++) {
        MUST((first = CreateFiber(0, looks_at_its_stack, &second)) != NULL);
        SwitchToFiber(first);
        DeleteFiber(first);
    }
    for (i = 0; i < 20; i++)
        thread_that_goes_to(deletes_itself, 0);
    EXPECT(mappings() <= before + 4);
}

#if defined __x86_64__
static VOID WINAPI rounds_down(LPVOID unused)
{
    (void)unused;
    for (;;) {
        _MM_SET_ROUNDING_MODE(_MM_ROUND_DOWN);
        SwitchToFiber(ground);
        step(_MM_GET_ROUNDING_MODE() == _MM_ROUND_DOWN ? 1 : -1);
        SwitchToFiber(ground);
    }
}
#endif

TEST(fibers, the_modes_of_the_processor_go_with_the_stack, "L590")
{
#if defined __x86_64__
    MUST((ground = ConvertThreadToFiber(NULL)) != NULL);
    MUST((first = CreateFiber(0, rounds_down, NULL)) != NULL);
    SwitchToFiber(first);
    EXPECT_EQ(_MM_GET_ROUNDING_MODE(), _MM_ROUND_NEAREST);
    _MM_SET_ROUNDING_MODE(_MM_ROUND_UP);
    SwitchToFiber(first);
    EXPECT(_MM_GET_ROUNDING_MODE() == _MM_ROUND_UP && taken == 1 && steps[0] == 1);
    DeleteFiber(first);
#else
    SKIP("its modes are those of x86-64");
#endif
}

static VOID WINAPI forks(LPVOID status)
{
    pid_t child = fork();

    if (child == 0) {
        SwitchToFiber(ground);
        _exit(1);
    }
    MUST(waitpid(child, status, 0) == child);
    SwitchToFiber(ground);
}

TEST(fibers, a_child_of_fork_is_on_the_same_one, "L595")
{
    pid_t self = getpid();
    int status = -1;

    MUST((ground = ConvertThreadToFiber(NULL)) != NULL);
    MUST((first = CreateFiber(0, forks, &status)) != NULL);
    SwitchToFiber(first);
    if (getpid() != self) {
        DeleteFiber(first);
        _exit(IsThreadAFiber() && GetCurrentFiber() == ground ? 7 : 1);
    }
    EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    DeleteFiber(first);
}

static VOID WINAPI runs_over(LPVOID depth)
{
    volatile signed char frame[0x1000];

    frame[0] = (signed char)(ULONG_PTR)depth;
    if (*(volatile signed char *)frame >= 0 || depth != NULL)
        runs_over((char *)depth + 1);
    frame[1] = frame[0];
}

static LONG CALLBACK leaves(EXCEPTION_POINTERS *info)
{
    DWORD code = info->ExceptionRecord->ExceptionCode;

    _exit(code == EXCEPTION_ACCESS_VIOLATION || code == EXCEPTION_STACK_OVERFLOW ? 3 : 4);
}

TEST(fibers, running_over_the_end_is_an_exception, "L592")
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        AddVectoredExceptionHandler(1, leaves);
        ground = ConvertThreadToFiber(NULL);
        first = CreateFiberEx(0, 0x20000, 0, runs_over, NULL);
        SwitchToFiber(first);
        _exit(1);
    }
    MUST(waitpid(child, &status, 0) == child);
    EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 3);
}

#endif
