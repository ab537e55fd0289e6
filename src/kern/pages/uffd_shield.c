/*
 * uffd_shield.c: pages that cannot be written to, though their mapping can (userfaultfd's write protection with SIGBUS).
 *
 * The bit stands in the page table, so that no mapping is split: half a microsecond for a page. Whoever writes gets
 * SIGBUS, a system call EFAULT; reading brings pages in as ever, and they stay protected. It needs no privilege. Seen on
 * Linux 6.18, and pinned by tests/kern/shields.c: pages that nobody has touched can be protected (Linux 6.4); it outlives
 * mprotect and goes with a new mapping, with MADV_DONTNEED and with a guard marker; a child of a fork has the pages
 * without it; and it goes from all pages at once when the descriptor is closed. So the descriptor is known by device and
 * inode: the program may close it behind our back, and may even reuse its number.
 *
 * A range has to be admitted first, which splits mappings at its two ends: so much is admitted at once.
 */
#include <errno.h>
#include <linux/ioctl.h>
#include <sys/stat.h>

#include "base/atomic.h"
#include "kern/descriptor.h"
#include "kern/pages/pagestate.h"
#include "kern/pages/uffd.h"
#include "kern/probe.h"
#include "kern/sys.h"

/* linux/userfaultfd.h, which may be older than the kernel. */
enum { API = 0xAA, MODE_WP = 2, PROTECT = 1 };
enum { FEATURE_WP = 1 << 0, FEATURE_SIGBUS = 1 << 7, FEATURE_WP_UNPOPULATED = 1 << 13 };

struct api {
    uint64_t api, features, ioctls;
};

struct registration {
    uint64_t start, bytes, mode, ioctls;
};

struct protection {
    uint64_t start, bytes, mode;
};

#define IOCTL_API _IOWR(API, 0x3F, struct api)
#define IOCTL_REGISTER _IOWR(API, 0x00, struct registration)
#define IOCTL_PROTECT _IOWR(API, 0x06, struct protection)

static int kept = -1;
static uint64_t kept_device, kept_inode;
static long kept_by; /* whose pages it is about, whoever has it */

static int control(int fd, unsigned long request, void *argument)
{
    return (int)wm_sys3(SYS_ioctl, fd, (long)request, (long)argument);
}

static int open_shields(void)
{
    struct api api = {API, FEATURE_WP | FEATURE_SIGBUS | FEATURE_WP_UNPOPULATED, 0};
    int fd = wm_kern_uffd(), error;

    if (fd < 0)
        return fd;
    error = control(fd, IOCTL_API, &api);
    if (error == 0)
        return fd;
    wm_kern_close(fd);
    return error;
}

int wm_trial_uffd_protect(void)
{
    int fd = open_shields();

    if (fd < 0)
        return fd;
    wm_kern_close(fd);
    return 0;
}

static bool is_anothers(void)
{
    long process = wm_sys3(SYS_getpid, 0, 0, 0);

    return process > 0 && process != kept_by;
}

/* Nothing but a closed descriptor cannot be asked. */
static bool is_kept(int fd)
{
    struct stat st;
    long error = wm_sys3(SYS_fstat, fd, (long)&st, 0);

    return error == 0 ? st.st_ino == kept_inode && st.st_dev == kept_device : error != -EBADF;
}

static int keep(void)
{
    struct stat st = {0};
    int fd = open_shields();

    wm_probe_told(WM_FEATURE_UFFD_PROTECT, fd < 0 ? fd : 0);
    if (fd < 0)
        return fd;
    wm_sys3(SYS_fstat, fd, (long)&st, 0);
    kept_device = st.st_dev;
    kept_inode = st.st_ino;
    kept_by = wm_sys3(SYS_getpid, 0, 0, 0);
    WM_STORE(kept, fd);
    return fd;
}

bool wm_kern_shields_lost(void)
{
    return kept >= 0 && !is_kept(kept);
}

void wm_kern_shields_forget(void)
{
    int fd = kept;

    kept = -1;
    if (fd >= 0 && is_kept(fd))
        wm_kern_close(fd);
}

int wm_kern_shield_admit(struct wm_range r)
{
    struct registration range = {r.start, wm_range_bytes(r), MODE_WP, 0};
    int fd = kept;

    if (!wm_probe_has(WM_FEATURE_UFFD_PROTECT))
        return -ENOSYS;
    if (fd >= 0 && is_anothers())
        return -ENOSYS;
    if (fd < 0)
        fd = keep();
    return fd < 0 ? fd : control(fd, IOCTL_REGISTER, &range);
}

/*
 * In a child of a fork that a signal handler has made in the midst of a call, that call goes on: it must not change its
 * parent's pages.
 */
static int protect(struct wm_range r, uint64_t mode)
{
    struct protection range = {r.start, wm_range_bytes(r), mode};

    return kept < 0 || is_anothers() ? -ENOENT : control(kept, IOCTL_PROTECT, &range);
}

int wm_kern_shield(struct wm_range r)
{
    return protect(r, PROTECT);
}

int wm_kern_unshield(struct wm_range r)
{
    return protect(r, 0);
}
