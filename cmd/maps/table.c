/* table.c: the table by type (table.h). */
#include "table.h"

#include <inttypes.h>
#include <stdarg.h>

#include "sheet.h"
#include "text.h"

/* The amounts of a sum in the order of their columns. */
static const struct {
    struct maps_column column;
    size_t member;
} amounts[] = {
    {{"size", 7, 0}, offsetof(struct maps_sum, bytes)},
    {{"committed", 9, 3}, offsetof(struct maps_sum, committed)},
    {{"resident", 8, 1}, offsetof(struct maps_sum, resident)},
    {{"private", 7, 2}, offsetof(struct maps_sum, private)},
    {{"shared", 7, 6}, offsetof(struct maps_sum, shared)},
    {{"locked", 7, 8}, offsetof(struct maps_sum, locked)},
    {{"lazy", 7, 9}, offsetof(struct maps_sum, lazy)},
    {{"swapped", 7, 7}, offsetof(struct maps_sum, swapped)},
    {{"blocks", 8, 4}, offsetof(struct maps_sum, blocks)},
    {{"largest", 7, 5}, offsetof(struct maps_sum, largest)},
};

enum { AMOUNTS = sizeof amounts / sizeof amounts[0], COLUMNS = AMOUNTS + 1 };

static void print_sum(struct maps_sheet *sheet, const char *name, const struct maps_sum *sum)
{
    char texts[AMOUNTS][24];
    const char *cells[COLUMNS] = {name};

    for (int i = 0; i < AMOUNTS; i++) {
        uint64_t amount = *(const uint64_t *)((const char *)sum + amounts[i].member);

        if (amounts[i].member == offsetof(struct maps_sum, blocks))
            snprintf(texts[i], sizeof texts[i], "%" PRIu64, amount);
        else
            maps_amount(amount, texts[i]);
        cells[i + 1] = amount == 0 ? "-" : texts[i];
    }
    maps_sheet_row(sheet, cells);
}

void maps_table(const struct maps_totals *totals, const struct maps_wanted *wanted, FILE *out)
{
    struct maps_column columns[COLUMNS] = {{"type", -11, 0}};
    struct maps_sum all = maps_totals_all(totals);
    struct maps_sheet sheet;

    for (int i = 0; i < AMOUNTS; i++)
        columns[i + 1] = amounts[i].column;
    maps_sheet_begin(&sheet, columns, COLUMNS, wanted->width, wanted->wide, out);
    for (int i = 0; i < MAPS_ROWS; i++) {
        int row = maps_rows_shown[i];

        if (row == MAPS_FREE)
            print_sum(&sheet, "total", &all);
        if (totals->rows[row].blocks != 0)
            print_sum(&sheet, maps_row_word(row), &totals->rows[row]);
    }
}

/* --- words around it --- */

static void print_line(const struct maps_wanted *wanted, FILE *out, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void print_line(const struct maps_wanted *wanted, FILE *out, const char *format, ...)
{
    char line[512];
    va_list list;

    va_start(list, format);
    vsnprintf(line, sizeof line, format, list);
    va_end(list);
    maps_cut(line, wanted->width == 0 ? INT32_MAX : wanted->width, out);
    fputc('\n', out);
}

void maps_table_title(const struct maps_head *head, const struct maps_wanted *wanted, FILE *out)
{
    char name[4 * sizeof head->name];
    char taken[4 * sizeof head->taken];

    maps_shown(head->name, name, sizeof name);
    maps_shown(head->taken, taken, sizeof taken);
    print_line(wanted, out, "%s, process %d, %s%s", name, (int)head->pid, taken,
               head->book ? ", uses winmem" : "");
}

void maps_table_notes(const struct maps_head *head, const struct maps_totals *totals,
                      const struct maps_wanted *wanted, FILE *out)
{
    const struct maps_sum *free = &totals->rows[MAPS_FREE];
    struct maps_sum all = maps_totals_all(totals);
    char first[MAPS_AMOUNT], second[MAPS_AMOUNT];

    if (free->blocks != 0)
        print_line(wanted, out, "largest free block: %s at 0x%" PRIx64, maps_amount(free->largest, first),
                   totals->largest_free);
    if (all.lazy != 0)
        print_line(wanted, out, "lazily freed: %s, not counted as resident", maps_amount(all.lazy, first));
    if (head->most_mappings != 0)
        print_line(wanted, out, "mappings: %" PRIu64 " of %" PRIu64, head->mappings, head->most_mappings);
    if (head->commit_limit != 0)
        print_line(wanted, out, "committed by the whole system: %s of %s",
                   maps_amount(head->committed, first), maps_amount(head->commit_limit, second));
}
