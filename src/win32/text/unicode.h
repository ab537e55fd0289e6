/*
 * unicode.h: characters one by one, in UTF-8 and in either WCHAR, of texts that say how long they are.
 *
 * What is no character is WM_NO_CHARACTER, once for each piece that could have become one, as Unicode recommends
 * ("maximal subparts"): a sequence that breaks off is one, a byte that begins none is one.
 */
#ifndef WM_WIN32_UNICODE_H
#define WM_WIN32_UNICODE_H

#include "win32/win32.h"

#define WM_NO_CHARACTER UINT32_MAX
#define WM_REPLACEMENT 0xfffdu

/* The first character of a text that is not empty; how many bytes (units) it takes, 1 at least. */
size_t wm_take_utf8(const char *text, size_t bytes, uint32_t *character);
size_t wm_take_wide(const void *text, size_t units, unsigned unit_bytes, uint32_t *character);

/* How many bytes (units) it takes; they are stored if there is room for all of them. */
size_t wm_put_utf8(uint32_t character, char *out, size_t room);
size_t wm_put_wide(uint32_t character, void *out, size_t room, unsigned unit_bytes);

/* A text of the caller's as UTF-8, to be freed; NULL for NULL, and where there is no memory. unit_bytes 1: a copy. */
char *wm_utf8_copy(const void *text, unsigned unit_bytes);

/* UTF-8 as a text of such units, to be freed, its terminator included; NULL: there is no memory. */
void *wm_wide_copy(const char *text, unsigned unit_bytes);

/* Units before the terminator. */
size_t wm_wide_length(const void *text, unsigned unit_bytes);

#endif
