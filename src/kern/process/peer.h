/*
 * peer.h: another process, as Linux shows it.
 *
 * A number can be given to a new process; a pidfd cannot. Whatever is done by number is done between two
 * looks at the pidfd, or to something that is bound to the process (a file of its /proc directory).
 * A thread of it that does something for us is borrow.h; how that finds back borrowed.h, which assembly reads as well.
 *
 * What kern.h says holds, and besides
 *   what another process says is believed by nobody: an address may lead anywhere, and change while it is followed
 *   ranges and numbers of bytes need not be whole pages here
 *   a struct wm_peer is used by several threads at a time, but not while it is closed; what is kept (struct wm_peer_files)
 *   by one at a time
 *   nobody is waited for, but that copying waits for whoever supplies a page, as long as he likes
 *   (userfaultfd, FUSE): what must not is done by wm_peer_look
 *
 * What any of it may answer
 *   -ESRCH            the process has ended; or it has called exec, and what was kept open showed the program before
 *   -EPERM, -EACCES   the kernel does not let us look into it: another user's, one with more rights, one that is no longer
 *                     dumpable (ptrace(2)); or yama, where it is not our child
 *   -ENODEV, -EXDEV   there is no /proc, or it is another pid namespace's
 */
#ifndef WM_KERN_PEER_H
#define WM_KERN_PEER_H

#include "base/private.h"
#include "kern/kept.h"
#include "kern/kern.h"
#include "kern/map/mapping.h"

struct wm_peer {
    int32_t pid;
    int pidfd;      /* -1 where there are none (before Linux 5.3, or forbidden) */
    uint64_t inode; /* of the pidfd, and its device: the program may have closed it, and reused the number */
    uint64_t born;  /* start time from /proc/PID/stat: tells two processes of one number apart */
};

/* --- knowing it (peer.c) --- */

/* -ESRCH as well for the number of a thread that is not the first of its process. */
WM_FOR_WIN32 int wm_peer_open(int32_t pid, struct wm_peer *out);
WM_FOR_WIN32 void wm_peer_close(struct wm_peer *peer);

/* The calling process, without a pidfd; and another one, of which all of it is known already. */
int wm_peer_self(struct wm_peer *out);
struct wm_peer wm_peer_of(int32_t pid, uint64_t born, int pidfd);

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

/*
 * Has it its number still, which a zombie has, by one call? Once wm_peer_bind has made the process the owner of its pidfd's
 * description, to whom the kernel would send signals if one asked it to: that is told of the owner alone, so another
 * description that has come to have this descriptor says no.
 */
bool wm_peer_bind(const struct wm_peer *peer);
bool wm_peer_has_number(int32_t pid, int pidfd);

/* There is something to read from it once the process has ended. -1: there is none. */
int wm_peer_descriptor(const struct wm_peer *peer);

/*
 * Waits for a child that has ended, so that nothing of it is left. -EAGAIN: it has not; -ECHILD: it is none, or was waited for
 * (reap.c).
 */
int wm_peer_reap(const struct wm_peer *child);

int wm_peer_signal(const struct wm_peer *peer, int signal);

/* Opens a file of its /proc directory, of this very process. */
int wm_peer_file(const struct wm_peer *peer, const char *name, int flags);

/* May we look into it? By the kernel's own rule for that (ptrace, reading): 0, -EACCES or -EPERM; -ENXIO: the kernel's own. */
int wm_peer_admits(const struct wm_peer *peer);

/* The number of a descriptor of it that is good at this moment, to be given back; or a negative errno. */
int wm_peer_borrow(const struct wm_peer *peer);
void wm_peer_give_back(const struct wm_peer *peer, int fd);

/*
 * How it ended, as waitpid tells it, which goes on telling the program (peerexit.c). -EAGAIN: not yet; -ENODATA: nobody
 * tells, because its parent has waited for it (before Linux 6.15), or we may not know.
 */
int wm_peer_exit(const struct wm_peer *peer, int *status);

/*
 * When it was born, counted from the start of the machine, and how long it has worked, in hundredths of a second; of the
 * calling process to a microsecond what it has worked. -ESRCH once its parent has waited for it (worked.c)
 */
struct wm_worked {
    uint64_t born, user, system; /* microseconds */
    bool ended;
};

WM_FOR_WIN32 int wm_peer_worked(const struct wm_peer *peer, struct wm_worked *out);
WM_FOR_WIN32 int wm_own_worked(struct wm_worked *out);

/* May its threads be borrowed (borrow.h)? 1 or 0 (nature.c) */
int wm_peer_can_lend(const struct wm_peer *peer);

/* The first threads of the process; how many (threads.c) */
WM_FOR_WIN32 int wm_peer_threads(const struct wm_peer *peer, int32_t *tids, size_t room);

/* Has the thread of this number ended, of whichever process? The other one asks less, and of some comes to know later. */
bool wm_kern_thread_ended(int32_t tid);
bool wm_kern_has_number(int32_t tid);

/* Opens what another process has open under this number, anew and for this (theirs.c). */
int wm_kern_open_theirs(int32_t pid, int fd, int flags);

/*
 * The same description as theirs, with its position and its locks: for whoever may trace the process. -ENOSYS: the kernel
 * cannot (before Linux 5.6), or "pidfd" is switched off. Whose number it was by then the caller finds out.
 */
int wm_kern_share_theirs(int32_t pid, int fd);

/*
 * Opens a file that some process has open that we may look into, whichever that is: takes a look at each descriptor of
 * each of them. -ENOENT: none has (openers.c)
 */
int wm_kern_open_wherever(const struct wm_file_id *id, int flags);

/* --- its memory (peermemory.c) --- */

/*
 * As far as both sides go: how many bytes, or -EFAULT if none. Of whatever process has the number now: for
 * those who have looked a moment ago, or look afterwards.
 */
long wm_peer_read_unseen(const struct wm_peer *peer, void *to, uintptr_t from, size_t bytes);
long wm_peer_write_unseen(const struct wm_peer *peer, uintptr_t to, const void *from, size_t bytes);

/* By one call and no more, at most a page: the same, or -ENOSYS where that call cannot be had. */
long wm_peer_copy_by_number(int32_t pid, void *here, uintptr_t there, size_t bytes, bool write);

/* Whatever the protection there, as a debugger does: private pages that cannot be written get a copy. */
long wm_peer_write_through(const struct wm_peer *peer, uintptr_t to, const void *from, size_t bytes);

/* --- what is mapped there, as mapping.h tells it of the calling process (peermaps.c) --- */

/* Kept open; they show what a process was before it called exec, and are opened anew when they turn out to. */
struct wm_peer_files {
    struct wm_kept maps;
    struct wm_kept pagemap;
    struct wm_kept memory;
};

/* A file of its directory, to be kept. peer stays where it is, here and in what follows. */
struct wm_kept wm_peer_kept(const struct wm_peer *peer, const char *name, bool writes);

void wm_peer_files_init(struct wm_peer_files *files, const struct wm_peer *peer);
void wm_peer_files_drop(struct wm_peer_files *files);

int wm_peer_vma(struct wm_peer_files *files, uintptr_t addr, struct wm_vma *out);
int wm_peer_vma_name(struct wm_peer_files *files, uintptr_t addr, char *name, size_t bytes);
int wm_peer_copied(struct wm_peer_files *files, struct wm_range r, bool *copied, uintptr_t *end);

/* The first mapping of a file of exactly this name, from addr on. */
int wm_peer_find_file(struct wm_peer_files *files, const char *name, uintptr_t addr, struct wm_vma *out);

/*
 * The loaded image that holds addr, false if none: a run of mappings of one file without gaps, some of them
 * executable, and the memory without a file (.bss) right behind a writable one (peerimage.c).
 */
bool wm_peer_image(struct wm_peer_files *files, uintptr_t addr, struct wm_range *out);

/* The same of the calling process, by the dynamic linker where that can be asked without a lock (kern/map/image.c). */
bool wm_own_image(uintptr_t addr, struct wm_range *out);

/* --- memory whose address is hearsay (peerlook.c) --- */

/*
 * Whatever its protection: how many bytes, or a negative errno. What only another program could supply cannot be read:
 * nobody is waited for, as long as wm_peer_can_look has said so of the range.
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

#endif
