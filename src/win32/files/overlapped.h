/*
 * overlapped.h: what a transfer with OVERLAPPED leaves there.
 *
 * hEvent is reset when a transfer begins and set when it has succeeded, which is before its function returns; one that fails
 * at once is told by its function alone, and leaves the event reset, as on Windows. Internal is stored last: whoever looks
 * there for the end of the transfer finds the rest.
 */
#ifndef WM_WIN32_OVERLAPPED_H
#define WM_WIN32_OVERLAPPED_H

#include "vm/waits/waitable.h"
#include "win32/win32.h"

/* WM_HANDLE: hEvent is no event. */
static inline wm_status wm_overlapped_begin(const OVERLAPPED *overlapped)
{
    if (overlapped == NULL || overlapped->hEvent == NULL)
        return WM_OK;
    return wm_op_reset_event((uintptr_t)overlapped->hEvent);
}

static inline void wm_overlapped_end(OVERLAPPED *overlapped, wm_status st, DWORD bytes)
{
    HANDLE event;

    if (overlapped == NULL)
        return;
    event = overlapped->hEvent; /* who waits for Internal may give the structure back at once */
    overlapped->InternalHigh = bytes;
    __atomic_store_n(&overlapped->Internal, (ULONG_PTR)wm_status_nt(st), __ATOMIC_RELEASE);
    if (wm_ok(st) && event != NULL)
        wm_op_set_event((uintptr_t)event);
}

#endif
