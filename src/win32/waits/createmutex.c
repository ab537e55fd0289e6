/*
 * createmutex.c: CreateMutex, OpenMutex, ReleaseMutex.
 */
#include "win32/waits/newwaitable.h"
#include "win32/wide32.h"

static wm_status create(const SECURITY_ATTRIBUTES *security, struct wm_given_name name, DWORD flags,
                        DWORD access, uintptr_t *handle)
{
    const struct wm_new_waitable wanted = {
        .security = security,
        .name = name,
        .type = WM_HANDLE_MUTEX,
        .access = access,
        .start = {.state = flags & CREATE_MUTEX_INITIAL_OWNER},
    };

    return flags & ~(DWORD)CREATE_MUTEX_INITIAL_OWNER ? WM_WAIT_FLAGS : wm_new_waitable(&wanted, handle);
}

static HANDLE create_traced(const char *function, const SECURITY_ATTRIBUTES *security, BOOL owned,
                            struct wm_given_name name)
{
    uintptr_t handle = 0;
    wm_status st = create(security, name, owned ? CREATE_MUTEX_INITIAL_OWNER : 0, MUTEX_ALL_ACCESS, &handle);

    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(handle)), WM_HEX(security), WM_BOOL(owned),
                WM_HEX(name.chars));
    return wm_edge_new_object(st, handle);
}

static HANDLE create_ex_traced(const char *function, const SECURITY_ATTRIBUTES *security,
                               struct wm_given_name name, DWORD flags, DWORD access)
{
    uintptr_t handle = 0;
    wm_status st = create(security, name, flags, access, &handle);

    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(handle)), WM_HEX(security), WM_HEX(name.chars), WM_HEX(flags),
                WM_HEX(access));
    return wm_edge_new_object(st, handle);
}

static HANDLE open_traced(const char *function, DWORD access, BOOL inherit, struct wm_given_name name)
{
    uintptr_t handle = 0;
    wm_status st = wm_open_waitable(WM_HANDLE_MUTEX, access, inherit, &name, &handle);

    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(handle)), WM_HEX(access), WM_BOOL(inherit),
                WM_HEX(name.chars));
    return wm_edge_ptr(st, handle);
}

HANDLE WINAPI CreateMutexA(LPSECURITY_ATTRIBUTES lpMutexAttributes, BOOL bInitialOwner, LPCSTR lpName)
{
    return create_traced(__func__, lpMutexAttributes, bInitialOwner, wm_given(lpName, sizeof *lpName));
}

HANDLE WINAPI CreateMutexW(LPSECURITY_ATTRIBUTES lpMutexAttributes, BOOL bInitialOwner, LPCWSTR lpName)
{
    return create_traced(__func__, lpMutexAttributes, bInitialOwner, wm_given(lpName, sizeof *lpName));
}

HANDLE WINAPI CreateMutexW_utf16(LPSECURITY_ATTRIBUTES lpMutexAttributes, BOOL bInitialOwner,
                                 const uint16_t *lpName)
{
    return create_traced("CreateMutexW", lpMutexAttributes, bInitialOwner, wm_given(lpName, sizeof *lpName));
}

HANDLE WINAPI CreateMutexExA(LPSECURITY_ATTRIBUTES lpMutexAttributes, LPCSTR lpName, DWORD dwFlags,
                             DWORD dwDesiredAccess)
{
    return create_ex_traced(__func__, lpMutexAttributes, wm_given(lpName, sizeof *lpName), dwFlags,
                            dwDesiredAccess);
}

HANDLE WINAPI CreateMutexExW(LPSECURITY_ATTRIBUTES lpMutexAttributes, LPCWSTR lpName, DWORD dwFlags,
                             DWORD dwDesiredAccess)
{
    return create_ex_traced(__func__, lpMutexAttributes, wm_given(lpName, sizeof *lpName), dwFlags,
                            dwDesiredAccess);
}

HANDLE WINAPI CreateMutexExW_utf16(LPSECURITY_ATTRIBUTES lpMutexAttributes, const uint16_t *lpName,
                                   DWORD dwFlags, DWORD dwDesiredAccess)
{
    return create_ex_traced("CreateMutexExW", lpMutexAttributes, wm_given(lpName, sizeof *lpName), dwFlags,
                            dwDesiredAccess);
}

HANDLE WINAPI OpenMutexA(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCSTR lpName)
{
    return open_traced(__func__, dwDesiredAccess, bInheritHandle, wm_given(lpName, sizeof *lpName));
}

HANDLE WINAPI OpenMutexW(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCWSTR lpName)
{
    return open_traced(__func__, dwDesiredAccess, bInheritHandle, wm_given(lpName, sizeof *lpName));
}

HANDLE WINAPI OpenMutexW_utf16(DWORD dwDesiredAccess, BOOL bInheritHandle, const uint16_t *lpName)
{
    return open_traced("OpenMutexW", dwDesiredAccess, bInheritHandle, wm_given(lpName, sizeof *lpName));
}

BOOL WINAPI ReleaseMutex(HANDLE hMutex)
{
    wm_status st = wm_op_release_mutex((uintptr_t)hMutex);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hMutex));
    return wm_edge_bool(st);
}
