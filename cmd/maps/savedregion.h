/* savedregion.h: a region from a line of a saved file. */
#ifndef MAPS_SAVEDREGION_H
#define MAPS_SAVEDREGION_H

#include "members.h"

/* It must not begin below `from`. Its strings live as long as the object. */
bool maps_take_region(const struct maps_members *m, const struct maps_head *head, uint64_t from,
                      struct maps_region *out);

#endif
