/*
 * moving.c: frames as private pages, moved by UFFDIO_MOVE (moving.h).
 *
 * A page that moves takes its contents along and splits no mapping (pinned:
 * moving.a_page_moves_and_no_mapping_is_split), so scattered frames cost no mappings (L40). The kernel
 * moves from a page that is there to a place that is empty, and refuses everything else with a code of its
 * own (pinned: moving.a_move_needs_one_page_and_no_other). Where it stumbles, the program has done
 * something to these addresses behind our back, and the book's version is restored.
 *
 * Closing the descriptor unregisters, and leaves pages where they are (pinned:
 * moving.closing_it_leaves_pages_where_they_are): so a program that closes everything loses nothing.
 */
#include "vm/physical/moving.h"

#include <errno.h>
#include <sched.h>

#include "kern/map/mapping.h"
#include "kern/pages/pagestate.h"
#include "vm/book/home.h"
#include "vm/errno_status.h"

enum { PATIENCE = 10000 }; /* times that the kernel may ask us to try again */

#define ZEROS_BYTES ((size_t)1 << 18)

static struct wm_mover mover;
static uintptr_t zeros_at; /* ZEROS_BYTES that are never written */

int wm_moving_open(void)
{
    return wm_kern_mover_open(&mover);
}

bool wm_moving_is_open(void)
{
    return wm_kern_mover_alive(&mover);
}

void wm_moving_close(void)
{
    if (wm_moving_is_open())
        wm_kern_close(mover.fd);
}

int wm_moving_admit(struct wm_range r)
{
    return wm_kern_mover_admit(&mover, r);
}

/* --- a descriptor that the program closed --- */

/* A window that somebody is taking away this moment (a claim) has no frames any more. */
static int admit_windows(const struct wm_mover *to)
{
    struct wm_found found;
    int error = 0;

    for (const struct wm_window *w = wm_home.windows; error == 0 && w != NULL; w = w->next) {
        wm_space_at(wm_book(), w->start, &found);
        if (!wm_home_is_claimed(found.index))
            error = wm_kern_mover_admit(to, wm_extent_range(&found.extent));
    }
    return error;
}

/* All registrations went with the descriptor; the pages are where they were. */
wm_status wm_moving_renew(struct wm_range slots)
{
    struct wm_mover another;
    int error = wm_kern_mover_open(&another);

    if (error != 0)
        return wm_from_errno(WM_OP_FRAMES, error);
    error = wm_kern_mover_admit(&another, slots);
    if (error == 0)
        error = admit_windows(&another);
    if (error == 0)
        mover = another;
    else
        wm_kern_close(another.fd);
    return wm_from_errno(WM_OP_FRAMES, error);
}

/* --- memory --- */

int wm_moving_make_zeros(void)
{
    struct wm_range zeros;
    int error = 0;

    if (zeros_at != 0)
        return 0;
    error = wm_kern_reserve(ZEROS_BYTES, &zeros.start);
    if (error != 0)
        return error;
    zeros.end = zeros.start + ZEROS_BYTES;
    error = wm_kern_protect(zeros, WM_ACCESS_READ);
    if (error == 0)
        zeros_at = zeros.start;
    else
        wm_kern_unmap(zeros);
    return error;
}

int wm_moving_fill(struct wm_range r, size_t *filled)
{
    int error = 0;

    for (*filled = 0; error == 0 && *filled < wm_range_bytes(r);) {
        size_t left = wm_range_bytes(r) - *filled, done;

        error = wm_kern_mover_copy(&mover, r.start + *filled, zeros_at,
                                   left < ZEROS_BYTES ? left : ZEROS_BYTES, &done);
        *filled += done;
    }
    return error;
}

/* --- moving --- */

/*
 * What the kernel stumbled over at one page, put right if it can be: a page that appeared where the book
 * has none, as can happen while nothing was registered, goes (EEXIST); one that the program took away
 * (MADV_DONTNEED) is zero again (ENOENT, L41). EAGAIN: the kernel is changing the address space, and asks
 * to be asked again.
 */
static int cope(int error, uintptr_t to, size_t *moved, int *tries)
{
    *moved = 0;
    if (++*tries > PATIENCE)
        return error;
    if (error == -EAGAIN) {
        sched_yield();
        return 0;
    }
    if (error == -EEXIST)
        return wm_kern_empty(wm_range_of(to, WM_PAGE));
    if (error == -ENOENT)
        return wm_moving_fill(wm_range_of(to, WM_PAGE), moved);
    return error;
}

int wm_moving_move(struct wm_range from, uintptr_t to, uint32_t *done)
{
    size_t bytes = wm_range_bytes(from), moved, at = 0;
    int error = 0, tries = 0;

    while (at < bytes && error == 0) {
        error = wm_kern_mover_move(&mover, to + at, from.start + at, bytes - at, &moved);
        if (error != 0)
            error = cope(error, to + at, &moved, &tries);
        at += moved;
    }
    *done = (uint32_t)(at / WM_PAGE);
    return error;
}
