/* registeredwaits.h: waits that threads of the library wait for the program, and what is called when they end. */
#ifndef WM_WIN32_REGISTEREDWAITS_H
#define WM_WIN32_REGISTEREDWAITS_H

#include "win32/win32.h"

struct wm_registration {
    uintptr_t object; /* a handle */
    WAITORTIMERCALLBACK callback;
    PVOID context;
    uint64_t nanoseconds; /* UINT64_MAX: for ever */
    bool once;            /* one end, whichever, is all there is to wait for */
    bool here;            /* the callback is called by the thread that waits */
};

/* The handle is none of an object, and cannot be mistaken for one. */
wm_status wm_registered_begin(const struct wm_registration *wanted, uintptr_t *handle);

/*
 * No wait begins any more. completion: an event that is set when no callback is running, 0: none, or UINTPTR_MAX: it is
 * waited for. WM_WAIT_CALLED: a callback is running still.
 */
wm_status wm_registered_end(uintptr_t handle, uintptr_t completion);

#endif
