/* deletefile.c: DeleteFile. */
#include "win32/filename.h"
#include "win32/posix.h"
#include "win32/wide32.h"

static BOOL delete_traced(const char *function, wm_status st, const struct wm_filename *name)
{
    if (wm_ok(st))
        st = wm_filename_status(name, wm_posix_unlink(name->path));
    WM_TRACE_AS(function, st, WM_RETURNS_TRUE, WM_STRING(name->path));
    return wm_edge_bool(st);
}

BOOL WINAPI DeleteFileA(LPCSTR lpFileName)
{
    struct wm_filename name;
    wm_status st = wm_filename_of(lpFileName, &name);

    return delete_traced(__func__, st, &name);
}

BOOL WINAPI DeleteFileW(LPCWSTR lpFileName)
{
    struct wm_filename name;
    wm_status st = wm_filename_of_utf32(lpFileName, &name);

    return delete_traced(__func__, st, &name);
}

BOOL WINAPI DeleteFileW_utf16(const uint16_t *lpFileName)
{
    struct wm_filename name;
    wm_status st = wm_filename_of_utf16(lpFileName, &name);

    return delete_traced(__func__, st, &name);
}
