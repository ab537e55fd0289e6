/*
 * options.c: reading the command line, by popt (options.h).
 *
 * The views' options are the rows of their table, so that popt and the table cannot disagree.
 */
#include "options.h"

#include <errno.h>
#include <popt.h>
#include <stdlib.h>
#include <string.h>

#include "kept.h"
#include "sheet.h"

enum { VERSION = 1, SORT, TYPE, ADDRESS, WIDE, FIRST_VIEW = 100, MOST_OPTIONS = 32 };

static int complain(const char *about, const char *what)
{
    fprintf(stderr, "winmem-maps: %s%s%s\nwinmem-maps --help tells more.\n", about, *about ? ": " : "", what);
    return MAPS_USAGE;
}

/* --- values --- */

static int read_types(struct maps_options *out, char *list)
{
    for (char *rest, *word = strtok_r(list, ",", &rest); word != NULL; word = strtok_r(NULL, ",", &rest)) {
        int row = maps_row_of_word(word);

        if (row < 0)
            return complain(
                word, "no such type; there are image, private, mapped, heap, stack, placeholder, guard, "
                      "slack, free");
        out->wanted.types |= (uint64_t)1 << row;
    }
    return out->wanted.types != 0 ? -1 : complain("--type", "no type");
}

static bool read_address(const char *text, const char **end, uint64_t *out)
{
    char *behind;

    errno = 0;
    *out = strtoull(text, &behind, 16);
    *end = behind;
    return errno == 0 && behind != text && *text != '-' && *text != '+' && *text != ' ';
}

/* ADDR: the region that holds it. ADDR-ADDR: all that have some of it; the second one is not among it any more. */
static int read_range(struct maps_options *out, const char *text)
{
    struct maps_wanted *w = &out->wanted;
    const char *end;
    bool good = read_address(text, &end, &w->first);

    w->last = w->first;
    if (good && *end == '-') {
        good = read_address(end + 1, &end, &w->last) && w->last > w->first;
        w->last--;
    }
    return good && *end == 0 ? -1
                             : complain(text, "no address, as 0x7f0000000000 or 7f0000000000-7f0000010000");
}

static int read_sort(struct maps_options *out, const char *key)
{
    char what[256];

    out->wanted.sort = key;
    if (maps_sort_is_key(key))
        return -1;
    snprintf(what, sizeof what, "no such order; there are %s", maps_sort_keys());
    return complain(key, what);
}

/* Of --watch 1234 nobody knows yet whether that is a time or a process: if nothing else is one, it is (read_streams). */
static int read_view(struct maps_options *out, int number, char *value)
{
    if (out->view->option != NULL)
        return complain("", "one view at a time");
    out->view = &maps_views[number];
    if (out->view->argument == MAPS_SECONDS)
        out->seconds = value;
    else
        out->path = value;
    return -1;
}

static int read_seconds(struct maps_options *out)
{
    char *end;

    out->wanted.seconds = out->view->least == 0 ? 3 : 1;
    if (out->seconds == NULL)
        return -1;
    out->wanted.seconds = strtod(out->seconds, &end);
    if (*end == 0 && end != out->seconds && out->wanted.seconds >= 0.1 && out->wanted.seconds <= 3600)
        return -1;
    return complain(out->seconds, "no number of seconds from 0.1 to 3600");
}

static int read_version(void)
{
    puts("winmem-maps " MAPS_VERSION);
    return MAPS_DONE;
}

static int read_one(struct maps_options *out, int option, char *value)
{
    switch (option) {
    case VERSION: return read_version();
    case SORT: return read_sort(out, value);
    case TYPE: return read_types(out, value);
    case ADDRESS: return read_range(out, value);
    case WIDE: out->wanted.wide = 1; return -1;
    default: return read_view(out, option - FIRST_VIEW, value);
    }
}

/* --- all of it --- */

/* Of more words than anybody needs the rest is not given back. */
static char *own(struct maps_options *out, char *word)
{
    if (word != NULL && out->owned_count < MAPS_MOST_WORDS)
        out->owned[out->owned_count++] = word;
    return word;
}

void maps_options_free(struct maps_options *options)
{
    while (options->owned_count > 0)
        free(options->owned[--options->owned_count]);
}

static int read_streams(poptContext context, struct maps_options *out)
{
    const char *what;

    while ((what = poptGetArg(context)) != NULL) {
        if (out->count == MAPS_MOST_STREAMS)
            return complain(what, "too many processes or files");
        out->what[out->count++] = own(out, strdup(what));
    }
    if (out->count < out->view->least && out->seconds != NULL) {
        out->what[out->count++] = out->seconds;
        out->seconds = NULL;
    }
    if (out->count < out->view->least)
        return complain("",
                        out->view->least == 1
                            ? "which process? Give its PID, or a file that --save has made"
                            : "which two are to be compared? Give two files that --save has made, or PIDs");
    if (out->count > out->view->most)
        return complain(out->what[out->view->most],
                        out->view->most == 0 ? "all processes are shown" : "one process or file at a time");
    return read_seconds(out);
}

static int read_all(poptContext context, struct maps_options *out)
{
    int found, result;

    while ((found = poptGetNextOpt(context)) > 0)
        if ((result = read_one(out, found, own(out, poptGetOptArg(context)))) >= 0)
            return result;
    if (found < -1)
        return complain(poptBadOption(context, POPT_BADOPTION_NOALIAS), poptStrerror(found));
    return read_streams(context, out);
}

static struct poptOption option_of(int view)
{
    static const struct {
        unsigned kind;
        const char *what;
    } arguments[] = {
        [MAPS_NOTHING] = {POPT_ARG_NONE, NULL},
        [MAPS_FILE] = {POPT_ARG_STRING, "FILE"},
        [MAPS_SECONDS] = {POPT_ARG_STRING | POPT_ARGFLAG_OPTIONAL, "SECONDS"},
    };
    const struct maps_view *v = &maps_views[view];

    return (struct poptOption){v->option,         0,       arguments[v->argument].kind, NULL,
                               FIRST_VIEW + view, v->help, arguments[v->argument].what};
}

static int add_views(struct poptOption *to)
{
    int count = 0;

    for (int i = 0; i < maps_view_count; i++)
        if (maps_views[i].option != NULL)
            to[count++] = option_of(i);
    return count;
}

int maps_options_read(struct maps_options *out, int argc, char **argv)
{
    static struct poptOption rest[] = {
        {"sort", 0, POPT_ARG_STRING, NULL, SORT, "order of the regions: address, size, resident, ...", "KEY"},
        {"type", 0, POPT_ARG_STRING, NULL, TYPE, "only these types, as private,guard", "LIST"},
        {"address", 0, POPT_ARG_STRING, NULL, ADDRESS, "only what lies there", "ADDR[-ADDR]"},
        {"wide", 0, POPT_ARG_NONE, NULL, WIDE, "all columns, however wide the terminal is", NULL},
        {"version", 0, POPT_ARG_NONE, NULL, VERSION, "print the version", NULL},
        POPT_AUTOHELP POPT_TABLEEND,
    };
    struct poptOption options[MOST_OPTIONS] = {{0}};
    poptContext context;
    int result;

    memcpy(options + add_views(options), rest, sizeof rest);
    context = poptGetContext("winmem-maps", argc, (const char **)argv, options, 0);
    *out = (struct maps_options){.view = &maps_views[0], .wanted.last = UINT64_MAX};
    poptSetOtherOptionHelp(context, "[OPTION...] PID|FILE\n       winmem-maps --diff PID|FILE PID|FILE");
    result = read_all(context, out);
    out->wanted.width = out->wanted.wide || out->path != NULL ? 0 : maps_width_of(stdout);
    poptFreeContext(context);
    return result;
}
