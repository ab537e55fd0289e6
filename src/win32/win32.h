/*
 * win32.h: what every file of libwinmem-win32 begins with.
 *
 * This library stands on top of libwinmem, of which it knows the public headers and what api/private.def lists. What is
 * to be remembered of a file is in libwinmem's table of objects; what this library keeps itself are words that are as
 * right in a fork's child (stdhandles.c, lockowner.c, waitonaddress.c), so it has no locks of its own and nothing that a fork
 * would renew.
 */
#ifndef WM_WIN32_WIN32_H
#define WM_WIN32_WIN32_H

#include <windows.h>

#include "api/edge.h"

/*
 * Linked from the archive, a program takes those of our functions that it calls. With each of them comes the table, and so
 * all others: GetProcAddress is to find the same however the library is linked.
 */
extern struct wm_exports wm_win32_exports;

static struct wm_exports *const wm_win32_comes_along __attribute__((used)) = &wm_win32_exports;

#endif
