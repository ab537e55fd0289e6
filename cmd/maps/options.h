/* options.h: what the command line asks for. */
#ifndef MAPS_OPTIONS_H
#define MAPS_OPTIONS_H

#include "view.h"

enum { MAPS_DONE = 0, MAPS_CANNOT = 1, MAPS_USAGE = 2 }; /* exit codes */

enum { MAPS_MOST_STREAMS = 2, MAPS_MOST_WORDS = 64 };

struct maps_options {
    const struct maps_view *view;
    char *seconds;                       /* as it was given, or NULL */
    const char *path;                    /* where the view writes; NULL: standard output */
    const char *what[MAPS_MOST_STREAMS]; /* PIDs or files */
    int count;
    struct maps_wanted wanted;
    char *owned[MAPS_MOST_WORDS]; /* the words that all these point to */
    int owned_count;
};

/* Negative: go on. Else the program's exit code: help or the version was printed, or an error. */
int maps_options_read(struct maps_options *out, int argc, char **argv);
void maps_options_free(struct maps_options *options);

#endif
