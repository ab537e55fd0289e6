/* views.c: the table of views (view.h). */
#include "browser.h"

const struct maps_view maps_views[] = {
    {NULL, NULL, MAPS_NOTHING, 1, 1, maps_show_report},
    {"json", "lines of JSON, one for each region", MAPS_NOTHING, 1, 1, maps_show_json},
    {"csv", "comma-separated values, one line for each region", MAPS_NOTHING, 1, 1, maps_show_csv},
    {"diff", "what has changed from one to the other", MAPS_NOTHING, 2, 2, maps_show_diff},
    {"save", "save all there is to see, to be looked at later", MAPS_FILE, 1, 1, maps_show_json},
    {"html", "a page for a browser; of two, what has changed", MAPS_FILE, 1, 2, maps_show_html},
    {"watch", "again and again, with what has changed", MAPS_SECONDS, 1, 1, maps_show_live},
    {"top", "all processes, again and again", MAPS_SECONDS, 0, 0, maps_show_top},
    {"svg", "a picture of the address space", MAPS_FILE, 1, 1, maps_show_svg},
};

const int maps_view_count = sizeof maps_views / sizeof maps_views[0];
