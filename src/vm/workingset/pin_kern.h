/* pin_kern.h: making the kernel keep pages in memory. */
#ifndef WM_VM_PIN_KERN_H
#define WM_VM_PIN_KERN_H

#include "base/range.h"

/*
 * 0 or a negative errno; then nothing has changed. With the lock held, which may be dropped while many pages that are all
 * alike come in. To unlock: all of it was locked, by us or by the program.
 */
int wm_pin_kern_lock(struct wm_range r);
int wm_pin_kern_unlock(struct wm_range r);

#endif
