/* listing.c: reading directories (listing.h). */
#include "kern/listing.h"

#include <stdbool.h>
#include <stddef.h>

#include "kern/kern.h"
#include "kern/sys.h"

/* What getdents64 gives. */
struct entry {
    uint64_t inode, next;
    uint16_t length;
    uint8_t type;
    char name[];
};

void wm_listing_begin(struct wm_listing *listing, int fd)
{
    listing->fd = fd;
    listing->at = listing->bytes = 0;
}

static bool fill(struct wm_listing *listing)
{
    listing->at = 0;
    listing->bytes =
        listing->fd < 0 ? 0
                        : wm_sys3(SYS_getdents64, listing->fd, (long)listing->buffer, sizeof listing->buffer);
    return listing->bytes > 0;
}

const char *wm_listing_next(struct wm_listing *listing)
{
    const struct entry *entry;

    do {
        if (listing->at >= listing->bytes && !fill(listing))
            return NULL;
        entry = (const struct entry *)(const void *)(listing->buffer + listing->at);
        listing->at += entry->length;
    } while (entry->name[0] == '.');
    return entry->name;
}

void wm_listing_end(struct wm_listing *listing)
{
    if (listing->fd >= 0)
        wm_kern_close(listing->fd);
    listing->fd = -1;
}
