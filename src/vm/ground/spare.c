/*
 * spare.c: keeping mappings back, and spending them (spare.h).
 *
 * Every call here is mprotect of one page that nobody uses, so the worst that can happen is that it is
 * refused, and then there is one spare mapping less. None of it is in the book: the pages lie behind it.
 */
#include "vm/ground/spare.h"

#include <errno.h>

#include "kern/map/mapping.h"
#include "vm/ground/givenup.h"

/* So many are left for undoing (spare.h). */
enum { FOR_UNDO = WM_SPARE_PAGES / 2 };

static struct wm_range page(uint32_t number)
{
    return wm_range_of(wm_home.spare.start + (2 * number + 1) * WM_PAGE, WM_PAGE);
}

bool wm_spare_spend(enum wm_spare_for purpose)
{
    uint32_t least = purpose == WM_SPARE_UNDO ? 0 : FOR_UNDO;

    if (wm_home.spare.kept <= least || wm_kern_protect(page(wm_home.spare.kept - 1), WM_ACCESS_NONE) != 0)
        return false;
    wm_home.spare.kept--;
    return true;
}

int wm_spare_protect(struct wm_range r, int access, enum wm_spare_for purpose)
{
    int error = wm_kern_protect(r, access);

    while (error == -ENOMEM && wm_spare_spend(purpose))
        error = wm_kern_protect(r, access);
    return error;
}

void wm_spare_restock(void)
{
    while (wm_home.spare.kept < WM_SPARE_PAGES &&
           wm_kern_protect(page(wm_home.spare.kept), WM_ACCESS_READ) == 0)
        wm_home.spare.kept++;
    if (wm_home.spare.kept == WM_SPARE_PAGES)
        wm_place_regain();
}
