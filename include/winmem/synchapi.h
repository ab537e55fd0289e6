/*
 * synchapi.h: waiting for what handles stand for; events, mutexes, semaphores; locks without handles.
 */
#ifndef WINMEM_SYNCHAPI_H
#define WINMEM_SYNCHAPI_H

#include "minwinbase.h"

WINMEM_C_BEGIN

/*
 * WaitForSingleObject, WaitForSingleObjectEx: wait until an object is signalled, or for so long.
 *
 * hHandle         a handle with SYNCHRONIZE: of a process, which is signalled once it has ended; of an event, a mutex or a
 *                 semaphore, which the wait takes; of a memory resource notification, while what it is about lasts; of a
 *                 file, always
 * dwMilliseconds  how long at most; 0: only look; INFINITE: for ever
 * bAlertable      whether functions that were queued to the thread run meanwhile. Nobody queues any here
 *
 * Returns WAIT_OBJECT_0 (it is signalled), WAIT_ABANDONED (it is a mutex, now the calling thread's, whose last owner ended
 * without giving it back), WAIT_TIMEOUT, or WAIT_FAILED.
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
 * AcquireSRWLockExclusive, AcquireSRWLockShared, TryAcquireSRWLockExclusive, TryAcquireSRWLockShared,
 * ReleaseSRWLockExclusive, ReleaseSRWLockShared: have a lock alone, or share it with others who only read. It does not know
 * its owners: who has it and acquires it again waits for himself, and what is released must have been acquired in that way;
 * neither is checked.
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
/* ---- Events, mutexes, semaphores ---------------------------------------------------------------------- */

#define CREATE_EVENT_MANUAL_RESET 0x00000001
#define CREATE_EVENT_INITIAL_SET 0x00000002
#define CREATE_MUTEX_INITIAL_OWNER 0x00000001

/*
 * CreateEventA, CreateEventW, CreateEventExA, CreateEventExW: an event, which is signalled from SetEvent on.
 *
 * lpEventAttributes  NULL, or whose bInheritHandle says whether programs that exec starts have the handle
 * bManualReset       TRUE: until ResetEvent; FALSE: until one wait has taken it
 * bInitialState      TRUE: it is signalled
 * lpName             NULL or "": it has none. Else processes of one user find the same event by it: up to 260 characters,
 *                    Local\ or Global\ before it, no other backslash; case matters. If there is one of this name the handle
 *                    is to that one, as it is
 * dwFlags            CREATE_EVENT_MANUAL_RESET, CREATE_EVENT_INITIAL_SET
 * dwDesiredAccess    rights of the handle: SYNCHRONIZE, EVENT_MODIFY_STATE, EVENT_ALL_ACCESS, generic ones
 *
 * Returns the handle, for CloseHandle; NULL on failure. Success sets the last error: to ERROR_ALREADY_EXISTS if there was
 * an event of this name, else to 0.
 * Errors        ERROR_INVALID_HANDLE      the name is that of another kind of object
 *               ERROR_PATH_NOT_FOUND, ERROR_FILENAME_EXCED_RANGE
 *                                         a prefix that there is not; too long a name
 *               ERROR_INVALID_PARAMETER   a flag that means nothing
 *               ERROR_NOACCESS            a pointer cannot be read
 *               ERROR_ACCESS_DENIED       no directory of names is this user's alone (support.md)
 *               ERROR_COMMITMENT_LIMIT, ERROR_TOO_MANY_OPEN_FILES, ERROR_NOT_ENOUGH_MEMORY, ERROR_NO_SYSTEM_RESOURCES
 *                                         no room for names; no descriptor, no memory; four million of them are there
 * On Linux      the last handle of any process takes the name along, however the processes end. A name takes two
 *               descriptors; all events without one share a few. Security descriptors have no effect
 * Source        learn.microsoft.com, synchapi.h
 */
WINBASEAPI HANDLE WINAPI CreateEventA(LPSECURITY_ATTRIBUTES lpEventAttributes, BOOL bManualReset,
                                      BOOL bInitialState, LPCSTR lpName);
WINBASEAPI HANDLE WINAPI CreateEventW(LPSECURITY_ATTRIBUTES lpEventAttributes, BOOL bManualReset,
                                      BOOL bInitialState, LPCWSTR lpName) WINMEM_WIDE_SYMBOL("CreateEventW");
WINBASEAPI HANDLE WINAPI CreateEventExA(LPSECURITY_ATTRIBUTES lpEventAttributes, LPCSTR lpName, DWORD dwFlags,
                                        DWORD dwDesiredAccess);
WINBASEAPI HANDLE WINAPI CreateEventExW(LPSECURITY_ATTRIBUTES lpEventAttributes, LPCWSTR lpName,
                                        DWORD dwFlags, DWORD dwDesiredAccess)
    WINMEM_WIDE_SYMBOL("CreateEventExW");

/*
 * OpenEventA, OpenEventW: a handle to the event of this name.
 *
 * dwDesiredAccess  rights of the handle, as for CreateEventEx
 * bInheritHandle   whether programs that exec starts have it
 * lpName           as for CreateEvent
 *
 * Returns the handle, or NULL.
 * Errors        ERROR_FILE_NOT_FOUND      nobody has such an event
 *               ERROR_INVALID_PARAMETER   the name is NULL or empty
 *               otherwise those of CreateEvent
 * On Linux      as for CreateEvent
 * Source        learn.microsoft.com, synchapi.h
 */
WINBASEAPI HANDLE WINAPI OpenEventA(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCSTR lpName);
WINBASEAPI HANDLE WINAPI OpenEventW(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCWSTR lpName)
    WINMEM_WIDE_SYMBOL("OpenEventW");

/*
 * SetEvent, ResetEvent: the event is signalled from now on, or no longer.
 *
 * hEvent        a handle with EVENT_MODIFY_STATE
 *
 * Returns TRUE, also if it was so before.
 * Errors        ERROR_INVALID_HANDLE      no handle of an event
 *               ERROR_ACCESS_DENIED       it lacks EVENT_MODIFY_STATE
 * On Linux      SetEvent may be called from a signal handler, but not from one that interrupts a call by which the same
 *               thread makes, opens or closes a handle: ERROR_POSSIBLE_DEADLOCK
 * Source        learn.microsoft.com, synchapi.h
 */
WINBASEAPI BOOL WINAPI SetEvent(HANDLE hEvent);
WINBASEAPI BOOL WINAPI ResetEvent(HANDLE hEvent);

/*
 * CreateMutexA, CreateMutexW, CreateMutexExA, CreateMutexExW: a mutex, which one thread has at a time. Whoever waits for it
 * takes it, as often as he likes, and gives it back as often.
 *
 * lpMutexAttributes, lpName, dwDesiredAccess
 *                    as for CreateEvent; rights: SYNCHRONIZE, MUTEX_ALL_ACCESS, generic ones
 * bInitialOwner      TRUE: if it is new, the calling thread has it
 * dwFlags            CREATE_MUTEX_INITIAL_OWNER
 *
 * Returns as CreateEvent.
 * Errors        those of CreateEvent
 * On Linux      as for CreateEvent. If the thread that has it ends, the next wait tells (WAIT_ABANDONED): for a thread of
 *               this process at once, for one of a process that was killed within 100 ms. Processes of different pid
 *               namespaces must not share one
 * Source        learn.microsoft.com, synchapi.h
 */
WINBASEAPI HANDLE WINAPI CreateMutexA(LPSECURITY_ATTRIBUTES lpMutexAttributes, BOOL bInitialOwner,
                                      LPCSTR lpName);
WINBASEAPI HANDLE WINAPI CreateMutexW(LPSECURITY_ATTRIBUTES lpMutexAttributes, BOOL bInitialOwner,
                                      LPCWSTR lpName) WINMEM_WIDE_SYMBOL("CreateMutexW");
WINBASEAPI HANDLE WINAPI CreateMutexExA(LPSECURITY_ATTRIBUTES lpMutexAttributes, LPCSTR lpName, DWORD dwFlags,
                                        DWORD dwDesiredAccess);
WINBASEAPI HANDLE WINAPI CreateMutexExW(LPSECURITY_ATTRIBUTES lpMutexAttributes, LPCWSTR lpName,
                                        DWORD dwFlags, DWORD dwDesiredAccess)
    WINMEM_WIDE_SYMBOL("CreateMutexExW");

/*
 * OpenMutexW: a handle to the mutex of this name.
 *
 * dwDesiredAccess, bInheritHandle, lpName
 *               as for OpenEvent
 *
 * Returns the handle, or NULL.
 * Errors        those of OpenEvent
 * On Linux      as for CreateMutex
 * Source        learn.microsoft.com, synchapi.h
 */
WINBASEAPI HANDLE WINAPI OpenMutexW(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCWSTR lpName)
    WINMEM_WIDE_SYMBOL("OpenMutexW");

/*
 * ReleaseMutex: gives it back once.
 *
 * hMutex        a handle with any rights
 *
 * Returns TRUE.
 * Errors        ERROR_INVALID_HANDLE      no handle of a mutex
 *               ERROR_NOT_OWNER           the calling thread does not have it
 * On Linux      nothing is different
 * Source        learn.microsoft.com, synchapi.h
 */
WINBASEAPI BOOL WINAPI ReleaseMutex(HANDLE hMutex);

/*
 * CreateSemaphoreW, CreateSemaphoreExW: a semaphore, which is signalled while its count is not 0. Each wait takes one.
 *
 * lpSemaphoreAttributes, lpName, dwDesiredAccess
 *                    as for CreateEvent; rights: SYNCHRONIZE, SEMAPHORE_MODIFY_STATE, SEMAPHORE_ALL_ACCESS, generic ones
 * lInitialCount      0 to lMaximumCount
 * lMaximumCount      at least 1
 * dwFlags            0
 *
 * Returns as CreateEvent.
 * Errors        ERROR_INVALID_PARAMETER   counts that there cannot be; dwFlags is not 0
 *               otherwise those of CreateEvent
 * On Linux      as for CreateEvent
 * Source        learn.microsoft.com, synchapi.h
 */
WINBASEAPI HANDLE WINAPI CreateSemaphoreW(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes, LONG lInitialCount,
                                          LONG lMaximumCount, LPCWSTR lpName)
    WINMEM_WIDE_SYMBOL("CreateSemaphoreW");
WINBASEAPI HANDLE WINAPI CreateSemaphoreExW(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes, LONG lInitialCount,
                                            LONG lMaximumCount, LPCWSTR lpName, DWORD dwFlags,
                                            DWORD dwDesiredAccess) WINMEM_WIDE_SYMBOL("CreateSemaphoreExW");

/*
 * OpenSemaphoreW: a handle to the semaphore of this name.
 *
 * dwDesiredAccess, bInheritHandle, lpName
 *               as for OpenEvent
 *
 * Returns the handle, or NULL.
 * Errors        those of OpenEvent
 * On Linux      as for CreateEvent
 * Source        learn.microsoft.com, synchapi.h
 */
WINBASEAPI HANDLE WINAPI OpenSemaphoreW(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCWSTR lpName)
    WINMEM_WIDE_SYMBOL("OpenSemaphoreW");

/*
 * ReleaseSemaphore: adds to the count.
 *
 * hSemaphore       a handle with SEMAPHORE_MODIFY_STATE
 * lReleaseCount    at least 1
 * lpPreviousCount  NULL, or where the count before is stored
 *
 * Returns TRUE. On failure the count stays as it was.
 * Errors        ERROR_TOO_MANY_POSTS      the count would exceed its maximum
 *               ERROR_INVALID_PARAMETER   lReleaseCount is less than 1
 *               ERROR_INVALID_HANDLE      no handle of a semaphore
 *               ERROR_ACCESS_DENIED       it lacks SEMAPHORE_MODIFY_STATE
 *               ERROR_NOACCESS            lpPreviousCount cannot be written
 * On Linux      nothing is different
 * Source        learn.microsoft.com, synchapi.h
 */
WINBASEAPI BOOL WINAPI ReleaseSemaphore(HANDLE hSemaphore, LONG lReleaseCount, LPLONG lpPreviousCount);

/* ---- Several objects ---------------------------------------------------------------------------------- */

/*
 * WaitForMultipleObjects, WaitForMultipleObjectsEx: wait until one of several objects is signalled, or all of them are at
 * once, or for so long.
 *
 * nCount          1 to MAXIMUM_WAIT_OBJECTS (64)
 * lpHandles       handles as for WaitForSingleObject, of any types
 * bWaitAll        FALSE: until one is, the first of those that are; only that one is taken. TRUE: until all are; all are
 *                 taken in one step, or none
 * dwMilliseconds  as for WaitForSingleObject
 * bAlertable      has no effect: nobody queues functions to a thread here
 *
 * Returns WAIT_OBJECT_0 and the index of the one, with bWaitAll WAIT_OBJECT_0; WAIT_ABANDONED_0 instead, if that, or one of
 * all, was a mutex whose owner has ended; WAIT_TIMEOUT; WAIT_FAILED.
 * Errors        ERROR_INVALID_PARAMETER   nCount; with bWaitAll, two handles of one object
 *               ERROR_INVALID_HANDLE, ERROR_ACCESS_DENIED
 *                                         for one of them, as for WaitForSingleObject
 *               ERROR_NOACCESS            the array cannot be read
 * On Linux      processes among other objects: what becomes signalled is noticed within 6 ms, not at once; so it is before
 *               Linux 5.16 for several of any kind. With bWaitAll a PulseEvent is not noticed
 * Source        learn.microsoft.com, synchapi.h
 */
WINBASEAPI DWORD WINAPI WaitForMultipleObjects(DWORD nCount, const HANDLE *lpHandles, BOOL bWaitAll,
                                               DWORD dwMilliseconds);
WINBASEAPI DWORD WINAPI WaitForMultipleObjectsEx(DWORD nCount, const HANDLE *lpHandles, BOOL bWaitAll,
                                                 DWORD dwMilliseconds, BOOL bAlertable);

/*
 * Sleep, SleepEx: nothing for so long.
 *
 * dwMilliseconds  0: lets another thread run; INFINITE: for ever
 * bAlertable      whether functions that were queued to the thread run meanwhile. Nobody queues any here
 *
 * The second returns 0.
 * On Linux        signal handlers run meanwhile and do not end it
 * Source          learn.microsoft.com, synchapi.h
 */
WINBASEAPI VOID WINAPI Sleep(DWORD dwMilliseconds);
WINBASEAPI DWORD WINAPI SleepEx(DWORD dwMilliseconds, BOOL bAlertable);

WINMEM_C_END

#ifdef UNICODE
#define CreateEvent CreateEventW
#define CreateEventEx CreateEventExW
#define CreateMutex CreateMutexW
#define CreateMutexEx CreateMutexExW
#define CreateSemaphore CreateSemaphoreW
#define CreateSemaphoreEx CreateSemaphoreExW
#define OpenEvent OpenEventW
#define OpenMutex OpenMutexW
#define OpenSemaphore OpenSemaphoreW
#else
#define CreateEvent CreateEventA
#define CreateEventEx CreateEventExA
#define CreateMutex CreateMutexA
#define CreateMutexEx CreateMutexExA
#define CreateSemaphore CreateSemaphoreA
#define CreateSemaphoreEx CreateSemaphoreExA
#define OpenEvent OpenEventA
#define OpenMutex OpenMutexA
#define OpenSemaphore OpenSemaphoreA
#endif

#endif /* WINMEM_SYNCHAPI_H */
