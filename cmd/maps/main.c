/* main.c: winmem-maps: a process's memory as VirtualQueryEx sees it. */
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "filter.h"
#include "options.h"
#include "output.h"

static int fail(const struct maps_why *why)
{
    fprintf(stderr, "winmem-maps: %s\n", why->text);
    return MAPS_CANNOT;
}

/* Digits alone are a process; a file of such a name is ./1234. */
static struct maps_stream *open_either(const char *what, struct maps_why *why)
{
    unsigned long number;

    if (*what == 0 || strspn(what, "0123456789") != strlen(what))
        return maps_open_saved(what, why);
    errno = 0;
    number = strtoul(what, NULL, 10);
    if (errno == 0 && number > 0 && number <= INT32_MAX)
        return maps_open_process((pid_t)number, why);
    maps_say(why, "there is no process %.32s", what);
    return NULL;
}

static struct maps_stream *open_wanted(const struct maps_options *options, int i, struct maps_why *why)
{
    struct maps_stream *stream = open_either(options->what[i], why);

    if (stream != NULL && (stream = maps_filter(stream, &options->wanted)) == NULL)
        maps_say(why, "no memory is left");
    return stream;
}

static bool show_in_file(const struct maps_options *o, struct maps_stream *const *streams,
                         struct maps_why *why)
{
    struct maps_output out;
    struct maps_why other;
    bool all;

    if (!maps_output_open(&out, o->path, why))
        return false;
    all = o->view->show(streams, o->count, &o->wanted, out.file, why);
    return maps_output_close(&out, all, all ? why : &other);
}

static bool show(const struct maps_options *o, struct maps_stream *const *streams, struct maps_why *why)
{
    bool all;

    if (o->path != NULL)
        return show_in_file(o, streams, why);
    all = o->view->show(streams, o->count, &o->wanted, stdout, why);
    if (fflush(stdout) != 0 || ferror(stdout))
        return maps_say(why, "what was asked for cannot be written: %s", strerror(errno));
    return all;
}

static int run(const struct maps_options *options)
{
    struct maps_stream *streams[MAPS_MOST_STREAMS] = {NULL};
    struct maps_why why;
    bool good = true;

    for (int i = 0; i < options->count && good; i++) {
        streams[i] = open_wanted(options, i, &why);
        good = streams[i] != NULL;
    }
    good = good && show(options, streams, &why);
    for (int i = 0; i < options->count; i++)
        maps_close(streams[i]);
    return good ? MAPS_DONE : fail(&why);
}

int main(int argc, char **argv)
{
    struct maps_options options;
    int result;

    setlocale(LC_CTYPE, "");
    result = maps_options_read(&options, argc, argv);
    if (result < 0)
        result = run(&options);
    maps_options_free(&options);
    return result;
}
