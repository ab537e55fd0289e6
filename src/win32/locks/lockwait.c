/* lockwait.c: spinning and sleeping for a lock (lockwait.h). Who only spins never looks at the clock. */
#include "win32/locks/lockwait.h"

#include <errno.h>
#include <unistd.h>

#include "base/atomic.h"
#include "kern/clock.h"

/* 0: nobody has asked yet. */
static uint32_t processors;

unsigned wm_lock_spins(unsigned wanted)
{
    if (__builtin_expect(WM_LOAD(processors) == 0, 0)) {
        long found = sysconf(_SC_NPROCESSORS_ONLN);

        WM_STORE(processors, found > 0 ? (uint32_t)found : 1);
    }
    if (WM_LOAD(processors) == 1)
        return 0;
    return wanted < WM_LOCK_SPINS ? WM_LOCK_SPINS : wanted < WM_LOCK_SPINS_MAX ? wanted : WM_LOCK_SPINS_MAX;
}

void wm_lock_sleep(struct wm_lock_patience *patience, const uint32_t *word, uint32_t expected, uint32_t who,
                   uint64_t nanoseconds)
{
    const struct wm_futex_word on = {word, expected, WM_FUTEX_OURS};
    uint64_t now = wm_clock_now();
    int result;

    if (patience->since == 0)
        patience->since = now;
    result = wm_futex_wait(&on, who, now + nanoseconds);
    patience->was_woken = result == 0;
    patience->was_late = result == -ETIMEDOUT;
    patience->has_run_out = result == 0 && wm_clock_now() - patience->since > WM_LOCK_PATIENCE;
}
