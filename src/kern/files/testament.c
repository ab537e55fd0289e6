/*
 * testament.c: descriptors that survive an exec, and the file that tells of them (testament.h).
 *
 * Which descriptors there are /proc tells, or, where that cannot be read, one call each for the first thousand. One that
 * may be a testament has all seals (other files have none: -EINVAL, after some sixty nanoseconds) and came with an exec,
 * which what programs open for themselves mostly did not.
 */
#include "kern/files/testament.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "kern/descriptor.h"
#include "kern/listing.h"
#include "kern/sys.h"
#include "kern/text.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x8u
#endif
#ifndef F_ADD_SEALS
#define F_ADD_SEALS 1033
#define F_GET_SEALS 1034
#endif

enum { SEAL = 1, SHRINK = 2, GROW = 4, WRITE = 8, ALL_SEALS = SEAL | SHRINK | GROW | WRITE };
enum { START_BYTES = 64, LOOKED_AT = 1024, FIRST = 3 };

int wm_kern_survives(int fd)
{
    long flags = wm_sys3(SYS_fcntl, fd, F_GETFD, 0);

    return flags < 0 ? (int)flags : !(flags & FD_CLOEXEC);
}

int wm_kern_let_survive(int fd, bool survives)
{
    return (int)wm_sys3(SYS_fcntl, fd, F_SETFD, survives ? 0 : FD_CLOEXEC);
}

int wm_testament_make(void)
{
    int fd = wm_fd_memory("winmem-inherited", MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);

    return fd == -EINVAL ? wm_fd_memory("winmem-inherited", MFD_ALLOW_SEALING) : fd;
}

static int whole(long result, size_t bytes)
{
    if (result == (long)bytes)
        return 0;
    return result < 0 ? (int)result : -EIO;
}

int wm_testament_write(int fd, uint64_t offset, const void *from, size_t bytes)
{
    return whole(wm_sys4(SYS_pwrite64, fd, (long)from, (long)bytes, (long)offset), bytes);
}

int wm_testament_read(int fd, uint64_t offset, void *to, size_t bytes)
{
    return whole(wm_sys4(SYS_pread64, fd, (long)to, (long)bytes, (long)offset), bytes);
}

int wm_testament_take_place(int fd, int of)
{
    int result = (int)wm_sys3(SYS_fcntl, fd, F_ADD_SEALS, ALL_SEALS);

    if (result == 0 && of < 0)
        result = wm_kern_let_survive(fd, true);
    if (result == 0 && of < 0)
        return fd;
    if (result == 0)
        result = wm_fd_replace(fd, of);
    wm_kern_close(fd);
    return result;
}

/* --- at the other end --- */

static bool is_sealed(int fd)
{
    long seals = wm_sys3(SYS_fcntl, fd, F_GET_SEALS, 0);

    return seals > 0 && (seals & ALL_SEALS) == ALL_SEALS;
}

static bool begins_with(int fd, const void *start, size_t bytes)
{
    char found[START_BYTES];

    return bytes <= sizeof found && is_sealed(fd) && wm_kern_survives(fd) == 1 &&
           wm_testament_read(fd, 0, found, bytes) == 0 && memcmp(found, start, bytes) == 0;
}

static int find_without_list(const void *start, size_t bytes)
{
    for (int fd = FIRST; fd < LOOKED_AT; fd++)
        if (begins_with(fd, start, bytes))
            return fd;
    return -ENOENT;
}

int wm_testament_find(const void *start, size_t bytes)
{
    struct wm_listing listing;
    int directory = wm_fd_open("/proc/self/fd", O_RDONLY | O_DIRECTORY), fd, found = -ENOENT;
    const char *name;

    if (directory < 0)
        return find_without_list(start, bytes);
    wm_listing_begin(&listing, directory);
    while (found < 0 && (name = wm_listing_next(&listing)) != NULL) {
        fd = (int)wm_text_decimal(&name);
        found = fd >= FIRST && begins_with(fd, start, bytes) ? fd : found;
    }
    wm_listing_end(&listing);
    return found;
}
