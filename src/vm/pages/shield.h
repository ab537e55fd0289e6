/*
 * shield.h: read-only pages among writable ones, and such without access, without a mapping of their own.
 *
 * Where private memory is broken into very many pieces (dense.h), a page that becomes read-only stays read/write memory
 * in the kernel, and is write-protected in the page table.
 *
 *   a committed page that is DENSE is shielded: read-only by the book, read/write memory below, and protected by the kernel
 *   before the book says so
 *   only plain private memory of which nothing is noted beside its states has such pages; they are neither locked, offered
 *   nor reset. Who is to do that to them settles them first: they become a mapping as ever
 *   home.dense.shielded is the sum over all of them, in bytes
 *
 * Pages that are committed without access, or guarded, where a marker stands already, keep it: they are barred (committed,
 * MARKED and DENSE), and that takes no call at all. A page that somebody can have touched is never barred, for a marker
 * drops contents.
 *
 * A child of a fork has the shielded pages without the protection, and so has everybody when the descriptor behind it is closed:
 * then all of them are protected anew, in the child before fork() returns, else by the next call that changes memory.
 *
 * All functions but the last are called with the lock held.
 */
#ifndef WM_VM_SHIELD_H
#define WM_VM_SHIELD_H

#include "vm/book/home.h"
#include "vm/errno_status.h"

/*
 * The pages of r are to be in this state: without a mapping of their own, if it is one for that, and much is broken or (full)
 * the table of mappings is full? True: it is done, in the kernel, and *state is what is to be recorded. What was marked and is
 * to be read is marked no more.
 */
bool wm_shield_cover(const struct wm_found *found, struct wm_range r, uint16_t *state, bool full);

/* In the kernel: shielded pages of r can be written to, if their mapping can; one that is none can again in any case. */
int wm_shield_lift(const struct wm_extent *e, struct wm_range r);

/* Those of r become mappings of their own, for this operation. found is brought up to date. */
wm_status wm_shield_settle(struct wm_found *found, struct wm_range r, enum wm_op op);

/* Before anything is found in the book: protects anew what is shielded, if the kernel has forgotten it. */
void wm_shield_renew(void);

static inline void wm_shield_keep(void)
{
    if (__builtin_expect(wm_home.dense.shielded != 0, false))
        wm_shield_renew();
}

/* The kernel has no data for a page: is it that it may not be written to? Takes the lock. */
bool wm_shield_refuses(uintptr_t addr, int access);

#endif
