/*
 * cave.h: system calls in a process that has no code of ours.
 *
 * The code that makes them (cave_code.S) lies in bytes that nobody uses: behind the kernel's own library (the vDSO), whose
 * last page is not full. That page becomes the process's own copy, as when a debugger sets a breakpoint. It
 * stays, and is found again by whoever comes next.
 */
#ifndef WM_REMOTE_CAVE_H
#define WM_REMOTE_CAVE_H

#include "kern/process/borrow.h"
#include "vm/processes/process.h"

struct wm_cave_call {
    uint64_t number;
    uint64_t argument[6];
    uint64_t another; /* one follows */
};

enum { WM_CAVE_CALLS = 2 };

/*
 * Sends a thread of the process through these calls. They fail or not: whoever sends it looks for what they did.
 * The caller has the line. loan: as in thread.h.
 */
wm_status wm_cave_send(struct wm_process *process, const struct wm_cave_call calls[WM_CAVE_CALLS],
                       struct wm_loan *loan);

#endif
