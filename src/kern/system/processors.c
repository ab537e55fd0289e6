/*
 * processors.c: which processors there are, which of them share a core, a package or a cache, and which may run a thread.
 *
 * /sys lists for each processor those that it shares something with, itself among them; where it cannot be read every
 * processor is a core of its own, all are one package, and nothing is known of caches. Which may run a thread the kernel
 * tells in as many bits as it can have processors, which may be more than we know numbers for: those are left out.
 */
#include <errno.h>
#include <sched.h>
#include <string.h>

#include "kern/sys.h"
#include "kern/system/system.h"
#include "kern/text.h"

#define PROCESSORS "/sys/devices/system/cpu/"

enum { PATH_BYTES = 96 };

static bool read_list(const char *path, struct wm_processors *out)
{
    struct wm_text text;
    const char *list = wm_text_file_line(path, &text);

    memset(out, 0, sizeof *out);
    if (list != NULL)
        wm_text_list(list, out->group, WM_GROUPS);
    return list != NULL;
}

/* Without /sys those that the calling thread may run on are known. */
void wm_kern_processors_online(struct wm_processors *out)
{
    if (!read_list(PROCESSORS "online", out))
        wm_kern_affinity(0, out);
}

void wm_kern_processors_possible(struct wm_processors *out)
{
    if (!read_list(PROCESSORS "possible", out))
        wm_kern_processors_online(out);
}

/* --- what they share --- */

/* "cpuN/" and what follows. */
static void put_path(char *path, uint32_t processor, const char *name)
{
    char *at = wm_text_put_decimal(wm_text_put(path, PROCESSORS "cpu"), processor);

    wm_text_put(wm_text_put(at, "/"), name);
}

static bool read_shared(uint32_t processor, const char *name, struct wm_processors *out)
{
    char path[PATH_BYTES];

    put_path(path, processor, name);
    return read_list(path, out);
}

static void alone(uint32_t processor, struct wm_processors *out)
{
    memset(out, 0, sizeof *out);
    out->group[processor / WM_GROUP] = (uint64_t)1 << processor % WM_GROUP;
}

/* The older of the two names is that of kernels before 5.3. Those have no dies: a package is one. */
void wm_kern_processors_beside(uint32_t processor, enum wm_near place, struct wm_processors *out)
{
    if (place == WM_NEAR_CORE) {
        if (!read_shared(processor, "topology/core_cpus_list", out) &&
            !read_shared(processor, "topology/thread_siblings_list", out))
            alone(processor, out);
        return;
    }
    if ((place == WM_NEAR_DIE && read_shared(processor, "topology/die_cpus_list", out)) ||
        read_shared(processor, "topology/package_cpus_list", out) ||
        read_shared(processor, "topology/core_siblings_list", out))
        return;
    wm_kern_processors_online(out);
}

/* --- caches --- */

static void put_cache_path(char *path, uint32_t processor, unsigned index, const char *name)
{
    char within[PATH_BYTES / 2];

    wm_text_put(wm_text_put(wm_text_put_decimal(wm_text_put(within, "cache/index"), index), "/"), name);
    put_path(path, processor, within);
}

static uint64_t cache_number(uint32_t processor, unsigned index, const char *name)
{
    char path[PATH_BYTES];

    put_cache_path(path, processor, index, name);
    return wm_text_file_number(path, 0);
}

/* "32K", and of very large ones perhaps "1M". */
static uint64_t cache_bytes(uint32_t processor, unsigned index)
{
    char path[PATH_BYTES];
    struct wm_text text;
    const char *size;
    uint64_t number;

    put_cache_path(path, processor, index, "size");
    size = wm_text_file_line(path, &text);
    if (size == NULL)
        return 0;
    number = wm_text_decimal(&size);
    return *size == 'K' ? number << 10 : *size == 'M' ? number << 20 : number;
}

static enum wm_cache_kind cache_kind(uint32_t processor, unsigned index)
{
    char path[PATH_BYTES];
    struct wm_text text;
    const char *type;

    put_cache_path(path, processor, index, "type");
    type = wm_text_file_line(path, &text);
    if (type != NULL && *type == 'I')
        return WM_CACHE_CODE;
    return type != NULL && *type == 'D' ? WM_CACHE_DATA : WM_CACHE_UNIFIED;
}

bool wm_kern_cache(uint32_t processor, unsigned index, struct wm_cache *out)
{
    char path[PATH_BYTES];

    put_cache_path(path, processor, index, "shared_cpu_list");
    if (!read_list(path, &out->users))
        return false;
    out->level = (uint8_t)cache_number(processor, index, "level");
    out->kind = cache_kind(processor, index);
    out->ways = (uint32_t)cache_number(processor, index, "ways_of_associativity");
    out->line = (uint32_t)cache_number(processor, index, "coherency_line_size");
    out->bytes = cache_bytes(processor, index);
    return true;
}

/* --- which may run a thread --- */

/* More bits than we know numbers for: the kernel refuses to tell of fewer than it can have. */
struct wide {
    uint64_t bits[4 * WM_GROUPS];
};

int wm_kern_affinity(int32_t tid, struct wm_processors *out)
{
    struct wide wide = {{0}};
    long bytes = wm_sys3(SYS_sched_getaffinity, tid, sizeof wide, (long)&wide);

    memcpy(out, &wide, sizeof *out);
    return bytes < 0 ? (int)bytes : 0;
}

int wm_kern_set_affinity(int32_t tid, const struct wm_processors *processors)
{
    return (int)wm_sys3(SYS_sched_setaffinity, tid, sizeof *processors, (long)processors);
}
