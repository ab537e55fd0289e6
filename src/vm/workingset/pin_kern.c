/*
 * pin_kern.c: asking the kernel to keep pages in memory, and to let go of them.
 *
 * It works mapping by mapping and may stop half-way. What was locked before it was asked stays locked then,
 * and nothing else: of our own memory the book tells, which has not changed; of others' it is noted.
 * Undoing may spend spare mappings. Nothing is unlocked for a moment only: at the full table it could not
 * be locked again (pinned: fulltable.unlocking_can_be_for_good).
 *
 * mlock writes to what copies on write, and so copies it (pinned:
 * user.locking_copies_what_copies_on_write), which would cost memory and change what a view shows (L110):
 * such pages are locked as they are.
 */
#include "vm/workingset/pin_kern.h"

#include <errno.h>

#include "core/pages.h"
#include "kern/map/mapping.h"
#include "kern/pages/pagestate.h"
#include "vm/book/home.h"
#include "vm/ground/spare.h"
#include "vm/workingset/stretch.h"

/*
 * Others' memory that a call has locked, to be unlocked when it fails: not what was locked before. Parts that
 * touch are one, so that only a range that is dotted with locked mappings has many.
 */
struct taken {
    uint32_t count;
    struct wm_range part[32];
};

static bool note(struct taken *taken, struct wm_range r)
{
    if (taken->count > 0 && taken->part[taken->count - 1].end == r.start) {
        taken->part[taken->count - 1].end = r.end;
        return true;
    }
    if (taken->count == sizeof taken->part / sizeof taken->part[0])
        return false;
    taken->part[taken->count++] = r;
    return true;
}

static int lock_again(struct wm_range r, bool copies)
{
    return copies ? wm_kern_lock_unwritten(r) : wm_kern_lock_pages(r);
}

static int lock_mapping(const struct wm_vma *vma, struct wm_range r, struct taken *taken)
{
    if (!wm_kern_has_locked(r) && !note(taken, r))
        return -ENOMEM;
    return lock_again(r, vma->file && !vma->shared);
}

/* Mapping by mapping; taken may be NULL: all of it was locked. */
static int lock_foreign(struct wm_range r, struct taken *taken)
{
    struct wm_range part;
    struct wm_vma vma;
    int error = 0;

    for (uintptr_t addr = r.start; addr < r.end && error == 0; addr = part.end) {
        error = wm_kern_vma(addr, &vma);
        part = wm_range_cut((struct wm_range){addr, r.end}, vma.range);
        if (error == 0)
            error =
                taken != NULL ? lock_mapping(&vma, part, taken) : lock_again(part, vma.file && !vma.shared);
    }
    return error;
}

static int lock_run(struct wm_run run)
{
    return lock_again(run.range, (run.state & WM_PAGE_COPY) != 0);
}

/* Bringing many pages in takes long: if they are all alike, they are worked on without the lock. */
static int lock_claimed(const struct wm_found *found, struct wm_run run)
{
    int error = 0;

    WM_HOME_CLAIM(found, wm_range_bytes(run.range))
        error = lock_run(run);
    return error;
}

static int lock_ours(const struct wm_stretch *stretch, struct wm_range whole)
{
    struct wm_run_walk w = wm_runs_of(wm_book(), &stretch->found.extent, stretch->range);
    int error = 0;

    while (error == 0 && wm_run_next(&w))
        error = wm_range_holds(w.run.range, whole) ? lock_claimed(&stretch->found, w.run) : lock_run(w.run);
    return error;
}

static int lock_all(struct wm_range r, struct taken *taken)
{
    struct wm_stretch s = wm_stretches_of(r);
    wm_status st = WM_OK;
    int error = 0;

    while (error == 0 && wm_stretch_next(&s, &st))
        error = s.ours ? lock_ours(&s, r) : lock_foreign(s.range, taken);
    return wm_ok(st) ? error : -ENOMEM;
}

static void unlock_part(struct wm_range r)
{
    int error = wm_kern_unlock_pages(r);

    while (error == -ENOMEM && wm_spare_spend(WM_SPARE_UNDO))
        error = wm_kern_unlock_pages(r);
}

static void unlock_run(struct wm_found *found, struct wm_run run)
{
    (void)found;
    unlock_part(run.range);
}

int wm_pin_kern_lock(struct wm_range r)
{
    struct taken taken = {.count = 0};
    int error = lock_all(r, &taken);

    if (error == 0)
        return 0;
    wm_stretch_runs(r, false, unlock_run);
    for (uint32_t i = 0; i < taken.count; i++)
        unlock_part(taken.part[i]);
    return error;
}

static void relock_run(struct wm_found *found, struct wm_run run)
{
    int error = lock_run(run);

    (void)found;
    while (error == -ENOMEM && wm_spare_spend(WM_SPARE_UNDO))
        error = lock_run(run);
}

static void relock_foreign(struct wm_range r)
{
    int error = lock_foreign(r, NULL);

    while (error == -ENOMEM && wm_spare_spend(WM_SPARE_UNDO))
        error = lock_foreign(r, NULL);
}

int wm_pin_kern_unlock(struct wm_range r)
{
    struct wm_stretch s = wm_stretches_of(r);
    int error = wm_kern_unlock_pages(r);
    wm_status st;

    if (error == 0)
        return 0;
    wm_stretch_runs(r, true, relock_run);
    while (wm_stretch_next(&s, &st))
        if (!s.ours)
            relock_foreign(s.range);
    return error;
}
