/* event.c: events: set until they are reset, or until one wait has taken them. */
#include "vm/waits/waitable.h"

enum { QUERY_STATE = 1, MODIFY_STATE = 2 };

static wm_status change(uintptr_t handle, wm_cell_once *once)
{
    struct wm_cell_step step = {0};

    return wm_waitable_change(handle, WM_HANDLE_EVENT, MODIFY_STATE, once, &step);
}

wm_status wm_op_set_event(uintptr_t handle)
{
    return change(handle, wm_event_set);
}

wm_status wm_op_reset_event(uintptr_t handle)
{
    return change(handle, wm_event_reset);
}

wm_status wm_op_pulse_event(uintptr_t handle)
{
    return change(handle, wm_event_pulse);
}

WM_WAITABLE_ROW(WM_HANDLE_EVENT)

const struct wm_object_type wm_type_event = {
    .rights = {.read = WM_RIGHT_READ_CONTROL | QUERY_STATE,
               .write = WM_RIGHT_READ_CONTROL | MODIFY_STATE,
               .execute = WM_RIGHT_READ_CONTROL | WM_RIGHT_SYNCHRONIZE,
               .all = WM_RIGHTS_REQUIRED | WM_RIGHT_SYNCHRONIZE | QUERY_STATE | MODIFY_STATE},
    .share = 32,
    WM_WAITABLE_MEMBERS,
};
