/*
 * live.c: --watch: the table of a process, and what has changed since the last look, again and again.
 *
 * Two looks are kept, the last one and the one before; what has changed is found as --diff finds it. Changes stay on the
 * screen, the newest first, up to a bound.
 */
#include <stdlib.h>
#include <string.h>

#include "changes.h"
#include "clock.h"
#include "filter.h"
#include "kept.h"
#include "screen.h"
#include "table.h"

enum { MOST_CHANGES = 200, MOST_HISTORY = 1 << 18 };

struct look {
    struct maps_head head;
    struct maps_kept kept;
    struct maps_totals totals;
};

struct live {
    const struct maps_wanted *wanted;
    pid_t pid;
    struct look now, before;
    bool changed; /* there are two looks */
    char *history;
    int scroll;
    bool held;
    struct maps_screen screen;
};

/* --- looking --- */

static bool take(struct look *look, struct maps_stream *stream, struct maps_why *why)
{
    struct maps_region region;

    *look = (struct look){.head = stream->head};
    if (!maps_kept_all(&look->kept, stream, why)) {
        maps_kept_free(&look->kept);
        return false;
    }
    for (size_t i = 0; i < look->kept.count; i++) {
        region = maps_kept_at(&look->kept, i);
        maps_totals_add(&look->totals, &region);
    }
    return true;
}

static bool look_again(struct live *l, struct maps_why *why)
{
    struct maps_stream *stream = maps_open_process(l->pid, why);
    struct look look;
    bool taken;

    if (stream == NULL || (stream = maps_filter(stream, l->wanted)) == NULL)
        return false;
    taken = take(&look, stream, why);
    maps_close(stream);
    if (!taken)
        return false;
    maps_kept_free(&l->before.kept);
    l->before = l->now;
    l->now = look;
    l->changed = true;
    return true;
}

/* --- what has changed --- */

static int print_changes(struct live *l, const struct maps_wanted *wanted, FILE *out)
{
    struct maps_kept_stream streams[2];
    struct maps_diff *diff;
    struct maps_change change;
    struct maps_sheet sheet;
    struct maps_why why;
    int count = 0;

    maps_kept_stream(&streams[0], &l->before.kept);
    maps_kept_stream(&streams[1], &l->now.kept);
    diff = maps_diff_open(&streams[0].stream, &streams[1].stream);
    maps_changes_begin(&sheet, wanted, out);
    while (diff != NULL && maps_diff_next(diff, &change, &why) > 0)
        if (++count <= MOST_CHANGES)
            maps_changes_row(&sheet, &change);
    maps_diff_close(diff);
    if (count > MOST_CHANGES)
        fprintf(out, "and %d more\n", count - MOST_CHANGES);
    return count;
}

/* Puts what is new above what there was, and forgets the end of that. */
static void remember(struct live *l, const struct maps_wanted *wanted)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    int count;

    if (out == NULL)
        return;
    fprintf(out, "%s\n", l->now.head.taken);
    count = print_changes(l, wanted, out);
    if (l->history != NULL)
        fprintf(out, "\n%.*s", MOST_HISTORY, l->history);
    fclose(out);
    if (count == 0) {
        free(text);
        return;
    }
    free(l->history);
    l->history = text;
}

/* --- the screen --- */

static int lines_of(const char *text)
{
    int lines = 0;

    for (; *text != 0; text++)
        lines += *text == '\n';
    return lines;
}

/* The table, and its number of lines; the caller frees it. */
static char *make_text(const struct live *l, const struct maps_wanted *wanted, int *fixed)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    if (out == NULL)
        return NULL;
    maps_table_title(&l->now.head, wanted, out);
    maps_table(&l->now.totals, wanted, out);
    maps_table_notes(&l->now.head, &l->now.totals, wanted, out);
    fprintf(out, "%s\n", l->held ? "held; space: go on, q: end" : "");
    fflush(out);
    *fixed = lines_of(text);
    fputs(l->history == NULL ? "nothing has changed yet; space: hold, q: end\n" : l->history, out);
    fclose(out);
    return text;
}

static void draw(struct live *l, bool new_look)
{
    struct maps_wanted wanted = *l->wanted;
    char *text;
    int fixed = 0;

    wanted.width = maps_screen_width();
    wanted.wide = 0;
    if (new_look && l->changed)
        remember(l, &wanted);
    text = make_text(l, &wanted, &fixed);
    if (text != NULL)
        maps_screen_draw(&l->screen, text, fixed, fixed + l->scroll, fixed, new_look);
    free(text);
}

static void obey(struct live *l, int key)
{
    if (key == ' ')
        l->held = !l->held;
    l->scroll = maps_key_scrolls(key, l->scroll, l->history == NULL ? 0 : lines_of(l->history));
}

/* Keys until it is time for the next look. False: that is all. */
static bool wait_keys(struct live *l)
{
    uint64_t due = maps_clock_milliseconds() + (uint64_t)(l->wanted->seconds * 1000);

    for (;;) {
        uint64_t now = maps_clock_milliseconds();
        int key;

        if (now >= due && !l->held)
            return true;
        key = maps_screen_key(l->held ? 1000 : (int)(due - now));
        if (maps_key_ends(key))
            return false;
        obey(l, key);
        if (key != MAPS_KEY_NONE)
            draw(l, false);
    }
}

static bool run(struct live *l, struct maps_why *why)
{
    bool good = true;

    if (!maps_screen_begin(&l->screen, why))
        return false;
    do
        draw(l, true);
    while (wait_keys(l) && (good = look_again(l, why)));
    maps_screen_end(&l->screen);
    return good;
}

bool maps_show_live(struct maps_stream *const *streams, int count, const struct maps_wanted *wanted,
                    FILE *out, struct maps_why *why)
{
    struct live l = {.wanted = wanted, .pid = streams[0]->head.pid};
    bool good;

    (void)count;
    (void)out;
    if (!streams[0]->live)
        return maps_say(why, "a saved file does not change: only a process can be watched");
    good = take(&l.now, streams[0], why) && run(&l, why);
    maps_kept_free(&l.now.kept);
    maps_kept_free(&l.before.kept);
    free(l.history);
    return good;
}
