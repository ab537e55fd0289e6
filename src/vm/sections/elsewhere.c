/*
 * elsewhere.c: the ways to bytes that are elsewhere, one after the other (elsewhere.h).
 *
 * The first is as good as any and costs two system calls. The second helps where processes do not let others look into
 * them (prctl PR_SET_DUMPABLE, a /proc of another namespace).
 */
#include "vm/sections/elsewhere.h"

#include <errno.h>
#include <fcntl.h>

#include "kern/descriptor.h"
#include "kern/process/peer.h"
#include "kern/sys.h"

static int by_process(const struct wm_named *named, const struct wm_elsewhere *where, int flags)
{
    (void)named;
    return wm_kern_open_theirs(where->pid, where->fd, flags);
}

static int by_path(const struct wm_named *named, const struct wm_elsewhere *where, int flags)
{
    char path[WM_NAME_PLACE_BYTES];

    (void)where;
    if (wm_named_place(named, path) != 0 || path[0] != '/')
        return -ENOENT;
    return wm_fd_open(path, flags | O_NOFOLLOW);
}

static int by_anybody(const struct wm_named *named, const struct wm_elsewhere *where, int flags)
{
    (void)named;
    return wm_kern_open_wherever(&where->id, flags);
}

static bool is_out_of_descriptors(int error)
{
    return error == -EMFILE || error == -ENFILE;
}

/* -EACCES: this way does not lead there. */
static int checked(int fd, const struct wm_file_id *id)
{
    if (fd < 0)
        return is_out_of_descriptors(fd) ? fd : -EACCES;
    if (wm_kern_is_file(fd, id))
        return fd;
    wm_kern_close(fd);
    return -EACCES;
}

int wm_elsewhere_open(const struct wm_named *named, struct wm_elsewhere *where, int flags)
{
    static int (*const ways[])(const struct wm_named *, const struct wm_elsewhere *,
                               int) = {by_process, by_path, by_anybody};
    int fd = -EACCES;
    size_t way;

    for (way = 0; fd == -EACCES && way < sizeof ways / sizeof ways[0]; way++)
        fd = checked(ways[way](named, where, flags | O_NONBLOCK | O_NOCTTY), &where->id);
    if (fd >= 0 && way > 1) {
        where->fd = fd;
        where->pid = wm_sys_pid();
    }
    return fd;
}
