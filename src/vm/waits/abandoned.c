/*
 * abandoned.c: what becomes of the mutexes of a thread that ends without giving them back.
 *
 * It gives up those that this process has a handle to; whoever waits for others finds out by its number (cell.c).
 */
#include "base/atomic.h"
#include "kern/process/peer.h"
#include "vm/threads/ends.h"
#include "vm/waits/waitable.h"

/* The next one from there on that is this thread's, pinned; 0: there is none. */
static uint32_t pin_owned(uint32_t from, uint32_t tid)
{
    const struct wm_pool *records = &wm_home.objects.records[WM_HANDLE_MUTEX];
    wm_status st;

    WM_AT_OBJECTS(st)
        for (uint32_t index = from; index < records->used; index++) {
            const struct wm_waitable *mutex = wm_waitable_at(WM_HANDLE_MUTEX, index);

            if (mutex->object.type != WM_HANDLE_MUTEX || wm_mutex_owner(mutex->place.cell) != tid)
                continue;
            wm_object_pin(&wm_home.objects, WM_HANDLE_MUTEX, index);
            return index;
        }
    return 0;
}

static void abandon_all(uint32_t tid)
{
    for (uint32_t index = 0; (index = pin_owned(index + 1, tid)) != 0;) {
        struct wm_cell *cell = wm_waitable_at(WM_HANDLE_MUTEX, index)->place.cell;
        struct wm_cell_step step = {.count = tid};

        wm_cell_change(cell, wm_mutex_abandon, &step);
        wm_cell_wake(cell, step.sleepers);
        wm_object_unpin(WM_HANDLE_MUTEX, index);
    }
}

static void leave(struct wm_thread *self)
{
    if (self->mutexes != 0)
        abandon_all(self->id);
    WM_STORE(self->mutexes, 0);
}

/* By now the number may be another thread's, whose mutexes are his. */
static void reap(struct wm_thread *gone)
{
    if (WM_LOAD(gone->mutexes) != 0 && !wm_kern_has_number((int32_t)gone->id))
        abandon_all(gone->id);
}

const struct wm_thread_ending wm_ending_mutexes = {.leave = leave, .reap = reap};
