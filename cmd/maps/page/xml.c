/* xml.c: characters of XML (xml.h). */
#include "xml.h"

#include <stdint.h>
#include <string.h>

#include "text.h"

static uint32_t code_of(const unsigned char *p, size_t length)
{
    static const unsigned char first_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t code = p[0] & first_bits[length];

    for (size_t i = 1; i < length; i++)
        code = code << 6 | (p[i] & 0x3f);
    return code;
}

/* Controls, what is not seen or turns the direction of a text, and what is no character. */
static int is_unfit(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xad || code == 0x61c ||
           (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2060 && code <= 0x206f) || code == 0xfeff || (code & 0xfffe) == 0xfffe;
}

static const char *entity_of(char sign)
{
    return sign == '<'   ? "&lt;"
           : sign == '>' ? "&gt;"
           : sign == '&' ? "&amp;"
           : sign == '"' ? "&quot;"
                         : NULL;
}

void maps_xml_text(const char *text, size_t most, FILE *out)
{
    while (*text != 0 && most-- > 0) {
        size_t length = maps_utf8_character(text);
        const char *entity = entity_of(*text);

        if (length == 0 || is_unfit(code_of((const unsigned char *)text, length)))
            fputs("\xef\xbf\xbd", out);
        else if (entity != NULL)
            fputs(entity, out);
        else
            fwrite(text, 1, length, out);
        text += length == 0 ? 1 : length;
    }
    if (*text != 0)
        fputs("\xe2\x80\xa6", out);
}
