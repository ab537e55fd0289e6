/*
 * pagestate.h: single pages: whether they are there, written, locked, to be dropped or marked; and how that is changed
 * without changing the mapping.
 *
 * What kern.h says holds. Besides:
 *   a range that is changed is ours, as in mapping.h, and what is said of its memory (private, of a file) is the caller's
 *   to know: the kernel answers -EINVAL where it does not suit, which is no word about the kernel
 *   a question may be put about any range. What it tells is of a moment: pages come and go while it is answered
 *   a question never brings a page in, unless its function says so
 */
#ifndef WM_KERN_PAGESTATE_H
#define WM_KERN_PAGESTATE_H

#include "kern/kern.h"

/* --- which are there, or written, or of the zero page (pagescan.c) --- */

/* What can be known of a page. The values are Linux's PAGE_IS_ bits. */
enum {
    WM_IS_WRITTEN = 0x02, /* not under write protection; pages nobody watches always are */
    WM_IS_FILE = 0x04,
    WM_IS_PRESENT = 0x08,
    WM_IS_SWAPPED = 0x10,
    WM_IS_ZERO = 0x20, /* read, never written: the kernel's page of zeros. See wm_kern_tells_zeros */
    WM_IS_HUGE = 0x40, /* part of a large page. Needs pagemap_scan */
    WM_IS_SOFT = 0x80  /* soft-dirty (see below); only entries tell */
};

struct wm_scan {
    struct wm_range range;
    uint32_t all, none;  /* wanted: pages that have all of these, none of those, */
    uint32_t any, lacks; /* and, unless both are 0, some of these or not all of those */
    uint32_t tell;       /* of which bits the runs tell */
    size_t most;         /* pages to report at most, 0: no limit */
    bool protect;        /* write-protect what is reported, in the same step. Needs pagemap_scan */
    uintptr_t stopped;   /* out: what lies below was looked at; range.end unless something ran out */
};

struct wm_page_run {
    struct wm_range range;
    uint64_t categories;
};

/*
 * Finds runs of wanted pages, ascending: how many, or a negative errno. With protect: -EPERM where some page
 * is not watched by a userfaultfd of our own, -ENOTTY where the kernel has no PAGEMAP_SCAN (Linux 6.7). Without
 * it no page is known to be HUGE; holes between mappings are nothing with it, and WRITTEN without.
 */
long wm_kern_scan(struct wm_scan *scan, struct wm_page_run *runs, size_t capacity);

/*
 * Is a page that was only read told as WM_IS_ZERO? Not every kernel shares a page of zeros among those who read:
 * then it is memory like any other, and nothing but its contents tells that nobody wrote to it. A large page of zeros is
 * not told before Linux 6.17.
 */
bool wm_kern_tells_zeros(void);

/* Lets the descriptor go that is kept for these questions: it shows the process that opened it (renew.h). */
void wm_kern_scan_forget(void);

/* --- what is at each page (pagemap.c): 0.7 us, 1.1 us for 128 of them --- */

enum { WM_PAGES_READ = 128, WM_IS_ALONE = 0x01 }; /* ALONE: nothing else has it mapped; only entries tell */

/* A page that is there and no longer the file's is a copy of our own. */
static inline bool wm_page_is_copy(uint8_t is)
{
    return (is & (WM_IS_PRESENT | WM_IS_SWAPPED)) != 0 && (is & WM_IS_FILE) == 0;
}

/*
 * Reads WM_IS_WRITTEN, FILE, PRESENT, SWAPPED, ALONE and SOFT of the pages from r.start on, and returns for how
 * many, at least 1 and at most WM_PAGES_READ; or a negative errno.
 */
int wm_kern_pages(struct wm_range r, uint8_t *is);

/* Adds WM_IS_ZERO to what was read so of count private pages, as far as it can be known (wm_kern_tells_zeros). */
void wm_kern_add_zeros(uintptr_t start, uint8_t *is, int count);

/*
 * Of a private file mapping: is the page at r.start a private copy by now, and up to where does the
 * answer hold? *end is at most r.end.
 */
int wm_kern_copied(struct wm_range r, bool *copied, uintptr_t *end);

/* --- huge pages under ordinary memory (hugepages.c) --- */

/*
 * From now on one touch may bring in 2 MiB. A wish, and whoever has it need not look whether it was heard; it makes mappings
 * of their own of neighbours that do not have it. wm_kern_small_pages (mapping.h) is the opposite. -EINVAL: shared memory
 * of some kinds, or a kernel without huge pages ("huge_advice"); -ENOMEM: a hole, no mapping left.
 */
int wm_kern_huge_pages(struct wm_range r);

/* Does the kernel use them where nobody asked? Yes, where it does not say. */
bool wm_kern_huge_unasked(void);

/* Does it use them for whoever asks, and for nobody else? Yes, where it does not say. */
bool wm_kern_huge_on_request(void);

/* How many pages of a range of at most so many are there, whatever their size. -ENOMEM: not all of it is mapped. */
enum { WM_PAGES_COUNTED = 512 };

int wm_kern_count_present(struct wm_range r);

/* --- locking (memlock.c) --- */

/*
 * Brings the pages in. -ENOMEM: RLIMIT_MEMLOCK, a hole, no mapping left; -EPERM: nothing may be locked; -EAGAIN: some could
 * not be brought in. Locks do not count: to unlock once is enough.
 */
int wm_kern_lock_pages(struct wm_range r);
int wm_kern_unlock_pages(struct wm_range r);

/* The same for private pages of a file that could be written: locking them as others would copy them all. */
int wm_kern_lock_unwritten(struct wm_range r);

/* Is a page of r locked, by whomever? Its mappings are asked to drop caches that they do not have: only locks forbid it. */
bool wm_kern_has_locked(struct wm_range r);
bool wm_kern_are_locked(struct wm_range r); /* all of them; false if nobody can tell */

/* --- guard markers (markers.c) --- */

/*
 * Contents gone, every access faults, but neither mapping nor promise change: needs no new mapping. Linux 6.13; of files
 * and shared memory 6.15. -EINVAL: some page is locked, and of mappings before it the contents are gone.
 */
int wm_kern_mark(struct wm_range r);
int wm_kern_unmark(struct wm_range r);

/*
 * Of a mapping that nobody has touched: whatever is split off it later and touched, in whatever order, can become one with
 * its neighbours again. Without markers it does nothing. An error: a page may have one.
 */
int wm_kern_keep_joinable(struct wm_range r);

/* Does this kernel have them? False also while nobody can find out. */
bool wm_kern_has_markers(void);

/* Would it mark all of r? Some pages may be locked, by the program as well. */
bool wm_kern_can_mark(struct wm_range r);

/* --- contents that the kernel may drop (lazyfree.c) --- */

/* From now on the kernel may drop pages that nobody writes to. -EINVAL: shared, locked or huge pages. */
int wm_kern_free_lazily(struct wm_range r);

/* Contents gone, promise and access kept. -EINVAL: locked. */
int wm_kern_drop(struct wm_range r);

/* Pages that are there cannot be dropped until they are unlocked; those that are not stay away. -ENOSYS: "mlock" is off. */
int wm_kern_pin(struct wm_range r);

/* RLIMIT_MEMLOCK may be 0, a sandbox may forbid it. False also while nobody can find out. */
bool wm_kern_can_pin(void);

/*
 * Ends the licence to drop pages that can be written to, without changing them. may_touch: no lock is held, and a fault is
 * the program's. Else by MADV_POPULATE_WRITE, or where the kernel has not that by touching all the same.
 */
int wm_kern_stay(struct wm_range r, bool may_touch);

/* The same for pages that cannot: by the byte at this offset of each, behind the back of the protection. */
int wm_kern_stay_behind(int memory, struct wm_range r, size_t offset);

/* Our own memory whatever its protection: reading it cannot fault. */
int wm_kern_open_memory(void);
bool wm_kern_peek(int memory, uintptr_t addr, void *buffer, size_t bytes);

/* How many bytes; private pages only, which get a copy. */
long wm_kern_write_through(uintptr_t to, const void *from, size_t bytes);

/* --- watching for writes (uffd.c) --- */

/*
 * A range is private memory of ours; its pages may be inaccessible yet. Unless they are armed as well, untouched pages
 * read as written. Mapping anew ends the watch. To be called by one thread at a time. -ENOSYS, -EPERM: there is no
 * userfaultfd that tells later (Linux 6.7), or it is forbidden.
 */
int wm_kern_watch(struct wm_range r);
int wm_kern_watch_arm(struct wm_range r);

/* The descriptor is not ours any more, and nothing is watched. */
bool wm_kern_watch_lost(void);

/* Lets the descriptor go; true if there was one. A forked child's is its parent's. */
bool wm_kern_watch_forget(void);

/* --- watching for writes by soft-dirty bits (softdirty.c, shadow.c) --- */

/*
 * WM_IS_SOFT: written since all such bits were cleared, or of a mapping that was made since, written or not. Does this
 * kernel keep them, and the promises of a shadow? False also while nobody can find out.
 */
bool wm_kern_tells_soft(void);

/* Clears those of the whole process. On an error they may be cleared or not. */
int wm_kern_clear_soft(void);

/*
 * A process that does nothing but share all private memory of this one, as it was when it began. As long as it is there,
 * a page that was there then and is WM_IS_ALONE has been written since, by whomever. -EAGAIN, -ENOMEM, -EPERM: nobody may
 * make one, or not now. The program does not learn of it: it sends no signal, and no ordinary wait finds it.
 */
int wm_kern_shadow(int32_t *pid);
void wm_kern_shadow_end(int32_t pid);

/* --- pages that cannot be written to, in a mapping that can (uffd_shield.c) --- */

/*
 * Private memory of ours, from now on to be shielded in any part. Splits mappings at both ends, and at no other place.
 * -ENOSYS, -EPERM: there is no such userfaultfd (Linux 6.4), or it is forbidden; -ENOMEM: no mapping left; -EBUSY: the
 * program has it. One thread at a time, as for all of these.
 */
int wm_kern_shield_admit(struct wm_range r);

/*
 * Writing is SIGBUS, and EFAULT for the kernel, whether the pages are there or not; marked ones stay what they are. It goes
 * with the contents, however these go. -ENOENT: not all of r has been admitted, or the mappings are new.
 */
int wm_kern_shield(struct wm_range r);
int wm_kern_unshield(struct wm_range r);

/* The descriptor is not ours any more: nothing is shielded. */
bool wm_kern_shields_lost(void);

/* Lets the descriptor go, and all that is shielded in this process with it. A forked child's is its parent's. */
void wm_kern_shields_forget(void);

/* --- pages that move from one private mapping to another (uffd_move.c) --- */

/* The descriptor that does it, and how to recognise it: the program may have closed and reused the number. */
struct wm_mover {
    int fd;
    uint64_t device, inode;
};

/* A new one. -ENOSYS, -EINVAL, -EPERM: the kernel moves no pages (Linux 6.8), or nobody may. */
int wm_kern_mover_open(struct wm_mover *out);
bool wm_kern_mover_alive(const struct wm_mover *mover);

/* From now on pages of r that are not there fault instead of appearing, and pages can be moved in and out. */
int wm_kern_mover_admit(const struct wm_mover *mover, struct wm_range r);

/*
 * Moves, or copies, pages to where there are none: -EEXIST if there is one, -ENOENT if there is none to be
 * moved, -EBUSY if it is in use by a device, -EAGAIN: once more. 0 if some were, *done bytes, perhaps fewer.
 */
int wm_kern_mover_move(const struct wm_mover *mover, uintptr_t to, uintptr_t from, size_t bytes,
                       size_t *done);
int wm_kern_mover_copy(const struct wm_mover *mover, uintptr_t to, uintptr_t from, size_t bytes,
                       size_t *done);

#endif
