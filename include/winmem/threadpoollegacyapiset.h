/*
 * threadpoollegacyapiset.h: the end of a registered wait.
 */
#ifndef WINMEM_THREADPOOLLEGACYAPISET_H
#define WINMEM_THREADPOOLLEGACYAPISET_H

#include "minwinbase.h"

WINMEM_C_BEGIN

/*
 * UnregisterWaitEx: UnregisterWait (winbase.h), and what is to be done about a callback that is running.
 *
 * WaitHandle       of RegisterWaitForSingleObject
 * CompletionEvent  NULL: nothing; INVALID_HANDLE_VALUE: it is waited for; else an event, which is set when it has returned
 *
 * Returns TRUE; FALSE with ERROR_IO_PENDING if a callback is running still: that is no failure.
 * Errors        ERROR_INVALID_HANDLE      no registered wait, or one that was unregistered; no event
 * On Linux      a callback that ends its own registration does not wait for itself: ERROR_IO_PENDING
 * Source        learn.microsoft.com, threadpoollegacyapiset.h
 */
WINBASEAPI BOOL WINAPI UnregisterWaitEx(HANDLE WaitHandle, HANDLE CompletionEvent);

WINMEM_C_END

#endif /* WINMEM_THREADPOOLLEGACYAPISET_H */
