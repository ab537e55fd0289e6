/*
 * kept.h: a descriptor of ours on a file of /proc/self, kept from call to call.
 *
 * The program may close it behind our back and may even reuse its number, so it is known by its inode
 * and device as well: all stand in one word, and threads that open at once agree on one. The file shows the
 * process that opened it: a forked child lets it go.
 */
#ifndef WM_KERN_KEPT_H
#define WM_KERN_KEPT_H

#include <stdint.h>

struct wm_kept {
    const char *path;
    uint64_t word; /* which file in the high half, number + 1 in the low one; 0: none */
};

/*
 * The descriptor, opened if there is none or if it is `stale` (-1: any will do). It is not checked: for
 * calls that fail on every other file.
 */
int wm_kept_get(struct wm_kept *kept, int stale);

/* The same, and it is ours at this moment. */
int wm_kept_checked(struct wm_kept *kept);

void wm_kept_after_fork(struct wm_kept *kept);

/* The one on /proc/self/pagemap, checked (pagescan.c). */
int wm_kept_pagemap(void);

#endif
