/*
 * json.c: writing lines of JSON (json.h).
 *
 * Of the form only strings are other people's; jansson writes them. All else are numbers and words of our own, written as
 * they are: a tree for each of a million regions would cost more than the walk.
 */
#include "json.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "view.h"

/* With its quotation marks. */
static void write_string(const char *name, const char *text, FILE *out)
{
    size_t size = 3 * strlen(text) + 1; /* a byte that is no UTF-8 becomes three */
    char *clean = malloc(size);
    json_t *string = NULL;

    if (clean != NULL) {
        maps_utf8(text, clean, size);
        string = json_string(clean);
    }
    fprintf(out, ",\"%s\":", name);
    if (string == NULL || json_dumpf(string, out, JSON_ENCODE_ANY) != 0)
        fputs("\"\"", out);
    json_decref(string);
    free(clean);
}

void maps_json_head(const struct maps_head *head, FILE *out)
{
    fprintf(out, "{\"winmem-maps\":1,\"pid\":%d", (int)head->pid);
    write_string("name", head->name, out);
    write_string("taken", head->taken, out);
    fprintf(out, ",\"page\":%" PRIu64 ",\"granularity\":%" PRIu64, head->page, head->granularity);
    fprintf(out, ",\"lowest\":\"0x%" PRIx64 "\",\"highest\":\"0x%" PRIx64 "\"", head->lowest, head->highest);
    fprintf(out, ",\"book\":%s,\"mappings\":%" PRIu64 ",\"most_mappings\":%" PRIu64,
            head->book ? "true" : "false", head->mappings, head->most_mappings);
    fprintf(out, ",\"system\":{\"committed\":%" PRIu64 ",\"commit_limit\":%" PRIu64 "}}", head->committed,
            head->commit_limit);
}

static void write_bytes(const char *name, uint64_t bytes, FILE *out)
{
    if (bytes != 0)
        fprintf(out, ",\"%s\":%" PRIu64, name, bytes);
}

static void write_marks(unsigned is, FILE *out)
{
    const char *before = ",\"is\":[";

    for (unsigned mark = 1; mark <= is && mark != 0; mark <<= 1)
        if (is & mark) {
            fprintf(out, "%s\"%s\"", before, maps_mark_word(mark));
            before = ",";
        }
    if (is != 0)
        fputc(']', out);
}

static void write_allocation(const struct maps_region *region, FILE *out)
{
    char letters[MAPS_LETTERS];

    maps_letters(region->allocation_protect, letters);
    fprintf(out, ",\"allocation\":\"0x%" PRIx64 "\",\"allocation_protect\":\"%s\"", region->allocation,
            letters);
}

void maps_json_region(const struct maps_region *region, FILE *out)
{
    char letters[MAPS_LETTERS];

    maps_letters(region->protect, letters);
    fprintf(out, "{\"start\":\"0x%" PRIx64 "\",\"bytes\":%" PRIu64, region->start, region->bytes);
    fprintf(out, ",\"type\":\"%s\",\"state\":\"%s\",\"protect\":\"%s\"", maps_type_word(region->type),
            maps_state_word(region->state), letters);
    if (region->state != MAPS_UNUSED)
        write_allocation(region, out);
    write_bytes("resident", region->resident, out);
    write_bytes("private", region->private, out);
    write_bytes("shared", region->shared, out);
    write_bytes("locked", region->locked, out);
    write_bytes("lazy", region->lazy, out);
    write_bytes("swapped", region->swapped, out);
    if (region->pages != NULL)
        fprintf(out, ",\"pages\":\"%s\"", region->pages);
    if (region->file != NULL)
        write_string("file", region->file, out);
    write_marks(region->is, out);
    fputc('}', out);
}

bool maps_json(struct maps_stream *stream, FILE *out)
{
    struct maps_region region;
    uint64_t regions = 0;
    int more;

    maps_json_head(&stream->head, out);
    fputc('\n', out);
    while ((more = maps_next(stream, &region)) > 0 && !ferror(out)) {
        maps_json_region(&region, out);
        fputc('\n', out);
        regions++;
    }
    if (more == 0)
        fprintf(out, "{\"end\":true,\"regions\":%" PRIu64 "}\n", regions);
    return more >= 0;
}

bool maps_show_json(struct maps_stream *const *streams, int count, const struct maps_wanted *wanted,
                    FILE *out, struct maps_why *why)
{
    (void)count;
    (void)wanted;
    if (maps_json(streams[0], out))
        return true;
    *why = streams[0]->why;
    return false;
}
