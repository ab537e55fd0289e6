/*
 * view.h: what winmem-maps can make of a stream. The next view is a row of the table in views.c.
 *
 * A view takes the streams that it is given to their ends. It writes to `out` and need not look whether that succeeds:
 * whoever has opened it does, and takes away a file that is not whole.
 */
#ifndef MAPS_VIEW_H
#define MAPS_VIEW_H

#include <stdio.h>

#include "model.h"

struct maps_wanted {
    int wide;
    const char *sort;     /* of maps_sort_keys; NULL: as they come */
    uint64_t types;       /* rows of model.h, a bit each; 0: all */
    uint64_t first, last; /* addresses; 0 and UINT64_MAX: all */
    double seconds;       /* between two looks */
    int width;            /* columns of the terminal; 0: no end */
};

struct maps_view {
    const char *option; /* its name on the command line; NULL: what is shown without any */
    const char *help;
    enum maps_argument {
        MAPS_NOTHING,
        MAPS_FILE,
        MAPS_SECONDS
    } argument;      /* of the option; seconds may be left out */
    int least, most; /* streams */
    bool (*show)(struct maps_stream *const *streams, int count, const struct maps_wanted *wanted, FILE *out,
                 struct maps_why *why);
};

extern const struct maps_view maps_views[];
extern const int maps_view_count;

/* --- the views themselves --- */

#define MAPS_VIEW(name)                                                                                      \
    bool name(struct maps_stream *const *streams, int count, const struct maps_wanted *wanted, FILE *out,    \
              struct maps_why *why)

MAPS_VIEW(maps_show_report);
MAPS_VIEW(maps_show_json);
MAPS_VIEW(maps_show_csv);
MAPS_VIEW(maps_show_diff);
MAPS_VIEW(maps_show_live);
MAPS_VIEW(maps_show_top);

#endif
