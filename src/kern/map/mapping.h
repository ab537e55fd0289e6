/*
 * mapping.h: the address space: mapping, changing and giving up, and what is mapped.
 *
 * What kern.h says holds. Besides, of every change:
 *   the range is ours: the book says so (vm), or nobody else has heard of it. The kernel protects nobody from us
 *   a range may hold several mappings, of which some may have been changed when an error is returned; vm's book says
 *   how they were
 *   a change of part of a mapping splits it, of neighbours that have become equal the kernel makes one: so what gives up
 *   memory can fail for want of mappings (-ENOMEM)
 */
#ifndef WM_KERN_MAPPING_H
#define WM_KERN_MAPPING_H

#include "kern/files/files.h"
#include "kern/kern.h"

/* --- making and changing (map.c) --- */

/* Somewhere, without access, and not counted as promised memory. -ENOMEM: no addresses, no mapping. */
int wm_kern_reserve(size_t bytes, uintptr_t *start);

/* Somewhere, read/write, and not counted as promised: memory of our own that is mostly never touched. */
int wm_kern_map_sparse(size_t bytes, uintptr_t *start);

/* Private memory, zeroed. Promised as soon as it can be written. */
int wm_kern_map(struct wm_range r, int access, enum wm_place place);

/* Instead of what is there, on our ground: as wm_kern_map_sparse, but without access yet. */
int wm_kern_map_window(struct wm_range r);

/*
 * A file, from offset on: shared, or with private copies of what is written. -EACCES: the descriptor does not allow it;
 * -ENODEV: files of that kind cannot be mapped. What lies behind the end of the file faults as SIGBUS.
 */
int wm_kern_map_file(struct wm_range r, int access, bool copy, int fd, uint64_t offset, enum wm_place place);
int wm_kern_map_file_anywhere(size_t bytes, int access, int fd, uint64_t offset, uintptr_t *start);

/* From its start on, to be read. A file that is sealed against writing cannot be shared before Linux 6.7 (-EPERM). */
int wm_kern_map_sealed(size_t bytes, int fd, uintptr_t *start);

/* -EACCES: a file that was not opened for it, or a policy (SELinux, PR_SET_MDWE); -ENOMEM: promises, mappings. */
int wm_kern_protect(struct wm_range r, int access);

/* Whatever is there, or nothing. Whoever maps next may get the addresses. */
int wm_kern_unmap(struct wm_range r);

/*
 * No access, contents gone, promise given back; the addresses stay ours. A new mapping in one step: mprotect and
 * MADV_DONTNEED keep the promise once a page was touched.
 */
int wm_kern_discard(struct wm_range r);

/* The contents go, mapping and promise stay; locked pages too (Linux 5.18; -EINVAL before). */
int wm_kern_empty(struct wm_range r);

/* Takes pages out of memory as far as they can come back. A wish: contents and access stay, on any memory. */
int wm_kern_page_out(struct wm_range r);

/* Writes to the file what was written to a mapping of it, and waits for the disk. -EIO, -ENOSPC; -ENOMEM: not all is mapped. */
int wm_kern_write_back(struct wm_range r);

/* Reads ahead what lies in files or swap; a hint, and memory that was never touched stays so. */
void wm_kern_will_need(struct wm_range r);

/* One write makes one page, never a huge one. -EINVAL: the kernel has no huge ones. */
int wm_kern_small_pages(struct wm_range r);

/* The child of a fork, however it was made, finds it zeroed. Private memory. -EINVAL before Linux 4.14. */
int wm_kern_wipe_on_fork(struct wm_range r);

/* The child of a fork does not get the range: nothing is mapped there. */
int wm_kern_not_to_children(struct wm_range r);
int wm_kern_to_children(struct wm_range r); /* it gets it after all */

/*
 * Memory under all of a range that can be written, or -ENOMEM, -EFAULT, where a touch would fault (populate.c): on every
 * kernel, which has pages of that size there; or by the one call that Linux has had for it since 5.14, else -EINVAL.
 */
int wm_kern_provide(struct wm_range r, uintptr_t page);
int wm_kern_populate(struct wm_range r);

/* Does the kernel do that (MADV_POPULATE_WRITE, Linux 5.14)? False also while nobody can find out. */
bool wm_kern_populates(void);

/* --- large pages: of WM_LARGE or WM_HUGE bytes, of which the administrator sets some aside: the pool (hugetlb.c) --- */

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

/*
 * Maps whole large pages somewhere that are still in the pool: reserved there, if access is not WM_ACCESS_NONE. A touch
 * can end the process all the same (map.c).
 */
int wm_kern_map_large(size_t bytes, uintptr_t page, int access, uintptr_t *start);

/*
 * Moves them, in one step, to a range of ours, whose mapping goes; Linux 5.16. To map them there with MAP_FIXED would
 * take the old mapping away before the pool is looked at, and leave a hole (seen on 6.18).
 */
int wm_kern_move_large(uintptr_t from, struct wm_range to);
bool wm_kern_moves_large(void);

/* --- shared memory without a descriptor, without access yet, that can be mapped a second time (alias.c) --- */

int wm_kern_map_shared(size_t bytes, uintptr_t *start);
int wm_kern_alias(struct wm_range r, uintptr_t to); /* instead of what is there */
int wm_kern_punch(struct wm_range r);               /* its memory goes, in all mappings */

/* --- memory with a descriptor (memfd.c) --- */

/*
 * So many bytes, all zero, that nobody can make fewer: else views would die of SIGBUS. It may be mapped with any access,
 * whatever vm.memfd_noexec says (Linux 6.3).
 */
int wm_kern_memfd(uint64_t bytes, struct wm_file_id *id);

/* The same under a name of its own in /proc, for what is never executed. */
int wm_kern_memfd_named(const char *name, uint64_t bytes, struct wm_file_id *id);

/* The same in large pages, all of them taken out of the pool at once. -ENOSPC, -ENOMEM: it has not so many. */
int wm_kern_memfd_large(uint64_t bytes, struct wm_file_id *id);

/*
 * A page with these contents, read only and private, that /proc/PID/maps calls "/memfd:name (deleted)": a name
 * that needs no descriptor, stays through forks and goes with the process image.
 */
int wm_kern_sign(const char *name, const void *contents, size_t bytes, uintptr_t *at);

/* --- what is mapped (maps.c) --- */

struct wm_vma {
    struct wm_range range;
    uint8_t access;
    bool shared;
    bool file;
    uint64_t device, inode; /* of the file; which one does not matter, only whether two are the same */
};

/*
 * The mapping that holds addr, or the first one above it; -ENOENT if there is none. By PROCMAP_QUERY (Linux 6.11) on
 * a descriptor that is kept, or else by reading the list up to there. It may have changed before the answer is read.
 */
int wm_kern_vma(uintptr_t addr, struct wm_vma *out);

/*
 * The name of the mapping that holds addr, cut off at so many bytes, "" if it has none; -ENOENT if there is no mapping.
 */
int wm_kern_vma_name(uintptr_t addr, char *name, size_t bytes);

/* How many mappings the process has; stops counting at limit, and where the list cannot be read on. Reads the list. */
size_t wm_kern_count_vmas(size_t limit);

/* All of them, or why that cannot be told. */
int wm_kern_vma_count(size_t *count);

/* Lets the descriptor go that is kept: it shows the process that opened it (renew.h). */
void wm_kern_maps_forget(void);

/* --- the program and its libraries (image.c) --- */

/*
 * The loaded image that holds addr, from its first to its last segment with .bss; false if none. For whoever has the feature
 * find_object: else the kernel's list is read (wm_own_image).
 */
bool wm_kern_image(uintptr_t addr, struct wm_range *out);

/* The program itself, gaps between its segments included. */
struct wm_range wm_kern_program(void);

/* Where the program or the dynamic linker leaves room between two segments: what is mapped there is somebody else's. */
bool wm_kern_between_segments(uintptr_t addr);

/* An address in the main thread's stack, which grows downwards from there. */
uintptr_t wm_kern_main_stack(void);

/* --- memory that the caller names and that may not be there (user.c): 0.1 us a page --- */

/* All of it? Nothing is changed, and pages that are not there yet may be brought in. */
bool wm_kern_readable(const void *start, size_t bytes);

/*
 * A buffer of at most a page. 4 bytes at its start, and at its end if that is in another page, are undefined afterwards;
 * one that is shorter than that keeps its contents.
 */
bool wm_kern_writable(void *start, size_t bytes);

/* Could the processor read (write) the byte at addr? Nothing is changed; the page may be brought in. */
bool wm_kern_touches(uintptr_t addr, bool write);

/*
 * Copies as far as both sides can be touched: how many bytes, or -EFAULT if none. Containers may forbid it: -EPERM,
 * -ENOSYS ("process_vm").
 */
long wm_kern_copy(uintptr_t to, uintptr_t from, size_t bytes);

#endif
