/*
 * spawn.h: a program that is started as a child of this process.
 *
 * What kern.h says holds, and besides
 *   the child gets the environment, the directory and the descriptors that it is told, and of the rest what any child gets:
 *   signals that are caught are back to their default, what is ignored stays so, and the mask is the caller's
 *   the calling thread waits until the child runs its program, or cannot
 *   the program's own waits (waitpid) see the child as any other
 */
#ifndef WM_KERN_SPAWN_H
#define WM_KERN_SPAWN_H

#include "kern/process/peer.h"

/* Of the standard descriptors: as it is; and one that neither gives nor takes anything. */
enum { WM_SPAWN_AS_IT_IS = -1, WM_SPAWN_NOTHING = -2 };

struct wm_spawn {
    const char *path;
    char *const *arguments, *const *environment;
    const char *directory; /* NULL: the caller's */
    int standard[3];       /* what is to be 0, 1 and 2, or one of the above */
    bool group;            /* it leads a group of processes of its own */
    bool suspended;        /* it stops before its first instruction (SIGSTOP) */

    /* In the child, which shares the caller's memory, before it becomes another program; NULL: nothing. */
    void (*prepare)(void);
};

/*
 * -ENOENT, -ENOTDIR, -EACCES, -ENOEXEC, -E2BIG, ...: the program, or the directory, cannot be had; nobody was left behind.
 * -EPERM and others with suspended: the child may not be traced.
 */
int wm_kern_spawn(const struct wm_spawn *spawn, struct wm_peer *out);

#endif
