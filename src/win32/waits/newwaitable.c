/*
 * newwaitable.c: what CreateEvent, CreateMutex, CreateSemaphore and the functions that open such objects have in common: names,
 * security attributes, last errors.
 *
 * Of security attributes only bInheritHandle has an effect (L421).
 */
#include "win32/waits/newwaitable.h"

wm_status wm_new_waitable(const struct wm_new_waitable *wanted, uintptr_t *handle)
{
    struct wm_waitable_req req = {.type = wanted->type, .rights = wanted->access, .start = wanted->start};
    struct wm_name name;
    bool inherit;
    wm_status st = wm_edge_inherits(wanted->security, &inherit), inherited;

    if (wm_ok(st))
        st = wm_read_object_name(&wanted->name, &name);
    if (!wm_ok(st))
        return st;
    req.name = name.bytes != 0 ? &name : NULL;
    st = wm_op_create_waitable(&req);
    if (!wm_ok(st) && st != WM_NAME_EXISTS)
        return st;
    *handle = req.result;
    inherited = wm_op_let_inherit(*handle, inherit);
    return wm_ok(inherited) ? st : inherited;
}

wm_status wm_open_waitable(unsigned type, DWORD access, BOOL inherit, const struct wm_given_name *given,
                           uintptr_t *handle)
{
    struct wm_waitable_req req = {.type = type, .rights = access};
    struct wm_name name;
    wm_status st = wm_read_object_name(given, &name);

    if (wm_ok(st) && name.bytes == 0)
        st = WM_NAME_NULL;
    if (!wm_ok(st))
        return st;
    req.name = &name;
    st = wm_op_open_waitable(&req);
    if (!wm_ok(st))
        return st;
    *handle = req.result;
    return wm_op_let_inherit(*handle, inherit != FALSE);
}
