/*
 * renew.h: what a fork does to the locks, descriptors and words of a process.
 *
 * renew.def lists them; vm/life/forks.c goes through the list. A row is defined by its owner in whichever layer that
 * is, so nobody has to know who is above him, and a build without some layer is a list without its rows.
 *
 * A child has one thread, the one that forked. Before fork() that thread holds what keeps a copy in one piece, and
 * gives it back afterwards in the parent as in the child. Children that _Fork or clone made have nobody who held
 * anything: so each row must be able to renew whatever it finds.
 */
#ifndef WM_KERN_RENEW_H
#define WM_KERN_RENEW_H

#include <stdbool.h>

struct wm_lock;

/* NULL in a row: nothing is to be done. */
struct wm_renewal {
    struct wm_lock *lock;    /* held over fork(); free in a child, unless the child's own thread holds it */
    void (*hold)(void);      /* before fork(), once the lock is ours; not if it was already */
    void (*give_back)(void); /* after it, in parent and child, before the lock is dropped */
    void (*renew)(void);     /* in a child, however it was made */
    bool (*is_busy)(void);   /* the child's own thread is at work here, without the lock */
};

#define RENEWED(name) extern const struct wm_renewal wm_renewed_##name __attribute__((visibility("hidden")));
#include "kern/renew.def"
#undef RENEWED

#endif
