/*
 * worked.c: how long a process has been at work.
 *
 * /proc/PID/stat has it in clock ticks, of which user space sees a hundred a second whatever the kernel counts in. It is
 * there until the parent has waited for a process that ended, and may be another's then, which the time of its birth tells.
 */
#include <errno.h>
#include <sys/resource.h>

#include "kern/process/peer.h"
#include "kern/process/procstat.h"
#include "kern/sys.h"

enum { MICROSECONDS = 1000000, TICK = MICROSECONDS / 100 };

static int read_worked(int32_t pid, struct wm_procstat *stat, struct wm_worked *out)
{
    int error = wm_procstat_read(pid, stat);

    if (error == 0)
        *out = (struct wm_worked){stat->born * TICK, stat->user * TICK, stat->system * TICK,
                                  wm_procstat_dead(stat)};
    return error;
}

int wm_peer_worked(const struct wm_peer *peer, struct wm_worked *out)
{
    struct wm_procstat stat;
    struct wm_worked worked;
    int error = read_worked(peer->pid, &stat, &worked);

    if (error == -ENOENT || (error == 0 && stat.born != peer->born))
        return -ESRCH;
    if (error == 0)
        *out = worked;
    return error;
}

static uint64_t microseconds(const struct timeval *time)
{
    return (uint64_t)time->tv_sec * MICROSECONDS + (uint64_t)time->tv_usec;
}

int wm_own_worked(struct wm_worked *out)
{
    struct wm_procstat stat;
    struct wm_worked worked;
    struct rusage used;
    int error = read_worked(wm_sys_pid(), &stat, &worked);

    if (error == 0)
        error = (int)wm_sys3(SYS_getrusage, RUSAGE_SELF, (long)&used, 0);
    if (error != 0)
        return error;
    *out = (struct wm_worked){worked.born, microseconds(&used.ru_utime), microseconds(&used.ru_stime), false};
    return 0;
}
