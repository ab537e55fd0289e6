/*
 * wsprintf.c: wsprintf, wvsprintf: texts of a format, up to 1,023 characters, without numbers that have a point.
 *
 * A format is taken apart here and not by libc's printf, because sizes mean what they mean on Windows: a long has 32 bits. The
 * text is put together in UTF-8 and becomes the caller's characters at the end; widths and precisions count characters.
 */
#include <winuser.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/wide.h"
#include "win32/text/unicode.h"
#include "win32/wide32.h"

enum { MOST = 1023, NUMBER_BYTES = 40 };

/* Of whom and to whom: units of his characters, and of his wide ones. */
struct caller {
    unsigned unit_bytes, wide_bytes;
};

struct text {
    char bytes[4 * MOST + 1];
    size_t length, characters;
};

/* One conversion: what stands between the percent sign and its letter. */
struct spec {
    bool left, alternative, zeros;
    size_t width, precision; /* SIZE_MAX: none */
    enum { SIZE_INT, SIZE_SHORT, SIZE_LONG, SIZE_INT64, SIZE_POINTER } size;
    char letter;
};

static void put(struct text *text, uint32_t character)
{
    if (text->characters == MOST)
        return;
    text->length += wm_put_utf8(character, text->bytes + text->length, 4);
    text->characters++;
}

static void pad(struct text *text, size_t count, char with)
{
    for (; count > 0; count--)
        put(text, (unsigned char)with);
}

/* At most so many characters of the text, in a field of the spec's width. */
static void put_field(struct text *text, const struct spec *spec, const char *field, size_t most)
{
    size_t bytes = strlen(field), count = 0, taken = 0;
    uint32_t c;

    while (taken < bytes && count < most) {
        taken += wm_take_utf8(field + taken, bytes - taken, &c);
        count++;
    }
    if (!spec->left && spec->width > count)
        pad(text, spec->width - count, spec->zeros ? '0' : ' ');
    for (size_t at = 0; at < taken;) {
        at += wm_take_utf8(field + at, taken - at, &c);
        put(text, c == WM_NO_CHARACTER ? WM_REPLACEMENT : c);
    }
    if (spec->left && spec->width > count)
        pad(text, spec->width - count, ' ');
}

/* --- reading a format --- */

static size_t read_number(const char **p)
{
    size_t number = 0;

    for (; **p >= '0' && **p <= '9'; *p += 1)
        number = number > MOST ? number : number * 10 + (size_t)(**p - '0');
    return number;
}

static void read_flags(const char **p, struct spec *spec)
{
    for (;; *p += 1) {
        if (**p == '-')
            spec->left = true;
        else if (**p == '#')
            spec->alternative = true;
        else if (**p == '0')
            spec->zeros = true;
        else
            return;
    }
}

static void read_size(const char **p, struct spec *spec)
{
    static const struct {
        const char *text;
        int size;
    } sizes[] = {{"I64", SIZE_INT64}, {"I32", SIZE_INT}, {"I", SIZE_POINTER}, {"ll", SIZE_INT64},
                 {"l", SIZE_LONG},    {"w", SIZE_LONG},  {"h", SIZE_SHORT}};

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        if (strncmp(*p, sizes[i].text, strlen(sizes[i].text)) == 0) {
            *p += strlen(sizes[i].text);
            spec->size = sizes[i].size;
            return;
        }
}

static struct spec read_spec(const char **p)
{
    struct spec spec = {.precision = SIZE_MAX};

    read_flags(p, &spec);
    spec.width = read_number(p);
    if (**p == '.') {
        *p += 1;
        spec.precision = read_number(p);
    }
    read_size(p, &spec);
    spec.letter = **p;
    *p += **p != '\0';
    return spec;
}

/* --- values --- */

static uint64_t number_of(const struct spec *spec, va_list *arguments)
{
    bool has_sign = spec->letter == 'd' || spec->letter == 'i';

    if (spec->size == SIZE_INT64 || spec->size == SIZE_POINTER)
        return va_arg(*arguments, uint64_t);
    if (spec->size == SIZE_SHORT) {
        int number = va_arg(*arguments, int);

        return has_sign ? (uint64_t)(int16_t)number : (uint16_t)number;
    }
    return has_sign ? (uint64_t)va_arg(*arguments, int) : va_arg(*arguments, unsigned);
}

/* Its digits, as many as the precision wants, with what stands before them. */
static void put_number(struct text *text, struct spec *spec, va_list *arguments)
{
    uint64_t number = number_of(spec, arguments);
    bool hex = spec->letter == 'x' || spec->letter == 'X',
         minus = !hex && spec->letter != 'u' && (int64_t)number < 0;
    const char *before = minus ? "-" : hex && spec->alternative ? spec->letter == 'x' ? "0x" : "0X" : "";
    char digits[NUMBER_BYTES], field[MOST + NUMBER_BYTES];
    size_t count, zeros, at, wanted = spec->precision == SIZE_MAX ? 1 : spec->precision;

    snprintf(digits, sizeof digits,
             spec->letter == 'x' ? "%llx"
             : hex               ? "%llX"
                                 : "%llu",
             (unsigned long long)(minus ? -number : number));
    count = strlen(digits);
    if (spec->zeros && !spec->left && spec->precision == SIZE_MAX && spec->width > strlen(before))
        wanted = spec->width - strlen(before);
    if (wanted > MOST)
        wanted = MOST;
    zeros = wanted > count ? wanted - count : 0;
    at = (size_t)snprintf(field, sizeof field, "%s", before);
    memset(field + at, '0', zeros);
    memcpy(field + at + zeros, digits, count + 1);
    spec->zeros = false;
    put_field(text, spec, field, SIZE_MAX);
}

static bool is_wide(const struct spec *spec, const struct caller *caller)
{
    bool other = spec->letter == 'S' || spec->letter == 'C';

    if (spec->size == SIZE_SHORT || spec->size == SIZE_LONG)
        return spec->size == SIZE_LONG;
    return (caller->unit_bytes > 1) != other;
}

static void put_string(struct text *text, const struct spec *spec, const struct caller *caller,
                       const void *string)
{
    char *copy = wm_utf8_copy(string, is_wide(spec, caller) ? caller->wide_bytes : 1);

    put_field(text, spec, string == NULL ? "(null)" : copy == NULL ? "" : copy, spec->precision);
    free(copy);
}

static void put_character(struct text *text, const struct spec *spec, unsigned character)
{
    char field[5] = "";

    wm_put_utf8(character > 0x10ffff ? WM_REPLACEMENT : character, field, 4);
    put_field(text, spec, field, SIZE_MAX);
}

static void put_pointer(struct text *text, const struct spec *spec, const void *pointer)
{
    char field[NUMBER_BYTES];

    snprintf(field, sizeof field, "%016llX", (unsigned long long)(uintptr_t)pointer);
    put_field(text, spec, field, SIZE_MAX);
}

/* A letter that means nothing stands for itself. */
static void put_value(struct text *text, struct spec *spec, const struct caller *caller, va_list *arguments)
{
    switch (spec->letter) {
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X': put_number(text, spec, arguments); break;
    case 's':
    case 'S': put_string(text, spec, caller, va_arg(*arguments, const void *)); break;
    case 'c':
    case 'C': put_character(text, spec, va_arg(*arguments, unsigned)); break;
    case 'p': put_pointer(text, spec, va_arg(*arguments, const void *)); break;
    case '\0': break;
    default: put(text, (unsigned char)spec->letter);
    }
}

static void print(struct text *text, const char *format, const struct caller *caller, va_list *arguments)
{
    size_t left = strlen(format);

    while (*format != '\0') {
        uint32_t c;
        size_t bytes = wm_take_utf8(format, left, &c);
        const char *next = format + bytes;

        if (c == '%') {
            struct spec spec = read_spec(&next);

            put_value(text, &spec, caller, arguments);
        } else {
            put(text, c == WM_NO_CHARACTER ? WM_REPLACEMENT : c);
        }
        left -= (size_t)(next - format);
        format = next;
    }
    text->bytes[text->length] = '\0';
}

/* --- as the functions have it --- */

static int print_to(void *out, const void *format, const struct caller *caller, va_list *arguments)
{
    char *copy = wm_utf8_copy(format, caller->unit_bytes);
    struct text text = {.length = 0};

    if (copy != NULL)
        print(&text, copy, caller, arguments);
    free(copy);
    if (caller->unit_bytes == sizeof(uint16_t))
        return (int)wm_utf16_of_utf8(text.bytes, out, SIZE_MAX);
    if (caller->unit_bytes == sizeof(uint32_t))
        return (int)wm_utf32_of_utf8(text.bytes, out, SIZE_MAX);
    memcpy(out, text.bytes, text.length + 1);
    return (int)text.length;
}

static int print_traced(const char *function, void *out, const void *format, const struct caller *caller,
                        va_list arguments)
{
    va_list own;
    int length;

    va_copy(own, arguments);
    length = print_to(out, format, caller, &own);
    va_end(own);
    WM_TRACE_AS(function, WM_OK, WM_RETURNS(WM_DECIMAL((DWORD)length)), WM_HEX(out), WM_HEX(format));
    return length;
}

int WINAPI wvsprintfA(LPSTR out, LPCSTR format, va_list arglist)
{
    return print_traced(__func__, out, format, &(struct caller){sizeof(char), sizeof(WCHAR)}, arglist);
}

int WINAPIV wsprintfA(LPSTR out, LPCSTR format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = print_traced(__func__, out, format, &(struct caller){sizeof(char), sizeof(WCHAR)}, arguments);
    va_end(arguments);
    return length;
}

int WINAPI wvsprintfA_utf16(LPSTR out, LPCSTR format, va_list arglist)
{
    return print_traced(__func__, out, format, &(struct caller){sizeof(char), sizeof(uint16_t)}, arglist);
}

int WINAPIV wsprintfA_utf16(LPSTR out, LPCSTR format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = print_traced(__func__, out, format, &(struct caller){sizeof(char), sizeof(uint16_t)}, arguments);
    va_end(arguments);
    return length;
}

int WINAPI wvsprintfW(LPWSTR out, LPCWSTR format, va_list arglist)
{
    return print_traced(__func__, out, format, &(struct caller){sizeof(WCHAR), sizeof(WCHAR)}, arglist);
}

int WINAPIV wsprintfW(LPWSTR out, LPCWSTR format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = print_traced(__func__, out, format, &(struct caller){sizeof(WCHAR), sizeof(WCHAR)}, arguments);
    va_end(arguments);
    return length;
}

int WINAPI wvsprintfW_utf16(uint16_t *out, const uint16_t *format, va_list arglist)
{
    return print_traced(__func__, out, format, &(struct caller){sizeof(uint16_t), sizeof(uint16_t)}, arglist);
}

int WINAPIV wsprintfW_utf16(uint16_t *out, const uint16_t *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length =
        print_traced(__func__, out, format, &(struct caller){sizeof(uint16_t), sizeof(uint16_t)}, arguments);
    va_end(arguments);
    return length;
}
