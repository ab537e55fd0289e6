/* notification.c: is memory short, or plenty? */
#include "vm/book/home.h"
#include "vm/ops.h"
#include "vm/sections/section.h"

/* Windows' defaults: short below 32 MiB for each 4 GiB, at most 64 MiB; plenty above three times that. */
enum { SHARE = 128, PLENTY = 3 };
#define SHORT_MAX ((uint64_t)64 << 20)

wm_status wm_op_create_notification(enum wm_notification kind, uint32_t rights, uintptr_t *handle)
{
    wm_status st = wm_home_enter_objects();
    uintptr_t opened;

    if (!wm_ok(st))
        return st;
    opened = wm_handle_open(&wm_home.objects, WM_HANDLE_NOTIFICATION, kind, rights);
    wm_home_leave_objects();
    if (opened == 0)
        return WM_BOOK_MEMORY;
    *handle = opened;
    return WM_OK;
}

bool wm_notification_holds(enum wm_notification kind, uint64_t total, uint64_t available)
{
    uint64_t low = total / SHARE < SHORT_MAX ? total / SHARE : SHORT_MAX;

    return kind == WM_MEMORY_LOW ? available < low : available > PLENTY * low;
}

wm_status wm_op_query_notification(uintptr_t handle, uint32_t rights, bool *signalled)
{
    struct wm_memory memory;
    struct wm_handle_entry entry;
    wm_status st = wm_handle_check(handle, WM_HANDLE_NOTIFICATION, rights, &entry);

    if (wm_ok(st))
        st = wm_op_memory_physical(&memory);
    if (!wm_ok(st))
        return st;
    *signalled = wm_notification_holds((enum wm_notification)entry.object, memory.total, memory.available);
    return WM_OK;
}
