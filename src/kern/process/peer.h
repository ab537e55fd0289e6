/*
 * peer.h: another process, as Linux shows it.
 *
 * A number can be given to a new process; a pidfd cannot. Whatever is done by number is done between two
 * looks at the pidfd, or to something that is bound to the process (a file of its /proc directory).
 * Functions return 0 (or a count, or a descriptor) or a negative errno: -ESRCH once the process has ended,
 * -EPERM or -EACCES where the kernel does not let us.
 */
#ifndef WM_KERN_PEER_H
#define WM_KERN_PEER_H

#include "base/range.h"
#include "kern/kern.h"

struct wm_peer {
    int32_t pid;
    int pidfd;      /* -1 where there are none (before Linux 5.3, or forbidden) */
    uint64_t inode; /* of the pidfd: the program may have closed it, and reused the number */
    uint64_t born;  /* start time from /proc/PID/stat: tells two processes of one number apart */
};

/* peer.c */
int wm_peer_open(int32_t pid, struct wm_peer *out);
void wm_peer_close(struct wm_peer *peer);

/* Has it not ended yet? A zombie has. */
bool wm_peer_alive(const struct wm_peer *peer);

/* Waits for its end, at most so long (UINT64_MAX: for ever). 0, or -ETIMEDOUT. */
int wm_peer_wait(const struct wm_peer *peer, uint64_t nanoseconds);

/* A file of its /proc directory, of this very process. */
int wm_peer_file(const struct wm_peer *peer, const char *name, int flags);

/* peermemory.c: as far as both sides go: how many bytes, or -EFAULT if none */
long wm_peer_read(const struct wm_peer *peer, void *to, uintptr_t from, size_t bytes);
long wm_peer_write(const struct wm_peer *peer, uintptr_t to, const void *from, size_t bytes);

/* Whatever the protection there, as a debugger does: private pages that cannot be written get a copy. */
long wm_peer_write_through(const struct wm_peer *peer, uintptr_t to, const void *from, size_t bytes);

#endif
