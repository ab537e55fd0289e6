/* options.c: reading the command line, by popt (options.h). */
#include "options.h"

#include <popt.h>
#include <stdio.h>
#include <string.h>

enum { VERSION = 1 };

static int complain(const char *about, const char *what)
{
    fprintf(stderr, "winmem-maps: %s%s%s\nwinmem-maps --help tells more.\n", about, *about ? ": " : "", what);
    return MAPS_USAGE;
}

static int read_all(poptContext context, struct maps_options *out)
{
    int found;

    while ((found = poptGetNextOpt(context)) > 0)
        if (found == VERSION) {
            puts("winmem-maps " MAPS_VERSION);
            return MAPS_DONE;
        }
    if (found < -1)
        return complain(poptBadOption(context, POPT_BADOPTION_NOALIAS), poptStrerror(found));
    out->what = poptGetArg(context);
    if (out->what == NULL)
        return complain("", "which process? Give its PID, or a file that --save has made");
    if (poptPeekArg(context) != NULL)
        return complain(poptPeekArg(context), "one process or file at a time");
    return -1;
}

int maps_options_read(struct maps_options *out, int argc, char **argv)
{
    struct poptOption options[] = {
        {"json", 0, POPT_ARG_NONE, &out->json, 0, "print lines of JSON", NULL},
        {"save", 0, POPT_ARG_STRING, &out->save, 0, "save all that there is to see", "FILE"},
        {"version", 0, POPT_ARG_NONE, NULL, VERSION, "print the version", NULL},
        POPT_AUTOHELP POPT_TABLEEND,
    };
    poptContext context = poptGetContext("winmem-maps", argc, (const char **)argv, options, 0);
    int result;

    *out = (struct maps_options){0};
    poptSetOtherOptionHelp(context, "[OPTION...] PID|FILE");
    result = read_all(context, out);
    if (out->what != NULL)
        out->what = strdup(out->what);
    poptFreeContext(context);
    return result;
}
