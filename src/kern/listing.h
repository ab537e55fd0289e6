/*
 * listing.h: the names in a directory, one after the other, with a buffer on the stack.
 *
 * The list is as it was while it was read: what is in it may be gone when it is used.
 */
#ifndef WM_KERN_LISTING_H
#define WM_KERN_LISTING_H

#include <stdint.h>

#include "base/private.h"

struct wm_listing {
    int fd;
    long at, bytes;
    _Alignas(uint64_t) char buffer[4096];
};

/* Takes the descriptor over, which may be a negative errno: then there are no names. */
WM_FOR_WIN32 void wm_listing_begin(struct wm_listing *listing, int fd);

/* The next name, valid until the next call; NULL: that was all. Without those that begin with a dot. */
WM_FOR_WIN32 const char *wm_listing_next(struct wm_listing *listing);

WM_FOR_WIN32 void wm_listing_end(struct wm_listing *listing);

#endif
