/*
 * lockwait.h: how long who waits for a lock spins, sleeps and lets others go first.
 *
 * Most locks are held for less than the microseconds that a sleep and its waking cost, so who finds one held looks at it for
 * a while first. Then it sleeps, and others who come may take the lock before it: a lock that goes from sleeper to sleeper
 * spends its time in between. But who was woken in vain after it has waited for WM_LOCK_PATIENCE says so in the lock's word
 * (STARVING), and from then on a free lock is for those who have slept.
 *
 * No sleep is longer than WM_LOCK_SLEEP without a look at the lock: whoever was to wake this thread may have stayed behind
 * in the parent of a fork, or have been taken out of its wait by a signal handler that jumped away. While a lock is free,
 * and only waits for somebody who was woken, it is WM_LOCK_GLANCE.
 *
 * A lock's memory is not touched once it has been let go: who takes it next may free it. So all that is known of sleepers is
 * in one word with the lock, and what is done afterwards is to wake by its address, which need not be there any more.
 */
#ifndef WM_WIN32_LOCKWAIT_H
#define WM_WIN32_LOCKWAIT_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/atomic.h"
#include "kern/futex.h"

/* Nanoseconds. */
enum { WM_LOCK_PATIENCE = 2000000, WM_LOCK_SLEEP = 100000000, WM_LOCK_GLANCE = 2000000 };

/* Moments, a few nanoseconds each. */
enum { WM_LOCK_SPINS = 100, WM_LOCK_SPINS_MAX = 4000, WM_LOCK_LONGEST_PAUSE = 64 };

/* 0 where there is one processor: whoever has the lock does not run meanwhile. */
unsigned wm_lock_spins(unsigned wanted);

/* Waits for so many moments, and tells for how many the next time: each look takes the word's memory away from its owner. */
static inline unsigned wm_lock_back_off(unsigned moments)
{
    for (unsigned i = 0; i < moments; i++)
        wm_cpu_relax();
    return moments < WM_LOCK_LONGEST_PAUSE ? 2 * moments : moments;
}

/* Who waits for what: those who wake choose. */
enum { WM_LOCK_READERS = 1, WM_LOCK_WRITERS = 2 };

/* One thread's wait for one lock. */
struct wm_lock_patience {
    uint64_t since;   /* 0: it has not slept yet */
    bool was_woken;   /* its last sleep was ended by somebody who let go, */
    bool was_late;    /* or by its time */
    bool has_run_out; /* it was woken in vain, and has waited for long enough */
};

static inline bool wm_lock_has_slept(const struct wm_lock_patience *patience)
{
    return patience->was_woken || patience->was_late;
}

void wm_lock_sleep(struct wm_lock_patience *patience, const uint32_t *word, uint32_t expected, uint32_t who,
                   uint64_t nanoseconds);

/* Was anybody woken? */
static inline bool wm_lock_wake(const uint32_t *word, uint32_t who, int most)
{
    return wm_futex_wake(word, WM_FUTEX_OURS, who, most) > 0;
}

#endif
