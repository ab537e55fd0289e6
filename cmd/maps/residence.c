/* residence.c: which pages are in memory (residence.h). */
#include "residence.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* The kernel's headers of Debian 12 are older than this call. */
struct scan_arguments {
    uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
    uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};

#define SCAN_CALL _IOWR('f', 16, struct scan_arguments)

enum { FILE_PAGE = 4, PRESENT = 8, SWAPPED = 16, ZERO = 32, HUGE_PAGE = 64, GUARDED = 256 };

#define MOST_READ (64ull << 30) /* bytes of address space, which have 128 MiB of entries */

/* In an entry of pagemap. */
#define ENTRY_PRESENT (1ull << 63)
#define ENTRY_SWAPPED (1ull << 62)
#define ENTRY_FILE (1ull << 61)
#define ENTRY_GUARDED (1ull << 58)

bool maps_residence_open(struct maps_residence *r, const struct maps_target *target,
                         const struct maps_head *head, struct maps_why *why)
{
    *r = (struct maps_residence){.fd = maps_target_file(target, "pagemap"), .page = head->page};
    r->top = head->highest + 1; /* the kernel refuses to scan beyond what a process can have */
    r->wanted = FILE_PAGE | PRESENT | SWAPPED | ZERO | HUGE_PAGE | GUARDED;
    r->runs = malloc(MAPS_ENTRIES * sizeof *r->runs);
    r->entries = malloc(MAPS_ENTRIES * sizeof *r->entries);
    r->text = malloc(MAPS_MOST_PAGES + 32);
    if (r->fd < 0)
        maps_say(why, "the page tables of process %d cannot be read: %s", target->pid, strerror(errno));
    else if (r->runs == NULL || r->entries == NULL || r->text == NULL)
        maps_say(why, "no memory is left");
    else
        return true;
    maps_residence_close(r);
    return false;
}

void maps_residence_close(struct maps_residence *r)
{
    if (r->fd >= 0)
        close(r->fd);
    free(r->runs);
    free(r->entries);
    free(r->text);
    *r = (struct maps_residence){.fd = -1};
}

/* --- runs --- */

static bool scan(struct maps_residence *r, uint64_t from)
{
    struct scan_arguments a = {
        .size = sizeof a,
        .start = from,
        .end = r->top,
        .vec = (uintptr_t)r->runs,
        .vec_len = MAPS_RUNS,
        .category_anyof_mask = PRESENT | SWAPPED,
        .return_mask = r->wanted,
    };
    int count = ioctl(r->fd, SCAN_CALL, &a);

    if (count < 0)
        return false;
    r->count = (size_t)count;
    r->end = a.walk_end;
    return r->end > from;
}

static uint64_t categories_of(uint64_t entry)
{
    return (entry & ENTRY_PRESENT ? PRESENT : 0) | (entry & ENTRY_SWAPPED ? SWAPPED : 0) |
           (entry & ENTRY_FILE ? FILE_PAGE : 0) | (entry & ENTRY_GUARDED ? GUARDED : 0);
}

static void add_page(struct maps_residence *r, uint64_t addr, uint64_t categories)
{
    struct maps_run *last = r->runs + r->count - 1;

    if ((categories & (PRESENT | SWAPPED)) == 0)
        return;
    if (r->count > 0 && last->end == addr && last->categories == categories)
        last->end += r->page;
    else
        r->runs[r->count++] = (struct maps_run){addr, addr + r->page, categories};
}

/* Behind the end of the address space there is nothing to read. */
static void read_entries(struct maps_residence *r, uint64_t from)
{
    ssize_t got = pread(r->fd, r->entries, MAPS_ENTRIES * sizeof *r->entries,
                        (off_t)(from / r->page * sizeof *r->entries));
    size_t count = got > 0 ? (size_t)got / sizeof *r->entries : 0;

    r->count = 0;
    for (size_t i = 0; i < count; i++)
        add_page(r, from + i * r->page, categories_of(r->entries[i]));
    r->end = count > 0 ? from + count * r->page : r->top;
}

/* A kernel that does not know all categories is asked for fewer; one that knows no scan is never asked again. */
static void fill(struct maps_residence *r, uint64_t from)
{
    r->begin = from;
    r->near = 0;
    if (!r->no_scan && scan(r, from))
        return;
    if (!r->no_scan && errno == EINVAL && (r->wanted & GUARDED)) {
        r->wanted &= ~(uint64_t)GUARDED;
        fill(r, from);
        return;
    }
    r->no_scan = true;
    read_entries(r, from);
}

/* The first run that ends behind addr, if it begins before end. */
static const struct maps_run *run_at(struct maps_residence *r, uint64_t addr, uint64_t end)
{
    for (;;) {
        if (addr < r->begin || addr >= r->end)
            fill(r, addr);
        while (r->near < r->count && r->runs[r->near].end <= addr)
            r->near++;
        if (r->near < r->count)
            return r->runs[r->near].start < end ? &r->runs[r->near] : NULL;
        if (r->end >= end)
            return NULL;
        addr = r->end;
    }
}

/* --- a region --- */

/* Markers in page tables look like pages in swap to kernels that do not tell them apart; the list of mappings does. */
static char letter_of(const struct maps_run *run, const struct maps_mapping *mapping)
{
    uint64_t c = run->categories;

    if (c & (GUARDED | ZERO))
        return '.';
    if ((c & PRESENT) == 0)
        return mapping->counted && mapping->swapped == 0 ? '.' : 'w';
    return mapping->locked ? 'l' : c & HUGE_PAGE ? 'h' : c & FILE_PAGE ? 's' : 'r';
}

struct writing {
    struct maps_residence *to;
    char letter;
    uint64_t pages;
    bool any;
};

static void write_out(struct writing *w)
{
    struct maps_residence *r = w->to;

    if (w->pages == 0 || r->length > MAPS_MOST_PAGES)
        return;
    if (w->pages > 1)
        r->length += (size_t)sprintf(r->text + r->length, "%llu", (unsigned long long)w->pages);
    r->text[r->length++] = w->letter;
}

static void write_run(struct writing *w, uint64_t bytes, char letter)
{
    if (letter != w->letter) {
        write_out(w);
        w->letter = letter;
        w->pages = 0;
    }
    w->pages += bytes / w->to->page;
    w->any = w->any || letter != '.';
}

static void count(struct maps_region *region, uint64_t bytes, char letter, uint64_t categories)
{
    if (letter == 'w')
        region->swapped += bytes;
    if (letter == '.' || letter == 'w')
        return;
    region->resident += bytes;
    *(categories & FILE_PAGE ? &region->shared : &region->private) += bytes;
    if (letter == 'l')
        region->locked += bytes;
}

static void tell_runs(struct writing *w, struct maps_region *region, uint64_t at, uint64_t end,
                      const struct maps_mapping *mapping)
{
    const struct maps_run *run;

    while (at < end && (run = run_at(w->to, at, end)) != NULL) {
        uint64_t from = run->start > at ? run->start : at, to = run->end < end ? run->end : end;
        char letter = letter_of(run, mapping);

        write_run(w, from - at, '.');
        write_run(w, to - from, letter);
        count(region, to - from, letter, run->categories);
        at = to;
    }
    write_run(w, end - at, '.');
}

/*
 * The kernel tells how much of a mapping is lazily freed, and not which pages: where a mapping holds several regions, the
 * first ones that have so much private memory are said to hold it.
 */
static void take_lazy(struct maps_region *region, struct maps_mapping *mapping)
{
    uint64_t bytes = mapping->lazy < region->private ? mapping->lazy : region->private;

    region->lazy += bytes;
    region->private -= bytes;
    region->resident -= bytes;
    mapping->lazy -= bytes;
    if (region->locked > region->resident)
        region->locked = region->resident;
}

/*
 * Without the scan the entries of a mapping of terabytes would take minutes. If it is one region, the list of mappings has
 * the amounts; which pages they are is not told then.
 */
static bool is_too_large(struct maps_residence *r, const struct maps_mapping *mapping, uint64_t at,
                         uint64_t to)
{
    if (!mapping->counted || to - at != mapping->end - mapping->start || to - at <= MOST_READ)
        return false;
    if (at < r->begin || at >= r->end)
        fill(r, at); /* which finds out whether there is a scan */
    return r->no_scan;
}

static void take_amounts(struct writing *w, struct maps_region *region, const struct maps_mapping *mapping)
{
    uint64_t private = mapping->anonymous < mapping->resident ? mapping->anonymous : mapping->resident;

    region->resident += mapping->resident;
    region->private += private;
    region->shared += mapping->resident - private;
    region->swapped += mapping->swapped;
    region->locked += mapping->locked ? mapping->resident : 0;
    w->any = true;
    w->to->length = MAPS_MOST_PAGES + 1;
}

static bool is_empty(const struct maps_mapping *mapping)
{
    return mapping->counted && mapping->resident == 0 && mapping->swapped == 0;
}

void maps_residence_of(struct maps_residence *r, struct maps_mappings *mappings, struct maps_region *region)
{
    uint64_t at = region->start, end = region->start + region->bytes;
    struct writing w = {.to = r, .letter = '.'};
    const struct maps_mapping *mapping;

    r->length = 0;
    while (at < end && (mapping = maps_mappings_at(mappings, at)) != NULL && mapping->start < end) {
        uint64_t to = mapping->end < end ? mapping->end : end;

        if (mapping->start > at)
            write_run(&w, mapping->start - at, '.');
        at = mapping->start > at ? mapping->start : at;
        if (is_empty(mapping))
            write_run(&w, to - at, '.');
        else if (is_too_large(r, mapping, at, to))
            take_amounts(&w, region, mapping);
        else
            tell_runs(&w, region, at, to, mapping);
        take_lazy(region, &mappings->now);
        if (mapping->locked)
            region->is |= MAPS_IS_LOCKED;
        at = to;
    }
    if (!w.any)
        return;
    write_run(&w, end - at, '.');
    write_out(&w);
    strcpy(r->text + r->length, "");
    region->pages = r->length > MAPS_MOST_PAGES ? "~" : r->text;
}
