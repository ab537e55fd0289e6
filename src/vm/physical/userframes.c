/*
 * userframes.c: a program gets physical pages, and gives them back.
 *
 * Both are done as far as they go, and tell how far that was: fewer pages than were asked for are a success
 * (D9.5a), freeing stops at the first number that is not the program's (D9.5b). New pages are zero (L33),
 * because slots are filled anew each time.
 *
 * The arrays are the program's memory: they are read before a lock is taken and written after it is
 * dropped, since touching them may run its fault handlers, which may call us.
 */
#include <string.h>

#include "vm/book/home.h"
#include "vm/errno_status.h"
#include "vm/ops.h"
#include "vm/physical/parking.h"
#include "vm/physical/physical.h"
#include "vm/physical/shifts.h"

enum { LEFT_TO_OTHERS = 16 }; /* one part in so many of the memory that is available */

static struct wm_frames *frames(void)
{
    return &wm_home.frames;
}

/* --- getting them --- */

/* Runs of frames that one call hands out: at most as many as there are frames. */
struct harvest {
    struct wm_frame_run *runs; /* one mapping, bytes long */
    size_t count;
    size_t bytes;
};

/* The kernel ends processes rather than refuse the last page: some of what it has is left to it. */
static size_t affordable(size_t wanted)
{
    struct wm_memory memory;
    uint64_t pages;

    if (!wm_ok(wm_op_memory_physical(&memory)))
        return wanted;
    pages = (memory.available - memory.available / LEFT_TO_OTHERS) / WM_PAGE;
    return pages < wanted ? pages : wanted;
}

static wm_status gather(struct harvest *h, uint32_t wanted)
{
    struct wm_frame_run run;
    wm_status st = WM_OK;
    uint32_t filled;

    while (wanted > 0 && wm_ok(st) && wm_frames_pick(frames(), wanted, &run)) {
        st = wm_parking_fill(run.frame, run.pages, &filled);
        run.pages = filled;
        if (filled == 0)
            break;
        wm_frames_take(frames(), run);
        h->runs[h->count++] = run;
        wanted -= filled;
    }
    return h->count > 0 ? WM_OK : wm_ok(st) ? WM_FRAMES_NONE : st;
}

/* Only frame_lock is kept: what follows needs no window. */
static wm_status enter_frames(void)
{
    wm_status st;

    WM_AT_HOME(st)
        st = wm_parking_enter();
    return st;
}

static wm_status allocate(struct harvest *h, size_t wanted)
{
    wm_status st = enter_frames();
    uint32_t pages;
    uintptr_t runs;

    if (!wm_ok(st))
        return st;
    pages = wanted < frames()->limit ? (uint32_t)wanted : frames()->limit - 1;
    h->bytes = (pages + 1) * sizeof *h->runs;
    if (wm_borrow(h->bytes, &runs)) {
        h->runs = (struct wm_frame_run *)runs;
        st = gather(h, pages);
    } else {
        st = WM_BOOK_MEMORY;
    }
    wm_parking_leave();
    return st;
}

/* After the lock is dropped: the array is the program's. */
static size_t hand_out(const struct harvest *h, char *numbers)
{
    size_t count = 0;

    for (size_t i = 0; i < h->count; i++)
        for (uint32_t page = 0; page < h->runs[i].pages; page++) {
            uintptr_t number = h->runs[i].frame + page;

            memcpy(numbers + count++ * sizeof number, &number, sizeof number);
        }
    return count;
}

wm_status wm_op_allocate_frames(size_t wanted, void *numbers, size_t *delivered)
{
    struct harvest h = {0};
    wm_status st = wanted == 0 ? WM_OK : allocate(&h, affordable(wanted));

    if (wm_ok(st))
        *delivered = hand_out(&h, numbers);
    if (h.runs != NULL)
        wm_give_back((uintptr_t)h.runs, h.bytes);
    return st;
}

/* --- giving them back --- */

/* Notes where each frame lies. This comes first, because finding a window needs the book's lock. */
static void find_frames(struct wm_shift_list *s)
{
    for (size_t i = 0; i < s->count; i++) {
        uint32_t frame = s->list[i].in;

        s->list[i].at = wm_frames_owned(frames(), frame) ? frames()->at[frame] : 0;
        if (s->list[i].at != 0)
            s->list[i].slot = wm_physical_slot_at(s->list[i].at);
    }
}

/* Frames that follow one another in the list, in number and in place. */
static struct wm_frame_run run_at(const struct wm_shift *first, size_t count)
{
    struct wm_frame_run run = {first->at, first->in, 1};

    while (run.pages < count && first[run.pages].in == first->in + run.pages &&
           wm_frames_owned(frames(), first[run.pages].in) &&
           first[run.pages].at == (first->at == 0 ? 0 : first->at + run.pages * WM_PAGE))
        run.pages++;
    return run;
}

static wm_status give(const struct wm_shift *first, struct wm_frame_run run)
{
    int error = wm_parking_empty(&run);

    if (error != 0)
        return wm_from_errno(WM_OP_FRAMES, error);
    if (run.window != 0)
        wm_frames_parked(frames(), first, run.pages);
    wm_frames_give(frames(), run);
    return WM_OK;
}

/* In their order, up to the first that is none (any more: it may be named twice). */
static wm_status give_all(const struct wm_shift_list *s, size_t *freed)
{
    wm_status st = WM_OK;

    while (*freed < s->count && wm_ok(st)) {
        const struct wm_shift *first = &s->list[*freed];
        struct wm_frame_run run;

        if (!wm_frames_owned(frames(), first->in))
            return WM_FRAME_UNKNOWN;
        run = run_at(first, s->count - *freed);
        st = give(first, run);
        if (wm_ok(st))
            *freed += run.pages;
    }
    return st;
}

static wm_status free_shifts(struct wm_shift_list *s, size_t *freed)
{
    wm_status st;

    WM_AT_HOME(st) {
        st = wm_parking_enter();
        if (wm_ok(st))
            find_frames(s);
    }
    if (!wm_ok(st))
        return st;
    st = give_all(s, freed);
    wm_parking_leave();
    return st;
}

wm_status wm_op_free_frames(const void *numbers, size_t count, size_t *freed)
{
    struct wm_map_frames_req req = {.frames = numbers, .count = count};
    struct wm_shift_list s;
    wm_status st = wm_shifts_make(&s, count);

    *freed = 0;
    if (!wm_ok(st))
        return st;
    wm_shifts_read(&s, &req);
    st = free_shifts(&s, freed);
    wm_shifts_end(&s);
    return st;
}
