/* populate.c: memory under all of a range by one call, which answers where a touch would end the program. */
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
bool wm_kern_populates(void)
{
    struct wm_range page;
    int error;

    if (!wm_probe_has(WM_FEATURE_POPULATE) || wm_kern_map_sparse(WM_PAGE, &page.start) != 0)
        return false;
    page.end = page.start + WM_PAGE;
    error = wm_kern_populate(page);
    wm_kern_unmap(page);
    if (error == -EINVAL)
        wm_probe_lacks(WM_FEATURE_POPULATE);
    return error != -EINVAL;
}
