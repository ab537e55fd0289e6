/*
 * owner.c: the owner of a mutex is a thread: by its number, which the kernel has for all threads of all processes.
 *
 * A thread knows how many it has, so that one that has none has nothing to do at its end. One that ends gives up those that
 * this process has a handle to; whoever waits for others finds out by its number (cell.c).
 */
#include "vm/waits/owner.h"

#include "base/atomic.h"
#include "kern/process/peer.h"
#include "kern/renew.h"
#include "kern/sys.h"
#include "vm/threads/ends.h"
#include "vm/waits/waitable.h"

uint32_t wm_owner_thread(void)
{
    return wm_thread_id();
}

static int32_t process; /* 0: nobody has asked */

int32_t wm_owner_process(void)
{
    int32_t known = WM_LOAD(process);

    if (known == 0) {
        known = wm_sys_pid();
        WM_STORE(process, known);
    }
    return known;
}

static void renew(void)
{
    process = 0;
}

const struct wm_renewal wm_renewed_owner = {.renew = renew};

/* Without a record, for want of memory, it is not counted: then whoever waits finds out. */
void wm_owner_counts(int change)
{
    struct wm_thread *self = wm_thread_self();

    if (self != NULL)
        self->mutexes += (uint32_t)change;
}

/* --- the end of a thread --- */

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
    self->mutexes = 0;
}

/* By now the number may be another thread's, whose mutexes are his. */
static void reap(struct wm_thread *gone)
{
    if (gone->mutexes != 0 && !wm_kern_has_number((int32_t)gone->id))
        abandon_all(gone->id);
}

const struct wm_thread_ending wm_ending_mutexes = {.leave = leave, .reap = reap};
