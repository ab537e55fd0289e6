/* fullpath.c: GetFullPathName; and the directory of the process: GetCurrentDirectory, SetCurrentDirectory. */
#include <string.h>

#include "win32/files/fullname.h"
#include "win32/posix.h"
#include "win32/text/textroom.h"
#include "win32/wide32.h"

/* Where the last part of a name begins that was told; NULL: it has none, or was not told. */
static void *last_part(const struct wm_text_room *room, const char *path, DWORD told)
{
    const char *part = strrchr(path, '/') + 1;

    if (room->buffer == NULL || told >= room->size || *part == '\0')
        return NULL;
    return (char *)room->buffer + (told - wm_text_length(room, part)) * room->unit_bytes;
}

static wm_status tell_full(const struct wm_text_room *room, const char *path, void **part, DWORD *told)
{
    wm_status st = wm_text_tell(room, path, told);
    void *found;

    if (!wm_ok(st) || part == NULL)
        return st;
    found = last_part(room, path, *told);
    return wm_edge_tell(part, &found, sizeof found);
}

static DWORD full_traced(const char *function, wm_status st, struct wm_filename *name,
                         const struct wm_text_room *room, void **part)
{
    DWORD told = 0;

    if (st == WM_NAME_EMPTY)
        st = WM_PATH_NONE;
    if (wm_ok(st))
        st = wm_filename_full(name, name);
    if (wm_ok(st))
        st = tell_full(room, name->path, part, &told);
    WM_TRACE_AS(function, st, WM_RETURNS(WM_DECIMAL(told)), WM_STRING(name->path), WM_DECIMAL(room->size),
                WM_HEX(room->buffer), WM_HEX((void *)part));
    return wm_edge_bool(st) ? told : 0;
}

DWORD WINAPI GetFullPathNameA(LPCSTR lpFileName, DWORD nBufferLength, LPSTR lpBuffer, LPSTR *lpFilePart)
{
    struct wm_text_room room = {lpBuffer, nBufferLength, sizeof(char)};
    struct wm_filename name;
    wm_status st = wm_filename_of(lpFileName, &name);

    return full_traced(__func__, st, &name, &room, (void **)lpFilePart);
}

DWORD WINAPI GetFullPathNameW(LPCWSTR lpFileName, DWORD nBufferLength, LPWSTR lpBuffer, LPWSTR *lpFilePart)
{
    struct wm_text_room room = {lpBuffer, nBufferLength, sizeof(WCHAR)};
    struct wm_filename name;
    wm_status st = wm_filename_of_utf32(lpFileName, &name);

    return full_traced(__func__, st, &name, &room, (void **)lpFilePart);
}

DWORD WINAPI GetFullPathNameW_utf16(const uint16_t *lpFileName, DWORD nBufferLength, uint16_t *lpBuffer,
                                    uint16_t **lpFilePart)
{
    struct wm_text_room room = {lpBuffer, nBufferLength, sizeof(uint16_t)};
    struct wm_filename name;
    wm_status st = wm_filename_of_utf16(lpFileName, &name);

    return full_traced(__func__, st, &name, &room, (void **)lpFilePart);
}

/* --- the directory of the process --- */

DWORD WINAPI GetCurrentDirectoryA(DWORD nBufferLength, LPSTR lpBuffer)
{
    return wm_directory_told(__func__, wm_filename_here,
                             &(struct wm_text_room){lpBuffer, nBufferLength, sizeof(char)});
}

DWORD WINAPI GetCurrentDirectoryW(DWORD nBufferLength, LPWSTR lpBuffer)
{
    return wm_directory_told(__func__, wm_filename_here,
                             &(struct wm_text_room){lpBuffer, nBufferLength, sizeof(WCHAR)});
}

DWORD WINAPI GetCurrentDirectoryW_utf16(DWORD nBufferLength, uint16_t *lpBuffer)
{
    return wm_directory_told(__func__, wm_filename_here,
                             &(struct wm_text_room){lpBuffer, nBufferLength, sizeof(uint16_t)});
}

static BOOL go_traced(const char *function, wm_status st, const struct wm_filename *name)
{
    if (wm_ok(st))
        st = wm_filename_directory_status(name, wm_posix_chdir(name->path));
    WM_TRACE_AS(function, st, WM_RETURNS_TRUE, WM_STRING(name->path));
    return wm_edge_bool(st);
}

BOOL WINAPI SetCurrentDirectoryA(LPCSTR lpPathName)
{
    struct wm_filename name;
    wm_status st = wm_filename_of(lpPathName, &name);

    return go_traced(__func__, st, &name);
}

BOOL WINAPI SetCurrentDirectoryW(LPCWSTR lpPathName)
{
    struct wm_filename name;
    wm_status st = wm_filename_of_utf32(lpPathName, &name);

    return go_traced(__func__, st, &name);
}

BOOL WINAPI SetCurrentDirectoryW_utf16(const uint16_t *lpPathName)
{
    struct wm_filename name;
    wm_status st = wm_filename_of_utf16(lpPathName, &name);

    return go_traced(__func__, st, &name);
}
