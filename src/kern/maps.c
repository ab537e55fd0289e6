/*
 * maps.c: what is mapped where, from /proc/self/maps.
 *
 * PROCMAP_QUERY (Linux 6.11) asks for one mapping; without it the text is read up to the address. One
 * descriptor is kept for the ioctl. The program may close it behind our back, and may even reuse its
 * number: then the ioctl fails, a new one is opened, and the old number is left alone.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/atomic.h"
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

static int kept = -1;
static uint64_t kept_inode;

static int open_maps(void)
{
    return (int)wm_sys4(SYS_openat, AT_FDCWD, (long)"/proc/self/maps", O_RDONLY | O_CLOEXEC, 0);
}

static uint64_t inode_of(int fd)
{
    struct stat st;

    return wm_sys3(SYS_fstat, fd, (long)&st, 0) == 0 ? st.st_ino : 0;
}

/* The number may be the program's own by now: only what is still ours is closed. */
void wm_kern_maps_after_fork(void)
{
    int fd = kept;

    kept = -1;
    if (fd >= 0 && inode_of(fd) == kept_inode)
        wm_kern_close(fd);
}

/* Two threads may open at once: the second gives its descriptor back. */
static int kept_maps(int stale)
{
    int fd = WM_LOAD(kept), fresh;

    if (fd >= 0 && fd != stale)
        return fd;
    fresh = open_maps();
    if (fresh >= 0)
        WM_STORE(kept_inode, inode_of(fresh));
    if (fresh < 0 ||
        __atomic_compare_exchange_n(&kept, &fd, fresh, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return fresh;
    wm_kern_close(fresh);
    return fd;
}

static int query(int fd, uintptr_t addr, struct wm_vma *out)
{
    struct procmap_query q = {
        .size = sizeof q,
        .query_flags = QUERY_COVERING_OR_NEXT,
        .query_addr = addr,
    };
    int result = (int)wm_sys3(SYS_ioctl, fd, PROCMAP_QUERY, (long)&q);

    if (result == 0)
        *out = (struct wm_vma){
            .range = {q.vma_start, q.vma_end},
            .file = q.inode != 0,
            .access = (uint8_t)(q.vma_flags & 7),
            .shared = (q.vma_flags & VMA_SHARED) != 0,
        };
    return result;
}

/* One line: start-end rwxp offset major:minor inode name. Only files have an inode. */
static void parse_line(const char *line, struct wm_vma *out)
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
}

/* Calls visit for each mapping until it returns true; -ENOENT when it never did. */
static int read_text(bool visit(const struct wm_vma *vma, void *context), void *context)
{
    struct wm_text text;
    struct wm_vma vma;
    const char *line;
    int fd = open_maps();

    if (fd < 0)
        return fd;
    wm_text_open(&text, fd);
    while ((line = wm_text_line(&text)) != NULL) {
        parse_line(line, &vma);
        if (visit(&vma, context)) {
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
};

static bool reaches(const struct wm_vma *vma, void *context)
{
    struct wanted *wanted = context;

    *wanted->out = *vma;
    return vma->range.end > wanted->addr;
}

int wm_kern_vma(uintptr_t addr, struct wm_vma *out)
{
    int fd = -1, result = -ENOTTY;

    for (int tries = 0; tries < 2 && wm_probe_has(WM_FEATURE_PROCMAP_QUERY); tries++) {
        fd = kept_maps(fd);
        if (fd < 0)
            return fd;
        result = query(fd, addr, out);
        if (result == 0 || result == -ENOENT)
            return result;
        if (result == -ENOMEM) /* says nothing about the descriptor */
            break;
    }
    /* A descriptor that was opened a moment ago does not know the ioctl: the kernel does not. */
    if (result == -ENOTTY || result == -EINVAL)
        wm_probe_lacks(WM_FEATURE_PROCMAP_QUERY);
    return read_text(reaches, &(struct wanted){addr, out});
}

struct counted {
    size_t count, limit;
};

static bool count_one(const struct wm_vma *vma, void *context)
{
    struct counted *counted = context;

    (void)vma;
    return ++counted->count >= counted->limit;
}

size_t wm_kern_count_vmas(size_t limit)
{
    struct counted counted = {0, limit};

    read_text(count_one, &counted);
    return counted.count;
}
