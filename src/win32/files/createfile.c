/* createfile.c: CreateFile, CreateFile2. */
#include "win32/files/openfile.h"
#include "win32/wide32.h"

/* Whether the file was there is told where that is not clear from the start. */
static void tell_existed(const struct wm_open_req *req)
{
    if (req->disposition == CREATE_ALWAYS || req->disposition == OPEN_ALWAYS)
        SetLastError(req->existed ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
}

static wm_status create(struct wm_open_req *req, const SECURITY_ATTRIBUTES *security)
{
    uintptr_t handle = (uintptr_t)INVALID_HANDLE_VALUE;
    bool inherit = false;
    wm_status st = wm_edge_inherits(security, &inherit);

    if (wm_ok(st))
        st = wm_open_file(req);
    if (wm_ok(st)) {
        handle = req->handle;
        st = wm_op_let_inherit(handle, inherit);
    }
    req->handle = wm_ok(st) ? handle : (uintptr_t)INVALID_HANDLE_VALUE;
    return st;
}

static HANDLE create_traced(const char *function, wm_status st, struct wm_open_req *req,
                            const SECURITY_ATTRIBUTES *security)
{
    req->handle = (uintptr_t)INVALID_HANDLE_VALUE;
    if (wm_ok(st))
        st = create(req, security);
    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(req->handle)), WM_STRING(req->name->path),
                WM_HEX(req->access), WM_HEX(req->shares), WM_STRING("attributes"),
                WM_DECIMAL(req->disposition), WM_HEX(req->flags), WM_STRING("template"));
    if (wm_edge_bool(st))
        tell_existed(req);
    return (HANDLE)req->handle;
}

/* Security descriptors and templates have no effect (fileapi.h). */
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

    (void)hTemplateFile;
    return create_traced(__func__, wm_filename_of(lpFileName, &name), &req, lpSecurityAttributes);
}

HANDLE WINAPI CreateFileW(LPCWSTR lpFileName, DWORD dwDesiredAccess, DWORD dwShareMode,
                          LPSECURITY_ATTRIBUTES lpSecurityAttributes, DWORD dwCreationDisposition,
                          DWORD dwFlagsAndAttributes, HANDLE hTemplateFile)
{
    struct wm_filename name;
    struct wm_open_req req = REQUEST(name);

    (void)hTemplateFile;
    return create_traced(__func__, wm_filename_of_utf32(lpFileName, &name), &req, lpSecurityAttributes);
}

HANDLE WINAPI CreateFileW_utf16(const uint16_t *lpFileName, DWORD dwDesiredAccess, DWORD dwShareMode,
                                LPSECURITY_ATTRIBUTES lpSecurityAttributes, DWORD dwCreationDisposition,
                                DWORD dwFlagsAndAttributes, HANDLE hTemplateFile)
{
    struct wm_filename name;
    struct wm_open_req req = REQUEST(name);

    (void)hTemplateFile;
    return create_traced(__func__, wm_filename_of_utf16(lpFileName, &name), &req, lpSecurityAttributes);
}

/* --- CreateFile2 --- */

static wm_status read_params(const CREATEFILE2_EXTENDED_PARAMETERS *params, DWORD *flags,
                             const SECURITY_ATTRIBUTES **security)
{
    wm_status st = params == NULL ? WM_OK : wm_edge_readable(params, sizeof *params);

    *flags = FILE_ATTRIBUTE_NORMAL;
    *security = NULL;
    if (params == NULL || !wm_ok(st))
        return st;
    *security = params->lpSecurityAttributes;
    *flags = params->dwFileAttributes | params->dwFileFlags | params->dwSecurityQosFlags;
    return params->dwSize < sizeof *params ? WM_LENGTH_WRONG : WM_OK;
}

static HANDLE create2(const char *function, wm_status st, struct wm_open_req *req,
                      const CREATEFILE2_EXTENDED_PARAMETERS *params)
{
    const SECURITY_ATTRIBUTES *security;
    wm_status readable = read_params(params, &req->flags, &security);

    return create_traced(function, wm_ok(readable) ? st : readable, req, security);
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
