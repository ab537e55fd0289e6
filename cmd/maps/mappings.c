/* mappings.c: /proc/PID/smaps, or maps where there is no smaps, a mapping at a time (mappings.h). */
#include "mappings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 1 << 16 };

/* The page by which processes that use winmem find each other (docs/design/processes.md). */
static const char anchor[] = "/memfd:winmem (deleted)";

static bool say_unreadable(const struct maps_target *target, struct maps_why *why)
{
    return maps_say(why, "the mappings of process %d cannot be read: %s", target->pid, strerror(errno));
}

static bool ends_with(const char *line, size_t length, const char *end, size_t end_length)
{
    return length >= end_length && memcmp(line + length - end_length, end, end_length) == 0;
}

bool maps_mappings_count(const struct maps_target *target, uint64_t *count, bool *winmem,
                         struct maps_why *why)
{
    int fd = maps_target_file(target, "maps"), found;
    struct maps_lines lines;
    size_t length;
    char *line;

    *count = 0;
    *winmem = false;
    if (fd < 0 || !maps_lines_open(&lines, fd, LONGEST))
        return say_unreadable(target, why);
    while ((found = maps_line(&lines, &line, &length)) == MAPS_LINE) {
        ++*count;
        *winmem = *winmem || ends_with(line, length, anchor, sizeof anchor - 1);
    }
    maps_lines_close(&lines);
    return found == MAPS_LINE_END || say_unreadable(target, why);
}

bool maps_mappings_open(struct maps_mappings *mappings, const struct maps_target *target,
                        struct maps_why *why)
{
    int fd = maps_target_file(target, "smaps");

    *mappings = (struct maps_mappings){0};
    if (fd < 0)
        fd = maps_target_file(target, "maps");
    if (fd < 0 || !maps_lines_open(&mappings->lines, fd, LONGEST))
        return say_unreadable(target, why);
    return true;
}

void maps_mappings_close(struct maps_mappings *mappings)
{
    maps_lines_close(&mappings->lines);
}

/* --- lines --- */

/* A newline is all that the kernel writes in another way in names of files. */
static void copy_name(const char *from, char *out, size_t size)
{
    size_t n = 0;

    while (*from != 0 && n + 1 < size) {
        bool newline = strncmp(from, "\\012", 4) == 0;

        out[n++] = newline ? '\n' : *from;
        from += newline ? 4 : 1;
    }
    out[n] = 0;
}

static const char *behind_fields(const char *at, int fields)
{
    for (; fields > 0; fields--) {
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
    return at;
}

/* "start-end rw-p offset device inode   name" */
static bool parse_first(char *line, struct maps_mapping *out)
{
    char *at;

    out->start = strtoull(line, &at, 16);
    if (at == line || *at != '-')
        return false;
    out->end = strtoull(at + 1, &at, 16);
    if (*at != ' ' || out->end <= out->start)
        return false;
    out->resident = out->anonymous = out->swapped = out->lazy = 0;
    out->locked = out->counted = false;
    copy_name(behind_fields(at + 1, 4), out->name, sizeof out->name);
    return true;
}

static uint64_t kilobytes(const char *at)
{
    return strtoull(at, NULL, 10) << 10;
}

/* "Rss:   12 kB"; those lines that are wanted. All others begin with a capital, and mappings with a digit. */
static void parse_other(const char *line, struct maps_mapping *out)
{
    switch (line[0]) {
    case 'A':
        if (strncmp(line, "Anonymous:", 10) == 0)
            out->anonymous = kilobytes(line + 10);
        break;
    case 'R':
        if (strncmp(line, "Rss:", 4) == 0) {
            out->resident = kilobytes(line + 4);
            out->counted = true;
        }
        break;
    case 'S':
        if (strncmp(line, "Swap:", 5) == 0)
            out->swapped = kilobytes(line + 5);
        break;
    case 'L':
        if (strncmp(line, "LazyFree:", 9) == 0)
            out->lazy = kilobytes(line + 9);
        break;
    case 'V': out->locked = strncmp(line, "VmFlags:", 8) == 0 && strstr(line, " lo") != NULL; break;
    default: break;
    }
}

static bool is_other(const char *line)
{
    return line[0] >= 'A' && line[0] <= 'Z';
}

static bool next_mapping(struct maps_mappings *m)
{
    size_t length;

    while (!m->pending || is_other(m->line)) {
        if (maps_line(&m->lines, &m->line, &length) != MAPS_LINE)
            return false;
        m->pending = true;
    }
    if (!parse_first(m->line, &m->now))
        return false;
    m->pending = false;
    while (maps_line(&m->lines, &m->line, &length) == MAPS_LINE) {
        if (!is_other(m->line)) {
            m->pending = true;
            break;
        }
        parse_other(m->line, &m->now);
    }
    return true;
}

const struct maps_mapping *maps_mappings_at(struct maps_mappings *mappings, uint64_t addr)
{
    while (!mappings->ended && mappings->now.end <= addr)
        mappings->ended = !next_mapping(mappings);
    return mappings->ended ? NULL : &mappings->now;
}
