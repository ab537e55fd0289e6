/*
 * target.c: an operation in whichever process, from the rows of vm/operations.def (target.h).
 *
 * The rights of the handle are looked at first, also for the calling process, so that a program hears of a
 * missing right and not of what the operation would have said. They open nothing: what the kernel allows is
 * found out when the other process is asked.
 */
#include "remote/target.h"

#include "remote/call.h"

uint32_t wm_call_rights(enum wm_call call)
{
    static const uint32_t rights_of[WM_CALL_COUNT] = {
#define OPERATION(NAME, name, type, rights, ...) rights,
#include "vm/operations.def"
#undef OPERATION
    };

    return rights_of[call];
}

static const struct wm_offering *offering_of(enum wm_call call)
{
    static const struct wm_offering *const offerings[WM_CALL_COUNT] = {
#define OPERATION(NAME, name, type, rights, guards, answer, offering) offering,
#include "vm/operations.def"
#undef OPERATION
    };

    return offerings[call];
}

wm_status wm_run_there(struct wm_process *other, enum wm_call call, void *request)
{
    const struct wm_offering *offering = offering_of(call);
    uint32_t index = 0;
    wm_status st = offering == NULL ? WM_OK : offering->make(request, &index);

    if (!wm_ok(st))
        return st;
    st = wm_remote_call(other, call, request);
    if (offering != NULL)
        offering->end(request, index);
    return st;
}

wm_status wm_on(uintptr_t process, enum wm_call call, void *request)
{
    struct wm_target target;
    wm_status st = wm_target_of(process, wm_call_rights(call), &target);

    if (!wm_ok(st))
        return st;
    st = wm_in(&target, call, request);
    wm_target_drop(&target);
    return st;
}
