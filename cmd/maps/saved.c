/*
 * saved.c: a stream of regions from a saved file (docs/design/maps.md).
 *
 * The file may be cut, or written by somebody who means harm. A line is read at a time, into a buffer that does not grow;
 * jansson reads it, and says where it is no JSON; then its members are looked at one by one (members.h, savedregion.h).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bounded.h"
#include "savedregion.h"

enum { LONGEST_LINE = 1 << 16 };

struct saved {
    struct maps_stream stream; /* first */
    struct maps_lines lines;
    struct maps_members members; /* of the last line: strings of the region are its object's */
    uint64_t regions, end;
    char path[256];
};

static void copy_text(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text == NULL ? "" : text);
}

/* --- the head --- */

static bool take_system(const struct maps_members *line, struct maps_head *head)
{
    struct maps_members system = *line;

    system.object = json_object_get(line->object, "system");
    return maps_take_number(&system, "committed", INT64_MAX, &head->committed) &&
           maps_take_number(&system, "commit_limit", INT64_MAX, &head->commit_limit);
}

static bool is_power(uint64_t number)
{
    return number != 0 && (number & (number - 1)) == 0;
}

static bool take_head(struct saved *s)
{
    const struct maps_members *m = &s->members;
    struct maps_head *head = &s->stream.head;
    uint64_t pid, version;

    if (json_object_get(m->object, "winmem-maps") == NULL)
        return maps_refuse(m, "this is no file of winmem-maps");
    if (!maps_take_number(m, "winmem-maps", INT64_MAX, &version))
        return false;
    if (version != 1)
        return maps_refuse(m, "a later version of winmem-maps has written this file");
    if (!maps_take_number(m, "pid", INT32_MAX, &pid) || !maps_take_number(m, "page", 1 << 24, &head->page) ||
        !maps_take_number(m, "granularity", 1 << 30, &head->granularity) ||
        !maps_take_address(m, "lowest", &head->lowest) || !maps_take_address(m, "highest", &head->highest) ||
        !maps_take_number(m, "mappings", INT64_MAX, &head->mappings) ||
        !maps_take_number(m, "most_mappings", INT64_MAX, &head->most_mappings) || !take_system(m, head))
        return false;
    if (!is_power(head->page) || !is_power(head->granularity) || head->granularity < head->page ||
        head->highest < head->lowest)
        return maps_refuse(m, "no machine has such pages and addresses");
    head->pid = (pid_t)pid;
    head->book = json_is_true(json_object_get(m->object, "book"));
    copy_text(head->name, sizeof head->name, maps_text_of(m, "name"));
    copy_text(head->taken, sizeof head->taken, maps_text_of(m, "taken"));
    return true;
}

/* --- lines --- */

static bool parse(struct saved *s, const char *line, size_t length)
{
    json_error_t error;
    char what[JSON_ERROR_TEXT_LENGTH + 32];

    json_decref(s->members.object);
    s->members.object = json_loadb(line, length, JSON_REJECT_DUPLICATES, &error);
    if (json_is_object(s->members.object))
        return true;
    if (s->members.object != NULL)
        return maps_refuse(&s->members, "this is no object of JSON");
    snprintf(what, sizeof what, "this is no JSON: %s", error.text);
    return maps_refuse(&s->members, what);
}

static bool next_object(struct saved *s)
{
    size_t length;
    char *line;
    int found = maps_line(&s->lines, &line, &length);

    s->members.line++;
    switch (found) {
    case MAPS_LINE: return parse(s, line, length);
    case MAPS_LINE_LONG: return maps_refuse(&s->members, "this line is longer than winmem-maps writes any");
    case MAPS_LINE_ERROR: return maps_refuse(&s->members, strerror(errno));
    default: return maps_refuse(&s->members, "the file is cut off here");
    }
}

static bool is_all(struct saved *s)
{
    uint64_t regions;
    size_t length;
    char *line;

    if (!maps_take_number(&s->members, "regions", INT64_MAX, &regions))
        return false;
    if (regions != s->regions)
        return maps_refuse(&s->members, "the file had another number of regions");
    s->members.line++;
    return maps_line(&s->lines, &line, &length) == MAPS_LINE_END ||
           maps_refuse(&s->members, "something follows the end");
}

static int next(struct maps_stream *stream, struct maps_region *out)
{
    struct saved *s = (struct saved *)stream;

    if (!next_object(s))
        return -1;
    if (json_is_true(json_object_get(s->members.object, "end")))
        return is_all(s) ? 0 : -1;
    if (!maps_take_region(&s->members, &stream->head, s->end, out))
        return -1;
    s->end = out->start + out->bytes;
    s->regions++;
    return 1;
}

static void end(struct maps_stream *stream)
{
    struct saved *s = (struct saved *)stream;

    json_decref(s->members.object);
    maps_lines_close(&s->lines);
    free(s);
}

/* A directory can be opened, and a pipe is as good as a file. */
static int open_file(const char *path, struct maps_why *why)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;

    if (fd >= 0 && fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
        close(fd);
        fd = -1;
        errno = EISDIR;
    }
    if (fd < 0)
        maps_say(why, "%s cannot be opened: %s", path, strerror(errno));
    return fd;
}

struct maps_stream *maps_open_saved(const char *path, struct maps_why *why)
{
    int fd = open_file(path, why);
    struct saved *s = fd < 0 ? NULL : calloc(1, sizeof *s);

    if (s == NULL || !maps_lines_open(&s->lines, fd, LONGEST_LINE)) {
        if (fd >= 0)
            maps_say(why, "no memory is left");
        free(s);
        return NULL;
    }
    copy_text(s->path, sizeof s->path, path);
    s->members.path = s->path;
    s->members.why = &s->stream.why;
    s->stream.next = next;
    s->stream.close = end;
    if (next_object(s) && take_head(s))
        return &s->stream;
    *why = s->stream.why;
    end(&s->stream);
    return NULL;
}
