/*
 * overview.h: where the picture of an address space has what, so that 128 TiB and 4 KiB are both seen.
 *
 * A region is as wide as the logarithm of its size. Huge gaps are folded away: they divide the regions into clusters, each
 * of which begins a row. The page (scale.js, rows.js) does the same, so that both pictures look alike.
 *
 *   boxes come in ascending order; a box lies in one row, and a region that goes over the end of one has a box in each
 *   rows and folds come from the top down, and do not overlap
 *   a box is a pixel wide at least: of regions that share one, only the first has a box
 *
 * Where the stream told nothing there is a region as well, of type other, and unused.
 */
#ifndef MAPS_OVERVIEW_H
#define MAPS_OVERVIEW_H

#include "kept.h"
#include "totals.h"

struct maps_overview {
    struct maps_head head;
    struct maps_kept kept;
    struct maps_totals totals; /* of what was told */
    double *weights;           /* kept.count + 1 sums; a fold adds nothing */
    bool *folded;
};

struct maps_box {
    struct maps_region region;
    double x, y, width;
    bool joins_before, joins_behind; /* the neighbour is of the same allocation */
};

struct maps_canvas { /* who draws; without functions nothing is drawn, and all is measured */
    double width, gutter, row_height, fold_height;
    void *context;
    void (*row)(void *context, uint64_t start, double y, bool first);
    void (*fold)(void *context, const struct maps_region *region, double y);
    void (*box)(void *context, const struct maps_box *box);
};

/* False: why tells. Either way maps_overview_end must follow. */
bool maps_overview_read(struct maps_overview *out, struct maps_stream *stream, struct maps_why *why);
void maps_overview_end(struct maps_overview *overview);

/* Calls canvas for everything, from y on; returns where it ended. */
double maps_overview_draw(const struct maps_overview *overview, const struct maps_canvas *canvas, double y);

/* Is nothing there? */
bool maps_is_gap(const struct maps_region *region);

#endif
