/*
 * changes.c: --diff: sums by type before and after, and each change on a line.
 *
 * Lines are printed as they are found, and the sums, which are known at the end, stand below them.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "changes.h"
#include "table.h"
#include "text.h"

static const struct maps_column columns[] = {
    {"change", -11, 0}, {"start", -14, 0}, {"size", 7, 1},     {"type", -11, 3},
    {"from", -10, 2},   {"to", -10, 2},    {"resident", 9, 4}, {"file", 0, 5},
};

enum { COLUMNS = sizeof columns / sizeof columns[0] };

/* "commit rw", "reserve", "free". */
static void condition(const struct maps_region *r, char out[24])
{
    char letters[MAPS_LETTERS];

    maps_letters(r->protect, letters);
    snprintf(out, 24, "%s", r->state == MAPS_COMMITTED ? letters : maps_state_word(r->state));
}

/* What is in memory of a region that came is all of it, of one that was cut nobody knows. */
static void more_or_less(uint64_t before, uint64_t after, char out[24])
{
    char amount[MAPS_AMOUNT];

    if (before == after)
        strcpy(out, "-");
    else
        snprintf(out, 24, "%c%s", after > before ? '+' : '-',
                 maps_amount(after > before ? after - before : before - after, amount));
}

void maps_changes_begin(struct maps_sheet *sheet, const struct maps_wanted *wanted, FILE *out)
{
    maps_sheet_begin(sheet, columns, COLUMNS, wanted->width, wanted->wide, out);
}

void maps_changes_row(struct maps_sheet *sheet, const struct maps_change *c)
{
    const struct maps_region *r = c->after.state == MAPS_UNUSED ? &c->before : &c->after;
    char start[24], size[MAPS_AMOUNT], from[24], to[24], resident[24];
    size_t room = r->file == NULL ? 1 : 4 * strlen(r->file) + 1;
    char *file = malloc(room);

    if (file == NULL)
        return;
    snprintf(start, sizeof start, "0x%" PRIx64, c->start);
    condition(&c->before, from);
    condition(&c->after, to);
    more_or_less(c->before.resident, c->after.resident, resident);
    maps_shown(r->file == NULL ? "" : r->file, file, room);
    maps_sheet_row(sheet, (const char *const[COLUMNS]){
                              maps_change_word(c->kind), start, maps_amount(c->end - c->start, size),
                              maps_row_word(maps_row_of(r)), from, to, resident, file});
    free(file);
}

/* --- sums --- */

/* A stream that is counted on its way. */
struct counted {
    struct maps_stream stream; /* first */
    struct maps_stream *inner;
    struct maps_totals totals;
};

static int next_counted(struct maps_stream *stream, struct maps_region *out)
{
    struct counted *c = (struct counted *)stream;
    int more = maps_next(c->inner, out);

    if (more > 0)
        maps_totals_add(&c->totals, out);
    if (more < 0)
        stream->why = c->inner->why;
    return more;
}

static const struct maps_column sums[] = {
    {"type", -11, 0},   {"size", 8, 0}, {"was", 7, 5},    {"committed", 9, 3}, {"was", 7, 7},
    {"resident", 9, 1}, {"was", 7, 6},  {"blocks", 9, 4}, {"were", 9, 8},
};

enum { SUMS = sizeof sums / sizeof sums[0] };

static void blocks_more(uint64_t before, uint64_t after, char out[24])
{
    if (before == after)
        strcpy(out, "-");
    else
        snprintf(out, 24, "%+" PRId64, (int64_t)(after - before));
}

static void print_sums(struct maps_sheet *sheet, const char *name, const struct maps_sum *a,
                       const struct maps_sum *b)
{
    char more[4][24], was[4][24];

    more_or_less(a->bytes, b->bytes, more[0]);
    more_or_less(a->committed, b->committed, more[1]);
    more_or_less(a->resident, b->resident, more[2]);
    blocks_more(a->blocks, b->blocks, more[3]);
    maps_amount(a->bytes, was[0]);
    maps_amount(a->committed, was[1]);
    maps_amount(a->resident, was[2]);
    snprintf(was[3], sizeof was[3], "%" PRIu64, a->blocks);
    maps_sheet_row(sheet, (const char *const[SUMS]){name, more[0], was[0], more[1], was[1], more[2], was[2],
                                                    more[3], was[3]});
}

static void print_table(const struct maps_totals *a, const struct maps_totals *b,
                        const struct maps_wanted *wanted, FILE *out)
{
    struct maps_sum all[2] = {maps_totals_all(a), maps_totals_all(b)};
    struct maps_sheet sheet;

    maps_sheet_begin(&sheet, sums, SUMS, wanted->width, wanted->wide, out);
    for (int i = 0; i < MAPS_ROWS; i++) {
        int row = maps_rows_shown[i];

        if (row == MAPS_FREE)
            print_sums(&sheet, "total", &all[0], &all[1]);
        if (a->rows[row].blocks != 0 || b->rows[row].blocks != 0)
            print_sums(&sheet, maps_row_word(row), &a->rows[row], &b->rows[row]);
    }
}

static bool print_changes(struct maps_stream *before, struct maps_stream *after,
                          const struct maps_wanted *wanted, FILE *out, struct maps_why *why)
{
    struct maps_diff *diff = maps_diff_open(before, after);
    struct maps_change change;
    struct maps_sheet sheet;
    int more = -1;

    maps_changes_begin(&sheet, wanted, out);
    while (diff != NULL && (more = maps_diff_next(diff, &change, why)) > 0)
        maps_changes_row(&sheet, &change);
    if (diff == NULL)
        maps_say(why, "no memory is left");
    maps_diff_close(diff);
    return more == 0;
}

bool maps_show_diff(struct maps_stream *const *streams, int count, const struct maps_wanted *wanted,
                    FILE *out, struct maps_why *why)
{
    struct counted sides[2];

    for (int i = 0; i < count; i++) {
        sides[i] =
            (struct counted){.stream = {.head = streams[i]->head, .next = next_counted}, .inner = streams[i]};
        maps_table_title(&streams[i]->head, wanted, out);
    }
    fputc('\n', out);
    if (!print_changes(&sides[0].stream, &sides[1].stream, wanted, out, why))
        return false;
    fputc('\n', out);
    print_table(&sides[0].totals, &sides[1].totals, wanted, out);
    return true;
}
