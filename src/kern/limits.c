/* limits.c: the numbers behind a refusal. */
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>

#include "kern/kern.h"
#include "kern/sys.h"
#include "kern/text.h"

enum { DEFAULT_MAX_MAPS = 65530 };

static uint64_t limit_of(int resource)
{
    struct rlimit limit;

    if (wm_sys4(SYS_prlimit64, 0, resource, 0, (long)&limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return UINT64_MAX;
    return limit.rlim_cur;
}

uint64_t wm_kern_stack_limit(void)
{
    return limit_of(RLIMIT_STACK);
}

bool wm_kern_addresses_short_of(size_t bytes)
{
    uint64_t limit = limit_of(RLIMIT_AS), used;

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

/* "CommitLimit:   12345 kB": the value of a line if it begins with name. */
static void read_kib(const char *line, const char *name, uint64_t *out)
{
    const char *p = line + strlen(name);

    if (strncmp(line, name, strlen(name)) != 0)
        return;
    while (*p == ' ')
        p++;
    *out = wm_text_decimal(&p) * 1024;
}

static void read_commit(struct wm_limits *out)
{
    int fd = (int)wm_sys4(SYS_openat, AT_FDCWD, (long)"/proc/meminfo", O_RDONLY | O_CLOEXEC, 0);
    struct wm_text text;
    const char *line;

    if (fd < 0)
        return;
    wm_text_open(&text, fd);
    while ((line = wm_text_line(&text)) != NULL) {
        read_kib(line, "CommitLimit:", &out->commit_limit);
        read_kib(line, "Committed_AS:", &out->committed);
    }
    wm_kern_close(fd);
}

void wm_kern_limits(struct wm_limits *out)
{
    *out = (struct wm_limits){
        .max_maps = wm_kern_max_maps(),
        .address_space = limit_of(RLIMIT_AS),
        .data = limit_of(RLIMIT_DATA),
        .descriptors = limit_of(RLIMIT_NOFILE),
        .memory = wm_kern_memory(),
        .overcommit = wm_kern_overcommit(),
    };
    read_commit(out);
}
