/*
 * pages.h: the states of an extent's pages, as runs.
 *
 * As long as all pages are alike there is nothing but the extent's state. Otherwise each run is one
 * entry of the space's runs tree, under its first page:
 *
 *   the runs of a MIXED extent cover it exactly, and no two neighbours are equal
 *   an extent with one run is not MIXED
 */
#ifndef WM_CORE_PAGES_H
#define WM_CORE_PAGES_H

#include "core/space.h"

enum { WM_PAGES_RUNS = 3 }; /* entries that one wm_pages_set may add */

struct wm_run {
    struct wm_range range;
    uint16_t state;
};

/* The run that holds addr, cut to the extent. */
struct wm_run wm_pages_at(const struct wm_space *space, const struct wm_extent *e, uintptr_t addr);

/* The same, cut to range. */
struct wm_run wm_pages_in(const struct wm_space *space, const struct wm_extent *e, struct wm_range range,
                          uintptr_t addr);

/*
 * A walk over the runs of a range, as far as it lies in the extent, in order, each page once:
 *
 *   for (struct wm_run_walk w = wm_runs_of(space, &found->extent, range); wm_run_next(&w);)
 *       ... w.run ...
 *
 * Nothing is noted but how far it came; each step looks the next page up. So the body may change the states
 * of pages, through the extent it was given (wm_pages_set keeps found->extent true): what it changes ahead is
 * met as it is by then, what lies behind is not met again. It must not divide the extent, nor take it out of
 * the book.
 */
struct wm_run_walk {
    const struct wm_space *space;
    const struct wm_extent *extent;
    uintptr_t end;
    struct wm_run run; /* before the first step: none, where the range starts */
};

static inline struct wm_run_walk wm_runs_of(const struct wm_space *space, const struct wm_extent *e,
                                            struct wm_range range)
{
    range = wm_range_cut(range, wm_extent_range(e));
    return (struct wm_run_walk){space, e, range.end, {{range.start, range.start}, 0}};
}

/* False: the range is at its end, and run is still the last one. */
static inline bool wm_run_next(struct wm_run_walk *w)
{
    struct wm_range left = {w->run.range.end, w->end};

    if (left.start >= left.end)
        return false;
    w->run = (struct wm_run){left, w->extent->state};
    if (w->extent->flags & WM_EXTENT_MIXED)
        w->run = wm_pages_in(w->space, w->extent, left, left.start);
    return true;
}

/* Is every page of range committed (not: reserved)? */
bool wm_pages_committed(const struct wm_space *space, const struct wm_extent *e, struct wm_range range);

/* Is what is mapped below every page of range read/write, whichever of these bits its state has beside? */
bool wm_pages_readwrite_below(const struct wm_space *space, const struct wm_extent *e, struct wm_range range,
                              uint16_t beside);

/* How many runs a range has. */
uint32_t wm_pages_count(const struct wm_space *space, const struct wm_extent *e, struct wm_range range);

/* After true, wm_pages_change over a range cannot run out of memory. */
bool wm_pages_ready(struct wm_space *space, const struct wm_extent *e, struct wm_range range);

/* Changes the state of a range. Needs WM_PAGES_RUNS runs ready. found is brought up to date. */
void wm_pages_set(struct wm_space *space, struct wm_found *found, struct wm_range range, uint16_t state);

/*
 * The same, where each page keeps some bits of what it was: state & keep | set. Needs WM_PAGES_RUNS runs
 * ready for each run of the range (wm_pages_ready).
 */
void wm_pages_change(struct wm_space *space, struct wm_found *found, struct wm_range range, uint16_t keep,
                     uint16_t set);

/* The runs of an extent become those of its two parts, which are not in the book yet. Takes one run. */
void wm_pages_divide(struct wm_space *space, struct wm_extent *first, struct wm_extent *second);

/* Drops the runs of an extent that goes. */
void wm_pages_clear(struct wm_space *space, const struct wm_extent *e);

#endif
