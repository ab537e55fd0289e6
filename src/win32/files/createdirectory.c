/*
 * createdirectory.c: CreateDirectory, RemoveDirectory.
 *
 * A symbolic link to a directory is none that could be removed (L385): its name is DeleteFile's.
 */
#include "win32/files/filename.h"
#include "win32/posix.h"
#include "win32/wide32.h"

static BOOL create_traced(const char *function, wm_status st, const struct wm_filename *name)
{
    if (wm_ok(st))
        st = wm_filename_status(name, wm_posix_mkdir(name->path, 0777));
    if (st == WM_FILE_EXISTS)
        st = WM_DIRECTORY_TAKEN;
    WM_TRACE_AS(function, st, WM_RETURNS_TRUE, WM_STRING(name->path), WM_STRING("attributes"));
    return wm_edge_bool(st);
}

/* Attributes of security have no effect (fileapi.h). */
BOOL WINAPI CreateDirectoryA(LPCSTR lpPathName, LPSECURITY_ATTRIBUTES lpSecurityAttributes)
{
    struct wm_filename name;
    wm_status st = wm_filename_of(lpPathName, &name);

    (void)lpSecurityAttributes;
    return create_traced(__func__, st, &name);
}

BOOL WINAPI CreateDirectoryW(LPCWSTR lpPathName, LPSECURITY_ATTRIBUTES lpSecurityAttributes)
{
    struct wm_filename name;
    wm_status st = wm_filename_of_utf32(lpPathName, &name);

    (void)lpSecurityAttributes;
    return create_traced(__func__, st, &name);
}

BOOL WINAPI CreateDirectoryW_utf16(const uint16_t *lpPathName, LPSECURITY_ATTRIBUTES lpSecurityAttributes)
{
    struct wm_filename name;
    wm_status st = wm_filename_of_utf16(lpPathName, &name);

    (void)lpSecurityAttributes;
    return create_traced(__func__, st, &name);
}

static BOOL remove_traced(const char *function, wm_status st, const struct wm_filename *name)
{
    if (wm_ok(st))
        st = wm_filename_directory_status(name, wm_posix_rmdir(name->path));
    WM_TRACE_AS(function, st, WM_RETURNS_TRUE, WM_STRING(name->path));
    return wm_edge_bool(st);
}

BOOL WINAPI RemoveDirectoryA(LPCSTR lpPathName)
{
    struct wm_filename name;
    wm_status st = wm_filename_of(lpPathName, &name);

    return remove_traced(__func__, st, &name);
}

BOOL WINAPI RemoveDirectoryW(LPCWSTR lpPathName)
{
    struct wm_filename name;
    wm_status st = wm_filename_of_utf32(lpPathName, &name);

    return remove_traced(__func__, st, &name);
}

BOOL WINAPI RemoveDirectoryW_utf16(const uint16_t *lpPathName)
{
    struct wm_filename name;
    wm_status st = wm_filename_of_utf16(lpPathName, &name);

    return remove_traced(__func__, st, &name);
}
