/*
 * frames.h: the memory that a program got as physical pages, and where each of them is.
 *
 * A frame is a page of memory with a number, from 1 on. It has a slot of its own in the parking area and
 * lies either there or in a window, a MEM_PHYSICAL allocation; never in two places. A window has a table
 * (its extent's marks) with the frame of each of its pages.
 *
 *   a frame below fresh is either owned by the program or in `given`; from fresh on none was ever handed out
 *   at[frame] is 0 while it is parked, else the page of the window whose table names it
 *
 * Guarded by wm_home.frame_lock.
 */
#ifndef WM_CORE_FRAMES_H
#define WM_CORE_FRAMES_H

#include "core/extent.h"

struct wm_frames {
    uintptr_t *at;
    uint64_t *given;      /* a bit for each frame that was freed */
    uint32_t limit;       /* one more than the highest number; 0: there is no table yet */
    uint32_t fresh;       /* the lowest number that was never handed out */
    uint32_t given_count; /* bits in given */
};

/* One page of a window in a change of what is mapped where. */
struct wm_shift {
    uintptr_t at;
    uint32_t *slot; /* of the window's table */
    uint32_t in;    /* the frame that is to lie there, 0 for none */
    uint32_t out;   /* the one that lies there now */
};

/* Frames that lie one behind the other, parked (window 0) or in a window. */
struct wm_frame_run {
    uintptr_t window;
    uint32_t frame;
    uint32_t pages;
};

/* at and given: zeroed memory, limit words and limit bits long. */
void wm_frames_init(struct wm_frames *frames, uintptr_t *at, uint64_t *given, uint32_t limit);

/* The first run of frames that nobody owns, at most `most` of them; false if all are owned. */
bool wm_frames_pick(const struct wm_frames *frames, uint32_t most, struct wm_frame_run *out);
void wm_frames_take(struct wm_frames *frames, struct wm_frame_run run);
void wm_frames_give(struct wm_frames *frames, struct wm_frame_run run);
bool wm_frames_owned(const struct wm_frames *frames, uintptr_t number);

/* Frames from a number on that lie in `range`: false if there are none any more. */
bool wm_frames_next_in(const struct wm_frames *frames, struct wm_range range, uint32_t *frame);

/*
 * May all shifts be made together? Each frame must be owned and lie, afterwards, in one place; no frame and
 * no page may be named twice. Fills in `out`. The slot of a window that is not in the list is asked of find.
 */
enum wm_shift_verdict { WM_SHIFT_FINE, WM_SHIFT_UNKNOWN, WM_SHIFT_TWICE, WM_SHIFT_ELSEWHERE };
typedef uint32_t *wm_slot_finder(uintptr_t at);
enum wm_shift_verdict wm_frames_plan(struct wm_frames *frames, struct wm_shift *shifts, size_t count,
                                     wm_slot_finder *find);

/*
 * The next run, from shift *from on, of frames to be taken out of their window (so that the wanted ones can
 * come), or of wanted frames to be brought there. `back`: wanted is what was there before.
 */
bool wm_shifts_to_park(const struct wm_shift *shifts, size_t count, bool back, size_t *from,
                       struct wm_frame_run *out);
bool wm_shifts_to_bring(const struct wm_shift *shifts, size_t count, bool back, size_t *from,
                        struct wm_frame_run *out);

/* The run that ends before shift `end` has been parked, or brought to its window. */
void wm_frames_parked(struct wm_frames *frames, const struct wm_shift *first, uint32_t pages);
void wm_frames_brought(struct wm_frames *frames, const struct wm_shift *first, uint32_t pages, bool back);

/*
 * The table of a window. All are listed (wm_home.windows), because windows are few and the book may be long.
 * Slots of one never follow those of another, even if their tables touch.
 */
struct wm_window {
    struct wm_window *previous, *next;
    uintptr_t start;
    uint32_t slots[]; /* the frame of each page, or 0 */
};

static inline size_t wm_window_table_bytes(const struct wm_extent *window)
{
    return wm_up(sizeof(struct wm_window) + window->bytes / WM_PAGE * sizeof(uint32_t), WM_PAGE);
}

static inline uint32_t *wm_window_slot(const struct wm_extent *window, uintptr_t at)
{
    return ((struct wm_window *)window->marks)->slots + (at - window->start) / WM_PAGE;
}

static inline bool wm_is_window(const struct wm_extent *e)
{
    return e->kind == WM_PRIVATE && (e->traits & WM_TRAIT_PHYSICAL) != 0;
}

#endif
