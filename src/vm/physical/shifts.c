/*
 * shifts.c: lists of shifts: made, read, carried out, and taken back (shifts.h).
 *
 * A list is carried out in two sweeps: first all that leaves is parked, then all that comes is brought. So
 * frames can change places in one call (L35), and in between each of them is parked, which is a state like
 * any other. The tables of frames are changed after each run that the kernel has moved: if it refuses in
 * the middle, the way back begins from what is true.
 */
#include "vm/physical/shifts.h"

#include <string.h>

#include "kern/map/mapping.h"
#include "vm/book/home.h"
#include "vm/errno_status.h"
#include "vm/ops.h"
#include "vm/physical/parking.h"

#define NO_FRAME UINT32_MAX /* a number that no frame has */

static struct wm_frames *frames(void)
{
    return &wm_home.frames;
}

/* --- memory for the length of a call --- */

bool wm_borrow(size_t bytes, uintptr_t *start)
{
    return wm_kern_map_sparse(wm_up(bytes, WM_PAGE), start) == 0;
}

void wm_give_back(uintptr_t start, size_t bytes)
{
    wm_kern_unmap(wm_range_of(start, wm_up(bytes, WM_PAGE)));
}

/* --- lists --- */

/*
 * The list of most calls, so that not every one has its memory mapped and cleared: 8 ns a page of its own, where the
 * kernel takes 75 to move one. One call at a time has it; a thread that stayed behind in a fork may have it for ever.
 */
static struct {
    struct wm_shift list[WM_SHIFTS_KEPT];
    bool taken;
} kept;

static bool take_kept(struct wm_shift_list *s)
{
    if (s->count > WM_SHIFTS_KEPT || __atomic_exchange_n(&kept.taken, true, __ATOMIC_ACQUIRE))
        return false;
    s->list = kept.list;
    return true;
}

wm_status wm_shifts_make(struct wm_shift_list *s, size_t count)
{
    uintptr_t list;

    s->count = count;
    s->list = s->few;
    if (count <= WM_SHIFTS_ON_STACK || take_kept(s))
        return WM_OK;
    if (count > WM_SPACE_END / sizeof *s->list || !wm_borrow(count * sizeof *s->list, &list))
        return WM_BOOK_MEMORY;
    s->list = (struct wm_shift *)list;
    wm_kern_populate(wm_range_of(list, wm_up(count * sizeof *s->list, WM_PAGE))); /* faults cost more */
    return WM_OK;
}

void wm_shifts_end(struct wm_shift_list *s)
{
    if (s->list == kept.list)
        __atomic_store_n(&kept.taken, false, __ATOMIC_RELEASE);
    else if (s->list != s->few)
        wm_give_back((uintptr_t)s->list, s->count * sizeof *s->list);
}

/* The program's arrays need not be aligned. */
static uintptr_t word_of(const void *array, size_t i)
{
    uintptr_t word;

    memcpy(&word, (const char *)array + i * sizeof word, sizeof word);
    return word;
}

void wm_shifts_read(struct wm_shift_list *s, const struct wm_map_frames_req *req)
{
    for (size_t i = 0; i < s->count; i++) {
        uintptr_t at = req->addresses != NULL ? word_of(req->addresses, i) : req->base + i * WM_PAGE;
        uintptr_t frame = req->frames != NULL ? word_of(req->frames, i) : 0;
        bool named = req->frames != NULL && (frame != 0 || req->addresses == NULL);

        s->list[i] = (struct wm_shift){
            .at = wm_down(at, WM_PAGE),
            .in = !named                           ? 0
                  : frame == 0 || frame > NO_FRAME ? NO_FRAME
                                                   : (uint32_t)frame,
        };
    }
}

/* --- carrying them out --- */

static int park(struct wm_shift_list *s, bool back)
{
    struct wm_frame_run run;
    int error = 0;

    for (size_t i = 0; error == 0 && wm_shifts_to_park(s->list, s->count, back, &i, &run);) {
        uint32_t done;

        error = wm_parking_park(&run, &done);
        wm_frames_parked(frames(), &s->list[i], done);
        i += done;
    }
    return error;
}

static int bring(struct wm_shift_list *s, bool back)
{
    struct wm_frame_run run;
    int error = 0;

    for (size_t i = 0; error == 0 && wm_shifts_to_bring(s->list, s->count, back, &i, &run);) {
        uint32_t done;

        error = wm_parking_bring(&run, &done);
        wm_frames_brought(frames(), &s->list[i], done, back);
        i += done;
    }
    return error;
}

int wm_shifts_carry_out(struct wm_shift_list *s, bool back)
{
    int error = park(s, back);

    return error != 0 ? error : bring(s, back);
}

/* How many runs of frames lie in windows, in one place or the other, while this is carried out. */
static size_t runs_of(const struct wm_shift_list *s)
{
    struct wm_frame_run run;
    size_t runs = 0;

    for (size_t i = 0; wm_shifts_to_park(s->list, s->count, false, &i, &run); i += run.pages)
        runs++;
    for (size_t i = 0; wm_shifts_to_bring(s->list, s->count, false, &i, &run); i += run.pages)
        runs++;
    return runs;
}

wm_status wm_shifts_settle(struct wm_shift_list *s)
{
    int error;

    if (!wm_parking_moves() && !wm_parking_affords(runs_of(s)))
        return WM_MAP_COUNT;
    error = wm_shifts_carry_out(s, false);
    if (error != 0)
        wm_shifts_carry_out(s, true);
    return wm_from_errno(WM_OP_FRAMES, error);
}
