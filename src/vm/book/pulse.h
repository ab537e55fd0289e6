/*
 * pulse.h: is there a book, and is it this process's own?
 *
 * A process has a book from load on, or else from its first call on; a child of a fork has its parent's until it has
 * renewed what a fork renews. Both are done once, by whoever comes first, while others wait. One word says how far it is
 * and who is at it, and lies in a page that forks wipe: so a child that was made in the middle neither waits for a thread
 * that it has not, nor takes a half for the whole. A signal handler that interrupts its own thread here is told.
 *
 * What is done concerns everybody. So it is not known here: the top floor says it (vm/life/birth.c).
 */
#ifndef WM_VM_PULSE_H
#define WM_VM_PULSE_H

#include "base/status.h"

struct wm_life {
    /* Before there is a word to wait on: threads whose first calls come together may both be here. */
    void (*awake)(void);

    /* In a child, alone: WM_OK if it may be renewed now. */
    wm_status (*may_renew)(void);

    /* Alone. Renews a child first; makes the book, unless that has been done. If it fails, the next caller tries again. */
    wm_status (*begin)(bool child);
};

extern const struct wm_life wm_life __attribute__((visibility("hidden")));

/* For readers: the book is there, and it is this process's own. */
wm_status wm_home_ready(void);

/* In the child of fork(): whoever comes next renews. False: nobody has come yet, and nothing is to be renewed. */
bool wm_pulse_wipe(void);

#endif
