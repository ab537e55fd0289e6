/*
 * piecewise.h: views of which their section says what is committed.
 *
 * A view of a SEC_RESERVE section (WM_TRAIT_PIECEWISE) begins without access. Its pages are committed through it or
 * through any other view of the section, in any process; the section's commit map knows (commits.h), and the book knows
 * what of it this view has met:
 *
 *   a page whose state has a protection is committed in the section
 *   a page without one may be committed there: whoever needs to know meets it, or asks the map
 *
 * A view that may hang over the end of its file (WM_TRAIT_OVERHANGING) has its protection everywhere, by the book and in
 * the kernel, and what lies behind the end cannot be touched. It is committed as far as section and file reach.
 *
 * With the lock held, but for what ops.h lists.
 */
#ifndef WM_VM_PIECEWISE_H
#define WM_VM_PIECEWISE_H

#include "vm/book/home.h"

/* What a new view of a reserved section of this protection lets the processor do. */
int wm_piecewise_access(uint16_t protect);

/* A view of a reserved section has been mapped: what is committed is met, as far as that is quickly done. */
void wm_piecewise_begin(uintptr_t start);

/* One has gone. */
void wm_piecewise_end(const struct wm_extent *e);

/*
 * What committing means in a view. Pages of a reserved section become committed for all its views, and have the protection
 * in this one; other memory is committed, and gets it; what a file has was and is committed. Where a view may hang over
 * its file, section and file become as large as that.
 */
wm_status wm_view_commit(struct wm_found *found, struct wm_range range, uint16_t protect);

/*
 * Of a view whose section says what is committed: by the book all of a range is that the section has committed, or why that
 * cannot be. WM_NOT_COMMITTED: some of it lies behind the end of a file.
 */
wm_status wm_view_settle(struct wm_found *found, struct wm_range range);

#endif
