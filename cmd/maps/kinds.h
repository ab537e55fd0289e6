/*
 * kinds.h: private memory that is a stack or a heap.
 *
 * VirtualQueryEx does not tell them from other memory, and neither does the kernel but for the main ones. What else can be
 * told:
 *
 *   a thread that sleeps in the kernel has its stack pointer in /proc/PID/task/TID/syscall; one that runs has not
 *   glibc's arenas begin at a multiple of 64 MiB with a head that says how large they are
 *   libraries can give memory names, as glibc does from 2.39 on if it is asked to (glibc.mem.decorate_maps)
 *
 * What malloc maps for a single large block, and memory of other allocators, is private memory like any other.
 */
#ifndef MAPS_KINDS_H
#define MAPS_KINDS_H

#include "target.h"

struct maps_kinds {
    void *process;
    uint64_t *stacks; /* stack pointers, ascending */
    size_t count;
    uint64_t arena, arena_end; /* where the last part of an arena ended, and where it may end at most */
};

/* Without memory, or where nothing may be known, no stack is known; that is no error. */
void maps_kinds_begin(struct maps_kinds *kinds, const struct maps_target *target);
void maps_kinds_end(struct maps_kinds *kinds);

/* What a private region with this name is: MAPS_PRIVATE, MAPS_HEAP or MAPS_STACK. Regions are asked about in order. */
enum maps_type maps_kind_of(struct maps_kinds *kinds, const struct maps_region *region, const char *name);

#endif
