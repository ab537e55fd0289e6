/*
 * uffd.c: watching for writes, by userfaultfd in its asynchronous write-protect mode (Linux 6.7).
 *
 * The kernel clears a bit of the page table at the first write and goes on: no signal, nobody reads the
 * descriptor, and what the kernel writes itself (read, recv) counts. It needs no privilege. One descriptor
 * serves all ranges; when it is closed, all of them are forgotten at once. So it is known by device and
 * inode: the program may close it behind our back, and may even reuse its number.
 *
 * Seen on Linux 6.18: a page that was registered but never protected reads as written, touched or not
 * (pinned: watch.what_is_not_armed_counts_as_written); protecting untouched pages takes 5 ns each, and the
 * memory of their page tables, and makes them look swapped out (watch.armed_untouched_pages_look_swapped).
 *
 * An address space has one watcher for each range: where the program watches its own memory by userfaultfd,
 * ours is refused with EBUSY (watch.two_watchers_are_one_too_many).
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/atomic.h"
#include "kern/descriptor.h"
#include "kern/pages/pagestate.h"
#include "kern/pages/uffd.h"
#include "kern/probe.h"
#include "kern/sys.h"

/* Debian 12's kernel headers know the structures, but not these features. */
struct uffd_api {
    uint64_t api, features, ioctls;
};

struct uffd_register {
    uint64_t start, bytes, mode, ioctls;
};

struct uffd_protect {
    uint64_t start, bytes, mode;
};

enum {
    API = 0xaa,
    USER_MODE_ONLY = 1,
    WP_UNPOPULATED = 1 << 13,
    WP_ASYNC = 1 << 15,
    REGISTER_WP = 2,
    PROTECT_WP = 1
};

#define READ_WRITE(number, type) (3u << 30 | (unsigned)sizeof(type) << 16 | API << 8 | (number))
#define UFFD_API READ_WRITE(0x3fu, struct uffd_api)
#define UFFD_REGISTER READ_WRITE(0x00u, struct uffd_register)
#define UFFD_PROTECT READ_WRITE(0x06u, struct uffd_protect)

static int kept = -1;
static uint64_t kept_device, kept_inode;

static int control(int fd, unsigned request, void *argument)
{
    return (int)wm_sys3(SYS_ioctl, fd, request, (long)argument);
}

static bool no_descriptor(int error)
{
    return error == -EMFILE || error == -ENFILE;
}

/* Containers often forbid the system call; the device needs no call, but is root's. */
int wm_kern_uffd(void)
{
    int flags = O_NONBLOCK | USER_MODE_ONLY;
    int fd = wm_fd_userfault(flags), device;

    if (fd >= 0 || no_descriptor(fd))
        return fd;
    device = wm_fd_open("/dev/userfaultfd", O_RDWR);
    if (device < 0)
        return no_descriptor(device) ? device : fd;
    fd = wm_fd_userfault_by(device, flags);
    wm_kern_close(device);
    return fd;
}

static bool is_kept(int fd)
{
    struct stat st;

    return wm_sys3(SYS_fstat, fd, (long)&st, 0) == 0 && st.st_ino == kept_inode && st.st_dev == kept_device;
}

static void note(int fd)
{
    struct stat st = {0};

    wm_sys3(SYS_fstat, fd, (long)&st, 0);
    kept_device = st.st_dev;
    kept_inode = st.st_ino;
    WM_STORE(kept, fd);
}

static int open_watcher(void)
{
    struct uffd_api api = {API, WP_UNPOPULATED | WP_ASYNC, 0};
    int fd = wm_kern_uffd(), error;

    if (fd < 0)
        return fd;
    error = control(fd, UFFD_API, &api);
    if (error == 0)
        return fd;
    wm_kern_close(fd);
    return error;
}

int wm_trial_userfaultfd(void)
{
    int fd = open_watcher();

    if (fd < 0)
        return fd;
    wm_kern_close(fd);
    return 0;
}

static int open_watch(void)
{
    int fd = open_watcher();

    wm_probe_told(WM_FEATURE_USERFAULTFD, fd < 0 ? fd : 0);
    if (fd >= 0)
        note(fd);
    return fd;
}

static int kept_watch(void)
{
    if (!wm_probe_has(WM_FEATURE_USERFAULTFD))
        return -ENOSYS;
    return kept >= 0 ? kept : open_watch();
}

bool wm_kern_watch_lost(void)
{
    return kept >= 0 && !is_kept(kept);
}

bool wm_kern_watch_forget(void)
{
    int fd = kept;

    kept = -1;
    if (fd >= 0 && is_kept(fd))
        wm_kern_close(fd);
    return fd >= 0;
}

int wm_kern_watch(struct wm_range r)
{
    struct uffd_register range = {r.start, wm_range_bytes(r), REGISTER_WP, 0};
    int fd = kept_watch();

    return fd < 0 ? fd : control(fd, UFFD_REGISTER, &range);
}

int wm_kern_watch_arm(struct wm_range r)
{
    struct uffd_protect range = {r.start, wm_range_bytes(r), PROTECT_WP};

    return control(kept, UFFD_PROTECT, &range);
}
