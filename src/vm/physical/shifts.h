/*
 * shifts.h: lists of changes of which frame lies where, and carrying them out.
 *
 * A list is made and read before any lock is taken, because the program's arrays are memory of its own, and
 * planned (core/frames.h) before it is settled.
 */
#ifndef WM_VM_SHIFTS_H
#define WM_VM_SHIFTS_H

#include "base/status.h"
#include "core/frames.h"

struct wm_map_frames_req; /* vm/ops.h */

enum { WM_SHIFTS_ON_STACK = 64, WM_SHIFTS_KEPT = 4096 }; /* that need no memory of their own */

struct wm_shift_list {
    struct wm_shift *list;
    size_t count;
    struct wm_shift few[WM_SHIFTS_ON_STACK];
};

/* Room for so many shifts. To be ended after success only. */
wm_status wm_shifts_make(struct wm_shift_list *s, size_t count);
void wm_shifts_end(struct wm_shift_list *s);

/* What the program asks for: which frame is to lie where. */
void wm_shifts_read(struct wm_shift_list *s, const struct wm_map_frames_req *req);

/* All or nothing. The tables follow each step, so they are right even if the way back is barred as well. */
wm_status wm_shifts_settle(struct wm_shift_list *s);

/*
 * As far as it goes; `back`: to what was there before. Everything that leaves goes first: a frame may come
 * from a page that another one comes to.
 */
int wm_shifts_carry_out(struct wm_shift_list *s, bool back);

/* Zeroed memory for the length of a call. */
bool wm_borrow(size_t bytes, uintptr_t *start);
void wm_give_back(uintptr_t start, size_t bytes);

#endif
