/*
 * populate.c: memory under all of a range by one call, which answers where a touch would end the program.
 *
 * MADV_POPULATE_WRITE (Linux 5.14) does what a store to each page would, and returns an error where that
 * would raise SIGBUS (pinned: sections.a_touch_beyond_the_pool_is_sigbus). It is EINVAL where the kernel
 * does not know it, and of pages that cannot be written (pinned: pages.populating_makes_a_page_stay): which
 * of both a trial tells. Before 5.14 each page is touched, by a call that fails where a store would fault.
 */
#include <errno.h>
#include <linux/futex.h>
#include <sys/mman.h>

#include "kern/map/mapping.h"
#include "kern/probe.h"
#include "kern/sys.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

/* Linux 5.14. What a signal interrupted goes on where it was. */
int wm_kern_populate(struct wm_range r)
{
    long result;

    do
        result = wm_sys3(SYS_madvise, (long)r.start, (long)wm_range_bytes(r), MADV_POPULATE_WRITE);
    while (result == -EINTR);
    return (int)result;
}

/* EINVAL may also be about the pages at hand, so the question is asked of a page of our own. */
int wm_trial_populate(void)
{
    struct wm_range page;
    int error = wm_kern_map_sparse(WM_PAGE, &page.start);

    if (error != 0)
        return error;
    page.end = page.start + WM_PAGE;
    error = wm_kern_populate(page);
    wm_kern_unmap(page);
    return error == 0 || error == -EINVAL ? error : -EAGAIN;
}

bool wm_kern_populates(void)
{
    return wm_probe_finds(WM_FEATURE_POPULATE, wm_trial_populate);
}

/* Atomically ORs nothing into a word: a write that changes no memory, and fails where a store would fault. */
static int touch(uintptr_t addr)
{
    uint32_t nobody = 0;

    return (int)wm_sys6(SYS_futex, (long)&nobody, FUTEX_WAKE_OP | FUTEX_PRIVATE_FLAG, 0, 0, (long)addr,
                        FUTEX_OP(FUTEX_OP_OR, 0, FUTEX_OP_CMP_EQ, 1));
}

static int touch_each(struct wm_range r, uintptr_t page)
{
    int error = 0;

    for (uintptr_t addr = r.start; addr < r.end && error == 0; addr += page)
        error = touch(addr);
    return error < 0 ? error : 0;
}

int wm_kern_provide(struct wm_range r, uintptr_t page)
{
    int error = -EINVAL;

    if (wm_probe_has(WM_FEATURE_POPULATE))
        error = wm_kern_populate(r);
    if (error != -EINVAL)
        return error;
    wm_probe_retry(WM_FEATURE_POPULATE, wm_trial_populate); /* so that nobody asks in vain again */
    return touch_each(r, page);
}
