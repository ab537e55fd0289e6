/* semaphore.c: semaphores: a count that each wait takes one of. */
#include "vm/waits/waitable.h"

enum { QUERY_STATE = 1, MODIFY_STATE = 2 };

wm_status wm_op_release_semaphore(uintptr_t handle, uint32_t count, uint32_t *previous)
{
    struct wm_cell_step step = {.count = count};
    wm_status st = wm_waitable_change(handle, WM_HANDLE_SEMAPHORE, MODIFY_STATE, wm_semaphore_post, &step);

    if (wm_ok(st))
        *previous = step.previous;
    return st;
}

WM_WAITABLE_ROW(WM_HANDLE_SEMAPHORE)

const struct wm_object_type wm_type_semaphore = {
    .rights = {.read = WM_RIGHT_READ_CONTROL | QUERY_STATE,
               .write = WM_RIGHT_READ_CONTROL | MODIFY_STATE,
               .execute = WM_RIGHT_READ_CONTROL | WM_RIGHT_SYNCHRONIZE,
               .all = WM_RIGHTS_REQUIRED | WM_RIGHT_SYNCHRONIZE | QUERY_STATE | MODIFY_STATE},
    .share = 16,
    WM_WAITABLE_MEMBERS,
};
