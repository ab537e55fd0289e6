#include "remote/line.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "kern/patience.h"
#include "kern/sys.h"
#include "remote/notes.h"

#define LINE_NANOSECONDS 5000000000u

static bool is_open(const struct wm_line *line)
{
    struct stat st;

    return line->fd > 0 && wm_sys3(SYS_fstat, line->fd, (long)&st, 0) == 0 && st.st_ino == line->inode;
}

void wm_line_close(struct wm_line *line)
{
    if (is_open(line))
        wm_kern_close(line->fd);
    line->fd = 0;
}

static wm_status refused(const struct wm_process *process, int error)
{
    if (error == -ESRCH || !wm_peer_alive(&process->peer))
        return WM_TARGET_GONE;
    return error == -EACCES || error == -EPERM ? WM_TARGET_DENIED : WM_NO_PROC;
}

static wm_status open_line(struct wm_process *process, struct wm_line *line)
{
    int may = wm_peer_can_lend(&process->peer);
    int fd = may > 0 ? wm_peer_file(&process->peer, "mem", O_RDWR | O_CLOEXEC) : may;
    struct stat st;

    if (may == 0)
        return WM_TARGET_KIND;
    if (fd < 0)
        return refused(process, fd);
    if (wm_sys3(SYS_fstat, fd, (long)&st, 0) != 0) {
        wm_kern_close(fd);
        return WM_KERNEL;
    }
    *line = (struct wm_line){fd, st.st_ino, 0};
    return WM_OK;
}

/* The holder before us is mostly done in microseconds; one that means ill keeps it for ever. */
static wm_status lock_line(const struct wm_line *line)
{
    struct wm_patience patience = wm_patience_for(LINE_NANOSECONDS);

    while (wm_sys3(SYS_flock, line->fd, LOCK_EX | LOCK_NB, 0) != 0)
        if (!wm_patience_nap(&patience))
            return WM_TARGET_BUSY;
    return WM_OK;
}

wm_status wm_line_take(struct wm_process *process)
{
    struct wm_notes *notes = wm_notes_of(process);
    wm_status st = WM_OK;

    if (notes == NULL)
        return WM_BOOK_MEMORY;
    if (!is_open(&notes->line))
        st = open_line(process, &notes->line);
    return wm_ok(st) ? lock_line(&notes->line) : st;
}

static int number(const struct wm_process *process)
{
    return ((const struct wm_notes *)process->notes.start)->line.fd;
}

void wm_line_drop(struct wm_process *process)
{
    wm_sys3(SYS_flock, number(process), LOCK_UN, 0);
}

wm_status wm_line_renew(struct wm_process *process)
{
    wm_line_close(&wm_notes_of(process)->line);
    return wm_line_take(process);
}

bool wm_line_read(const struct wm_process *process, uintptr_t from, void *to, size_t bytes)
{
    return wm_sys4(SYS_pread64, number(process), (long)to, (long)bytes, (long)from) == (long)bytes;
}

bool wm_line_write(const struct wm_process *process, uintptr_t to, const void *from, size_t bytes)
{
    return wm_sys4(SYS_pwrite64, number(process), (long)from, (long)bytes, (long)to) == (long)bytes;
}

/* Of an image that is gone there is nothing to be read: 0 bytes, and not an error. */
bool wm_line_is_alive(const struct wm_process *process)
{
    char byte;

    return wm_sys4(SYS_pread64, number(process), (long)&byte, 1, 0) != 0;
}
