/* locks.h: locks without handles, as Windows has them. */
#include <windows.h>

#include "../sleepers.h"

static CRITICAL_SECTION section_lock = {(PCRITICAL_SECTION_DEBUG)-1, -1, 0, NULL, NULL, 0};
static SRWLOCK slim_lock = SRWLOCK_INIT, shared_lock = SRWLOCK_INIT;
static CONDITION_VARIABLE passed = CONDITION_VARIABLE_INIT;
static INIT_ONCE once = INIT_ONCE_STATIC_INIT;

static inline void enter_section(void)
{
    EnterCriticalSection(&section_lock);
}

static inline void leave_section(void)
{
    LeaveCriticalSection(&section_lock);
}

static inline void have_alone(void)
{
    AcquireSRWLockExclusive(&slim_lock);
}

static inline void had_alone(void)
{
    ReleaseSRWLockExclusive(&slim_lock);
}

static inline void read_begin(void)
{
    AcquireSRWLockShared(&shared_lock);
}

static inline void read_end(void)
{
    ReleaseSRWLockShared(&shared_lock);
}

static inline void write_begin(void)
{
    AcquireSRWLockExclusive(&shared_lock);
}

static inline void write_end(void)
{
    ReleaseSRWLockExclusive(&shared_lock);
}

static inline void sleep_for_turn(void)
{
    SleepConditionVariableSRW(&passed, &slim_lock, INFINITE, 0);
}

static inline void wake_for_turn(void)
{
    WakeAllConditionVariable(&passed);
}

static BOOL CALLBACK do_nothing(PINIT_ONCE which, PVOID parameter, PVOID *context)
{
    (void)which;
    (void)parameter;
    (void)context;
    return TRUE;
}

static inline void do_once(void)
{
    InitOnceExecuteOnce(&once, do_nothing, NULL, NULL);
}

static inline void sleep_while(uint32_t *word, uint32_t value)
{
    WaitOnAddress(word, &value, sizeof value, INFINITE);
}

static inline void wake_word(uint32_t *word)
{
    WakeByAddressSingle(word);
}
