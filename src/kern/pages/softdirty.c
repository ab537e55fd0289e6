/*
 * softdirty.c: watching for writes, by the soft-dirty bits that many kernels keep (CONFIG_MEM_SOFT_DIRTY).
 *
 * Whatever writes to a page sets its bit, the kernel's own writes too, and it can be read without any privilege; but bits
 * are cleared of the whole process at once, and reading and clearing are two steps. What becomes of writes in between
 * vm/watch/soft.c tells. A new mapping has all its bits until the next clearing, so only pages that are there count.
 *
 * It is tried in a process of its own (shadow.h), for a trial clears bits that this one may need. There were kernels that
 * left entries of the TLB writable when they cleared bits (5.8 to 5.10), and some that lost track of a page whose
 * protection went there and back: both are part of the trial.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <time.h>

#include "kern/descriptor.h"
#include "kern/map/mapping.h"
#include "kern/pages/pagestate.h"
#include "kern/pages/shadow.h"
#include "kern/probe.h"
#include "kern/sys.h"

int wm_kern_clear_soft(void)
{
    int fd = wm_fd_open("/proc/self/clear_refs", O_WRONLY);
    long written;

    if (fd < 0)
        return fd;
    written = wm_sys3(SYS_write, fd, (long)"4", 1);
    wm_kern_close(fd);
    return written == 1 ? 0 : written < 0 ? (int)written : -EIO;
}

/* --- the trial --- */

enum { THERE, LACKING, NOT_NOW }; /* how the process ends that tries */

static void store(uintptr_t page)
{
    ++*(volatile char *)page;
}

static void protect_and_store(uintptr_t page)
{
    wm_sys3(SYS_mprotect, (long)page, WM_PAGE, PROT_READ);
    wm_sys3(SYS_mprotect, (long)page, WM_PAGE, PROT_READ | PROT_WRITE);
    store(page);
}

static void have_it_stored(uintptr_t page)
{
    wm_sys3(SYS_clock_gettime, CLOCK_MONOTONIC, (long)page, 0);
}

static void leave_it(uintptr_t page)
{
    (void)page;
}

static const struct {
    void (*act)(uintptr_t page); /* after all bits have been cleared */
    uint8_t is;                  /* of these two the page must be exactly that then */
} steps[] = {
    {leave_it, 0},
    {store, WM_IS_SOFT | WM_IS_ALONE},
    {store, WM_IS_SOFT | WM_IS_ALONE},
    {protect_and_store, WM_IS_SOFT | WM_IS_ALONE},
    {have_it_stored, WM_IS_SOFT | WM_IS_ALONE},
    {leave_it, WM_IS_ALONE},
};

static bool may_pass(int error)
{
    return error == -EMFILE || error == -ENFILE || error == -ENOMEM || error == -EAGAIN;
}

static int try_page(uintptr_t page)
{
    uint8_t is;
    int error;

    wm_kern_scan_forget(); /* it shows the other process */
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        error = wm_kern_clear_soft();
        if (error == 0) {
            steps[i].act(page);
            error = wm_kern_pages(wm_range_of(page, WM_PAGE), &is);
        }
        if (error < 0)
            return may_pass(error) ? NOT_NOW : LACKING;
        if ((is & (WM_IS_SOFT | WM_IS_ALONE)) != steps[i].is || (is & WM_IS_PRESENT) == 0)
            return LACKING;
    }
    return THERE;
}

static int try_elsewhere(uintptr_t page)
{
    int32_t pid = wm_shadow_fork(0);

    if (pid == 0)
        wm_shadow_exit(try_page(page));
    if (pid < 0)
        return pid;
    switch (wm_shadow_await(pid)) {
    case THERE: return 0;
    case LACKING: return -ENODATA;
    default: return -EAGAIN;
    }
}

int wm_trial_soft_dirty(void)
{
    struct wm_range r;
    int error = wm_kern_map_sparse(WM_PAGE, &r.start);

    if (error != 0)
        return error;
    r.end = r.start + WM_PAGE;
    wm_kern_small_pages(r);
    store(r.start);
    error = try_elsewhere(r.start);
    wm_kern_unmap(r);
    return error;
}

bool wm_kern_tells_soft(void)
{
    return wm_probe_finds(WM_FEATURE_SOFT_DIRTY, wm_trial_soft_dirty);
}
