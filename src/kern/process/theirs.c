/*
 * theirs.c: a descriptor of another process.
 *
 * Opened once more by its name in /proc: the kernel looks at the file's own permissions and at the right to look into the
 * process; position and flags are new. Or shared, as after a fork: for that it takes the right to trace the process, which
 * yama (ptrace_scope) gives to its ancestors alone.
 */
#include <errno.h>

#include "kern/descriptor.h"
#include "kern/kern.h"
#include "kern/probe.h"
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

int wm_kern_share_theirs(int32_t pid, int fd)
{
    int process = wm_probe_has(WM_FEATURE_PIDFD) ? wm_fd_process(pid) : -ENOSYS, shared;

    if (process < 0)
        return process;
    shared = wm_fd_of_process(process, fd);
    wm_kern_close(process);
    return shared;
}
