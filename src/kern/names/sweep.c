/*
 * sweep.c: names that nobody holds, because whoever did was killed, and that nobody asks for any more.
 *
 * They take up memory. Whoever makes a name looks at a few others before: somewhere in the directory, so that in a
 * large one each has its turn.
 */
#include "kern/names/sweep.h"

#include <dirent.h>
#include <fcntl.h>
#include <stddef.h>

#include "kern/descriptor.h"
#include "kern/kern.h"
#include "kern/names/named.h"
#include "kern/sys.h"
#include "kern/system/system.h"

enum { AT_ONCE = 4, BUFFER = 1024 };

/* What getdents64 gives. */
struct entry {
    uint64_t inode, next;
    uint16_t length;
    uint8_t type;
    char name[];
};

static void sweep_one(int directory, const char *file)
{
    if (file[0] != '.')
        wm_name_meet(directory, file);
}

static const struct entry *entry_at(const char *buffer, long at)
{
    return (const struct entry *)(const void *)(buffer + at);
}

static long count(const char *buffer, long bytes)
{
    long entries = 0;

    for (long at = 0; at < bytes; at += entry_at(buffer, at)->length)
        entries++;
    return entries;
}

/* From any of the entries on, and around at the end. */
static void sweep_some(int directory, const char *buffer, long bytes, uint32_t any)
{
    long entries = count(buffer, bytes), at = 0;

    for (long from = entries > 0 ? any % entries : 0; from > 0; from--)
        at += entry_at(buffer, at)->length;
    for (long i = 0; i < AT_ONCE && i < entries; i++) {
        sweep_one(directory, entry_at(buffer, at)->name);
        at += entry_at(buffer, at)->length;
        if (at >= bytes)
            at = 0;
    }
}

/* Where reading went on the last time: a directory may be larger than the buffer. */
static uint64_t position;

static long read_entries(int directory, char *buffer)
{
    uint64_t from = __atomic_load_n(&position, __ATOMIC_RELAXED);
    int fd = wm_fd_open_at(directory, ".", O_RDONLY | O_DIRECTORY, 0);
    long got = 0, last = 0;

    if (fd < 0)
        return fd;
    if (from != 0)
        wm_sys3(SYS_lseek, fd, (long)from, 0);
    got = wm_sys3(SYS_getdents64, fd, (long)buffer, BUFFER);
    if (got == 0 && from != 0 && wm_sys3(SYS_lseek, fd, 0, 0) == 0)
        got = wm_sys3(SYS_getdents64, fd, (long)buffer, BUFFER);
    for (long at = 0; at < got; at += entry_at(buffer, at)->length)
        last = at;
    __atomic_store_n(&position, got > 0 ? entry_at(buffer, last)->next : 0, __ATOMIC_RELAXED);
    wm_kern_close(fd);
    return got;
}

void wm_names_sweep(int directory)
{
    _Alignas(struct entry) char buffer[BUFFER];
    long got = read_entries(directory, buffer);
    uint32_t any;

    if (got > 0 && wm_kern_random(&any, sizeof any) >= 0)
        sweep_some(directory, buffer, got, any);
}
