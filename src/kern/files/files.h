/*
 * files.h: files: which one a descriptor stands for, and locks on its bytes.
 *
 * What kern.h says holds. A descriptor here is somebody's, who says that it is his; nothing here closes one.
 *
 * Locks are those of open file descriptions (F_OFD_SETLK, Linux 3.15): they belong to what open() made, so threads are
 * held apart as processes are, a fork shares them, and they go with the last descriptor. A description that cannot read has
 * no shared locks, one that cannot write no exclusive ones: -EBADF. File systems that have none answer -ENOLCK, -EINVAL
 * or -EOPNOTSUPP.
 */
#ifndef WM_KERN_FILES_H
#define WM_KERN_FILES_H

#include "base/private.h"
#include "kern/kern.h"

/* By which an open file is known again. */
struct wm_file_id {
    uint64_t inode, device;
};

WM_FOR_WIN32 int wm_kern_file_id(int fd, struct wm_file_id *id);

/* Does fd stand for this file? The program may have closed it, and reused the number. */
bool wm_kern_is_file(int fd, const struct wm_file_id *id);

/* What of it matters to whoever maps it. */
struct wm_file_facts {
    struct wm_file_id id;
    uint64_t bytes;
    bool regular; /* neither a directory, nor a device, a pipe or a socket */
};

int wm_kern_file_facts(int fd, struct wm_file_facts *out);

/*
 * Makes a regular file that has `from` bytes as large as `to`, with room on the disk for all that is new: so whoever writes
 * there by a mapping is not told by a signal that the disk is full. New bytes are 0. A file that has become larger
 * meanwhile stays so.
 * -ENOSPC, -EDQUOT: no room, and nothing has changed; -EFBIG: larger than files can be (RLIMIT_FSIZE, too: no signal)
 */
int wm_kern_grow_file(int fd, uint64_t from, uint64_t to);

/* What was written there, by mappings as well, begins its way to the disk, and is not waited for. 0 bytes: to the end. */
int wm_kern_start_writing(int fd, uint64_t from, uint64_t bytes);

/* Do both stand for one open file, with one position? False also where the kernel does not tell (CONFIG_KCMP). */
bool wm_kern_is_same_description(int fd, int other);

/* Where an open file is read and written next. -ESPIPE: it is none that has a position. */
int64_t wm_kern_position(int fd);
int wm_kern_set_position(int fd, int64_t position);

/*
 * The same question of a file that nobody reads or writes but by mapping it, for less than half: its position is set where
 * no file has one, and tells. If it does not (somebody moved it), the file is asked after all.
 */
void wm_kern_mark_file(int fd, const struct wm_file_id *id);
bool wm_kern_is_marked_file(int fd, const struct wm_file_id *id);

/* The same file once more, with a description, rights and position of its own. Without /proc -ENOENT. */
WM_FOR_WIN32 int wm_kern_open_again(int fd, int flags);

/* Of what open() was given: O_RDONLY, O_WRONLY, O_RDWR, O_APPEND, O_PATH and so on. */
WM_FOR_WIN32 int wm_kern_file_flags(int fd);

/* Makes it as long, though the descriptor may not be for writing: the file's mode must allow it. By /proc. */
WM_FOR_WIN32 int wm_kern_truncate_open(int fd, uint64_t bytes);

/* The name that the descriptor was opened by, where that is now, cut off; of a file without one the kernel adds that to it. */
int wm_kern_open_path(int fd, char *path, size_t bytes);

/* Removes the name that the descriptor was opened by, wherever it is now, if it is still this file's. -ENOENT: it has none. */
int wm_kern_unlink_open(int fd, const struct wm_file_id *id);

enum wm_byte_lock { WM_BYTES_FREE, WM_BYTES_SHARED, WM_BYTES_EXCLUSIVE };

/* The last byte that can be locked is WM_BYTES_END - 1. No bytes: nothing is done. */
#define WM_BYTES_END ((uint64_t)INT64_MAX)

/* wait: until it can be had, or until a signal comes: -EINTR. Else -EAGAIN at once. */
WM_FOR_WIN32 int wm_kern_lock_bytes(int fd, enum wm_byte_lock lock, uint64_t first, uint64_t count,
                                    bool wait);

/* 1: another description holds a lock that this one would have to wait for. Locks of processes (F_SETLK) are not looked at. */
int wm_kern_bytes_locked(int fd, enum wm_byte_lock lock, uint64_t first, uint64_t count);

/* The same, and 1 for what this description itself holds as well. */
WM_FOR_WIN32 int wm_kern_bytes_locked_at_all(int fd, enum wm_byte_lock lock, uint64_t first, uint64_t count);

#endif
