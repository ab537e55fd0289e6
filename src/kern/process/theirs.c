/*
 * theirs.c: a descriptor of another process, opened once more by its name in /proc. The kernel looks at the
 * file's own permissions and at the right to look into the process; position and flags are new.
 */
#include "kern/descriptor.h"
#include "kern/process/peer.h"
#include "kern/process/procstat.h"
#include "kern/text.h"

int wm_kern_open_theirs(int32_t pid, int fd, int flags)
{
    struct wm_proc_path path;
    char name[32];

    wm_text_put_decimal(wm_text_put(name, "fd/"), (uint64_t)fd);
    path = wm_proc_path(pid, name);
    return wm_fd_open(path.text, flags);
}
