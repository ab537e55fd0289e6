/*
 * kept.h: regions kept in memory, for views that have to go through them more than once.
 *
 * A region takes 40 bytes, and 48 more if some of it is in memory; names are kept once for all neighbours that share one. The
 * strings of pages are not kept. Half a million regions of two sorts are 44 MB.
 */
#ifndef MAPS_KEPT_H
#define MAPS_KEPT_H

#include "model.h"

struct maps_kept_region;
struct maps_kept_amounts;

struct maps_kept {
    struct maps_kept_region *regions;
    struct maps_kept_amounts *amounts;
    char **names;
    size_t count, room, amount_count, amount_room, name_count, name_room;
};

/* False: no memory is left. */
bool maps_kept_add(struct maps_kept *kept, const struct maps_region *region);

/* All that is left of a stream. False: why tells. */
bool maps_kept_all(struct maps_kept *kept, struct maps_stream *stream, struct maps_why *why);

/* Region number i, below count. Its strings live as long as `kept`. */
struct maps_region maps_kept_at(const struct maps_kept *kept, size_t i);

/* In the order of a key, which maps_sort_is_key knows; the largest first, and equals by address. */
void maps_kept_sort(struct maps_kept *kept, const char *key);
bool maps_sort_is_key(const char *key);
const char *maps_sort_keys(void); /* all of them, for people */

/* A stream of them, in the order in which they are kept, as long as `kept` stays as it is; it need not be closed. */
struct maps_kept_stream {
    struct maps_stream stream;
    const struct maps_kept *kept;
    size_t at;
};

void maps_kept_stream(struct maps_kept_stream *out, const struct maps_kept *kept);

void maps_kept_free(struct maps_kept *kept);

#endif
