/*
 * processlist.c: processes and threads (processlist.h).
 *
 * A process's name is that of its program's file. Who may not look into it, and of the kernel's own threads everybody, is told
 * the name that the kernel has for it, of at most 15 bytes.
 */
#include "win32/processes/processlist.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "kern/descriptor.h"
#include "kern/process/procstat.h"
#include "vm/errno_status.h"
#include "win32/text/cuttext.h"
#include "win32/posix.h"

static void begin(struct wm_listing *listing, const char *path)
{
    wm_listing_begin(listing, wm_fd_create(path, O_RDONLY | O_DIRECTORY, 0));
}

wm_status wm_processes_begin(struct wm_listing *listing)
{
    begin(listing, "/proc");
    return listing->fd >= 0 ? WM_OK : wm_from_errno(WM_OP_QUERY, listing->fd);
}

void wm_threads_begin(struct wm_listing *listing, DWORD process)
{
    char path[40];

    snprintf(path, sizeof path, "/proc/%u/task", process);
    begin(listing, path);
}

DWORD wm_next_number(struct wm_listing *listing)
{
    const char *name;

    while ((name = wm_listing_next(listing)) != NULL)
        if (*name >= '1' && *name <= '9')
            return (DWORD)strtoul(name, NULL, 10);
    return 0;
}

static long read_file(const char *path, char *to, size_t bytes)
{
    int fd = wm_fd_create(path, O_RDONLY, 0);
    long length = fd < 0 ? fd : wm_posix_read(fd, to, bytes);

    if (fd >= 0)
        wm_kern_close(fd);
    return length;
}

static bool name_of_file(DWORD id, char name[MAX_PATH])
{
    char path[40], file[PATH_MAX];
    const char *last;
    long length;

    snprintf(path, sizeof path, "/proc/%u/exe", id);
    length = wm_posix_readlink(path, file, sizeof file - 1);
    if (length <= 0)
        return false;
    file[length] = '\0';
    last = strrchr(file, '/');
    wm_cut_text(last == NULL ? file : last + 1, name, MAX_PATH, sizeof(char));
    return true;
}

static bool name_of_kernel(DWORD id, char name[MAX_PATH])
{
    char path[40];
    long length;

    snprintf(path, sizeof path, "/proc/%u/comm", id);
    length = read_file(path, name, MAX_PATH - 1);
    if (length <= 0)
        return false;
    name[length] = '\0';
    name[strcspn(name, "\n")] = '\0';
    return true;
}

bool wm_process_facts(DWORD id, struct wm_process_facts *out)
{
    struct wm_procstat stat;

    if (wm_procstat_read((int32_t)id, &stat) != 0)
        return false;
    *out = (struct wm_process_facts){.id = id, .parent = (DWORD)stat.parent, .threads = (DWORD)stat.threads};
    return name_of_file(id, out->name) || name_of_kernel(id, out->name);
}
