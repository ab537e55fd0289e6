/*
 * patience.c: how often to look (patience.h). At once, then after giving up the processor, then every 20
 * microseconds, then every millisecond: most answers come within the first of these, and who waits long
 * disturbs nobody. Only what was slept counts against the limit: looking costs next to nothing.
 */
#include "kern/patience.h"

#include <time.h>

#include "kern/sys.h"

enum { TRIES = 32, SHORT_NAPS = 100, SHORT = 20000, LONG = 1000000 };

bool wm_patience_nap(struct wm_patience *patience)
{
    struct timespec nap = {0, patience->rounds < WM_PATIENCE_AWAKE + SHORT_NAPS ? SHORT : LONG};

    if (patience->rounds < WM_PATIENCE_AWAKE) {
        if (patience->rounds++ >= TRIES)
            wm_sys3(SYS_sched_yield, 0, 0, 0);
        return true;
    }
    patience->rounds++;
    if (patience->left < (uint64_t)nap.tv_nsec)
        return false;
    wm_sys3(SYS_nanosleep, (long)&nap, 0, 0);
    patience->left -= (uint64_t)nap.tv_nsec;
    return true;
}
