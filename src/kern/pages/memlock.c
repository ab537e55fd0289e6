/*
 * memlock.c: keeping pages in memory.
 *
 * Locks of Linux are not counted, and end with the mapping, which is what Windows's do (D7.12b). Whether
 * something is locked nothing tells directly; msync(MS_INVALIDATE) is refused with EBUSY where a mapping of
 * the range is locked, and does nothing else to memory without a file (pinned:
 * user.msync_tells_what_is_locked).
 */
#include <errno.h>
#include <sys/mman.h>

#include "kern/map/mapping.h"
#include "kern/pages/pagestate.h"
#include "kern/sys.h"

#ifndef MLOCK_ONFAULT
#define MLOCK_ONFAULT 1
#endif
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#endif

int wm_kern_lock_pages(struct wm_range r)
{
    return (int)wm_sys3(SYS_mlock, (long)r.start, (long)wm_range_bytes(r), 0);
}

/* Where the kernel cannot bring pages in by reading, each is read (Linux before 5.14). */
static void read_pages(struct wm_range r)
{
    if (wm_sys3(SYS_madvise, (long)r.start, (long)wm_range_bytes(r), MADV_POPULATE_READ) != -EINVAL)
        return;
    for (uintptr_t addr = r.start; addr < r.end; addr += WM_PAGE)
        wm_kern_touches(addr, false);
}

/*
 * mlock would write to what copies on write, and so copy it (pinned:
 * user.locking_copies_what_copies_on_write). Pages that cannot be read are brought in by nobody: whoever
 * can touch them later finds them locked.
 */
int wm_kern_lock_unwritten(struct wm_range r)
{
    int error = (int)wm_sys3(SYS_mlock2, (long)r.start, (long)wm_range_bytes(r), MLOCK_ONFAULT);

    if (error == -ENOSYS || error == -EINVAL)
        return wm_kern_lock_pages(r);
    if (error == 0)
        read_pages(r);
    return error;
}

int wm_kern_unlock_pages(struct wm_range r)
{
    return (int)wm_sys3(SYS_munlock, (long)r.start, (long)wm_range_bytes(r), 0);
}

bool wm_kern_has_locked(struct wm_range r)
{
    return wm_sys3(SYS_msync, (long)r.start, (long)wm_range_bytes(r), MS_ASYNC | MS_INVALIDATE) == -EBUSY;
}

/* All of it, and not only some: so mapping by mapping. */
bool wm_kern_are_locked(struct wm_range r)
{
    struct wm_vma vma;

    while (r.start < r.end) {
        if (wm_kern_vma(r.start, &vma) != 0 || vma.range.start > r.start ||
            !wm_kern_has_locked(wm_range_cut(r, vma.range)))
            return false;
        r.start = vma.range.end;
    }
    return true;
}
