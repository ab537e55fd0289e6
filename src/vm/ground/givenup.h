/*
 * givenup.h: ground that is free to all the world, but not handed out.
 *
 * At the full table of mappings an extent may end that cannot be unmapped, and well before it one that should not be
 * (crowd.h): its pages get guard markers, which drop contents and access and need no mapping, and what lies under it
 * stays mapped (vacate.c). It is taken back when the table has room again (spare.h), when what lies beside it is
 * unmapped, or when somebody asks for just these addresses.
 *
 *   such ground is a free extent, HELD, of state MARKED, and no two of them are neighbours; home.given_up begins the
 *   list of all
 *
 * All functions are called with the lock held.
 */
#ifndef WM_VM_GIVENUP_H
#define WM_VM_GIVENUP_H

#include "core/space.h"

/* Of an extent of which nothing is noted any more. The book must be ready. */
void wm_place_give_up(struct wm_found found);

/* It becomes an arena's ground, if the table has room by now. The first: all of it that can. */
void wm_place_regain(void);
bool wm_place_take_back(struct wm_found found);

/* The same of what lies in r, or beside it, where that makes no hole. */
void wm_place_regain_beside(struct wm_range r);

#endif
