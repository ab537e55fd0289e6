/*
 * usage.c: how much memory this process uses, as the kernel counts it. Reservations count as mapped
 * (pinned: system.statm_counts_reservations), arenas with them.
 */
#include <sys/resource.h>

#include "kern/sys.h"
#include "kern/system/system.h"
#include "kern/text.h"

static uint64_t faults(void)
{
    struct rusage usage;

    if (wm_sys3(SYS_getrusage, RUSAGE_SELF, (long)&usage, 0) != 0)
        return 0;
    return (uint64_t)usage.ru_minflt + (uint64_t)usage.ru_majflt;
}

/*
 * The file of the calling thread, not of the process: /proc/self is the main thread, and when that has
 * ended its file no longer speaks of memory (pinned: ends.a_first_thread_can_be_dead_alone). What getrusage
 * calls the largest resident set survives an exec, so the peak is taken from here as well. The kernel
 * brings it up to date late: it may lie below what is resident.
 */
int wm_kern_usage(struct wm_usage *out)
{
    uint64_t data = 0, stack = 0;
    const struct wm_text_field fields[] = {
        {"VmSize", &out->mapped},
        {"VmHWM", &out->peak_resident},
        {"VmRSS", &out->resident},
        {"RssAnon", &out->resident_private},
        {"RssShmem", &out->resident_shared},
        {"VmData", &data},
        {"VmStk", &stack},
    };
    int result;

    *out = (struct wm_usage){.faults = faults()};
    result = wm_text_file_fields("/proc/thread-self/status", fields, sizeof fields / sizeof fields[0]);
    out->promised = data + stack;
    if (out->peak_resident < out->resident)
        out->peak_resident = out->resident;
    return result;
}
