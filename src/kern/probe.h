/*
 * probe.h: what this kernel can do, by name; each is tried, never read off a version number.
 *
 * WINMEM_DISABLE=name,name in the environment switches mechanisms off ("all": every one), so that each
 * fallback runs on any machine.
 */
#ifndef WM_KERN_PROBE_H
#define WM_KERN_PROBE_H

#include <stdbool.h>

#include "base/range.h"

enum wm_feature {
    WM_FEATURE_ARENAS,        /* reservations by bookkeeping in large areas */
    WM_FEATURE_PROCMAP_QUERY, /* Linux 6.11: one mapping by ioctl; else the text of /proc/self/maps */
    WM_FEATURE_GUARD_MARKERS, /* Linux 6.13: the way out of a full mapping table; else an error there */
    WM_FEATURE_WIPE_ON_FORK,  /* Linux 4.14: a child notices that it is one; else pthread_atfork alone */
    WM_FEATURE_USERFAULTFD,   /* Linux 6.7: write watch; else every page that is there counts as written */
    WM_FEATURE_NUMA,          /* mbind; else a preferred node is accepted and has no effect */
    WM_FEATURE_PAGEMAP_SCAN,  /* Linux 6.7: many pages by ioctl; else entries of /proc/self/pagemap */
    WM_FEATURE_ZERO_PAGE,     /* what was only read is told from what was written; else it counts as data */
    WM_FEATURE_MLOCK,         /* pins pages while MEM_RESET is undone; else a word of each page is kept */
    WM_FEATURE_HUGE_PAGES,    /* CONFIG_HUGETLBFS; else there are no large pages */
    WM_FEATURE_HUGE_MOVE,  /* Linux 5.16: mremap of large pages; else they go only where the kernel likes */
    WM_FEATURE_POPULATE,   /* Linux 5.14: MADV_POPULATE_WRITE; else pages are touched one by one */
    WM_FEATURE_UFFD_MOVE,  /* Linux 6.8: AWE pages move; else each run of them is a mapping */
    WM_FEATURE_PIDFD,      /* Linux 5.3: other processes by descriptor; else by number and start time */
    WM_FEATURE_PROCESS_VM, /* process_vm_readv and writev; else /proc/PID/mem, and our own memory by hand */
    WM_FEATURE_AT_LOAD,    /* there is a book when the program begins; else from its first call on */
    WM_FEATURE_ANCHOR, /* memfd_create: a page with a name, by which others find the book; else one without */
    WM_FEATURE_COUNT
};

/* Not switched off, and the kernel has it as far as anybody has found out. */
bool wm_probe_has(enum wm_feature feature);

/* Somebody tried, and the kernel does not have it. */
void wm_probe_lacks(enum wm_feature feature);

/*
 * Is it there? Tried once on a page of our own, which `known` says has worked. ENOMEM and EAGAIN are no verdict: the table of
 * mappings is full at the moment, or so much is locked already. Then it is not there now.
 */
bool wm_probe_page(enum wm_feature feature, bool *known, int (*try_page)(struct wm_range page));

/* The feature of that name is in use; false for unknown names. Tries it if nobody did yet. */
bool wm_probe_named(const char *name);

/* Reads WINMEM_DISABLE. */
void wm_probe_read(const char *list);

#endif
