/*
 * churn.h: reservations all over which memory is committed and decommitted, a short piece here, then one there.
 *
 * What is decommitted is kept for whoever commits the same pages again (warm.h). A program that goes on to other
 * pages each time leaves that behind piece by piece, and pays for splitting a mapping at each new place. When it has
 * left much, the next new place is opened with all of its stretch of 2 MiB, whose pages are kept warm as if they had been
 * decommitted: from then on committing and decommitting in it changes no mapping.
 *
 * All functions are called with the lock held.
 */
#ifndef WM_VM_CHURN_H
#define WM_VM_CHURN_H

#include "core/space.h"

/* So many pages must have been left behind. Tests lower it. */
extern size_t wm_churn_least;

/*
 * Before reserved pages of a private allocation are committed read/write: opens their stretch, if that is worth it
 * (opening.h). True: then found is as it is now.
 */
bool wm_churn_prepare(struct wm_found *found, struct wm_range r);

#endif
