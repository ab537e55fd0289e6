/*
 * arena.h: the ground that reservations are carved from, held and open (core/extent.h).
 *
 * All functions are called with the lock held; wm_arena_settle, _add and _room may drop it meanwhile.
 */
#ifndef WM_VM_ARENA_H
#define WM_VM_ARENA_H

#include "base/status.h"
#include "core/space.h"

/* A carving takes two extents, and what follows a refusal of the kernel two more. */
enum { WM_ARENA_RECORDS = 4 };

/* A free extent that holds bytes from a granule on, in a new arena if need be. Makes the book ready. */
wm_status wm_arena_room(enum wm_ground ground, size_t bytes, struct wm_found *out);

/* Makes what the kernel has just given us free ground. 0 or a negative errno. */
int wm_arena_add(struct wm_range r, enum wm_ground ground);

/*
 * Addresses that the kernel has just given us may still stand in the book: another thread has unmapped
 * them and is about to say so. False: that thread is this one, interrupted by a signal handler.
 */
bool wm_arena_settle(struct wm_range r);

/*
 * Cuts r out of free open ground and out of the slack in it, as something is mapped there now. To be called
 * inside WM_SPACE_CHANGES.
 */
void wm_arena_close(struct wm_range r);

/*
 * Somebody else has mapped something where an extent on open ground was to go: neither that extent nor
 * what else is covered is ours to hand out.
 */
void wm_arena_lose(struct wm_found found);

/*
 * A range that lies partly in an arena and partly beside it, which only a program that picks addresses
 * out of VirtualQuery asks for: the parts beside it become arena ground, then it is all one.
 */
wm_status wm_arena_extend(struct wm_range r);

#endif
