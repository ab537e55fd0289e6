/* members.c: what stands in a line of a saved file (members.h). */
#include "members.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

bool maps_refuse(const struct maps_members *m, const char *what)
{
    return maps_say(m->why, "%s, line %" PRIu64 ": %s", m->path, m->line, what);
}

bool maps_take_number(const struct maps_members *m, const char *name, uint64_t most, uint64_t *out)
{
    const json_t *value = json_object_get(m->object, name);
    char what[96];

    *out = 0;
    if (value == NULL)
        return true;
    if (json_is_integer(value) && json_integer_value(value) >= 0 &&
        (uint64_t)json_integer_value(value) <= most) {
        *out = (uint64_t)json_integer_value(value);
        return true;
    }
    snprintf(what, sizeof what, "\"%s\" is no number that can be", name);
    return maps_refuse(m, what);
}

const char *maps_text_of(const struct maps_members *m, const char *name)
{
    return json_string_value(json_object_get(m->object, name));
}

bool maps_take_address(const struct maps_members *m, const char *name, uint64_t *out)
{
    const char *text = maps_text_of(m, name);
    char what[96], *end;

    if (text != NULL && strncmp(text, "0x", 2) == 0 && strlen(text) <= 18 && text[2] != 0 &&
        strspn(text + 2, "0123456789abcdefABCDEF") == strlen(text + 2)) {
        *out = strtoull(text, &end, 16);
        if (*out <= MAPS_MOST_ADDRESS)
            return true;
    }
    snprintf(what, sizeof what, "\"%s\" is no address", name);
    return maps_refuse(m, what);
}
