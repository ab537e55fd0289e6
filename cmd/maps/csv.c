/*
 * csv.c: regions as comma-separated values (RFC 4180, with a header): a line each, whatever their names are.
 *
 * Amounts are bytes. A name stands there as on a terminal: control characters as \xNN, so that no program that reads line
 * by line is led astray.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "view.h"

static const char header[] =
    "start,bytes,type,state,protect,allocation,allocation_protect,resident,private,shared,"
    "locked,lazy,swapped,is,pages,file\n";

/* In quotation marks, which are doubled inside. */
static void write_quoted(const char *text, FILE *out)
{
    fputc('"', out);
    for (; *text != 0; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void write_name(const char *name, FILE *out)
{
    size_t size = 4 * strlen(name) + 1;
    char *shown = malloc(size);

    if (shown != NULL) {
        maps_shown(name, shown, size);
        write_quoted(shown, out);
    }
    free(shown);
}

static void write_marks(unsigned is, FILE *out)
{
    const char *before = "";

    for (unsigned mark = 1; mark <= is; mark <<= 1)
        if (is & mark) {
            fprintf(out, "%s%s", before, maps_mark_word(mark));
            before = " ";
        }
}

static void write_region(const struct maps_region *r, FILE *out)
{
    char letters[MAPS_LETTERS];

    maps_letters(r->protect, letters);
    fprintf(out, "0x%" PRIx64 ",%" PRIu64 ",%s,%s,%s,", r->start, r->bytes, maps_type_word(r->type),
            maps_state_word(r->state), letters);
    maps_letters(r->allocation_protect, letters);
    if (r->state == MAPS_UNUSED)
        fputs(",,", out);
    else
        fprintf(out, "0x%" PRIx64 ",%s,", r->allocation, letters);
    fprintf(out, "%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",", r->resident,
            r->private, r->shared, r->locked, r->lazy, r->swapped);
    write_marks(r->is, out);
    fprintf(out, ",%s,", r->pages == NULL ? "" : r->pages);
    if (r->file != NULL)
        write_name(r->file, out);
    fputc('\n', out);
}

bool maps_show_csv(struct maps_stream *const *streams, int count, const struct maps_wanted *wanted, FILE *out,
                   struct maps_why *why)
{
    struct maps_region region;
    int more = 0;

    (void)count;
    (void)wanted;
    fputs(header, out);
    while (!ferror(out) && (more = maps_next(streams[0], &region)) > 0)
        write_region(&region, out);
    if (more < 0)
        *why = streams[0]->why;
    return more >= 0;
}
