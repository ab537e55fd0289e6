/* browser.h: the views that browsers show, for the table of views. */
#ifndef MAPS_BROWSER_H
#define MAPS_BROWSER_H

#include "view.h"

MAPS_VIEW(
    maps_show_html); /* a page, all in one file, that asks no network for anything; of two streams the comparison */
MAPS_VIEW(maps_show_svg); /* the picture alone */

#endif
