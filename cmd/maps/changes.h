/* changes.h: changes, a line each (diff.h finds them). */
#ifndef MAPS_CHANGES_H
#define MAPS_CHANGES_H

#include "diff.h"
#include "sheet.h"
#include "view.h"

void maps_changes_begin(struct maps_sheet *sheet, const struct maps_wanted *wanted, FILE *out);
void maps_changes_row(struct maps_sheet *sheet, const struct maps_change *change);

#endif
