/*
 * threads.c: the threads of another process, from /proc/PID/task. The list is as it was while it was read:
 * threads come and go, and a number in it may be gone when it is used.
 */
#include <fcntl.h>

#include "kern/listing.h"
#include "kern/process/peer.h"
#include "kern/text.h"

int wm_peer_threads(const struct wm_peer *peer, int32_t *tids, size_t room)
{
    struct wm_listing listing;
    int fd = wm_peer_file(peer, "task", O_RDONLY | O_DIRECTORY);
    size_t count = 0;
    const char *name;

    if (fd < 0)
        return fd;
    wm_listing_begin(&listing, fd);
    while (count < room && (name = wm_listing_next(&listing)) != NULL)
        tids[count++] = (int32_t)wm_text_decimal(&name);
    wm_listing_end(&listing);
    return (int)count;
}
