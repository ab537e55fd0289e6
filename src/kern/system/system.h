/*
 * system.h: the machine and the limits that somebody has set to this process.
 *
 * What kern.h says holds. Nothing is changed by asking, but for wm_kern_prefer_node. Numbers come from /proc and /sys,
 * which a container may hide: then there is an answer all the same, and each function says which. They are those of a
 * moment; whoever compares two of them compares two moments. Nearly each question opens a file and reads it.
 */
#ifndef WM_KERN_SYSTEM_H
#define WM_KERN_SYSTEM_H

#include "base/private.h"
#include "kern/kern.h"

/* --- memory of the machine, in bytes (meminfo.c) --- */

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

/* --- what control groups leave this process; UINT64_MAX where there is no limit (cgroup.c) --- */

struct wm_cgroup_memory {
    uint64_t limit;
    uint64_t left; /* with the file cache counted that the group would give up first */
    uint64_t swap_limit;
    uint64_t swap_left;
};

/* Both versions of control groups, at every level up to the top. Where they cannot be read: no limit. */
void wm_kern_cgroup_memory(struct wm_cgroup_memory *out);

/* --- what this process uses, in bytes (usage.c) --- */

struct wm_usage {
    uint64_t faults; /* a count, not bytes */
    uint64_t resident;
    uint64_t peak_resident; /* never below resident, though the kernel brings it up to date late */
    uint64_t resident_private;
    uint64_t resident_shared; /* of sections and other shared memory without a file */
    uint64_t mapped;          /* addresses */
    uint64_t promised;        /* private memory that may be written, stacks included */
};

/* Without /proc, or without a descriptor, an error: nobody else knows. */
int wm_kern_usage(struct wm_usage *out);

/* --- limits (limits.c) --- */

struct wm_limits {
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

/* What vm.overcommit_memory can be, beside 0. */
enum { WM_OVERCOMMIT_ALWAYS = 1, WM_OVERCOMMIT_NEVER = 2 };

/* Single ones of them. Without /proc: the kernel's defaults, 65530 mappings and overcommit 0. */
uint64_t wm_kern_memory(void);
int wm_kern_overcommit(void);
uint64_t wm_kern_max_maps(void);
uint64_t wm_kern_stack_limit(void); /* RLIMIT_STACK, of which struct wm_limits does not tell */
uint64_t wm_kern_data_limit(void);
uint64_t wm_kern_file_limit(void); /* of the size of a file */
uint64_t wm_kern_address_limit(void);

/* Is a page WM_PAGE? */
bool wm_kern_has_our_pages(void);

/* Is there a limit to what may be promised: for all (overcommit 2), or for this process (RLIMIT_DATA)? */
bool wm_kern_counts_promises(void);

/* Would bytes more exceed RLIMIT_AS? False as well where nobody tells what is mapped. */
bool wm_kern_addresses_short_of(size_t bytes);

/* --- what a seccomp filter, or the like, forbids (policy.c) --- */

enum { WM_FORBIDDEN_BYTES = 64 };

/* Is one of the calls forbidden by which memory is managed? Their names, WM_FORBIDDEN_BYTES at most. */
bool wm_kern_forbidden(char *names);

/* Are they allowed, but for executable memory? */
bool wm_kern_forbids_code(void);

/* May nobody be traced, whoever he is? */
bool wm_kern_forbids_tracing(void);

/* Which of the files that tell what is mapped cannot be opened at this moment. */
const char *wm_kern_unreadable(void);

/* --- memory nodes and their processors (numa.c) --- */

enum { WM_NODES = 255, WM_GROUP = 64, WM_GROUPS = 64 };

/* Processors by number, 64 to a group: processor n is bit n % 64 of group n / 64. */
struct wm_processors {
    uint64_t group[WM_GROUPS];
};

/* A kernel without nodes, or without /sys, has node 0 alone. */
WM_FOR_WIN32 uint32_t wm_kern_highest_node(void);
WM_FOR_WIN32 bool wm_kern_has_node(uint32_t node);

/* None for a node that is not there or has only memory. */
WM_FOR_WIN32 void wm_kern_node_processors(uint32_t node, struct wm_processors *out);

/* Bytes that are free on a node. -ENOENT: there is no such node, or nobody tells. */
int wm_kern_node_free(uint32_t node, uint64_t *bytes);

/* The processor that runs the caller, a moment ago. */
WM_FOR_WIN32 uint32_t wm_kern_processor(void);

/*
 * From now on pages of r that are brought in come from that node, if it has some left: advice, as on Windows, so an error
 * means that there is no preference: -EPERM or -ENOSYS (mbind is forbidden, as in many containers; from then on "numa" is
 * off), -EINVAL (a node without memory), -ENOMEM (the mapping cannot be split). 0 also where there is nothing to prefer.
 * PREFERRED_MANY (Linux 5.15) does not wait for a full node; before it there is PREFERRED.
 */
int wm_kern_prefer_node(struct wm_range r, uint32_t node);

/*
 * Makes a mapping of its own of a part of one, which stays one though its neighbours become equal, by the policy that
 * memory comes from the node of whoever touches it; and the other way round. It is advice: -EPERM or -ENOSYS (mbind is
 * forbidden, or there are no nodes at all; from then on "apart" is off), -EBUSY (the program has a policy for it),
 * -ENOMEM (no mapping left).
 */
int wm_kern_keep_apart(struct wm_range r);
void wm_kern_join(struct wm_range r);

/* Is it worth to try? */
bool wm_kern_keeps_apart(void);

/* The node that each page lies on, negative where it is not known. */
int wm_kern_nodes_of(const uintptr_t *pages, int *nodes, size_t count);

/* --- processors (processors.c) --- */

/* Those that run, and those that ever may. Without /sys: those that the calling thread may run on. */
WM_FOR_WIN32 void wm_kern_processors_online(struct wm_processors *out);
WM_FOR_WIN32 void wm_kern_processors_possible(struct wm_processors *out);

/* Those that share a core, a die or a package with this one, itself among them; some of them may not be online. */
enum wm_near { WM_NEAR_CORE, WM_NEAR_DIE, WM_NEAR_PACKAGE };

WM_FOR_WIN32 void wm_kern_processors_beside(uint32_t processor, enum wm_near place,
                                            struct wm_processors *out);

enum wm_cache_kind { WM_CACHE_UNIFIED, WM_CACHE_CODE, WM_CACHE_DATA };

struct wm_cache {
    uint8_t level;
    enum wm_cache_kind kind;
    uint32_t ways, line; /* 0 if unknown */
    uint64_t bytes;
    struct wm_processors users;
};

/* The caches that a processor uses, from 0 on; false: it has none of this number, or nobody tells. */
WM_FOR_WIN32 bool wm_kern_cache(uint32_t processor, unsigned index, struct wm_cache *out);

/* Which processors may run a thread, of this process or another; 0 is the calling one. 0, -ESRCH, -EPERM; -EINVAL: none. */
WM_FOR_WIN32 int wm_kern_affinity(int32_t tid, struct wm_processors *out);
WM_FOR_WIN32 int wm_kern_set_affinity(int32_t tid, const struct wm_processors *processors);

/* --- membarrier.c --- */

/* What other threads of this process have written is seen by the caller afterwards, and what he has written by them. */
WM_FOR_WIN32 void wm_kern_barrier_everywhere(void);

/* --- random.c --- */

/* What nobody can guess: all of it, or an error. Waits, if the machine has only just started. */
WM_FOR_WIN32 int wm_kern_random(void *out, size_t bytes);

#endif
