/* json.h: a stream as lines of JSON (docs/design/maps.md): what --json prints and --save keeps. */
#ifndef MAPS_JSON_H
#define MAPS_JSON_H

#include <stdio.h>

#include "model.h"

/* False: stream->why tells; the last line, which says that all is there, is missing then. Whoever closes `out` has the rest. */
bool maps_json(struct maps_stream *stream, FILE *out);

/* One object without a newline: for those who put the lines elsewhere. */
void maps_json_head(const struct maps_head *head, FILE *out);
void maps_json_region(const struct maps_region *region, FILE *out);

#endif
