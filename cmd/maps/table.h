/* table.h: the table by type, and what is said below it. */
#ifndef MAPS_TABLE_H
#define MAPS_TABLE_H

#include "totals.h"
#include "view.h"

void maps_table(const struct maps_totals *totals, const struct maps_wanted *wanted, FILE *out);

/* Before the table: which process, and when. */
void maps_table_title(const struct maps_head *head, const struct maps_wanted *wanted, FILE *out);

/* After it: the largest free block, mappings, and the machine's commitment. */
void maps_table_notes(const struct maps_head *head, const struct maps_totals *totals,
                      const struct maps_wanted *wanted, FILE *out);

#endif
