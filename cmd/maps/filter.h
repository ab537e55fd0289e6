/* filter.h: a stream of those regions of another one that are wanted: by --type and --address. */
#ifndef MAPS_FILTER_H
#define MAPS_FILTER_H

#include "view.h"

/* Takes `inner` over, which is the answer if everything is wanted. NULL: no memory, and inner is closed. */
struct maps_stream *maps_filter(struct maps_stream *inner, const struct maps_wanted *wanted);

#endif
