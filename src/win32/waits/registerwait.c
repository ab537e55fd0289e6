/*
 * registerwait.c: RegisterWaitForSingleObject, UnregisterWait, UnregisterWaitEx.
 *
 * Flags that say on which of Windows's threads a callback is to run have no effect, but for WT_EXECUTEINWAITTHREAD.
 */
#include "win32/waits/registeredwaits.h"

#define FLAGS                                                                                                \
    (WT_EXECUTEINIOTHREAD | WT_EXECUTEINUITHREAD | WT_EXECUTEINWAITTHREAD | WT_EXECUTEONLYONCE |             \
     WT_EXECUTEINTIMERTHREAD | WT_EXECUTELONGFUNCTION | WT_EXECUTEINPERSISTENTTHREAD |                       \
     WT_TRANSFER_IMPERSONATION)

#define MILLISECOND ((uint64_t)1000000)

static wm_status begin(const struct wm_registration *wanted, ULONG flags, PHANDLE result)
{
    uintptr_t handle = 0;
    wm_status st = flags & ~(ULONG)(FLAGS | 0xffff0000u) ? WM_WAIT_FLAGS : WM_OK;

    if (wm_ok(st))
        st = wm_edge_writable(result, sizeof *result);
    if (wm_ok(st))
        st = wanted->callback == NULL ? WM_WAIT_FLAGS : wm_registered_begin(wanted, &handle);
    if (wm_ok(st))
        *result = (HANDLE)handle;
    return st;
}

BOOL WINAPI RegisterWaitForSingleObject(PHANDLE phNewWaitObject, HANDLE hObject, WAITORTIMERCALLBACK Callback,
                                        PVOID Context, ULONG dwMilliseconds, ULONG dwFlags)
{
    const struct wm_registration wanted = {
        .object = (uintptr_t)hObject,
        .callback = Callback,
        .context = Context,
        .nanoseconds = dwMilliseconds == INFINITE ? UINT64_MAX : dwMilliseconds * MILLISECOND,
        .once = (dwFlags & WT_EXECUTEONLYONCE) != 0,
        .here = (dwFlags & WT_EXECUTEINWAITTHREAD) != 0,
    };
    wm_status st = begin(&wanted, dwFlags, phNewWaitObject);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(phNewWaitObject), WM_HEX(hObject), WM_HEX((uintptr_t)Callback),
             WM_HEX(Context), WM_DECIMAL(dwMilliseconds), WM_HEX(dwFlags));
    return wm_edge_bool(st);
}

BOOL WINAPI UnregisterWait(HANDLE WaitHandle)
{
    wm_status st = wm_registered_end((uintptr_t)WaitHandle, 0);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(WaitHandle));
    return wm_edge_bool(st);
}

BOOL WINAPI UnregisterWaitEx(HANDLE WaitHandle, HANDLE CompletionEvent)
{
    wm_status st = wm_registered_end((uintptr_t)WaitHandle, (uintptr_t)CompletionEvent);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(WaitHandle), WM_HEX(CompletionEvent));
    return wm_edge_bool(st);
}
