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
    bool blocks;           /* begins at a multiple of 2 MiB, if it can, for the sake of huge pages (huge.h) */
    bool piece, huge;      /* could have them now; is to be asked for */
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

#endif
