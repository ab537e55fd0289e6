/*
 * frames.c: which physical page is where, and whether a list of changes is possible (frames.h).
 *
 * A plan is checked as a whole before a page moves. While it is checked, the tables themselves remember what
 * was named already, in bits that they have to spare: so a list of any length needs no memory, and naming a
 * page or a frame twice is seen at once. The bits are gone when the check ends, whatever it found.
 *
 * Carrying out is done in two passes, first everything that leaves and then everything that comes, so frames
 * may change places with each other. The tables follow each run that was moved: if the kernel refuses
 * half-way, the same two passes lead back.
 */
#include "core/frames.h"

#include "base/bits.h"

/*
 * Only while a plan is checked: this slot's page is one that it changes; this frame is one that it places.
 * Frame numbers are below 2^31, and addresses of pages have low bits to spare.
 */
#define PLANNED_SLOT 0x80000000u
#define PLANNED_FRAME ((uintptr_t)1)

void wm_frames_init(struct wm_frames *frames, uintptr_t *at, uint64_t *given, uint32_t limit)
{
    *frames = (struct wm_frames){.at = at, .given = given, .limit = limit, .fresh = 1};
}

bool wm_frames_pick(const struct wm_frames *frames, uint32_t most, struct wm_frame_run *out)
{
    size_t first = 1, end = frames->fresh;

    if (frames->given_count == 0 || !wm_bits_run(frames->given, &first, &end)) {
        first = frames->fresh;
        end = frames->limit;
    }
    *out = (struct wm_frame_run){.frame = (uint32_t)first};
    if (first >= end)
        return false;
    out->pages = end - first < most ? (uint32_t)(end - first) : most;
    return true;
}

void wm_frames_take(struct wm_frames *frames, struct wm_frame_run run)
{
    if (run.frame < frames->fresh) {
        wm_bits_clear(frames->given, run.frame, run.frame + run.pages);
        frames->given_count -= run.pages;
    } else {
        frames->fresh = run.frame + run.pages;
    }
}

void wm_frames_give(struct wm_frames *frames, struct wm_frame_run run)
{
    wm_bits_set(frames->given, run.frame, run.frame + run.pages);
    frames->given_count += run.pages;
}

bool wm_frames_owned(const struct wm_frames *frames, uintptr_t number)
{
    size_t first = number, end = number + 1;

    return number != 0 && number < frames->fresh &&
           (frames->given_count == 0 || !wm_bits_run(frames->given, &first, &end));
}

bool wm_frames_next_in(const struct wm_frames *frames, struct wm_range range, uint32_t *frame)
{
    for (; *frame < frames->fresh; ++*frame)
        if (frames->at[*frame] >= range.start && frames->at[*frame] < range.end)
            return true;
    return false;
}

/* --- plans --- */

static enum wm_shift_verdict note_pages(struct wm_shift *shifts, size_t count, size_t *noted)
{
    for (*noted = 0; *noted < count; ++*noted) {
        struct wm_shift *s = &shifts[*noted];

        if (*s->slot & PLANNED_SLOT)
            return WM_SHIFT_TWICE;
        s->out = *s->slot;
        *s->slot |= PLANNED_SLOT;
    }
    return WM_SHIFT_FINE;
}

/* A frame may come from where it lies now if that page is in the plan too: something else will be there. */
static enum wm_shift_verdict note_frame(struct wm_frames *frames, uint32_t frame, wm_slot_finder *find)
{
    uintptr_t at;

    if (!wm_frames_owned(frames, frame))
        return WM_SHIFT_UNKNOWN;
    at = frames->at[frame];
    if (at & PLANNED_FRAME)
        return WM_SHIFT_TWICE;
    if (at != 0 && !(*find(at) & PLANNED_SLOT))
        return WM_SHIFT_ELSEWHERE;
    frames->at[frame] = at | PLANNED_FRAME;
    return WM_SHIFT_FINE;
}

enum wm_shift_verdict wm_frames_plan(struct wm_frames *frames, struct wm_shift *shifts, size_t count,
                                     wm_slot_finder *find)
{
    size_t pages, noted = 0;
    enum wm_shift_verdict verdict = note_pages(shifts, count, &pages);

    for (; noted < count && verdict == WM_SHIFT_FINE; noted++)
        if (shifts[noted].in != 0 && (verdict = note_frame(frames, shifts[noted].in, find)) != WM_SHIFT_FINE)
            break;
    for (size_t i = 0; i < noted; i++)
        if (shifts[i].in != 0)
            frames->at[shifts[i].in] &= ~PLANNED_FRAME;
    for (size_t i = 0; i < pages; i++)
        *shifts[i].slot &= ~PLANNED_SLOT;
    return verdict;
}

/* --- carrying them out --- */

static uint32_t wanted(const struct wm_shift *s, bool back)
{
    return back ? s->out : s->in;
}

/* The frame that has to leave, or that has to come; 0: nothing to do here (any more). */
static uint32_t leaving(const struct wm_shift *s, bool back)
{
    return *s->slot != wanted(s, back) ? *s->slot : 0;
}

static uint32_t coming(const struct wm_shift *s, bool back)
{
    return *s->slot != wanted(s, back) ? wanted(s, back) : 0;
}

typedef uint32_t chooser(const struct wm_shift *s, bool back);

static bool next_run(const struct wm_shift *shifts, size_t count, bool back, chooser *choose, size_t *from,
                     struct wm_frame_run *out)
{
    const struct wm_shift *first;
    uint32_t frame = 0, pages = 1;

    while (*from < count && (frame = choose(&shifts[*from], back)) == 0)
        ++*from;
    if (*from == count)
        return false;
    first = &shifts[*from];
    while (*from + pages < count && first[pages].at == first->at + pages * WM_PAGE &&
           first[pages].slot == first->slot + pages && choose(&first[pages], back) == frame + pages)
        pages++;
    *out = (struct wm_frame_run){first->at, frame, pages};
    return true;
}

bool wm_shifts_to_park(const struct wm_shift *shifts, size_t count, bool back, size_t *from,
                       struct wm_frame_run *out)
{
    return next_run(shifts, count, back, leaving, from, out);
}

bool wm_shifts_to_bring(const struct wm_shift *shifts, size_t count, bool back, size_t *from,
                        struct wm_frame_run *out)
{
    return next_run(shifts, count, back, coming, from, out);
}

void wm_frames_parked(struct wm_frames *frames, const struct wm_shift *first, uint32_t pages)
{
    for (uint32_t i = 0; i < pages; i++) {
        frames->at[*first[i].slot] = 0;
        *first[i].slot = 0;
    }
}

void wm_frames_brought(struct wm_frames *frames, const struct wm_shift *first, uint32_t pages, bool back)
{
    for (uint32_t i = 0; i < pages; i++) {
        *first[i].slot = wanted(&first[i], back);
        frames->at[*first[i].slot] = first[i].at;
    }
}
