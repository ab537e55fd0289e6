/*
 * totals.h: sums by type, which tables are made of.
 *
 * A guard is a type of its own here, whatever it guards. A sum of sums is a sum: what is free is in no total.
 */
#ifndef MAPS_TOTALS_H
#define MAPS_TOTALS_H

#include "model.h"

struct maps_sum {
    uint64_t bytes, committed, resident, private, shared, locked, lazy, swapped, blocks, largest;
};

struct maps_totals {
    struct maps_sum rows[MAPS_ROWS];
    uint64_t largest_free; /* where the largest free block is */
};

void maps_totals_add(struct maps_totals *totals, const struct maps_region *region);

/* Of all that is not free, slack included as it is of no use. */
struct maps_sum maps_totals_all(const struct maps_totals *totals);

/* The order in which people see the rows; MAPS_ROWS of them. */
extern const int maps_rows_shown[];

#endif
