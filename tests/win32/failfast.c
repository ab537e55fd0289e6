/* failfast.c: the end without questions. */
#include "../support/check.h"

#ifdef WINMEM_VERSION_MAJOR

#include <intrin.h>
#include <sys/resource.h>

static LONG CALLBACK on_exception(PEXCEPTION_POINTERS pointers)
{
    (void)pointers;
    _exit(1);
}

static void on_signal(int signal)
{
    (void)signal;
    _exit(2);
}

static void at_end(void)
{
    _exit(3);
}

/* How a child ends that has asked to be asked. */
static int ending_of(void (*end)(void))
{
    pid_t child = fork();
    int status = 0;

    if (child == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        atexit(at_end);
        signal(SIGABRT, on_signal);
        signal(SIGILL, on_signal);
        AddVectoredExceptionHandler(1, on_exception);
        end();
        _exit(4);
    }
    MUST(waitpid(child, &status, 0) == child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : -WEXITSTATUS(status);
}

static void with_a_record(void)
{
    EXCEPTION_RECORD record = {.ExceptionCode = 0xE0000001};

    RaiseFailFastException(&record, NULL, FAIL_FAST_GENERATE_EXCEPTION_ADDRESS);
}

static void without(void)
{
    RaiseFailFastException(NULL, NULL, 0);
}

static void by_the_intrinsic(void)
{
    __fastfail(FAST_FAIL_FATAL_APP_EXIT);
}

TEST(failfast, nobody_is_asked, "L541")
{
    EXPECT_EQ(ending_of(with_a_record), SIGABRT);
    EXPECT_EQ(ending_of(without), SIGABRT);
    EXPECT_EQ(ending_of(by_the_intrinsic), SIGABRT);
}

#endif
