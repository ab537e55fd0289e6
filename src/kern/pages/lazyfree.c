/*
 * lazyfree.c: memory whose contents the kernel may drop when it is short, and how that is ended.
 *
 * MADV_FREE lets the kernel drop a page until somebody writes to it. Nobody is told when it does. A page
 * under a pin (mlock) cannot be dropped: the kernel looks at the lock with the page table held.
 *
 * Any store makes a page stay, also one that changes nothing (pinned:
 * pages.a_store_of_nothing_makes_a_page_stay), and so does one behind the page's protection, by the file of
 * our own memory (pages.a_byte_through_the_file_makes_a_page_stay). Reading does not. A refusal for a
 * locked page has given away what lies before it (pages.a_refusal_has_given_away_what_lies_before).
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>

#include "base/atomic.h"
#include "kern/descriptor.h"
#include "kern/map/mapping.h"
#include "kern/map/ownpage.h"
#include "kern/pages/pagestate.h"
#include "kern/probe.h"
#include "kern/sys.h"

#ifndef MLOCK_ONFAULT
#define MLOCK_ONFAULT 1
#endif

static int advise(struct wm_range r, int advice)
{
    return (int)wm_sys3(SYS_madvise, (long)r.start, (long)wm_range_bytes(r), advice);
}

int wm_kern_free_lazily(struct wm_range r)
{
    return advise(r, MADV_FREE);
}

int wm_kern_drop(struct wm_range r)
{
    return advise(r, MADV_DONTNEED);
}

/* --- pins --- */

int wm_kern_pin(struct wm_range r)
{
    if (!wm_probe_has(WM_FEATURE_MLOCK))
        return -ENOSYS;
    return (int)wm_sys3(SYS_mlock2, (long)r.start, (long)wm_range_bytes(r), MLOCK_ONFAULT);
}

/* RLIMIT_MEMLOCK may be 0, a sandbox may forbid it. */
int wm_trial_mlock(void)
{
    return wm_own_page_try(wm_kern_pin);
}

bool wm_kern_can_pin(void)
{
    return wm_probe_finds(WM_FEATURE_MLOCK, wm_trial_mlock);
}

/* --- /proc/self/mem: our own memory, whatever its protection --- */

int wm_kern_open_memory(void)
{
    return wm_fd_open("/proc/self/mem", O_RDWR);
}

bool wm_kern_peek(int memory, uintptr_t addr, void *buffer, size_t bytes)
{
    return wm_sys4(SYS_pread64, memory, (long)buffer, (long)bytes, (long)addr) == (long)bytes;
}

long wm_kern_write_through(uintptr_t to, const void *from, size_t bytes)
{
    int memory = wm_kern_open_memory();
    long done;

    if (memory < 0)
        return memory;
    done = wm_sys4(SYS_pwrite64, memory, (long)from, (long)bytes, (long)to);
    wm_kern_close(memory);
    return done;
}

/* Nobody else writes to these pages: what was read a moment ago is still right. */
static bool write_back_a_byte(int memory, uintptr_t addr)
{
    char byte;

    return wm_kern_peek(memory, addr, &byte, 1) &&
           wm_sys4(SYS_pwrite64, memory, (long)&byte, 1, (long)addr) == 1;
}

/* --- making pages stay --- */

/* Touching is four times as fast as the system call, but faults where a program changed protections itself. */
int wm_kern_stay(struct wm_range r, bool may_touch)
{
    int error = -EINVAL;

    if (wm_probe_has(WM_FEATURE_POPULATE) && !may_touch)
        error = wm_kern_populate(r);
    if (error != -EINVAL || (!may_touch && wm_kern_populates()))
        return error;
    for (uintptr_t addr = r.start; addr < r.end; addr += WM_PAGE)
        wm_machine_touch(addr);
    return 0;
}

int wm_kern_stay_behind(int memory, struct wm_range r, size_t offset)
{
    for (uintptr_t addr = r.start; addr < r.end; addr += WM_PAGE)
        if (!write_back_a_byte(memory, addr + offset))
            return -EIO;
    return 0;
}
