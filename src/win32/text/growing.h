/* growing.h: bytes, one piece behind the other, in malloc's memory. */
#ifndef WM_WIN32_GROWING_H
#define WM_WIN32_GROWING_H

#include <stdbool.h>
#include <stddef.h>

struct wm_growing {
    char *data;
    size_t bytes, room;
    bool full; /* there was no memory for something */
};

/* A copy of this behind what there is. */
void wm_growing_add(struct wm_growing *growing, const void *piece, size_t bytes);

void wm_growing_free(struct wm_growing *growing);

#endif
