/*
 * populate.c: memory under all of a range by one call, which answers where a touch would end the program.
 *
 * MADV_POPULATE_WRITE (Linux 5.14) does what a store to each page would, and returns an error where that
 * would raise SIGBUS (pinned: sections.a_touch_beyond_the_pool_is_sigbus). It is EINVAL where the kernel
 * does not know it, and of pages that cannot be written (pinned: pages.populating_makes_a_page_stay): which
 * of both a trial tells.
 */
#include <errno.h>
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
