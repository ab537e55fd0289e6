#include "win32/files/filename.h"

#include <errno.h>
#include <string.h>

#include "api/modules.h"
#include "vm/errno_status.h"
#include "win32/posix.h"

static const char verbatim[] = "//?/";

/* The same name with the separators of Linux. */
static wm_status to_linux(struct wm_filename *name)
{
    size_t prefix = sizeof verbatim - 1;

    for (char *p = name->path; *p != '\0'; p++)
        if (*p == '\\')
            *p = '/';
    if (strncmp(name->path, verbatim, prefix) == 0)
        memmove(name->path, name->path + prefix, strlen(name->path + prefix) + 1);
    return name->path[0] == '\0' ? WM_NAME_EMPTY : WM_OK;
}

/* A name that was too long is cut off: nobody is to use what there is of it. */
static wm_status finish(bool fits, struct wm_filename *name)
{
    if (fits)
        return to_linux(name);
    name->path[0] = '\0';
    return WM_NAME_LONG;
}

wm_status wm_filename_of(const char *text, struct wm_filename *name)
{
    size_t length = text == NULL ? 0 : strnlen(text, sizeof name->path);
    bool fits = length < sizeof name->path;

    memcpy(name->path, text == NULL ? "" : text, fits ? length + 1 : 0);
    return finish(fits, name);
}

wm_status wm_filename_of_utf32(const WCHAR *text, struct wm_filename *name)
{
    static const uint32_t none;

    return finish(
        wm_utf8_of_utf32(text == NULL ? &none : (const uint32_t *)text, name->path, sizeof name->path), name);
}

wm_status wm_filename_of_utf16(const uint16_t *text, struct wm_filename *name)
{
    static const uint16_t none;

    return finish(wm_utf8_of_utf16(text == NULL ? &none : text, name->path, sizeof name->path), name);
}

/* Is there the directory that the last part of the name is in? */
static bool has_directory(const struct wm_filename *name)
{
    struct wm_filename parent = *name;
    size_t length = strlen(parent.path);
    struct stat st;

    while (length > 1 && parent.path[length - 1] == '/')
        length--;
    while (length > 0 && parent.path[length - 1] != '/')
        length--;
    parent.path[length] = '\0';
    return length == 0 || wm_posix_stat(parent.path, &st) == 0;
}

wm_status wm_filename_status(const struct wm_filename *name, long error)
{
    if (error == -ENOENT && !has_directory(name))
        return WM_PATH_UNKNOWN;
    return wm_from_errno(WM_OP_NAME, (int)error);
}

wm_status wm_filename_directory_status(const struct wm_filename *name, long error)
{
    struct stat st;

    if (error == -ENOTDIR && wm_posix_lstat(name->path, &st) == 0)
        return WM_DIRECTORY_NONE;
    return error == -EEXIST ? WM_DIRECTORY_FULL : wm_filename_status(name, error);
}
