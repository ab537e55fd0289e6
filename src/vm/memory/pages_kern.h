/* pages_kern.h: making the kernel's protections follow the states of private pages. */
#ifndef WM_VM_PAGES_KERN_H
#define WM_VM_PAGES_KERN_H

#include "core/space.h"

/*
 * Gives all pages of a range the protection that a committed state asks for. mprotect works through
 * a range mapping by mapping and may stop half-way: on an error what was changed is changed back.
 * While pages are all in one state, which is the rule, the lock is dropped over the system call.
 */
int wm_pages_kern_set(const struct wm_found *found, struct wm_range range, uint16_t state);

#endif
