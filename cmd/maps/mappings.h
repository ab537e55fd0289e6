/*
 * mappings.h: the kernel's list of a process's mappings, read once, alongside the walk.
 *
 * It knows what VirtualQueryEx does not tell: names, what is lazily freed, what is locked, and how much is in memory, so
 * that what is not need not be looked at page by page. It is read in pieces while the process goes on, so it may be of
 * another moment than the region beside it: then the region has no mapping, or one that it does not fill.
 */
#ifndef MAPS_MAPPINGS_H
#define MAPS_MAPPINGS_H

#include "bounded.h"
#include "target.h"

struct maps_mapping {
    uint64_t start, end;
    uint64_t resident, anonymous, swapped, lazy; /* bytes; anonymous: those of resident that are private */
    bool locked;
    bool counted;         /* resident and swapped are known: the kernel has smaps, and let us read it */
    char name[4096 + 64]; /* of the file, or [heap] and the like; empty: none */
};

struct maps_mappings {
    struct maps_lines lines;
    bool pending; /* `line` is the first one of the next mapping, not looked at yet */
    char *line;
    struct maps_mapping now;
    bool ended;
};

/* How many there are, and whether one of them is the page by which winmem is known. False: why tells. */
bool maps_mappings_count(const struct maps_target *target, uint64_t *count, bool *winmem,
                         struct maps_why *why);

bool maps_mappings_open(struct maps_mappings *mappings, const struct maps_target *target,
                        struct maps_why *why);
void maps_mappings_close(struct maps_mappings *mappings);

/*
 * The mapping that holds addr, or the first one behind it; NULL if there is none. Good until the next call; addr must not
 * be below the one of the call before.
 */
const struct maps_mapping *maps_mappings_at(struct maps_mappings *mappings, uint64_t addr);

#endif
