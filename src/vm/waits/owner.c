/*
 * owner.c: the owner of a mutex is a thread: by its number, which the kernel has for all threads of all processes.
 * It knows how many it has, so that one that has none has nothing to do at its end (abandoned.c).
 */
#include "vm/waits/owner.h"

#include "base/atomic.h"
#include "kern/renew.h"
#include "kern/sys.h"
#include "vm/threads/self.h"

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
        WM_STORE(self->mutexes, self->mutexes + (uint32_t)change);
}
