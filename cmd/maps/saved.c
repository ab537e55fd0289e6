/*
 * saved.c: a stream of regions from a saved file (docs/design/maps.md).
 *
 * The file may be cut, or written by somebody who means harm. A line is read at a time, into a buffer that does not grow;
 * jansson reads it, and says where it is no JSON; then each member is held to what the model promises (model.h), so
 * that no view has to ask again. Members that are not known are passed over, as a later version may have more.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bounded.h"
#include "model.h"

enum { LONGEST_LINE = 1 << 16 };

#define MOST_ADDRESS (1ull << 57)

struct saved {
    struct maps_stream stream; /* first */
    struct maps_lines lines;
    uint64_t line, regions, end;
    json_t *object; /* of the last line: strings of the region are its */
    char path[256];
    char pages[MAPS_MOST_PAGES + 1];
};

static bool refuse(struct saved *s, const char *what)
{
    return maps_say(&s->stream.why, "%s, line %" PRIu64 ": %s", s->path, s->line, what);
}

/* --- members --- */

static bool take_number(struct saved *s, const char *name, uint64_t most, uint64_t *out)
{
    const json_t *value = json_object_get(s->object, name);
    char what[96];

    *out = 0;
    if (value == NULL)
        return true;
    if (json_is_integer(value) && json_integer_value(value) >= 0 &&
        (uint64_t)json_integer_value(value) <= most) {
        *out = (uint64_t)json_integer_value(value);
        return true;
    }
    snprintf(what, sizeof what, "\"%s\" is no number that can be", name);
    return refuse(s, what);
}

static const char *text_of(const struct saved *s, const char *name)
{
    return json_string_value(json_object_get(s->object, name));
}

static bool take_address(struct saved *s, const char *name, uint64_t *out)
{
    const char *text = text_of(s, name);
    char what[96], *end;

    if (text != NULL && strncmp(text, "0x", 2) == 0 && strlen(text) <= 18 && text[2] != 0 &&
        strspn(text + 2, "0123456789abcdefABCDEF") == strlen(text + 2)) {
        *out = strtoull(text, &end, 16);
        if (*out <= MOST_ADDRESS)
            return true;
    }
    snprintf(what, sizeof what, "\"%s\" is no address", name);
    return refuse(s, what);
}

static void copy_text(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text == NULL ? "" : text);
}

/* --- the head --- */

static bool take_system(struct saved *s, struct maps_head *head)
{
    json_t *line = s->object, *system = json_object_get(line, "system");
    bool good;

    s->object = system;
    good = system == NULL || (take_number(s, "committed", INT64_MAX, &head->committed) &&
                              take_number(s, "commit_limit", INT64_MAX, &head->commit_limit));
    s->object = line;
    return good;
}

static bool is_power(uint64_t number)
{
    return number != 0 && (number & (number - 1)) == 0;
}

static bool take_head(struct saved *s)
{
    struct maps_head *head = &s->stream.head;
    uint64_t pid, version;

    if (json_object_get(s->object, "winmem-maps") == NULL)
        return refuse(s, "this is no file of winmem-maps");
    if (!take_number(s, "winmem-maps", INT64_MAX, &version))
        return false;
    if (version != 1)
        return refuse(s, "a later version of winmem-maps has written this file");
    if (!take_number(s, "pid", INT32_MAX, &pid) || !take_number(s, "page", 1 << 24, &head->page) ||
        !take_number(s, "granularity", 1 << 30, &head->granularity) ||
        !take_address(s, "lowest", &head->lowest) || !take_address(s, "highest", &head->highest) ||
        !take_number(s, "mappings", INT64_MAX, &head->mappings) ||
        !take_number(s, "most_mappings", INT64_MAX, &head->most_mappings) || !take_system(s, head))
        return false;
    if (!is_power(head->page) || !is_power(head->granularity) || head->granularity < head->page ||
        head->highest < head->lowest)
        return refuse(s, "no machine has such pages and addresses");
    head->pid = (pid_t)pid;
    head->book = json_is_true(json_object_get(s->object, "book"));
    copy_text(head->name, sizeof head->name, text_of(s, "name"));
    copy_text(head->taken, sizeof head->taken, text_of(s, "taken"));
    return true;
}

/* --- a region --- */

static int word_of(const char *text, int (*find)(const char *), int otherwise)
{
    int found = text == NULL ? -1 : find(text);

    return found < 0 ? otherwise : found;
}

static bool take_protect(struct saved *s, const char *name, unsigned *out)
{
    int bits = word_of(text_of(s, name), maps_protect_of_letters, text_of(s, name) == NULL ? 0 : -1);

    *out = bits < 0 ? 0 : (unsigned)bits;
    return bits >= 0 || refuse(s, "a protection has letters that are none");
}

static bool take_marks(struct saved *s, unsigned *out)
{
    const json_t *list = json_object_get(s->object, "is");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *word = json_string_value(json_array_get(list, i));

        *out |= word == NULL ? 0 : maps_mark_of_word(word);
    }
    return true;
}

static bool take_place(struct saved *s, struct maps_region *out)
{
    if (!take_address(s, "start", &out->start) || !take_number(s, "bytes", MOST_ADDRESS, &out->bytes))
        return false;
    if (out->bytes == 0 || (out->start | out->bytes) % s->stream.head.page != 0)
        return refuse(s, "a region has no whole pages");
    if (out->start < s->end)
        return refuse(s, "a region begins before the one above it ends");
    if (out->start + out->bytes - 1 > s->stream.head.highest)
        return refuse(s, "a region ends behind all memory");
    s->end = out->start + out->bytes;
    return true;
}

static bool take_kind(struct saved *s, struct maps_region *out)
{
    out->type = (enum maps_type)word_of(text_of(s, "type"), maps_type_of_word, MAPS_OTHER);
    out->state = (enum maps_state)word_of(text_of(s, "state"), maps_state_of_word, -1);
    if ((int)out->state < 0)
        return refuse(s, "a region has no state");
    if ((out->state == MAPS_UNUSED) != (out->type == MAPS_FREE || out->type == MAPS_SLACK))
        return refuse(s, "state and type of a region do not fit");
    if (!take_protect(s, "protect", &out->protect) ||
        !take_protect(s, "allocation_protect", &out->allocation_protect))
        return false;
    return out->state == MAPS_UNUSED || take_address(s, "allocation", &out->allocation);
}

static bool take_amounts(struct saved *s, struct maps_region *out)
{
    if (!take_number(s, "resident", out->bytes, &out->resident) ||
        !take_number(s, "private", out->bytes, &out->private) ||
        !take_number(s, "shared", out->bytes, &out->shared) ||
        !take_number(s, "locked", out->bytes, &out->locked) ||
        !take_number(s, "lazy", out->bytes, &out->lazy) ||
        !take_number(s, "swapped", out->bytes, &out->swapped))
        return false;
    if (out->private + out->shared != out->resident || out->locked > out->resident ||
        out->resident + out->lazy + out->swapped > out->bytes)
        return refuse(s, "the amounts of a region do not fit");
    if (out->state != MAPS_COMMITTED && out->resident + out->lazy + out->swapped != 0)
        return refuse(s, "a region that is not committed is in memory");
    return true;
}

/* Do the lengths fit the region, and are all letters known? A length of 0 is none. */
static bool pages_fit(const char *pages, uint64_t count)
{
    for (; *pages != 0; pages++) {
        uint64_t length = 1;
        char *end;

        if (*pages >= '1' && *pages <= '9') {
            length = strtoull(pages, &end, 10);
            pages = end;
        }
        if (*pages == 0 || strchr(".rslwh", *pages) == NULL || length > count)
            return false;
        count -= length;
    }
    return count == 0;
}

static bool take_pages(struct saved *s, struct maps_region *out)
{
    const char *pages = text_of(s, "pages");

    if (pages == NULL)
        return true;
    if (strcmp(pages, "~") != 0 &&
        (strlen(pages) > MAPS_MOST_PAGES || !pages_fit(pages, out->bytes / s->stream.head.page)))
        return refuse(s, "the pages of a region do not fit it");
    copy_text(s->pages, sizeof s->pages, pages);
    out->pages = s->pages;
    return true;
}

static bool take_region(struct saved *s, struct maps_region *out)
{
    const char *file = text_of(s, "file");

    *out = (struct maps_region){0};
    if (!take_place(s, out) || !take_kind(s, out) || !take_amounts(s, out) || !take_pages(s, out) ||
        !take_marks(s, &out->is))
        return false;
    out->file = file == NULL || *file == 0 ? NULL : file;
    s->regions++;
    return true;
}

/* --- lines --- */

static bool parse(struct saved *s, const char *line, size_t length)
{
    json_error_t error;
    char what[JSON_ERROR_TEXT_LENGTH + 32];

    json_decref(s->object);
    s->object = json_loadb(line, length, JSON_REJECT_DUPLICATES, &error);
    if (json_is_object(s->object))
        return true;
    if (s->object != NULL)
        return refuse(s, "this is no object of JSON");
    snprintf(what, sizeof what, "this is no JSON: %s", error.text);
    return refuse(s, what);
}

static bool next_object(struct saved *s)
{
    size_t length;
    char *line;
    int found = maps_line(&s->lines, &line, &length);

    s->line++;
    switch (found) {
    case MAPS_LINE: return parse(s, line, length);
    case MAPS_LINE_LONG: return refuse(s, "this line is longer than winmem-maps writes any");
    case MAPS_LINE_ERROR: return refuse(s, strerror(errno));
    default: return refuse(s, "the file is cut off here");
    }
}

static bool is_all(struct saved *s)
{
    uint64_t regions;
    size_t length;
    char *line;

    if (!take_number(s, "regions", INT64_MAX, &regions))
        return false;
    if (regions != s->regions)
        return refuse(s, "the file had another number of regions");
    s->line++;
    return maps_line(&s->lines, &line, &length) == MAPS_LINE_END || refuse(s, "something follows the end");
}

static int next(struct maps_stream *stream, struct maps_region *out)
{
    struct saved *s = (struct saved *)stream;

    if (!next_object(s))
        return -1;
    if (json_is_true(json_object_get(s->object, "end")))
        return is_all(s) ? 0 : -1;
    return take_region(s, out) ? 1 : -1;
}

static void end(struct maps_stream *stream)
{
    struct saved *s = (struct saved *)stream;

    json_decref(s->object);
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
    s->stream.next = next;
    s->stream.close = end;
    if (next_object(s) && take_head(s))
        return &s->stream;
    *why = s->stream.why;
    end(&s->stream);
    return NULL;
}
