/*
 * fibersapi.h: fibers: stacks that a thread changes between by itself; and slots whose values somebody is called for.
 *
 * A thread becomes a fiber (ConvertThreadToFiber) to be able to leave its stack and to come back; others are made
 * (CreateFiber). Each is a place where execution was left; it goes on when somebody switches to it, on any thread.
 */
#ifndef WINMEM_FIBERSAPI_H
#define WINMEM_FIBERSAPI_H

#include "minwinbase.h"

WINMEM_C_BEGIN

typedef VOID(WINAPI *PFIBER_START_ROUTINE)(LPVOID lpFiberParameter);
typedef PFIBER_START_ROUTINE LPFIBER_START_ROUTINE;

#define FIBER_FLAG_FLOAT_SWITCH 0x1

/*
 * ConvertThreadToFiber, ConvertThreadToFiberEx: makes the calling thread a fiber, so that it may leave its stack.
 *
 * lpParameter   what GetFiberData gives on it
 * dwFlags       0 or FIBER_FLAG_FLOAT_SWITCH
 *
 * Returns the fiber, or NULL.
 * Errors        ERROR_ALREADY_FIBER       it is one
 *               ERROR_INVALID_PARAMETER   unknown flag
 *               ERROR_NOT_ENOUGH_MEMORY   no memory for the thread's record
 * On Linux      the modes of the floating-point units change with the stack with and without the flag
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI LPVOID WINAPI ConvertThreadToFiber(LPVOID lpParameter);
WINBASEAPI LPVOID WINAPI ConvertThreadToFiberEx(LPVOID lpParameter, DWORD dwFlags);

/*
 * ConvertFiberToThread: the opposite.
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_ALREADY_THREAD      the thread is no fiber
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI ConvertFiberToThread(VOID);

/*
 * IsThreadAFiber: whether the calling thread is a fiber.
 *
 * Returns non-zero if it is, zero if not. Cannot fail.
 * Source        learn.microsoft.com, fibersapi.h
 */
WINBASEAPI BOOL WINAPI IsThreadAFiber(VOID);

/*
 * CreateFiber, CreateFiberEx: a fiber with a stack of its own, on which lpStartAddress(lpParameter) begins when somebody
 * switches to it first.
 *
 * dwStackSize, dwStackCommitSize
 *               bytes that are committed at once; they have no effect but that the stack is at least so large
 * dwStackReserveSize
 *               bytes of the stack, rounded up to 64 KiB; 0: 1 MiB
 * dwFlags       0 or FIBER_FLAG_FLOAT_SWITCH
 * lpStartAddress, lpParameter
 *               when the function returns, the thread that is on the fiber ends (ExitThread)
 *
 * Returns the fiber, or NULL.
 * Errors        ERROR_INVALID_PARAMETER   unknown flag
 *               ERROR_NOT_ENOUGH_MEMORY   no memory, or no addresses, for the stack
 * On Linux      the stack is committed whole but for its lowest page, which is the end: Linux gives memory when a page is
 *               touched. Running over it is EXCEPTION_ACCESS_VIOLATION, and EXCEPTION_STACK_OVERFLOW where the stack
 *               pointer shows it
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI LPVOID WINAPI CreateFiber(SIZE_T dwStackSize, LPFIBER_START_ROUTINE lpStartAddress,
                                     LPVOID lpParameter);
WINBASEAPI LPVOID WINAPI CreateFiberEx(SIZE_T dwStackCommitSize, SIZE_T dwStackReserveSize, DWORD dwFlags,
                                       LPFIBER_START_ROUTINE lpStartAddress, LPVOID lpParameter);

/*
 * SwitchToFiber: leaves the calling fiber where it is and goes on where lpFiber was left, on this thread.
 *
 * lpFiber       a fiber that no thread is on
 *
 * On Linux      where the calling thread is no fiber nothing is done and the last error is ERROR_ALREADY_THREAD. What
 *               a thread has of libc (errno, pthread_self, thread-local variables) is the thread's, not the fiber's, as on
 *               Windows; so compiled code that keeps such an address over a switch to another thread is mistaken
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI VOID WINAPI SwitchToFiber(LPVOID lpFiber);

/*
 * DeleteFiber: gives a fiber back with its stack and calls the functions of its FLS values (FlsAlloc).
 *
 * lpFiber       a fiber that no other thread is on. The calling one: its thread ends
 *
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI VOID WINAPI DeleteFiber(LPVOID lpFiber);

typedef VOID(WINAPI *PFLS_CALLBACK_FUNCTION)(PVOID lpFlsData);

#define FLS_OUT_OF_INDEXES ((DWORD)0xFFFFFFFF)

/*
 * FlsAlloc, FlsFree: an index of a slot that each thread, and each fiber, has for itself; NULL at first.
 *
 * lpCallback    is called with each value that is not NULL, when its thread ends (in that thread), its fiber is deleted or the
 *               index is freed (here); may be NULL
 * dwFlsIndex    what FlsAlloc returned
 *
 * Return the index, FLS_OUT_OF_INDEXES on failure; non-zero on success, zero on failure.
 * Errors        ERROR_NOT_ENOUGH_MEMORY   all 4,079 are in use
 *               ERROR_INVALID_PARAMETER   not in use
 * On Linux      at the end of a thread callbacks run behind the destructors of its C++ objects, among those of pthread_key_create;
 *               values that they set get another call, four times at most. Not for a thread that ends by a bare system call,
 *               nor at the end of the process. FlsFree waits for callbacks that run in other threads
 * Source        learn.microsoft.com, fibersapi.h
 */
WINBASEAPI DWORD WINAPI FlsAlloc(PFLS_CALLBACK_FUNCTION lpCallback);
WINBASEAPI BOOL WINAPI FlsFree(DWORD dwFlsIndex);

/*
 * FlsGetValue, FlsSetValue: what the calling thread, or the fiber that it is on, has in a slot. Whether the index is in use is not looked at.
 *
 * dwFlsIndex    what FlsAlloc returned
 * lpFlsData     anything
 *
 * Return the value, and the last error is ERROR_SUCCESS; or NULL. Non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_PARAMETER   0, or 4,080 or more
 *               ERROR_NOT_ENOUGH_MEMORY   no memory for slots above 63
 * Source        learn.microsoft.com, fibersapi.h
 */
WINBASEAPI PVOID WINAPI FlsGetValue(DWORD dwFlsIndex);
WINBASEAPI BOOL WINAPI FlsSetValue(DWORD dwFlsIndex, PVOID lpFlsData);

WINMEM_C_END

#endif /* WINMEM_FIBERSAPI_H */
