/*
 * alias.c: memory that can be mapped again elsewhere, without a descriptor.
 *
 * mremap with an old size of 0 leaves a shared mapping where it is and makes another one of the same pages
 * (pinned: sections.shared_memory_has_aliases). No descriptor is needed for it, so none can be closed by
 * the program.
 */
#include <errno.h>
#include <sys/mman.h>

#include "kern/map/mapping.h"
#include "kern/sys.h"

int wm_kern_map_shared(size_t bytes, uintptr_t *start)
{
    long at = wm_sys6(SYS_mmap, 0, (long)bytes, PROT_NONE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (at < 0 && at > -4096)
        return (int)at;
    *start = (uintptr_t)at;
    return 0;
}

int wm_kern_alias(struct wm_range r, uintptr_t to)
{
    long at = wm_sys6(SYS_mremap, (long)r.start, 0, (long)wm_range_bytes(r), MREMAP_MAYMOVE | MREMAP_FIXED,
                      (long)to, 0);

    return at < 0 && at > -4096 ? (int)at : 0;
}

/*
 * Locked memory cannot be punched (pinned: user.locked_memory_is_not_punched), and mlockall locks ours as
 * well.
 */
int wm_kern_punch(struct wm_range r)
{
    long result = wm_sys3(SYS_madvise, (long)r.start, (long)wm_range_bytes(r), MADV_REMOVE);

    if (result == -EINVAL && wm_sys3(SYS_munlock, (long)r.start, (long)wm_range_bytes(r), 0) == 0)
        result = wm_sys3(SYS_madvise, (long)r.start, (long)wm_range_bytes(r), MADV_REMOVE);
    return (int)result;
}
