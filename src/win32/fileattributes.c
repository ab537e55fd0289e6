/* fileattributes.c: GetFileAttributes. */
#include "win32/fileattributes.h"

#include "win32/filename.h"
#include "win32/posix.h"
#include "win32/wide32.h"

static DWORD attributes_of(const char *function, wm_status st, const struct wm_filename *name)
{
    DWORD attributes = INVALID_FILE_ATTRIBUTES;
    struct stat found;

    if (wm_ok(st))
        st = wm_filename_status(name, wm_posix_stat(name->path, &found));
    if (wm_ok(st))
        attributes = wm_file_attributes(&found);
    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(attributes)), WM_STRING(name->path));
    wm_edge_bool(st);
    return attributes;
}

DWORD WINAPI GetFileAttributesA(LPCSTR lpFileName)
{
    struct wm_filename name;
    wm_status st = wm_filename_of(lpFileName, &name);

    return attributes_of(__func__, st, &name);
}

DWORD WINAPI GetFileAttributesW(LPCWSTR lpFileName)
{
    struct wm_filename name;
    wm_status st = wm_filename_of_utf32(lpFileName, &name);

    return attributes_of(__func__, st, &name);
}

DWORD WINAPI GetFileAttributesW_utf16(const uint16_t *lpFileName)
{
    struct wm_filename name;
    wm_status st = wm_filename_of_utf16(lpFileName, &name);

    return attributes_of(__func__, st, &name);
}
