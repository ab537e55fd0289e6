/* criticalsection.c: CRITICAL_SECTION, what its members say, and threads that want one at once. */
#include "../support/starvation.h"

static CRITICAL_SECTION section;
/* Guarded by the lock that is tested: a plain variable, so that a sanitizer sees whether it is. */
static unsigned guarded;
static int entered;

static void *own_id(void)
{
    return (void *)(ULONG_PTR)GetCurrentThreadId();
}

/* --- one thread --- */

TEST(criticalsection, its_owner_enters_again, "D17.1a")
{
    EXPECT_EQ(sizeof section, 40);
    InitializeCriticalSection(&section);
    EnterCriticalSection(&section);
    EnterCriticalSection(&section);
    EXPECT(TryEnterCriticalSection(&section));
    LeaveCriticalSection(&section);
    LeaveCriticalSection(&section);
    EXPECT(section.OwningThread == own_id());
    LeaveCriticalSection(&section);
    EXPECT(section.OwningThread == NULL);
    DeleteCriticalSection(&section);
}

TEST(criticalsection, its_members_tell_who_has_it, "D17.1b L450")
{
    InitializeCriticalSection(&section);
    EXPECT_EQ((DWORD)section.LockCount, (DWORD)-1);
    EXPECT_EQ(section.RecursionCount, 0);
    EnterCriticalSection(&section);
    EnterCriticalSection(&section);
    EXPECT_EQ(section.RecursionCount, 2);
    EXPECT_EQ(section.LockCount & 1, 0);
    EXPECT(section.OwningThread == own_id());
    LeaveCriticalSection(&section);
    LeaveCriticalSection(&section);
    EXPECT_EQ((DWORD)section.LockCount, (DWORD)-1);
    EXPECT_EQ(section.RecursionCount, 0);
}

TEST(criticalsection, spin_counts, "D17.1c")
{
    EXPECT(InitializeCriticalSectionAndSpinCount(&section, 1000));
    EXPECT_EQ(SetCriticalSectionSpinCount(&section, 2000), 1000);
    EXPECT_EQ(SetCriticalSectionSpinCount(&section, 0), 2000);
    DeleteCriticalSection(&section);
    EXPECT_OK(InitializeCriticalSectionEx(&section, 4000, CRITICAL_SECTION_NO_DEBUG_INFO));
    EXPECT_EQ(SetCriticalSectionSpinCount(&section, 0), 4000);
    DeleteCriticalSection(&section);
}

#ifdef WINMEM_VERSION_MAJOR

TEST(criticalsection, unknown_flags, "L451")
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, InitializeCriticalSectionEx(&section, 0, 1));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, InitializeCriticalSectionEx(&section, 0x01000000, 0));
}

TEST(criticalsection, a_static_initialiser_will_do, "L452")
{
    static CRITICAL_SECTION bare = {(PCRITICAL_SECTION_DEBUG)-1, -1, 0, NULL, NULL, 0};

    EnterCriticalSection(&bare);
    EXPECT(bare.OwningThread == own_id());
    LeaveCriticalSection(&bare);
}

#endif

/* --- several --- */

static void try_it(void *result)
{
    *(BOOL *)result = TryEnterCriticalSection(&section);
    if (*(BOOL *)result)
        LeaveCriticalSection(&section);
}

TEST(criticalsection, trying_does_not_wait, "D17.1d")
{
    struct check_thread thread;
    BOOL result = TRUE;

    InitializeCriticalSection(&section);
    EnterCriticalSection(&section);
    thread_start(&thread, try_it, &result);
    thread_join(&thread);
    EXPECT(!result);
    LeaveCriticalSection(&section);
    thread_start(&thread, try_it, &result);
    thread_join(&thread);
    EXPECT(result);
}

static void enter_once(int number)
{
    (void)number;
    EnterCriticalSection(&section);
    entered++;
    LeaveCriticalSection(&section);
}

static void enter_once_main(void *arg)
{
    enter_once(*(int *)arg);
}

TEST(criticalsection, lock_count_tells_how_many_wait, "D17.1e")
{
    struct check_thread threads[A_FEW];
    int numbers[A_FEW] = {0};

    InitializeCriticalSection(&section);
    EnterCriticalSection(&section);
    for (int i = 0; i < A_FEW; i++)
        thread_start(&threads[i], enter_once_main, &numbers[i]);
    UNTIL(ATOMIC_GET(section.LockCount) == -2 - 4 * A_FEW);
    check_sleep(150);
    EXPECT_EQ(((DWORD)-1 - (DWORD)ATOMIC_GET(section.LockCount)) >> 2, A_FEW);
    LeaveCriticalSection(&section);
    for (int i = 0; i < A_FEW; i++)
        thread_join(&threads[i]);
    EXPECT_EQ(entered, A_FEW);
    EXPECT_EQ((DWORD)section.LockCount, (DWORD)-1);
}

static void enter_often(int number)
{
    for (int i = 0; i < 20000 / (SANITIZED ? 20 : 1); i++) {
        if ((i + number) % 16 == 0 && TryEnterCriticalSection(&section)) {
            guarded++;
            LeaveCriticalSection(&section);
        }
        EnterCriticalSection(&section);
        EnterCriticalSection(&section);
        guarded++;
        LeaveCriticalSection(&section);
        guarded++;
        LeaveCriticalSection(&section);
        ATOMIC_ADD(entered, 2);
    }
}

static void all_at_once(int threads)
{
    unsigned tried;

    InitializeCriticalSectionAndSpinCount(&section, threads == MANY ? 4000 : 0);
    work_with(threads, enter_often);
    EnterCriticalSection(&section);
    tried = guarded - (unsigned)entered;
    EXPECT(tried <= (unsigned)entered / 16);
    LeaveCriticalSection(&section);
    EXPECT_EQ((DWORD)section.LockCount, (DWORD)-1);
}

TEST(criticalsection, one_at_a_time, "D17.1a")
{
    all_at_once(A_FEW);
}

TEST(criticalsection, sixty_four_threads, "D17.1a")
{
    all_at_once(MANY);
}

#ifdef WINMEM_VERSION_MAJOR

#include "../support/child.h"

/* --- nobody waits for long --- */

static void hog(int number)
{
    while (!ATOMIC_GET(stop)) {
        double start = check_seconds();

        EnterCriticalSection(&section);
        note_turn(number, start);
        LeaveCriticalSection(&section);
    }
}

TEST(criticalsection, nobody_starves, "L453")
{
    InitializeCriticalSection(&section);
    expect_nobody_starves(hog);
}

static double time_until_woken(void)
{
    double waited = 0, start;
    int zero = 0;

    for (int i = 0; i < 20; i++) {
        struct check_thread thread;

        EnterCriticalSection(&section);
        thread_start(&thread, enter_once_main, &zero);
        UNTIL(ATOMIC_GET(section.LockCount) == -6);
        check_sleep(2);
        start = check_seconds();
        LeaveCriticalSection(&section);
        thread_join(&thread);
        waited += check_seconds() - start;
    }
    return waited;
}

/* Not only when it looks for itself, after 100 ms. */
TEST(criticalsection, who_waits_is_woken_at_once, "L459")
{
    InitializeCriticalSection(&section);
    EXPECT(time_until_woken() < 0.7 || time_until_woken() < 0.7 || time_until_woken() < 0.7);
}

/* --- forks --- */

static void others_wait_for_it(void)
{
    struct check_thread thread;
    BOOL result = TRUE;

    thread_start(&thread, try_it, &result);
    thread_join(&thread);
    EXPECT(!result);
}

static void enter_and_leave(void)
{
    int zero = 0;
    struct check_thread thread;

    others_wait_for_it();
    EnterCriticalSection(&section);
    EXPECT_EQ(section.RecursionCount, 2);
    EXPECT(section.OwningThread == own_id());
    LeaveCriticalSection(&section);
    thread_start(&thread, enter_once_main, &zero);
    check_sleep(20);
    EXPECT_EQ(ATOMIC_GET(entered), 0);
    LeaveCriticalSection(&section);
    thread_join(&thread);
    EXPECT_EQ(entered, 1);
    EXPECT(section.OwningThread == NULL);
}

static void in_a_grandchild(void)
{
    EXPECT_EQ(end_of(enter_and_leave), 0);
}

static void leave_it(void)
{
    int zero = 0;

    LeaveCriticalSection(&section);
    enter_once_main(&zero);
    EXPECT_EQ(entered, 1);
}

TEST(criticalsection, a_child_has_what_its_thread_had, "L454")
{
    InitializeCriticalSection(&section);
    EnterCriticalSection(&section);
    EXPECT_EQ(end_of(enter_and_leave), 0);
    EXPECT_EQ(end_of(in_a_grandchild), 0);
    EXPECT_EQ(end_of(leave_it), 0);
    LeaveCriticalSection(&section);
}

/* Those who wait in the parent the child does not have. */
TEST(criticalsection, a_child_waits_for_nobody_who_waited, "L454")
{
    struct check_thread threads[A_FEW];
    int zero = 0;

    InitializeCriticalSection(&section);
    EnterCriticalSection(&section);
    for (int i = 0; i < A_FEW; i++)
        thread_start(&threads[i], enter_once_main, &zero);
    UNTIL(ATOMIC_GET(section.LockCount) == -2 - 4 * A_FEW);
    EXPECT_EQ(end_of(leave_it), 0);
    EXPECT_EQ(end_of(enter_and_leave), 0);
    LeaveCriticalSection(&section);
    for (int i = 0; i < A_FEW; i++)
        thread_join(&threads[i]);
    EXPECT_EQ(entered, A_FEW);
}

/* Forks at any moment, from threads that have it. */
static void fork_within(int number)
{
    for (int i = 0; i < 10; i++) {
        EnterCriticalSection(&section);
        if ((i + number) % 2)
            EXPECT_EQ(end_of(leave_it), 0);
        LeaveCriticalSection(&section);
    }
}

TEST(criticalsection, forks_while_others_wait, "L454")
{
    InitializeCriticalSection(&section);
    work_with(A_FEW, fork_within);
}

/* --- signals --- */

static int signals;

static void count_signal(int number)
{
    (void)number;
    ATOMIC_ADD(signals, 1);
}

TEST(criticalsection, signals_do_not_end_a_wait, "L455")
{
    struct check_thread thread;
    int zero = 0;

    signal(SIGUSR1, count_signal);
    InitializeCriticalSection(&section);
    EnterCriticalSection(&section);
    thread_start(&thread, enter_once_main, &zero);
    UNTIL(ATOMIC_GET(section.LockCount) == -6);
    for (int i = 0; i < 20; i++) {
        pthread_kill(thread.handle, SIGUSR1);
        check_sleep(1);
    }
    UNTIL(ATOMIC_GET(signals) > 0);
    EXPECT_EQ(ATOMIC_GET(entered), 0);
    LeaveCriticalSection(&section);
    thread_join(&thread);
    EXPECT_EQ(entered, 1);
}

static CRITICAL_SECTION other;
static int handled;

/* Of a section that its thread has, or nobody; not of one that it is about to enter. */
static void enter_in_handler(int number)
{
    (void)number;
    EnterCriticalSection(&other);
    handled++;
    LeaveCriticalSection(&other);
    if (TryEnterCriticalSection(&section))
        LeaveCriticalSection(&section);
}

static void signal_often(void *arg)
{
    while (!ATOMIC_GET(stop)) {
        pthread_kill(*(pthread_t *)arg, SIGUSR1);
        check_sleep(1);
    }
}

TEST(criticalsection, handlers_may_enter_and_try, "L455")
{
    pthread_t self = pthread_self();
    struct check_thread thread;
    double until = check_seconds() + 0.3;

#ifdef CHECK_THREAD_SANITIZER
    SKIP("the sanitizer puts signals off");
#endif
    InitializeCriticalSection(&section);
    InitializeCriticalSection(&other);
    signal(SIGUSR1, enter_in_handler);
    thread_start(&thread, signal_often, &self);
    while (check_seconds() < until) {
        EnterCriticalSection(&section);
        guarded++;
        LeaveCriticalSection(&section);
    }
    ATOMIC_SET(stop, 1);
    thread_join(&thread);
    EXPECT(handled > 0);
    EXPECT(section.OwningThread == NULL && section.RecursionCount == 0);
}

/* --- memory that goes --- */

static CRITICAL_SECTION *lent;
static int users;

/* The last user frees it, as soon as another has let go of it. */
static void use_lent(int number)
{
    CRITICAL_SECTION *mine = ATOMIC_GET(lent);
    int left;

    (void)number;
    EnterCriticalSection(mine);
    left = --users;
    LeaveCriticalSection(mine);
    if (left == 0) {
        DeleteCriticalSection(mine);
        VirtualFree(mine, 0, MEM_RELEASE);
    }
}

TEST(criticalsection, whoever_has_it_last_may_free_it, "L456")
{
    for (int i = 0; i < 300; i++) {
        lent = VirtualAlloc(NULL, 4096, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
        MUST(lent != NULL);
        InitializeCriticalSection(lent);
        users = A_FEW;
        work_with(A_FEW, use_lent);
    }
}

#endif
