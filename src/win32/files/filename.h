/*
 * filename.h: names of files as Windows programs write them, and as Linux takes them (fileapi.h tells how they differ).
 *
 *   struct wm_filename name;
 *   wm_status st = wm_filename_of(lpFileName, &name);
 *
 * What is no name leaves an empty path behind.
 */
#ifndef WM_WIN32_FILENAME_H
#define WM_WIN32_FILENAME_H

#include <limits.h>

#include "win32/win32.h"

struct wm_filename {
    char path[PATH_MAX];
};

wm_status wm_filename_of(const char *text, struct wm_filename *name);
wm_status wm_filename_of_utf32(const WCHAR *text, struct wm_filename *name);
wm_status wm_filename_of_utf16(const uint16_t *text, struct wm_filename *name);

/*
 * What a system call means that was given this name, and answered error. Linux says ENOENT whether the file is missing or a
 * directory that it would be in; Windows knows two errors.
 */
wm_status wm_filename_status(const struct wm_filename *name, long error);

/* The same of a call that wants a directory: something else is WM_DIRECTORY_NONE. */
wm_status wm_filename_directory_status(const struct wm_filename *name, long error);

#endif
