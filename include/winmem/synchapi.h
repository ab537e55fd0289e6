/*
 * synchapi.h: waiting for what handles stand for; locks without handles.
 */
#ifndef WINMEM_SYNCHAPI_H
#define WINMEM_SYNCHAPI_H

#include "minwinbase.h"

WINMEM_C_BEGIN

/*
 * WaitForSingleObject, WaitForSingleObjectEx: wait until an object is signalled, or for so long.
 *
 * hHandle         a handle with SYNCHRONIZE: of a process, which is signalled once it has ended; or of a memory resource
 *                 notification, while what it is about lasts
 * dwMilliseconds  how long at most; 0: only look; INFINITE: for ever
 * bAlertable      whether functions that were queued to the thread run meanwhile. Nobody queues any here
 *
 * Returns WAIT_OBJECT_0 (it is signalled), WAIT_TIMEOUT, or WAIT_FAILED.
 * Errors          ERROR_INVALID_HANDLE      no handle of such an object; sections cannot be waited for
 *                 ERROR_ACCESS_DENIED       the handle lacks SYNCHRONIZE
 * On Linux        a process has ended when all of its threads have, whether its parent has waited for it or not; waiting
 *                 here takes nothing away from the parent. Notifications are looked at every 20 ms. The calling process never
 *                 sees its own end. Signal handlers run meanwhile and do not end the wait
 * Source          learn.microsoft.com, synchapi.h
 */
WINBASEAPI DWORD WINAPI WaitForSingleObject(HANDLE hHandle, DWORD dwMilliseconds);
WINBASEAPI DWORD WINAPI WaitForSingleObjectEx(HANDLE hHandle, DWORD dwMilliseconds, BOOL bAlertable);

/* ---- Locks without handles ---------------------------------------------------------------------------- */

#define CRITICAL_SECTION_NO_DEBUG_INFO RTL_CRITICAL_SECTION_FLAG_NO_DEBUG_INFO

typedef RTL_SRWLOCK SRWLOCK, *PSRWLOCK;
#define SRWLOCK_INIT RTL_SRWLOCK_INIT

typedef RTL_CONDITION_VARIABLE CONDITION_VARIABLE, *PCONDITION_VARIABLE;
#define CONDITION_VARIABLE_INIT RTL_CONDITION_VARIABLE_INIT
#define CONDITION_VARIABLE_LOCKMODE_SHARED RTL_CONDITION_VARIABLE_LOCKMODE_SHARED

typedef RTL_RUN_ONCE INIT_ONCE, *PINIT_ONCE, *LPINIT_ONCE;
#define INIT_ONCE_STATIC_INIT RTL_RUN_ONCE_INIT
#define INIT_ONCE_CHECK_ONLY RTL_RUN_ONCE_CHECK_ONLY
#define INIT_ONCE_ASYNC RTL_RUN_ONCE_ASYNC
#define INIT_ONCE_INIT_FAILED RTL_RUN_ONCE_INIT_FAILED
#define INIT_ONCE_CTX_RESERVED_BITS RTL_RUN_ONCE_CTX_RESERVED_BITS

typedef BOOL(WINAPI *PINIT_ONCE_FN)(PINIT_ONCE InitOnce, PVOID Parameter, PVOID *Context);

/*
 * InitializeCriticalSection, InitializeCriticalSectionAndSpinCount, InitializeCriticalSectionEx: make a critical section,
 * a lock of one process that its owner may enter again.
 *
 * lpCriticalSection   40 bytes of the program's, anywhere
 * dwSpinCount         how often who finds it held looks again before it sleeps; the upper 8 bits mean nothing (Ex: are 0)
 * Flags               0, or CRITICAL_SECTION_NO_DEBUG_INFO; the other RTL_CRITICAL_SECTION_FLAGs mean nothing here
 *
 * InitializeCriticalSection cannot fail, nor can ...AndSpinCount; ...Ex returns FALSE on failure.
 * Errors        ERROR_INVALID_PARAMETER   Ex: an unknown flag, or a spin count above 0x00FFFFFF
 * On Linux      nothing is allocated: a section that is never deleted, or whose bytes are those of a static initialiser (0 or
 *               -1 in DebugInfo, -1 in LockCount, 0 elsewhere), is one like any other. Where there are several processors
 *               everybody spins a little; a spin count above 4,000 is as good as 4,000. There is never any DebugInfo
 * Source        learn.microsoft.com, synchapi.h
 */
WINBASEAPI VOID WINAPI InitializeCriticalSection(LPCRITICAL_SECTION lpCriticalSection);
WINBASEAPI BOOL WINAPI InitializeCriticalSectionAndSpinCount(LPCRITICAL_SECTION lpCriticalSection,
                                                             DWORD dwSpinCount);
WINBASEAPI BOOL WINAPI InitializeCriticalSectionEx(LPCRITICAL_SECTION lpCriticalSection, DWORD dwSpinCount,
                                                   DWORD Flags);

/*
 * SetCriticalSectionSpinCount: another spin count.
 *
 * Returns the one before. Cannot fail.
 * Source        learn.microsoft.com, synchapi.h
 */
WINBASEAPI DWORD WINAPI SetCriticalSectionSpinCount(LPCRITICAL_SECTION lpCriticalSection, DWORD dwSpinCount);

/*
 * DeleteCriticalSection: ends a critical section that nobody has or waits for.
 *
 * Cannot fail.
 * On Linux      there is nothing to be freed; the section is as after InitializeCriticalSection
 * Source        learn.microsoft.com, synchapi.h
 */
WINBASEAPI VOID WINAPI DeleteCriticalSection(LPCRITICAL_SECTION lpCriticalSection);

/*
 * EnterCriticalSection, TryEnterCriticalSection, LeaveCriticalSection: have a section alone. Each entry is left once.
 *
 * TryEnterCriticalSection returns TRUE, or FALSE if another thread has it, and does not wait. The others return nothing and
 * cannot fail. LeaveCriticalSection is for the owner alone, which is not checked.
 *
 * On Linux      in the child of a fork the thread that forked has what it had, under its new id; what other threads had
 *               stays held for ever, as with pthread_mutex_lock. Signal handlers run meanwhile and do not end the wait. One
 *               that enters a section while its own thread is in the middle of entering or leaving it waits for ever
 * Source        learn.microsoft.com, synchapi.h
 */
WINBASEAPI VOID WINAPI EnterCriticalSection(LPCRITICAL_SECTION lpCriticalSection);
WINBASEAPI BOOL WINAPI TryEnterCriticalSection(LPCRITICAL_SECTION lpCriticalSection);
WINBASEAPI VOID WINAPI LeaveCriticalSection(LPCRITICAL_SECTION lpCriticalSection);

/*
 * InitializeSRWLock: a slim reader/writer lock, as SRWLOCK_INIT makes it: 8 bytes, of which nothing is to be freed.
 *
 * Cannot fail.
 * Source        learn.microsoft.com, synchapi.h
 */
WINBASEAPI VOID WINAPI InitializeSRWLock(PSRWLOCK SRWLock);

/*
 * AcquireSRWLockExclusive, AcquireSRWLockShared, their Try and Release forms: have a lock alone, or share it with others who
 * only read. It does not know its owners: who has it and acquires it again waits for himself, and what is released must have
 * been acquired in that way; neither is checked.
 *
 * The Try forms return TRUE, or 0 if they would have to wait. The others return nothing and cannot fail.
 *
 * On Linux      who wants to share it waits while somebody waits to have it alone, and the other way round: neither kind
 *               can keep the other one out. Up to 268,435,454 share it
 * Source        learn.microsoft.com, synchapi.h
 */
WINBASEAPI VOID WINAPI AcquireSRWLockExclusive(PSRWLOCK SRWLock);
WINBASEAPI VOID WINAPI AcquireSRWLockShared(PSRWLOCK SRWLock);
WINBASEAPI BOOLEAN WINAPI TryAcquireSRWLockExclusive(PSRWLOCK SRWLock);
WINBASEAPI BOOLEAN WINAPI TryAcquireSRWLockShared(PSRWLOCK SRWLock);
WINBASEAPI VOID WINAPI ReleaseSRWLockExclusive(PSRWLOCK SRWLock);
WINBASEAPI VOID WINAPI ReleaseSRWLockShared(PSRWLOCK SRWLock);

/*
 * InitializeConditionVariable: a condition variable, as CONDITION_VARIABLE_INIT makes it: 8 bytes, of which nothing is to be
 * freed.
 *
 * Cannot fail.
 * Source        learn.microsoft.com, synchapi.h
 */
WINBASEAPI VOID WINAPI InitializeConditionVariable(PCONDITION_VARIABLE ConditionVariable);

/*
 * SleepConditionVariableCS, SleepConditionVariableSRW: let go of a lock and sleep in one step, until somebody wakes; then
 * have the lock again, also after a failure.
 *
 * CriticalSection, SRWLock   the lock, which the caller has; a critical section is left once
 * dwMilliseconds             how long at most; INFINITE: for ever
 * Flags                      CONDITION_VARIABLE_LOCKMODE_SHARED if the lock is shared, else 0
 *
 * Returns TRUE when woken, now and then for no reason: look at what is waited for, as on Windows. FALSE on failure.
 * Errors        ERROR_TIMEOUT             nobody woke in time
 *               ERROR_INVALID_PARAMETER   an unknown flag
 * On Linux      signal handlers run meanwhile and do not end the wait
 * Source        learn.microsoft.com, synchapi.h
 */
WINBASEAPI BOOL WINAPI SleepConditionVariableCS(PCONDITION_VARIABLE ConditionVariable,
                                                PCRITICAL_SECTION CriticalSection, DWORD dwMilliseconds);
WINBASEAPI BOOL WINAPI SleepConditionVariableSRW(PCONDITION_VARIABLE ConditionVariable, PSRWLOCK SRWLock,
                                                 DWORD dwMilliseconds, ULONG Flags);

/*
 * WakeConditionVariable, WakeAllConditionVariable: wake one who sleeps, or all; nobody if nobody does. The lock may be held.
 *
 * Cannot fail.
 * Source        learn.microsoft.com, synchapi.h
 */
WINBASEAPI VOID WINAPI WakeConditionVariable(PCONDITION_VARIABLE ConditionVariable);
WINBASEAPI VOID WINAPI WakeAllConditionVariable(PCONDITION_VARIABLE ConditionVariable);

/*
 * InitOnceInitialize: something that is to be done once, as INIT_ONCE_STATIC_INIT makes it: 8 bytes, of which nothing is to
 * be freed.
 *
 * Cannot fail.
 * Source        learn.microsoft.com, synchapi.h
 */
WINBASEAPI VOID WINAPI InitOnceInitialize(PINIT_ONCE InitOnce);

/*
 * InitOnceExecuteOnce: calls a function, unless it has succeeded before. Who comes meanwhile waits.
 *
 * InitFn        gets InitOnce, Parameter and where to put a context; FALSE: it has failed, and the next one tries again
 * Parameter     for InitFn
 * Context       out: what InitFn said, now or then; NULL is allowed. Its two lowest bits are 0
 *
 * Returns TRUE when it is done. FALSE if the function failed; the last error is then what the function left.
 * Errors        ERROR_INVALID_PARAMETER   a context with one of the two lowest bits; it was begun with INIT_ONCE_ASYNC
 * On Linux      in the child of a fork nobody waits for a thread that stayed behind in the parent: it is begun anew
 * Source        learn.microsoft.com, synchapi.h
 */
WINBASEAPI BOOL WINAPI InitOnceExecuteOnce(PINIT_ONCE InitOnce, PINIT_ONCE_FN InitFn, PVOID Parameter,
                                           LPVOID *Context);

/*
 * InitOnceBeginInitialize, InitOnceComplete: the same by hand.
 *
 * dwFlags       of the beginning: 0: one does it and the others wait; INIT_ONCE_ASYNC: all who come do it, the first to
 *               finish wins; INIT_ONCE_CHECK_ONLY: only look. Of the end: 0 or INIT_ONCE_ASYNC as it was begun, or
 *               INIT_ONCE_INIT_FAILED: it was not done
 * fPending      out: whether the caller is to do it
 * lpContext     in InitOnceBeginInitialize out: the context, if it is done already; NULL is allowed. In InitOnceComplete the
 *               context itself, with 0 in its two lowest bits; NULL after a failure
 *
 * Returns TRUE or FALSE.
 * Errors        ERROR_GEN_FAILURE         INIT_ONCE_CHECK_ONLY: it is not done; InitOnceComplete: it was not begun, or
 *                                         another one was first
 *               ERROR_INVALID_PARAMETER   flags that do not go together, or not with how it was begun; a wrong context
 * On Linux      as for InitOnceExecuteOnce
 * Source        learn.microsoft.com, synchapi.h
 */
WINBASEAPI BOOL WINAPI InitOnceBeginInitialize(LPINIT_ONCE lpInitOnce, DWORD dwFlags, PBOOL fPending,
                                               LPVOID *lpContext);
WINBASEAPI BOOL WINAPI InitOnceComplete(LPINIT_ONCE lpInitOnce, DWORD dwFlags, LPVOID lpContext);

/*
 * WaitOnAddress: sleeps while memory has a value, until somebody wakes by its address.
 *
 * Address          the memory; bytes beside it may change at will
 * CompareAddress   where the value is: if the memory has another one already, nobody waits
 * AddressSize      1, 2, 4 or 8 bytes
 * dwMilliseconds   how long at most; INFINITE: for ever
 *
 * Returns TRUE when woken, and now and then for no reason: look at the memory, as on Windows. FALSE on failure.
 * Errors        ERROR_TIMEOUT             nobody woke in time
 *               ERROR_INVALID_PARAMETER   another size
 * On Linux      among the threads of one process, as on Windows. Signal handlers run meanwhile and do not end the wait
 * Source        learn.microsoft.com, synchapi.h
 */
WINBASEAPI BOOL WINAPI WaitOnAddress(volatile VOID *Address, PVOID CompareAddress, SIZE_T AddressSize,
                                     DWORD dwMilliseconds);

/*
 * WakeByAddressSingle, WakeByAddressAll: wake one who waits for just this address, or all. The memory need not be there any
 * more.
 *
 * Cannot fail.
 * Source        learn.microsoft.com, synchapi.h
 */
WINBASEAPI VOID WINAPI WakeByAddressSingle(PVOID Address);
WINBASEAPI VOID WINAPI WakeByAddressAll(PVOID Address);

WINMEM_C_END

#endif /* WINMEM_SYNCHAPI_H */
