/*
 * cave.h: system calls in a process that has no code of ours.
 *
 * The code that makes them (cave_code.S) lies in bytes that nobody uses: behind the kernel's own library (the vDSO), whose
 * last page is not full (struct wm_cave). That page becomes the process's own copy, as when a debugger sets a
 * breakpoint. It stays, and is found again by whoever comes next.
 *
 * What a process looks like between two programs cannot be told from outside: the old one's memory is gone, and the new
 * one's vDSO is not there yet. So whatever is planned for it is planned while the thread stands still that is to carry
 * it out: a thread that is in the middle of exec does not stop before its new program is there.
 */
#ifndef WM_REMOTE_CAVE_H
#define WM_REMOTE_CAVE_H

#include "kern/process/borrow.h"
#include "vm/agent/estate.h"
#include "vm/processes/process.h"

struct wm_cave_call {
    uint64_t number;
    uint64_t argument[6];
    uint64_t another; /* one follows */
};

enum { WM_CAVE_CALLS = 2 };

struct wm_cave_errand {
    /* Which calls? Asked while the thread stands still. What is refused is not sent. */
    wm_status (*plan)(struct wm_process *process, struct wm_cave_call calls[WM_CAVE_CALLS], void *context);
    void *context;
};

/*
 * Sends a thread of the process through these calls. They fail or not: whoever sends it looks for what they did.
 * The caller has the line. loan: as in thread.h.
 */
wm_status wm_cave_send(struct wm_process *process, const struct wm_cave_errand *errand, struct wm_loan *loan);

/* The brand that a caller left before; false: none. */
bool wm_cave_find_brand(struct wm_process *process, struct wm_brand *out);

/* In a process through which something was sent. */
bool wm_cave_leave_brand(struct wm_process *process, uintptr_t estate);

#endif
