/* uninterrupted.h: a few instructions that no signal handler may interrupt in its own thread (uninterrupted.c). */
#ifndef WM_KERN_UNINTERRUPTED_H
#define WM_KERN_UNINTERRUPTED_H

#include <stdint.h>

/* What was blocked before, to be given back. */
uint64_t wm_kern_hold_signals(void);
void wm_kern_let_signals(uint64_t before);

#endif
