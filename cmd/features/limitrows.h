/* limitrows.h: limits of the kernel and the container that a program with this library meets, as they are now. */
#ifndef FEATURES_LIMITROWS_H
#define FEATURES_LIMITROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LIMIT_NONE UINT64_MAX

struct limit_value {
    bool known;     /* false: this kernel or container does not tell */
    uint64_t most;  /* LIMIT_NONE: as much as one likes */
    uint64_t used;  /* LIMIT_NONE: there is no such figure */
    char word[128]; /* a setting that is not a number; or "" */
};

struct limit {
    const char *name;
    const char *unit; /* "bytes", "mappings", ...; "" where it is a word */
    void (*look)(struct limit_value *value);
    const char *means;
    const char *raise;
};

extern const struct limit limit_rows[];
extern const size_t limit_count;

#endif
