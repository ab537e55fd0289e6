/* createfile.c: CreateFile, CreateFile2. */
#include "win32/openfile.h"
#include "win32/wide32.h"

/* Whether the file was there is told where that is not clear from the start. */
static void tell_existed(const struct wm_open_req *req)
{
    if (req->disposition == CREATE_ALWAYS || req->disposition == OPEN_ALWAYS)
        SetLastError(req->existed ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
}

static HANDLE create_traced(const char *function, wm_status st, struct wm_open_req *req)
{
    req->handle = (uintptr_t)INVALID_HANDLE_VALUE;
    if (wm_ok(st))
        st = wm_open_file(req);
    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(req->handle)), WM_STRING(req->name->path),
                WM_HEX(req->access), WM_HEX(req->shares), WM_STRING("attributes"),
                WM_DECIMAL(req->disposition), WM_HEX(req->flags), WM_STRING("template"));
    if (wm_edge_bool(st))
        tell_existed(req);
    return (HANDLE)req->handle;
}

/* Attributes of security and templates have no effect (fileapi.h). */
#define REQUEST(name)                                                                                        \
    {                                                                                                        \
        &(name), dwDesiredAccess, dwShareMode, dwCreationDisposition, dwFlagsAndAttributes, false, 0         \
    }

HANDLE WINAPI CreateFileA(LPCSTR lpFileName, DWORD dwDesiredAccess, DWORD dwShareMode,
                          LPSECURITY_ATTRIBUTES lpSecurityAttributes, DWORD dwCreationDisposition,
                          DWORD dwFlagsAndAttributes, HANDLE hTemplateFile)
{
    struct wm_filename name;
    struct wm_open_req req = REQUEST(name);

    (void)lpSecurityAttributes, (void)hTemplateFile;
    return create_traced(__func__, wm_filename_of(lpFileName, &name), &req);
}

HANDLE WINAPI CreateFileW(LPCWSTR lpFileName, DWORD dwDesiredAccess, DWORD dwShareMode,
                          LPSECURITY_ATTRIBUTES lpSecurityAttributes, DWORD dwCreationDisposition,
                          DWORD dwFlagsAndAttributes, HANDLE hTemplateFile)
{
    struct wm_filename name;
    struct wm_open_req req = REQUEST(name);

    (void)lpSecurityAttributes, (void)hTemplateFile;
    return create_traced(__func__, wm_filename_of_utf32(lpFileName, &name), &req);
}

HANDLE WINAPI CreateFileW_utf16(const uint16_t *lpFileName, DWORD dwDesiredAccess, DWORD dwShareMode,
                                LPSECURITY_ATTRIBUTES lpSecurityAttributes, DWORD dwCreationDisposition,
                                DWORD dwFlagsAndAttributes, HANDLE hTemplateFile)
{
    struct wm_filename name;
    struct wm_open_req req = REQUEST(name);

    (void)lpSecurityAttributes, (void)hTemplateFile;
    return create_traced(__func__, wm_filename_of_utf16(lpFileName, &name), &req);
}

/* --- CreateFile2 --- */

static wm_status flags_of(const CREATEFILE2_EXTENDED_PARAMETERS *params, DWORD *flags)
{
    wm_status st = params == NULL ? WM_OK : wm_edge_readable(params, sizeof *params);

    *flags = FILE_ATTRIBUTE_NORMAL;
    if (params == NULL || !wm_ok(st))
        return st;
    *flags = params->dwFileAttributes | params->dwFileFlags | params->dwSecurityQosFlags;
    return params->dwSize < sizeof *params ? WM_LENGTH_WRONG : WM_OK;
}

static HANDLE create2(const char *function, wm_status st, struct wm_open_req *req,
                      const CREATEFILE2_EXTENDED_PARAMETERS *params)
{
    wm_status readable = flags_of(params, &req->flags);

    return create_traced(function, wm_ok(readable) ? st : readable, req);
}

HANDLE WINAPI CreateFile2(LPCWSTR lpFileName, DWORD dwDesiredAccess, DWORD dwShareMode,
                          DWORD dwCreationDisposition, LPCREATEFILE2_EXTENDED_PARAMETERS pCreateExParams)
{
    struct wm_filename name;
    struct wm_open_req req = {&name, dwDesiredAccess, dwShareMode, dwCreationDisposition, 0, false, 0};

    return create2(__func__, wm_filename_of_utf32(lpFileName, &name), &req, pCreateExParams);
}

HANDLE WINAPI CreateFile2_utf16(const uint16_t *lpFileName, DWORD dwDesiredAccess, DWORD dwShareMode,
                                DWORD dwCreationDisposition,
                                LPCREATEFILE2_EXTENDED_PARAMETERS pCreateExParams)
{
    struct wm_filename name;
    struct wm_open_req req = {&name, dwDesiredAccess, dwShareMode, dwCreationDisposition, 0, false, 0};

    return create2(__func__, wm_filename_of_utf16(lpFileName, &name), &req, pCreateExParams);
}
