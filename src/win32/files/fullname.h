/*
 * fullname.h: the name of a file from the root on, without `.`, `..` and double separators.
 *
 * It is found by the text alone, as Windows does: where `..` follows a symbolic link the kernel may go elsewhere.
 */
#ifndef WM_WIN32_FULLNAME_H
#define WM_WIN32_FULLNAME_H

#include "win32/files/filename.h"
#include "win32/text/textroom.h"

/* WM_NAME_LONG: it would be longer than Linux takes. Both may be the same. */
wm_status wm_filename_full(const struct wm_filename *name, struct wm_filename *full);

/* The directory that names without a root begin in. WM_FILE_UNKNOWN: it is gone. */
wm_status wm_filename_here(struct wm_filename *here);

/* A whole function: what the directory is called that `find` finds, left in the caller's buffer; traced. */
DWORD wm_directory_told(const char *function, wm_status (*find)(struct wm_filename *directory),
                        const struct wm_text_room *room);

#endif
