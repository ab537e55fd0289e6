/* screen.c: text on a terminal, by ncurses (screen.h). */
#include "screen.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool maps_screen_begin(struct maps_screen *s, struct maps_why *why)
{
    const char *kind = getenv("TERM");

    *s = (struct maps_screen){0};
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return maps_say(why, "this needs a terminal, to read from and to write to");
    s->terminal = newterm(NULL, stdout, stdin);
    if (s->terminal == NULL)
        return maps_say(why, "this terminal is not known: TERM is %.64s", kind == NULL ? "not set" : kind);
    cbreak();
    noecho();
    keypad(stdscr, TRUE);
    curs_set(0);
    return true;
}

void maps_screen_end(struct maps_screen *s)
{
    if (s->terminal == NULL)
        return;
    endwin();
    delscreen(s->terminal);
    free(s->before);
    *s = (struct maps_screen){0};
}

int maps_screen_width(void)
{
    return COLS;
}

/* --- lines --- */

struct line {
    const char *text;
    size_t length;
};

static bool next_line(const char **at, struct line *out)
{
    if (**at == 0)
        return false;
    *out = (struct line){*at, strcspn(*at, "\n")};
    *at += out->length + ((*at)[out->length] == '\n');
    return true;
}

static size_t first_word(const struct line *line)
{
    size_t begin = 0;

    while (begin < line->length && line->text[begin] == ' ')
        begin++;
    while (begin < line->length && line->text[begin] != ' ')
        begin++;
    return begin;
}

static bool find_before(const struct maps_screen *s, const struct line *line, struct line *out)
{
    size_t word = first_word(line);
    const char *at = s->before;

    while (next_line(&at, out))
        if (first_word(out) == word && memcmp(out->text, line->text, word) == 0)
            return true;
    return false;
}

static bool differs(const struct line *a, const struct line *b, size_t from, size_t to)
{
    return to > a->length || to > b->length || memcmp(a->text + from, b->text + from, to - from) != 0;
}

/* Word by word, each with the spaces before it. */
static void add_compared(const struct line *line, const struct line *before)
{
    for (size_t at = 0, end; at < line->length; at = end) {
        size_t spaces = strspn(line->text + at, " ");

        end = at + spaces;
        addnstr(line->text + at, (int)spaces);
        at = end;
        while (end < line->length && line->text[end] != ' ')
            end++;
        attrset(differs(line, before, at, end) ? A_REVERSE : A_NORMAL);
        addnstr(line->text + at, (int)(end - at));
        attrset(A_NORMAL);
    }
}

static void add_line(const struct maps_screen *s, const struct line *line, bool compared)
{
    struct line before;

    if (!compared || s->before == NULL || line->length == 0) {
        addnstr(line->text, (int)line->length);
        return;
    }
    if (find_before(s, line, &before)) {
        add_compared(line, &before);
        return;
    }
    attrset(A_BOLD);
    addnstr(line->text, (int)line->length);
    attrset(A_NORMAL);
}

void maps_screen_draw(struct maps_screen *s, const char *text, int fixed, int from, int compared, bool kept)
{
    const char *at = text;
    struct line line;
    int row = 0;

    erase();
    for (int number = 0; row < LINES && next_line(&at, &line); number++)
        if (number < fixed || number >= from) {
            move(row++, 0);
            add_line(s, &line, number < compared);
        }
    refresh();
    if (kept) {
        free(s->before);
        s->before = strdup(text);
    }
}

/* --- keys --- */

int maps_screen_key(int milliseconds)
{
    int key;

    timeout(milliseconds);
    key = getch();
    switch (key) {
    case ERR: return MAPS_KEY_NONE;
    case KEY_UP: return MAPS_KEY_UP;
    case KEY_DOWN: return MAPS_KEY_DOWN;
    case KEY_PPAGE: return MAPS_KEY_PAGE_UP;
    case KEY_NPAGE: return MAPS_KEY_PAGE_DOWN;
    case KEY_RESIZE: return MAPS_KEY_SIZE;
    default: return key;
    }
}

bool maps_key_ends(int key)
{
    enum { ESCAPE = 27 };

    return key == 'q' || key == 'Q' || key == ESCAPE;
}

int maps_key_scrolls(int key, int from, int most)
{
    int to = from + (key == MAPS_KEY_UP          ? -1
                     : key == MAPS_KEY_DOWN      ? 1
                     : key == MAPS_KEY_PAGE_UP   ? -10
                     : key == MAPS_KEY_PAGE_DOWN ? 10
                                                 : 0);

    return to < 0 ? 0 : to > most ? most : to;
}
