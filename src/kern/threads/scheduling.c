/*
 * scheduling.c: priorities, yielding and times of threads (scheduling.h).
 *
 * Priorities are nice values, which Linux has for each thread. Whoever may not run more than before may not take back what
 * he has given up either (RLIMIT_NICE).
 *
 * What a thread has run is told exactly by its clock; how much of that was the kernel, in ticks of 10 ms, by /proc.
 */
#include "kern/threads/scheduling.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "kern/descriptor.h"
#include "kern/kern.h"
#include "kern/process/procstat.h"
#include "kern/sys.h"
#include "kern/text.h"

#define SECOND ((uint64_t)1000000000)
#define TICK ((uint64_t)10000000)
#define TICKS_OF_1601 ((uint64_t)116444736000000000)

enum { NICE_BIAS = 20 };

/* --- priorities --- */

int wm_kern_nice(uint32_t thread, int *nice)
{
    long result = wm_sys3(SYS_getpriority, PRIO_PROCESS, (long)thread, 0);

    if (result < 0)
        return (int)result;
    *nice = NICE_BIAS - (int)result;
    return 0;
}

int wm_kern_set_nice(uint32_t thread, int nice)
{
    return (int)wm_sys3(SYS_setpriority, PRIO_PROCESS, (long)thread, nice);
}

/* --- yielding --- */

static long switches(void)
{
    struct rusage usage = {0};

    wm_sys3(SYS_getrusage, RUSAGE_THREAD, (long)&usage, 0);
    return usage.ru_nvcsw + usage.ru_nivcsw;
}

bool wm_kern_yield(void)
{
    long before = switches();

    wm_sys3(SYS_sched_yield, 0, 0, 0);
    return switches() != before;
}

/* --- its name --- */

int wm_kern_name_thread(uint32_t thread, const char *name)
{
    char path[64];
    int fd;
    long result;

    wm_text_put(wm_text_put_decimal(wm_text_put(path, "/proc/self/task/"), thread), "/comm");
    fd = wm_fd_create(path, O_WRONLY, 0);
    if (fd < 0)
        return fd;
    result = wm_sys3(SYS_write, fd, (long)name, (long)strlen(name));
    wm_kern_close(fd);
    return result < 0 ? (int)result : 0;
}

/* --- times --- */

static uint64_t nanoseconds_of(const struct timeval *time)
{
    return (uint64_t)time->tv_sec * SECOND + (uint64_t)time->tv_usec * 1000;
}

int wm_kern_own_cpu_times(struct wm_cpu_times *out)
{
    struct rusage usage;
    int result = (int)wm_sys3(SYS_getrusage, RUSAGE_THREAD, (long)&usage, 0);

    if (result == 0)
        *out = (struct wm_cpu_times){nanoseconds_of(&usage.ru_utime), nanoseconds_of(&usage.ru_stime)};
    return result;
}

/* The clock of a thread is named by its number (clock_getcpuclockid(3)). */
static int run_time(uint32_t thread, uint64_t *nanoseconds)
{
    const unsigned scheduled = 6;
    struct timespec time;
    int result = (int)wm_sys3(SYS_clock_gettime, (long)(int32_t)((~thread << 3) | scheduled), (long)&time, 0);

    if (result == 0)
        *nanoseconds = (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
    return result;
}

int wm_kern_cpu_times(uint32_t thread, struct wm_cpu_times *out)
{
    struct wm_procstat stat;
    uint64_t total = 0;
    int result = run_time(thread, &total);

    if (result == 0)
        result = wm_procstat_read_own(thread, &stat);
    if (result != 0)
        return result;
    out->kernel = stat.system * TICK < total ? stat.system * TICK : total;
    out->user = total - out->kernel;
    return 0;
}

static uint64_t clock_now(clockid_t clock)
{
    struct timespec now = {0, 0};

    wm_sys3(SYS_clock_gettime, clock, (long)&now, 0);
    return (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec;
}

uint64_t wm_kern_wall_clock(void)
{
    return clock_now(CLOCK_REALTIME) / 100 + TICKS_OF_1601;
}

uint64_t wm_kern_wall_clock_of(uint64_t born)
{
    return (clock_now(CLOCK_REALTIME) - clock_now(CLOCK_BOOTTIME) + born * TICK) / 100 + TICKS_OF_1601;
}
