/*
 * ink.c: elements, patterns and sizes (ink.h).
 *
 * Colours are Okabe and Ito's, as on the page; letters and patterns say the same without them. Numbers are written without
 * printf's %f, which has a comma for the point in some languages.
 */
#include "ink.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "model.h"

static const struct {
    const char *letters, *colour, *ink;
} looks[MAPS_ROWS] = {
    [MAPS_IMAGE] = {"Im", "#0072b2", "#fff"},  [MAPS_PRIVATE] = {"Pr", "#e69f00", "#000"},
    [MAPS_MAPPED] = {"Ma", "#56b4e9", "#000"}, [MAPS_HEAP] = {"He", "#d55e00", "#000"},
    [MAPS_STACK] = {"St", "#009e73", "#000"},  [MAPS_PLACEHOLDER] = {"Ph", "#cc79a7", "#000"},
    [MAPS_SLACK] = {"Sl", "#8a8a8a", "#000"},  [MAPS_FREE] = {"Fr", "#ffffff", "#555"},
    [MAPS_OTHER] = {"Ot", "#5a5a5a", "#fff"},  [MAPS_ROW_GUARD] = {"Gu", "#f0e442", "#000"},
};

static void put_number(const char *name, double value, FILE *out)
{
    long hundredths = lround(value * 100);

    fprintf(out, " %s=\"%ld.%02ld\"", name, hundredths / 100, labs(hundredths % 100));
}

void maps_ink_rect(FILE *out, double x, double y, double width, double height)
{
    fputs("<rect", out);
    put_number("x", x, out);
    put_number("y", y, out);
    put_number("width", fmax(0, width), out);
    put_number("height", height, out);
}

void maps_ink_text(FILE *out, double x, double y)
{
    fputs("<text", out);
    put_number("x", x, out);
    put_number("y", y, out);
}

bool maps_ink_is_patterned(int row, int state)
{
    return state != MAPS_COMMITTED || row == MAPS_ROW_GUARD;
}

void maps_ink_fill(FILE *out, int row, int state)
{
    if (maps_ink_is_patterned(row, state))
        fprintf(out, " fill=\"url(#p%d)\" stroke=\"%s\"", row, looks[row].colour);
    else
        fprintf(out, " fill=\"%s\"", looks[row].colour);
}

const char *maps_ink_letters(int row)
{
    return looks[row].letters;
}

const char *maps_ink_of_letters(int row)
{
    return looks[row].ink;
}

/* Lines; crossed for placeholders, upright for guards, dots for slack. */
static const char *lines_of(int row)
{
    return row == MAPS_PLACEHOLDER ? "M-1 8L8-1M-1-1L8 8"
           : row == MAPS_ROW_GUARD ? "M3.5 0V7"
           : row == MAPS_SLACK     ? "M3 3.5h1"
                                   : "M-1 8L8-1";
}

void maps_ink_patterns(FILE *out)
{
    fputs("<defs>\n", out);
    for (int row = 0; row < MAPS_ROWS; row++) {
        bool guard = row == MAPS_ROW_GUARD;

        fprintf(out,
                "<pattern id=\"p%d\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\">"
                "<rect width=\"7\" height=\"7\" fill=\"#fff\"/>"
                "<rect width=\"7\" height=\"7\" fill=\"%s\" opacity=\"%s\"/>"
                "<path d=\"%s\" stroke=\"%s\" stroke-width=\"1.2\"/></pattern>\n",
                row, looks[row].colour, guard ? "1" : "0.2", lines_of(row),
                guard ? "#6b6617" : looks[row].colour);
    }
    fputs("</defs>\n", out);
}

/* Three digits at most, or four of a whole number. */
void maps_ink_size(uint64_t bytes, char out[MAPS_SIZE_TEXT])
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    unsigned unit = 0;
    uint64_t scale = 1, whole, tenths;

    while (unit < 6 && bytes / scale >= 1024) {
        scale *= 1024;
        unit++;
    }
    whole = bytes / scale;
    tenths = scale < 10 ? 0 : (bytes % scale) / (scale / 10 + 1);
    if (whole < 100 && tenths != 0)
        snprintf(out, MAPS_SIZE_TEXT, "%" PRIu64 ".%" PRIu64 " %s", whole, tenths, units[unit]);
    else
        snprintf(out, MAPS_SIZE_TEXT, "%" PRIu64 " %s", whole, units[unit]);
}
