/*
 * resourcenotification.c: memory resource notifications: handles that tell whether memory is short, or
 * plenty.
 *
 * There is no object behind one but the question itself: the handle says which of the two it asks, and the
 * answer is worked out when somebody wants it (D9.9d). Memory is not both, and mostly neither. Like other
 * handles it can be duplicated, waited for and closed (D9.9e). Windows wants a pointer and says 87 where none
 * is, a handle of another kind is 6, one without the right 5 (O278, L104).
 */
#include "api/edge.h"
#include "vm/ops.h"

/* The right of an event's handle to be asked for its state, by its Windows value. */
#define QUERY_STATE 0x0001

static wm_status create(MEMORY_RESOURCE_NOTIFICATION_TYPE type, uintptr_t *handle)
{
    switch ((int)type) {
    case LowMemoryResourceNotification:
        return wm_op_create_notification(WM_MEMORY_LOW, SYNCHRONIZE | QUERY_STATE, handle);
    case HighMemoryResourceNotification:
        return wm_op_create_notification(WM_MEMORY_HIGH, SYNCHRONIZE | QUERY_STATE, handle);
    default: return WM_NOTIFICATION_TYPE;
    }
}

HANDLE WINAPI CreateMemoryResourceNotification(MEMORY_RESOURCE_NOTIFICATION_TYPE NotificationType)
{
    uintptr_t handle = 0;
    wm_status st = create(NotificationType, &handle);

    WM_TRACE(st, WM_RETURNS(WM_HEX(handle)), WM_DECIMAL(NotificationType));
    return wm_edge_ptr(st, handle);
}

static wm_status query(HANDLE notification, PBOOL state)
{
    bool signalled;
    wm_status st = notification == NULL ? WM_NOTIFICATION_NULL : WM_OK;
    int value;

    if (wm_ok(st))
        st = wm_op_query_notification((uintptr_t)notification, QUERY_STATE, &signalled);
    if (!wm_ok(st))
        return st;
    value = signalled;
    return wm_edge_tell(state, &value, sizeof value);
}

BOOL WINAPI QueryMemoryResourceNotification(HANDLE ResourceNotificationHandle, PBOOL ResourceState)
{
    wm_status st = query(ResourceNotificationHandle, ResourceState);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(ResourceNotificationHandle), WM_HEX(ResourceState));
    return wm_edge_bool(st);
}
