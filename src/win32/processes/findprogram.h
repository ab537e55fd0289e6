/* findprogram.h: the program that a command line means. */
#ifndef WM_WIN32_FINDPROGRAM_H
#define WM_WIN32_FINDPROGRAM_H

#include "win32/files/filename.h"

/* WM_FILE_UNKNOWN, WM_PATH_UNKNOWN: there is none. */
wm_status wm_find_program(const char *line, struct wm_filename *out);

#endif
