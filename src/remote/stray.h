/* stray.h: a borrowed thread that nobody helps to its end. */
#ifndef WM_REMOTE_STRAY_H
#define WM_REMOTE_STRAY_H

#include "vm/processes/process.h"

/* What tells the thread that is at work from others. */
struct wm_workplace {
    struct wm_range stack, code;
};

/*
 * In a stopped process: the thread that is there goes on until nobody is at work, or for a second, and stops again.
 * The caller has the line.
 */
void wm_stray_finish(struct wm_process *process, const struct wm_workplace *place,
                     bool (*is_at_work)(void *context), void *context);

#endif
