/* caption.c: title and legend (caption.h). */
#include "caption.h"

#include <inttypes.h>

#include "ink.h"
#include "xml.h"

void maps_caption(const struct maps_overview *overview, double x, FILE *out)
{
    struct maps_sum all = maps_totals_all(&overview->totals);
    char size[MAPS_SIZE_TEXT], committed[MAPS_SIZE_TEXT], resident[MAPS_SIZE_TEXT];

    maps_ink_size(all.bytes, size);
    maps_ink_size(all.committed, committed);
    maps_ink_size(all.resident, resident);
    maps_ink_text(out, x, 34);
    fputs(" font-size=\"19\" font-weight=\"bold\">", out);
    maps_xml_text(overview->head.name, 60, out);
    fprintf(out, " (%d)</text>\n", (int)overview->head.pid);
    maps_ink_text(out, x, 54);
    fputs(" fill=\"#666\">", out);
    maps_xml_text(overview->head.taken, 40, out);
    fprintf(out, " \xc2\xb7 %s in use \xc2\xb7 %s committed \xc2\xb7 %s in memory</text>\n", size, committed,
            resident);
}

static void put_badge(int row, double x, double y, FILE *out)
{
    bool pattern = row == MAPS_PLACEHOLDER || row == MAPS_SLACK;

    maps_ink_rect(out, x, y, 22, 15);
    fputs(" rx=\"3\"", out);
    maps_ink_fill(out, row, pattern ? MAPS_RESERVED : MAPS_COMMITTED);
    fputs(row == MAPS_FREE ? " stroke=\"#bbb\"/>" : "/>", out);
    maps_ink_text(out, x + 11, y + 11.5);
    fprintf(out, " text-anchor=\"middle\" font-weight=\"bold\" font-size=\"10\" fill=\"%s\">%s</text>",
            maps_ink_of_letters(row), maps_ink_letters(row));
}

static void put_kind(const struct maps_overview *overview, int row, double x, double y, FILE *out)
{
    const struct maps_sum *sum = &overview->totals.rows[row];
    char size[MAPS_SIZE_TEXT], committed[MAPS_SIZE_TEXT], resident[MAPS_SIZE_TEXT];

    maps_ink_size(sum->bytes, size);
    maps_ink_size(sum->committed, committed);
    maps_ink_size(sum->resident, resident);
    put_badge(row, x, y, out);
    maps_ink_text(out, x + 30, y + 11);
    fprintf(out, ">%s: %s in %" PRIu64 "</text>\n", maps_row_word(row), size, sum->blocks);
    if (row == MAPS_FREE || row == MAPS_SLACK)
        return;
    maps_ink_text(out, x + 30, y + 25);
    fprintf(out, " fill=\"#666\">%s committed, %s in memory</text>\n", committed, resident);
}

int maps_legend_rows(const struct maps_overview *overview)
{
    int kinds = 0;

    for (int i = 0; i < MAPS_ROWS; i++)
        kinds += overview->totals.rows[maps_rows_shown[i]].blocks > 0;
    return (kinds + MAPS_LEGEND_COLUMNS - 1) / MAPS_LEGEND_COLUMNS;
}

void maps_legend(const struct maps_overview *overview, double x, double y, FILE *out)
{
    int column = 0;

    for (int i = 0; i < MAPS_ROWS; i++) {
        if (overview->totals.rows[maps_rows_shown[i]].blocks == 0)
            continue;
        put_kind(overview, maps_rows_shown[i], x + 290 * column, y, out);
        column = (column + 1) % MAPS_LEGEND_COLUMNS;
        y += column == 0 ? MAPS_LEGEND_HEIGHT : 0;
    }
}
