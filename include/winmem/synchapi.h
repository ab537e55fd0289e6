/*
 * synchapi.h: waiting for what handles stand for.
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

WINMEM_C_END

#endif /* WINMEM_SYNCHAPI_H */
