/* views.c: the table of views (view.h). */
#include "browser.h"

const struct maps_view maps_views[] = {
    {NULL, NULL, false, 1, 1, maps_show_report},
    {"json", "lines of JSON, one for each region", false, 1, 1, maps_show_json},
    {"csv", "comma-separated values, one line for each region", false, 1, 1, maps_show_csv},
    {"diff", "what has changed from one to the other", false, 2, 2, maps_show_diff},
    {"save", "save all there is to see, to be looked at later", true, 1, 1, maps_show_json},
    {"html", "a page for a browser; of two, what has changed", true, 1, 2, maps_show_html},
    {"svg", "a picture of the address space", true, 1, 1, maps_show_svg},
};

const int maps_view_count = sizeof maps_views / sizeof maps_views[0];
