/*
 * batch.h: VirtualQueryEx, hundreds of regions at a time.
 *
 * The library goes on in its copy of a process's book without a system call for as long as questions follow each other
 * within microseconds (src/remote/peek.h). So many are asked at once, and what else there is to do with them is done then.
 * What an allocation was made for is asked in the same way, where one begins.
 */
#ifndef MAPS_BATCH_H
#define MAPS_BATCH_H

#include <windows.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAPS_BATCH = 512 };

struct maps_asked {
    MEMORY_BASIC_INFORMATION info;
    ULONG flags; /* RegionType of its allocation, or 0 */
};

struct maps_batch {
    HANDLE process;
    bool book; /* else nobody knows flags */
    uint64_t at, highest;
    uint64_t allocation; /* of the last one whose flags were asked for */
    ULONG flags;
    size_t count, near;
    struct maps_asked asked[MAPS_BATCH];
};

void maps_batch_begin(struct maps_batch *batch, HANDLE process, bool book, uint64_t lowest, uint64_t highest);

/* 1: a region; 0: there are no more; -1: the process cannot be asked any more, and the last error tells why. */
int maps_batch_next(struct maps_batch *batch, const struct maps_asked **out);

#endif
