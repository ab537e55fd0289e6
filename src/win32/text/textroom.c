#include "win32/text/textroom.h"

#include <string.h>

#include "api/wide.h"

static size_t put(const struct wm_text_room *room, const char *text, void *out, size_t size)
{
    size_t length;

    if (room->unit_bytes == sizeof(uint16_t))
        return wm_utf16_of_utf8(text, out, size);
    if (room->unit_bytes == sizeof(uint32_t))
        return wm_utf32_of_utf8(text, out, size);
    length = strlen(text);
    if (size > length)
        memcpy(out, text, length + 1);
    return length;
}

size_t wm_text_length(const struct wm_text_room *room, const char *text)
{
    return put(room, text, NULL, 0);
}

/* What is about to be stored: up to a page of it may be tried by storing something. */
static wm_status can_store(void *to, size_t bytes)
{
    return bytes <= 4096 ? wm_edge_writable(to, bytes) : wm_edge_fillable(to, bytes);
}

wm_status wm_text_tell(const struct wm_text_room *room, const char *text, DWORD *told)
{
    size_t length = wm_text_length(room, text);
    wm_status st;

    if (room->buffer == NULL || length >= room->size) {
        *told = (DWORD)length + 1;
        return WM_OK;
    }
    st = can_store(room->buffer, (length + 1) * room->unit_bytes);
    if (!wm_ok(st))
        return st;
    put(room, text, room->buffer, room->size);
    *told = (DWORD)length;
    return WM_OK;
}
