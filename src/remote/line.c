/*
 * line.c: another process's memory as a file, and the right to ask its agent (line.h).
 *
 * The file is /proc/PID/mem. It belongs to the program that ran when it was opened: after exec it reads as
 * empty and never shows the next program. It has no protections, so what is written for a thread's stack is
 * asked about first. Opening it needs the right to trace the process, so nobody gets the lock who could not
 * stop the process anyway.
 *
 * The lock is flock's, on the file and not in the other's memory: it goes when its holder dies, wherever that
 * may be. After a fork the child has the parent's open file and with it his lock; so it opens its own.
 */
#include "remote/line.h"

#include <errno.h>
#include <sys/file.h>

#include "kern/patience.h"
#include "kern/sys.h"
#include "remote/notes.h"

#define LINE_NANOSECONDS 5000000000u

void wm_line_close(struct wm_line *line)
{
    wm_kept_drop(&line->file);
}

static wm_status refused(const struct wm_process *process, int error)
{
    if (error == -ESRCH || !wm_peer_alive(&process->peer))
        return WM_PROCESS_ENDED;
    return error == -EACCES || error == -EPERM ? WM_TARGET_DENIED
           : error == -EXDEV                   ? WM_PROC_ELSEWHERE
                                               : WM_NO_PROC;
}

static wm_status open_line(struct wm_process *process, struct wm_line *line)
{
    int may = wm_peer_can_lend(&process->peer);

    wm_line_close(line);
    if (may == 0)
        return WM_TARGET_KIND;
    *line = (struct wm_line){.file = wm_peer_kept(&process->peer, "mem", true), .forks = process->forks};
    line->fd = may > 0 ? wm_kept_get(&line->file, -1) : may;
    return line->fd < 0 ? refused(process, line->fd) : WM_OK;
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
    if (!wm_kept_is_open(&notes->line.file) || notes->line.forks != process->forks)
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

/*
 * The stack pointer is hearsay as well: process_vm_writev would heed protections, but waits where nobody serves the page,
 * with the thread stopped and our signals blocked (peerlook.c).
 */
bool wm_line_push(struct wm_process *process, uintptr_t to, const void *from, size_t bytes)
{
    return wm_peer_can_write(&wm_notes_of(process)->files, to, bytes) &&
           wm_line_write(process, to, from, bytes);
}

/*
 * Where the program is gone pread says 0 bytes. Where it is there, address 0 cannot be read, which is an
 * error.
 */
bool wm_line_is_alive(const struct wm_process *process)
{
    char byte;

    return wm_sys4(SYS_pread64, number(process), (long)&byte, 1, 0) != 0;
}
