/* legible.h: memory of others that is mapped readable and cannot be read. */
#ifndef WM_VM_LEGIBLE_H
#define WM_VM_LEGIBLE_H

#include "vm/book/whose.h"

/*
 * Can the pages of this mapping from r->start on be read? r->end becomes the end of those of which the same is true.
 * whose: NULL for the calling process.
 */
bool wm_legible(struct wm_whose *whose, const struct wm_vma *vma, struct wm_range *r);

#endif
