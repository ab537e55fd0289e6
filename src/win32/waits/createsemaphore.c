/*
 * createsemaphore.c: CreateSemaphore, OpenSemaphore, ReleaseSemaphore.
 */
#include "win32/waits/newwaitable.h"
#include "win32/wide32.h"

struct counts {
    LONG initial, most;
};

static wm_status create(const SECURITY_ATTRIBUTES *security, struct wm_given_name name, struct counts counts,
                        DWORD access, uintptr_t *handle)
{
    const struct wm_new_waitable wanted = {
        .security = security,
        .name = name,
        .type = WM_HANDLE_SEMAPHORE,
        .access = access,
        .start = {.most = (uint32_t)counts.most, .state = (uint32_t)counts.initial},
    };

    if (counts.most <= 0 || counts.initial < 0 || counts.initial > counts.most)
        return WM_SEMAPHORE_COUNT;
    return wm_new_waitable(&wanted, handle);
}

static HANDLE create_traced(const char *function, const SECURITY_ATTRIBUTES *security, struct counts counts,
                            struct wm_given_name name)
{
    uintptr_t handle = 0;
    wm_status st = create(security, name, counts, SEMAPHORE_ALL_ACCESS, &handle);

    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(handle)), WM_HEX(security), WM_HEX((DWORD)counts.initial),
                WM_HEX((DWORD)counts.most), WM_HEX(name.chars));
    return wm_edge_new_object(st, handle);
}

static HANDLE create_ex_traced(const char *function, const SECURITY_ATTRIBUTES *security,
                               struct counts counts, struct wm_given_name name, DWORD flags, DWORD access)
{
    uintptr_t handle = 0;
    wm_status st = flags != 0 ? WM_WAIT_FLAGS : create(security, name, counts, access, &handle);

    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(handle)), WM_HEX(security), WM_HEX((DWORD)counts.initial),
                WM_HEX((DWORD)counts.most), WM_HEX(name.chars), WM_HEX(flags), WM_HEX(access));
    return wm_edge_new_object(st, handle);
}

static HANDLE open_traced(const char *function, DWORD access, BOOL inherit, struct wm_given_name name)
{
    uintptr_t handle = 0;
    wm_status st = wm_open_waitable(WM_HANDLE_SEMAPHORE, access, inherit, &name, &handle);

    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(handle)), WM_HEX(access), WM_BOOL(inherit),
                WM_HEX(name.chars));
    return wm_edge_ptr(st, handle);
}

#define COUNTS                                                                                               \
    (struct counts)                                                                                          \
    {                                                                                                        \
        lInitialCount, lMaximumCount                                                                         \
    }

HANDLE WINAPI CreateSemaphoreA(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes, LONG lInitialCount,
                               LONG lMaximumCount, LPCSTR lpName)
{
    return create_traced(__func__, lpSemaphoreAttributes, COUNTS, wm_given(lpName, sizeof *lpName));
}

HANDLE WINAPI CreateSemaphoreW(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes, LONG lInitialCount,
                               LONG lMaximumCount, LPCWSTR lpName)
{
    return create_traced(__func__, lpSemaphoreAttributes, COUNTS, wm_given(lpName, sizeof *lpName));
}

HANDLE WINAPI CreateSemaphoreW_utf16(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes, LONG lInitialCount,
                                     LONG lMaximumCount, const uint16_t *lpName)
{
    return create_traced("CreateSemaphoreW", lpSemaphoreAttributes, COUNTS, wm_given(lpName, sizeof *lpName));
}

HANDLE WINAPI CreateSemaphoreExA(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes, LONG lInitialCount,
                                 LONG lMaximumCount, LPCSTR lpName, DWORD dwFlags, DWORD dwDesiredAccess)
{
    return create_ex_traced(__func__, lpSemaphoreAttributes, COUNTS, wm_given(lpName, sizeof *lpName),
                            dwFlags, dwDesiredAccess);
}

HANDLE WINAPI CreateSemaphoreExW(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes, LONG lInitialCount,
                                 LONG lMaximumCount, LPCWSTR lpName, DWORD dwFlags, DWORD dwDesiredAccess)
{
    return create_ex_traced(__func__, lpSemaphoreAttributes, COUNTS, wm_given(lpName, sizeof *lpName),
                            dwFlags, dwDesiredAccess);
}

HANDLE WINAPI CreateSemaphoreExW_utf16(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes, LONG lInitialCount,
                                       LONG lMaximumCount, const uint16_t *lpName, DWORD dwFlags,
                                       DWORD dwDesiredAccess)
{
    return create_ex_traced("CreateSemaphoreExW", lpSemaphoreAttributes, COUNTS,
                            wm_given(lpName, sizeof *lpName), dwFlags, dwDesiredAccess);
}

HANDLE WINAPI OpenSemaphoreA(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCSTR lpName)
{
    return open_traced(__func__, dwDesiredAccess, bInheritHandle, wm_given(lpName, sizeof *lpName));
}

HANDLE WINAPI OpenSemaphoreW(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCWSTR lpName)
{
    return open_traced(__func__, dwDesiredAccess, bInheritHandle, wm_given(lpName, sizeof *lpName));
}

HANDLE WINAPI OpenSemaphoreW_utf16(DWORD dwDesiredAccess, BOOL bInheritHandle, const uint16_t *lpName)
{
    return open_traced("OpenSemaphoreW", dwDesiredAccess, bInheritHandle, wm_given(lpName, sizeof *lpName));
}

/* The count before is told after the semaphore has changed: so the place for it is looked at first. */
BOOL WINAPI ReleaseSemaphore(HANDLE hSemaphore, LONG lReleaseCount, LPLONG lpPreviousCount)
{
    uint32_t previous = 0;
    wm_status st = lReleaseCount <= 0 ? WM_SEMAPHORE_COUNT : WM_OK;

    if (wm_ok(st) && lpPreviousCount != NULL)
        st = wm_edge_writable(lpPreviousCount, sizeof *lpPreviousCount);
    if (wm_ok(st))
        st = wm_op_release_semaphore((uintptr_t)hSemaphore, (uint32_t)lReleaseCount, &previous);
    if (wm_ok(st) && lpPreviousCount != NULL)
        *lpPreviousCount = (LONG)previous;
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hSemaphore), WM_HEX((DWORD)lReleaseCount), WM_HEX(lpPreviousCount));
    return wm_edge_bool(st);
}
