/* shadow.h: processes that share this one's memory until somebody writes; made in one place, used by two. */
#ifndef WM_KERN_SHADOW_H
#define WM_KERN_SHADOW_H

#include <stdint.h>

/*
 * As fork, past libc: in the child no signal is delivered, nobody is told of its end but by wm_shadow_await, and what it may
 * call are system calls. flags are clone's.
 */
int32_t wm_shadow_fork(unsigned long flags);

/* Ends at once. */
__attribute__((noreturn)) void wm_shadow_exit(int code);

/* Waits for its end: the code, or a negative errno. */
int wm_shadow_await(int32_t pid);

#endif
