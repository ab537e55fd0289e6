/*
 * residence.h: which pages of a process are in memory, run by run, in ascending order.
 *
 * PAGEMAP_SCAN (Linux 6.7) answers for as much address space as it can tell in one call, holes and all: terabytes that were
 * never touched cost nothing. Without it entries of pagemap are read, in large pieces, and what the list of mappings knows
 * to be empty is left out. So a region costs no system call of its own.
 *
 * A page of zeros that was only read is not in memory, where the kernel tells it; without the scan it does not.
 */
#ifndef MAPS_RESIDENCE_H
#define MAPS_RESIDENCE_H

#include "mappings.h"

struct maps_run { /* as the kernel fills it */
    uint64_t start, end, categories;
};

enum { MAPS_RUNS = 4096, MAPS_ENTRIES = 8192 };

struct maps_residence {
    int fd;
    uint64_t page, top; /* no address as high as top is asked about */
    bool no_scan;
    uint64_t wanted; /* categories */
    struct maps_run *runs;
    uint64_t *entries;
    size_t count, near;  /* runs, and the one that is the next to be told */
    uint64_t begin, end; /* what they cover */
    char *text;
    size_t length;
};

bool maps_residence_open(struct maps_residence *residence, const struct maps_target *target,
                         const struct maps_head *head, struct maps_why *why);
void maps_residence_close(struct maps_residence *residence);

/* Fills in what is in memory of a region: figures, and the string of pages. */
void maps_residence_of(struct maps_residence *residence, struct maps_mappings *mappings,
                       struct maps_region *region);

#endif
