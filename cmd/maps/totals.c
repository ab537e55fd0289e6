/* totals.c: sums by type (totals.h). */
#include "totals.h"

const int maps_rows_shown[MAPS_ROWS] = {MAPS_IMAGE,       MAPS_PRIVATE,   MAPS_MAPPED, MAPS_HEAP,  MAPS_STACK,
                                        MAPS_PLACEHOLDER, MAPS_ROW_GUARD, MAPS_OTHER,  MAPS_SLACK, MAPS_FREE};

static void add(struct maps_sum *to, const struct maps_sum *more)
{
    to->bytes += more->bytes;
    to->committed += more->committed;
    to->resident += more->resident;
    to->private += more->private;
    to->shared += more->shared;
    to->locked += more->locked;
    to->lazy += more->lazy;
    to->swapped += more->swapped;
    to->blocks += more->blocks;
    if (more->largest > to->largest)
        to->largest = more->largest;
}

void maps_totals_add(struct maps_totals *totals, const struct maps_region *r)
{
    const struct maps_sum one = {r->bytes,    r->state == MAPS_COMMITTED ? r->bytes : 0,
                                 r->resident, r->private,
                                 r->shared,   r->locked,
                                 r->lazy,     r->swapped,
                                 1,           r->bytes};
    int row = maps_row_of(r);

    if (row == MAPS_FREE && r->bytes > totals->rows[row].largest)
        totals->largest_free = r->start;
    add(&totals->rows[row], &one);
}

struct maps_sum maps_totals_all(const struct maps_totals *totals)
{
    struct maps_sum all = {0};

    for (int i = 0; i < MAPS_ROWS; i++)
        if (i != MAPS_FREE)
            add(&all, &totals->rows[i]);
    return all;
}
