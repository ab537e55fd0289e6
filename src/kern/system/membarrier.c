/*
 * membarrier.c: a barrier on every processor that runs a thread of this process.
 *
 * The kernel has a call for it. Where that is missing or forbidden, memory is taken away that was just written: before it says
 * so the kernel makes all processors that may still know it forget it, by an interrupt, and an interrupt is a barrier. (A
 * processor that can make others forget without one has Linux 6.15 at least, which has the call.) The memory is a page of the
 * caller's stack: nobody else's, so that he waits for his own interrupts. Where it is locked, which forbids this, it is a new
 * mapping.
 */
#include <errno.h>
#include <sys/mman.h>

#include "base/atomic.h"
#include "base/range.h"
#include "kern/probe.h"
#include "kern/sys.h"
#include "kern/system/system.h"

enum {
    PRIVATE_EXPEDITED = 1 << 3,         /* to the processors that run this process */
    REGISTER_PRIVATE_EXPEDITED = 1 << 4 /* once, before */
};

static int membarrier(int command)
{
    return (int)wm_sys3(SYS_membarrier, command, 0, 0);
}

int wm_trial_membarrier(void)
{
    return membarrier(REGISTER_PRIVATE_EXPEDITED);
}

/* Registering outlives a fork; after an exec everything begins anew. */
static bool ask(void)
{
    int error = membarrier(PRIVATE_EXPEDITED);

    if (error == -EPERM && membarrier(REGISTER_PRIVATE_EXPEDITED) == 0)
        error = membarrier(PRIVATE_EXPEDITED);
    return error == 0;
}

static bool forget_stack(void)
{
    volatile char pages[2 * WM_PAGE];
    uintptr_t page = ((uintptr_t)pages + WM_PAGE - 1) & ~(uintptr_t)(WM_PAGE - 1);

    *(volatile char *)page = 1;
    return wm_sys3(SYS_madvise, (long)page, WM_PAGE, MADV_DONTNEED) == 0;
}

static bool forget_mapping(void)
{
    long at = wm_sys6(SYS_mmap, 0, WM_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if ((unsigned long)at > (unsigned long)-WM_PAGE)
        return false;
    *(volatile char *)at = 1;
    return wm_sys3(SYS_munmap, at, WM_PAGE, 0) == 0;
}

/* Without any of them (no mapping is left, and the stack is locked) it waits until one works. */
void wm_kern_barrier_everywhere(void)
{
    if (wm_probe_finds(WM_FEATURE_MEMBARRIER, wm_trial_membarrier) && ask())
        return;
    while (!forget_stack() && !forget_mapping())
        wm_sys3(SYS_sched_yield, 0, 0, 0);
}
