/*
 * textroom.h: where a function leaves a text: the caller's buffer, and of how many bytes its characters are.
 *
 *   struct wm_text_room room = {lpBuffer, nBufferLength, 1};
 *   wm_status st = wm_text_tell(&room, text, &told);
 *
 * told is the length of the text, or, where it does not fit, how large a buffer it wants, terminator and all, and nothing
 * is stored. Both are counted in the caller's characters.
 */
#ifndef WM_WIN32_TEXTROOM_H
#define WM_WIN32_TEXTROOM_H

#include "win32/win32.h"

struct wm_text_room {
    void *buffer; /* NULL: there is no room */
    DWORD size;
    unsigned unit_bytes; /* 1: UTF-8, 2, 4 */
};

wm_status wm_text_tell(const struct wm_text_room *room, const char *text, DWORD *told);

/* In the caller's characters, without a terminator. */
size_t wm_text_length(const struct wm_text_room *room, const char *text);

#endif
