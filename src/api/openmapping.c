/*
 * openmapping.c: OpenFileMapping: a handle to a section that somebody has under this name.
 *
 * The access is one of FILE_MAP_, which are rights of sections under other names, but for two: FILE_MAP_COPY alone asks
 * for reading (O173), and FILE_MAP_EXECUTE for the right to map executable views (O174).
 */
#include "api/edge.h"
#include "api/objectname.h"
#include "api/utf16.h"
#include "vm/ops.h"

static DWORD rights_for(DWORD access)
{
    if (access == FILE_MAP_COPY)
        return SECTION_MAP_READ;
    return access & FILE_MAP_EXECUTE ? (access & ~(DWORD)FILE_MAP_EXECUTE) | SECTION_MAP_EXECUTE : access;
}

static wm_status open_named(DWORD access, const struct wm_given_name *given, uintptr_t *handle)
{
    struct wm_name name;
    wm_status st = wm_read_object_name(given, &name);

    if (wm_ok(st) && name.bytes == 0)
        st = WM_NAME_NULL;
    return wm_ok(st) ? wm_op_open_section(&name, rights_for(access), handle) : st;
}

static HANDLE open_traced(const char *function, DWORD access, BOOL inherit, const void *chars, size_t unit)
{
    const struct wm_given_name given = {chars, WM_NAME_TERMINATED, (uint8_t)unit, false};
    uintptr_t handle = 0;
    wm_status st = open_named(access, &given, &handle);

    if (wm_ok(st))
        st = wm_op_let_inherit(handle, inherit);
    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(handle)), WM_MAP_FLAGS(access), WM_BOOL(inherit),
                WM_HEX(chars));
    return wm_edge_ptr(st, handle);
}

HANDLE WINAPI OpenFileMappingA(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCSTR lpName)
{
    return open_traced(__func__, dwDesiredAccess, bInheritHandle, lpName, sizeof *lpName);
}

HANDLE WINAPI OpenFileMappingW(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCWSTR lpName)
{
    return open_traced(__func__, dwDesiredAccess, bInheritHandle, lpName, sizeof *lpName);
}

HANDLE WINAPI OpenFileMappingW_utf16(DWORD dwDesiredAccess, BOOL bInheritHandle, const uint16_t *lpName)
{
    return open_traced(__func__, dwDesiredAccess, bInheritHandle, lpName, sizeof *lpName);
}

HANDLE WINAPI OpenFileMappingFromApp(ULONG DesiredAccess, BOOL InheritHandle, PCWSTR Name)
{
    return open_traced(__func__, DesiredAccess, InheritHandle, Name, sizeof *Name);
}

HANDLE WINAPI OpenFileMappingFromApp_utf16(ULONG DesiredAccess, BOOL InheritHandle, const uint16_t *Name)
{
    return open_traced("OpenFileMappingFromApp", DesiredAccess, InheritHandle, Name, sizeof *Name);
}
