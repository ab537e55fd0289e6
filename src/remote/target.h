/*
 * target.h: an operation where it is wanted, in the calling process or in another one.
 *
 * Two functions for each row of vm/operations.def: wm_on_<name> takes a handle, which must have the rights of the row, and
 * wm_in_<name> a process that is pinned already. Whether that is the calling one is decided in wm_in alone. The handle
 * that needs no look-up is known at sight, so memory of one's own does not pay for that of others.
 *
 * Results are written on success only. The status is the operation's, or says why it could not be carried there.
 */
#ifndef WM_REMOTE_TARGET_H
#define WM_REMOTE_TARGET_H

#include "vm/operations.h"
#include "vm/processes/process.h"

/* The rights of its row. */
uint32_t wm_call_rights(enum wm_call call);

static inline wm_status wm_run_here(enum wm_call call, void *request)
{
    switch (call) {
#define OPERATION(NAME, name, ...)                                                                           \
    case WM_CALL_##NAME:                                                                                     \
        return wm_op_##name(request);
#include "vm/operations.def"
#undef OPERATION
    default: return WM_KERNEL;
    }
}

wm_status wm_run_there(struct wm_process *other, enum wm_call call, void *request);

/* The request is of the type that goes with the call. */
static inline wm_status wm_in(const struct wm_target *target, enum wm_call call, void *request)
{
    return wm_target_is_self(target) ? wm_run_here(call, request)
                                     : wm_run_there(target->other, call, request);
}

wm_status wm_on(uintptr_t process, enum wm_call call, void *request);

#define OPERATION(NAME, name, type, ...)                                                                     \
    static inline wm_status wm_in_##name(const struct wm_target *target, struct type *request)               \
    {                                                                                                        \
        return wm_in(target, WM_CALL_##NAME, request);                                                       \
    }                                                                                                        \
                                                                                                             \
    static inline wm_status wm_on_##name(uintptr_t process, struct type *request)                            \
    {                                                                                                        \
        return process == WM_THIS_PROCESS ? wm_op_##name(request) : wm_on(process, WM_CALL_##NAME, request); \
    }
#include "vm/operations.def"
#undef OPERATION

#endif
