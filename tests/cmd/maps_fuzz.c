/*
 * maps_fuzz.c: saved files that are broken in every way: what winmem-maps makes of them holds what its model promises.
 *
 *   maps_fuzz count [seed]     so many mutations; prints how many were still accepted
 *
 * Each is read to its end or to its refusal, which has to be a sentence, and shown in every form of text. A region that
 * breaks a promise ends the program, and says by which seed and mutation it is had again.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "view.h"

static const char whole[] =
    "{\"winmem-maps\":1,\"pid\":7,\"name\":\"prog\",\"taken\":\"2026-11-30T21:30:00Z\",\"page\":4096,"
    "\"granularity\":65536,\"lowest\":\"0x10000\",\"highest\":\"0x7ffffffeffff\",\"book\":true,\"mappings\":3,"
    "\"most_mappings\":65530,\"system\":{\"committed\":123,\"commit_limit\":456}}\n"
    "{\"start\":\"0x10000\",\"bytes\":65536,\"type\":\"free\",\"state\":\"free\",\"protect\":\"\"}\n"
    "{\"start\":\"0x20000\",\"bytes\":16384,\"type\":\"private\",\"state\":\"commit\",\"protect\":\"rw\","
    "\"allocation\":\"0x20000\",\"allocation_protect\":\"rw\",\"resident\":8192,\"private\":8192,\"locked\":4096,"
    "\"lazy\":4096,\"swapped\":4096,\"pages\":\"lr.w\",\"is\":[\"watched\",\"locked\"]}\n"
    "{\"start\":\"0x24000\",\"bytes\":49152,\"type\":\"placeholder\",\"state\":\"reserve\",\"protect\":\"\","
    "\"allocation\":\"0x24000\",\"allocation_protect\":\"-\"}\n"
    "{\"start\":\"0x30000\",\"bytes\":8192,\"type\":\"mapped\",\"state\":\"commit\",\"protect\":\"rwc\","
    "\"allocation\":\"0x30000\",\"allocation_protect\":\"rwc\",\"resident\":4096,\"shared\":4096,\"pages\":\"s.\","
    "\"file\":\"/a \\\"b\\\"\\n\\u001b[31m\\\\\xc3\xa9\",\"is\":[\"file\"]}\n"
    "{\"start\":\"0x32000\",\"bytes\":4096,\"type\":\"private\",\"state\":\"commit\",\"protect\":\"rg\","
    "\"allocation\":\"0x32000\",\"allocation_protect\":\"rg\",\"later\":{\"a\":[1,2.5e9,null]}}\n"
    "{\"start\":\"0x33000\",\"bytes\":53248,\"type\":\"slack\",\"state\":\"free\",\"protect\":\"\"}\n"
    "{\"end\":true,\"regions\":6}\n";

static const char *const pieces[] = {
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\n",
    "0",
    "-1",
    "18446744073709551615",
    "9223372036854775807",
    "1e999",
    "4096",
    "0x7fffffffffffffff",
    "null",
    "true",
    "\\u0000",
    "\\ud800",
    "\xff",
    "\xf4\x90\x80\x80",
    "\xe2\x80\xae",
    "\x1b]0;x\x07",
    "99999999999r",
    "~",
    "\"pages\":",
    "\"is\":",
    "\"end\":true",
    "=1+1",
    "<script>",
    "%s%n",
};

enum { PIECES = sizeof pieces / sizeof pieces[0], ROOM = 1 << 17, CHANGES = 4 };

static uint64_t seed, number, accepted;
static uint64_t state;

static size_t any(size_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return below == 0 ? 0 : (size_t)(state % below);
}

/* --- mutations --- */

struct text {
    char bytes[ROOM];
    size_t length;
};

static void insert(struct text *t, size_t at, const char *what, size_t length)
{
    if (t->length + length > ROOM)
        return;
    memmove(t->bytes + at + length, t->bytes + at, t->length - at);
    memmove(t->bytes + at, what, length);
    t->length += length;
}

static void cut(struct text *t, size_t at, size_t length)
{
    length = length > t->length - at ? t->length - at : length;
    memmove(t->bytes + at, t->bytes + at + length, t->length - at - length);
    t->length -= length;
}

/* Some of it once more, elsewhere. */
static void repeat(struct text *t)
{
    char copy[256];
    size_t from = any(t->length), length = any(sizeof copy);

    length = length > t->length - from ? t->length - from : length;
    memcpy(copy, t->bytes + from, length);
    insert(t, any(t->length), copy, length);
}

static void lengthen(struct text *t)
{
    char many[4096];

    memset(many, "[r \"9"[any(5)], sizeof many);
    for (size_t i = any(18); i > 0; i--)
        insert(t, any(t->length), many, sizeof many);
}

/* A digit for a digit, so that what comes out is often still a file. */
static void change_digit(struct text *t)
{
    for (size_t tries = 0; tries < 100; tries++) {
        char *at = t->bytes + any(t->length);

        if (*at >= '0' && *at <= '9') {
            *at = (char)('0' + any(10));
            return;
        }
    }
}

static void mutate(struct text *t)
{
    const char *piece = pieces[any(PIECES)];

    switch (any(8)) {
    case 0: t->bytes[any(t->length)] = (char)any(256); break;
    case 1: t->bytes[any(t->length)] ^= (char)(1 << any(8)); break;
    case 2: insert(t, any(t->length), piece, strlen(piece)); break;
    case 3: cut(t, any(t->length), any(any(4) == 0 ? t->length : 8)); break;
    case 4: repeat(t); break;
    case 5:
        if (any(20) == 0)
            lengthen(t);
        break;
    default: change_digit(t); break;
    }
    if (t->length == 0)
        insert(t, 0, "{", 1);
}

/* --- what must hold --- */

static void must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "seed %" PRIu64 ", mutation %" PRIu64 ": %s\n", seed, number, what);
    abort();
}

static void check(const struct maps_region *r, uint64_t *end)
{
    must(r->bytes != 0 && r->start >= *end && r->start + r->bytes > r->start, "the order of regions");
    must(r->private + r->shared == r->resident && r->locked <= r->resident, "resident");
    must(r->resident + r->lazy + r->swapped <= r->bytes, "amounts");
    must((int)r->type >= 0 && r->type < MAPS_TYPES && (int)r->state >= 0 && r->state < MAPS_STATES, "words");
    must((r->state == MAPS_UNUSED) == (r->type == MAPS_FREE || r->type == MAPS_SLACK), "free");
    must(r->pages == NULL || strlen(r->pages) <= MAPS_MOST_PAGES, "the length of pages");
    *end = r->start + r->bytes;
}

static struct maps_stream *open_fd(int fd, struct maps_why *why)
{
    char path[32];

    lseek(fd, 0, SEEK_SET);
    snprintf(path, sizeof path, "/dev/fd/%d", fd);
    why->text[0] = 0;
    return maps_open_saved(path, why);
}

static void read_all(int fd)
{
    struct maps_why why;
    struct maps_stream *stream = open_fd(fd, &why);
    struct maps_region region;
    uint64_t end = 0;
    int more = -1;

    while (stream != NULL && (more = maps_next(stream, &region)) > 0)
        check(&region, &end);
    if (more < 0)
        must((stream == NULL ? &why : &stream->why)->text[0] != 0, "no sentence");
    accepted += more == 0;
    maps_close(stream);
}

static void show(int fd, int good, const struct maps_view *view, FILE *nowhere)
{
    struct maps_wanted wanted = {.last = UINT64_MAX, .width = (int)any(120), .sort = any(2) ? "size" : NULL};
    struct maps_why why;
    struct maps_stream *streams[2] = {open_fd(fd, &why), open_fd(good, &why)};

    if (streams[0] != NULL && view->argument != MAPS_SECONDS)
        view->show(streams, view->least, &wanted, nowhere, &why);
    maps_close(streams[0]);
    maps_close(streams[1]);
}

static int put_in_memory(const char *bytes, size_t length)
{
    int fd = memfd_create("saved", MFD_CLOEXEC);

    must(fd >= 0 && write(fd, bytes, length) == (ssize_t)length, "no memory for a file");
    return fd;
}

static void one(struct text *t, int good, FILE *nowhere)
{
    int fd;

    memcpy(t->bytes, whole, sizeof whole - 1);
    t->length = sizeof whole - 1;
    for (size_t changes = any(CHANGES) + 1; changes > 0; changes--)
        mutate(t);
    fd = put_in_memory(t->bytes, t->length);
    read_all(fd);
    show(fd, good, &maps_views[any((size_t)maps_view_count)], nowhere);
    close(fd);
}

int main(int argc, char **argv)
{
    uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : 20000;
    int good = put_in_memory(whole, sizeof whole - 1);
    FILE *nowhere = fopen("/dev/null", "we");
    static struct text text;

    seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    read_all(good);
    must(accepted == 1 && nowhere != NULL, "what is whole is refused");
    for (number = 0; number < count; number++) {
        state = (seed << 32 | (number + 1)) * 0x9e3779b97f4a7c15u | 1;
        one(&text, good, nowhere);
    }
    printf("%" PRIu64 " mutations, %" PRIu64 " of them accepted\n", count, accepted - 1);
    fclose(nowhere);
    close(good);
    return 0;
}
