/* lockfaults.c: locks while system calls fail, one after the other: whoever waits goes on, and nothing is lost. */
#include "../support/locks.h"

#ifdef WM_FAULT_SCRIPT

#include <errno.h>

#include "kern/faults.h"

enum { CALLS = 12, ROUNDS = 60 };

static CRITICAL_SECTION section = {(PCRITICAL_SECTION_DEBUG)-1, -1, 0, NULL, NULL, 0};
static SRWLOCK lock = SRWLOCK_INIT;
static CONDITION_VARIABLE condition = CONDITION_VARIABLE_INIT;
static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static unsigned entered, written, turn;

static BOOL CALLBACK make(PINIT_ONCE which, PVOID parameter, PVOID *context)
{
    (void)which;
    (void)parameter;
    (void)context;
    check_sleep(2);
    return TRUE;
}

/* Sleeps with each lock held now and then, so that the others sleep as well. */
static void use_them(int number)
{
    EXPECT(InitOnceExecuteOnce(&once, make, NULL, NULL));
    for (int i = 0; i < ROUNDS; i++) {
        EnterCriticalSection(&section);
        entered++;
        if (i % 30 == number)
            check_sleep(1);
        LeaveCriticalSection(&section);
        if (i % 4 == number) {
            AcquireSRWLockExclusive(&lock);
            written++;
            if (i % 16 == number)
                check_sleep(1);
            ReleaseSRWLockExclusive(&lock);
        } else {
            AcquireSRWLockShared(&lock);
            ReleaseSRWLockShared(&lock);
        }
    }
}

/* One after the other, by the condition variable; a wake-up that the kernel refused is made up for by the time. */
static void take_turns(int number)
{
    AcquireSRWLockExclusive(&lock);
    for (unsigned i = 0; i < 20; i++) {
        while (turn % A_FEW != (unsigned)number)
            SleepConditionVariableSRW(&condition, &lock, 20, 0);
        turn++;
        WakeAllConditionVariable(&condition);
    }
    ReleaseSRWLockExclusive(&lock);
}

static unsigned word;

static void pass(int number)
{
    unsigned mine = (unsigned)number, other = !number;

    for (int i = 0; i < 50; i++) {
        while (ATOMIC_GET(word) != mine)
            WaitOnAddress(&word, &other, sizeof word, 20);
        ATOMIC_SET(word, other);
        WakeByAddressSingle(&word);
    }
}

static void with_failing(int error)
{
    for (unsigned n = 1; n <= CALLS; n++) {
        InitOnceInitialize(&once);
        entered = written = turn = 0;
        wm_fault_nth(n, error);
        work_with(A_FEW, use_them);
        wm_fault_nth(n, error);
        work_with(A_FEW, take_turns);
        wm_fault_nth(n, error);
        work_with(2, pass);
        wm_fault_nth(0, 0);
        EXPECT_EQ(entered, A_FEW * ROUNDS);
        EXPECT_EQ(written, A_FEW * ROUNDS / 4);
        EXPECT_EQ(turn, A_FEW * 20);
        EXPECT_EQ((DWORD)section.LockCount, (DWORD)-1);
        EXPECT(TryAcquireSRWLockExclusive(&lock));
        ReleaseSRWLockExclusive(&lock);
    }
}

TEST(lockfaults, no_memory_for_the_kernel, "L458")
{
    with_failing(ENOMEM);
}

TEST(lockfaults, forbidden, "L458")
{
    with_failing(EPERM);
}

#endif
