/* list.c: regions, a line each (list.h). */
#include "list.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

static const struct maps_column columns[] = {
    {"start", -14, 0},       {"size", 7, 1},   {"state", -7, 4},   {"type", -11, 2},  {"prot", -5, 3},
    {"allocation", -14, -1}, {"made", -5, -1}, {"resident", 8, 5}, {"private", 7, 7}, {"shared", 7, 8},
    {"locked", 7, -1},       {"lazy", 7, -1},  {"swapped", 7, -1}, {"is", -14, 9},    {"file", 0, 6},
};

enum { COLUMNS = sizeof columns / sizeof columns[0] };

void maps_list_begin(struct maps_sheet *sheet, const struct maps_wanted *wanted, FILE *out)
{
    maps_sheet_begin(sheet, columns, COLUMNS, wanted->width, wanted->wide, out);
}

static const char *address(uint64_t at, char *out, size_t size)
{
    snprintf(out, size, "0x%" PRIx64, at);
    return out;
}

static const char *amount_or_none(uint64_t bytes, char out[MAPS_AMOUNT])
{
    return bytes == 0 ? "-" : maps_amount(bytes, out);
}

static const char *marks_of(unsigned is, char out[64])
{
    *out = 0;
    for (unsigned mark = 1; mark <= is; mark <<= 1)
        if (is & mark)
            strcat(strcat(out, *out == 0 ? "" : ","), maps_mark_word(mark));
    return out;
}

void maps_list_region(struct maps_sheet *sheet, const struct maps_region *r)
{
    char start[24], base[24], letters[2][MAPS_LETTERS], marks[64], amounts[7][MAPS_AMOUNT];
    char *file = r->file == NULL ? NULL : malloc(4 * strlen(r->file) + 1);
    bool used = r->state != MAPS_UNUSED;

    maps_letters(r->protect, letters[0]);
    maps_letters(r->allocation_protect, letters[1]);
    if (file != NULL)
        maps_shown(r->file, file, 4 * strlen(r->file) + 1);
    maps_sheet_row(sheet, (const char *const[COLUMNS]){
                              address(r->start, start, sizeof start), maps_amount(r->bytes, amounts[0]),
                              maps_state_word(r->state), maps_row_word(maps_row_of(r)), letters[0],
                              used ? address(r->allocation, base, sizeof base) : "", used ? letters[1] : "",
                              amount_or_none(r->resident, amounts[1]), amount_or_none(r->private, amounts[2]),
                              amount_or_none(r->shared, amounts[3]), amount_or_none(r->locked, amounts[4]),
                              amount_or_none(r->lazy, amounts[5]), amount_or_none(r->swapped, amounts[6]),
                              marks_of(r->is, marks), file == NULL ? "" : file});
    free(file);
}
