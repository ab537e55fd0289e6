/*
 * home.h: the address space of the calling process, and the locks of its book.
 *
 * The book lies in one private mapping of its own: a fork copies it with everything else it describes.
 * A page that forks wipe tells a child that it is one. A child of fork() is told by pthread_atfork too,
 * which also keeps the book in one piece when other threads of the parent are at work; the page serves
 * children that _Fork or clone made.
 */
#ifndef WM_VM_HOME_H
#define WM_VM_HOME_H

#include "base/status.h"
#include "core/objects.h"
#include "core/space.h"
#include "kern/lock.h"

struct wm_home {
    struct wm_space space;
    struct wm_lock lock;        /* space; held while the kernel changes mappings */
    struct wm_objects objects;
    struct wm_lock object_lock; /* objects; held for a few instructions */
    uintptr_t large_hint;       /* where the next large mapping may find room; 0: unknown */
};

extern struct wm_home wm_home;

/* For readers: the book is there, and it is this process's own. */
wm_status wm_home_ready(void);

/* For writers: ready, and the lock taken. */
wm_status wm_home_enter(void);
void wm_home_leave(void);

wm_status wm_home_enter_objects(void);
void wm_home_leave_objects(void);

#endif
