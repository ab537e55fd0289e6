/* growing.c: see growing.h. */
#include "win32/text/growing.h"

#include <stdlib.h>
#include <string.h>

enum { AT_FIRST = 4096 };

static bool make_room(struct wm_growing *growing, size_t bytes)
{
    size_t room = growing->room == 0 ? AT_FIRST : growing->room;
    char *data;

    while (room - growing->bytes < bytes)
        room *= 2;
    data = room == growing->room ? growing->data : realloc(growing->data, room);
    if (data == NULL)
        return false;
    growing->data = data;
    growing->room = room;
    return true;
}

void wm_growing_add(struct wm_growing *growing, const void *piece, size_t bytes)
{
    if (growing->full || !make_room(growing, bytes)) {
        growing->full = true;
        return;
    }
    memcpy(growing->data + growing->bytes, piece, bytes);
    growing->bytes += bytes;
}

void wm_growing_free(struct wm_growing *growing)
{
    free(growing->data);
}
