/*
 * here.c: which descriptors of this process are files of names.
 *
 * They are told by their path, as /proc has it: also what has no name yet, or none any more, lies in the directory of
 * names.
 */
#include <fcntl.h>
#include <string.h>

#include "kern/descriptor.h"
#include "kern/names/directory.h"
#include "kern/names/names.h"
#include "kern/sys.h"
#include "kern/text.h"

/* What getdents64 gives. */
struct entry {
    uint64_t inode, next;
    uint16_t length;
    uint8_t type;
    char name[];
};

/* The directory's path and a slash, which those of its files begin with; or "". */
static void path_of_directory(char *path, size_t bytes)
{
    int directory = wm_names_directory(NULL);

    *path = '\0';
    if (directory >= 0 && wm_kern_open_path(directory, path, bytes - 1) == 0)
        wm_text_put(path + strlen(path), "/");
    wm_names_directory_done(directory);
}

static bool lies_in(const char *directory, int fd)
{
    char path[4096];
    size_t length = strlen(directory);

    return length != 0 && wm_kern_open_path(fd, path, sizeof path) == 0 &&
           strncmp(path, directory, length) == 0;
}

/* /proc lists them from the lowest on. */
static size_t collect(const char *buffer, long bytes, const char *directory, int from, int *fds, size_t room)
{
    size_t count = 0;

    for (long at = 0; at < bytes && count < room;) {
        const struct entry *e = (const struct entry *)(const void *)(buffer + at);
        const char *name = e->name;
        int fd = *name == '.' ? -1 : (int)wm_text_decimal(&name);

        at += e->length;
        if (fd >= from && lies_in(directory, fd))
            fds[count++] = fd;
    }
    return count;
}

size_t wm_named_open_here(int from, int *fds, size_t room)
{
    _Alignas(struct entry) char buffer[4096];
    char directory[4096];
    size_t count = 0;
    long bytes;
    int own;

    path_of_directory(directory, sizeof directory);
    own = wm_fd_open("/proc/self/fd", O_RDONLY | O_DIRECTORY);
    while (own >= 0 && count < room &&
           (bytes = wm_sys3(SYS_getdents64, own, (long)buffer, sizeof buffer)) > 0)
        count += collect(buffer, bytes, directory, from, fds + count, room - count);
    if (own >= 0)
        wm_kern_close(own);
    return count;
}
