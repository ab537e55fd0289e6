/*
 * line.h: another process's memory as a file, and the right to ask something of its agent.
 *
 * The file stays with the process image: what is read and written through it is never another process's, nor that of
 * the program which came after exec. Whoever asks holds a lock on it, so that there is one at a time: it can be had by
 * those alone who could stop the process, and goes with its holder.
 */
#ifndef WM_REMOTE_LINE_H
#define WM_REMOTE_LINE_H

#include "kern/kept.h"
#include "vm/processes/process.h"

struct wm_line {
    struct wm_kept file;
    int fd;          /* its descriptor */
    uint64_t cookie; /* of the anchor that was read through it; 0: none yet */
    uint32_t
        forks; /* of the process object when it was opened: a lock on what was inherited is the parent's, too */
};

/* Opens the line if need be, and takes it. The caller holds the process's lock, as for all that follows. */
wm_status wm_line_take(struct wm_process *process);
void wm_line_drop(struct wm_process *process);

void wm_line_close(struct wm_line *line);

/* The process has begun another program: opens the line anew. */
wm_status wm_line_renew(struct wm_process *process);

/* Whatever the protection of the pages. */
bool wm_line_read(const struct wm_process *process, uintptr_t from, void *to, size_t bytes);
bool wm_line_write(const struct wm_process *process, uintptr_t to, const void *from, size_t bytes);

/* Onto the stack of a thread that stands still: false if the thread could not write there itself. */
bool wm_line_push(struct wm_process *process, uintptr_t to, const void *from, size_t bytes);

/* Is the image that it was opened for still there? */
bool wm_line_is_alive(const struct wm_process *process);

#endif
