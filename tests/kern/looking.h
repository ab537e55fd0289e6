/* looking.h: what /proc tells of memory. Debian 12's headers are older than some of it. */
#ifndef LOOKING_H
#define LOOKING_H

#include <sys/ioctl.h>

#include "pin.h"

/* --- mappings --- */

struct mapping {
    uintptr_t start, end;
    char access[5]; /* rwxp */
    char name[256];
};

static inline bool next_mapping(FILE *maps, struct mapping *m)
{
    char line[600];
    unsigned long start, end;

    if (fgets(line, sizeof line, maps) == NULL)
        return false;
    m->name[0] = '\0';
    sscanf(line, "%lx-%lx %4s %*s %*s %*s %255[^\n]", &start, &end, m->access, m->name);
    m->start = start;
    m->end = end;
    return true;
}

/* The one that holds p. False: none does. */
static inline bool mapping_of(const void *p, struct mapping *out)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    bool found = false;

    MUST(maps != NULL);
    while (!found && next_mapping(maps, out))
        found = (uintptr_t)p >= out->start && (uintptr_t)p < out->end;
    fclose(maps);
    return found;
}

/* How many there are, in a range or in all. */
static inline size_t mappings_in(const void *p, size_t bytes)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    struct mapping m;
    size_t count = 0;

    MUST(maps != NULL);
    while (next_mapping(maps, &m))
        count += m.start < (uintptr_t)p + bytes && m.end > (uintptr_t)p;
    fclose(maps);
    return count;
}

/* Is one of the flags that /proc/self/smaps tells set: "ac", promised; "lo", locked. */
static inline bool has_flag(const void *p, const char *flag)
{
    FILE *maps = fopen("/proc/self/smaps", "re");
    char line[600], wanted[5];
    unsigned long start, end;
    bool here = false, found = false, told = false;

    MUST(maps != NULL);
    snprintf(wanted, sizeof wanted, " %s ", flag);
    while (fgets(line, sizeof line, maps) != NULL) {
        if (sscanf(line, "%lx-%lx ", &start, &end) == 2)
            here = (uintptr_t)p >= start && (uintptr_t)p < end;
        if (!here || strncmp(line, "VmFlags:", 8) != 0)
            continue;
        told = true;
        found = strstr(line, wanted) != NULL;
    }
    fclose(maps);
    MUST(told);
    return found;
}

/* PROCMAP_QUERY, Linux 6.11. */
struct map_query {
    uint64_t size, flags, address;
    uint64_t start, end, access, page_size, offset, inode;
    uint32_t device[2], name_size, build_id_size;
    uint64_t name, build_id;
};

enum { COVERING_OR_NEXT = 0x10, FILES_ONLY = 0x20 };

static inline long query_map(int fd, uintptr_t address, uint64_t flags, struct map_query *q, char *name,
                             size_t size)
{
    *q = (struct map_query){.size = sizeof *q,
                            .flags = flags,
                            .address = address,
                            .name = (uintptr_t)name,
                            .name_size = (uint32_t)size};
    return CALL(ioctl, fd, _IOWR('f', 17, struct map_query), q);
}

/* --- pages --- */

#define ENTRY_ALONE ((uint64_t)1 << 56)
#define ENTRY_ARMED ((uint64_t)1 << 57)
#define ENTRY_FILE ((uint64_t)1 << 61)
#define ENTRY_SWAPPED ((uint64_t)1 << 62)
#define ENTRY_PRESENT ((uint64_t)1 << 63)

static inline int open_pagemap(void)
{
    int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);

    SKIP_IF(fd < 0, "there is no /proc/self/pagemap");
    return fd;
}

static inline uint64_t entry_by(int fd, const void *p)
{
    uint64_t entry = 0;

    MUST(pread(fd, &entry, sizeof entry, (off_t)((uintptr_t)p / PAGE * sizeof entry)) == sizeof entry);
    return entry;
}

static inline uint64_t entry_of(const void *p)
{
    int fd = open_pagemap();
    uint64_t entry = entry_by(fd, p);

    close(fd);
    return entry;
}

/* PAGEMAP_SCAN, Linux 6.7. */
enum { IS_WRITTEN = 2, IS_FILE = 4, IS_PRESENT = 8, IS_SWAPPED = 16, IS_ZERO = 32 };
enum { PROTECT_FOUND = 1, ONLY_WATCHED = 2 };

struct scan {
    uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
    uint64_t inverted, mask, any, tell;
};

struct run {
    uint64_t start, end, categories;
};

static inline long scan_by(int fd, struct scan *s, const void *p, size_t bytes, struct run *runs, size_t room)
{
    s->size = sizeof *s;
    s->start = (uintptr_t)p;
    s->end = (uintptr_t)p + bytes;
    s->vec = (uintptr_t)runs;
    s->vec_len = room;
    return CALL(ioctl, fd, _IOWR('f', 16, struct scan), s);
}

/* Of one page, as far as `tell` asks; what is asked for that it has not is not in the answer. */
static inline long is(const void *p, uint64_t tell)
{
    struct scan s = {.any = tell, .tell = tell};
    struct run run = {0};
    int fd = open_pagemap();
    long count = scan_by(fd, &s, p, PAGE, &run, 1);

    close(fd);
    SKIP_IF(count == -ENOTTY, "there is no PAGEMAP_SCAN (Linux 6.7)");
    MUST(count >= 0);
    return count == 0 ? 0 : (long)run.categories;
}

#endif
