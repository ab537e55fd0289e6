/*
 * processtimes.c: GetProcessTimes: when a process began and ended, and how long it has been at work.
 *
 * When a process ended nobody tells: whoever asks hears the time at which he asks, no later than which it was.
 */
#include <errno.h>
#include <time.h>

#include "vm/errno_status.h"
#include "win32/files/filetime.h"

enum { TICKS_PER_MICROSECOND = WM_TICKS_PER_SECOND / 1000000 };

static int64_t day_now(void)
{
    struct timespec day = {0, 0};

    clock_gettime(CLOCK_REALTIME, &day);
    return wm_ticks(day);
}

/* The time of day at which the machine would have started, had nobody set the clock since. */
static int64_t machine_started(void)
{
    struct timespec running = {0, 0};

    clock_gettime(CLOCK_BOOTTIME, &running);
    return day_now() - (running.tv_sec * WM_TICKS_PER_SECOND + running.tv_nsec / 100);
}

static wm_status status_of(int error)
{
    return error == -ESRCH ? WM_TIMES_FORGOTTEN : error == 0 ? WM_OK : WM_TIMES_UNREADABLE;
}

static wm_status worked(HANDLE process, struct wm_worked *out)
{
    WM_TARGET target = {0};
    wm_status st = wm_edge_target(process, PROCESS_QUERY_LIMITED_INFORMATION, &target);

    if (!wm_ok(st))
        return st;
    return status_of(wm_target_is_self(&target) ? wm_own_worked(out)
                                                : wm_peer_worked(&target.other->peer, out));
}

static wm_status tell(FILETIME *out, uint64_t ticks)
{
    FILETIME time = wm_file_time((int64_t)ticks);

    return wm_edge_tell(out, &time, sizeof time);
}

BOOL WINAPI GetProcessTimes(HANDLE hProcess, LPFILETIME lpCreationTime, LPFILETIME lpExitTime,
                            LPFILETIME lpKernelTime, LPFILETIME lpUserTime)
{
    struct wm_worked process = {0};
    wm_status st = worked(hProcess, &process);

    if (wm_ok(st))
        st = tell(lpCreationTime, (uint64_t)machine_started() + process.born * TICKS_PER_MICROSECOND);
    if (wm_ok(st))
        st = tell(lpExitTime, process.ended ? (uint64_t)day_now() : 0);
    if (wm_ok(st))
        st = tell(lpKernelTime, process.system * TICKS_PER_MICROSECOND);
    if (wm_ok(st))
        st = tell(lpUserTime, process.user * TICKS_PER_MICROSECOND);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hProcess), WM_HEX(lpCreationTime), WM_HEX(lpExitTime),
             WM_HEX(lpKernelTime), WM_HEX(lpUserTime));
    return wm_edge_bool(st);
}
