/* batch.c: many regions at once (batch.h). */
#include "batch.h"

#include <ntifs.h>

/* Of so many allocations in a batch all regions are asked about: to go on is cheaper than to begin in so many places. */
enum { MANY = MAPS_BATCH / 8 };

void maps_batch_begin(struct maps_batch *b, HANDLE process, bool book, uint64_t lowest, uint64_t highest)
{
    b->process = process;
    b->book = book;
    b->at = lowest;
    b->highest = highest;
    b->allocation = b->count = b->near = 0;
}

static bool begins(const struct maps_asked *a)
{
    return a->info.State != MEM_FREE && a->info.Type != MEM_IMAGE &&
           a->info.BaseAddress == a->info.AllocationBase;
}

/* Without room for CommitSize, so that nothing is counted. */
static ULONG flags_at(HANDLE process, PVOID address)
{
    MEMORY_REGION_INFORMATION info = {0};
    NTSTATUS status = NtQueryVirtualMemory(process, address, MemoryRegionInformation, &info,
                                           offsetof(MEMORY_REGION_INFORMATION, CommitSize), NULL);

    return status >= 0 ? info.RegionType : 0;
}

static void add_flags(struct maps_batch *b)
{
    size_t beginnings = 0;

    for (size_t i = 0; i < b->count; i++)
        beginnings += begins(&b->asked[i]);
    for (size_t i = 0; i < b->count; i++) {
        struct maps_asked *a = &b->asked[i];

        if (begins(a)) {
            b->allocation = (uintptr_t)a->info.AllocationBase;
            b->flags = flags_at(b->process, a->info.BaseAddress);
        } else if (beginnings > MANY) {
            flags_at(b->process, a->info.BaseAddress);
        }
        a->flags = (uintptr_t)a->info.AllocationBase == b->allocation ? b->flags : 0;
    }
}

static bool fill(struct maps_batch *b)
{
    b->count = b->near = 0;
    while (b->count < MAPS_BATCH && b->at <= b->highest) {
        struct maps_asked *a = &b->asked[b->count];

        a->flags = 0;
        if (VirtualQueryEx(b->process, (LPCVOID)b->at, &a->info, sizeof a->info) == 0)
            return b->count > 0;
        b->at = (uintptr_t)a->info.BaseAddress + a->info.RegionSize;
        b->count++;
    }
    if (b->book)
        add_flags(b);
    return true;
}

int maps_batch_next(struct maps_batch *b, const struct maps_asked **out)
{
    if (b->near == b->count && b->at > b->highest)
        return 0;
    if (b->near == b->count && !fill(b))
        return -1;
    *out = &b->asked[b->near++];
    return 1;
}
