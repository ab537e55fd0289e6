/* list.h: regions, a line each. */
#ifndef MAPS_LIST_H
#define MAPS_LIST_H

#include "sheet.h"
#include "view.h"

void maps_list_begin(struct maps_sheet *sheet, const struct maps_wanted *wanted, FILE *out);
void maps_list_region(struct maps_sheet *sheet, const struct maps_region *region);

#endif
