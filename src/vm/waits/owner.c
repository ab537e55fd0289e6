/*
 * owner.c: the owner of a mutex is a thread: by its number, which the kernel has for all threads of all processes.
 */
#include "vm/waits/owner.h"

#include "base/atomic.h"
#include "kern/sys.h"

uint32_t wm_owner_thread(void)
{
    return (uint32_t)wm_sys3(SYS_gettid, 0, 0, 0);
}

int32_t wm_owner_process(void)
{
    return wm_sys_pid();
}

void wm_owner_counts(int change)
{
    (void)change;
}
