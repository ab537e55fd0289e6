/*
 * opening.h: a stretch becomes one read/write mapping, with guard markers over what is reserved in it.
 *
 * From then on a page there is committed by taking its marker away and decommitted by setting one, and neither changes a
 * mapping. Two want that, each for reasons of his own and as far around as suits him: who commits here and there all over
 * a reservation (churn.h), and who would need too many mappings (vm/pages/dense.h).
 *
 *   a reserved page of what was opened is MARKED, and WARM or DENSE, as was asked, and counted as such
 *   what is committed read/write stays as it is; there is nothing else in it
 *
 * All functions are called with the lock held.
 */
#ifndef WM_VM_OPENING_H
#define WM_VM_OPENING_H

#include "core/space.h"

/* Reserved, and it is not known that read/write memory is below? */
static inline bool wm_opening_is_closed(uint16_t state)
{
    return (state & (WM_PAGE_PROTECT | WM_PAGE_WARM | WM_PAGE_DENSE)) == 0;
}

/* Is something of r? */
bool wm_opening_is_needed(struct wm_range r);

enum wm_opening_spends {
    WM_OPENING_KEEPS_SPARE,
    WM_OPENING_SPENDS_SPARE
}; /* mappings, of vm/ground/spare.h */

/*
 * Opens r, which may hold what several extents have: reserved and read/write pages of private memory. True: done, and
 * counted. False: as before, but for pages whose marker came before the refusal: they are MARKED. found, an extent of it,
 * is as it is now.
 */
bool wm_opening_make(struct wm_found *found, struct wm_range r, uint16_t kept, enum wm_opening_spends spends);

#endif
