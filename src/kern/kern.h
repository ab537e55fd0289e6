/*
 * kern.h: everything this library asks of Linux.
 *
 * Ranges are whole pages and not empty; outputs are never NULL. Functions return 0 (or a descriptor)
 * or a negative errno, leave errno alone, allocate nothing and may be called from a signal handler.
 * Nothing here remembers anything about the address space.
 */
#ifndef WM_KERN_KERN_H
#define WM_KERN_KERN_H

#include "base/range.h"

/* What the processor may do with a page. The values are Linux's PROT_ bits. */
enum { WM_ACCESS_NONE = 0, WM_ACCESS_READ = 1, WM_ACCESS_WRITE = 2, WM_ACCESS_EXECUTE = 4 };

/* Where a mapping goes. */
enum wm_place {
    WM_AT_FREE,  /* only where nothing is mapped: -EEXIST otherwise */
    WM_OVER_OURS /* instead of what is there, in one step; only on ground that is ours */
};

/* map.c: changing the address space */

/* Maps bytes somewhere, without access, and not counted as promised memory. */
int wm_kern_reserve(size_t bytes, uintptr_t *start);

/* Whole large pages, still in the pool: reserved there if access is not WM_ACCESS_NONE (hugetlb.c). */
int wm_kern_map_large(size_t bytes, uintptr_t page, int access, uintptr_t *start);
int wm_kern_map(struct wm_range r, int access, enum wm_place place);
int wm_kern_map_file_anywhere(size_t bytes, int access, int fd, uint64_t offset, uintptr_t *start);
int wm_kern_map_file(struct wm_range r, int access, bool copy, int fd, uint64_t offset, enum wm_place place);
int wm_kern_protect(struct wm_range r, int access);
int wm_kern_unmap(struct wm_range r);

/* No access, contents gone, promise given back; the addresses stay ours. */
int wm_kern_discard(struct wm_range r);

/* Memory of our own that is mostly never touched: read/write, and not counted as promised. */
int wm_kern_map_sparse(size_t bytes, uintptr_t *start);

/* Takes pages out of memory as far as they can come back. A wish: contents and access stay, on any memory. */
int wm_kern_page_out(struct wm_range r);

/* Reads ahead what lies in files or swap; a hint, and memory that was never touched stays so. */
void wm_kern_will_need(struct wm_range r);

/* The child of a fork finds this page zeroed. */
int wm_kern_wipe_on_fork(struct wm_range r);

/* One write makes one page, never a huge one. */
int wm_kern_small_pages(struct wm_range r);

/*
 * markers.c: guard markers. Contents gone, every access faults, but neither mapping nor promise change: needs no new
 * mapping.
 */
int wm_kern_mark(struct wm_range r);
int wm_kern_unmark(struct wm_range r);

/* Does this kernel have them? False also while nobody can find out. */
bool wm_kern_has_markers(void);

/* Would it mark all of r? Some pages may be locked, by the program as well. */
bool wm_kern_can_mark(struct wm_range r);

/* hugetlb.c: pages of WM_LARGE or WM_HUGE bytes, of which the administrator sets some aside: the pool */

/* Does this kernel have large pages at all? */
bool wm_kern_has_large(void);

/* Does the pool have pages, or may it grow? How many of them are free is nobody's to rely on. */
bool wm_kern_large_pool(void);

/*
 * Takes whole pages of that size out of the pool and maps them somewhere, aligned, zeroed, and there: no
 * touch can fail later. bytes and node (0, or node + 1) are as for other memory. -ENOMEM, or -EFAULT where
 * a cgroup has no more: the pool is exhausted.
 */
int wm_kern_take_large(size_t bytes, uintptr_t page, int access, uint8_t node, uintptr_t *start);

/* Moves them, in one step, to a range of ours, whose mapping goes. Only where wm_kern_moves_large. */
int wm_kern_move_large(uintptr_t from, struct wm_range to);
bool wm_kern_moves_large(void);

/* The child of a fork does not get the range: nothing is mapped there. */
int wm_kern_not_to_children(struct wm_range r);
int wm_kern_to_children(struct wm_range r); /* it gets it after all */

/* Instead of what is there, on our ground: as map_sparse, but without access yet. */
int wm_kern_map_window(struct wm_range r);

/* The contents go, the mapping stays. */
int wm_kern_empty(struct wm_range r);

/* alias.c: shared memory of our own, without access yet, that can be mapped a second time */
int wm_kern_map_shared(size_t bytes, uintptr_t *start);
int wm_kern_alias(struct wm_range r, uintptr_t to); /* instead of what is there */
int wm_kern_populate(struct wm_range r);            /* memory under all of it, or -ENOMEM and such */
int wm_kern_punch(struct wm_range r);               /* and away again */

/* uffd_move.c: pages that move from one private mapping to another */

/* The descriptor that does it, and how to recognise it: the program may have closed and reused the number. */
struct wm_mover {
    int fd;
    uint64_t device, inode;
};

int wm_kern_uffd(void); /* uffd.c: a new userfaultfd, by whatever way is open */
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

/* maps.c: what is mapped */

struct wm_vma {
    struct wm_range range;
    uint8_t access;
    bool shared;
    bool file;
    uint64_t device, inode; /* of the file; which one does not matter, only whether two are the same */
};

/* The mapping that holds addr, or the first one above it; -ENOENT if there is none. */
int wm_kern_vma(uintptr_t addr, struct wm_vma *out);

/* The name of the mapping that holds addr, "" if it has none; -ENOENT if there is no mapping. */
int wm_kern_vma_name(uintptr_t addr, char *name, size_t bytes);

/* The descriptor kept for wm_kern_vma shows the process that opened it: a forked child lets it go (renew.h). */
void wm_kern_maps_forget(void);

/* How many mappings the process has; stops counting at limit. */
size_t wm_kern_count_vmas(size_t limit);

/* image.c: the program and its libraries */

/* The loaded image that holds addr, from its first to its last segment with .bss; false if none. */
bool wm_kern_image(uintptr_t addr, struct wm_range *out);

/* An address in the main thread's stack, which grows downwards from there. */
uintptr_t wm_kern_main_stack(void);

/* pagescan.c: which pages are there, written, or of the zero page */

/* What can be known of a page. The values are Linux's PAGE_IS_ bits. */
enum {
    WM_IS_WRITTEN = 0x02, /* not under write protection; pages nobody watches always are */
    WM_IS_FILE = 0x04,
    WM_IS_PRESENT = 0x08,
    WM_IS_SWAPPED = 0x10,
    WM_IS_ZERO = 0x20, /* read, never written: the kernel's page of zeros. See wm_kern_tells_zeros */
    WM_IS_HUGE = 0x40  /* part of a large page. Needs pagemap_scan */
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
 * is not watched by a userfaultfd of our own, -ENOTTY where the kernel has no PAGEMAP_SCAN. Without
 * PAGEMAP_SCAN no page is known to be ZERO; holes between mappings are nothing with it, and WRITTEN without.
 */
long wm_kern_scan(struct wm_scan *scan, struct wm_page_run *runs, size_t capacity);

/*
 * Is a page that was only read told as WM_IS_ZERO? Not every kernel shares a page of zeros among those who read:
 * then it is memory like any other, and nothing but its contents tells that nobody wrote to it.
 */
bool wm_kern_tells_zeros(void);

/* The descriptor kept for it shows the process that opened it: a forked child lets it go (renew.h). */
void wm_kern_scan_forget(void);

/*
 * uffd.c: watching for writes. A range is private memory of ours; its pages may be inaccessible yet. Unless
 * they are armed as well, untouched pages read as written. Mapping anew ends the watch. To be called by one
 * thread at a time.
 */
int wm_kern_watch(struct wm_range r);
int wm_kern_watch_arm(struct wm_range r);

/* The descriptor is not ours any more, and nothing is watched. */
bool wm_kern_watch_lost(void);

/* Lets the descriptor go; true if there was one. A forked child's is its parent's. */
bool wm_kern_watch_forget(void);

/* memlock.c: locking brings the pages in */
int wm_kern_lock_pages(struct wm_range r);
int wm_kern_unlock_pages(struct wm_range r);

/* The same for private pages of a file that could be written: locking them as others would copy them all. */
int wm_kern_lock_unwritten(struct wm_range r);

/* Is a page of r locked, by whomever? Its mappings are asked to drop caches that they do not have: only locks forbid it. */
bool wm_kern_has_locked(struct wm_range r);
bool wm_kern_are_locked(struct wm_range r); /* all of them; false if nobody can tell */

/* pagemap.c: what is at each page */

enum { WM_PAGES_READ = 128, WM_IS_ALONE = 0x01 }; /* ALONE: nothing else has it mapped; only entries tell */

/* A page that is there and no longer the file's is a copy of our own. */
static inline bool wm_page_is_copy(uint8_t is)
{
    return (is & (WM_IS_PRESENT | WM_IS_SWAPPED)) != 0 && (is & WM_IS_FILE) == 0;
}

/*
 * Reads WM_IS_WRITTEN, FILE, PRESENT, SWAPPED and ALONE of the pages from r.start on, and returns for how
 * many, at least 1 and at most WM_PAGES_READ; or a negative errno.
 */
int wm_kern_pages(struct wm_range r, uint8_t *is);

/*
 * Of a private file mapping: is the page at r.start a private copy by now, and up to where does the
 * answer hold? *end is at most r.end.
 */
int wm_kern_copied(struct wm_range r, bool *copied, uintptr_t *end);

/* lazyfree.c: contents that the kernel may drop */

/* From now on the kernel may drop pages that nobody writes to. -EINVAL: shared, locked or huge pages. */
int wm_kern_free_lazily(struct wm_range r);

/* Contents gone, promise and access kept. */
int wm_kern_drop(struct wm_range r);

/* Does the kernel use large pages where nobody asked for them? */
bool wm_kern_huge_unasked(void);

/* Pages that are there cannot be dropped until they are unlocked; those that are not stay away. */
int wm_kern_pin(struct wm_range r);
bool wm_kern_can_pin(void);

/* Ends the licence to drop pages that can be written to, without changing them. may_touch: no lock is held. */
int wm_kern_stay(struct wm_range r, bool may_touch);

/* Does the kernel have MADV_POPULATE_WRITE? */
bool wm_kern_populates(void);

/* The same for pages that cannot: by the byte at this offset of each, behind the back of the protection. */
int wm_kern_stay_behind(int memory, struct wm_range r, size_t offset);

/* Our own memory whatever its protection: reading it cannot fault. */
int wm_kern_open_memory(void);
bool wm_kern_peek(int memory, uintptr_t addr, void *buffer, size_t bytes);
long wm_kern_write_through(uintptr_t to, const void *from,
                           size_t bytes); /* how many bytes; private pages only */

/* memfd.c: memory with a descriptor */
int wm_kern_memfd(uint64_t bytes, uint64_t *inode);

/* The same in large pages, all of them taken out of the pool at once. */
int wm_kern_memfd_large(uint64_t bytes, uint64_t *inode);
void wm_kern_close(int fd);

/* Is fd still the memory that wm_kern_memfd made? The program may have closed it, and reused it. */
bool wm_kern_is_memfd(int fd, uint64_t inode);

/*
 * A page with these contents, read only and private, that /proc/PID/maps calls "/memfd:name (deleted)": a name
 * that needs no descriptor, stays through forks and goes with the process image.
 */
int wm_kern_sign(const char *name, const void *contents, size_t bytes, uintptr_t *at);

/* Opens what another process has open under this number. */
int wm_kern_open_theirs(int32_t pid, int fd);

int wm_kern_random(void *out, size_t bytes);

/* numa.c: memory nodes and their processors */
enum { WM_NODES = 255, WM_GROUP = 64, WM_GROUPS = 64 };

/* Processors by number, 64 to a group: processor n is bit n % 64 of group n / 64. */
struct wm_processors {
    uint64_t group[WM_GROUPS];
};

uint32_t wm_kern_highest_node(void);
bool wm_kern_has_node(uint32_t node);
int wm_kern_prefer_node(struct wm_range r, uint32_t node);

/* None for a node that is not there or has only memory. */
void wm_kern_node_processors(uint32_t node, struct wm_processors *out);

/* Bytes that are free on a node. */
int wm_kern_node_free(uint32_t node, uint64_t *bytes);

/* The processor that runs the caller, a moment ago. */
uint32_t wm_kern_processor(void);

/* The node that each page lies on, negative where it is not known. */
int wm_kern_nodes_of(const uintptr_t *pages, int *nodes, size_t count);

/* user.c: memory that the caller names and that may not be there */
bool wm_kern_readable(const void *start, size_t bytes);
bool wm_kern_writable(
    void *start, size_t bytes); /* 4 bytes to a page; leaves the contents undefined, unless it is shorter */

/* Copies as far as both sides can be touched: how many bytes, or -EFAULT if none. Containers may forbid it: -EPERM, -ENOSYS. */
long wm_kern_copy(uintptr_t to, uintptr_t from, size_t bytes);

/* meminfo.c: memory of the machine, in bytes */
struct wm_meminfo {
    uint64_t total;
    uint64_t available; /* what can be had without swapping */
    uint64_t swap_total;
    uint64_t swap_free;
    uint64_t commit_limit; /* 0 if unknown */
    uint64_t committed;
};

/* Without /proc by sysinfo(2), which knows nothing of caches: then less is available. */
int wm_kern_meminfo(struct wm_meminfo *out);

/* What the machine was fitted with: at least what the kernel has left of it. 0 if unknown. */
uint64_t wm_kern_installed_memory(void);

/* cgroup.c: the memory that this process's control groups leave it; UINT64_MAX where there is no limit */
struct wm_cgroup_memory {
    uint64_t limit;
    uint64_t left; /* with the file cache counted that the group would give up first */
    uint64_t swap_limit;
    uint64_t swap_left;
};

void wm_kern_cgroup_memory(struct wm_cgroup_memory *out);

/* usage.c: what this process uses, in bytes */
struct wm_usage {
    uint64_t faults; /* a count, not bytes */
    uint64_t resident;
    uint64_t peak_resident;
    uint64_t resident_private;
    uint64_t resident_shared; /* of sections and other shared memory without a file */
    uint64_t mapped;          /* addresses */
    uint64_t promised;        /* private memory that may be written, stacks included */
};

int wm_kern_usage(struct wm_usage *out);

/* Could the processor read (write) the byte at addr? Nothing is changed; the page may be brought in. */
bool wm_kern_touches(uintptr_t addr, bool write);

/* policy.c: what a seccomp filter, or the like, forbids */

enum { WM_FORBIDDEN_BYTES = 64 };

/* Is one of the calls forbidden by which memory is managed? Their names, WM_FORBIDDEN_BYTES at most. */
bool wm_kern_forbidden(char *names);

/* Are they allowed, but for executable memory? */
bool wm_kern_forbids_code(void);

/* limits.c */
struct wm_limits {
    uint64_t max_maps;
    uint64_t address_space; /* RLIMIT_AS, UINT64_MAX if none */
    uint64_t data;          /* RLIMIT_DATA */
    uint64_t locked;        /* RLIMIT_MEMLOCK */
    uint64_t descriptors;   /* RLIMIT_NOFILE */
    uint64_t memory;        /* RAM and swap, bytes */
    uint64_t commit_limit;  /* bytes; from /proc/meminfo, 0 if unknown */
    uint64_t committed;
    int overcommit; /* vm.overcommit_memory */
};

void wm_kern_limits(struct wm_limits *out);
uint64_t wm_kern_memory(void); /* limits' memory alone */
int wm_kern_overcommit(void);  /* limits' overcommit alone */
uint64_t wm_kern_max_maps(void);
uint64_t wm_kern_stack_limit(void);
uint64_t wm_kern_data_limit(void);    /* limits' data alone */
uint64_t wm_kern_address_limit(void); /* limits' address_space alone */

/* Would bytes more exceed RLIMIT_AS? */
bool wm_kern_addresses_short_of(size_t bytes);

#endif
