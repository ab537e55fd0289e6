/* filter.c: regions that are wanted (filter.h). */
#include "filter.h"

#include <stdlib.h>

struct filter {
    struct maps_stream stream; /* first */
    struct maps_stream *inner;
    const struct maps_wanted *wanted;
};

static bool is_wanted(const struct maps_wanted *wanted, const struct maps_region *region)
{
    return (wanted->types == 0 || (wanted->types >> maps_row_of(region) & 1) != 0) &&
           region->start <= wanted->last && region->start + region->bytes - 1 >= wanted->first;
}

static int next(struct maps_stream *stream, struct maps_region *out)
{
    struct filter *f = (struct filter *)stream;
    int more;

    do
        more = maps_next(f->inner, out);
    while (more > 0 && !is_wanted(f->wanted, out));
    if (more < 0)
        stream->why = f->inner->why;
    return more;
}

static void end(struct maps_stream *stream)
{
    struct filter *f = (struct filter *)stream;

    maps_close(f->inner);
    free(f);
}

struct maps_stream *maps_filter(struct maps_stream *inner, const struct maps_wanted *wanted)
{
    struct filter *f;

    if (wanted->types == 0 && wanted->first == 0 && wanted->last == UINT64_MAX)
        return inner;
    f = calloc(1, sizeof *f);
    if (f == NULL) {
        maps_close(inner);
        return NULL;
    }
    *f = (struct filter){
        {.head = inner->head, .live = inner->live, .next = next, .close = end}, inner, wanted};
    return &f->stream;
}
