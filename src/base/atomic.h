/*
 * atomic.h: the two accesses that records need which somebody reads without a lock.
 *
 * Acquire and release on every field, rather than fences around plain copies: the same instructions
 * on x86-64, and thread sanitizers can follow it.
 */
#ifndef WM_BASE_ATOMIC_H
#define WM_BASE_ATOMIC_H

#include "base/processor.h"

#define WM_LOAD(place) __atomic_load_n(&(place), __ATOMIC_ACQUIRE)
#define WM_STORE(place, value) __atomic_store_n(&(place), (value), __ATOMIC_RELEASE)

static inline void wm_cpu_relax(void)
{
    WM_PAUSE();
}

#endif
