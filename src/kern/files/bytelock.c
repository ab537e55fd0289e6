/*
 * bytelock.c: locks on bytes of a file.
 *
 * They belong to the open file description (F_OFD_SETLK, Linux 3.15), as Windows's belong to a handle's
 * file object. The older ones of POSIX belong to the process, and all go when it closes any descriptor of
 * that file: a library of the program's that reads a file and closes it would take ours away.
 */
#include <errno.h>
#include <fcntl.h>

#include "kern/files/files.h"
#include "kern/sys.h"

static struct flock request(enum wm_byte_lock lock, uint64_t first, uint64_t count)
{
    static const short types[] = {
        [WM_BYTES_FREE] = F_UNLCK, [WM_BYTES_SHARED] = F_RDLCK, [WM_BYTES_EXCLUSIVE] = F_WRLCK};

    return (struct flock){
        .l_type = types[lock], .l_whence = SEEK_SET, .l_start = (off_t)first, .l_len = (off_t)count};
}

int wm_kern_lock_bytes(int fd, enum wm_byte_lock lock, uint64_t first, uint64_t count, bool wait)
{
    struct flock asked = request(lock, first, count);

    if (count == 0)
        return 0;
    return (int)wm_sys3(SYS_fcntl, fd, wait ? F_OFD_SETLKW : F_OFD_SETLK, (long)&asked);
}

/* Whose it is the kernel tells by the process, which is -1 for a description. */
static int is_locked(int fd, int command, enum wm_byte_lock lock, uint64_t first, uint64_t count)
{
    struct flock asked = request(lock, first, count);
    long result = count == 0 ? 0 : wm_sys3(SYS_fcntl, fd, command, (long)&asked);

    if (result != 0)
        return (int)result;
    return count != 0 && asked.l_type != F_UNLCK && asked.l_pid == -1;
}

int wm_kern_bytes_locked(int fd, enum wm_byte_lock lock, uint64_t first, uint64_t count)
{
    return is_locked(fd, F_OFD_GETLK, lock, first, count);
}

/* Asked in the name of the process, to whom all descriptions are others. */
int wm_kern_bytes_locked_at_all(int fd, enum wm_byte_lock lock, uint64_t first, uint64_t count)
{
    return is_locked(fd, F_GETLK, lock, first, count);
}
