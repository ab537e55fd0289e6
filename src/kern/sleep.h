/*
 * sleep.h: sleeping until something may have changed: words in memory (futex.h), descriptors, or both.
 *
 * A sleep may end for no reason, so whoever sleeps looks again. Nothing that changes after its word was read is missed: the
 * kernel compares.
 */
#ifndef WM_KERN_SLEEP_H
#define WM_KERN_SLEEP_H

#include <stdint.h>

#include "kern/futex.h"

enum { WM_SLEEP_MOST = 64 }; /* sources at a time */

/* On what to sleep until one thing may have changed. Neither a word nor a descriptor: it never does. */
struct wm_wait_source {
    struct wm_futex_word word; /* .word NULL: there is none */
    int fd;                    /* -1: none. There is something to read from it, once it has changed */
    uint64_t pause; /* look again after so many nanoseconds at the latest; 0: there is no need to */
};

/*
 * Until one of them may have changed, or that time has come. rounds: how often that has been done in this wait: where
 * nobody wakes us the looks become rarer.
 */
void wm_sleep_on_any(const struct wm_wait_source *sources, unsigned count, uint64_t until, unsigned rounds);

#endif
