/*
 * createevent.c: CreateEvent, OpenEvent, and setting and resetting events.
 */
#include "win32/waits/newwaitable.h"
#include "win32/wide32.h"

#define EVENT_FLAGS (CREATE_EVENT_MANUAL_RESET | CREATE_EVENT_INITIAL_SET)

static wm_status create(const SECURITY_ATTRIBUTES *security, struct wm_given_name name, DWORD flags,
                        DWORD access, uintptr_t *handle)
{
    const struct wm_new_waitable wanted = {
        .security = security,
        .name = name,
        .type = WM_HANDLE_EVENT,
        .access = access,
        .start = {.manual = (flags & CREATE_EVENT_MANUAL_RESET) != 0,
                  .state = (flags & CREATE_EVENT_INITIAL_SET) != 0},
    };

    return flags & ~(DWORD)EVENT_FLAGS ? WM_WAIT_FLAGS : wm_new_waitable(&wanted, handle);
}

static HANDLE create_traced(const char *function, const SECURITY_ATTRIBUTES *security, BOOL manual,
                            BOOL initial, struct wm_given_name name)
{
    DWORD flags = (manual ? CREATE_EVENT_MANUAL_RESET : 0) | (initial ? CREATE_EVENT_INITIAL_SET : 0);
    uintptr_t handle = 0;
    wm_status st = create(security, name, flags, EVENT_ALL_ACCESS, &handle);

    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(handle)), WM_HEX(security), WM_BOOL(manual), WM_BOOL(initial),
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
    wm_status st = wm_open_waitable(WM_HANDLE_EVENT, access, inherit, &name, &handle);

    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(handle)), WM_HEX(access), WM_BOOL(inherit),
                WM_HEX(name.chars));
    return wm_edge_ptr(st, handle);
}

HANDLE WINAPI CreateEventA(LPSECURITY_ATTRIBUTES lpEventAttributes, BOOL bManualReset, BOOL bInitialState,
                           LPCSTR lpName)
{
    return create_traced(__func__, lpEventAttributes, bManualReset, bInitialState,
                         wm_given(lpName, sizeof *lpName));
}

HANDLE WINAPI CreateEventW(LPSECURITY_ATTRIBUTES lpEventAttributes, BOOL bManualReset, BOOL bInitialState,
                           LPCWSTR lpName)
{
    return create_traced(__func__, lpEventAttributes, bManualReset, bInitialState,
                         wm_given(lpName, sizeof *lpName));
}

HANDLE WINAPI CreateEventW_utf16(LPSECURITY_ATTRIBUTES lpEventAttributes, BOOL bManualReset,
                                 BOOL bInitialState, const uint16_t *lpName)
{
    return create_traced("CreateEventW", lpEventAttributes, bManualReset, bInitialState,
                         wm_given(lpName, sizeof *lpName));
}

HANDLE WINAPI CreateEventExA(LPSECURITY_ATTRIBUTES lpEventAttributes, LPCSTR lpName, DWORD dwFlags,
                             DWORD dwDesiredAccess)
{
    return create_ex_traced(__func__, lpEventAttributes, wm_given(lpName, sizeof *lpName), dwFlags,
                            dwDesiredAccess);
}

HANDLE WINAPI CreateEventExW(LPSECURITY_ATTRIBUTES lpEventAttributes, LPCWSTR lpName, DWORD dwFlags,
                             DWORD dwDesiredAccess)
{
    return create_ex_traced(__func__, lpEventAttributes, wm_given(lpName, sizeof *lpName), dwFlags,
                            dwDesiredAccess);
}

HANDLE WINAPI CreateEventExW_utf16(LPSECURITY_ATTRIBUTES lpEventAttributes, const uint16_t *lpName,
                                   DWORD dwFlags, DWORD dwDesiredAccess)
{
    return create_ex_traced("CreateEventExW", lpEventAttributes, wm_given(lpName, sizeof *lpName), dwFlags,
                            dwDesiredAccess);
}

HANDLE WINAPI OpenEventA(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCSTR lpName)
{
    return open_traced(__func__, dwDesiredAccess, bInheritHandle, wm_given(lpName, sizeof *lpName));
}

HANDLE WINAPI OpenEventW(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCWSTR lpName)
{
    return open_traced(__func__, dwDesiredAccess, bInheritHandle, wm_given(lpName, sizeof *lpName));
}

HANDLE WINAPI OpenEventW_utf16(DWORD dwDesiredAccess, BOOL bInheritHandle, const uint16_t *lpName)
{
    return open_traced("OpenEventW", dwDesiredAccess, bInheritHandle, wm_given(lpName, sizeof *lpName));
}

/* --- changing --- */

BOOL WINAPI SetEvent(HANDLE hEvent)
{
    wm_status st = wm_op_set_event((uintptr_t)hEvent);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hEvent));
    return wm_edge_bool(st);
}

BOOL WINAPI ResetEvent(HANDLE hEvent)
{
    wm_status st = wm_op_reset_event((uintptr_t)hEvent);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hEvent));
    return wm_edge_bool(st);
}

BOOL WINAPI PulseEvent(HANDLE hEvent)
{
    wm_status st = wm_op_pulse_event((uintptr_t)hEvent);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hEvent));
    return wm_edge_bool(st);
}
