/*
 * spare.h: mappings kept back for the full table.
 *
 * At vm.max_map_count no mapping can be split. What an operation has done to several mappings could then not be
 * undone, since undoing splits what doing has merged; little could be given back; a guard that is met would stay.
 * So a few mappings are kept that nobody needs: every second page of a stretch behind the book is readable, and
 * one that is made like its neighbours gives two mappings back.
 *
 *   the first home.spare.kept of these pages are readable
 *
 * Undoing may spend all of them, and they are enough: a table is fuller than its limit by one at most (mmap goes
 * one further than a split), and one change leaves no more than two edges behind. Giving back and lifting a
 * guard leave as many as undoing needs. What was spent is kept again as soon as the table has room.
 *
 * The same moment serves ground that was given up (givenup.h): it becomes an arena's again.
 *
 * All functions are called with the lock held.
 */
#ifndef WM_VM_SPARE_H
#define WM_VM_SPARE_H

#include "vm/book/home.h"

enum wm_spare_for { WM_SPARE_RELIEF, WM_SPARE_UNDO };

/* Two mappings more than there were; false: none is left for that. */
bool wm_spare_spend(enum wm_spare_for purpose);

/* As wm_kern_protect, but a full table is no reason to fail while something is left. */
int wm_spare_protect(struct wm_range r, int access, enum wm_spare_for purpose);

/* Keeps what is not there, and takes back what was given up, as far as the table has room now. */
void wm_spare_restock(void);

/* Before an operation that takes or gives mappings. */
static inline void wm_spare_keep(void)
{
    if (__builtin_expect(wm_home.spare.kept < WM_SPARE_PAGES || wm_home.given_up != 0, false))
        wm_spare_restock();
}

#endif
