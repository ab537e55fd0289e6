/*
 * hugepages.c: pages of 2 MiB that the kernel puts under ordinary memory when it is touched: transparent huge
 * pages. They are not those of a pool (map/hugetlb.c).
 *
 * The administrator says for whom: always, madvise, never. Since Linux 6.8 each size has a setting of its own, whose
 * "inherit" means the first one. The settings are read once: a process that outlives a change asks for too much or too
 * little, which changes what memory costs and nothing else. Where there is no /sys the kernel holds to them all the same.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "base/atomic.h"
#include "kern/descriptor.h"
#include "kern/map/ownpage.h"
#include "kern/pages/pagestate.h"
#include "kern/probe.h"
#include "kern/sys.h"

#define SETTINGS "/sys/kernel/mm/transparent_hugepage/"

/* --- what the administrator says --- */

/* "always inherit [madvise] never", with the one that holds in brackets: what stands in them. -ENOENT: no such setting. */
static int read_setting(const char *path, char word[16])
{
    int fd = wm_fd_open(path, O_RDONLY);
    char text[64];
    long length = fd < 0 ? fd : wm_sys3(SYS_read, fd, (long)text, sizeof text - 1);
    size_t begin, end;

    if (fd >= 0)
        wm_kern_close(fd);
    if (length <= 0)
        return fd == -ENOENT ? -ENOENT : -EIO;
    text[length] = '\0';
    begin = strcspn(text, "[") + 1;
    if (begin > (size_t)length)
        return -EIO;
    end = strcspn(text + begin, "]");
    if (end >= 16)
        return -EIO;
    memcpy(word, text + begin, end);
    word[end] = '\0';
    return 0;
}

/* What cannot be read may say always. */
static bool says_always(const char *path)
{
    char word[16];
    int error = read_setting(path, word);

    return error == 0 ? strcmp(word, "always") == 0 : error != -ENOENT;
}

bool wm_kern_huge_unasked(void)
{
    static const char *const paths[] = {
        SETTINGS "enabled",
        SETTINGS "hugepages-16kB/enabled",
        SETTINGS "hugepages-32kB/enabled",
        SETTINGS "hugepages-64kB/enabled",
        SETTINGS "hugepages-128kB/enabled",
        SETTINGS "hugepages-256kB/enabled",
        SETTINGS "hugepages-512kB/enabled",
        SETTINGS "hugepages-1024kB/enabled",
        SETTINGS "hugepages-2048kB/enabled",
    };
    static int known; /* 1: no, 2: yes */
    bool unasked = false;

    if (WM_LOAD(known) == 0) {
        for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
            unasked |= says_always(paths[i]);
        WM_STORE(known, unasked ? 2 : 1);
    }
    return WM_LOAD(known) == 2;
}

/* What cannot be read may say madvise: asking where it says never changes nothing. */
static bool says_on_request(void)
{
    char word[16];
    int error = read_setting(SETTINGS "hugepages-2048kB/enabled", word);

    if (error == -ENOENT || (error == 0 && strcmp(word, "inherit") == 0))
        error = read_setting(SETTINGS "enabled", word);
    return error != 0 || strcmp(word, "madvise") == 0;
}

bool wm_kern_huge_on_request(void)
{
    static int known; /* 1: no, 2: yes */

    if (WM_LOAD(known) == 0)
        WM_STORE(known, says_on_request() ? 2 : 1);
    return WM_LOAD(known) == 2 && wm_probe_has(WM_FEATURE_HUGE_ADVICE);
}

/* --- asking --- */

static int advise(struct wm_range r)
{
    return (int)wm_sys3(SYS_madvise, (long)r.start, (long)wm_range_bytes(r), MADV_HUGEPAGE);
}

int wm_trial_huge_advice(void)
{
    return wm_own_page_try(advise);
}

/* A refusal may be about this range. */
int wm_kern_huge_pages(struct wm_range r)
{
    int error = wm_probe_has(WM_FEATURE_HUGE_ADVICE) ? advise(r) : -ENOSYS;

    if (error == -EINVAL)
        wm_probe_retry(WM_FEATURE_HUGE_ADVICE, wm_trial_huge_advice);
    return error;
}

/*
 * mincore, and not the page map: it needs no descriptor, and tells of memory without a file what is in the page tables
 * (pinned: pages.mincore_tells_what_was_touched).
 */
int wm_kern_count_present(struct wm_range r)
{
    uint8_t there[WM_PAGES_COUNTED];
    long error;
    int count = 0;

    if (wm_range_bytes(r) > sizeof there * WM_PAGE)
        return -EINVAL;
    error = wm_sys3(SYS_mincore, (long)r.start, (long)wm_range_bytes(r), (long)there);
    for (size_t i = 0; error == 0 && i < wm_range_bytes(r) / WM_PAGE; i++)
        count += there[i] & 1;
    return error == 0 ? count : (int)error;
}
