/*
 * hugetlb.c: large pages, which Linux calls huge.
 *
 * They come from a pool of their own. A mapping reserves as many as it is long, but a reservation does
 * not mean that each touch finds one (a cgroup may forbid it, a node be bound): so they are touched here,
 * by the kernel, which answers an error where a program would be ended by SIGBUS.
 */
#include <errno.h>
#include <sys/mman.h>

#include "base/atomic.h"
#include "kern/map/mapping.h"
#include "kern/probe.h"
#include "kern/sys.h"
#include "kern/system/system.h"
#include "kern/text.h"

#define POOL "/sys/kernel/mm/hugepages/hugepages-2048kB/"

/* Inaccessible, and so without a reservation: there need not be one in the pool. */
static int map_one(uintptr_t *page)
{
    return wm_kern_map_large(WM_LARGE, WM_LARGE, WM_ACCESS_NONE, page);
}

int wm_trial_huge_pages(void)
{
    uintptr_t page;
    int error = map_one(&page);

    if (error == 0)
        wm_kern_unmap(wm_range_of(page, WM_LARGE));
    return error;
}

static int move_to_ground(uintptr_t page)
{
    uintptr_t area;
    int error = wm_kern_reserve(2 * WM_LARGE, &area);

    if (error == 0) {
        error = wm_kern_move_large(page, wm_range_of(wm_up(area, WM_LARGE), WM_LARGE));
        wm_kern_unmap(wm_range_of(area, 2 * WM_LARGE));
    }
    return error;
}

int wm_trial_huge_move(void)
{
    uintptr_t page;
    int error = map_one(&page);

    if (error != 0)
        return error;
    error = move_to_ground(page);
    if (error != 0)
        wm_kern_unmap(wm_range_of(page, WM_LARGE));
    return error == 0 || error == -EINVAL ? error : -EAGAIN;
}

bool wm_kern_has_large(void)
{
    return wm_probe_finds(WM_FEATURE_HUGE_PAGES, wm_trial_huge_pages) || wm_probe_has(WM_FEATURE_HUGE_PAGES);
}

bool wm_kern_moves_large(void)
{
    return wm_kern_has_large() &&
           (wm_probe_finds(WM_FEATURE_HUGE_MOVE, wm_trial_huge_move) || wm_probe_has(WM_FEATURE_HUGE_MOVE));
}

/* Where the numbers cannot be read, there may be a pool. */
bool wm_kern_large_pool(void)
{
    return wm_kern_has_large() && (wm_text_file_number(POOL "nr_hugepages", 1) != 0 ||
                                   wm_text_file_number(POOL "nr_overcommit_hugepages", 1) != 0);
}

int wm_kern_take_large(size_t bytes, uintptr_t page, int access, uint8_t node, uintptr_t *start)
{
    int error = wm_kern_map_large(bytes, page, access, start);

    if (error != 0)
        return error;
    if (node != 0)
        wm_kern_prefer_node(wm_range_of(*start, bytes), node - 1u);
    error = wm_kern_provide(wm_range_of(*start, bytes), page);
    if (error != 0)
        wm_kern_unmap(wm_range_of(*start, bytes));
    return error;
}

/*
 * MAP_FIXED must not be used where a pool can be exhausted: it takes the old mapping away before it looks,
 * and leaves a hole (seen on 6.18). mremap has the pages already.
 */
int wm_kern_move_large(uintptr_t from, struct wm_range to)
{
    size_t bytes = wm_range_bytes(to);
    long at = wm_sys6(SYS_mremap, (long)from, (long)bytes, (long)bytes, MREMAP_MAYMOVE | MREMAP_FIXED,
                      (long)to.start, 0);

    return at < 0 && at > -4096 ? (int)at : 0;
}
