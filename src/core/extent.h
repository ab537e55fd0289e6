/*
 * extent.h: one piece of the address space that the book knows.
 *
 * An extent is a reservation, a placeholder, a mapped view, or a free stretch of an arena. It takes 32
 * bytes whatever its length: while all its pages are in one state, that state stands in the extent;
 * when they differ, it is MIXED and the runs stand in the space's second tree (pages.h).
 *
 *   start is a page address; bytes is a multiple of the page, not 0
 *   the slack behind it (fewer than 16 pages) is free, but too short to reserve: only allocations that
 *   begin at a granule exist, so it comes back with its extent
 *   a free extent is never MIXED; its state is 0, or MARKED if it was given up (vm/ground/givenup.h)
 *
 * Ground is what lies under an extent in the kernel, and what becomes of it:
 *   HELD   an arena, mapped without access: freeing makes it inaccessible and keeps it
 *   OPEN   an arena that only the book knows: mapped while in use, unmapped when freed
 *   WARM   open ground that was freed a moment ago: still mapped read/write, but under guard markers, so
 *          that the next who wants just that need not map it; in use it is OPEN
 *   FULL   the same with its contents, closed by a protection: they are cleared before anybody has it
 *   OWN    a mapping of its own: unmapped when freed, and the extent is gone from the book
 */
#ifndef WM_CORE_EXTENT_H
#define WM_CORE_EXTENT_H

#include <stdint.h>
#include <string.h>

#include "base/atomic.h"
#include "base/range.h"

enum wm_kind { WM_FREE, WM_PRIVATE, WM_PLACEHOLDER, WM_VIEW };

enum wm_ground {
    WM_GROUND_HELD,
    WM_GROUND_OPEN,
    WM_GROUND_WARM,
    WM_GROUND_FULL,
    WM_GROUND_OWN,
    WM_GROUND_BINS = WM_GROUND_OWN
};

enum {
    WM_EXTENT_MIXED = 1,
    WM_EXTENT_REPLACED = 2, /* it took the place of a placeholder */
    WM_EXTENT_ADVISED = 4, /* private: some of it may have been asked to have huge pages (vm/ground/huge.h) */
    WM_EXTENT_CLEARED =
        8 /* private: it was FULL ground, so its pages were there before anybody touched them */
};

enum { WM_PLACEHOLDER_PROTECT = 0x01 }; /* PAGE_NOACCESS: what is reported of one */

/*
 * The state of a page. 0: reserved. With a base protection (the Windows value) in the low byte:
 * committed. The modifiers below say how the kernel's mapping differs from what that suggests.
 */
enum {
    WM_PAGE_PROTECT = 0x00ff,
    WM_PAGE_GUARD = 0x0100, /* no access: whoever touches it gets one exception, then it has its protection */
    WM_PAGE_COPY =
        0x0200, /* view: mapped privately, writes do not reach the section; of reserved pages too */
    WM_PAGE_MARKED = 0x0400,  /* reserved, but only by guard markers: the mapping below is accessible */
    WM_PAGE_COPIED = 0x0800,  /* with COPY: known to be written, so it stays private */
    WM_PAGE_WARM = 0x1000,    /* with MARKED: that mapping is read/write, to be used again by unmarking */
    WM_PAGE_OFFERED = 0x2000, /* no access until it is reclaimed, and the contents may go */
    WM_PAGE_LOCKED = 0x4000,  /* VirtualLock: stays in memory */
    WM_PAGE_DENSE =
        0x8000, /* with MARKED: as WARM, but for want of mappings (vm/pages/dense.h); committed: shielded */
    WM_PAGE_VISIBLE = WM_PAGE_PROTECT | WM_PAGE_GUARD, /* what VirtualQuery can tell apart */
    WM_PAGE_STICKY = WM_PAGE_OFFERED | WM_PAGE_LOCKED  /* what a new protection leaves alone */
};

/*
 * What is mapped below a page, as far as a mapping ends where it differs. Where it is not known what lies below
 * markers it is like nothing else.
 */
enum { WM_BELOW_READWRITE = 0x04, WM_BELOW_UNKNOWN = WM_PAGE_MARKED };

static inline uint16_t wm_page_below(uint16_t state)
{
    if (state & (WM_PAGE_WARM | WM_PAGE_DENSE))
        return WM_BELOW_READWRITE;
    if (state & WM_PAGE_MARKED)
        return WM_BELOW_UNKNOWN;
    return state & (WM_PAGE_VISIBLE | WM_PAGE_STICKY);
}

/* Read-only by the book, read/write memory below, and write-protected page by page (vm/pages/shield.h). */
static inline bool wm_page_is_shielded(uint16_t state)
{
    return (state & (WM_PAGE_DENSE | WM_PAGE_MARKED)) == WM_PAGE_DENSE && (state & WM_PAGE_PROTECT) != 0;
}

/* Committed without access, by a guard marker and not by its mapping (the same). */
static inline bool wm_page_is_barred(uint16_t state)
{
    return (state & WM_PAGE_MARKED) != 0 && (state & WM_PAGE_PROTECT) != 0;
}

/* What a private allocation was made for, beside being memory. */
enum {
    WM_TRAIT_WATCHED = 1,  /* MEM_WRITE_WATCH */
    WM_TRAIT_LARGE = 2,    /* MEM_LARGE_PAGES; of a view: its section has large pages */
    WM_TRAIT_PHYSICAL = 4, /* MEM_PHYSICAL */
    WM_TRAIT_SPARSE = 8,   /* watched, but not page by page (vm/watch/watch.h) */
    WM_TRAIT_BLIND = 16,   /* watched, but userfaultfd does not tell; with SPARSE nobody does */
    WM_TRAIT_FILE = 32,    /* of a view: its section is a file's */
    WM_TRAIT_PIECEWISE =
        64, /* of a view: what of it is committed its section says (vm/sections/piecewise.h) */
    WM_TRAIT_OVERHANGING = 128 /* of a view of a file: it may be larger than its section, which grows */
};

/* Open ground that is mapped while it is free (vm/ground/warm.h). */
static inline bool wm_ground_is_kept(enum wm_ground ground)
{
    return ground == WM_GROUND_WARM || ground == WM_GROUND_FULL;
}

struct wm_extent {
    uint64_t start;
    uint64_t bytes;
    union {
        struct {
            uint32_t previous, next; /* free: neighbours in the size class */
        };
        struct {
            uint32_t section, offset; /* view: its section, and where in it, in pages */
        };
        uintptr_t
            marks; /* private: what is noted of single pages beside their states (vm/book/marks.h), or 0 */
    };
    uint16_t alloc_protect; /* what VirtualQuery reports as AllocationProtect */
    uint16_t state;         /* of every page, unless MIXED */
    uint8_t kind : 4;       /* of enum wm_kind */
    uint8_t ground : 4;     /* of enum wm_ground */
    uint8_t flags : 4;
    uint8_t slack : 4; /* in pages */
    uint8_t node;      /* preferred NUMA node + 1, or 0 */
    uint8_t traits;    /* WM_TRAIT_ bits */
};

_Static_assert(sizeof(struct wm_extent) == 32, "an extent is half a cache line");

/* An extent as it lies in the pool: words, so that readers without a lock can copy it. */
struct wm_extent_cell {
    uint64_t word[4];
};

/* Word by word, written out: through an array the compiler mixes widths, and the processor stalls. */
static inline struct wm_extent wm_extent_load(const struct wm_extent_cell *cell)
{
    uint64_t a = WM_LOAD(cell->word[0]), b = WM_LOAD(cell->word[1]);
    uint64_t c = WM_LOAD(cell->word[2]), d = WM_LOAD(cell->word[3]);
    struct wm_extent e;

    memcpy(&e, &a, 8);
    memcpy((char *)&e + 8, &b, 8);
    memcpy((char *)&e + 16, &c, 8);
    memcpy((char *)&e + 24, &d, 8);
    return e;
}

static inline void wm_extent_store(struct wm_extent_cell *cell, const struct wm_extent *e)
{
    uint64_t a, b, c, d;

    memcpy(&a, e, 8);
    memcpy(&b, (const char *)e + 8, 8);
    memcpy(&c, (const char *)e + 16, 8);
    memcpy(&d, (const char *)e + 24, 8);
    WM_STORE(cell->word[0], a);
    WM_STORE(cell->word[1], b);
    WM_STORE(cell->word[2], c);
    WM_STORE(cell->word[3], d);
}

static inline uintptr_t wm_extent_slack(const struct wm_extent *e)
{
    return e->slack * WM_PAGE;
}

static inline struct wm_range wm_extent_range(const struct wm_extent *e)
{
    return wm_range_of(e->start, e->bytes);
}

/* The slack. */
static inline struct wm_range wm_extent_rest(const struct wm_extent *e)
{
    return wm_range_of(e->start + e->bytes, wm_extent_slack(e));
}

/* Ground that is free, but still mapped, under guard markers (vm/ground/givenup.h). */
static inline bool wm_extent_is_given_up(const struct wm_extent *e)
{
    return e->kind == WM_FREE && e->state != 0;
}

/* Whoever wants to know what is committed has to ask more than the states of its pages. */
static inline bool wm_extent_is_partial(const struct wm_extent *e)
{
    return e->kind == WM_VIEW && (e->traits & (WM_TRAIT_PIECEWISE | WM_TRAIT_OVERHANGING)) != 0;
}

/* With the slack: everything that no other extent may use. */
static inline struct wm_range wm_extent_ground(const struct wm_extent *e)
{
    return wm_range_of(e->start, e->bytes + wm_extent_slack(e));
}

#endif
