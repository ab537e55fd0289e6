/*
 * waiting.c: WaitForSingleObject: waiting until the object of a handle is signalled.
 *
 * Which objects can be waited for, and how, is told in vm/waits/wait.c: a process is signalled once all of its threads have
 * ended, a memory resource notification while what it is about lasts. A section cannot be waited for (L153). Waiting for a process takes nothing away from its parent, who may still call waitpid. Signal
 * handlers run meanwhile and do not end the wait (L73).
 */
#include "api/edge.h"
#include "vm/ops.h"

#define MILLISECOND ((uint64_t)1000000)

static uint64_t nanoseconds_of(DWORD milliseconds)
{
    return milliseconds == INFINITE ? UINT64_MAX : milliseconds * MILLISECOND;
}

static wm_status await(HANDLE handle, DWORD milliseconds, DWORD *result)
{
    static const DWORD results[] = {WAIT_TIMEOUT, WAIT_OBJECT_0, WAIT_ABANDONED};
    enum wm_signal signal = WM_NOT_SIGNALLED;
    wm_status st =
        handle == NULL ? WM_HANDLE : wm_op_wait((uintptr_t)handle, nanoseconds_of(milliseconds), &signal);

    *result = results[signal];
    return st;
}

DWORD WINAPI WaitForSingleObject(HANDLE hHandle, DWORD dwMilliseconds)
{
    DWORD result;
    wm_status st = await(hHandle, dwMilliseconds, &result);

    WM_TRACE(st, WM_RETURNS(WM_DECIMAL(result)), WM_HEX(hHandle), WM_DECIMAL(dwMilliseconds));
    return wm_edge_bool(st) ? result : WAIT_FAILED;
}

/* Nothing is ever queued to a thread, so an alertable wait is like any other. */
DWORD WINAPI WaitForSingleObjectEx(HANDLE hHandle, DWORD dwMilliseconds, BOOL bAlertable)
{
    DWORD result;
    wm_status st = await(hHandle, dwMilliseconds, &result);

    WM_TRACE(st, WM_RETURNS(WM_DECIMAL(result)), WM_HEX(hHandle), WM_DECIMAL(dwMilliseconds),
             WM_BOOL(bAlertable));
    return wm_edge_bool(st) ? result : WAIT_FAILED;
}
