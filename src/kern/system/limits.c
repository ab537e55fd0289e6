/*
 * limits.c: the numbers behind a refusal. They are read when somebody asks, and not kept: programs change
 * their limits. What cannot be read counts as no limit, or as what kernels have unless somebody changes it.
 */
#include <sys/auxv.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>

#include "base/planted.h"
#include "kern/sys.h"
#include "kern/system/system.h"
#include "kern/text.h"

enum { DEFAULT_MAX_MAPS = 65530 };

static uint64_t limit_of(int resource)
{
    struct rlimit limit;

    if (wm_sys4(SYS_prlimit64, 0, resource, 0, (long)&limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return UINT64_MAX;
    return limit.rlim_cur;
}

/* In a process where an agent is planted somebody has asked who planted it. */
bool wm_kern_has_our_pages(void)
{
    return WM_IS_PLANTED || getauxval(AT_PAGESZ) == WM_PAGE;
}

uint64_t wm_kern_stack_limit(void)
{
    return limit_of(RLIMIT_STACK);
}

uint64_t wm_kern_data_limit(void)
{
    return limit_of(RLIMIT_DATA);
}

uint64_t wm_kern_file_limit(void)
{
    return limit_of(RLIMIT_FSIZE);
}

uint64_t wm_kern_address_limit(void)
{
    return limit_of(RLIMIT_AS);
}

bool wm_kern_addresses_short_of(size_t bytes)
{
    uint64_t limit = wm_kern_address_limit(), used;

    if (limit == UINT64_MAX)
        return false;
    used = wm_text_file_number("/proc/self/statm", 0) * WM_PAGE;
    return used > limit || bytes > limit - used;
}

uint64_t wm_kern_memory(void)
{
    struct sysinfo info;

    if (wm_sys3(SYS_sysinfo, (long)&info, 0, 0) != 0)
        return UINT64_MAX;
    return (uint64_t)(info.totalram + info.totalswap) * info.mem_unit;
}

uint64_t wm_kern_max_maps(void)
{
    return wm_text_file_number("/proc/sys/vm/max_map_count", DEFAULT_MAX_MAPS);
}

int wm_kern_overcommit(void)
{
    return (int)wm_text_file_number("/proc/sys/vm/overcommit_memory", 0);
}

bool wm_kern_counts_promises(void)
{
    return wm_kern_overcommit() == WM_OVERCOMMIT_NEVER || wm_kern_data_limit() != UINT64_MAX;
}

void wm_kern_limits(struct wm_limits *out)
{
    struct wm_meminfo info = {0};

    wm_kern_meminfo(&info);
    *out = (struct wm_limits){
        .address_space = wm_kern_address_limit(),
        .data = wm_kern_data_limit(),
        .locked = limit_of(RLIMIT_MEMLOCK),
        .descriptors = limit_of(RLIMIT_NOFILE),
        .memory = wm_kern_memory(),
        .commit_limit = info.commit_limit,
        .committed = info.committed,
        .overcommit = wm_kern_overcommit(),
    };
}
