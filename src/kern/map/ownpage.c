/*
 * ownpage.c: a trial on a page of our own, so that a refusal says something about the kernel and nothing
 * about somebody's memory (ownpage.h).
 */
#include "kern/map/ownpage.h"

#include "kern/map/mapping.h"

int wm_own_page_try(int (*attempt)(struct wm_range page))
{
    struct wm_range page;
    int error = wm_kern_reserve(WM_PAGE, &page.start);

    if (error != 0)
        return error;
    page.end = page.start + WM_PAGE;
    error = attempt(page);
    wm_kern_unmap(page);
    return error;
}
