/*
 * pagescan.c: which pages are there, written, or of the zero page, from /proc/self/pagemap.
 *
 * PAGEMAP_SCAN (Linux 6.7) answers for whole ranges; without it the entries are read one by one
 * (pagemap.c), and what they do not tell counts as "has it not"; but for the page of zeros, which move_pages knows. One descriptor is kept (kept.h). The
 * program may reuse its number for anything, even for the pagemap of another process: so it is trusted
 * only while it is still the file that was opened.
 *
 * Some kernels give a page of its own to whoever reads memory that was never written; they tell no page of zeros,
 * and such pages look as if they held data. With "zero_page" switched off, none is told here either, so that
 * every kernel can stand in for those.
 */
#include <errno.h>

#include "base/atomic.h"
#include "kern/kept.h"
#include "kern/map/mapping.h"
#include "kern/pages/pagefile.h"
#include "kern/pages/pagestate.h"
#include "kern/probe.h"
#include "kern/sys.h"

/* Debian 12's kernel headers are older than this ioctl. */
struct pm_scan_arg {
    uint64_t size;
    uint64_t flags;
    uint64_t start;
    uint64_t end;
    uint64_t walk_end;
    uint64_t vec;
    uint64_t vec_len;
    uint64_t max_pages;
    uint64_t category_inverted;
    uint64_t category_mask;
    uint64_t category_anyof_mask;
    uint64_t return_mask;
};

enum { SCAN_IOCTL_NUMBER = 16, WP_MATCHING = 1, CHECK_WPASYNC = 2 };

#define PAGEMAP_SCAN (3u << 30 | (unsigned)sizeof(struct pm_scan_arg) << 16 | 'f' << 8 | SCAN_IOCTL_NUMBER)

_Static_assert(sizeof(struct wm_page_run) == 24, "the kernel fills an array of these");

/* --- by the ioctl --- */

static long scan(int fd, struct wm_scan *s, struct wm_page_run *runs, size_t capacity)
{
    struct pm_scan_arg arg = {
        .size = sizeof arg,
        .flags = s->protect ? WP_MATCHING | CHECK_WPASYNC : 0,
        .start = s->range.start,
        .end = s->range.end,
        .vec = (uintptr_t)runs,
        .vec_len = capacity,
        .max_pages = s->most,
        .category_inverted = s->none | s->lacks,
        .category_mask = s->all | s->none,
        .category_anyof_mask = s->any | s->lacks,
        .return_mask = s->tell,
    };
    long count = wm_sys3(SYS_ioctl, fd, PAGEMAP_SCAN, (long)&arg);

    if (count >= 0)
        s->stopped = arg.walk_end;
    return count;
}

/* --- by reading entries --- */

static bool is_wanted(const struct wm_scan *s, uint64_t has)
{
    return (has & s->all) == s->all && (has & s->none) == 0 &&
           ((s->any | s->lacks) == 0 || (has & s->any) != 0 || (~has & s->lacks) != 0);
}

/* What has been found so far. */
struct finding {
    struct wm_page_run *runs;
    size_t count, capacity;
    size_t pages, most;
};

/* False: there is no room for this page. */
static bool add_page(struct finding *f, uintptr_t addr, uint64_t told)
{
    struct wm_page_run *next = f->runs + f->count;

    if (f->pages == f->most)
        return false;
    if (f->count > 0 && next[-1].range.end == addr && next[-1].categories == told) {
        next[-1].range.end += WM_PAGE;
    } else {
        if (f->count == f->capacity)
            return false;
        *next = (struct wm_page_run){{addr, addr + WM_PAGE}, told};
        f->count++;
    }
    f->pages++;
    return true;
}

static bool asks_for_zeros(const struct wm_scan *s)
{
    return ((s->all | s->none | s->any | s->lacks | s->tell) & WM_IS_ZERO) != 0;
}

static int read_entries(const struct wm_scan *s, uintptr_t addr, uint8_t *has)
{
    int count = wm_kern_pages((struct wm_range){addr, s->range.end}, has);

    if (asks_for_zeros(s))
        wm_kern_add_zeros(addr, has, count);
    return count;
}

static long scan_entries(struct wm_scan *s, struct wm_page_run *runs, size_t capacity)
{
    struct finding f = {runs, 0, capacity, 0, s->most != 0 ? s->most : SIZE_MAX};
    uintptr_t addr = s->range.start;
    uint8_t has[WM_PAGES_READ];
    int count = 0;

    if (s->protect)
        return -ENOTTY;
    while (addr < s->range.end && (count = read_entries(s, addr, has)) > 0)
        for (int i = 0; i < count; i++, addr += WM_PAGE)
            if (is_wanted(s, has[i]) && !add_page(&f, addr, has[i] & s->tell)) {
                s->stopped = addr;
                return (long)f.count;
            }
    s->stopped = addr;
    return count < 0 ? count : (long)f.count;
}

/* --- the page of zeros, beside entries --- */

/* It is nobody's alone, though a page that was forked is not either. */
static bool may_be_zero(uint8_t is)
{
    return (is & (WM_IS_PRESENT | WM_IS_ALONE | WM_IS_FILE)) == WM_IS_PRESENT;
}

static long add_by_scan(uintptr_t start, uint8_t *is, int count)
{
    struct wm_scan zeros = {.range = wm_range_of(start, (size_t)count * WM_PAGE), .all = WM_IS_ZERO};
    struct wm_page_run runs[WM_PAGES_READ];
    int fd = wm_pagefile_own();
    long found = fd < 0 ? fd : scan(fd, &zeros, runs, WM_PAGES_READ);

    for (long i = 0; i < found; i++)
        for (uintptr_t addr = runs[i].range.start; addr < runs[i].range.end; addr += WM_PAGE)
            is[(addr - start) / WM_PAGE] |= WM_IS_ZERO;
    return found;
}

/* Asked where a page is, and to move none, move_pages refuses to speak of the page of zeros. */
static void add_by_asking(uintptr_t start, uint8_t *is, int count)
{
    uintptr_t addresses[WM_PAGES_READ];
    int node[WM_PAGES_READ], asked = 0;

    for (int i = 0; i < count; i++)
        if (may_be_zero(is[i]))
            addresses[asked++] = start + (size_t)i * WM_PAGE;
    if (wm_sys6(SYS_move_pages, 0, asked, (long)addresses, 0, (long)node, 0) != 0)
        return;
    for (int i = 0; i < asked; i++)
        if (node[i] == -EFAULT)
            is[(addresses[i] - start) / WM_PAGE] |= WM_IS_ZERO;
}

void wm_kern_add_zeros(uintptr_t start, uint8_t *is, int count)
{
    bool any = false;

    for (int i = 0; i < count; i++)
        any |= may_be_zero(is[i]);
    if (!any || !wm_probe_has(WM_FEATURE_ZERO_PAGE))
        return;
    if (!wm_probe_has(WM_FEATURE_PAGEMAP_SCAN) || add_by_scan(start, is, count) < 0)
        add_by_asking(start, is, count);
}

/* The scan as a kernel without a page of zeros would have it; only the one who tries asks for it by name. */
static struct wm_scan without_zeros(struct wm_scan s)
{
    if (!wm_probe_has(WM_FEATURE_ZERO_PAGE)) {
        s.none &= ~(uint32_t)WM_IS_ZERO;
        s.tell &= ~(uint32_t)WM_IS_ZERO;
    }
    return s;
}

static long scan_any(struct wm_scan *s, struct wm_page_run *runs, size_t capacity)
{
    int fd = wm_pagefile_own();
    long count = -ENOTTY;

    if (fd < 0)
        return fd;
    if (wm_probe_has(WM_FEATURE_PAGEMAP_SCAN)) {
        count = scan(fd, s, runs, capacity);
        if (count == -ENOTTY) /* and the descriptor is the pagemap: the kernel does not know it */
            wm_probe_lacks(WM_FEATURE_PAGEMAP_SCAN);
    }
    return count == -ENOTTY ? scan_entries(s, runs, capacity) : count;
}

long wm_kern_scan(struct wm_scan *s, struct wm_page_run *runs, size_t capacity)
{
    struct wm_scan scan = without_zeros(*s);
    long count = scan_any(&scan, runs, capacity);

    s->stopped = scan.stopped;
    return count;
}

/* --- trials --- */

int wm_trial_pagemap_scan(void)
{
    struct wm_scan nothing = {.range = {WM_SPACE_START, WM_SPACE_START + WM_PAGE}};
    struct wm_page_run run;
    int fd = wm_pagefile_own();
    long count = fd < 0 ? fd : scan(fd, &nothing, &run, 1);

    return count >= 0 ? 0 : count == -ENOTTY || count == -ENODEV ? (int)count : -EAGAIN;
}

/* Reads a page of our own that nobody has written to: 1 if it is told as the page of zeros, 0 if not. */
static long try_zeros(void)
{
    struct wm_scan scan = {.all = WM_IS_ZERO};
    struct wm_page_run run;
    long count;

    count = wm_kern_map_sparse(WM_PAGE, &scan.range.start);
    if (count != 0)
        return count;
    scan.range.end = scan.range.start + WM_PAGE;
    wm_kern_small_pages(scan.range); /* a large page of zeros is not told before Linux 6.17 */
    (void)*(volatile const char *)scan.range.start;
    count = wm_kern_scan(&scan, &run, 1);
    wm_kern_unmap(scan.range);
    return count;
}

int wm_trial_zero_page(void)
{
    long told = try_zeros();

    return told > 0 ? 0 : told == 0 ? -ENODATA : -EAGAIN;
}

bool wm_kern_tells_zeros(void)
{
    return wm_probe_finds(WM_FEATURE_ZERO_PAGE, wm_trial_zero_page);
}
