/* overview.c: reading all of a stream, and laying it out in rows (overview.h). */
#include "overview.h"

#include <math.h>
#include <stdlib.h>

enum {
    FOLDS_MOST = 10,
    ROWS_MOST = 24,
};
static const uint64_t fold_bytes = UINT64_C(1) << 29;
static const double pixels_wanted = 8.5, pixels_most = 30; /* a unit of weight has these */

struct cluster {
    size_t first, end, rows;
};

/* --- reading --- */

/* What the stream passed over: what its user did not ask for. */
static bool add_gap(struct maps_overview *overview, uint64_t from, uint64_t to)
{
    struct maps_region gap = {.start = from, .bytes = to - from, .type = MAPS_OTHER, .state = MAPS_UNUSED};

    return from >= to || maps_kept_add(&overview->kept, &gap);
}

static bool read_all(struct maps_overview *overview, struct maps_stream *stream, struct maps_why *why)
{
    struct maps_region region;
    uint64_t end = 0;
    int more;

    while ((more = maps_next(stream, &region)) > 0) {
        if (region.bytes == 0)
            continue;
        if ((end != 0 && !add_gap(overview, end, region.start)) || !maps_kept_add(&overview->kept, &region))
            return maps_say(why, "there is no memory for the picture");
        maps_totals_add(&overview->totals, &region);
        end = region.start + region.bytes;
    }
    if (more < 0)
        *why = stream->why;
    return more == 0;
}

/* --- weights --- */

bool maps_is_gap(const struct maps_region *region)
{
    return region->state == MAPS_UNUSED && region->type != MAPS_SLACK;
}

static double weight_of(const struct maps_overview *overview, size_t i)
{
    struct maps_region region = maps_kept_at(&overview->kept, i);
    double pages = (double)region.bytes / (double)overview->head.page;
    double weight = 1.5 + log2(pages < 1 ? 1 : pages);

    return region.state == MAPS_UNUSED ? weight / 2 : weight;
}

static bool can_fold(const struct maps_overview *overview, size_t i)
{
    struct maps_region region = maps_kept_at(&overview->kept, i);

    return maps_is_gap(&region) && !overview->folded[i] &&
           (region.bytes >= fold_bytes || i == 0 || i + 1 == overview->kept.count);
}

/* The largest gap that is not folded yet; the count: there is none. */
static size_t largest_gap(const struct maps_overview *overview)
{
    size_t largest = overview->kept.count;
    uint64_t most = 0;

    for (size_t i = 0; i < overview->kept.count; i++)
        if (can_fold(overview, i) && maps_kept_at(&overview->kept, i).bytes > most) {
            most = maps_kept_at(&overview->kept, i).bytes;
            largest = i;
        }
    return largest;
}

static bool weigh(struct maps_overview *overview)
{
    size_t count = overview->kept.count, fold;

    overview->folded = calloc(count + 1, sizeof *overview->folded);
    overview->weights = calloc(count + 1, sizeof *overview->weights);
    if (overview->folded == NULL || overview->weights == NULL)
        return false;
    for (int n = 0; n < FOLDS_MOST && (fold = largest_gap(overview)) < count; n++)
        overview->folded[fold] = true;
    for (size_t i = 0; i < count; i++)
        overview->weights[i + 1] = overview->weights[i] + (overview->folded[i] ? 0 : weight_of(overview, i));
    return true;
}

bool maps_overview_read(struct maps_overview *out, struct maps_stream *stream, struct maps_why *why)
{
    *out = (struct maps_overview){.head = stream->head};
    if (out->head.page == 0)
        out->head.page = 4096;
    return read_all(out, stream, why) && (weigh(out) || maps_say(why, "there is no memory for the picture"));
}

void maps_overview_end(struct maps_overview *overview)
{
    maps_kept_free(&overview->kept);
    free(overview->weights);
    free(overview->folded);
}

/* --- laying out --- */

static double cluster_weight(const struct maps_overview *overview, const struct cluster *cluster)
{
    return overview->weights[cluster->end] - overview->weights[cluster->first];
}

/* The clusters, at most FOLDS_MOST + 1, each with the rows that it would like to have. */
static size_t find_clusters(const struct maps_overview *overview, double room, struct cluster *out)
{
    size_t count = 0;

    for (size_t i = 0; i < overview->kept.count; i++) {
        if (overview->folded[i])
            continue;
        if (i == 0 || overview->folded[i - 1])
            out[count++].first = i;
        out[count - 1].end = i + 1;
    }
    for (size_t n = 0; n < count; n++) {
        out[n].rows = (size_t)ceil(cluster_weight(overview, &out[n]) * pixels_wanted / room);
        out[n].rows += out[n].rows == 0;
    }
    return count;
}

/* If they want more rows than there are, each has one and its share of the others. */
static void share_rows(struct cluster *clusters, size_t count)
{
    size_t wanted = 0;

    for (size_t n = 0; n < count; n++)
        wanted += clusters[n].rows;
    for (size_t n = 0; wanted > ROWS_MOST && n < count; n++)
        clusters[n].rows = 1 + (clusters[n].rows - 1) * (ROWS_MOST - count) / (wanted - count);
}

static bool same_allocation(const struct maps_overview *overview, size_t i, size_t other)
{
    struct maps_region one, two;

    if (other >= overview->kept.count)
        return false;
    one = maps_kept_at(&overview->kept, i);
    two = maps_kept_at(&overview->kept, other);
    return one.allocation == two.allocation && one.state != MAPS_UNUSED && two.state != MAPS_UNUSED;
}

/* One row: weights from..to, a unit of which has so many pixels. first is the first region in it. */
static size_t draw_row(const struct maps_overview *overview, const struct maps_canvas *canvas, size_t first,
                       double from, double to, double pixels, double y)
{
    const double *weights = overview->weights;
    double painted = -1;
    size_t i = first;

    for (; i < overview->kept.count && weights[i] < to; i++) {
        double begin = fmax(weights[i], from), end = fmin(weights[i + 1], to);
        struct maps_box box = {.y = y};

        box.x = canvas->gutter + (begin - from) * pixels;
        box.width = (end - begin) * pixels;
        if (overview->folded[i] || box.x + box.width - painted < 1)
            continue;
        painted = box.x + box.width;
        box.region = maps_kept_at(&overview->kept, i);
        box.width = fmax(box.width, 1);
        box.joins_before = i > 0 && same_allocation(overview, i, i - 1);
        box.joins_behind = same_allocation(overview, i, i + 1);
        if (canvas->box != NULL)
            canvas->box(canvas->context, &box);
    }
    return i > 0 && weights[i] > to ? i - 1 : i; /* the next row begins inside of this one */
}

/* The address at a weight, which lies in region i. */
static uint64_t address_at(const struct maps_overview *overview, size_t i, double weight)
{
    struct maps_region region = maps_kept_at(&overview->kept, i);
    double own = overview->weights[i + 1] - overview->weights[i];
    double part = own > 0 ? fmax(0, (weight - overview->weights[i]) / own) : 0;
    uint64_t pages = (uint64_t)(part * ((double)region.bytes / (double)overview->head.page));

    return region.start + pages * overview->head.page;
}

static double draw_cluster(const struct maps_overview *overview, const struct maps_canvas *canvas,
                           const struct cluster *cluster, double y)
{
    double room = canvas->width - canvas->gutter, start = overview->weights[cluster->first];
    double step = cluster_weight(overview, cluster) / (double)cluster->rows;
    double pixels = fmin(room / step, pixels_most);
    size_t i = cluster->first;

    for (size_t row = 0; row < cluster->rows && i < cluster->end; row++) {
        double from = start + (double)row * step;
        double to = row + 1 == cluster->rows ? overview->weights[cluster->end] : from + step;

        if (canvas->row != NULL)
            canvas->row(canvas->context, address_at(overview, i, from), y, row == 0);
        i = draw_row(overview, canvas, i, from, to, pixels, y);
        y += canvas->row_height;
    }
    return y;
}

static double draw_fold(const struct maps_overview *overview, const struct maps_canvas *canvas, size_t i,
                        double y)
{
    struct maps_region region;

    if (i >= overview->kept.count || !overview->folded[i])
        return y;
    region = maps_kept_at(&overview->kept, i);
    if (canvas->fold != NULL)
        canvas->fold(canvas->context, &region, y);
    return y + canvas->fold_height;
}

double maps_overview_draw(const struct maps_overview *overview, const struct maps_canvas *canvas, double y)
{
    struct cluster clusters[FOLDS_MOST + 2] = {{0}};
    size_t count = find_clusters(overview, canvas->width - canvas->gutter, clusters);

    share_rows(clusters, count);
    y = draw_fold(overview, canvas, 0, y);
    for (size_t n = 0; n < count; n++) {
        y = draw_cluster(overview, canvas, &clusters[n], y);
        y = draw_fold(overview, canvas, clusters[n].end, y);
    }
    return y;
}
