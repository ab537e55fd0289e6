/*
 * lockword.h: the one step that takes and lets go of a lock.
 *
 * In a process with one thread it is a look and a store, as in libc's own locks: an instruction that keeps other processors
 * out is most of a lock's cost. libc knows how many threads there are. A signal handler that comes between the two leaves
 * each lock as it found it, or the thread that it has interrupted would wait for itself in any case.
 */
#ifndef WM_WIN32_LOCKWORD_H
#define WM_WIN32_LOCKWORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/alone.h"

/* Whether it was so; if not, seen is what it is. */
static inline bool wm_lock_change(uint32_t *word, uint32_t *seen, uint32_t wanted)
{
    uint32_t now;

    if (!WM_THREAD_ALONE)
        return __atomic_compare_exchange_n(word, seen, wanted, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
    now = __atomic_load_n(word, __ATOMIC_RELAXED);
    if (now != *seen) {
        *seen = now;
        return false;
    }
    __atomic_store_n(word, wanted, __ATOMIC_RELEASE);
    return true;
}

#endif
