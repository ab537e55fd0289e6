/*
 * fibersapi.h: slots of threads whose values somebody is called for. There are no fibers: a thread is its only one.
 */
#ifndef WINMEM_FIBERSAPI_H
#define WINMEM_FIBERSAPI_H

#include "minwinbase.h"

WINMEM_C_BEGIN

typedef VOID(WINAPI *PFLS_CALLBACK_FUNCTION)(PVOID lpFlsData);

#define FLS_OUT_OF_INDEXES ((DWORD)0xFFFFFFFF)

/*
 * FlsAlloc, FlsFree: an index of a slot that each thread has for itself; NULL at first.
 *
 * lpCallback    is called with each value that is not NULL, when its thread ends (in that thread) or the index is freed
 *               (here); may be NULL
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
 * FlsGetValue, FlsSetValue: what the calling thread has in a slot. Whether the index is in use is not looked at.
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

/*
 * IsThreadAFiber: FALSE, since there are none.
 *
 * Cannot fail.
 * Source        learn.microsoft.com, fibersapi.h
 */
WINBASEAPI BOOL WINAPI IsThreadAFiber(VOID);

WINMEM_C_END

#endif /* WINMEM_FIBERSAPI_H */
