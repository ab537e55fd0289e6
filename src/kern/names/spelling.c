/*
 * spelling.c: from names to names of files.
 *
 * "g-" or "l-", the namespace, then the name, where bytes other than letters, digits, '.', '_' and '-' are %xx. What
 * would be too long for a file is "~" and a hash instead.
 */
#include "kern/names/spelling.h"

#include "kern/text.h"

enum { LONGEST = 200 };

static bool is_plain(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

static char *put_byte(char *to, unsigned char c)
{
    static const char digits[] = "0123456789abcdef";

    if (is_plain(c)) {
        *to++ = (char)c;
    } else {
        *to++ = '%';
        *to++ = digits[c >> 4];
        *to++ = digits[c & 15];
    }
    *to = '\0';
    return to;
}

/* FNV-1a. */
static uint64_t hash(const struct wm_name *name, uint64_t seed)
{
    uint64_t h = 0xcbf29ce484222325u ^ seed;

    for (uint16_t i = 0; i < name->bytes; i++)
        h = (h ^ (unsigned char)name->text[i]) * 0x100000001b3u;
    return h;
}

void wm_name_spell(const struct wm_name *name, char file[static WM_SPELLING_BYTES])
{
    char *start = wm_text_put(file, name->global ? "g-" : "l-"), *to = start;

    for (uint16_t i = 0; i < name->bytes && to - file <= LONGEST; i++)
        to = put_byte(to, (unsigned char)name->text[i]);
    if (to - file <= LONGEST)
        return;
    to = wm_text_put_decimal(wm_text_put(start, "~"), hash(name, 0));
    wm_text_put_decimal(wm_text_put(to, "."), hash(name, 0x9e3779b97f4a7c15u));
}
