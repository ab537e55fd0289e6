#include "win32/text/unicode.h"

#include <stdlib.h>
#include <string.h>

#include "api/wide.h"

static bool is_surrogate(uint32_t c)
{
    return (c & 0xfffff800) == 0xd800;
}

/* The bytes that may follow a first one: how many, and between which the next one lies. */
struct sequence {
    size_t more;
    unsigned char from, to;
};

static struct sequence sequence_of(unsigned char first)
{
    if (first < 0xc2 || first > 0xf4)
        return (struct sequence){0, 0, 0};
    if (first < 0xe0)
        return (struct sequence){1, 0x80, 0xbf};
    if (first < 0xf0)
        return (struct sequence){2, first == 0xe0 ? 0xa0 : 0x80, first == 0xed ? 0x9f : 0xbf};
    return (struct sequence){3, first == 0xf0 ? 0x90 : 0x80, first == 0xf4 ? 0x8f : 0xbf};
}

size_t wm_take_utf8(const char *text, size_t bytes, uint32_t *character)
{
    const unsigned char *p = (const unsigned char *)text;
    struct sequence s = sequence_of(*p);
    uint32_t c = s.more == 0 ? *p : *p & (0x3fu >> s.more);
    size_t i;

    for (i = 1; i <= s.more && i < bytes && p[i] >= s.from && p[i] <= s.to; i++) {
        c = c << 6 | (p[i] & 0x3f);
        s.from = 0x80, s.to = 0xbf;
    }
    *character = i <= s.more || (s.more == 0 && *p >= 0x80) ? WM_NO_CHARACTER : c;
    return i;
}

size_t wm_take_wide(const void *text, size_t units, unsigned unit_bytes, uint32_t *character)
{
    const uint16_t *p = text;
    uint32_t c = unit_bytes == sizeof(uint16_t) ? *p : *(const uint32_t *)text;

    if (unit_bytes == sizeof(uint16_t) && units > 1 && (c & 0xfc00) == 0xd800 && (p[1] & 0xfc00) == 0xdc00) {
        *character = 0x10000 + ((c & 0x3ff) << 10) + (p[1] & 0x3ffu);
        return 2;
    }
    *character = is_surrogate(c) || c > 0x10ffff ? WM_NO_CHARACTER : c;
    return 1;
}

size_t wm_put_utf8(uint32_t c, char *out, size_t room)
{
    static const uint8_t lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

    if (length > room)
        return length;
    for (size_t i = length - 1; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)(lead[length] | c);
    return length;
}

size_t wm_put_wide(uint32_t c, void *out, size_t room, unsigned unit_bytes)
{
    size_t length = unit_bytes == sizeof(uint16_t) && c > 0xffff ? 2 : 1;
    uint16_t *units = out;

    if (length > room)
        return length;
    if (unit_bytes == sizeof(uint32_t)) {
        *(uint32_t *)out = c;
    } else if (length == 1) {
        units[0] = (uint16_t)c;
    } else {
        units[0] = (uint16_t)(0xd7c0 + (c >> 10));
        units[1] = (uint16_t)(0xdc00 | (c & 0x3ff));
    }
    return length;
}

/* --- whole texts --- */

size_t wm_wide_length(const void *text, unsigned unit_bytes)
{
    const uint16_t *narrow = text;
    const uint32_t *wide = text;
    size_t length = 0;

    if (unit_bytes == 1)
        return strlen(text);
    while (unit_bytes == sizeof(uint16_t) ? narrow[length] != 0 : wide[length] != 0)
        length++;
    return length;
}

char *wm_utf8_copy(const void *text, unsigned unit_bytes)
{
    size_t units = text == NULL ? 0 : wm_wide_length(text, unit_bytes), done = 0, taken = 0;
    char *copy = text == NULL ? NULL : malloc(4 * units + 1);

    if (copy == NULL)
        return NULL;
    if (unit_bytes == 1)
        return memcpy(copy, text, units + 1);
    while (taken < units) {
        uint32_t c;

        taken += wm_take_wide((const char *)text + taken * unit_bytes, units - taken, unit_bytes, &c);
        done += wm_put_utf8(c == WM_NO_CHARACTER ? WM_REPLACEMENT : c, copy + done, 4);
    }
    copy[done] = '\0';
    return copy;
}

/* No character takes more units than it has bytes. */
void *wm_wide_copy(const char *text, unsigned unit_bytes)
{
    size_t size = strlen(text) + 1;
    void *copy = malloc(size * unit_bytes);

    if (copy == NULL)
        return NULL;
    if (unit_bytes == 1)
        return memcpy(copy, text, size);
    if (unit_bytes == sizeof(uint16_t))
        wm_utf16_of_utf8(text, copy, size);
    else
        wm_utf32_of_utf8(text, copy, size);
    return copy;
}
