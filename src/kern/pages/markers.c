/*
 * markers.c: guard markers, by which pages lose their contents and every access to them faults.
 *
 * They live in the page table (MADV_GUARD_INSTALL, Linux 6.13; of files and shared memory 6.15), so that no
 * mapping is split. The kernel refuses them with EINVAL where it does not know them, and where pages are
 * locked: which of both is found out on a page of our own. A range is marked mapping by mapping: of one
 * with locked pages behind others, the others are marked already when the kernel refuses, and their
 * contents are gone (pinned: markers.before_a_locked_page_contents_are_gone).
 *
 * Markers outlive protections and a fork, and go with a new mapping (markers.markers_outlive_protections,
 * markers.a_new_mapping_has_no_markers): so whoever gives marked pages back to use removes them himself. In
 * shared memory the contents stay (markers.shared_pages_keep_their_contents), and only this mapping faults.
 */
#include <errno.h>
#include <sys/mman.h>

#include "kern/map/mapping.h"
#include "kern/map/ownpage.h"
#include "kern/pages/pagestate.h"
#include "kern/probe.h"
#include "kern/sys.h"

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#define MADV_GUARD_REMOVE 103
#endif

static int advise(struct wm_range r, int advice)
{
    return (int)wm_sys3(SYS_madvise, (long)r.start, (long)wm_range_bytes(r), advice);
}

/* After mlockall(MCL_FUTURE) our page is born locked. */
static int mark_page(struct wm_range page)
{
    int error = wm_kern_unlock_pages(page);

    return error != 0 ? error : advise(page, MADV_GUARD_INSTALL);
}

int wm_trial_guard_markers(void)
{
    return wm_own_page_try(mark_page);
}

bool wm_kern_has_markers(void)
{
    return wm_probe_finds(WM_FEATURE_GUARD_MARKERS, wm_trial_guard_markers);
}

int wm_kern_mark(struct wm_range r)
{
    int error;

    if (!wm_probe_has(WM_FEATURE_GUARD_MARKERS))
        return -ENOSYS;
    error = advise(r, MADV_GUARD_INSTALL);
    return error == -EINVAL && !wm_kern_has_markers() ? -ENOSYS : error;
}

int wm_kern_unmark(struct wm_range r)
{
    return advise(r, MADV_GUARD_REMOVE);
}

/*
 * Mappings merge only if their pages are kept track of in one place (an anon_vma), which the kernel makes for each
 * mapping at its first touch. A marker makes it for all of the mapping, and what is split off inherits it (pinned:
 * markers.pieces_of_a_mapping_that_had_one_merge).
 */
int wm_kern_keep_joinable(struct wm_range r)
{
    struct wm_range page = {r.start, r.start + WM_PAGE};
    int error = wm_kern_mark(page) == 0 ? wm_kern_unmark(page) : 0;

    return error == 0 ? 0 : wm_kern_discard(page);
}

bool wm_kern_can_mark(struct wm_range r)
{
    return wm_kern_has_markers() && !wm_kern_has_locked(r);
}
