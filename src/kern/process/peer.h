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
    uint64_t inode; /* of the pidfd, and its device: the program may have closed it, and reused the number */
    uint64_t born;  /* start time from /proc/PID/stat: tells two processes of one number apart */
};

/* peer.c */
int wm_peer_open(int32_t pid, struct wm_peer *out);
void wm_peer_close(struct wm_peer *peer);

/*
 * Has it not ended yet? A zombie has, unless other threads than its first are still at work. Where there is no
 * pidfd and /proc cannot be read (no descriptor is left) nobody knows: then it is not called alive.
 */
enum wm_peer_state { WM_PEER_ENDED, WM_PEER_LIVES, WM_PEER_UNKNOWN };

enum wm_peer_state wm_peer_state(const struct wm_peer *peer);

static inline bool wm_peer_alive(const struct wm_peer *peer)
{
    return wm_peer_state(peer) == WM_PEER_LIVES;
}

/* Waits for its end, at most so long (UINT64_MAX: for ever). 0, or -ETIMEDOUT. */
int wm_peer_wait(const struct wm_peer *peer, uint64_t nanoseconds);

/* A file of its /proc directory, of this very process. */
int wm_peer_file(const struct wm_peer *peer, const char *name, int flags);

/* May we look into it? By the kernel's own rule for that (ptrace, reading): 0, -EACCES or -EPERM. */
int wm_peer_admits(const struct wm_peer *peer);

/* The number of a descriptor of it that is good at this moment, to be given back; or a negative errno. */
int wm_peer_borrow(const struct wm_peer *peer);
void wm_peer_give_back(const struct wm_peer *peer, int fd);

/* peerexit.c: how it ended, as waitpid tells it. -EAGAIN: not yet; -ENODATA: nobody tells. */
int wm_peer_exit(const struct wm_peer *peer, int *status);

/* peermemory.c: as far as both sides go: how many bytes, or -EFAULT if none */
long wm_peer_read(const struct wm_peer *peer, void *to, uintptr_t from, size_t bytes);
long wm_peer_write(const struct wm_peer *peer, uintptr_t to, const void *from, size_t bytes);

/* Whatever the protection there, as a debugger does: private pages that cannot be written get a copy. */
long wm_peer_write_through(const struct wm_peer *peer, uintptr_t to, const void *from, size_t bytes);

#endif
