/*
 * walk.c: a stream of a process's regions, by VirtualQueryEx.
 *
 * The walk is no picture of one instant: the process goes on meanwhile. Each region was so when it was asked for, and the next
 * question is about the address where it ended, so that there are no gaps and nothing is told twice. VirtualQueryEx goes
 * on in a copy of the process's book without a system call (src/remote/peek.h); the list of mappings and the page tables
 * are read alongside, in pieces.
 */
#include <stdlib.h>
#include <string.h>

#include "batch.h"

#include <ntifs.h>

#include "head.h"
#include "kinds.h"
#include "residence.h"

struct walk {
    struct maps_stream stream; /* first */
    struct maps_target target;
    struct maps_mappings mappings;
    struct maps_residence residence;
    struct maps_kinds kinds;
    struct maps_batch batch;
    const struct maps_asked *asked;
    uint64_t at; /* what is told next begins here: asked has it, unless that has been told to its end */
    char file[sizeof((struct maps_mapping *)0)->name];
};

/* --- words of Windows --- */

static unsigned marks_of(const MEMORY_REGION_INFORMATION *made)
{
    return (made->MappedAwe ? MAPS_IS_AWE : 0) | (made->MappedWriteWatch ? MAPS_IS_WATCHED : 0) |
           (made->PageSizeLarge ? MAPS_IS_LARGE : 0);
}

static unsigned protect_of(DWORD protect)
{
    static const struct {
        DWORD windows;
        unsigned ours;
    } rows[] = {
        {PAGE_NOACCESS, MAPS_NO_ACCESS},
        {PAGE_READONLY, MAPS_READ},
        {PAGE_READWRITE, MAPS_READ | MAPS_WRITE},
        {PAGE_WRITECOPY, MAPS_READ | MAPS_WRITE | MAPS_COPY},
        {PAGE_EXECUTE, MAPS_EXECUTE},
        {PAGE_EXECUTE_READ, MAPS_READ | MAPS_EXECUTE},
        {PAGE_EXECUTE_READWRITE, MAPS_READ | MAPS_WRITE | MAPS_EXECUTE},
        {PAGE_EXECUTE_WRITECOPY, MAPS_READ | MAPS_WRITE | MAPS_EXECUTE | MAPS_COPY},
    };
    unsigned guard = protect & PAGE_GUARD ? MAPS_GUARD : 0;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].windows == (protect & 0xff))
            return rows[i].ours | guard;
    return guard;
}

static enum maps_state state_of(DWORD state)
{
    return state == MEM_COMMIT ? MAPS_COMMITTED : state == MEM_RESERVE ? MAPS_RESERVED : MAPS_UNUSED;
}

static enum maps_type type_of(const MEMORY_BASIC_INFORMATION *info, const MEMORY_REGION_INFORMATION *made)
{
    if (info->State == MEM_FREE)
        return MAPS_FREE;
    if (made->PlaceholderReservation)
        return MAPS_PLACEHOLDER;
    return info->Type == MEM_IMAGE ? MAPS_IMAGE : info->Type == MEM_MAPPED ? MAPS_MAPPED : MAPS_PRIVATE;
}

/* --- what the list of mappings adds --- */

/* Names that the kernel gives memory without a file, and what winmem keeps sections with names in. */
static bool is_memory(const char *name)
{
    static const char *const nameless[] = {"/memfd:", "/dev/zero (deleted)", "/SYSV", "/dev/shm/winmem-"};

    for (size_t i = 0; i < sizeof nameless / sizeof nameless[0]; i++)
        if (strncmp(name, nameless[i], strlen(nameless[i])) == 0)
            return true;
    return *name != '/';
}

static void add_name(struct walk *w, struct maps_region *region)
{
    const struct maps_mapping *mapping = maps_mappings_at(&w->mappings, region->start);

    if (mapping == NULL || mapping->start >= region->start + region->bytes)
        return;
    if (region->type == MAPS_PRIVATE)
        region->type = maps_kind_of(&w->kinds, region, mapping->name);
    if (region->type == MAPS_MAPPED)
        region->is |= is_memory(mapping->name) ? MAPS_IS_SECTION : MAPS_IS_FILE;
    if (*mapping->name != 0)
        region->file = strcpy(w->file, mapping->name);
}

/* --- regions --- */

static uint64_t up(uint64_t addr, uint64_t to)
{
    return (addr + to - 1) / to * to;
}

/* Allocations begin at a granule: what is free before the next one is of no use to anybody. */
static void cut_slack(const struct walk *w, struct maps_region *region)
{
    uint64_t granule = up(region->start, w->stream.head.granularity), slack = granule - region->start;

    if (region->type != MAPS_FREE || slack == 0)
        return;
    region->type = MAPS_SLACK;
    region->bytes = slack < region->bytes ? slack : region->bytes;
}

static struct maps_region region_of(struct walk *w, const struct maps_asked *asked)
{
    const MEMORY_BASIC_INFORMATION *info = &asked->info;
    const MEMORY_REGION_INFORMATION made = {.RegionType = asked->flags};
    struct maps_region region = {
        .start = w->at,
        .bytes = (uintptr_t)info->BaseAddress + info->RegionSize - w->at,
        .allocation = (uintptr_t)info->AllocationBase,
        .type = type_of(info, &made),
        .state = state_of(info->State),
        .protect = info->State == MEM_COMMIT ? protect_of(info->Protect) : 0,
        .allocation_protect = protect_of(info->AllocationProtect),
        .is = marks_of(&made),
    };

    if (region.start + region.bytes > w->stream.head.highest)
        region.bytes = w->stream.head.highest + 1 - region.start;
    cut_slack(w, &region);
    if (region.state != MAPS_UNUSED)
        add_name(w, &region);
    if (region.state == MAPS_COMMITTED)
        maps_residence_of(&w->residence, &w->mappings, &region);
    return region;
}

/* Slack is a part of what was asked, so the rest of that comes next. */
static bool has_more(const struct walk *w)
{
    return w->asked != NULL && w->at < (uintptr_t)w->asked->info.BaseAddress + w->asked->info.RegionSize &&
           w->at <= w->stream.head.highest;
}

static int say_gone(struct walk *w)
{
    DWORD error = GetLastError();

    if (maps_target_is_same(&w->target, &w->stream.why))
        maps_say(&w->stream.why, "process %d cannot be looked into any more: error %lu", w->target.pid,
                 (unsigned long)error);
    return -1;
}

static int next(struct maps_stream *stream, struct maps_region *out)
{
    struct walk *w = (struct walk *)stream;
    int more = has_more(w) ? 1 : maps_batch_next(&w->batch, &w->asked);

    if (more == 0)
        return maps_target_is_same(&w->target, &stream->why) ? 0 : -1;
    if (more < 0)
        return say_gone(w);
    *out = region_of(w, w->asked);
    w->at += out->bytes;
    return 1;
}

static void end(struct maps_stream *stream)
{
    struct walk *w = (struct walk *)stream;

    maps_kinds_end(&w->kinds);
    maps_residence_close(&w->residence);
    maps_mappings_close(&w->mappings);
    maps_target_close(&w->target);
    free(w);
}

struct maps_stream *maps_open_process(pid_t pid, struct maps_why *why)
{
    struct walk *w = calloc(1, sizeof *w);

    if (w == NULL) {
        maps_say(why, "no memory is left");
        return NULL;
    }
    w->stream.next = next;
    w->stream.live = true;
    w->stream.close = end;
    w->target.directory = w->residence.fd = -1;
    if (maps_target_open(&w->target, pid, why) && maps_head_of(&w->target, &w->stream.head, why) &&
        maps_mappings_open(&w->mappings, &w->target, why) &&
        maps_residence_open(&w->residence, &w->target, &w->stream.head, why)) {
        w->at = w->stream.head.lowest;
        maps_kinds_begin(&w->kinds, &w->target);
        maps_batch_begin(&w->batch, w->target.handle, w->stream.head.book, w->at, w->stream.head.highest);
        return &w->stream;
    }
    end(&w->stream);
    return NULL;
}
