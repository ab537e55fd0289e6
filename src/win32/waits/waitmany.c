/*
 * waitmany.c: waiting for one of several objects, or for all of them; and signalling one before.
 *
 * Nothing is ever queued to a thread, so an alertable wait is like any other (L438).
 */
#include "vm/ops.h"
#include "vm/waits/waitable.h"
#include "win32/win32.h"

_Static_assert(MAXIMUM_WAIT_OBJECTS == (int)WM_WAITS_MOST, "as many as Windows");

#define MILLISECOND ((uint64_t)1000000)

static uint64_t nanoseconds_of(DWORD milliseconds)
{
    return milliseconds == INFINITE ? UINT64_MAX : milliseconds * MILLISECOND;
}

static DWORD result_of(enum wm_signal signal, uint32_t index)
{
    if (signal == WM_NOT_SIGNALLED)
        return WAIT_TIMEOUT;
    return (signal == WM_SIGNALLED_ABANDONED ? WAIT_ABANDONED_0 : WAIT_OBJECT_0) + index;
}

/* The array may change, or go, while this thread waits. */
static wm_status await_many(DWORD count, const HANDLE *handles, BOOL all, DWORD milliseconds, DWORD *result)
{
    uintptr_t copy[WM_WAITS_MOST];
    struct wm_wait_req req = {
        .handles = copy, .count = count, .all = all, .nanoseconds = nanoseconds_of(milliseconds)};
    enum wm_signal signal = WM_NOT_SIGNALLED;
    wm_status st = count == 0 || count > WM_WAITS_MOST ? WM_WAIT_COUNT : WM_OK;

    if (wm_ok(st))
        st = wm_edge_readable(handles, count * sizeof *handles);
    if (!wm_ok(st))
        return st;
    memcpy(copy, handles, count * sizeof *handles);
    st = wm_op_wait_for(&req, &signal);
    *result = result_of(signal, req.index);
    return st;
}

DWORD WINAPI WaitForMultipleObjects(DWORD nCount, const HANDLE *lpHandles, BOOL bWaitAll,
                                    DWORD dwMilliseconds)
{
    DWORD result = WAIT_FAILED;
    wm_status st = await_many(nCount, lpHandles, bWaitAll, dwMilliseconds, &result);

    WM_TRACE(st, WM_RETURNS(WM_HEX(result)), WM_DECIMAL(nCount), WM_HEX(lpHandles), WM_BOOL(bWaitAll),
             WM_DECIMAL(dwMilliseconds));
    return wm_edge_bool(st) ? result : WAIT_FAILED;
}

DWORD WINAPI WaitForMultipleObjectsEx(DWORD nCount, const HANDLE *lpHandles, BOOL bWaitAll,
                                      DWORD dwMilliseconds, BOOL bAlertable)
{
    DWORD result = WAIT_FAILED;
    wm_status st = await_many(nCount, lpHandles, bWaitAll, dwMilliseconds, &result);

    WM_TRACE(st, WM_RETURNS(WM_HEX(result)), WM_DECIMAL(nCount), WM_HEX(lpHandles), WM_BOOL(bWaitAll),
             WM_DECIMAL(dwMilliseconds), WM_BOOL(bAlertable));
    return wm_edge_bool(st) ? result : WAIT_FAILED;
}

/* What cannot be waited for is no reason to signal anything. */
static wm_status signal_and_await(HANDLE to_signal, HANDLE to_wait_on, DWORD milliseconds, DWORD *result)
{
    uintptr_t handle = (uintptr_t)to_wait_on;
    struct wm_wait_req req = {.handles = &handle, .count = 1, .nanoseconds = nanoseconds_of(milliseconds)};
    enum wm_signal signal = WM_NOT_SIGNALLED;
    wm_status st = wm_op_may_wait(handle);

    if (wm_ok(st))
        st = wm_op_signal((uintptr_t)to_signal);
    if (wm_ok(st))
        st = wm_op_wait_for(&req, &signal);
    *result = result_of(signal, 0);
    return st;
}

DWORD WINAPI SignalObjectAndWait(HANDLE hObjectToSignal, HANDLE hObjectToWaitOn, DWORD dwMilliseconds,
                                 BOOL bAlertable)
{
    DWORD result = WAIT_FAILED;
    wm_status st = signal_and_await(hObjectToSignal, hObjectToWaitOn, dwMilliseconds, &result);

    WM_TRACE(st, WM_RETURNS(WM_HEX(result)), WM_HEX(hObjectToSignal), WM_HEX(hObjectToWaitOn),
             WM_DECIMAL(dwMilliseconds), WM_BOOL(bAlertable));
    return wm_edge_bool(st) ? result : WAIT_FAILED;
}
