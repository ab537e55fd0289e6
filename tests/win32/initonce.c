/* initonce.c: INIT_ONCE: what is done once, how it fails, and who waits. */
#include "../support/locks.h"

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static int calls, fails, context_bytes[4];

static BOOL CALLBACK make(PINIT_ONCE which, PVOID parameter, PVOID *context)
{
    EXPECT(which == &once);
    ATOMIC_ADD(calls, 1);
    check_sleep(parameter != NULL ? 20 : 0);
    if (fails > 0) {
        fails--;
        SetLastError(ERROR_NOT_FOUND);
        return FALSE;
    }
    if (context != NULL)
        *context = context_bytes;
    return TRUE;
}

TEST(initonce, it_is_done_once, "D17.4a")
{
    void *context = NULL;

    EXPECT_EQ(sizeof once, 8);
    EXPECT(InitOnceExecuteOnce(&once, make, NULL, &context));
    EXPECT(context == context_bytes);
    context = NULL;
    EXPECT_OK(InitOnceExecuteOnce(&once, make, NULL, &context));
    EXPECT(context == context_bytes);
    EXPECT_OK(InitOnceExecuteOnce(&once, make, NULL, NULL));
    EXPECT_EQ(calls, 1);
    InitOnceInitialize(&once);
    EXPECT(InitOnceExecuteOnce(&once, make, NULL, NULL));
    EXPECT_EQ(calls, 2);
}

TEST(initonce, after_a_failure_the_next_one_tries, "D17.4b")
{
    fails = 1;
    EXPECT_FAIL(ERROR_NOT_FOUND, InitOnceExecuteOnce(&once, make, NULL, NULL));
    EXPECT(InitOnceExecuteOnce(&once, make, NULL, NULL));
    EXPECT_EQ(calls, 2);
}

static void execute(int number)
{
    void *context = NULL;

    (void)number;
    EXPECT(InitOnceExecuteOnce(&once, make, &once, &context));
    EXPECT(context == context_bytes);
}

TEST(initonce, the_others_wait, "D17.4a")
{
    work_with(MANY, execute);
    EXPECT_EQ(calls, 1);
}

static void execute_until_it_works(int number)
{
    (void)number;
    while (!InitOnceExecuteOnce(&once, make, &once, NULL))
        ;
}

TEST(initonce, a_failure_wakes_those_who_wait, "D17.4b")
{
    fails = 5;
    work_with(A_FEW, execute_until_it_works);
    EXPECT_EQ(calls, 6);
}

TEST(initonce, by_hand, "D17.4c")
{
    void *context = &once;
    BOOL pending = FALSE;

    EXPECT_FAIL(ERROR_GEN_FAILURE, InitOnceBeginInitialize(&once, INIT_ONCE_CHECK_ONLY, &pending, &context));
    EXPECT(InitOnceBeginInitialize(&once, 0, &pending, &context));
    EXPECT(pending);
    EXPECT_FAIL(ERROR_GEN_FAILURE, InitOnceBeginInitialize(&once, INIT_ONCE_CHECK_ONLY, &pending, &context));
    EXPECT(InitOnceComplete(&once, 0, context_bytes));
    pending = TRUE;
    EXPECT(InitOnceBeginInitialize(&once, INIT_ONCE_CHECK_ONLY, &pending, &context));
    EXPECT(!pending && context == context_bytes);
    pending = TRUE;
    context = NULL;
    EXPECT(InitOnceBeginInitialize(&once, 0, &pending, &context));
    EXPECT(!pending && context == context_bytes);
}

TEST(initonce, all_at_once_and_the_first_wins, "D17.4d")
{
    BOOL pending = FALSE;
    void *context;

    EXPECT(InitOnceBeginInitialize(&once, INIT_ONCE_ASYNC, &pending, NULL) && pending);
    pending = FALSE;
    EXPECT(InitOnceBeginInitialize(&once, INIT_ONCE_ASYNC, &pending, NULL) && pending);
    EXPECT(InitOnceComplete(&once, INIT_ONCE_ASYNC, context_bytes));
    EXPECT_FAIL(ERROR_GEN_FAILURE, InitOnceComplete(&once, INIT_ONCE_ASYNC, NULL));
    EXPECT(InitOnceBeginInitialize(&once, INIT_ONCE_ASYNC, &pending, &context));
    EXPECT(!pending && context == context_bytes);
}

TEST(initonce, ways_are_not_mixed, "D17.4e")
{
    BOOL pending;

    EXPECT_FAIL(ERROR_GEN_FAILURE, InitOnceComplete(&once, 0, NULL));
    MUST(InitOnceBeginInitialize(&once, 0, &pending, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, InitOnceBeginInitialize(&once, INIT_ONCE_ASYNC, &pending, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, InitOnceComplete(&once, INIT_ONCE_ASYNC, NULL));
    EXPECT(InitOnceComplete(&once, INIT_ONCE_INIT_FAILED, NULL));
    MUST(InitOnceBeginInitialize(&once, INIT_ONCE_ASYNC, &pending, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, InitOnceBeginInitialize(&once, 0, &pending, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, InitOnceComplete(&once, 0, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, InitOnceExecuteOnce(&once, make, NULL, NULL));
}

TEST(initonce, flags_and_contexts, "D17.4e D17.4f")
{
    BOOL pending;

    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                InitOnceBeginInitialize(&once, INIT_ONCE_CHECK_ONLY | INIT_ONCE_ASYNC, &pending, NULL));
    MUST(InitOnceBeginInitialize(&once, 0, &pending, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                InitOnceComplete(&once, INIT_ONCE_ASYNC | INIT_ONCE_INIT_FAILED, NULL));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, InitOnceComplete(&once, 0, (char *)context_bytes + 1));
    EXPECT(InitOnceComplete(&once, 0, NULL));
}

#ifdef WINMEM_VERSION_MAJOR

/* --- forks --- */

static int in_function;

static BOOL CALLBACK make_slowly(PINIT_ONCE which, PVOID parameter, PVOID *context)
{
    (void)which;
    (void)parameter;
    (void)context;
    ATOMIC_SET(in_function, 1);
    check_sleep(200);
    return TRUE;
}

static void execute_slowly(void *arg)
{
    (void)arg;
    EXPECT(InitOnceExecuteOnce(&once, make_slowly, NULL, NULL));
}

TEST(initonce, a_child_does_not_wait_for_whom_it_has_not, "L454")
{
    struct check_thread thread;
    pid_t child;
    int status;

    thread_start(&thread, execute_slowly, NULL);
    UNTIL(ATOMIC_GET(in_function));
    child = fork();
    MUST(child >= 0);
    if (child == 0) {
        alarm(10);
        _exit(InitOnceExecuteOnce(&once, make, NULL, NULL) && calls == 1 ? 0 : 1);
    }
    MUST(waitpid(child, &status, 0) == child);
    EXPECT_EQ(status, 0);
    thread_join(&thread);
    EXPECT_EQ(calls, 0);
}

static BOOL CALLBACK fork_within(PINIT_ONCE which, PVOID parameter, PVOID *context)
{
    (void)which;
    (void)context;
    *(pid_t *)parameter = fork();
    return TRUE;
}

/* The thread that is at it is there in the child, too. */
TEST(initonce, a_child_of_the_function_goes_on_with_it, "L454")
{
    pid_t child = -1;
    BOOL done = InitOnceExecuteOnce(&once, fork_within, &child, NULL), pending;
    int status;

    MUST(child >= 0);
    if (child == 0)
        _exit(done && InitOnceBeginInitialize(&once, INIT_ONCE_CHECK_ONLY, &pending, NULL) ? 0 : 1);
    MUST(waitpid(child, &status, 0) == child);
    EXPECT_EQ(status, 0);
    EXPECT(done);
}

#endif
