/*
 * winmem_features.c: the command: its options, and its exit status.
 *
 *   0   all was told, and what was named is in use
 *   1   a feature that was named is not in use
 *   2   wrong use: an option or a feature that is not known
 *   3   the report could not be written
 */
#include <stdio.h>

#include <popt.h>
#include <winmem.h>

#include "features/report.h"

static struct wanted {
    int json, at_length, version;
} wanted;

static const struct poptOption options[] = {
    {"json", 'j', POPT_ARG_NONE, &wanted.json, 0, "print JSON, for programs", NULL},
    {"long", 'l', POPT_ARG_NONE, &wanted.at_length, 0,
     "tell of those in use, too, what would be used instead", NULL},
    {"version", 'V', POPT_ARG_NONE, &wanted.version, 0, "print the version", NULL},
    POPT_AUTOHELP POPT_TABLEEND};

static int wrong_use(const char *what, const char *why)
{
    fprintf(stderr, "winmem-features: %s: %s\nTry winmem-features --help.\n", what, why);
    return REPORT_WRONG_USE;
}

static int report(const char **names)
{
    struct report_wish wish = {.names = names, .at_length = wanted.at_length};

    for (const char **name = names; name != NULL && *name != NULL; name++)
        if (feature_named(*name) == NULL)
            return wrong_use(*name, "there is no such feature");
    return wanted.json ? report_json(&wish) : report_text(&wish);
}

static int run(poptContext context)
{
    int result = poptGetNextOpt(context), status;

    if (result < -1)
        return wrong_use(poptBadOption(context, POPT_BADOPTION_NOALIAS), poptStrerror(result));
    if (wanted.version) {
        printf("winmem-features %s\n", WinmemVersion());
        status = REPORT_TOLD;
    } else
        status = report(poptGetArgs(context));
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("winmem-features: the report could not be written");
        return REPORT_NOT_WRITTEN;
    }
    return status;
}

int main(int argc, char **argv)
{
    poptContext context = poptGetContext("winmem-features", argc, (const char **)argv, options, 0);
    int status;

    poptSetOtherOptionHelp(context,
                           "[OPTION...] [FEATURE...]\n\nWhat this kernel and container allow, what is used "
                           "instead, and what it costs.\n");
    status = run(context);
    poptFreeContext(context);
    return status;
}
