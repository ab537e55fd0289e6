/*
 * conditionvariable.c: CONDITION_VARIABLE: to let go of a lock and sleep in one step.
 *
 * Its 8 bytes are how many wait, and a word that changes with each wake-up. Who waits is counted, and has read the word,
 * before it lets go of the lock; who wakes changes the word first. So whoever changes what is waited for under the lock and
 * wakes then, meets a sleeper, or one whose word is not what it was (the futex compares). Who waits may be woken for no
 * reason, and says so: as on Windows it has to look.
 *
 * In the child of a fork some may be counted who are not there: waking them wakes nobody.
 */
#include <errno.h>

#include "base/atomic.h"
#include "kern/clock.h"
#include "win32/locks/lockwait.h"
#include "win32/win32.h"

struct condition {
    uint32_t waiters, turn;
};

_Static_assert(sizeof(CONDITION_VARIABLE) == sizeof(struct condition), "as on Windows");

static struct condition *condition_of(CONDITION_VARIABLE *variable)
{
    return (struct condition *)&variable->Ptr;
}

static void wake(CONDITION_VARIABLE *variable, int most)
{
    struct condition *condition = condition_of(variable);

    if (__atomic_load_n(&condition->waiters, __ATOMIC_SEQ_CST) == 0)
        return;
    __atomic_fetch_add(&condition->turn, 1, __ATOMIC_SEQ_CST);
    wm_lock_wake(&condition->turn, WM_FUTEX_ALL_BITS, most);
}

static uint32_t begin(struct condition *condition)
{
    __atomic_fetch_add(&condition->waiters, 1, __ATOMIC_SEQ_CST);
    return __atomic_load_n(&condition->turn, __ATOMIC_SEQ_CST);
}

/* A wake-up that comes together with the end of the time counts: it may have been the one for this thread. */
static wm_status wait_for(struct condition *condition, uint32_t turn, uint64_t until)
{
    const struct wm_futex_word word = {&condition->turn, turn, WM_FUTEX_OURS};
    int result;

    do
        result = wm_futex_wait(&word, WM_FUTEX_ALL_BITS, until);
    while (result == -EINTR);
    __atomic_fetch_sub(&condition->waiters, 1, __ATOMIC_RELAXED);
    if (result == -ETIMEDOUT && WM_LOAD(condition->turn) == turn)
        return WM_LOCK_TIME_IS_OVER;
    return WM_OK;
}

static uint64_t until_of(DWORD milliseconds)
{
    return milliseconds == INFINITE ? UINT64_MAX : wm_clock_after(milliseconds * (uint64_t)1000000);
}

/* --- as the functions have it --- */

VOID WINAPI InitializeConditionVariable(PCONDITION_VARIABLE ConditionVariable)
{
    *ConditionVariable = (CONDITION_VARIABLE)CONDITION_VARIABLE_INIT;
    WM_TRACE(WM_OK, WM_RETURNS_NOTHING, WM_HEX(ConditionVariable));
}

VOID WINAPI WakeConditionVariable(PCONDITION_VARIABLE ConditionVariable)
{
    wake(ConditionVariable, 1);
}

VOID WINAPI WakeAllConditionVariable(PCONDITION_VARIABLE ConditionVariable)
{
    wake(ConditionVariable, INT_MAX);
}

BOOL WINAPI SleepConditionVariableCS(PCONDITION_VARIABLE ConditionVariable, PCRITICAL_SECTION CriticalSection,
                                     DWORD dwMilliseconds)
{
    struct condition *condition = condition_of(ConditionVariable);
    uint64_t until = until_of(dwMilliseconds);
    uint32_t turn = begin(condition);
    wm_status st;

    LeaveCriticalSection(CriticalSection);
    st = wait_for(condition, turn, until);
    EnterCriticalSection(CriticalSection);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(ConditionVariable), WM_HEX(CriticalSection), WM_HEX(dwMilliseconds));
    return wm_edge_bool(st);
}

static wm_status sleep_shared(struct condition *condition, SRWLOCK *lock, DWORD milliseconds)
{
    uint64_t until = until_of(milliseconds);
    uint32_t turn = begin(condition);
    wm_status st;

    ReleaseSRWLockShared(lock);
    st = wait_for(condition, turn, until);
    AcquireSRWLockShared(lock);
    return st;
}

static wm_status sleep_alone(struct condition *condition, SRWLOCK *lock, DWORD milliseconds)
{
    uint64_t until = until_of(milliseconds);
    uint32_t turn = begin(condition);
    wm_status st;

    ReleaseSRWLockExclusive(lock);
    st = wait_for(condition, turn, until);
    AcquireSRWLockExclusive(lock);
    return st;
}

BOOL WINAPI SleepConditionVariableSRW(PCONDITION_VARIABLE ConditionVariable, PSRWLOCK SRWLock,
                                      DWORD dwMilliseconds, ULONG Flags)
{
    struct condition *condition = condition_of(ConditionVariable);
    wm_status st;

    if (Flags & ~(ULONG)CONDITION_VARIABLE_LOCKMODE_SHARED)
        st = WM_LOCK_UNKNOWN_FLAGS;
    else if (Flags & CONDITION_VARIABLE_LOCKMODE_SHARED)
        st = sleep_shared(condition, SRWLock, dwMilliseconds);
    else
        st = sleep_alone(condition, SRWLock, dwMilliseconds);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(ConditionVariable), WM_HEX(SRWLock), WM_HEX(dwMilliseconds),
             WM_HEX(Flags));
    return wm_edge_bool(st);
}
