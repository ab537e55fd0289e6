/* main.c: winmem-maps: a process's memory as VirtualQueryEx sees it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
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

static int save(struct maps_stream *stream, const char *path)
{
    struct maps_output out;
    struct maps_why why;
    bool all;

    if (!maps_output_open(&out, path, &why))
        return fail(&why);
    all = maps_json(stream, out.file);
    if (maps_output_close(&out, all, &why))
        return MAPS_DONE;
    return fail(all ? &why : &stream->why);
}

static int print(struct maps_stream *stream)
{
    if (!maps_json(stream, stdout))
        return fail(&stream->why);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return MAPS_DONE;
    fprintf(stderr, "winmem-maps: what was asked for cannot be written: %s\n", strerror(errno));
    return MAPS_CANNOT;
}

int main(int argc, char **argv)
{
    struct maps_options options;
    struct maps_stream *stream;
    struct maps_why why;
    int result = maps_options_read(&options, argc, argv);

    if (result >= 0)
        return result;
    stream = open_either(options.what, &why);
    if (stream == NULL)
        return fail(&why);
    result = options.save != NULL ? save(stream, options.save) : print(stream);
    maps_close(stream);
    return result;
}
