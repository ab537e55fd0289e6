/*
 * deletefile.c: DeleteFile.
 *
 * Deleting is one of the things for which a file is opened: whoever has it open must share that (vm/files/sharing.h). What
 * is no regular file, or cannot be read, is not looked at.
 */
#include "kern/descriptor.h"
#include "vm/files/file.h"
#include "vm/files/sharing.h"
#include "win32/files/filename.h"
#include "win32/posix.h"
#include "win32/wide32.h"

/* -1: nobody can have said anything about it. */
static int open_to_look(const struct wm_filename *name)
{
    struct stat st;

    if (wm_posix_lstat(name->path, &st) != 0 || !S_ISREG(st.st_mode))
        return -1;
    return wm_fd_create(name->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0);
}

static wm_status check_shared(int fd)
{
    if (fd < 0)
        return WM_OK;
    return wm_sharing_has_section(fd) ? WM_DELETE_MAPPED
                                      : wm_sharing_enter(fd, WM_SHARE_DELETE, WM_SHARE_ALL);
}

/* Who opens it meanwhile sees that it is being deleted. */
static wm_status delete_file(const struct wm_filename *name)
{
    int fd = open_to_look(name);
    wm_status st = check_shared(fd);

    if (wm_ok(st))
        st = wm_filename_status(name, wm_posix_unlink(name->path));
    if (fd >= 0)
        wm_kern_close(fd);
    return st;
}

static BOOL delete_traced(const char *function, wm_status st, const struct wm_filename *name)
{
    if (wm_ok(st))
        st = delete_file(name);
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
