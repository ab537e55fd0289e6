/* conditionvariable.c: CONDITION_VARIABLE with both kinds of locks: who sleeps is woken, or its time is over. */
#include "../support/locks.h"

static CONDITION_VARIABLE condition = CONDITION_VARIABLE_INIT, room = CONDITION_VARIABLE_INIT;
static CRITICAL_SECTION section;
static SRWLOCK lock = SRWLOCK_INIT;
static unsigned waiting, tokens;

TEST(conditionvariable, time_is_over, "D17.3a D17.3b")
{
    double start;

    EXPECT_EQ(sizeof condition, 8);
    InitializeConditionVariable(&condition);
    InitializeCriticalSection(&section);
    EnterCriticalSection(&section);
    EXPECT_FAIL(ERROR_TIMEOUT, SleepConditionVariableCS(&condition, &section, 0));
    start = check_seconds();
    EXPECT_FAIL(ERROR_TIMEOUT, SleepConditionVariableCS(&condition, &section, 30));
    EXPECT(check_seconds() - start > 0.01);
    LeaveCriticalSection(&section);

    AcquireSRWLockExclusive(&lock);
    EXPECT_FAIL(ERROR_TIMEOUT, SleepConditionVariableSRW(&condition, &lock, 5, 0));
    EXPECT(!TryAcquireSRWLockShared(&lock));
    ReleaseSRWLockExclusive(&lock);
    AcquireSRWLockShared(&lock);
    EXPECT_FAIL(ERROR_TIMEOUT,
                SleepConditionVariableSRW(&condition, &lock, 5, CONDITION_VARIABLE_LOCKMODE_SHARED));
    EXPECT(TryAcquireSRWLockShared(&lock));
    ReleaseSRWLockShared(&lock);
    ReleaseSRWLockShared(&lock);
}

TEST(conditionvariable, nobody_to_be_woken, "D17.3c")
{
    WakeConditionVariable(&condition);
    WakeAllConditionVariable(&condition);
    InitializeCriticalSection(&section);
    EnterCriticalSection(&section);
    EXPECT_FAIL(ERROR_TIMEOUT, SleepConditionVariableCS(&condition, &section, 5));
    LeaveCriticalSection(&section);
}

#ifdef WINMEM_VERSION_MAJOR

TEST(conditionvariable, unknown_flags, "L451")
{
    AcquireSRWLockShared(&lock);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SleepConditionVariableSRW(&condition, &lock, 5, 2));
    ReleaseSRWLockShared(&lock);
}

#endif

/* --- who is woken --- */

static void sleep_for_a_token(int number)
{
    (void)number;
    EnterCriticalSection(&section);
    waiting++;
    while (tokens == 0)
        EXPECT(SleepConditionVariableCS(&condition, &section, INFINITE));
    tokens--;
    waiting--;
    LeaveCriticalSection(&section);
}

static void sleep_main(void *arg)
{
    sleep_for_a_token(*(int *)arg);
}

static unsigned how_many_wait(void)
{
    unsigned count;

    EnterCriticalSection(&section);
    count = waiting;
    LeaveCriticalSection(&section);
    return count;
}

static void give(unsigned count, void (*wake)(void))
{
    EnterCriticalSection(&section);
    tokens += count;
    LeaveCriticalSection(&section);
    wake();
}

static void wake_one(void)
{
    WakeConditionVariable(&condition);
}

static void wake_all(void)
{
    WakeAllConditionVariable(&condition);
}

TEST(conditionvariable, one_or_all, "D17.3c")
{
    struct check_thread threads[A_FEW];
    int numbers[A_FEW] = {0};

    InitializeCriticalSection(&section);
    for (int i = 0; i < A_FEW; i++)
        thread_start(&threads[i], sleep_main, &numbers[i]);
    UNTIL(how_many_wait() == A_FEW);
    give(1, wake_one);
    UNTIL(how_many_wait() == A_FEW - 1);
    give(1, wake_one);
    UNTIL(how_many_wait() == A_FEW - 2);
    give(A_FEW - 2, wake_all);
    for (int i = 0; i < A_FEW; i++)
        thread_join(&threads[i]);
    EXPECT_EQ(tokens, 0);
}

/* --- no wake-up is lost: a queue with room for one, and each waits for ever --- */

enum { ITEMS = 20000 / (SANITIZED ? 20 : 1) };

static unsigned queued, made, taken;

static void produce(void)
{
    AcquireSRWLockExclusive(&lock);
    while (queued == 1)
        EXPECT(SleepConditionVariableSRW(&room, &lock, INFINITE, 0));
    queued++;
    made++;
    ReleaseSRWLockExclusive(&lock);
    WakeConditionVariable(&condition);
}

static void consume(void)
{
    AcquireSRWLockExclusive(&lock);
    while (queued == 0)
        EXPECT(SleepConditionVariableSRW(&condition, &lock, INFINITE, 0));
    queued--;
    taken++;
    ReleaseSRWLockExclusive(&lock);
    WakeConditionVariable(&room);
}

static int pairs;

static void produce_or_consume(int number)
{
    for (int i = 0; i < ITEMS / pairs; i++)
        if (number % 2)
            produce();
        else
            consume();
}

static void pass_through_a_queue(int threads)
{
    pairs = threads / 2;
    work_with(threads, produce_or_consume);
    EXPECT_EQ(made, ITEMS / pairs * pairs);
    EXPECT_EQ(taken, made);
    EXPECT_EQ(queued, 0);
}

TEST(conditionvariable, no_wake_up_is_lost, "D17.3a")
{
    pass_through_a_queue(2);
}

TEST(conditionvariable, sixty_four_threads, "D17.3a")
{
    pass_through_a_queue(MANY);
}

/* All wait for the last one, round by round. */
static unsigned round_now, arrived;

static void meet(int number)
{
    (void)number;
    for (unsigned i = 0; i < 500 / (SANITIZED ? 5 : 1); i++) {
        unsigned mine;

        AcquireSRWLockExclusive(&lock);
        mine = round_now;
        if (++arrived == A_FEW) {
            arrived = 0;
            round_now++;
            WakeAllConditionVariable(&condition);
        }
        ReleaseSRWLockExclusive(&lock);
        AcquireSRWLockShared(&lock);
        while (round_now == mine)
            EXPECT(
                SleepConditionVariableSRW(&condition, &lock, INFINITE, CONDITION_VARIABLE_LOCKMODE_SHARED));
        ReleaseSRWLockShared(&lock);
    }
}

TEST(conditionvariable, all_go_on_together, "D17.3a D17.3c")
{
    work_with(A_FEW, meet);
    EXPECT_EQ(round_now, 500 / (SANITIZED ? 5 : 1));
}

#ifdef WINMEM_VERSION_MAJOR

static int signals;

static void count_signal(int number)
{
    (void)number;
    ATOMIC_ADD(signals, 1);
}

TEST(conditionvariable, signals_do_not_end_a_wait, "L455")
{
    struct check_thread thread;
    int zero = 0;

    signal(SIGUSR1, count_signal);
    InitializeCriticalSection(&section);
    thread_start(&thread, sleep_main, &zero);
    UNTIL(how_many_wait() == 1);
    for (int i = 0; i < 20; i++) {
        pthread_kill(thread.handle, SIGUSR1);
        check_sleep(1);
    }
    UNTIL(ATOMIC_GET(signals) > 0);
    EXPECT_EQ(how_many_wait(), 1);
    give(1, wake_one);
    thread_join(&thread);
}

static int within, may_go;

static void stay_in_handler(int number)
{
    (void)number;
    ATOMIC_SET(within, 1);
    while (!ATOMIC_GET(may_go))
        ;
}

/* Who is not asleep at that moment is not woken by the kernel: the word has changed. */
TEST(conditionvariable, a_wake_up_during_a_handler_counts, "L455 D17.3a")
{
    struct check_thread thread;
    double start;
    int zero = 0;

    signal(SIGUSR1, stay_in_handler);
    InitializeCriticalSection(&section);
    thread_start(&thread, sleep_main, &zero);
    UNTIL(how_many_wait() == 1);
    check_sleep(10);
    pthread_kill(thread.handle, SIGUSR1);
    UNTIL(ATOMIC_GET(within));
    give(1, wake_one);
    start = check_seconds();
    alarm(5);
    ATOMIC_SET(may_go, 1);
    thread_join(&thread);
    EXPECT(check_seconds() - start < 1);
}

TEST(conditionvariable, a_child_wakes_nobody_of_its_parent, "L454")
{
    struct check_thread thread;
    int zero = 0, status;
    pid_t child;

    InitializeCriticalSection(&section);
    thread_start(&thread, sleep_main, &zero);
    UNTIL(how_many_wait() == 1);
    check_sleep(5);
    child = fork();
    MUST(child >= 0);
    if (child == 0) {
        struct check_thread mine;

        alarm(10);
        wake_all();
        waiting = 0;
        thread_start(&mine, sleep_main, &zero);
        while (how_many_wait() == 0)
            check_sleep(1);
        give(1, wake_one);
        thread_join(&mine);
        _exit(0);
    }
    MUST(waitpid(child, &status, 0) == child);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(how_many_wait(), 1);
    give(1, wake_one);
    thread_join(&thread);
}

#endif
