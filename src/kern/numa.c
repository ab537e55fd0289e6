/* numa.c: memory nodes. */
#include <errno.h>
#include <fcntl.h>

#include "base/atomic.h"
#include "kern/kern.h"
#include "kern/probe.h"
#include "kern/sys.h"

enum { MPOL_PREFERRED_MANY = 5, NODE_BITS = 64, UNKNOWN = -1 };

/* The last number in a list such as "0-1,4". */
static int last_number(const char *list)
{
    int number = 0;

    for (; *list >= ',' && *list <= '9'; list++)
        number = *list == '-' || *list == ',' ? 0 : number * 10 + (*list - '0');
    return number;
}

static int read_highest(void)
{
    char list[256] = "0";
    int fd =
        (int)wm_sys4(SYS_openat, AT_FDCWD, (long)"/sys/devices/system/node/online", O_RDONLY | O_CLOEXEC, 0);
    long got = fd < 0 ? 0 : wm_sys3(SYS_read, fd, (long)list, sizeof list - 1);

    if (fd >= 0)
        wm_kern_close(fd);
    list[got > 0 ? got : 1] = '\0';
    return last_number(list);
}

uint32_t wm_kern_highest_node(void)
{
    static int highest = UNKNOWN;

    if (WM_LOAD(highest) == UNKNOWN)
        WM_STORE(highest, read_highest());
    return (uint32_t)WM_LOAD(highest);
}

/*
 * On one node there is nothing to prefer. PREFERRED_MANY (Linux 5.15) is advice, as on Windows;
 * containers often forbid mbind, and then the advice is dropped.
 */
int wm_kern_prefer_node(struct wm_range r, uint32_t node)
{
    uint64_t mask = 1ull << (node % NODE_BITS);
    long result;

    if (wm_kern_highest_node() == 0 || node >= NODE_BITS || !wm_probe_has(WM_FEATURE_NUMA))
        return 0;
    result = wm_sys6(SYS_mbind, (long)r.start, (long)wm_range_bytes(r), MPOL_PREFERRED_MANY, (long)&mask,
                     NODE_BITS + 1, 0);
    if (result != 0)
        wm_probe_lacks(WM_FEATURE_NUMA);
    return (int)result;
}
