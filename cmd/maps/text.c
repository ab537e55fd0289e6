/* text.c: names made fit to be shown (text.h). */
#include "text.h"

#include <stdint.h>
#include <string.h>

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
