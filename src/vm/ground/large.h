/*
 * large.h: private memory in large pages.
 *
 * They are taken out of the pool first, wherever the kernel likes and without any lock: clearing them takes
 * a while, and that is where it can fail. Then they are entered in the book where they lie, or moved to
 * where they are wanted, which is quick.
 *
 *   such an extent (WM_TRAIT_LARGE) is committed as a whole, with one protection, as long as it lives
 *   no system call is made on a part of one
 */
#ifndef WM_VM_LARGE_H
#define WM_VM_LARGE_H

#include "core/pages.h"
#include "vm/ops.h"

/* Are pages set aside? */
wm_status wm_large_pool(void);

/* Pages that were taken out of the pool for a request. */
struct wm_taken {
    uintptr_t start; /* where they lie until they move to their place; 0: none were */
    bool kept;       /* that place was free, and is mapped for them, inaccessible */
};

/* Both are called without the lock. */
wm_status wm_large_take(const struct wm_alloc_req *req, struct wm_taken *out);
void wm_large_give_back(const struct wm_alloc_req *req, const struct wm_taken *taken);

static inline bool wm_is_large(const struct wm_extent *e)
{
    return (e->traits & WM_TRAIT_LARGE) != 0;
}

/* All their pages have one protection, and keep it: another one is refused. */
static inline wm_status wm_large_protect(const struct wm_run *run, uint16_t protect, wm_status refused)
{
    return (run->state & WM_PAGE_VISIBLE) == protect ? WM_OK : refused;
}

#endif
