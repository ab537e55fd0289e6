/*
 * wide.c: from UTF-8 to the two widths of WCHAR (wide.h).
 *
 * Strict, because a file's name on Linux is any string of bytes: what is longer than it need be, a surrogate,
 * or beyond U+10FFFF is no character, and each of its bytes becomes one U+FFFD (L17). A sequence that is cut
 * off is not skipped as a whole either: the byte that broke it may begin a character.
 */
#include "api/wide.h"

enum { REPLACEMENT = 0xfffd, FIRST_OF_TWO = 0x10000 };

static int continues(unsigned char byte)
{
    return (byte & 0xc0) == 0x80;
}

/* How many bytes follow a first byte; -1: none begins with it. */
static int followers(unsigned char first)
{
    if (first < 0x80)
        return 0;
    if (first < 0xc2 || first > 0xf4)
        return -1;
    return first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
}

/* Neither longer than need be, nor a surrogate, nor beyond the last character. */
static int is_character(uint32_t c, int more)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};

    return c >= least[more] && c <= 0x10ffff && (c & 0xfffff800) != 0xd800;
}

static uint32_t next_character(const char **text)
{
    const unsigned char *p = (const unsigned char *)*text;
    int more = followers(*p), i;
    uint32_t c = more <= 0 ? *p : *p & (0x3fu >> more);

    for (i = 1; i <= more && continues(p[i]); i++)
        c = c << 6 | (p[i] & 0x3f);
    if (more < 0 || i <= more || !is_character(c, more)) {
        *text += 1;
        return REPLACEMENT;
    }
    *text += more + 1;
    return c;
}

size_t wm_utf32_of_utf8(const char *text, uint32_t *out, size_t size)
{
    size_t length = 0;

    for (; *text != '\0'; length++) {
        uint32_t c = next_character(&text);

        if (length + 1 < size)
            out[length] = c;
    }
    if (size > 0)
        out[length < size ? length : size - 1] = 0;
    return length;
}

size_t wm_utf16_of_utf8(const char *text, uint16_t *out, size_t size)
{
    size_t length = 0;

    while (*text != '\0') {
        uint32_t c = next_character(&text), high = c - FIRST_OF_TWO;

        if (c >= FIRST_OF_TWO) {
            if (length + 1 < size)
                out[length] = (uint16_t)(0xd800 | high >> 10);
            length++;
            c = 0xdc00 | (high & 0x3ff);
        }
        if (length + 1 < size)
            out[length] = (uint16_t)c;
        length++;
    }
    if (size > 0)
        out[length < size ? length : size - 1] = 0;
    return length;
}
