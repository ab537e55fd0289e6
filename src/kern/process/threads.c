/*
 * threads.c: the threads of another process, from /proc/PID/task. The list is as it was while it was read:
 * threads come and go, and a number in it may be gone when it is used.
 */
#include <errno.h>
#include <fcntl.h>

#include "kern/process/peer.h"
#include "kern/sys.h"
#include "kern/text.h"

/* What getdents64 fills in, as far as it is of interest. */
struct entry {
    uint64_t inode, offset;
    uint16_t bytes;
    uint8_t type;
    char name[];
};

static size_t collect(const char *buffer, long bytes, int32_t *tids, size_t room)
{
    size_t count = 0;

    for (long at = 0; at < bytes && count < room;) {
        const struct entry *e = (const struct entry *)(buffer + at);
        const char *name = e->name;

        at += e->bytes;
        if (*name != '.')
            tids[count++] = (int32_t)wm_text_decimal(&name);
    }
    return count;
}

int wm_peer_threads(const struct wm_peer *peer, int32_t *tids, size_t room)
{
    _Alignas(struct entry) char buffer[4096];
    int fd = wm_peer_file(peer, "task", O_RDONLY | O_DIRECTORY);
    size_t count = 0;
    long bytes;

    if (fd < 0)
        return fd;
    while (count < room && (bytes = wm_sys3(SYS_getdents64, fd, (long)buffer, sizeof buffer)) > 0)
        count += collect(buffer, bytes, tids + count, room - count);
    wm_kern_close(fd);
    return (int)count;
}
