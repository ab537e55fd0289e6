/* cuttext.h: as much of a text as there is room for, in the caller's characters, with a terminator. */
#ifndef WM_WIN32_CUTTEXT_H
#define WM_WIN32_CUTTEXT_H

#include <string.h>

#include "api/wide.h"
#include "win32/win32.h"

/* size: characters, 1 at least. How many of them are stored, without the terminator. */
static inline DWORD wm_cut_text(const char *text, void *to, DWORD size, unsigned unit_bytes)
{
    size_t length = strlen(text);

    if (unit_bytes == sizeof(uint16_t))
        length = wm_utf16_of_utf8(text, to, size);
    else if (unit_bytes == sizeof(uint32_t))
        length = wm_utf32_of_utf8(text, to, size);
    if (unit_bytes == 1) {
        size_t part = length < size ? length : size - 1;

        memcpy(to, text, part);
        ((char *)to)[part] = '\0';
    }
    return length < size ? (DWORD)length : size - 1;
}

#endif
