/*
 * filesize.c: how large a file is, making it larger, and what of it has yet to reach the disk.
 *
 * A file grows by fallocate, which takes the blocks beforehand: if it only became longer (ftruncate), the
 * disk could be found full by a store into a view, and that is SIGBUS. Several may make one file larger at
 * the same time. So the size is changed by a call that never makes it smaller; only where a file system
 * takes no blocks beforehand is it set outright, after a look.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include "kern/files/files.h"
#include "kern/sys.h"
#include "kern/system/system.h"

#ifndef FALLOC_FL_KEEP_SIZE
#define FALLOC_FL_KEEP_SIZE 1
#endif
#ifndef SYNC_FILE_RANGE_WRITE
#define SYNC_FILE_RANGE_WRITE 2
#endif

/* A signal interrupts the work, which then begins again. */
enum { TRIES = 100 };

int wm_kern_file_facts(int fd, struct wm_file_facts *out)
{
    struct stat st;
    long result = wm_sys3(SYS_fstat, fd, (long)&st, 0);

    if (result == 0)
        *out = (struct wm_file_facts){.id = {.inode = st.st_ino, .device = st.st_dev},
                                      .bytes = (uint64_t)st.st_size,
                                      .regular = S_ISREG(st.st_mode)};
    return (int)result;
}

static int allocate(int fd, int mode, uint64_t from, uint64_t to)
{
    long result = -EINTR;

    for (int try = 0; result == -EINTR && try < TRIES; try++)
        result = wm_sys4(SYS_fallocate, fd, mode, (long)from, (long)(to - from));
    return (int)result;
}

static bool is_smaller(int fd, uint64_t bytes)
{
    struct wm_file_facts facts = {0};

    return wm_kern_file_facts(fd, &facts) == 0 && facts.bytes < bytes;
}

/* Not every file system takes blocks beforehand (NFS before 4.2, FUSE). */
static int set_size(int fd, uint64_t to)
{
    return is_smaller(fd, to) ? (int)wm_sys3(SYS_ftruncate, fd, (long)to, 0) : 0;
}

/*
 * Asked first, because ext4 takes all the blocks that are left before it says that they are too few, and for that while
 * nobody else could write. A file system that does not tell (no blocks at all) is not believed to be full.
 */
static bool has_room(int fd, uint64_t bytes)
{
    struct statfs room = {0};

    if (wm_sys3(SYS_fstatfs, fd, (long)&room, 0) != 0 || room.f_blocks == 0)
        return true;
    return bytes / (uint64_t)room.f_bsize <= room.f_bavail;
}

/* ext4 keeps the blocks that it has found when there are no more: they go when the size is set to what it is. */
static void give_back(int fd, uint64_t from)
{
    if (is_smaller(fd, from + 1))
        wm_sys3(SYS_ftruncate, fd, (long)from, 0);
}

/* The blocks first, and then the size, by a call that never makes a file smaller: somebody else may be doing the same. */
int wm_kern_grow_file(int fd, uint64_t from, uint64_t to)
{
    int result;

    if (to > wm_kern_file_limit())
        return -EFBIG;
    if (!has_room(fd, to - from))
        return -ENOSPC;
    result = allocate(fd, FALLOC_FL_KEEP_SIZE, from, to);
    if (result == -EOPNOTSUPP || result == -ENOSYS)
        return set_size(fd, to);
    if (result == 0)
        return allocate(fd, 0, from, to);
    if (result == -ENOSPC || result == -EDQUOT)
        give_back(fd, from);
    return result;
}

int wm_kern_start_writing(int fd, uint64_t from, uint64_t bytes)
{
    return (int)wm_sys4(SYS_sync_file_range, fd, (long)from, (long)bytes, SYNC_FILE_RANGE_WRITE);
}
