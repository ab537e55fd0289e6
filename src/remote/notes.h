/*
 * notes.h: what is known of another process, beside that it lives.
 *
 * It lies in a mapping of its own that the process object owns (vm/processes/process.h), and goes with it.
 * Guarded by the object's lock.
 */
#ifndef WM_REMOTE_NOTES_H
#define WM_REMOTE_NOTES_H

#include "remote/anchor.h"
#include "remote/line.h"
#include "remote/snapshot.h"
#include "vm/processes/process.h"

struct wm_notes {
    struct wm_peer_files files;
    struct wm_known_anchor anchor;
    struct wm_line line;

    /* peek.c */
    struct wm_space head;  /* of its book, as last seen; the bins are not read */
    struct wm_range cells; /* where its records were when somebody looked what kind of memory that is, */
    struct wm_range nodes; /* and the nodes of its trees */
    uint64_t looked;       /* when that was (wm_clock_now) */
    uintptr_t walked;      /* where the last answer ended: who asks for that goes on with a walk */
    struct wm_snapshot snapshot;
    uint32_t sequence;    /* that the book had when the snapshot was made */
    bool whole;           /* there is a snapshot, and it is of one moment */
    bool stale;           /* something was changed through us: look again */
    struct wm_range copy; /* memory of the snapshot */
    uint64_t spent;       /* nanoseconds, about, on single answers since the last whole copy */
    uint64_t distrusted;  /* until then its book is not read: it made no sense */
    uint64_t price;       /* what the last copy cost that was not in one piece, or 0 */
    uint32_t stuck;       /* an odd sequence number that stayed for too long */
};

/* NULL: no memory for them. */
struct wm_notes *wm_notes_of(struct wm_process *process);

/* What was read of its memory map and book is not current: to be called after changing them. Needs the lock. */
void wm_notes_stale(struct wm_process *process);

#endif
