/* newwaitable.h: making and opening events, mutexes and semaphores. */
#ifndef WM_WIN32_NEWWAITABLE_H
#define WM_WIN32_NEWWAITABLE_H

#include "api/objectname.h"
#include "vm/waits/waitable.h"
#include "win32/win32.h"

struct wm_new_waitable {
    const SECURITY_ATTRIBUTES *security;
    struct wm_given_name name;
    unsigned type;
    DWORD access;
    struct wm_cell_start start;
};

static inline struct wm_given_name wm_given(const void *chars, size_t unit)
{
    return (struct wm_given_name){chars, WM_NAME_TERMINATED, (uint8_t)unit, false};
}

/* WM_NAME_EXISTS is a success. */
wm_status wm_new_waitable(const struct wm_new_waitable *wanted, uintptr_t *handle);

wm_status wm_open_waitable(unsigned type, DWORD access, BOOL inherit, const struct wm_given_name *name,
                           uintptr_t *handle);

#endif
