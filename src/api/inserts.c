/*
 * inserts.c: a message definition, read character by character: escapes, inserts, line breaks.
 *
 * The formats are those of Microsoft's printf, of which this library's own C library knows a part and differs
 * in the rest: a long has 32 bits, I64 is a size, C and S are of the other width. So a format is taken apart
 * here, and snprintf is given one that it knows, with the value widened to 64 bits. Floating point is
 * refused, as the page says (D12.10i).
 *
 * A definition may be written several times and must come out the same, so arguments are taken from a list
 * once and kept (inserts.h). Everything is bounded: 128 KiB of text (D12.10g), 511 characters of a number,
 * 256 arguments. Strings to be inserted are read where the argument points to; a wild pointer is a fault, as
 * on Windows.
 */
#include "api/inserts.h"

#include <stdio.h>
#include <string.h>

#include "api/modules.h"

enum {
    LONGEST = 128 << 10, /* bytes that Windows allows a formatted message (D12.10g) */
    DIGITS = 512,        /* bytes of a number, with all that it is filled up with */
    NONE = -1
};

/* % number ! flags width . precision size conversion ! */
struct insert {
    size_t number;
    char flags[6];
    int width;
    int precision;
    char size; /* h, l, w, L for 64 bits, or 0 */
    char conversion;
    unsigned stars; /* of width and precision, how many are arguments */
};

static uint32_t peek(const struct wm_message *message)
{
    return wm_unit_get(message->definition, message->at, message->unit_bytes);
}

/* What is not ASCII means nothing in an insert. */
static char peek_ascii(const struct wm_message *message)
{
    uint32_t unit = peek(message);

    return unit < 0x80 ? (char)unit : '\0';
}

static bool skip(struct wm_message *message, char c)
{
    bool there = c != '\0' && peek_ascii(message) == c;

    message->at += there;
    return there;
}

/* The digits behind those that reach the bound are left, and are an error to whoever reads on. */
static int read_number(struct wm_message *message, int bound)
{
    int number = 0;
    char c = peek_ascii(message);

    while (c >= '0' && c <= '9' && number * 10 < bound) {
        number = number * 10 + (c - '0');
        message->at++;
        c = peek_ascii(message);
    }
    return number;
}

/* --- arguments --- */

/* The next of the list or array, and which that is. */
static wm_status take_next(struct wm_message *message, size_t *index)
{
    *index = message->next++;
    if (message->array == NULL && message->list == NULL)
        return WM_INSERT_ARGUMENTS;
    if (*index >= WM_MESSAGE_ARGUMENTS)
        return WM_INSERT_FORMAT;
    if (message->array == NULL && message->taken <= *index)
        message->arguments[message->taken++] = va_arg(*message->list, uintptr_t);
    return WM_OK;
}

/* The one of this number, from 1; those before it are taken as well. */
static wm_status take_numbered(struct wm_message *message, size_t number, size_t *index)
{
    wm_status st = WM_OK;

    if (message->array != NULL) {
        *index = number - 1;
        message->next = message->next < number ? number : message->next;
        return number <= WM_MESSAGE_ARGUMENTS ? WM_OK : WM_INSERT_FORMAT;
    }
    for (; wm_ok(st) && message->numbers < number; message->numbers++) {
        st = take_next(message, index);
        message->numbered[message->numbers] = (uint8_t)*index;
    }
    *index = message->numbered[number - 1];
    return st;
}

/* An insert's arguments in their order: the first has the insert's number, the last, if it is another one, has none. */
static wm_status take(struct wm_message *message, const struct insert *insert, bool is_last, uintptr_t *value)
{
    size_t index = 0;
    wm_status st;

    if (insert->stars == 0)
        st = take_numbered(message, insert->number, &index);
    else if (is_last || message->array != NULL)
        st = take_next(message, &index);
    else
        st = take_numbered(message, message->numbers + 1, &index);
    if (wm_ok(st))
        *value = message->array != NULL ? message->array[index] : message->arguments[index];
    return st;
}

/* --- formats --- */

static wm_status read_count(struct wm_message *message, struct insert *insert, int *count)
{
    wm_status st = WM_OK;
    uintptr_t value = 0;

    if (skip(message, '*')) {
        st = take(message, insert, false, &value);
        insert->stars++;
        *count = (int)value;
    } else {
        *count = read_number(message, LONGEST);
    }
    return wm_ok(st) && (*count >= LONGEST || *count <= -LONGEST) ? WM_MESSAGE_LONG : st;
}

/* As on Windows a long is 32 bits, so l means nothing to a number. I alone is the size of a pointer. */
static char read_size(struct wm_message *message)
{
    int bits;

    if (skip(message, 'I')) {
        bits = read_number(message, 100);
        return bits == 0 || bits == 64 ? 'L' : bits == 32 ? '\0' : '?';
    }
    if (skip(message, 'l'))
        return skip(message, 'l') ? 'L' : 'l';
    return skip(message, 'h') ? 'h' : skip(message, 'w') ? 'w' : '\0';
}

static void read_flags(struct wm_message *message, struct insert *insert)
{
    char c = peek_ascii(message);

    for (size_t i = 0; i < sizeof insert->flags - 1 && c != '\0' && strchr("-+ #0", c) != NULL; i++) {
        insert->flags[i] = c;
        message->at++;
        c = peek_ascii(message);
    }
}

static wm_status read_format(struct wm_message *message, struct insert *insert)
{
    wm_status st;

    read_flags(message, insert);
    st = read_count(message, insert, &insert->width);
    if (wm_ok(st) && skip(message, '.'))
        st = read_count(message, insert, &insert->precision);
    insert->size = read_size(message);
    insert->conversion = peek_ascii(message);
    if (wm_ok(st) && (insert->size == '?' || !skip(message, insert->conversion) || !skip(message, '!')))
        st = WM_INSERT_FORMAT;
    return st;
}

/*
 * An argument comes as a whole register, of which the caller has set as many bits as its type has: the rest
 * is not looked at.
 */
static long long widened(const struct insert *insert, uintptr_t value)
{
    bool is_signed = insert->conversion == 'd' || insert->conversion == 'i';

    if (insert->size == 'L' || insert->conversion == 'p')
        return (long long)value;
    if (insert->size == 'h')
        return is_signed ? (long long)(int16_t)value : (uint16_t)value;
    return is_signed ? (long long)(int32_t)value : (uint32_t)value;
}

/* %p is 16 upper-case digits, as Microsoft's is. */
static wm_status put_number(const struct insert *insert, uintptr_t value, struct wm_lines *lines)
{
    bool pointer = insert->conversion == 'p';
    char format[16], digits[DIGITS];
    int length;

    snprintf(format, sizeof format, "%%%s*.*ll%c", insert->flags, pointer ? 'X' : insert->conversion);
    length = snprintf(digits, sizeof digits, format, insert->width, pointer ? 16 : insert->precision,
                      widened(insert, value));
    if (length < 0 || length >= DIGITS)
        return WM_MESSAGE_LONG;
    for (int i = 0; i < length; i++)
        wm_lines_put(lines, (unsigned char)digits[i]);
    return WM_OK;
}

static void put_padded(const struct insert *insert, const void *text, size_t length, unsigned unit_bytes,
                       struct wm_lines *lines)
{
    bool left = insert->width < 0 || strchr(insert->flags, '-') != NULL;
    size_t width = (size_t)(insert->width < 0 ? -insert->width : insert->width), i;

    for (i = length; i < width && !left; i++)
        wm_lines_put(lines, ' ');
    for (i = 0; i < length; i++)
        wm_lines_put(lines, wm_unit_get(text, i, unit_bytes));
    for (i = length; i < width && left; i++)
        wm_lines_put(lines, ' ');
}

/* A string with a precision needs no terminator. */
static wm_status put_string(const struct wm_message *message, const struct insert *insert, uintptr_t value,
                            struct wm_lines *lines)
{
    bool own_wide = message->unit_bytes > 1, own = insert->conversion == 's';
    unsigned unit_bytes = value == 0 ? 1 : message->unit_bytes;
    const void *text = value == 0 ? "(null)" : (const void *)value;
    size_t most = insert->precision < 0 ? LONGEST + 1 : (size_t)insert->precision, length = 0;

    if (insert->size != '\0')
        own = own_wide == (insert->size != 'h');
    if (!own)
        return WM_INSERT_OTHER_WIDTH;
    while (length < most && wm_unit_get(text, length, unit_bytes) != 0)
        length++;
    put_padded(insert, text, length, unit_bytes, lines);
    return WM_OK;
}

/* One of the other width keeps its meaning: bytes are UTF-8. */
static void put_character(const struct wm_message *message, const struct insert *insert, uintptr_t value,
                          struct wm_lines *lines)
{
    bool own_wide = message->unit_bytes > 1;
    bool wide = insert->size == '\0' ? own_wide == (insert->conversion == 'c') : insert->size != 'h';
    uint32_t character[2] = {wide ? (uint32_t)value & 0x1fffff : (uint8_t)value, 0};
    char utf8[8];

    if (!own_wide && wide && character[0] != 0 && wm_utf8_of_utf32(character, utf8, sizeof utf8))
        put_padded(insert, utf8, strlen(utf8), 1, lines);
    else
        put_padded(insert, character, 1, own_wide ? message->unit_bytes : 1, lines);
}

static wm_status put_value(const struct wm_message *message, const struct insert *insert, uintptr_t value,
                           struct wm_lines *lines)
{
    switch (insert->conversion) {
    case 's':
    case 'S': return put_string(message, insert, value, lines);
    case 'c':
    case 'C': put_character(message, insert, value, lines); return WM_OK;
    default: break;
    }
    return strchr("diuoxXp", insert->conversion) != NULL ? put_number(insert, value, lines)
                                                         : WM_INSERT_FORMAT;
}

static wm_status put_insert(struct wm_message *message, struct wm_lines *lines)
{
    struct insert insert = {.precision = NONE, .conversion = 's'};
    uintptr_t value = 0;
    wm_status st = WM_OK;

    insert.number = (size_t)read_number(message, 100);
    if (skip(message, '!'))
        st = read_format(message, &insert);
    if (wm_ok(st))
        st = take(message, &insert, true, &value);
    return wm_ok(st) ? put_value(message, &insert, value, lines) : st;
}

/* --- the rest of a definition --- */

static uint32_t next(struct wm_message *message)
{
    uint32_t unit = peek(message);

    message->at += unit != 0;
    return unit;
}

static wm_status put_escape(struct wm_message *message, struct wm_lines *lines)
{
    uint32_t c = peek(message);

    if (c == 0)
        return WM_ESCAPE_CUT;
    if (c >= '1' && c <= '9' && !message->keep_inserts)
        return put_insert(message, lines);
    message->at++;
    switch (c) {
    case 'n': wm_lines_break(lines); break;
    case 'r': wm_lines_put(lines, '\r'); break;
    case 't': wm_lines_put(lines, '\t'); break;
    default:
        if (message->keep_inserts)
            wm_lines_put(lines, '%');
        wm_lines_put(lines, c == 'b' && !message->keep_inserts ? ' ' : c);
    }
    return WM_OK;
}

static void put_line_end(struct wm_message *message, uint32_t unit, struct wm_lines *lines)
{
    if (unit == '\r')
        skip(message, '\n');
    if (message->join_lines)
        wm_lines_put(lines, ' ');
    else
        wm_lines_break(lines);
}

static wm_status check_length(const struct wm_lines *lines)
{
    if (lines->length > LONGEST / lines->unit_bytes)
        return WM_MESSAGE_LONG;
    return lines->length > lines->wanted ? WM_MESSAGE_BUFFER : WM_OK;
}

/* %0 ends it. */
wm_status wm_message_write(struct wm_message *message, struct wm_lines *lines)
{
    wm_status st = WM_OK;
    uint32_t unit;

    message->at = message->next = message->numbers = 0;
    while (wm_ok(st) && (unit = next(message)) != 0 && !(unit == '%' && peek(message) == '0')) {
        if (unit == '%')
            st = put_escape(message, lines);
        else if (unit == '\r' || unit == '\n')
            put_line_end(message, unit, lines);
        else
            wm_lines_put(lines, unit);
        if (wm_ok(st))
            st = check_length(lines);
    }
    return st;
}
