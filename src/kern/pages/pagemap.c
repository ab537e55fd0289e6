/*
 * pagemap.c: what is at each page, from /proc/self/pagemap or another process's.
 *
 * One entry a page is read: 0.7 us, 1.1 us for 128 of them. PAGEMAP_SCAN (pagescan.c) finds pages sooner,
 * but cannot tell whether anybody else has them mapped.
 *
 * "Mapped by nobody else" counts mappings, not processes (pinned: pages.alone_is_said_of_mappings). The
 * file shows the process that opened it, whoever reads it (pages.a_pagemap_shows_who_opened_it): so a child
 * of a fork opens its own; and after exec there is nothing in it
 * (process.after_exec_an_open_pagemap_is_empty).
 */
#include <errno.h>

#include "kern/kept.h"
#include "kern/pages/pagefile.h"
#include "kern/pages/pagestate.h"
#include "kern/renew.h"
#include "kern/sys.h"

#define ENTRY_SOFT (1ull << 55)
#define ENTRY_ALONE (1ull << 56)
#define ENTRY_UNWRITTEN (1ull << 57) /* under the write protection of a userfaultfd */
#define ENTRY_FILE (1ull << 61)
#define ENTRY_SWAPPED (1ull << 62)
#define ENTRY_PRESENT (1ull << 63)

/* --- the descriptor of our own --- */

static struct wm_kept kept = {.path = "/proc/self/pagemap", .marked = true};

int wm_pagefile_own(void)
{
    return wm_kept_checked(&kept);
}

void wm_kern_scan_forget(void)
{
    wm_kept_drop(&kept);
}

const struct wm_renewal wm_renewed_pagemap = {.renew = wm_kern_scan_forget};

/* --- entries --- */

static int read_entries(int fd, struct wm_range r, uint64_t *entries)
{
    size_t pages = wm_range_bytes(r) / WM_PAGE;
    size_t want = (pages < WM_PAGES_READ ? pages : WM_PAGES_READ) * sizeof *entries;
    long got =
        wm_sys4(SYS_pread64, fd, (long)entries, (long)want, (long)(r.start / WM_PAGE * sizeof *entries));

    return got < 0 ? (int)got : got == 0 ? -EIO : (int)((size_t)got / sizeof *entries);
}

static uint8_t what_it_is(uint64_t entry)
{
    return (uint8_t)((entry & ENTRY_PRESENT ? WM_IS_PRESENT : 0) |
                     (entry & ENTRY_SWAPPED ? WM_IS_SWAPPED : 0) | (entry & ENTRY_FILE ? WM_IS_FILE : 0) |
                     (entry & ENTRY_ALONE ? WM_IS_ALONE : 0) | (entry & ENTRY_UNWRITTEN ? 0 : WM_IS_WRITTEN) |
                     (entry & ENTRY_SOFT ? WM_IS_SOFT : 0));
}

static int pages_by(int fd, struct wm_range r, uint8_t *is)
{
    uint64_t entries[WM_PAGES_READ];
    int count = fd < 0 ? fd : read_entries(fd, r, entries);

    for (int i = 0; i < count; i++)
        is[i] = what_it_is(entries[i]);
    return count;
}

int wm_kern_pages(struct wm_range r, uint8_t *is)
{
    return pages_by(wm_pagefile_own(), r, is);
}

/* Whoever has called exec since the file was opened has no pages in it. */
static int peer_pages(struct wm_kept *pagemap, struct wm_range r, uint8_t *is)
{
    int count = pages_by(wm_kept_checked(pagemap), r, is);

    if (count != -EIO)
        return count;
    wm_kept_drop(pagemap);
    return pages_by(wm_kept_checked(pagemap), r, is);
}

/*
 * As long as the answer is the same; *end: where it may be another one. The kernel not telling is an error
 * only if it told nothing at all.
 */
int wm_pagefile_copied(struct wm_kept *pagemap, struct wm_range r, bool *copied, uintptr_t *end)
{
    uint8_t is[WM_PAGES_READ];
    uintptr_t addr = r.start;
    int count = 0, same = 0;

    *copied = false;
    while (addr < r.end && same == count) {
        struct wm_range left = {addr, r.end};

        count = pagemap == NULL ? wm_kern_pages(left, is) : peer_pages(pagemap, left, is);
        if (count <= 0)
            break;
        if (addr == r.start)
            *copied = wm_page_is_copy(is[0]);
        for (same = 0; same < count && wm_page_is_copy(is[same]) == *copied; same++)
            addr += WM_PAGE;
    }
    *end = addr;
    return count < 0 && addr == r.start ? count : 0;
}

int wm_kern_copied(struct wm_range r, bool *copied, uintptr_t *end)
{
    return wm_pagefile_copied(NULL, r, copied, end);
}

size_t wm_pagefile_filled(struct wm_kept *pagemap, struct wm_range r)
{
    uint8_t is[WM_PAGES_READ];
    size_t filled = 0;
    int count;

    for (; r.start < r.end; r.start += (size_t)count * WM_PAGE) {
        count = peer_pages(pagemap, r, is);
        if (count <= 0)
            break;
        for (int i = 0; i < count; i++)
            filled += (is[i] & (WM_IS_PRESENT | WM_IS_SWAPPED)) != 0;
    }
    return filled;
}
