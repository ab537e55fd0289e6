/* mutex.c: mutexes: one thread has it at a time, as often as it likes. Giving it back needs no right of the handle. */
#include "vm/waits/waitable.h"

enum { QUERY_STATE = 1 };

wm_status wm_op_release_mutex(uintptr_t handle)
{
    struct wm_cell_step step = {0};

    return wm_waitable_change(handle, WM_HANDLE_MUTEX, 0, wm_mutex_leave, &step);
}

WM_WAITABLE_ROW(WM_HANDLE_MUTEX)

const struct wm_object_type wm_type_mutex = {
    .rights = {.read = WM_RIGHT_READ_CONTROL | QUERY_STATE,
               .write = WM_RIGHT_READ_CONTROL,
               .execute = WM_RIGHT_READ_CONTROL | WM_RIGHT_SYNCHRONIZE,
               .all = WM_RIGHTS_REQUIRED | WM_RIGHT_SYNCHRONIZE | QUERY_STATE},
    .share = 16,
    WM_WAITABLE_MEMBERS,
};
