#include "api/lines.h"

#include <string.h>

/* memcpy: a caller's string may begin at any address. */
uint32_t wm_unit_get(const void *text, size_t i, unsigned unit_bytes)
{
    uint32_t unit = 0; /* little endian: the low bytes come first */

    memcpy(&unit, (const char *)text + i * unit_bytes, unit_bytes);
    return unit;
}

void wm_unit_set(void *text, size_t i, unsigned unit_bytes, uint32_t unit)
{
    memcpy((char *)text + i * unit_bytes, &unit, unit_bytes);
}

static void store(struct wm_lines *lines, size_t i, uint32_t unit)
{
    if (i < lines->room)
        wm_unit_set(lines->text, i, lines->unit_bytes, unit);
}

/* The white space before the word becomes a line break, which is one unit longer. */
static void wrap(struct wm_lines *lines)
{
    for (size_t i = lines->length; i > lines->word && i < lines->room; i--)
        store(lines, i, wm_unit_get(lines->text, i - 1, lines->unit_bytes));
    store(lines, lines->word - 1, '\r');
    store(lines, lines->word, '\n');
    lines->length++;
    lines->line = ++lines->word;
}

static int too_long(const struct wm_lines *lines)
{
    return lines->width != 0 && lines->length - lines->line > lines->width;
}

/* A word is never split: one that is wider than a line has a line of its own. */
void wm_lines_put(struct wm_lines *lines, uint32_t unit)
{
    store(lines, lines->length++, unit);
    if (unit == '\n')
        lines->line = lines->word = lines->length;
    else if (unit == ' ' || unit == '\t')
        lines->word = lines->length;
    else if (unit != '\r' && too_long(lines) && lines->word > lines->line)
        wrap(lines);
}

void wm_lines_break(struct wm_lines *lines)
{
    wm_lines_put(lines, '\r');
    wm_lines_put(lines, '\n');
}
