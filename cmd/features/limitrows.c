/*
 * limitrows.c: one row for each limit: its name, how it is looked at, what it means to a program with this library, and how
 * it is raised.
 *
 * Limits are those of this process, which it has from whoever started it: a program that is started from the same place
 * has the same ones.
 */
#include "features/limitrows.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include <windows.h>
#include <winmem.h>

#include "features/limitfiles.h"

enum { BYTES_OF_KB = 1024 };

static void look_mappings(struct limit_value *value)
{
    WINMEM_MAPPING_USE use;

    value->known = WinmemMappingUse(&use);
    if (value->known) {
        value->most = use.MostMappings;
        value->used = use.Mappings;
    }
}

static void look_overcommit(struct limit_value *value)
{
    static const char *const modes[] = {"0, the kernel guesses", "1, everything is promised",
                                        "2, no more than CommitLimit is promised"};
    uint64_t mode = 0;

    value->known = limit_number("/proc/sys/vm/overcommit_memory", &mode) && mode < 3;
    if (value->known)
        snprintf(value->word, sizeof value->word, "%s", modes[mode]);
}

static void look_commit(struct limit_value *value)
{
    uint64_t limit = 0, used = 0;

    value->known = limit_field("/proc/meminfo", "CommitLimit:", &limit) &&
                   limit_field("/proc/meminfo", "Committed_AS:", &used);
    value->most = limit * BYTES_OF_KB;
    value->used = used * BYTES_OF_KB;
}

static void look_rlimit(int resource, struct limit_value *value)
{
    struct rlimit limit;

    value->known = getrlimit(resource, &limit) == 0;
    if (value->known)
        value->most = limit.rlim_cur == RLIM_INFINITY ? LIMIT_NONE : limit.rlim_cur;
}

static void look_addresses(struct limit_value *value)
{
    look_rlimit(RLIMIT_AS, value);
}

static void look_data(struct limit_value *value)
{
    look_rlimit(RLIMIT_DATA, value);
}

static void look_locked(struct limit_value *value)
{
    look_rlimit(RLIMIT_MEMLOCK, value);
}

static void look_descriptors(struct limit_value *value)
{
    look_rlimit(RLIMIT_NOFILE, value);
}

/* The library counts with the smallest limit of all groups up to the top. One that is larger than the machine is none. */
static void look_group(struct limit_value *value)
{
    MEMORYSTATUSEX status = {.dwLength = sizeof status};
    uint64_t machine = 0;

    value->known = limit_field("/proc/meminfo", "MemTotal:", &machine) && GlobalMemoryStatusEx(&status);
    value->most = status.ullTotalPhys < machine * BYTES_OF_KB ? status.ullTotalPhys : LIMIT_NONE;
}

static void look_pool(struct limit_value *value)
{
    uint64_t pages = 0, free_pages = 0;

    value->known = limit_number("/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", &pages) &&
                   limit_number("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages", &free_pages);
    value->most = pages;
    value->used = pages - free_pages;
}

static void look_transparent(struct limit_value *value)
{
    value->known = limit_line("/sys/kernel/mm/transparent_hugepage/enabled", value->word, sizeof value->word);
}

static void look_yama(struct limit_value *value)
{
    static const char *const scopes[] = {"0, all processes of the user", "1, descendants only",
                                         "2, administrators only", "3, nobody"};
    uint64_t scope = 0;

    value->known = limit_number("/proc/sys/kernel/yama/ptrace_scope", &scope) && scope < 4;
    if (value->known)
        snprintf(value->word, sizeof value->word, "%s", scopes[scope]);
}

static void look_seccomp(struct limit_value *value)
{
    uint64_t filters = limit_seccomp();

    value->known = true;
    if (filters == 0)
        snprintf(value->word, sizeof value->word, "none");
    else
        snprintf(value->word, sizeof value->word, "on, %" PRIu64 " %s", filters,
                 filters == 1 ? "filter" : "filters");
}

/* clang-format off */
const struct limit limit_rows[] = {
    {"vm.max_map_count", "mappings", look_mappings,
     "how many mappings a process may have; used is what this program has, which does nothing else. Reservations do not "
     "count; runs of pages of one protection do, and with guard_markers only where they are executable, locked, watched or "
     "views. In a full table commit, protect and map fail with 8",
     "sysctl -w vm.max_map_count=1048576, as root; to stay, a line in /etc/sysctl.d/"},
    {"vm.overcommit_memory", "", look_overcommit,
     "what the kernel promises: with 2 each committed page counts, touched or not, and VirtualAlloc fails with 1455 at the "
     "limit; with 0 and 1 only what cannot ever fit is refused, and who touches too much is killed",
     "sysctl -w vm.overcommit_memory=1, as root; it holds for the whole machine"},
    {"CommitLimit", "bytes", look_commit,
     "what the machine promises at most, and has promised: it binds where vm.overcommit_memory is 2",
     "sysctl -w vm.overcommit_ratio=100, or more swap, as root"},
    {"RLIMIT_AS", "bytes", look_addresses,
     "addresses that a process may use: reservations count in full, so programs that reserve much fail with 8 or 1455, and the "
     "library's own areas (arenas) are made smaller",
     "ulimit -v unlimited, before the program is started"},
    {"RLIMIT_DATA", "bytes", look_data,
     "private memory that may be written: committed pages count, touched or not; at the limit 1455",
     "ulimit -d unlimited, before the program is started"},
    {"RLIMIT_MEMLOCK", "bytes", look_locked,
     "memory that may be locked: VirtualLock beyond it fails with 1453, and with less than a page MEM_RESET is slower",
     "ulimit -l, or a line \"memlock\" in /etc/security/limits.conf; LimitMEMLOCK= of systemd"},
    {"RLIMIT_NOFILE", "descriptors", look_descriptors,
     "open files, among them those of sections, other processes and userfaultfd; used up, calls fail with 4",
     "ulimit -n, or LimitNOFILE= of systemd"},
    {"memory of the control group", "bytes", look_group,
     "what the container may have in memory: beyond it somebody in it is killed, whatever was promised; GlobalMemoryStatusEx "
     "counts with it",
     "docker run --memory, resources.limits.memory of Kubernetes, MemoryMax= of systemd"},
    {"huge page pool, 2 MiB", "pages", look_pool,
     "the only source of MEM_LARGE_PAGES and SEC_LARGE_PAGES: empty, they fail with 1450",
     "sysctl -w vm.nr_hugepages=64, as root, best soon after boot"},
    {"transparent huge pages", "", look_transparent,
     "the setting in brackets holds: with madvise the library asks where it pays (WINMEM_HUGE); with always the kernel takes "
     "them by itself; with never there are none",
     "echo madvise >/sys/kernel/mm/transparent_hugepage/enabled, as root"},
    {"kernel.yama.ptrace_scope", "", look_yama,
     "whose memory may be changed: OpenProcess of others, ReadProcessMemory and VirtualAllocEx fail with 5 where it forbids "
     "them. Where it is not told, there is no Yama, and the processes of one user may look into each other",
     "sysctl -w kernel.yama.ptrace_scope=0, as root; or start the other process from this one"},
    {"seccomp filter", "", look_seccomp,
     "a filter answers for the kernel: what it forbids is told above by the feature that needs it",
     "docker run --security-opt seccomp=profile.json, with userfaultfd, mbind, move_pages and pidfd_getfd among what is allowed"},
};
/* clang-format on */
const size_t limit_count = sizeof limit_rows / sizeof limit_rows[0];
