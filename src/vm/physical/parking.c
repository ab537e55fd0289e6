/*
 * parking.c: the area where frames lie while they are in no window (parking.h).
 *
 * Which of the two mechanisms it is, is decided when the first frame or window is wanted, and stays so: a
 * frame of one kind cannot become one of the other. Moving is preferred: with aliases each run of frames in
 * a window is a mapping of its own, so there are at most vm.max_map_count of them, and as many as are
 * wanted are counted beforehand.
 *
 *   slot n belongs to frame n for ever; it holds memory while the frame is owned, and if pages move, parked
 *   addresses are set aside for all of the machine's memory, and become accessible a few at a time: in a
 *   program that locks all of its memory whatever is accessible is filled (L42)
 *   area and windows are absent in children (D6.9e; pinned: map.a_fork_leaves_out_what_it_is_told_to),
 *   which is also what moving needs: a page that a child shares does not move
 *   (moving.a_page_that_a_child_shares_does_not_move)
 */
#include "vm/physical/parking.h"

#include <errno.h>

#include "kern/map/mapping.h"
#include "kern/system/system.h"
#include "vm/book/home.h"
#include "vm/errno_status.h"
#include "vm/physical/moving.h"

enum {
    GROWTH = 16,                /* slots that become accessible together */
    FEWEST_SLOTS = 1 << 10,     /* where addresses are short */
    MOST_SLOTS = (1 << 30) - 1, /* numbers need a bit to spare */
    MAPPINGS_OF_A_RUN = 2,      /* it divides what was one mapping before */
    MAPPINGS_OF_OTHERS = 64     /* that are left to the rest of the program */
};

#define RW (WM_ACCESS_READ | WM_ACCESS_WRITE)

static struct {
    enum { CLOSED, MOVING, ALIASES } how;
    uintptr_t slots;
    uint32_t
        ready; /* slots and table entries below are accessible: if all memory is locked, no more is filled */
    size_t mappings; /* that may be made before somebody counts again; aliases only */
} parking;

static struct wm_frames *frames(void)
{
    return &wm_home.frames;
}

static struct wm_range slots_of(uint32_t frame, uint32_t pages)
{
    return wm_range_of(parking.slots + (frame - 1) * WM_PAGE, pages * WM_PAGE);
}

static struct wm_range window_of(const struct wm_frame_run *run)
{
    return wm_range_of(run->window, run->pages * WM_PAGE);
}

/* --- opening --- */

static int map_slots(size_t bytes, uintptr_t *start)
{
    struct wm_range r;
    int error =
        parking.how == MOVING ? wm_kern_reserve(bytes, &r.start) : wm_kern_map_shared(bytes, &r.start);

    if (error != 0)
        return error;
    r.end = r.start + bytes;
    error = wm_kern_not_to_children(r);
    if (error == 0 && parking.how == MOVING)
        error = wm_moving_admit(r);
    if (error == 0)
        *start = r.start;
    else
        wm_kern_unmap(r);
    return error;
}

/* As many slots as there is memory; where addresses are short, most are left to the program. */
static int find_room(uint32_t *slots)
{
    uint64_t pages = wm_kern_memory() / WM_PAGE, wanted = pages < MOST_SLOTS ? pages : MOST_SLOTS;
    uint64_t count = wanted;
    int error = map_slots(count * WM_PAGE, &parking.slots);

    while ((error == -ENOMEM || error == -EAGAIN) && count / 2 >= FEWEST_SLOTS) {
        count /= 2;
        error = map_slots(count * WM_PAGE, &parking.slots);
    }
    if (error == 0 && count != wanted && count / 4 >= FEWEST_SLOTS) {
        wm_kern_unmap(wm_range_of(parking.slots, count * WM_PAGE));
        count /= 4;
        error = map_slots(count * WM_PAGE, &parking.slots);
    }
    *slots = (uint32_t)count;
    return error;
}

static size_t at_bytes(uint32_t limit)
{
    return wm_up(limit * sizeof(uintptr_t), WM_PAGE);
}

static size_t given_bytes(uint32_t limit)
{
    return wm_up(limit / 8 + sizeof(uint64_t), WM_PAGE);
}

static int make_tables(uint32_t slots)
{
    uint32_t limit = slots + 1;
    uintptr_t tables;
    int error = wm_kern_reserve(at_bytes(limit) + given_bytes(limit), &tables);

    if (error == 0)
        wm_frames_init(frames(), (uintptr_t *)tables, (uint64_t *)(tables + at_bytes(limit)), limit);
    return error;
}

static int open_area(void)
{
    uint32_t slots;
    int error = parking.how == MOVING ? wm_moving_make_zeros() : 0;

    if (error == 0)
        error = find_room(&slots);
    if (error != 0)
        return error;
    error = make_tables(slots);
    if (error != 0)
        wm_kern_unmap(wm_range_of(parking.slots, slots * WM_PAGE));
    parking.ready = 0;
    parking.mappings = 0;
    return error;
}

/* Moving if the kernel does it and there is a descriptor for it. */
static wm_status open_parking(void)
{
    int error;

    parking.how = wm_moving_open() == 0 ? MOVING : ALIASES;
    error = open_area();
    if (error == 0)
        return WM_OK;
    if (parking.how == MOVING)
        wm_moving_close();
    parking.how = CLOSED;
    return wm_from_errno(WM_OP_RESERVE, error);
}

static wm_status be_ready(void)
{
    if (parking.how == CLOSED)
        return open_parking();
    if (parking.how == ALIASES || wm_moving_is_open())
        return WM_OK;
    return wm_moving_renew(slots_of(1, frames()->limit - 1));
}

wm_status wm_parking_enter(void)
{
    wm_status st;

    if (!wm_lock_take(&wm_home.frame_lock))
        return WM_REENTERED;
    st = be_ready();
    if (!wm_ok(st))
        wm_lock_drop(&wm_home.frame_lock);
    return st;
}

void wm_parking_leave(void)
{
    wm_lock_drop(&wm_home.frame_lock);
}

void wm_parking_after_fork(void)
{
    uint32_t limit = frames()->limit;

    if (parking.how == MOVING)
        wm_moving_close();
    if (parking.how != CLOSED)
        wm_kern_unmap(wm_range_of((uintptr_t)frames()->at, at_bytes(limit) + given_bytes(limit)));
    parking.how = CLOSED;
    *frames() = (struct wm_frames){0};
}

bool wm_parking_moves(void)
{
    return parking.how == MOVING;
}

/* --- windows --- */

/* Accessible last: nothing may appear in it before it is registered, not even if all memory is locked. */
wm_status wm_parking_admit(struct wm_range window)
{
    int error = parking.how == MOVING ? wm_kern_map_window(window) : 0;

    if (error == 0)
        error = wm_kern_not_to_children(window);
    if (error == 0 && parking.how == MOVING)
        error = wm_moving_admit(window);
    if (error == 0 && parking.how == MOVING)
        error = wm_kern_protect(window, RW);
    return wm_from_errno(WM_OP_RESERVE, error);
}

/* --- memory --- */

/* Makes accessible what lies behind the part that is accessible already. */
static int open_part(uintptr_t start, size_t open, size_t wanted)
{
    return open >= wanted ? 0 : wm_kern_protect((struct wm_range){start + open, start + wanted}, RW);
}

/* A page of the tables is accessible if any of its entries is below ready; while that is 0, none is. */
static int open_tables(uint32_t ready)
{
    size_t no_at = parking.ready == 0 ? 0 : at_bytes(parking.ready);
    size_t no_given = parking.ready == 0 ? 0 : given_bytes(parking.ready);
    int error = open_part((uintptr_t)frames()->at, no_at, at_bytes(ready));

    return error != 0 ? error : open_part((uintptr_t)frames()->given, no_given, given_bytes(ready));
}

static int open_slots(uint32_t end)
{
    uint32_t first = parking.ready == 0 ? 1 : parking.ready, ready = (uint32_t)wm_up(end, GROWTH);
    int error;

    if (end <= parking.ready)
        return 0;
    ready = ready < frames()->limit ? ready : frames()->limit;
    error = open_tables(ready);
    if (error == 0)
        error = wm_kern_protect(slots_of(first, ready - first), RW);
    if (error == 0)
        parking.ready = ready;
    return error;
}

wm_status wm_parking_fill(uint32_t frame, uint32_t pages, uint32_t *filled)
{
    struct wm_range r = slots_of(frame, pages);
    size_t bytes = 0;
    int error;

    *filled = 0;
    error = open_slots(frame + pages);
    if (error != 0)
        return wm_from_errno(WM_OP_COMMIT, error);
    if (parking.how == MOVING) {
        error = wm_moving_fill(r, &bytes);
        *filled = (uint32_t)(bytes / WM_PAGE);
    } else {
        error = wm_kern_provide(r, WM_PAGE);
        if (error == 0)
            *filled = pages;
        else
            wm_kern_punch(r);
    }
    return wm_from_errno(WM_OP_FRAMES, error);
}

static int close_window(struct wm_range window)
{
    int error = wm_kern_discard(window);

    if (error == 0)
        wm_kern_not_to_children(window);
    return error;
}

int wm_parking_empty(const struct wm_frame_run *run)
{
    int error = 0;

    if (parking.how == MOVING)
        return wm_kern_empty(run->window != 0 ? window_of(run) : slots_of(run->frame, run->pages));
    if (run->window != 0)
        error = close_window(window_of(run));
    return error != 0 ? error : wm_kern_punch(slots_of(run->frame, run->pages));
}

/* --- between slot and window --- */

static int all_or_none(int error, const struct wm_frame_run *run, uint32_t *done)
{
    *done = error == 0 ? run->pages : 0;
    return error;
}

int wm_parking_bring(const struct wm_frame_run *run, uint32_t *done)
{
    struct wm_range slots = slots_of(run->frame, run->pages);

    if (parking.how == MOVING)
        return wm_moving_move(slots, run->window, done);
    return all_or_none(wm_kern_alias(slots, run->window), run, done);
}

int wm_parking_park(const struct wm_frame_run *run, uint32_t *done)
{
    if (parking.how == MOVING)
        return wm_moving_move(window_of(run), slots_of(run->frame, 1).start, done);
    return all_or_none(close_window(window_of(run)), run, done);
}

/* Counting takes milliseconds: half of what is left may be used before the next time. */
bool wm_parking_affords(size_t runs)
{
    size_t wanted = runs * MAPPINGS_OF_A_RUN, most, used;

    if (wanted > parking.mappings) {
        most = wm_kern_max_maps();
        used = wm_kern_count_vmas(most) + MAPPINGS_OF_OTHERS;
        if (used >= most || wanted > most - used)
            return false;
        parking.mappings = wanted > (most - used) / 2 ? wanted : (most - used) / 2;
    }
    parking.mappings -= wanted;
    return true;
}
