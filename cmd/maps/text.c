/* text.c: names made fit to be shown (text.h). */
#include "text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static size_t length_of(unsigned char first)
{
    return first < 0x80                    ? 1
           : first >= 0xc2 && first < 0xe0 ? 2
           : first >= 0xe0 && first < 0xf0 ? 3
           : first >= 0xf0 && first < 0xf5 ? 4
                                           : 0;
}

size_t maps_utf8_character(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t length = length_of(p[0]);

    for (size_t i = 1; i < length; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] >= 0xa0) || (p[0] == 0xf0 && p[1] < 0x90) ||
        (p[0] == 0xf4 && p[1] >= 0x90))
        return 0;
    return length;
}

void maps_utf8(const char *text, char *out, size_t size)
{
    static const char unknown[] = "\xef\xbf\xbd";

    while (*text != 0) {
        size_t length = maps_utf8_character(text), bytes = length == 0 ? sizeof unknown - 1 : length;

        if (bytes >= size)
            break;
        memcpy(out, length == 0 ? unknown : text, bytes);
        out += bytes;
        size -= bytes;
        text += length == 0 ? 1 : length;
    }
    *out = 0;
}

/* --- for terminals --- */

static wchar_t decode(const char *text, size_t length)
{
    const unsigned char *p = (const unsigned char *)text;
    wchar_t character = length == 1 ? p[0] : p[0] & (0xff >> (length + 1));

    for (size_t i = 1; i < length; i++)
        character = character << 6 | (p[i] & 0x3f);
    return character;
}

/* What turns text around, or has no place and no width: names that only look like others would be made of these. */
static bool is_tricky(wchar_t c)
{
    return (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
           c == 0xfeff || c == 0x061c || (c >= 0xfff9 && c <= 0xfffb);
}

static bool can_be_shown(const char *text, size_t length)
{
    wchar_t character = decode(text, length);

    if (length == 1)
        return character >= 0x20 && character < 0x7f && character != '\\';
    return MB_CUR_MAX > 1 && !is_tricky(character) && wcwidth(character) >= 0;
}

void maps_shown(const char *text, char *out, size_t size)
{
    char piece[8];

    while (*text != 0) {
        size_t length = maps_utf8_character(text), bytes = length;
        const char *from = text;

        if (length == 0 || !can_be_shown(text, length)) {
            bytes = (size_t)sprintf(piece, *text == '\\' ? "\\\\" : "\\x%02x", (unsigned char)*text);
            length = 1;
            from = piece;
        }
        if (bytes >= size)
            break;
        memcpy(out, from, bytes);
        out += bytes;
        size -= bytes;
        text += length;
    }
    *out = 0;
}

int maps_character_width(const char *text, size_t *bytes)
{
    int width;

    *bytes = maps_utf8_character(text);
    if (*bytes == 0)
        *bytes = 1;
    width = *bytes == 1 ? 1 : wcwidth(decode(text, *bytes));
    return width < 0 ? 1 : width;
}

int maps_text_width(const char *text)
{
    int width = 0;
    size_t bytes;

    for (; *text != 0; text += bytes) {
        bytes = 1;
        width += (unsigned char)*text < 0x80 ? 1 : maps_character_width(text, &bytes);
    }
    return width;
}
