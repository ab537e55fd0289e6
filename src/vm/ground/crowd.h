/*
 * crowd.h: releasing in the middle of memory that stays, when the table of mappings is filling up.
 *
 * What is released in the middle of a mapping makes two of it. Where very many reservations lie side by side and are one
 * mapping, and are released in any order, their holes alone would fill the table, and leave it full when all is gone: so
 * when more than half of it is in use such ground is given up (givenup.h) instead, and comes back with what is released
 * beside it.
 *
 * All functions are called with the lock held.
 */
#ifndef WM_VM_CROWD_H
#define WM_VM_CROWD_H

#include "core/space.h"

/* So many extents are no danger; and so many questions are answered by what was counted last. Tests lower both. */
extern uint32_t wm_crowd_least, wm_crowd_every;

/* Are there mappings on both sides of r that it is a part of? */
bool wm_crowd_is_around(struct wm_range r);

/* The same, and too many mappings already: r is not to be unmapped, nor made inaccessible, by itself. */
bool wm_crowd_bars(struct wm_range r);

#endif
