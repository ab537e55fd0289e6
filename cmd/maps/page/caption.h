/* caption.h: what stands around the picture: whose memory it is, and what its colours mean, with sums. */
#ifndef MAPS_CAPTION_H
#define MAPS_CAPTION_H

#include <stdio.h>

#include "overview.h"

enum { MAPS_CAPTION_HEIGHT = 78, MAPS_LEGEND_HEIGHT = 34 }; /* of a row of the legend */

void maps_caption(const struct maps_overview *overview, double x, FILE *out);

enum { MAPS_LEGEND_COLUMNS = 4 };
int maps_legend_rows(const struct maps_overview *overview);
void maps_legend(const struct maps_overview *overview, double x, double y, FILE *out);

#endif
