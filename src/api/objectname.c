/*
 * objectname.c: from what a program gives to a name: its characters, its length, its namespace.
 *
 * A name is UTF-8 from here on, whichever function was called. Lengths count in units of 16 bits, as Windows counts
 * them. There are two directories of objects, and what stands before a backslash is one of them.
 */
#include "api/objectname.h"

#include <string.h>

#include "api/edge.h"
#include "api/modules.h"
#include "base/range.h"
#include "vm/ops.h"

enum { UNITS_MAX = 260 }; /* MAX_PATH */

/* The characters with a zero behind them, in units of whatever size. */
union chars {
    char narrow[4 * UNITS_MAX + 1];
    uint16_t utf16[UNITS_MAX + 1];
    uint32_t utf32[UNITS_MAX + 1];
};

static uint32_t unit_at(const void *chars, size_t unit, size_t i)
{
    uint32_t value = 0;

    memcpy(&value, (const char *)chars + i * unit, unit);
    return value;
}

/* How many units of 16 bits a character or byte of UTF-8 is. */
static size_t units_of(uint32_t value, size_t unit)
{
    if (unit == 1)
        return (value & 0xc0) == 0x80 ? 0 : value >= 0xf0 ? 2 : 1;
    return value > 0xffff ? 2 : 1;
}

/* Nobody knows how long it is, so each page is asked for when it is come to. */
static wm_status legible(const void *chars, size_t unit, size_t i)
{
    const char *at = (const char *)chars + i * unit;

    if (i != 0 && (uintptr_t)at % WM_PAGE >= unit)
        return WM_OK;
    return wm_edge_readable(at, unit);
}

static wm_status copy(const struct wm_given_name *given, union chars *out)
{
    size_t units = 0, i = 0, unit = given->unit;
    uint32_t value = 0;

    for (; given->length == WM_NAME_TERMINATED || i < given->length; i++) {
        wm_status st = legible(given->chars, unit, i);

        if (!wm_ok(st))
            return st;
        value = unit_at(given->chars, unit, i);
        units += units_of(value, unit);
        if (value == 0)
            break;
        if (units > UNITS_MAX || (i + 1) * unit >= sizeof *out - unit)
            return WM_NAME_TOO_LONG;
        memcpy(out->narrow + i * unit, &value, unit);
    }
    memset(out->narrow + i * unit, 0, unit);
    return WM_OK;
}

static bool to_utf8(const union chars *chars, size_t unit, char *out, size_t bytes)
{
    if (unit == sizeof(uint16_t))
        return wm_utf8_of_utf16(chars->utf16, out, bytes);
    if (unit == sizeof(uint32_t))
        return wm_utf8_of_utf32(chars->utf32, out, bytes);
    memcpy(out, chars->narrow, strlen(chars->narrow) + 1);
    return true;
}

static bool cut_prefix(char *text, const char *prefix)
{
    size_t length = strlen(prefix);

    if (strncmp(text, prefix, length) != 0)
        return false;
    memmove(text, text + length, strlen(text + length) + 1);
    return true;
}

/* What is left of text is the name. The root's directory of objects is that of Global. */
static wm_status read_prefix(char *text, bool absolute, struct wm_name *out)
{
    bool local;

    if (absolute && !cut_prefix(text, "\\BaseNamedObjects\\"))
        return WM_NAME_PREFIX;
    local = cut_prefix(text, "Local\\");
    out->global = !local && (cut_prefix(text, "Global\\") || absolute);
    out->bytes = (uint16_t)strlen(text);
    if (memchr(text, '\\', out->bytes) != NULL || (out->bytes == 0 && (local || out->global)))
        return WM_NAME_PREFIX;
    return WM_OK;
}

wm_status wm_read_object_name(const struct wm_given_name *given, struct wm_name *out)
{
    union chars chars;
    wm_status st;

    out->bytes = 0;
    if (given->chars == NULL)
        return WM_OK;
    st = copy(given, &chars);
    if (wm_ok(st) && !to_utf8(&chars, given->unit, out->text, sizeof out->text))
        st = WM_NAME_TOO_LONG;
    return wm_ok(st) ? read_prefix(out->text, given->absolute, out) : st;
}

/* A program that exits need not close its handles. */
__attribute__((destructor)) static void end_names(void)
{
    wm_op_end_names();
}
