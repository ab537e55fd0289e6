/*
 * kept.c: keeping a descriptor that the program may close, or give to another file (kept.h).
 *
 * Number and file are one word, so threads agree on both by one exchange, without a lock, and in a signal
 * handler as well. A number of which we do not know that it is ours is never closed: it would be the
 * program's file.
 *
 * To look whether a number is ours still is a system call: fstat, 0.26 us. Who looks often has a file that stands where no
 * file has bytes: then lseek tells, 0.11 us.
 *
 * Between a check and the use that follows the program may close it still. That is a race of the program's
 * with itself: it reads something wrong, once, from a file that it has opened in our place. Calls that fail
 * on every other file (ioctls) notice even that.
 */
#include "kern/kept.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/atomic.h"
#include "kern/descriptor.h"
#include "kern/kern.h"
#include "kern/sys.h"

static int number_in(uint64_t word)
{
    return (int)(uint32_t)word - 1;
}

/* Inodes of /proc are 32 bits wide. Another device gives another number, mostly. */
static uint64_t word_by(int fd, struct stat *st)
{
    uint64_t file = wm_sys3(SYS_fstat, fd, (long)st, 0) == 0 ? st->st_ino ^ st->st_dev * 0x9e3779b1 : 0;

    return file << 32 | ((uint32_t)fd + 1);
}

static uint64_t word_of(int fd)
{
    struct stat st;

    return word_by(fd, &st);
}

/* Far behind the last byte that any file has. */
static long mark_of(uint64_t word)
{
    return (long)(1ull << 62 | word >> 32);
}

static bool stands_at_mark(uint64_t word)
{
    return wm_sys3(SYS_lseek, number_in(word), 0, SEEK_CUR) == mark_of(word);
}

/* -ENOENT, -EACCES and their like are answers to questions about what is in the file: here they say that there is none. */
static int or_missing(int fd)
{
    return fd >= 0 || fd == -EMFILE || fd == -ENFILE || fd == -ENOMEM ? fd : -ENODEV;
}

int wm_kept_open(const struct wm_kept *kept)
{
    int flags = kept->writes ? O_RDWR : O_RDONLY;

    return kept->open != NULL ? kept->open(kept->owner, kept->path, flags)
                              : or_missing(wm_fd_open(kept->path, flags));
}

/* Two threads may open at once: the second gives its descriptor back. A stale number is left alone. */
int wm_kept_get(struct wm_kept *kept, int stale)
{
    uint64_t known = WM_LOAD(kept->word), fresh;
    int fd = number_in(known);

    if (fd >= 0 && fd != stale)
        return fd;
    fd = wm_kept_open(kept);
    if (fd < 0)
        return fd;
    fresh = word_of(fd);
    if (kept->marked)
        wm_sys3(SYS_lseek, fd, mark_of(fresh), SEEK_SET);
    if (__atomic_compare_exchange_n(&kept->word, &known, fresh, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return fd;
    wm_kern_close(fd);
    return number_in(known);
}

static bool is_ours(uint64_t word)
{
    return word != 0 && word_of(number_in(word)) == word;
}

bool wm_kept_is_open(const struct wm_kept *kept)
{
    return is_ours(WM_LOAD(kept->word));
}

bool wm_kept_has(const struct wm_kept *kept, int number)
{
    return number_in(WM_LOAD(kept->word)) == number;
}

int wm_kept_checked(struct wm_kept *kept)
{
    uint64_t word = WM_LOAD(kept->word);

    if (kept->marked && word != 0 && stands_at_mark(word))
        return number_in(word);
    return is_ours(word) ? number_in(word) : wm_kept_get(kept, number_in(word));
}

int wm_kept_stat(struct wm_kept *kept, struct stat *st)
{
    uint64_t word = WM_LOAD(kept->word);
    int fd = number_in(word), error;

    if (word != 0 && word_by(fd, st) == word)
        return fd;
    fd = wm_kept_get(kept, fd);
    error = fd < 0 ? fd : (int)wm_sys3(SYS_fstat, fd, (long)st, 0);
    return error == 0 ? fd : error;
}

void wm_kept_drop(struct wm_kept *kept)
{
    uint64_t word = __atomic_exchange_n(&kept->word, 0, __ATOMIC_ACQ_REL);

    if (is_ours(word))
        wm_kern_close(number_in(word));
}

void wm_kept_yield(struct wm_kept *kept, int number)
{
    uint64_t word = WM_LOAD(kept->word);

    if (word != 0 && number_in(word) == number)
        __atomic_compare_exchange_n(&kept->word, &word, 0, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}
