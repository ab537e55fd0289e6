/*
 * finalpath.c: GetFinalPathNameByHandle: the name that an open file has now.
 *
 * The kernel knows the name that a file was opened by, wherever it was moved to since, and writes " (deleted)" behind one
 * that is gone: so what it says is believed only if that leads to the file (L388).
 */
#include <errno.h>

#include "vm/errno_status.h"
#include "vm/files/file.h"
#include "win32/files/filename.h"
#include "win32/posix.h"
#include "win32/text/textroom.h"
#include "win32/wide32.h"

#define PATH_FLAGS (VOLUME_NAME_GUID | VOLUME_NAME_NT | VOLUME_NAME_NONE | FILE_NAME_OPENED)

/* What has no name at all (a pipe, a socket) is written without a slash. */
static wm_status name_of(const struct wm_file *file, struct wm_filename *name)
{
    struct wm_posix_link link = wm_posix_link_to(file->fd);
    long length = wm_posix_readlink(link.path, name->path, sizeof name->path - 1);
    struct stat found;

    if (length < 0)
        return wm_from_errno(WM_OP_NAME, (int)length);
    name->path[length] = '\0';
    if (name->path[0] != '/')
        return WM_FILE_WRONG_KIND;
    if (wm_posix_lstat(name->path, &found) != 0 || found.st_ino != file->id.inode ||
        found.st_dev != file->id.device)
        return WM_FILE_NAMELESS;
    return WM_OK;
}

static wm_status find(HANDLE handle, DWORD flags, struct wm_filename *name)
{
    WM_PINNED_FILE pinned = {0};
    wm_status st = flags & ~(DWORD)PATH_FLAGS ? WM_PATH_FLAGS : WM_OK;

    name->path[0] = '\0';
    if (wm_ok(st))
        st = wm_file_pin((uintptr_t)handle, 0, &pinned);
    return wm_ok(st) ? name_of(pinned.file, name) : st;
}

static DWORD path_traced(const char *function, HANDLE handle, const struct wm_text_room *room, DWORD flags)
{
    struct wm_filename name;
    DWORD told = 0;
    wm_status st = find(handle, flags, &name);

    if (wm_ok(st))
        st = wm_text_tell(room, name.path, &told);
    WM_TRACE_AS(function, st, WM_RETURNS(WM_DECIMAL(told)), WM_HEX(handle), WM_STRING(name.path),
                WM_DECIMAL(room->size), WM_HEX(flags));
    return wm_edge_bool(st) ? told : 0;
}

DWORD WINAPI GetFinalPathNameByHandleA(HANDLE hFile, LPSTR lpszFilePath, DWORD cchFilePath, DWORD dwFlags)
{
    struct wm_text_room room = {lpszFilePath, cchFilePath, sizeof(char)};

    return path_traced(__func__, hFile, &room, dwFlags);
}

DWORD WINAPI GetFinalPathNameByHandleW(HANDLE hFile, LPWSTR lpszFilePath, DWORD cchFilePath, DWORD dwFlags)
{
    struct wm_text_room room = {lpszFilePath, cchFilePath, sizeof(WCHAR)};

    return path_traced(__func__, hFile, &room, dwFlags);
}

DWORD WINAPI GetFinalPathNameByHandleW_utf16(HANDLE hFile, uint16_t *lpszFilePath, DWORD cchFilePath,
                                             DWORD dwFlags)
{
    struct wm_text_room room = {lpszFilePath, cchFilePath, sizeof(uint16_t)};

    return path_traced(__func__, hFile, &room, dwFlags);
}
