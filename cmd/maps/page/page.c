/*
 * page.c: the view --html.
 *
 * The page is made beforehand, by assemble.cmake, and lies in this program in two parts; saved files go between them, each
 * an element whose text nobody runs. Such an element ends at the first "</script", and "<!--" means something in it too.
 * JSON has "<" in strings only, where it can be written as a number: then there is no "<" in the element at all, and
 * whatever a file is called, it stays text. The page's script reads the element as text and shows it as text.
 */
#include "browser.h"

#include <string.h>

#include "json.h"

extern const char maps_page_front[], maps_page_front_end[], maps_page_back[], maps_page_back_end[];

/* Of fopencookie: all of it, or an error. */
static ssize_t write_guarded(void *cookie, const char *text, size_t size)
{
    FILE *out = cookie;
    const char *end = text + size;

    while (text < end && !ferror(out)) {
        const char *sign = memchr(text, '<', (size_t)(end - text));
        size_t plain = (size_t)((sign != NULL ? sign : end) - text);

        fwrite(text, 1, plain, out);
        if (sign != NULL)
            fputs("\\u003c", out);
        text += plain + (sign != NULL);
    }
    return ferror(out) ? 0 : (ssize_t)size;
}

static bool put_saved(struct maps_stream *stream, FILE *out, struct maps_why *why)
{
    FILE *guarded = fopencookie(out, "w", (cookie_io_functions_t){.write = write_guarded});
    bool all;

    if (guarded == NULL)
        return maps_say(why, "there is no memory for the page");
    fputs("<script type=\"application/x-ndjson\">\n", out);
    all = maps_json(stream, guarded);
    fclose(guarded); /* where it failed, out has failed */
    fputs("</script>\n", out);
    if (!all)
        *why = stream->why;
    return all;
}

/* The assembler's labels (parts.S): objects of their own to a C compiler, which may not subtract them. */
static void put_part(const char *start, const char *end, FILE *out)
{
    fwrite(start, 1, (uintptr_t)end - (uintptr_t)start, out);
}

/* Two: the first one is what the page compares the other with. */
MAPS_VIEW(maps_show_html)
{
    bool all = true;

    (void)wanted;
    put_part(maps_page_front, maps_page_front_end, out);
    for (int i = 0; i < count && all; i++)
        all = put_saved(streams[i], out, why);
    put_part(maps_page_back, maps_page_back_end, out);
    return all;
}
