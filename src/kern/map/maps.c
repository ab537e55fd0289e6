/*
 * maps.c: what is mapped where, from /proc/self/maps, or from another process's (kern/process/peermaps.c).
 *
 * PROCMAP_QUERY (Linux 6.11) asks for one mapping; without it the text is read up to the address. One
 * descriptor is kept for the ioctl (kept.h). On any other file the ioctl fails: so we learn that the
 * number is no longer ours. Only on another process's list it does not, which is why we look who got a
 * number that was ours, and whether a kept one of another process is still that.
 */
#include <errno.h>
#include <string.h>

#include "kern/map/mapping.h"
#include "kern/map/maps.h"
#include "kern/probe.h"
#include "kern/renew.h"
#include "kern/sys.h"
#include "kern/text.h"

/* Debian 12's kernel headers are older than this ioctl. */
struct procmap_query {
    uint64_t size;
    uint64_t query_flags;
    uint64_t query_addr;
    uint64_t vma_start;
    uint64_t vma_end;
    uint64_t vma_flags;
    uint64_t vma_page_size;
    uint64_t vma_offset;
    uint64_t inode;
    uint32_t dev_major;
    uint32_t dev_minor;
    uint32_t vma_name_size;
    uint32_t build_id_size;
    uint64_t vma_name_addr;
    uint64_t build_id_addr;
};

enum {
    QUERY_COVERING_OR_NEXT = 0x10,
    QUERY_FILES = 0x20,
    VMA_SHARED = 0x08,
    QUERY_IOCTL_NUMBER = 17,
};

#define PROCMAP_QUERY                                                                                        \
    (3u << 30 | (unsigned)sizeof(struct procmap_query) << 16 | 'f' << 8 | QUERY_IOCTL_NUMBER)

static struct wm_kept own = {.path = "/proc/self/maps"};

void wm_kern_maps_forget(void)
{
    wm_kept_drop(&own);
}

const struct wm_renewal wm_renewed_maps = {.renew = wm_kern_maps_forget};

struct wanted {
    uintptr_t addr;
    struct wm_vma *out;
    char *name; /* NULL: not asked for */
    size_t bytes;
    bool files; /* mappings of files alone */
};

static int query(int fd, const struct wanted *wanted)
{
    struct procmap_query q = {
        .size = sizeof q,
        .query_flags = QUERY_COVERING_OR_NEXT | (wanted->files ? QUERY_FILES : 0),
        .query_addr = wanted->addr,
        .vma_name_size = (uint32_t)wanted->bytes,
        .vma_name_addr = (uintptr_t)wanted->name,
    };
    int result = (int)wm_sys3(SYS_ioctl, fd, PROCMAP_QUERY, (long)&q);

    if (result == 0)
        *wanted->out = (struct wm_vma){
            .range = {q.vma_start, q.vma_end},
            .file = q.inode != 0,
            .access = (uint8_t)(q.vma_flags & 7),
            .shared = (q.vma_flags & VMA_SHARED) != 0,
            .device = (uint64_t)q.dev_major << 32 | q.dev_minor,
            .inode = q.inode,
        };
    if (result == 0 && wanted->name != NULL && q.vma_name_size == 0)
        *wanted->name = '\0';
    return result;
}

/* One line: start-end rwxp offset major:minor inode name. Only files have an inode. Returns the name. */
static const char *parse_line(const char *line, struct wm_vma *out)
{
    const char *p = line;
    uint64_t start = wm_text_hex(&p), end;

    p++;
    end = wm_text_hex(&p);
    p++;
    *out = (struct wm_vma){
        .range = {start, end},
        .access = (uint8_t)((p[0] == 'r' ? WM_ACCESS_READ : 0) | (p[1] == 'w' ? WM_ACCESS_WRITE : 0) |
                            (p[2] == 'x' ? WM_ACCESS_EXECUTE : 0)),
        .shared = p[3] == 's',
    };
    p = wm_text_after(wm_text_after(p, ' '), ' ');
    out->device = wm_text_hex(&p) << 32;
    p += *p == ':';
    out->device |= wm_text_hex(&p);
    p = wm_text_after(p, ' ');
    out->inode = wm_text_decimal(&p);
    out->file = out->inode != 0;
    return wm_text_after(p, ' ');
}

/* Calls visit for each mapping until it returns true; -ENOENT when it never did, -ESRCH when there are none. */
static int read_text(const struct wm_kept *maps,
                     bool visit(const struct wm_vma *vma, const char *name, void *context), void *context)
{
    struct wm_text text;
    struct wm_vma vma;
    const char *line;
    int fd = wm_kept_open(maps), none = -ESRCH;

    if (fd < 0)
        return fd;
    wm_text_open(&text, fd);
    while ((line = wm_text_line(&text)) != NULL) {
        none = -ENOENT;
        if (visit(&vma, parse_line(line, &vma), context)) {
            wm_kern_close(fd);
            return 0;
        }
    }
    wm_kern_close(fd);
    return text.error != 0 ? text.error : none;
}

/* The text writes a newline in a name as \012. */
static void copy_name(const char *from, char *to, const char *end)
{
    for (; *from != '\0' && to + 1 < end; from++) {
        bool newline = strncmp(from, "\\012", 4) == 0;

        *to++ = newline ? '\n' : *from;
        from += newline ? 3 : 0;
    }
    *to = '\0';
}

static bool reaches(const struct wm_vma *vma, const char *name, void *context)
{
    const struct wanted *wanted = context;

    *wanted->out = *vma;
    if (vma->range.end <= wanted->addr || (wanted->files && !vma->file))
        return false;
    if (wanted->name != NULL)
        copy_name(name, wanted->name, wanted->name + wanted->bytes);
    return true;
}

static bool is_unknown(int result)
{
    return result == -ENOTTY || result == -EINVAL;
}

/* The program may have put a file of its own where ours was: only one opened for this, of our own list, tells. */
int wm_trial_procmap_query(void)
{
    struct wm_vma vma;
    int fd = wm_kept_open(&own), result;

    if (fd < 0)
        return fd == -ENODEV ? fd : -EAGAIN;
    result = query(fd, &(struct wanted){.out = &vma});
    wm_kern_close(fd);
    return result == 0 || is_unknown(result) ? result : -EAGAIN;
}

/*
 * Where there is no query, nobody asks by that descriptor again: it would be one less for the program, for ever. A file that the
 * program has put in its place answers alike, so what is still ours is not opened a second time.
 */
static void learn(int result)
{
    if (is_unknown(result) && !wm_probe_retry(WM_FEATURE_PROCMAP_QUERY, wm_trial_procmap_query))
        wm_kept_drop(&own);
}

static int ask(const struct wanted *wanted)
{
    int fd = -1, result = -ENOTTY;

    for (int tries = 0; tries < 2 && wm_probe_has(WM_FEATURE_PROCMAP_QUERY); tries++) {
        fd = wm_kept_get(&own, fd);
        if (fd < 0)
            return fd;
        result = query(fd, wanted);
        if (result == 0 || result == -ENOENT)
            return result;
        if (result == -ENOMEM || result == -ENAMETOOLONG || wm_kept_is_open(&own))
            break; /* it is not the descriptor */
    }
    learn(result);
    return read_text(&own, reaches, (void *)wanted);
}

/* What a process was before its exec is gone: -ESRCH. Its file is opened anew, once. */
static int ask_peer(struct wm_kept *maps, const struct wanted *wanted)
{
    int fd, result = -ENOTTY;

    for (int tries = 0; tries < 2 && wm_probe_has(WM_FEATURE_PROCMAP_QUERY); tries++) {
        fd = wm_kept_checked(maps);
        if (fd < 0)
            return fd;
        wm_kept_yield(&own, fd);
        result = query(fd, wanted);
        if (result == 0 || result == -ENOENT)
            return result;
        if (result != -ESRCH)
            break;
        wm_kept_drop(maps);
    }
    learn(result);
    return result == -ESRCH ? result : read_text(maps, reaches, (void *)wanted);
}

int wm_kern_vma(uintptr_t addr, struct wm_vma *out)
{
    return ask(&(struct wanted){.addr = addr, .out = out});
}

int wm_maps_vma(struct wm_kept *maps, uintptr_t addr, struct wm_vma *out)
{
    return ask_peer(maps, &(struct wanted){.addr = addr, .out = out});
}

int wm_kern_vma_name(uintptr_t addr, char *name, size_t bytes)
{
    struct wm_vma vma = {.range = {0, 0}};
    int result = ask(&(struct wanted){.addr = addr, .out = &vma, .name = name, .bytes = bytes});

    return result == 0 && vma.range.start > addr ? -ENOENT : result;
}

int wm_maps_name(struct wm_kept *maps, uintptr_t addr, char *name, size_t bytes)
{
    struct wm_vma vma = {.range = {0, 0}};
    int result = ask_peer(maps, &(struct wanted){.addr = addr, .out = &vma, .name = name, .bytes = bytes});

    return result == 0 && vma.range.start > addr ? -ENOENT : result;
}

int wm_maps_next_file(struct wm_kept *maps, uintptr_t addr, struct wm_vma *out, char *name, size_t bytes)
{
    return ask_peer(maps, &(struct wanted){addr, out, name, bytes, .files = true});
}

struct counted {
    size_t count, limit;
};

/* The page of system calls of old ([vsyscall]) stands in the list, in the kernel's half, and is nobody's mapping. */
static bool is_the_kernels(const struct wm_vma *vma)
{
    return (intptr_t)vma->range.start < 0;
}

static bool count_one(const struct wm_vma *vma, const char *name, void *context)
{
    struct counted *counted = context;

    (void)name;
    counted->count += !is_the_kernels(vma);
    return counted->count >= counted->limit;
}

size_t wm_kern_count_vmas(size_t limit)
{
    struct counted counted = {0, limit};

    read_text(&own, count_one, &counted);
    return counted.count;
}

/* Counting goes to the end of the list, and finds none that it looks for. */
int wm_kern_vma_count(size_t *count)
{
    struct counted counted = {0, SIZE_MAX};
    int result = read_text(&own, count_one, &counted);

    *count = counted.count;
    return result == -ENOENT && counted.count != 0 ? 0 : result;
}
