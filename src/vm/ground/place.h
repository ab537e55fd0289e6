/*
 * place.h: finding room for a new extent, and making the kernel agree.
 *
 * All functions are called with the lock held. They take an extent without start (its size, kind and
 * states are set) or with one, map what its pages need, and enter it into the book; on failure neither
 * has changed. The lock may be dropped over a system call; what the caller knew of other extents is
 * stale then.
 */
#ifndef WM_VM_PLACE_H
#define WM_VM_PLACE_H

#include "core/space.h"
#include "kern/kern.h"
#include "vm/errno_status.h"
#include "vm/ground/large.h"
#include "vm/ops.h"

/* What is to lie under an extent: nothing but its addresses, private memory, or a section. */
struct wm_mapping {
    int access;
    int fd;          /* with section */
    uint64_t offset; /* bytes into the section */
    bool section;
    bool copy;             /* section mapped so that writes stay private */
    bool large;            /* large pages: those of the section, or */
    struct wm_taken taken; /* private ones that move to their place */
    uint8_t node;          /* preferred NUMA node + 1 */
    enum wm_op op;         /* whose errors these are */
};

/* Anywhere, the first place that is known. */
wm_status wm_place_anywhere(struct wm_extent *e, const struct wm_mapping *mapping);

/* At e->start: WM_ADDRESS_TAKEN unless every page there is free. */
wm_status wm_place_at(struct wm_extent *e, const struct wm_mapping *mapping);

/* Within bounds. */
wm_status wm_place_within(struct wm_extent *e, const struct wm_mapping *mapping,
                          const struct wm_bounds *bounds);

/* Instead of the placeholder that is exactly e's range. */
wm_status wm_place_replace(struct wm_extent *e, const struct wm_mapping *mapping);

/* Takes an extent out of the book that has nothing under it. */
void wm_place_drop(struct wm_found found);

/*
 * Takes what lies under an extent away, and the extent out of the book. Where the table of mappings is
 * so full that this would need a mapping that there is not, what has no access becomes an arena's ground;
 * other pages get guard markers, and their addresses are given up: free, but not handed out.
 */
wm_status wm_place_vacate(struct wm_found found);

/* Ground that was given up becomes an arena's again, if the table has room by now. The first: all of it that can. */
void wm_place_regain(void);
bool wm_place_take_back(struct wm_found found);

/* Was nothing ever under it but addresses? */
static inline bool wm_place_is_bare(const struct wm_extent *e)
{
    return e->kind != WM_VIEW && e->state == 0 && (e->flags & WM_EXTENT_MIXED) == 0 && e->traits == 0;
}

#endif
