/*
 * starttext.c: wide strings for a program that begins with wmain or wWinMain.
 *
 * The kernel hands over bytes, which are UTF-8 in nearly every case. A byte that belongs to no character
 * becomes the lone surrogate U+DC00 + byte, as Python does it (PEP 383): so no argument is refused, none is
 * equal to another, and a program that knows the rule gets its bytes back. The program's room is as many
 * units as there are bytes, which is enough for both widths.
 */
#include <stdio.h>
#include <stdlib.h>

#include "start/start.h"

void winmem_start_fail(void)
{
    fputs("winmem: no memory for the arguments of the program\n", stderr);
    exit(1);
}

/* How many bytes follow this first byte; -1 if none begins a sequence like this. */
static int bytes_after(unsigned char first)
{
    if (first < 0x80)
        return 0;
    if (first < 0xc0)
        return -1;
    return first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf8 ? 3 : -1;
}

/* One code point from well-formed UTF-8 (no surrogates, nothing overlong), else one escaped byte. */
static const unsigned char *decode(const unsigned char *s, uint32_t *code)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000}; /* by bytes that follow */
    int more = bytes_after(*s);
    uint32_t value = more <= 0 ? *s : *s & (0x3fu >> more);

    for (int i = 1; i <= more; i++) {
        if ((s[i] & 0xc0) != 0x80)
            more = -1;
        else
            value = value << 6 | (s[i] & 0x3f);
    }
    if (more < 0 || value < least[more] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
        *code = 0xdc00u + *s;
        return s + 1;
    }
    *code = value;
    return s + more + 1;
}

static void put(struct winmem_start_text *out, uint32_t code)
{
    if (out->utf32) {
        *out->utf32++ = code;
    } else if (code < 0x10000) {
        *out->utf16++ = (uint16_t)code;
    } else {
        *out->utf16++ = (uint16_t)(0xd7c0 + (code >> 10));
        *out->utf16++ = (uint16_t)(0xdc00 | (code & 0x3ff));
    }
}

void winmem_start_widen(struct winmem_start_text *out, const char *string)
{
    const unsigned char *s = (const unsigned char *)string;
    uint32_t code;

    while (*s) {
        s = decode(s, &code);
        put(out, code);
    }
    put(out, 0);
}
