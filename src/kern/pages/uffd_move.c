/*
 * uffd_move.c: pages that move from one private mapping to another (UFFDIO_MOVE, Linux 6.8).
 *
 * The descriptor belongs to the address space that opened it. Both mappings are registered with it, so that
 * pages that are not there fault (SIGBUS; EFAULT for the kernel) instead of appearing: nobody reads the
 * descriptor. It takes pages that no other process shares and no device works on: else -EBUSY.
 */
#include <errno.h>
#include <linux/ioctl.h>
#include <sys/stat.h>

#include "kern/pages/pagestate.h"
#include "kern/pages/uffd.h"
#include "kern/probe.h"
#include "kern/sys.h"

/* linux/userfaultfd.h, which may be older than the kernel. */
enum { API = 0xAA, MODE_MISSING = 1, DONT_WAKE = 1 };
enum { FEATURE_SIGBUS = 1 << 7, FEATURE_MOVE = 1 << 16 };

struct api {
    uint64_t api, features, ioctls;
};

struct registration {
    uint64_t start, bytes, mode, ioctls;
};

struct transfer {
    uint64_t to, from, bytes, mode;
    int64_t done;
};

#define IOCTL_API _IOWR(API, 0x3F, struct api)
#define IOCTL_REGISTER _IOWR(API, 0x00, struct registration)
#define IOCTL_COPY _IOWR(API, 0x03, struct transfer)
#define IOCTL_MOVE _IOWR(API, 0x05, struct transfer)

static int introduce(struct wm_mover *mover)
{
    struct api api = {.api = API, .features = FEATURE_SIGBUS | FEATURE_MOVE};
    struct stat st;
    long result = wm_sys3(SYS_ioctl, mover->fd, (long)IOCTL_API, (long)&api);

    if (result == 0)
        result = wm_sys3(SYS_fstat, mover->fd, (long)&st, 0);
    if (result == 0) {
        mover->device = st.st_dev;
        mover->inode = st.st_ino;
    }
    return (int)result;
}

int wm_kern_mover_open(struct wm_mover *out)
{
    struct wm_mover mover = {.fd = -1};
    int result;

    if (!wm_probe_has(WM_FEATURE_UFFD_MOVE))
        return -ENOSYS;
    mover.fd = wm_kern_uffd();
    if (mover.fd < 0)
        return mover.fd;
    result = introduce(&mover);
    if (result == 0)
        *out = mover;
    else
        wm_kern_close(mover.fd);
    return result;
}

int wm_trial_uffd_move(void)
{
    struct wm_mover mover;
    int error = wm_kern_mover_open(&mover);

    if (error == 0)
        wm_kern_close(mover.fd);
    return error;
}

bool wm_kern_mover_alive(const struct wm_mover *mover)
{
    struct stat st;

    return wm_sys3(SYS_fstat, mover->fd, (long)&st, 0) == 0 && st.st_dev == mover->device &&
           st.st_ino == mover->inode;
}

int wm_kern_mover_admit(const struct wm_mover *mover, struct wm_range r)
{
    struct registration reg = {.start = r.start, .bytes = wm_range_bytes(r), .mode = MODE_MISSING};

    return (int)wm_sys3(SYS_ioctl, mover->fd, (long)IOCTL_REGISTER, (long)&reg);
}

/* What was done before an error still was done; where it is an error from the start, done is negative. */
static int transfer(const struct wm_mover *mover, unsigned long request, struct transfer t, size_t *done)
{
    long result = wm_sys3(SYS_ioctl, mover->fd, (long)request, (long)&t);

    *done = t.done > 0 ? (size_t)t.done : 0;
    return *done != 0 ? 0 : (int)result;
}

int wm_kern_mover_move(const struct wm_mover *mover, uintptr_t to, uintptr_t from, size_t bytes,
                       size_t *moved)
{
    return transfer(mover, IOCTL_MOVE, (struct transfer){to, from, bytes, DONT_WAKE, 0}, moved);
}

int wm_kern_mover_copy(const struct wm_mover *mover, uintptr_t to, uintptr_t from, size_t bytes,
                       size_t *copied)
{
    return transfer(mover, IOCTL_COPY, (struct transfer){to, from, bytes, DONT_WAKE, 0}, copied);
}
