/*
 * physical.c: Address Windowing Extensions: windows, and which frame lies where.
 *
 * Frames are the program's; windows are where it shows them. A call names many pages, in any order, across
 * several windows, and all of it is done or nothing (D9.5e): so it is planned as a whole, first by the
 * rules, then as moves.
 *
 *   a frame lies in at most one place (D6.9d), and each place holds at most one frame: frames.at and the
 *   slots of the windows' tables say the same, from both ends (core/frames.h)
 *   home.windows lists all windows; a window's table says where it is, and lasts exactly as long
 *   the book's lock is needed to find windows, frame_lock to change anything; a window cannot go while the
 *   second is held, because releasing one has to park its frames
 *
 * Somebody who reads a page while it is being replaced meets the old frame, the new one or, in between, a
 * fault, which the handler answers by having it tried again (L39). So whoever allocates a window sees to it that
 * faults are caught, also in a program that never asks for exceptions.
 */
#include "vm/physical/physical.h"

#include "kern/map/mapping.h"
#include "kern/renew.h"
#include "vm/book/home.h"
#include "vm/ground/vacate.h"
#include "vm/ops.h"
#include "vm/physical/parking.h"
#include "vm/physical/shifts.h"

static struct wm_frames *frames(void)
{
    return &wm_home.frames;
}

/* --- mapping --- */

/* The window that holds addr. False in *settled: it had to be waited for, and others may have changed. */
static wm_status find_window(uintptr_t addr, struct wm_found *window, bool *settled)
{
    *settled = true;
    if (!wm_space_at(wm_book(), addr, window) || !wm_is_window(&window->extent) ||
        addr >= wm_extent_range(&window->extent).end)
        return WM_WINDOW_UNKNOWN;
    *settled = !wm_home_is_claimed(window->index);
    return *settled || wm_home_await() ? WM_OK : WM_REENTERED;
}

/* single: all pages must be of one window. */
static wm_status find_slots(struct wm_shift_list *s, bool single)
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

uint32_t *wm_physical_slot_at(uintptr_t at)
{
    struct wm_found window;

    wm_space_at(wm_book(), at, &window);
    return wm_window_slot(&window.extent, at);
}

static wm_status plan(struct wm_shift_list *s)
{
    static const wm_status verdicts[] = {[WM_SHIFT_FINE] = WM_OK,
                                         [WM_SHIFT_UNKNOWN] = WM_FRAME_UNKNOWN,
                                         [WM_SHIFT_TWICE] = WM_FRAME_TWICE,
                                         [WM_SHIFT_ELSEWHERE] = WM_FRAME_ELSEWHERE};

    return verdicts[wm_frames_plan(frames(), s->list, s->count, wm_physical_slot_at)];
}

/* The book's lock is needed until it is known what is to be done; others need not wait for the rest. */
static wm_status map_shifts(struct wm_shift_list *s, bool single)
{
    wm_status st;

    WM_AT_HOME(st) {
        st = find_slots(s, single);
        if (wm_ok(st))
            st = wm_parking_enter();
        if (!wm_ok(st))
            return st;
        st = plan(s);
    }
    if (wm_ok(st))
        st = wm_shifts_settle(s);
    wm_parking_leave();
    return st;
}

wm_status wm_op_map_frames(const struct wm_map_frames_req *req)
{
    struct wm_shift_list s;
    wm_status st;

    if (req->addresses == NULL && !wm_range_fits(req->base, 0))
        return WM_WINDOW_UNKNOWN;
    st = wm_shifts_make(&s, req->count);
    if (!wm_ok(st))
        return st;
    wm_shifts_read(&s, req);
    st = map_shifts(&s, req->addresses == NULL);
    wm_shifts_end(&s);
    return st;
}

/* --- windows --- */

static void enlist(struct wm_window *window, uintptr_t start)
{
    *window = (struct wm_window){.next = wm_home.windows, .start = start};
    if (window->next != NULL)
        window->next->previous = window;
    wm_home.windows = window;
}

static void delist(struct wm_window *window)
{
    if (window->previous != NULL)
        window->previous->next = window->next;
    else
        wm_home.windows = window->next;
    if (window->next != NULL)
        window->next->previous = window->previous;
}

static wm_status make_table(struct wm_found *found)
{
    struct wm_extent *e = &found->extent;
    uintptr_t table;

    if (wm_kern_map_sparse(wm_window_table_bytes(e), &table) != 0)
        return WM_BOOK_MEMORY;
    enlist((struct wm_window *)table, e->start);
    e->marks = table;
    WM_SPACE_CHANGES(wm_book())
        wm_space_set(wm_book(), found->index, e);
    return WM_OK;
}

static wm_status furnish(struct wm_found *found)
{
    wm_status st = wm_parking_enter();

    if (!wm_ok(st))
        return st;
    st = wm_parking_admit(wm_extent_range(&found->extent));
    wm_parking_leave();
    return wm_ok(st) ? make_table(found) : st;
}

wm_status wm_physical_furnish(uintptr_t start)
{
    struct wm_found found;
    wm_status st;

    wm_space_at(wm_book(), start, &found);
    st = furnish(&found);
    if (!wm_ok(st))
        wm_place_vacate(found);
    return st;
}

static void unmap_table(const struct wm_extent *e)
{
    wm_kern_unmap(wm_range_of(e->marks, wm_window_table_bytes(e)));
}

static void drop_table(const struct wm_extent *e)
{
    delist((struct wm_window *)e->marks);
    unmap_table(e);
}

/* Shifts that take every frame out of a window. */
static wm_status list_frames(const struct wm_extent *e, struct wm_shift_list *s)
{
    struct wm_range r = wm_extent_range(e);
    size_t count = 0;
    wm_status st;

    for (uint32_t frame = 1; wm_frames_next_in(frames(), r, &frame); frame++)
        count++;
    st = wm_shifts_make(s, count);
    for (uint32_t frame = 1, i = 0; wm_ok(st) && wm_frames_next_in(frames(), r, &frame); frame++, i++) {
        uintptr_t at = frames()->at[frame];

        s->list[i] = (struct wm_shift){.at = at, .slot = wm_window_slot(e, at), .out = frame};
    }
    return st;
}

/* Aliases go with their mapping: it is enough to note that the frames are parked. */
static wm_status park_all(struct wm_shift_list *s)
{
    if (wm_parking_moves())
        return wm_shifts_settle(s);
    wm_frames_parked(frames(), s->list, (uint32_t)s->count);
    return WM_OK;
}

/* The window stays after all. What others have done with a frame in between stands. */
static void put_back(struct wm_shift_list *s)
{
    if (!wm_lock_take(&wm_home.frame_lock))
        return;
    for (size_t i = 0; i < s->count; i++)
        if (!wm_frames_owned(frames(), s->list[i].out) || frames()->at[s->list[i].out] != 0)
            s->list[i].out = 0;
    for (size_t i = 0; i < s->count && !wm_parking_moves(); i++)
        if (s->list[i].out != 0)
            wm_frames_brought(frames(), &s->list[i], 1, true);
    wm_shifts_carry_out(s, true);
    wm_parking_leave();
}

wm_status wm_physical_vacate(struct wm_found found)
{
    struct wm_shift_list s;
    wm_status st = wm_parking_enter();

    if (!wm_ok(st))
        return st;
    st = list_frames(&found.extent, &s);
    if (!wm_ok(st)) {
        wm_parking_leave();
        return st;
    }
    st = park_all(&s);
    wm_parking_leave();
    if (wm_ok(st)) {
        st = wm_place_vacate(found);
        if (wm_ok(st))
            drop_table(&found.extent);
        else
            put_back(&s);
    }
    wm_shifts_end(&s);
    return st;
}

static bool lies_at(uintptr_t addr)
{
    struct wm_found found;

    return wm_space_at(wm_book(), addr, &found) && wm_is_window(&found.extent) && found.extent.marks != 0 &&
           addr < wm_extent_range(&found.extent).end && *wm_window_slot(&found.extent, addr) != 0;
}

/* Asked while nothing can move; the kernel touches it, so nobody faults. */
bool wm_physical_reachable(uintptr_t addr, bool write)
{
    bool reachable = false;
    wm_status st;

    WM_AT_HOME(st) {
        if (!wm_lock_take(&wm_home.frame_lock))
            return false;
        reachable = lies_at(wm_down(addr, WM_PAGE)) && wm_kern_touches(addr, write);
        wm_parking_leave();
    }
    return reachable;
}

/* --- forks --- */

/*
 * What was mapped there did not come along: the addresses belong to whoever takes them. A thread that stayed behind may
 * have released the window, all but its table.
 */
static void forget_window(const struct wm_window *window)
{
    struct wm_found found;

    if (!wm_space_at(wm_book(), window->start, &found) || !wm_is_window(&found.extent) ||
        found.extent.marks != (uintptr_t)window)
        return;
    unmap_table(&found.extent);
    WM_SPACE_CHANGES(wm_book())
        wm_space_forget(wm_book(), found);
}

/*
 * By the list: every child comes here, most have no window, and a million extents would take 40 to 200 ms.
 * Tables are only read, or the kernel would copy each before it goes.
 */
static void renew(void)
{
    for (const struct wm_window *w = wm_home.windows, *next; w != NULL; w = next) {
        next = w->next;
        forget_window(w);
    }
    wm_home.windows = NULL;
    wm_parking_after_fork();
}

const struct wm_renewal wm_renewed_frames = {.lock = &wm_home.frame_lock, .renew = renew};
