/*
 * wide.h: UTF-8 to the two widths of WCHAR.
 *
 * Bytes that are no UTF-8 (a Linux file name may hold any) become U+FFFD each. Both return the length of
 * the whole string without its terminator; as much of it as fits is stored, terminated, if size is not 0.
 */
#ifndef WM_API_WIDE_H
#define WM_API_WIDE_H

#include <stddef.h>
#include <stdint.h>

#include "base/private.h"

WM_FOR_WIN32 size_t wm_utf32_of_utf8(const char *text, uint32_t *out, size_t size);
WM_FOR_WIN32 size_t wm_utf16_of_utf8(const char *text, uint16_t *out, size_t size);

#endif
