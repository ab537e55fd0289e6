/*
 * openers.c: a file that has no name, found by whoever has it open.
 *
 * /proc/PID/fd leads to what a process has open, also if that was deleted or never had a name. Which process has a certain
 * file nobody tells; so all are looked at that we may look into: the user's own, as a rule. That takes a while, about a
 * microsecond for each descriptor, and is for those who have no better way left.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "kern/descriptor.h"
#include "kern/process/peer.h"
#include "kern/process/procstat.h"
#include "kern/sys.h"
#include "kern/text.h"

/* What getdents64 fills in, as far as it is of interest. */
struct entry {
    uint64_t inode, offset;
    uint16_t bytes;
    uint8_t type;
    char name[];
};

/* What is sought, and how it is to be opened. */
struct search {
    const struct wm_file_id *id;
    int flags;
};

static bool is_out_of_descriptors(int error)
{
    return error == -EMFILE || error == -ENFILE;
}

static bool is_number(const char *name)
{
    return *name >= '0' && *name <= '9';
}

/* Looks at what is in a directory, until something other than -ENOENT comes of it. */
static int look_at_all(int directory, int (*look)(int, const char *, const struct search *),
                       const struct search *search)
{
    _Alignas(struct entry) char buffer[2048];
    int found = -ENOENT;
    long bytes = 1;

    while (found == -ENOENT && (bytes = wm_sys3(SYS_getdents64, directory, (long)buffer, sizeof buffer)) > 0)
        for (long at = 0; at < bytes && found == -ENOENT;) {
            const struct entry *e = (const struct entry *)(const void *)(buffer + at);

            at += e->bytes;
            if (is_number(e->name))
                found = look(directory, e->name, search);
        }
    return found;
}

/* The number may mean something else when it is opened. */
static int look_at_descriptor(int directory, const char *number, const struct search *search)
{
    struct stat st;
    int fd;

    if (wm_sys4(SYS_newfstatat, directory, (long)number, (long)&st, 0) != 0 ||
        st.st_ino != search->id->inode || st.st_dev != search->id->device)
        return -ENOENT;
    fd = wm_fd_open_at(directory, number, search->flags, 0);
    if (fd < 0)
        return is_out_of_descriptors(fd) ? fd : -ENOENT;
    if (wm_kern_is_file(fd, search->id))
        return fd;
    wm_kern_close(fd);
    return -ENOENT;
}

static int look_at_process(int unused, const char *number, const struct search *search)
{
    struct wm_proc_path path = wm_proc_path((int32_t)wm_text_decimal(&number), "fd");
    int directory = wm_fd_open(path.text, O_RDONLY | O_DIRECTORY), found;

    (void)unused;
    if (directory < 0)
        return is_out_of_descriptors(directory) ? directory : -ENOENT;
    found = look_at_all(directory, look_at_descriptor, search);
    wm_kern_close(directory);
    return found;
}

int wm_kern_open_wherever(const struct wm_file_id *id, int flags)
{
    const struct search search = {id, flags};
    int processes = wm_fd_open("/proc", O_RDONLY | O_DIRECTORY), found;

    if (processes < 0)
        return is_out_of_descriptors(processes) ? processes : -ENOENT;
    found = look_at_all(processes, look_at_process, &search);
    wm_kern_close(processes);
    return found;
}
