/*
 * apart.h: pages whose protection goes to and fro, in mappings of their own.
 *
 * Protecting a page in the middle of a mapping makes three of it, and giving its protection back makes one again: two
 * thirds of what the two calls cost. A program that has done so a few times with the same pages will go on: a guard that
 * is set again, code that is writable while it is written. So these get a policy of memory nodes that means what
 * everybody has anyway, and which no neighbour has: the kernel keeps them apart, and a change of protection changes no
 * mapping.
 *
 *   a range that is kept lies in one private allocation without traits, and has been committed ever since
 *   home.apart.kept is the number of those that are kept: so many mappings are cut off, WM_APARTS at most
 *
 * All functions are called with the lock held.
 */
#ifndef WM_VM_APART_H
#define WM_VM_APART_H

#include "vm/book/home.h"

/* The protection of r, a part of found's extent that was all alike, has changed. */
void wm_apart_note(const struct wm_found *found, struct wm_range r);

/* What is in r goes: before the kernel is told. */
void wm_apart_join(struct wm_range r);

static inline void wm_apart_leave(struct wm_range r)
{
    if (__builtin_expect(wm_home.apart.kept != 0, false))
        wm_apart_join(r);
}

#endif
