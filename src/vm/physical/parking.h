/*
 * parking.h: where frames are while they are in no window, and how they get from there to a window and back.
 *
 * The parking area has a slot for each frame. There are two mechanisms; which one it is, is decided once:
 *
 *   moving   private memory; pages are moved between slot and window (moving.h)
 *   aliases  shared memory; a window page is the slot, mapped a second time, and no access without one
 *
 * All of it is absent from children of a fork. Guarded by wm_home.frame_lock.
 */
#ifndef WM_VM_PARKING_H
#define WM_VM_PARKING_H

#include "base/status.h"
#include "core/frames.h"

/*
 * Frames are locked, there is a parking area, and whatever the program closed is open again. With the book's
 * lock, which may be dropped before this one is (physical.h).
 */
wm_status wm_parking_enter(void);
void wm_parking_leave(void);

/* Makes reserved pages a window without frames. Whoever called gives the pages up if it fails. */
wm_status wm_parking_admit(struct wm_range window);

/* Puts zeroed memory into slots; *filled of them, from the first on, if it fails. */
wm_status wm_parking_fill(uint32_t frame, uint32_t pages, uint32_t *filled);

/* Takes the memory of frames away, wherever they lie. */
int wm_parking_empty(const struct wm_frame_run *run);

/* Between window and slots. *done pages, from the first on, if it fails. */
int wm_parking_bring(const struct wm_frame_run *run, uint32_t *done);
int wm_parking_park(const struct wm_frame_run *run, uint32_t *done);

/* Which of the two mechanisms. */
bool wm_parking_moves(void);

/* With aliases: are mappings left for so many more runs of frames in windows? */
bool wm_parking_affords(size_t runs);

/* In a forked child: there is no parking area. */
void wm_parking_after_fork(void);

#endif
