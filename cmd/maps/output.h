/*
 * output.h: files that winmem-maps makes. One that could not be written in full is not there, and what was there before it is.
 */
#ifndef MAPS_OUTPUT_H
#define MAPS_OUTPUT_H

#include <stdio.h>

#include "model.h"

struct maps_output {
    FILE *file;
    const char *path;
    char *temporary; /* beside it; NULL: path is no ordinary file, and is written as it is */
};

/* False: why tells. Standard output is not opened here; a path "-" is a file of that name. */
bool maps_output_open(struct maps_output *out, const char *path, struct maps_why *why);

/* Keeps what was written if `all` of it was. False: why tells, and nothing is kept. */
bool maps_output_close(struct maps_output *out, bool all, struct maps_why *why);

#endif
