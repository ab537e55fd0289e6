/* identity.c: the numbers of threads. */
#include <errno.h>

#include "kern/process/procstat.h"
#include "kern/sys.h"
#include "kern/threads/ownthreads.h"

uint32_t wm_kern_thread_id(void)
{
    return (uint32_t)wm_sys3(SYS_gettid, 0, 0, 0);
}

bool wm_kern_has_thread(uint32_t id)
{
    return id != 0 && id <= INT32_MAX && wm_sys3(SYS_tgkill, wm_sys_pid(), (long)id, 0) != -ESRCH;
}

uint64_t wm_kern_thread_born(uint32_t id)
{
    struct wm_procstat stat;

    int result = wm_procstat_read_own(id, &stat);

    if (result == 0)
        return stat.born;
    return result == -EXDEV || result == -ENODEV ? WM_BORN_SOMETIME : 0;
}
