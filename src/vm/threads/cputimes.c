/*
 * cputimes.c: the times of a thread (cputimes.h).
 *
 * The kernel forgets them with the thread, so a thread that somebody keeps writes them down as one of its last acts. When one
 * began that was not made here the kernel tells as long as it is there; afterwards it is the time when it got its record.
 */
#include "vm/threads/cputimes.h"

#include "base/atomic.h"
#include "kern/threads/scheduling.h"
#include "vm/threads/ends.h"
#include "vm/threads/records.h"

static void leave(struct wm_thread *self)
{
    struct wm_cpu_times times = {0, 0};

    if (WM_LOAD(self->keepers) == 0)
        return;
    wm_kern_own_cpu_times(&times);
    self->user_ns = times.user;
    self->kernel_ns = times.kernel;
    WM_STORE(self->exited, wm_kern_wall_clock());
}

const struct wm_thread_ending wm_ending_times = {.leave = leave};

static uint64_t created(struct wm_thread *thread)
{
    uint64_t born = thread->ours || wm_thread_is_gone(thread) ? 0 : wm_kern_thread_born(WM_LOAD(thread->id));

    return born > WM_BORN_SOMETIME ? wm_kern_wall_clock_of(born) : thread->created;
}

/* Of one that ended by a system call nobody has written down anything: it has run no longer than to this moment. */
int wm_thread_times(struct wm_thread *thread, struct wm_thread_times *out)
{
    struct wm_cpu_times times = {0, 0};
    bool gone = wm_thread_is_gone(thread);
    int result = 0;

    out->created = created(thread);
    out->exited = !gone ? 0 : WM_LOAD(thread->exited) != 0 ? thread->exited : wm_kern_wall_clock();
    if (!gone && WM_LOAD(thread->id) != 0)
        result = thread == wm_thread_mine ? wm_kern_own_cpu_times(&times)
                                          : wm_kern_cpu_times(WM_LOAD(thread->id), &times);
    if (gone)
        times = (struct wm_cpu_times){thread->user_ns, thread->kernel_ns};
    out->user = times.user / 100;
    out->kernel = times.kernel / 100;
    return result;
}
