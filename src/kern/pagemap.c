/* pagemap.c: which pages of a private file mapping were written, from /proc/self/pagemap. */
#include <errno.h>
#include <fcntl.h>

#include "kern/kern.h"
#include "kern/sys.h"

#define PAGE_IS_FILE (1ull << 61)
#define PAGE_IS_SWAPPED (1ull << 62)
#define PAGE_IS_PRESENT (1ull << 63)

enum { BATCH = 128 };

/* A page that is there and no longer the file's is a copy of our own. */
static bool is_copy(uint64_t entry)
{
    return (entry & (PAGE_IS_PRESENT | PAGE_IS_SWAPPED)) != 0 && (entry & PAGE_IS_FILE) == 0;
}

static int read_entries(int fd, struct wm_range r, uint64_t *entries)
{
    size_t pages = wm_range_bytes(r) / WM_PAGE;
    size_t want = (pages < BATCH ? pages : BATCH) * sizeof *entries;
    long got =
        wm_sys4(SYS_pread64, fd, (long)entries, (long)want, (long)(r.start / WM_PAGE * sizeof *entries));

    return got < 0 ? (int)got : (int)((size_t)got / sizeof *entries);
}

int wm_kern_copied(struct wm_range r, bool *copied, uintptr_t *end)
{
    uint64_t entries[BATCH];
    uintptr_t addr = r.start;
    int fd = (int)wm_sys4(SYS_openat, AT_FDCWD, (long)"/proc/self/pagemap", O_RDONLY | O_CLOEXEC, 0);
    int count = fd, same = 0;

    *copied = false;
    while (fd >= 0 && addr < r.end &&
           (count = read_entries(fd, (struct wm_range){addr, r.end}, entries)) > 0) {
        if (addr == r.start)
            *copied = is_copy(entries[0]);
        for (same = 0; same < count && is_copy(entries[same]) == *copied; same++)
            addr += WM_PAGE;
        if (same < count)
            break;
    }
    if (fd >= 0)
        wm_kern_close(fd);
    *end = addr;
    return count < 0 ? count : addr == r.start ? -EIO : 0;
}
