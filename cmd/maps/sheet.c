/* sheet.c: rows that fit the terminal (sheet.h). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "sheet.h"
#include "text.h"

/* What is left must be worth having. */
enum { LEAST_REST = 12 };

static int space_of(const struct maps_column *column)
{
    return column->width == 0 ? LEAST_REST : abs(column->width);
}

static int needed(const struct maps_sheet *s)
{
    int all = -1;

    for (int i = 0; i < s->count; i++)
        if (s->shown[i])
            all += 1 + space_of(&s->columns[i]);
    return all;
}

/* The column that is missed least, or -1. */
static int least(const struct maps_sheet *s)
{
    int found = -1;

    for (int i = 0; i < s->count; i++)
        if (s->shown[i] && s->columns[i].drop > (found < 0 ? 0 : s->columns[found].drop))
            found = i;
    return found;
}

void maps_sheet_begin(struct maps_sheet *s, const struct maps_column *columns, int count, int width,
                      bool wide, FILE *out)
{
    const char *titles[MAPS_MOST_COLUMNS];
    int drop;

    *s = (struct maps_sheet){.columns = columns, .count = count, .width = width, .out = out};
    for (int i = 0; i < MAPS_MOST_COLUMNS; i++) {
        s->shown[i] = i < count && (wide || columns[i].drop >= 0);
        titles[i] = i < count ? columns[i].title : "";
    }
    while (width != 0 && needed(s) > width && (drop = least(s)) >= 0)
        s->shown[drop] = false;
    maps_sheet_row(s, titles);
}

static void print_spaces(struct maps_sheet *s, int count)
{
    for (; count > 0; count--)
        putc_unlocked(' ', s->out);
}

/* Nothing stands behind it, so nothing has to be kept from it. */
static bool is_last(const struct maps_sheet *s, int column, const char *const *cells)
{
    for (int i = column + 1; i < s->count; i++)
        if (s->shown[i] && *cells[i] != 0)
            return false;
    return true;
}

/* Prints one cell at column `at` and returns where the next one may begin. */
static int print_cell(struct maps_sheet *s, int column, const char *const *cells, int at)
{
    int width = s->columns[column].width, room = s->width == 0 ? INT32_MAX : s->width - at;
    int length = maps_text_width(cells[column]), printed;

    if (width > 0 && length < width && width <= room) {
        print_spaces(s, width - length);
        at += width - length;
        room -= width - length;
    }
    printed = maps_cut(cells[column], room, s->out);
    if (width < 0 && printed < -width && !is_last(s, column, cells)) {
        print_spaces(s, -width - printed < room - printed ? -width - printed : room - printed);
        printed = -width;
    }
    return at + printed;
}

void maps_sheet_row(struct maps_sheet *s, const char *const *cells)
{
    int at = 0;

    for (int i = 0; i < s->count; i++) {
        if (!s->shown[i] || (*cells[i] == 0 && is_last(s, i, cells)))
            continue;
        if (at > 0 && (s->width == 0 || at < s->width)) {
            putc_unlocked(' ', s->out);
            at++;
        }
        at = print_cell(s, i, cells, at);
    }
    putc_unlocked('\n', s->out);
}

int maps_cut(const char *text, int width, FILE *out)
{
    int at = maps_text_width(text);

    if (at <= width) {
        fputs_unlocked(text, out);
        return at;
    }
    at = 0;

    while (*text != 0) {
        size_t bytes;
        int columns = maps_character_width(text, &bytes);

        if (at + columns > width)
            break;
        fwrite(text, 1, bytes, out);
        at += columns;
        text += bytes;
    }
    return at;
}

const char *maps_amount(uint64_t bytes, char out[MAPS_AMOUNT])
{
    static const char units[] = "BKMGTPE";
    uint64_t whole = bytes, rest = 0;
    int unit = 0;

    do {
        rest = whole % 1024;
        whole /= 1024;
    } while (units[++unit + 1] != 0 && whole >= 1024);
    if (bytes == 0)
        snprintf(out, MAPS_AMOUNT, "0");
    else if (whole < 100 && rest * 10 / 1024 != 0)
        snprintf(out, MAPS_AMOUNT, "%" PRIu64 ".%" PRIu64 "%c", whole, rest * 10 / 1024, units[unit]);
    else
        snprintf(out, MAPS_AMOUNT, "%" PRIu64 "%c", whole, units[unit]);
    return out;
}

int maps_width_of(FILE *file)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size;
    long told = columns == NULL ? 0 : strtol(columns, NULL, 10);

    if (told > 0 && told <= 10000)
        return (int)told;
    if (!isatty(fileno(file)))
        return 0;
    return ioctl(fileno(file), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}
