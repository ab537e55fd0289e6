/*
 * space.h: the book of one address space: which extent lies where.
 *
 *   the map tree holds every extent under its start; extents (with slack) do not overlap
 *   two free extents of the same ground never touch: they would be one
 *   every free extent that can hold a granule is in the bin of its ground and size
 *   the runs tree holds the page runs of the MIXED extents, and nothing else
 *   edges is how many neighbouring runs of one extent differ in what is mapped below (wm_page_below)
 *
 * Guarded by the lock of whoever owns the space (vm/book/home.h). A change is made in two steps: first
 * wm_space_ready, which may fail, then WM_SPACE_CHANGES, which cannot.
 * Readers without the lock use wm_space_peek.
 */
#ifndef WM_CORE_SPACE_H
#define WM_CORE_SPACE_H

#include "base/btree.h"
#include "core/extent.h"

enum { WM_BIN_COUNT = 128, WM_HINTS = 65536 };

/* Free extents by size, largest power of two and its quarter; a bit per non-empty bin. */
struct wm_bins {
    uint64_t filled[WM_BIN_COUNT / 64];
    uint32_t head[WM_BIN_COUNT];
};

/* What every change touches comes first, on few cache lines: threads hand them to and fro. */
struct wm_space {
    uint32_t sequence; /* odd while a change is being made */
    uint32_t promises; /* changes that were made ready and are still to come: see wm_space_promise */
    struct wm_btree map;
    struct wm_btree runs;
    struct wm_pool extents;
    struct wm_pool nodes;
    size_t edges;
    uint32_t *hints;                     /* hints.h */
    uint32_t hint_mask;                  /* how many there are, a power of two, less 1 */
    struct wm_pool more_hints;           /* words for a larger table */
    struct wm_bins bins[WM_GROUND_BINS]; /* by ground */
};

/* An extent and its index; index 0 is none. */
struct wm_found {
    uint32_t index;
    struct wm_extent extent;
};

/* The pools must be there (more_hints may be empty); hints: WM_HINTS words, zeroed. */
void wm_space_init(struct wm_space *space, uint32_t *hints);

/* The extent that holds addr; the slack behind an extent counts as part of it. */
bool wm_space_at(const struct wm_space *space, uintptr_t addr, struct wm_found *out);

/* The first extent that begins at or above addr. */
bool wm_space_from(const struct wm_space *space, uintptr_t addr, struct wm_found *out);

/* The first extent that reaches into range, slack included; if `open` is set, free OPEN ones do not count. */
bool wm_space_first_in(const struct wm_space *space, struct wm_range range, bool open, struct wm_found *out);

/* A free extent of this ground that can hold bytes from a granule on. */
bool wm_space_pick(const struct wm_space *space, enum wm_ground ground, size_t bytes, struct wm_found *out);

/* After true, a change that makes that many extents and page runs cannot run out of memory. */
bool wm_space_ready(struct wm_space *space, uint32_t extents, uint32_t runs);

/*
 * Keeps what was made ready (at most WM_PROMISE_EXTENTS and as many runs as one change of page states
 * needs) from others until it is redeemed: for an owner who drops its lock between the two steps.
 */
enum { WM_PROMISE_EXTENTS = 2, WM_PROMISE_RUNS = 3 };
void wm_space_promise(struct wm_space *space);
void wm_space_redeem(struct wm_space *space);

/*
 * A change to the book, in one piece for readers without the lock:
 *
 *   WM_SPACE_CHANGES(space)
 *       wm_space_drop(space, found);
 *
 * The statement is passed once, and however it is left, the change has ended: by return as well, and by
 * break, which leaves no more than this. It cannot fail, asks nothing of the kernel, and holds no other
 * change: readers wait for it, and a signal handler that reads meanwhile is told so.
 */
#define WM_SPACE_CHANGES(space)                                                                              \
    for (struct wm_change wm_change_ __attribute__((cleanup(wm_change_end))) = wm_change_begin(space);       \
         !wm_change_.made; wm_change_.made = true)

/* Nobody but WM_SPACE_CHANGES says these two. */
void wm_space_begin(struct wm_space *space);
void wm_space_end(struct wm_space *space);

struct wm_change {
    struct wm_space *space;
    bool made;
};

static inline struct wm_change wm_change_begin(struct wm_space *space)
{
    wm_space_begin(space);
    return (struct wm_change){space, false};
}

static inline void wm_change_end(const struct wm_change *change)
{
    wm_space_end(change->space);
}

struct wm_extent wm_space_get(const struct wm_space *space, uint32_t index);
void wm_space_set(struct wm_space *space, uint32_t index, const struct wm_extent *e);

/* Adds an extent where the book knows nothing. Takes one extent. */
uint32_t wm_space_add(struct wm_space *space, const struct wm_extent *e);

/* As wm_space_add for free ground, and merges it with free neighbours of the same ground. */
void wm_space_add_free(struct wm_space *space, struct wm_range range, enum wm_ground ground);

/*
 * Cuts e's range out of a free extent that holds it; e gets its ground, and the slack up to the next
 * granule. What is left stays free. Takes two extents.
 */
uint32_t wm_space_carve(struct wm_space *space, struct wm_found from, struct wm_extent e);

/* Takes an extent out of the book, with its page runs; its ground becomes free or, if OWN, unknown. */
void wm_space_drop(struct wm_space *space, struct wm_found found);

/* As wm_space_drop, of free extents too, and the ground that becomes free, slack and all, is of this kind. */
void wm_space_free(struct wm_space *space, struct wm_found found, enum wm_ground ground);

/* As wm_space_drop, but what lay under it becomes unknown whatever its ground; only its slack becomes free. */
void wm_space_lift(struct wm_space *space, struct wm_found found);

/* The record of an extent that the map does not name any more. */
void wm_space_give(struct wm_space *space, uint32_t index);

/* What belongs to an extent beside its record goes: its page runs or, if it is free, its place in a bin. */
void wm_space_untie(struct wm_space *space, struct wm_found found);

/* As wm_space_drop, but its ground becomes unknown whatever it is, slack and all. */
void wm_space_forget(struct wm_space *space, struct wm_found found);

/*
 * An extent becomes what e is, at once and in the same place: its ground and its slack stay, its page runs
 * go. What is noted of its pages elsewhere, and what it holds on to (a section), is the caller's.
 */
void wm_space_become(struct wm_space *space, struct wm_found found, struct wm_extent e);

/* The same: nothing but addresses. */
void wm_space_become_placeholder(struct wm_space *space, struct wm_found found);

/* Divides an extent at addr. Takes one extent and one run. What is noted of its pages (marks) is the caller's. */
void wm_space_split(struct wm_space *space, struct wm_found found, uintptr_t addr);

/*
 * Appends the extent behind it to an extent: both are placeholders, of whatever ground. Takes one extent if
 * the grounds differ.
 */
void wm_space_join(struct wm_space *space, struct wm_found first, struct wm_found second);

/* What a reader without the lock learns about one address. */
struct wm_peek {
    struct wm_extent extent;
    struct wm_range run; /* pages that look the same to VirtualQuery, from the run's start */
    uintptr_t same;      /* up to here they have this very state */
    uint16_t state;
    bool found;      /* addr lies in the extent or in its slack; else extent is the one below, if any */
    uintptr_t below; /* not found: end of the extent below addr, slack included; 0 if there is none */
    uintptr_t above; /* unless addr lies in the extent itself: start of the next one, or UINTPTR_MAX */
};

/* False: a writer was at work, ask again. */
bool wm_space_peek(const struct wm_space *space, uintptr_t addr, struct wm_peek *out);

/* Asserts every invariant of the book (check.c). */
void wm_space_check(const struct wm_space *space);

#endif
