/*
 * diff.c: two streams side by side (diff.h).
 *
 * Each side has the region that it has come to, or the gap before it. What makes memory that came a part of what was there
 * is its allocation: if it began below and is known on the other side, or if the region goes on where the other side has
 * memory again (stacks grow downwards), it grew.
 */
#include "diff.h"

#include <stdlib.h>
#include <string.h>

struct side {
    struct maps_stream *stream;
    struct maps_region region; /* of which what lies below the place of both is done */
    char *file;                /* its name, ours: the stream forgets it when it is asked for the next one */
    uint64_t allocation;       /* of the last memory that was passed; 0: none */
    bool ended;
};

struct maps_diff {
    struct side before, after;
    uint64_t at;
    char *files[2]; /* of the change that was told last */
};

static const char *const words[MAPS_CHANGE_KINDS] = {
    [MAPS_SAME] = "same",
    [MAPS_CAME] = "came",
    [MAPS_GREW] = "grew",
    [MAPS_WENT] = "went",
    [MAPS_SHRANK] = "shrank",
    [MAPS_COMMIT] = "committed",
    [MAPS_DECOMMIT] = "decommitted",
    [MAPS_PROTECTED] = "protected",
    [MAPS_REPLACED] = "replaced",
    [MAPS_RESIDENT] = "resident",
};

const char *maps_change_word(enum maps_change_kind kind)
{
    return words[kind];
}

struct maps_diff *maps_diff_open(struct maps_stream *before, struct maps_stream *after)
{
    struct maps_diff *d = calloc(1, sizeof *d);

    if (d != NULL) {
        d->before.stream = before;
        d->after.stream = after;
    }
    return d;
}

void maps_diff_close(struct maps_diff *d)
{
    if (d == NULL)
        return;
    free(d->before.file);
    free(d->after.file);
    free(d->files[0]);
    free(d->files[1]);
    free(d);
}

/* --- a side --- */

static uint64_t end_of(const struct maps_region *r)
{
    return r->start + r->bytes;
}

static void take_file(struct side *s)
{
    free(s->file);
    s->file = s->region.file == NULL ? NULL : strdup(s->region.file);
    s->region.file = s->file;
    s->region.pages = NULL;
}

/* Brings a side to the first region of memory that ends behind `at`. */
static bool reach(struct side *s, uint64_t at, struct maps_why *why)
{
    while (!s->ended &&
           (s->region.bytes == 0 || end_of(&s->region) <= at || s->region.state == MAPS_UNUSED)) {
        int more;

        if (s->region.bytes != 0 && s->region.state != MAPS_UNUSED)
            s->allocation = s->region.allocation;
        more = maps_next(s->stream, &s->region);
        if (more < 0)
            *why = s->stream->why;
        if (more < 0)
            return false;
        s->ended = more == 0;
        if (!s->ended)
            take_file(s);
    }
    return true;
}

static bool is_there(const struct side *s, uint64_t at)
{
    return !s->ended && s->region.start <= at;
}

/* Where what is true of a side at `at` ends. */
static uint64_t border(const struct side *s, uint64_t at)
{
    return s->ended ? UINT64_MAX : s->region.start > at ? s->region.start : end_of(&s->region);
}

/* --- what has happened --- */

/* `here` has memory, and `there` has none up to `end`. */
static bool is_part(const struct side *here, const struct side *there, uint64_t end)
{
    bool above = !there->ended && there->region.start == end && end_of(&here->region) > end;

    return above || (there->allocation != 0 && there->allocation == here->region.allocation);
}

static bool is_same_region(const struct maps_region *a, const struct maps_region *b)
{
    return a->start == b->start && a->bytes == b->bytes;
}

static enum maps_change_kind compare(const struct maps_region *a, const struct maps_region *b)
{
    const char *one = a->file == NULL ? "" : a->file, *other = b->file == NULL ? "" : b->file;

    if (a->type != b->type || strcmp(one, other) != 0)
        return MAPS_REPLACED;
    if (a->state != b->state)
        return b->state == MAPS_COMMITTED ? MAPS_COMMIT : MAPS_DECOMMIT;
    if (a->protect != b->protect)
        return MAPS_PROTECTED;
    return is_same_region(a, b) &&
                   (a->resident != b->resident || a->lazy != b->lazy || a->swapped != b->swapped)
               ? MAPS_RESIDENT
               : MAPS_SAME;
}

static enum maps_change_kind kind_at(const struct maps_diff *d, uint64_t at, uint64_t end)
{
    bool was = is_there(&d->before, at), is = is_there(&d->after, at);

    if (was && is)
        return compare(&d->before.region, &d->after.region);
    if (is)
        return is_part(&d->after, &d->before, end) ? MAPS_GREW : MAPS_CAME;
    if (was)
        return is_part(&d->before, &d->after, end) ? MAPS_SHRANK : MAPS_WENT;
    return MAPS_SAME;
}

static struct maps_region region_at(const struct side *s, uint64_t at)
{
    return is_there(s, at) ? s->region : (struct maps_region){.type = MAPS_FREE, .state = MAPS_UNUSED};
}

/* One stretch; 0: nothing is left. */
static int stretch(struct maps_diff *d, struct maps_change *out, struct maps_why *why)
{
    uint64_t one, other, end;

    if (!reach(&d->before, d->at, why) || !reach(&d->after, d->at, why))
        return -1;
    one = border(&d->before, d->at);
    other = border(&d->after, d->at);
    end = one < other ? one : other;
    if (end == UINT64_MAX)
        return 0;
    *out = (struct maps_change){kind_at(d, d->at, end), d->at, end, region_at(&d->before, d->at),
                                region_at(&d->after, d->at)};
    d->at = end;
    return 1;
}

static void own(char **file, struct maps_region *region)
{
    free(*file);
    *file = region->file == NULL ? NULL : strdup(region->file);
    region->file = *file;
}

int maps_diff_next(struct maps_diff *d, struct maps_change *out, struct maps_why *why)
{
    int more;

    do
        more = stretch(d, out, why);
    while (more > 0 && out->kind == MAPS_SAME);
    if (more > 0) {
        own(&d->files[0], &out->before);
        own(&d->files[1], &out->after);
    }
    return more;
}
