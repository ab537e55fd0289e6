/* signal.c: what is signalled, whatever it is: the first half of SignalObjectAndWait. */
#include "vm/waits/waitable.h"

wm_status wm_op_signal(uintptr_t handle)
{
    struct wm_handle_entry entry;
    uint32_t previous;
    wm_status st = wm_handle_check(handle, WM_HANDLE_NONE, 0, &entry);

    if (!wm_ok(st))
        return st;
    switch (entry.type) {
    case WM_HANDLE_EVENT: return wm_op_set_event(handle);
    case WM_HANDLE_MUTEX: return wm_op_release_mutex(handle);
    case WM_HANDLE_SEMAPHORE: return wm_op_release_semaphore(handle, 1, &previous);
    default: return WM_HANDLE;
    }
}
