/*
 * fileid.c: which file a descriptor stands for, and its name.
 *
 * Device and inode are what a file is known by for as long as somebody has it open; names change, and may
 * mean another file by the time they are used. So who wants to do something by a name looks whether it
 * still leads to the same file.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kern/descriptor.h"
#include "kern/files/files.h"
#include "kern/sys.h"
#include "kern/text.h"

int wm_kern_file_id(int fd, struct wm_file_id *id)
{
    struct stat st;
    long result = wm_sys3(SYS_fstat, fd, (long)&st, 0);

    if (result == 0)
        *id = (struct wm_file_id){.device = st.st_dev, .inode = st.st_ino};
    return (int)result;
}

static bool is_same(struct wm_file_id a, struct wm_file_id b)
{
    return a.device == b.device && a.inode == b.inode;
}

bool wm_kern_is_file(int fd, const struct wm_file_id *id)
{
    struct wm_file_id found = {0};

    return wm_kern_file_id(fd, &found) == 0 && is_same(found, *id);
}

bool wm_kern_is_same_description(int fd, int other)
{
    long pid = wm_sys_pid();

    return wm_sys6(SYS_kcmp, pid, pid, KCMP_FILE, fd, other, 0) == 0;
}

int64_t wm_kern_position(int fd)
{
    return wm_sys3(SYS_lseek, fd, 0, SEEK_CUR);
}

int wm_kern_set_position(int fd, int64_t position)
{
    long result = wm_sys3(SYS_lseek, fd, position, SEEK_SET);

    return result < 0 ? (int)result : 0;
}

/* Far behind the last byte that any file has, and another place for each file of ours. */
static long mark_of(const struct wm_file_id *id)
{
    return (long)(1ull << 62 | (id->inode & ((1ull << 62) - 1)));
}

void wm_kern_mark_file(int fd, const struct wm_file_id *id)
{
    wm_sys3(SYS_lseek, fd, mark_of(id), SEEK_SET);
}

bool wm_kern_is_marked_file(int fd, const struct wm_file_id *id)
{
    return wm_sys3(SYS_lseek, fd, 0, SEEK_CUR) == mark_of(id) || wm_kern_is_file(fd, id);
}

static void put_path(char *to, int fd)
{
    wm_text_put_decimal(wm_text_put(to, "/proc/self/fd/"), (uint64_t)fd);
}

int wm_kern_open_again(int fd, int flags)
{
    char path[40];

    put_path(path, fd);
    return wm_fd_open(path, flags);
}

int wm_kern_truncate_open(int fd, uint64_t bytes)
{
    char path[40];

    put_path(path, fd);
    return (int)wm_sys3(SYS_truncate, (long)path, (long)bytes, 0);
}

int wm_kern_file_flags(int fd)
{
    return (int)wm_sys3(SYS_fcntl, fd, F_GETFL, 0);
}

/* Behind the name of a file that is gone the kernel writes " (deleted)": then nothing is found there, or another file. */
static bool has_name(const char *path, const struct wm_file_id *id)
{
    struct stat st;

    return wm_sys4(SYS_newfstatat, AT_FDCWD, (long)path, (long)&st, AT_SYMLINK_NOFOLLOW) == 0 &&
           is_same((struct wm_file_id){.device = st.st_dev, .inode = st.st_ino}, *id);
}

int wm_kern_open_path(int fd, char *path, size_t bytes)
{
    char link[40];
    long length;

    put_path(link, fd);
    length = wm_sys4(SYS_readlinkat, AT_FDCWD, (long)link, (long)path, (long)bytes - 1);
    path[length > 0 ? length : 0] = '\0';
    return length < 0 ? (int)length : 0;
}

int wm_kern_unlink_open(int fd, const struct wm_file_id *id)
{
    char path[4096];
    int error = wm_kern_open_path(fd, path, sizeof path);

    if (error != 0)
        return error;
    return has_name(path, id) ? (int)wm_sys3(SYS_unlinkat, AT_FDCWD, (long)path, 0) : -ENOENT;
}
