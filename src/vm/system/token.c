/*
 * token.c: the token of this process (token.h).
 *
 * There is one for all threads and handles, so there are no records: a handle stands for object 0. It holds one privilege,
 * SeLockMemoryPrivilege, exactly where there is a pool of large pages: who asks for it, as on Windows, learns before the first
 * allocation what that will be told. A child of a fork goes on with what was enabled; a program that exec starts begins anew.
 */
#include "vm/system/token.h"

#include "base/atomic.h"
#include "kern/map/mapping.h"
#include "vm/handles/handles.h"

/* TOKEN_QUERY and so on, by their Windows values. */
enum { QUERY = 0x8, ADJUST = 0xe0, ALL = 0x1ff };

static uint64_t enabled, removed;

wm_status wm_token_open(uint32_t rights, uintptr_t *handle)
{
    return wm_handle_new(WM_HANDLE_TOKEN, 0, wm_handle_rights(WM_HANDLE_TOKEN, rights), handle);
}

wm_status wm_token_check(uintptr_t handle, uint32_t rights)
{
    struct wm_handle_entry entry;

    return wm_handle_check(handle, WM_HANDLE_TOKEN, rights, &entry);
}

struct wm_privileges wm_token_privileges(void)
{
    uint64_t held = wm_kern_large_pool() ? (uint64_t)1 << WM_PRIVILEGE_LOCK_MEMORY : 0;

    held &= ~WM_LOAD(removed);
    return (struct wm_privileges){held, held & WM_LOAD(enabled)};
}

void wm_token_adjust(uint64_t enable, uint64_t disable, uint64_t remove)
{
    __atomic_fetch_or(&removed, remove, __ATOMIC_RELAXED);
    __atomic_fetch_or(&enabled, enable, __ATOMIC_RELAXED);
    __atomic_fetch_and(&enabled, ~disable, __ATOMIC_RELAXED);
}

const struct wm_object_type wm_type_token = {
    .rights = {WM_RIGHT_READ_CONTROL | QUERY, WM_RIGHT_READ_CONTROL | ADJUST, WM_RIGHT_READ_CONTROL,
               WM_RIGHTS_REQUIRED | ALL},
};
