/*
 * members.h: members of a JSON object that stood on a line of a saved file, each held to what it may be.
 *
 * What is asked for and is not there, or not of its kind, is refused with a sentence that names file, line and member. A number
 * that is left out is 0, and a text NULL.
 */
#ifndef MAPS_MEMBERS_H
#define MAPS_MEMBERS_H

#include <jansson.h>

#include "model.h"

struct maps_members {
    json_t *object;
    const char *path;
    uint64_t line;
    struct maps_why *why;
};

/* Always false. */
bool maps_refuse(const struct maps_members *m, const char *what);

bool maps_take_number(const struct maps_members *m, const char *name, uint64_t most, uint64_t *out);

#define MAPS_MOST_ADDRESS (1ull << 57)
bool maps_take_address(const struct maps_members *m, const char *name, uint64_t *out);

/* Lives as long as the object. */
const char *maps_text_of(const struct maps_members *m, const char *name);

#endif
