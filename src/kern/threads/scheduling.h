/*
 * scheduling.h: when a thread runs, and for how long it has run. Where it may is told in kern/system/system.h.
 *
 * What kern.h says holds. Threads are named by their numbers; -ESRCH: nobody has it.
 */
#ifndef WM_KERN_SCHEDULING_H
#define WM_KERN_SCHEDULING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/private.h"

/* From -20, which runs most, to 19. -EACCES: it would become lower, and that is not allowed. */
WM_FOR_WIN32 int wm_kern_nice(uint32_t thread, int *nice);
WM_FOR_WIN32 int wm_kern_set_nice(uint32_t thread, int nice);

/* Lets others run; true: somebody did. */
WM_FOR_WIN32 bool wm_kern_yield(void);

/* What ps and debuggers show: 15 bytes of it. */
int wm_kern_name_thread(uint32_t thread, const char *name);

struct wm_cpu_times {
    uint64_t user, kernel; /* nanoseconds */
};

/* Of the calling thread; of any one. */
int wm_kern_own_cpu_times(struct wm_cpu_times *out);
int wm_kern_cpu_times(uint32_t thread, struct wm_cpu_times *out);

/* Now, and when a thread of wm_kern_thread_born began: in units of 100 ns since 1601. */
uint64_t wm_kern_wall_clock(void);
uint64_t wm_kern_wall_clock_of(uint64_t born);

#endif
