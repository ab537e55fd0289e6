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
#include "kern/kept.h"
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
/* nature.c: may its threads be borrowed (borrow.h)? 1 or 0 */
int wm_peer_can_lend(const struct wm_peer *peer);

/* threads.c: the first threads of the process; how many */
int wm_peer_threads(const struct wm_peer *peer, int32_t *tids, size_t room);

/*
 * peermemory.c: as far as both sides go: how many bytes, or -EFAULT if none. Of whatever process has the number now: for
 * those who have looked a moment ago, or look afterwards.
 */
long wm_peer_read_unseen(const struct wm_peer *peer, void *to, uintptr_t from, size_t bytes);
long wm_peer_write_unseen(const struct wm_peer *peer, uintptr_t to, const void *from, size_t bytes);

/* Whatever the protection there, as a debugger does: private pages that cannot be written get a copy. */
long wm_peer_write_through(const struct wm_peer *peer, uintptr_t to, const void *from, size_t bytes);

/*
 * peermaps.c: what is mapped there, as kern.h tells it of the calling process. The files are kept open; they
 * show what a process was before it called exec, and are opened anew when they turn out to.
 */
struct wm_peer_files {
    struct wm_kept maps;
    struct wm_kept pagemap;
    struct wm_kept memory;
};

/* peer stays where it is. */
void wm_peer_files_init(struct wm_peer_files *files, const struct wm_peer *peer);
void wm_peer_files_drop(struct wm_peer_files *files);

int wm_peer_vma(struct wm_peer_files *files, uintptr_t addr, struct wm_vma *out);
int wm_peer_vma_name(struct wm_peer_files *files, uintptr_t addr, char *name, size_t bytes);
int wm_peer_copied(struct wm_peer_files *files, struct wm_range r, bool *copied, uintptr_t *end);

/*
 * The loaded image that holds addr, false if none: a run of mappings of one file without gaps, some of them
 * executable, and the memory without a file (.bss) right behind a writable one.
 */
bool wm_peer_image(struct wm_peer_files *files, uintptr_t addr, struct wm_range *out);

/*
 * peerlook.c: memory whose address is hearsay, whatever its protection: how many bytes, or a negative errno. What only
 * another program could supply cannot be read: nobody is waited for, as long as wm_peer_can_look has said so of the range.
 */
long wm_peer_look(struct wm_peer_files *files, void *to, uintptr_t from, size_t bytes);
bool wm_peer_can_look(struct wm_peer_files *files, uintptr_t from, size_t bytes);

/* Can the process write there itself, and need nobody be waited for who does? Below a stack: yes, if it can grow. */
bool wm_peer_can_write(struct wm_peer_files *files, uintptr_t from, size_t bytes);

/* How many of the pages that hold these bytes have ever been used. */
size_t wm_peer_filled(struct wm_peer_files *files, uintptr_t from, size_t bytes);

/* Several places, in this order: 0 if all was read. */
struct wm_piece {
    void *to;
    uintptr_t from;
    size_t bytes;
};

int wm_peer_gather(struct wm_peer_files *files, const struct wm_piece *pieces, size_t count);

/* The first mapping of a file of exactly this name, from addr on. */
int wm_peer_find_file(struct wm_peer_files *files, const char *name, uintptr_t addr, struct wm_vma *out);

#endif
