/*
 * top.c: --top: all processes that may be looked into, those with most memory first.
 *
 * Each of them is walked as a whole, which is the only way to know what is reserved and what is committed. On a terminal that
 * is done again and again; otherwise once, so that it can be put into a file.
 */
#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "screen.h"
#include "sheet.h"
#include "table.h"
#include "text.h"

struct row {
    struct maps_head head;
    struct maps_sum sum;
};

struct top {
    const struct maps_wanted *wanted;
    struct row *rows;
    size_t count, room, closed; /* closed: those that may not be looked into */
    char order;                 /* the key that chose it */
    int scroll;
    struct maps_screen screen;
};

/* --- looking --- */

static struct row *new_row(struct top *t)
{
    if (t->count == t->room) {
        size_t room = t->room == 0 ? 64 : 2 * t->room;
        struct row *rows = realloc(t->rows, room * sizeof *rows);

        if (rows == NULL)
            return NULL;
        t->rows = rows;
        t->room = room;
    }
    return &t->rows[t->count];
}

/* One that ends meanwhile is left out; so are the kernel's own threads, which have no memory. */
static void add_process(struct top *t, pid_t pid)
{
    struct maps_why why;
    struct maps_stream *stream = maps_open_process(pid, &why);
    struct row *row = stream == NULL ? NULL : new_row(t);
    struct maps_totals totals = {0};
    struct maps_region region;
    int more = -1;

    t->closed += stream == NULL && why.denied;
    while (row != NULL && (more = maps_next(stream, &region)) > 0)
        maps_totals_add(&totals, &region);
    if (more == 0) {
        *row = (struct row){.head = stream->head, .sum = maps_totals_all(&totals)};
        t->count++;
    }
    maps_close(stream);
}

static bool look(struct top *t, struct maps_why *why)
{
    DIR *processes = opendir("/proc");
    const struct dirent *entry;

    if (processes == NULL)
        return maps_say(why, "/proc cannot be read");
    t->count = t->closed = 0;
    while ((entry = readdir(processes)) != NULL)
        if (*entry->d_name >= '1' && *entry->d_name <= '9')
            add_process(t, (pid_t)strtol(entry->d_name, NULL, 10));
    closedir(processes);
    return true;
}

/* --- order --- */

static const struct {
    char key;
    size_t member; /* of a sum; 0 where there is none: size is the first member, and has no key */
} orders[] = {
    {'c', offsetof(struct maps_sum, committed)},
    {'r', offsetof(struct maps_sum, resident)},
    {'p', offsetof(struct maps_sum, private)},
    {'m', 0},
    {'n', 0},
};

enum { ORDERS = sizeof orders / sizeof orders[0] };

static int compare(const void *left, const void *right, void *context)
{
    const struct row *a = left, *b = right;
    char order = *(const char *)context;
    uint64_t one = a->head.mappings, other = b->head.mappings;

    if (order == 'n')
        return strcmp(a->head.name, b->head.name) != 0 ? strcmp(a->head.name, b->head.name)
                                                       : a->head.pid - b->head.pid;
    for (int i = 0; i < ORDERS; i++)
        if (orders[i].key == order && orders[i].member != 0) {
            one = *(const uint64_t *)((const char *)&a->sum + orders[i].member);
            other = *(const uint64_t *)((const char *)&b->sum + orders[i].member);
        }
    return one != other ? (one < other ? 1 : -1) : a->head.pid - b->head.pid;
}

static bool is_order(int key)
{
    for (int i = 0; i < ORDERS; i++)
        if (orders[i].key == key)
            return true;
    return false;
}

/* --- the table --- */

static const struct maps_column columns[] = {
    {"pid", 8, 0},     {"size", 7, 3},     {"committed", 9, 1}, {"resident", 8, 2},
    {"private", 7, 4}, {"shared", 7, 6},   {"lazy", 7, 9},      {"swapped", 7, 8},
    {"blocks", 8, 7},  {"mappings", 8, 5}, {"winmem", -6, 10},  {"name", 0, 0},
};

enum { COLUMNS = sizeof columns / sizeof columns[0] };

static const char *amount(uint64_t bytes, char out[MAPS_AMOUNT])
{
    return bytes == 0 ? "-" : maps_amount(bytes, out);
}

static void print_row(struct maps_sheet *sheet, const struct row *r)
{
    char pid[16], amounts[7][MAPS_AMOUNT], blocks[24], mappings[24], name[4 * sizeof r->head.name];
    const struct maps_sum *s = &r->sum;

    snprintf(pid, sizeof pid, "%d", (int)r->head.pid);
    snprintf(blocks, sizeof blocks, "%" PRIu64, s->blocks);
    snprintf(mappings, sizeof mappings, "%" PRIu64, r->head.mappings);
    maps_shown(r->head.name, name, sizeof name);
    maps_sheet_row(
        sheet, (const char *const[COLUMNS]){pid, amount(s->bytes, amounts[0]),
                                            amount(s->committed, amounts[1]), amount(s->resident, amounts[2]),
                                            amount(s->private, amounts[3]), amount(s->shared, amounts[4]),
                                            amount(s->lazy, amounts[5]), amount(s->swapped, amounts[6]),
                                            blocks, mappings, r->head.book ? "yes" : "", name});
}

/* Two lines, which stay, and then the processes. */
static void print(struct top *t, int width, FILE *out)
{
    char line[160];
    struct maps_sheet sheet;

    if (t->count > 1)
        qsort_r(t->rows, t->count, sizeof *t->rows, compare, &t->order);
    snprintf(line, sizeof line, "%zu processes; %zu others cannot be looked into", t->count, t->closed);
    maps_cut(line, width == 0 ? (int)sizeof line : width, out);
    fputc('\n', out);
    maps_sheet_begin(&sheet, columns, COLUMNS, width, t->wanted->wide, out);
    for (size_t i = 0; i < t->count; i++)
        print_row(&sheet, &t->rows[i]);
}

/* --- again and again --- */

static void draw(struct top *t, bool kept)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    if (out == NULL)
        return;
    print(t, maps_screen_width(), out);
    fclose(out);
    maps_screen_draw(&t->screen, text, 2, 2 + t->scroll, INT32_MAX, kept);
    free(text);
}

static void obey(struct top *t, int key)
{
    if (is_order(key))
        t->order = (char)key;
    t->scroll = maps_key_scrolls(key, t->scroll, (int)t->count);
}

static bool wait_keys(struct top *t)
{
    uint64_t due = maps_clock_milliseconds() + (uint64_t)(t->wanted->seconds * 1000), now;

    while ((now = maps_clock_milliseconds()) < due) {
        int key = maps_screen_key((int)(due - now));

        if (maps_key_ends(key))
            return false;
        obey(t, key);
        if (key != MAPS_KEY_NONE)
            draw(t, false);
    }
    return true;
}

static bool run(struct top *t, struct maps_why *why)
{
    bool good;

    if (!maps_screen_begin(&t->screen, why))
        return false;
    while ((good = look(t, why))) {
        draw(t, true);
        if (!wait_keys(t))
            break;
    }
    maps_screen_end(&t->screen);
    return good;
}

bool maps_show_top(struct maps_stream *const *streams, int count, const struct maps_wanted *wanted, FILE *out,
                   struct maps_why *why)
{
    struct top t = {.wanted = wanted, .order = 'c'};
    bool good;

    (void)streams;
    (void)count;
    if (isatty(STDOUT_FILENO) && isatty(STDIN_FILENO))
        good = run(&t, why);
    else if ((good = look(&t, why)))
        print(&t, wanted->width, out);
    free(t.rows);
    return good;
}
