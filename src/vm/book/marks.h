/*
 * marks.h: what is noted of single pages of a private allocation, beside their states.
 *
 * A bit a page and kind. Page states are runs, because neighbours are mostly alike; these bits are not:
 * which pages were written, or were there when something happened. The table comes with the first bit
 * (extent.marks) and goes with the allocation; its memory is only what is touched of it.
 *
 * Guarded like the extent: by the lock, or by a claim.
 */
#ifndef WM_VM_MARKS_H
#define WM_VM_MARKS_H

#include "core/space.h"

enum wm_mark {
    WM_MARK_LATCHED, /* write watch: written, whatever the kernel says (watch.c) */
    WM_MARK_WRITTEN, /* write watch: written, and the kernel's bit for it has been cleared (soft.c) */
    WM_MARK_RESET,   /* MEM_RESET, offered: there was data in it (reset.c) */
    WM_MARK_COUNT
};

/* After true, marks can be set. */
bool wm_marks_ready(struct wm_found *found);
void wm_marks_set(const struct wm_extent *e, enum wm_mark mark, struct wm_range r);

/*
 * A table that could not be unmapped: the kernel merges such mappings with their neighbours, and at the full table
 * of mappings there is none for what is left of one. It is tried again when the next one goes.
 */
struct wm_left_table {
    struct wm_left_table *next;
    size_t bytes;
};

/* These do nothing where there is no table; a window has one of another kind (core/frames.h), which is not theirs. */
void wm_marks_clear(const struct wm_extent *e, enum wm_mark mark, struct wm_range r);
bool wm_marks_first(const struct wm_extent *e, enum wm_mark mark, struct wm_range r, struct wm_range *out);
void wm_marks_drop(const struct wm_extent *e);

/*
 * When a range is cut out of an allocation (never a window), what is left before and behind it becomes allocations
 * of their own, with tables of their own: they are made, with what is noted, before anything else changes.
 */
struct wm_marks_rest {
    struct wm_range range[2];
    uintptr_t marks[2]; /* 0: nothing is noted, or nothing is left */
};

bool wm_marks_part(const struct wm_extent *e, struct wm_range out, struct wm_marks_rest *rest);
void wm_marks_part_not(const struct wm_marks_rest *rest);

/* A word of each page (vm/reset/canary.h), where marks are not enough. */
struct wm_canary {
    uint64_t word;   /* not 0; 0: none was kept */
    uint64_t offset; /* where in the page */
};

/* NULL: there are none. */
struct wm_canary *wm_marks_canary(const struct wm_extent *e, uintptr_t addr);

/* After true there are; the table of marks must be there. */
bool wm_marks_canaries_ready(const struct wm_extent *e);

#endif
