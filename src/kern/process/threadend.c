/*
 * threadend.c: has a thread ended, of whichever process?
 *
 * A thread has its number until it is gone. But the first thread of a process keeps it until somebody has waited for the
 * process, and that may be long after its end: so /proc is asked for its state. Where /proc shows the processes of another
 * pid namespace, or cannot be read, nobody knows, and nobody is called ended who may not be.
 */
#include <errno.h>

#include "kern/process/peer.h"
#include "kern/process/procstat.h"
#include "kern/sys.h"

bool wm_kern_has_number(int32_t tid)
{
    return wm_sys3(SYS_tkill, tid, 0, 0) != -ESRCH;
}

bool wm_kern_thread_ended(int32_t tid)
{
    struct wm_procstat stat = {0};

    if (!wm_kern_has_number(tid))
        return true;
    return wm_procstat_read(tid, &stat) == 0 && (stat.state == 'Z' || stat.state == 'X');
}
