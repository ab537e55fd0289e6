/*
 * kern.h: everything this library asks of Linux, and what holds for all of it.
 *
 * Each room has one page that says what it promises; a room knows those above it on this list, and none below:
 *
 *   kern/                         the ground: system calls, descriptors, texts, the clock, the lock, what a fork renews
 *   kern/system/system.h          the machine and its limits
 *   kern/files/files.h            files: which one it is, locks on bytes; testament.h: what an exec passes on
 *   kern/map/mapping.h            mappings: making and changing them, and asking what is mapped
 *   kern/names/names.h            what processes find by a name
 *   kern/pages/pagestate.h        single pages: there, written, locked, to be dropped, marked, moved
 *   kern/signals/signals.h        faults
 *   kern/process/peer.h           another process; borrow.h: a thread of it
 *   kern/features/features.h      asking by name what this kernel has
 *
 * What the caller owes
 *   ranges are whole pages and not empty; outputs are never NULL
 *   what an output holds after an error is nobody's to read, unless its function says so
 *   a descriptor that a function returns is given back by wm_kern_close
 *
 * What he gets
 *   0, a count or a descriptor, or a negative errno; errno itself is left alone
 *   nothing is allocated and nobody is waited for, so that all of it may be called from a signal handler, in a child just
 *   forked and by a borrowed thread (signals.h and peer.h say where they differ)
 *   nothing here remembers anything about the address space; what is remembered at all, a descriptor or what the kernel
 *   lacks, is found out again when it turns out to be somebody else's
 *
 * What any of it may answer
 *   -ENOMEM           addresses (RLIMIT_AS), promised memory (overcommit, RLIMIT_DATA), the table of mappings
 *                     (vm.max_map_count) or the kernel's own memory: vm/errno_status.c finds out which
 *   -EAGAIN           what is mapped would be locked (mlockall), and RLIMIT_MEMLOCK allows no more
 *   -EMFILE, -ENFILE  no descriptor is left
 *   -EPERM, -EACCES   a security policy or a seccomp filter forbids it; the latter may answer with any other error as well
 *   -ENOSYS           the kernel does not have it, a filter hides it, or WINMEM_DISABLE switched it off (probe.h)
 */
#ifndef WM_KERN_KERN_H
#define WM_KERN_KERN_H

#include "base/private.h"
#include "base/range.h"

/* What the processor may do with a page. The values are Linux's PROT_ bits. */
enum { WM_ACCESS_NONE = 0, WM_ACCESS_READ = 1, WM_ACCESS_WRITE = 2, WM_ACCESS_EXECUTE = 4 };

/* Where a mapping goes. */
enum wm_place {
    WM_AT_FREE,  /* only where nothing is mapped: -EEXIST otherwise */
    WM_OVER_OURS /* instead of what is there, in one step; only on ground that is ours */
};

/* Of a descriptor that is ours: whoever kept it has made sure of that (kept.h). */
WM_FOR_WIN32 void wm_kern_close(int fd);

#endif
