/*
 * kept.h: a descriptor of ours on a file of /proc/self or of another process's directory, kept from call
 * to call.
 *
 * The program may close it behind our back and may even reuse its number, so it is known by its inode
 * and device as well: all stand in one word, and threads that open at once agree on one. The file shows the
 * process that opened it: a forked child lets go of those on itself.
 */
#ifndef WM_KERN_KEPT_H
#define WM_KERN_KEPT_H

#include <stdint.h>

#include "base/range.h"

struct stat;

struct wm_kept {
    const char *path; /* with an owner: its name in his directory */
    int (*open)(const void *owner, const char *path, int flags); /* NULL: a file of the calling process */
    const void *owner;
    uint64_t word; /* which file in the high half, number + 1 in the low one; 0: none */
    bool writes;   /* it is to be written as well */
    bool marked;   /* nobody reads on from where it stands: wm_kept_checked may tell it by that */
};

/*
 * The descriptor, opened if there is none or if it is `stale` (-1: any will do). It is not checked: for
 * calls that fail on every other file.
 */
int wm_kept_get(struct wm_kept *kept, int stale);

/* Is there one, and is it ours at this moment? */
bool wm_kept_is_open(const struct wm_kept *kept);

/* Is this the number of the one that is kept? */
bool wm_kept_has(const struct wm_kept *kept, int number);

/* The descriptor, and it is. */
int wm_kept_checked(struct wm_kept *kept);

/* The same, and what fstat says of it. */
int wm_kept_stat(struct wm_kept *kept, struct stat *st);

/* Lets it go: in a forked child, or when the process that it shows has become another one. */
void wm_kept_drop(struct wm_kept *kept);

/* A descriptor that is somebody else's by now has this number: should it have been ours, it is not any longer. */
void wm_kept_yield(struct wm_kept *kept, int number);

/* One of one's own on the same file, not kept. -ENODEV: this /proc has no such file for us, or there is no /proc. */
int wm_kept_open(const struct wm_kept *kept);

#endif
