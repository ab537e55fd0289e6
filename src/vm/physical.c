/* physical.c: Address Windowing Extensions: frames, windows, and which frame lies where. */
#include "vm/physical.h"

#include <string.h>

#include "kern/kern.h"
#include "vm/errno_status.h"
#include "vm/home.h"
#include "vm/ops.h"
#include "vm/parking.h"
#include "vm/place.h"

#define NO_FRAME UINT32_MAX /* a number that no frame has */

enum {
    ON_STACK = 64,      /* shifts that need no memory of their own */
    LEFT_TO_OTHERS = 16 /* one part in so many of the memory that is available */
};

static struct wm_space *space(void)
{
    return &wm_home.space;
}

static struct wm_frames *frames(void)
{
    return &wm_home.frames;
}

/* With the book's lock. */
static wm_status take_frames(void)
{
    wm_status st;

    if (!wm_lock_take(&wm_home.frame_lock))
        return WM_REENTERED;
    st = wm_parking_ready();
    if (!wm_ok(st))
        wm_lock_drop(&wm_home.frame_lock);
    return st;
}

static void drop_frames(void)
{
    wm_lock_drop(&wm_home.frame_lock);
}

/* For what needs no window: the frames alone stay locked. */
static wm_status enter_frames(void)
{
    wm_status st = wm_home_enter();

    if (!wm_ok(st))
        return st;
    st = take_frames();
    wm_home_leave();
    return st;
}

/* The program's arrays need not be aligned. */
static uintptr_t word_of(const void *array, size_t i)
{
    uintptr_t word;

    memcpy(&word, (const char *)array + i * sizeof word, sizeof word);
    return word;
}

/* --- memory for the length of a call --- */

/*
 * One thread's is another's a moment later, by way of the kernel, which thread sanitizers do not see: counting
 * tells them.
 */
static uint32_t turns;

static bool borrow(size_t bytes, uintptr_t *start)
{
    if (wm_kern_map_sparse(wm_up(bytes, WM_PAGE), start) != 0)
        return false;
    __atomic_fetch_add(&turns, 1, __ATOMIC_ACQUIRE);
    return true;
}

static void give_back(uintptr_t start, size_t bytes)
{
    __atomic_fetch_add(&turns, 1, __ATOMIC_RELEASE);
    wm_kern_unmap(wm_range_of(start, wm_up(bytes, WM_PAGE)));
}

/* --- shifts --- */

struct shifts {
    struct wm_shift *list;
    size_t count;
    struct wm_shift few[ON_STACK];
};

static wm_status make_shifts(struct shifts *s, size_t count)
{
    uintptr_t list;

    s->count = count;
    s->list = s->few;
    if (count <= ON_STACK)
        return WM_OK;
    if (count > WM_SPACE_END / sizeof *s->list || !borrow(count * sizeof *s->list, &list))
        return WM_BOOK_MEMORY;
    s->list = (struct wm_shift *)list;
    wm_kern_populate(wm_range_of(list, wm_up(count * sizeof *s->list, WM_PAGE))); /* faults cost more */
    return WM_OK;
}

static void end_shifts(struct shifts *s)
{
    if (s->list != s->few)
        give_back((uintptr_t)s->list, s->count * sizeof *s->list);
}

static int park(struct shifts *s, bool back)
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

static int bring(struct shifts *s, bool back)
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

/* Everything that leaves goes first: a frame may come from a page that another one comes to. */
static int carry_out(struct shifts *s, bool back)
{
    int error = park(s, back);

    return error != 0 ? error : bring(s, back);
}

/* How many runs of frames lie in windows, in one place or the other, while this is carried out. */
static size_t runs_of(const struct shifts *s)
{
    struct wm_frame_run run;
    size_t runs = 0;

    for (size_t i = 0; wm_shifts_to_park(s->list, s->count, false, &i, &run); i += run.pages)
        runs++;
    for (size_t i = 0; wm_shifts_to_bring(s->list, s->count, false, &i, &run); i += run.pages)
        runs++;
    return runs;
}

/* All or nothing. The tables follow each step, so they are right even if the way back is barred as well. */
static wm_status settle(struct shifts *s)
{
    int error;

    if (!wm_parking_moves() && !wm_parking_affords(runs_of(s)))
        return WM_MAP_COUNT;
    error = carry_out(s, false);
    if (error != 0)
        carry_out(s, true);
    return wm_from_errno(WM_OP_FRAMES, error);
}

/* --- mapping --- */

static void read_request(const struct wm_map_frames_req *req, struct shifts *s)
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

/* The window that holds addr. False in *settled: it had to be waited for, and others may have changed. */
static wm_status find_window(uintptr_t addr, struct wm_found *window, bool *settled)
{
    *settled = true;
    if (!wm_space_at(space(), addr, window) || !wm_is_window(&window->extent) ||
        addr >= wm_extent_range(&window->extent).end)
        return WM_WINDOW_UNKNOWN;
    *settled = !wm_home_is_claimed(window->index);
    return *settled || wm_home_await() ? WM_OK : WM_REENTERED;
}

/* single: all pages must be of one window. */
static wm_status find_slots(struct shifts *s, bool single)
{
    struct wm_found window = {0};
    wm_status st = WM_OK;
    bool settled;

    for (size_t i = 0; i < s->count && wm_ok(st); i++) {
        if (window.index == 0 || s->list[i].at - window.extent.start >= window.extent.bytes) {
            if (single && i > 0)
                return WM_WINDOW_UNKNOWN;
            st = find_window(s->list[i].at, &window, &settled);
            if (wm_ok(st) && !settled) {
                window.index = 0;
                i = SIZE_MAX; /* from the beginning */
                continue;
            }
        }
        if (wm_ok(st))
            s->list[i].slot = wm_window_slot(&window.extent, s->list[i].at);
    }
    return st;
}

/* Where a frame lies is a window. */
static uint32_t *slot_at(uintptr_t at)
{
    struct wm_found window;

    wm_space_at(space(), at, &window);
    return wm_window_slot(&window.extent, at);
}

static wm_status plan(struct shifts *s)
{
    static const wm_status verdicts[] = {[WM_SHIFT_FINE] = WM_OK,
                                         [WM_SHIFT_UNKNOWN] = WM_FRAME_UNKNOWN,
                                         [WM_SHIFT_TWICE] = WM_FRAME_TWICE,
                                         [WM_SHIFT_ELSEWHERE] = WM_FRAME_ELSEWHERE};

    return verdicts[wm_frames_plan(frames(), s->list, s->count, slot_at)];
}

/* The book's lock is needed until it is known what is to be done; others need not wait for the rest. */
static wm_status map_shifts(struct shifts *s, bool single)
{
    wm_status st = wm_home_enter();

    if (!wm_ok(st))
        return st;
    st = find_slots(s, single);
    if (wm_ok(st))
        st = take_frames();
    if (!wm_ok(st)) {
        wm_home_leave();
        return st;
    }
    st = plan(s);
    wm_home_leave();
    if (wm_ok(st))
        st = settle(s);
    drop_frames();
    return st;
}

wm_status wm_op_map_frames(const struct wm_map_frames_req *req)
{
    struct shifts s;
    wm_status st;

    if (req->addresses == NULL && !wm_range_fits(req->base, 0))
        return WM_WINDOW_UNKNOWN;
    st = make_shifts(&s, req->count);
    if (!wm_ok(st))
        return st;
    read_request(req, &s);
    st = map_shifts(&s, req->addresses == NULL);
    end_shifts(&s);
    return st;
}

/* --- windows --- */

static wm_status make_table(struct wm_found *found)
{
    struct wm_extent *e = &found->extent;
    uintptr_t table;

    if (wm_kern_map_sparse(wm_window_table_bytes(e), &table) != 0)
        return WM_BOOK_MEMORY;
    e->marks = table;
    wm_space_begin(space());
    wm_space_set(space(), found->index, e);
    wm_space_end(space());
    return WM_OK;
}

static wm_status furnish(struct wm_found *found)
{
    wm_status st = take_frames();

    if (!wm_ok(st))
        return st;
    st = wm_parking_admit(wm_extent_range(&found->extent));
    drop_frames();
    return wm_ok(st) ? make_table(found) : st;
}

wm_status wm_physical_furnish(uintptr_t start)
{
    struct wm_found found;
    wm_status st;

    wm_space_at(space(), start, &found);
    st = furnish(&found);
    if (!wm_ok(st))
        wm_place_vacate(found);
    return st;
}

void wm_physical_drop_table(const struct wm_extent *e)
{
    if (e->marks != 0)
        wm_kern_unmap(wm_range_of(e->marks, wm_window_table_bytes(e)));
}

/* Shifts that take every frame out of a window. */
static wm_status list_frames(const struct wm_extent *e, struct shifts *s)
{
    struct wm_range r = wm_extent_range(e);
    size_t count = 0;
    wm_status st;

    for (uint32_t frame = 1; wm_frames_next_in(frames(), r, &frame); frame++)
        count++;
    st = make_shifts(s, count);
    for (uint32_t frame = 1, i = 0; wm_ok(st) && wm_frames_next_in(frames(), r, &frame); frame++, i++) {
        uintptr_t at = frames()->at[frame];

        s->list[i] = (struct wm_shift){.at = at, .slot = wm_window_slot(e, at), .out = frame};
    }
    return st;
}

/* Aliases go with their mapping: it is enough to note that the frames are parked. */
static wm_status park_all(struct shifts *s)
{
    if (wm_parking_moves())
        return settle(s);
    wm_frames_parked(frames(), s->list, (uint32_t)s->count);
    return WM_OK;
}

/* The window stays after all. What others have done with a frame in between stands. */
static void put_back(struct shifts *s)
{
    if (!wm_lock_take(&wm_home.frame_lock))
        return;
    for (size_t i = 0; i < s->count; i++)
        if (!wm_frames_owned(frames(), s->list[i].out) || frames()->at[s->list[i].out] != 0)
            s->list[i].out = 0;
    for (size_t i = 0; i < s->count && !wm_parking_moves(); i++)
        if (s->list[i].out != 0)
            wm_frames_brought(frames(), &s->list[i], 1, true);
    carry_out(s, true);
    drop_frames();
}

wm_status wm_physical_vacate(struct wm_found found)
{
    struct shifts s;
    wm_status st = take_frames();

    if (!wm_ok(st))
        return st;
    st = list_frames(&found.extent, &s);
    if (!wm_ok(st)) {
        drop_frames();
        return st;
    }
    st = park_all(&s);
    drop_frames();
    if (wm_ok(st)) {
        st = wm_place_vacate(found);
        if (!wm_ok(st))
            put_back(&s);
    }
    end_shifts(&s);
    return st;
}

static bool lies_at(uintptr_t addr)
{
    struct wm_found found;

    return wm_space_at(space(), addr, &found) && wm_is_window(&found.extent) && found.extent.marks != 0 &&
           addr < wm_extent_range(&found.extent).end && *wm_window_slot(&found.extent, addr) != 0;
}

/* Asked while nothing can move; the kernel touches it, so nobody faults. */
bool wm_physical_reachable(uintptr_t addr, bool write)
{
    bool reachable = false;

    if (!wm_ok(wm_home_enter()))
        return false;
    if (wm_lock_take(&wm_home.frame_lock)) {
        reachable = lies_at(wm_down(addr, WM_PAGE)) && wm_kern_touches(addr, write);
        drop_frames();
    }
    wm_home_leave();
    return reachable;
}

/* --- frames --- */

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

static wm_status allocate(struct harvest *h, size_t wanted)
{
    wm_status st = enter_frames();
    uint32_t pages;
    uintptr_t runs;

    if (!wm_ok(st))
        return st;
    pages = wanted < frames()->limit ? (uint32_t)wanted : frames()->limit - 1;
    h->bytes = (pages + 1) * sizeof *h->runs;
    if (borrow(h->bytes, &runs)) {
        h->runs = (struct wm_frame_run *)runs;
        st = gather(h, pages);
    } else {
        st = WM_BOOK_MEMORY;
    }
    drop_frames();
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
        give_back((uintptr_t)h.runs, h.bytes);
    return st;
}

/* Where they lie, as long as the book may be asked. */
static void find_frames(struct shifts *s)
{
    for (size_t i = 0; i < s->count; i++) {
        uint32_t frame = s->list[i].in;

        s->list[i].at = wm_frames_owned(frames(), frame) ? frames()->at[frame] : 0;
        if (s->list[i].at != 0)
            s->list[i].slot = slot_at(s->list[i].at);
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
static wm_status give_all(const struct shifts *s, size_t *freed)
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

static wm_status free_shifts(struct shifts *s, size_t *freed)
{
    wm_status st = wm_home_enter();

    if (!wm_ok(st))
        return st;
    st = take_frames();
    if (wm_ok(st))
        find_frames(s);
    wm_home_leave();
    if (!wm_ok(st))
        return st;
    st = give_all(s, freed);
    drop_frames();
    return st;
}

wm_status wm_op_free_frames(const void *numbers, size_t count, size_t *freed)
{
    struct wm_map_frames_req req = {.frames = numbers, .count = count};
    struct shifts s;
    wm_status st = make_shifts(&s, count);

    *freed = 0;
    if (!wm_ok(st))
        return st;
    read_request(&req, &s);
    st = free_shifts(&s, freed);
    end_shifts(&s);
    return st;
}

/* --- forks --- */

/* What was mapped there did not come along: the addresses belong to whoever takes them. */
static void forget_window(struct wm_found found)
{
    wm_physical_drop_table(&found.extent);
    wm_space_begin(space());
    wm_space_forget(space(), found);
    wm_space_end(space());
}

void wm_physical_after_fork(void)
{
    struct wm_found found;

    for (uintptr_t addr = 0; wm_space_from(space(), addr, &found); addr = found.extent.start + 1)
        if (wm_is_window(&found.extent))
            forget_window(found);
    wm_lock_reset(&wm_home.frame_lock);
    wm_parking_after_fork();
}
