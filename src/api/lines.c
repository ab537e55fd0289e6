/*
 * lines.c: text in lines (lines.h).
 *
 *   blanks <= word <= length; [blanks, word) are the last blanks of the last line, [word, length) what follows
 *   them; blanks == word: the line has no blank to break at yet
 *
 * Positions are counted whether there is room or not; what lies beyond the room is neither stored nor read.
 * So the first pass, without a buffer, takes the same decisions as the second.
 */
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

static void copy(struct wm_lines *lines, size_t to, size_t from)
{
    if (from < lines->room)
        store(lines, to, wm_unit_get(lines->text, from, lines->unit_bytes));
}

/* Source and target may overlap: it begins at the end that is not overwritten. */
static void move(struct wm_lines *lines, size_t to, size_t from, size_t count)
{
    for (size_t i = 0; i < count && to <= from; i++)
        copy(lines, to + i, from + i);
    for (size_t i = count; i > 0 && to > from; i--)
        copy(lines, to + i - 1, from + i - 1);
}

static void end_line(struct wm_lines *lines, size_t at)
{
    store(lines, at, '\r');
    store(lines, at + 1, '\n');
    lines->length = lines->blanks = lines->word = at + 2;
    lines->column = 0;
}

/* What has been put behind the blanks goes behind the break that takes their place. */
static void wrap(struct wm_lines *lines)
{
    size_t at = lines->blanks, count = lines->length - lines->word;

    move(lines, at + 2, lines->word, count);
    end_line(lines, at);
    lines->length += count;
    lines->column = count;
}

static void put_blank(struct wm_lines *lines)
{
    if (lines->word != lines->length || lines->word == lines->blanks)
        lines->blanks = lines->length;
    lines->word = lines->length + 1;
}

void wm_lines_put(struct wm_lines *lines, uint32_t unit)
{
    if (unit == ' ')
        put_blank(lines);
    store(lines, lines->length++, unit);
    lines->column += unit != '\r';
    if (lines->width == 0 || lines->column != lines->width)
        return;
    if (lines->word > lines->blanks)
        wrap(lines);
    else
        end_line(lines, lines->length);
}

void wm_lines_break(struct wm_lines *lines)
{
    end_line(lines, lines->length);
}

void wm_lines_begin(struct wm_lines *lines, void *text, size_t room)
{
    lines->text = text;
    lines->room = room;
    lines->length = lines->column = lines->blanks = lines->word = 0;
}
