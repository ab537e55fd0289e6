/* options.h: what the command line asks for. */
#ifndef MAPS_OPTIONS_H
#define MAPS_OPTIONS_H

#include <stdbool.h>

enum { MAPS_DONE = 0, MAPS_CANNOT = 1, MAPS_USAGE = 2 }; /* exit codes */

struct maps_options {
    int json;
    char *save;
    const char *what; /* a PID or a file */
};

/* Negative: go on. Else the program's exit code: help or the version was printed, or an error. */
int maps_options_read(struct maps_options *out, int argc, char **argv);

#endif
