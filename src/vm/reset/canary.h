/*
 * canary.h: a word of each page that may be dropped, to see later whether the page is still the same.
 *
 * A page that was dropped comes back as zeros, so any word of it that was not zero tells. A page that was
 * all zeros needs none: nothing can be lost of it.
 */
#ifndef WM_VM_CANARY_H
#define WM_VM_CANARY_H

#include "vm/book/marks.h"

/* Keeps a word of each page of r and marks the pages that have one. False: no table, or a page cannot be read. */
bool wm_canary_keep(const struct wm_extent *e, int memory, struct wm_range r);

/* Is the word that was kept of this page still there? */
bool wm_canary_lives(const struct wm_extent *e, int memory, uintptr_t addr);

/* A place in the page where a byte may be written without touching its canary. */
size_t wm_canary_beside(const struct wm_extent *e, uintptr_t addr);

#endif
