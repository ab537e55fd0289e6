/* pages_kern.h: making the kernel's protections follow the states of private pages. */
#ifndef WM_VM_PAGES_KERN_H
#define WM_VM_PAGES_KERN_H

#include "core/pages.h"

/*
 * Gives all pages of a range the protection that a committed state asks for, or none. mprotect works through a
 * range mapping by mapping, and what can be refused at the full table are the splits at both ends: so the last
 * run comes first, and nothing has changed when the table is full. What else fails half-way (the promise that
 * memory to be written needs) is changed back, with spare mappings (vm/ground/spare.h). A page that even so cannot be
 * given back what it allowed allows nothing until somebody meets it: then it is tried again (wm_pages_kern_mend).
 * While pages are all in one state, which is the rule, the lock is dropped over the system call.
 */
int wm_pages_kern_set(const struct wm_found *found, struct wm_range range, uint16_t state);

/* Gives the pages of a range what the book says they allow, after something failed. */
void wm_pages_kern_put_back(const struct wm_extent *e, struct wm_range range);

/* The page at addr allows what the book says, or it does now. Only where home.unsettled. */
bool wm_pages_kern_mend(uintptr_t addr);

#endif
