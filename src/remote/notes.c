/*
 * notes.c: what is remembered of another process between two calls (notes.h).
 *
 * Nothing here is needed: who remembers nothing finds everything again. Nothing here is true for certain
 * either: the process may have changed it, called exec, or ended, and each user of a note knows how he
 * notices.
 */
#include "remote/notes.h"

static void forget(struct wm_range range)
{
    struct wm_notes *notes = (struct wm_notes *)range.start;

    wm_line_close(&notes->line);
    wm_peer_files_drop(&notes->files);
    if (wm_range_bytes(notes->copy) != 0)
        wm_kern_unmap(notes->copy);
}

static bool begin(struct wm_process *process)
{
    size_t bytes = wm_up(sizeof(struct wm_notes), WM_PAGE);
    uintptr_t start;

    if (wm_kern_map_sparse(bytes, &start) != 0)
        return false;
    wm_peer_files_init(&((struct wm_notes *)start)->files, &process->peer);
    process->notes = wm_range_of(start, bytes);
    process->forget = forget;
    return true;
}

struct wm_notes *wm_notes_of(struct wm_process *process)
{
    if (wm_range_bytes(process->notes) == 0 && !begin(process))
        return NULL;
    return (struct wm_notes *)process->notes.start;
}

void wm_notes_stale(struct wm_process *process)
{
    if (wm_range_bytes(process->notes) != 0)
        ((struct wm_notes *)process->notes.start)->stale = true;
}
