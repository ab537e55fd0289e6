/* clock.h: time that never goes back, in nanoseconds. UINT64_MAX is never. */
#ifndef WM_KERN_CLOCK_H
#define WM_KERN_CLOCK_H

#include <stdint.h>
#include <time.h>

#include "base/private.h"

WM_FOR_WIN32 uint64_t wm_clock_now(void);

/* So much from now; never, if it is too much. */
WM_FOR_WIN32 uint64_t wm_clock_after(uint64_t nanoseconds);

/* What is left until then, cut to at most. */
struct timespec wm_clock_left(uint64_t until, uint64_t most);

/* Signals are handled meanwhile, and do not end it. */
WM_FOR_WIN32 void wm_clock_sleep(uint64_t until);

#endif
