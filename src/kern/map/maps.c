/*
 * maps.c: what is mapped where, from /proc/self/maps.
 *
 * PROCMAP_QUERY (Linux 6.11) asks for one mapping; without it the text is read up to the address. One
 * descriptor is kept for the ioctl (kept.h). On any other file the ioctl fails: so we learn that the
 * number is no longer ours.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "kern/kept.h"
#include "kern/kern.h"
#include "kern/probe.h"
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
    VMA_SHARED = 0x08,
    QUERY_IOCTL_NUMBER = 17,
};

#define PROCMAP_QUERY                                                                                        \
    (3u << 30 | (unsigned)sizeof(struct procmap_query) << 16 | 'f' << 8 | QUERY_IOCTL_NUMBER)

static struct wm_kept kept = {"/proc/self/maps", 0};

void wm_kern_maps_after_fork(void)
{
    wm_kept_after_fork(&kept);
}

static int open_maps(void)
{
    return (int)wm_sys4(SYS_openat, AT_FDCWD, (long)kept.path, O_RDONLY | O_CLOEXEC, 0);
}

/* name: where the mapping's name goes, or NULL. */
static int query(int fd, uintptr_t addr, struct wm_vma *out, char *name, size_t bytes)
{
    struct procmap_query q = {
        .size = sizeof q,
        .query_flags = QUERY_COVERING_OR_NEXT,
        .query_addr = addr,
        .vma_name_size = (uint32_t)bytes,
        .vma_name_addr = (uintptr_t)name,
    };
    int result = (int)wm_sys3(SYS_ioctl, fd, PROCMAP_QUERY, (long)&q);

    if (result == 0)
        *out = (struct wm_vma){
            .range = {q.vma_start, q.vma_end},
            .file = q.inode != 0,
            .access = (uint8_t)(q.vma_flags & 7),
            .shared = (q.vma_flags & VMA_SHARED) != 0,
        };
    if (result == 0 && name != NULL && q.vma_name_size == 0)
        *name = '\0';
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
    for (int field = 0; field < 3 && *p != '\0'; field++)
        p = wm_text_after(p, ' ');
    out->file = wm_text_decimal(&p) != 0;
    return wm_text_after(p, ' ');
}

/* Calls visit for each mapping until it returns true; -ENOENT when it never did. */
static int read_text(bool visit(const struct wm_vma *vma, const char *name, void *context), void *context)
{
    struct wm_text text;
    struct wm_vma vma;
    const char *line;
    int fd = open_maps();

    if (fd < 0)
        return fd;
    wm_text_open(&text, fd);
    while ((line = wm_text_line(&text)) != NULL) {
        if (visit(&vma, parse_line(line, &vma), context)) {
            wm_kern_close(fd);
            return 0;
        }
    }
    wm_kern_close(fd);
    return text.error != 0 ? text.error : -ENOENT;
}

struct wanted {
    uintptr_t addr;
    struct wm_vma *out;
    char *name; /* NULL: not asked for */
    size_t bytes;
};

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
    struct wanted *wanted = context;

    *wanted->out = *vma;
    if (vma->range.end <= wanted->addr)
        return false;
    if (wanted->name != NULL)
        copy_name(name, wanted->name, wanted->name + wanted->bytes);
    return true;
}

static int ask(struct wanted *wanted)
{
    int fd = -1, result = -ENOTTY;

    for (int tries = 0; tries < 2 && wm_probe_has(WM_FEATURE_PROCMAP_QUERY); tries++) {
        fd = wm_kept_get(&kept, fd);
        if (fd < 0)
            return fd;
        result = query(fd, wanted->addr, wanted->out, wanted->name, wanted->bytes);
        if (result == 0 || result == -ENOENT)
            return result;
        if (result == -ENOMEM) /* says nothing about the descriptor */
            break;
    }
    /* A descriptor that was opened a moment ago does not know the ioctl: the kernel does not. */
    if (result == -ENOTTY || result == -EINVAL)
        wm_probe_lacks(WM_FEATURE_PROCMAP_QUERY);
    return read_text(reaches, wanted);
}

int wm_kern_vma(uintptr_t addr, struct wm_vma *out)
{
    return ask(&(struct wanted){addr, out, NULL, 0});
}

int wm_kern_vma_name(uintptr_t addr, char *name, size_t bytes)
{
    struct wm_vma vma;
    int result = ask(&(struct wanted){addr, &vma, name, bytes});

    return result == 0 && vma.range.start > addr ? -ENOENT : result;
}

struct counted {
    size_t count, limit;
};

static bool count_one(const struct wm_vma *vma, const char *name, void *context)
{
    struct counted *counted = context;

    (void)vma;
    (void)name;
    return ++counted->count >= counted->limit;
}

size_t wm_kern_count_vmas(size_t limit)
{
    struct counted counted = {0, limit};

    read_text(count_one, &counted);
    return counted.count;
}
